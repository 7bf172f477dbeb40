"""Baskets: which units of a week go together in one order, and on which day.

How many units a cell sells in a week is decided before (docs/samples.md, equation 1); here they are
only gathered, so that every cell and week keeps its law. Past orders and true future ones
(`true_orders`) are gathered by the same function. The four rules stand in docs/samples.md.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from foreship.samples.randomness import stream
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["BASKETS", "BasketLaw", "WeekOfOrders", "draw_themes", "gather"]

THEME_ITEMS = 4
THEME_UNITS = 4.0  # a week in an average region
THEME_NOISE = 0.5  # standard deviation in the log: themes mix items wanted less and more often
STEPS = 1 << 20  # of the chance where in the week a theme's first round begins; whole numbers
IN_WORDS = (
    "the lines that a region wants in a week stand in a row, theme after theme (themes.parquet) and"
    " round after round, an item once a round; an order asks for n lines with chance"
    " line_share[n - 1] and gets the next n of the row, but none of its last theme's next round"
)


@dataclass(frozen=True)
class BasketLaw:
    """How the units that a region wants in a week become orders; shares sum to 1."""

    line_share: tuple[float, ...] = (0.10, 0.20, 0.20, 0.20, 0.12, 0.10, 0.08)
    """of orders that ask for 1, 2, 3, ... lines"""
    repeat_share: float = 0.15
    """chance that a unit goes into the same line as the one of its cell before"""
    weekday_share: tuple[float, ...] = (0.13, 0.12, 0.12, 0.13, 0.16, 0.20, 0.14)
    """of orders, Monday first"""

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, and in words what they are for."""
        return {**asdict(self), "orders": IN_WORDS}


BASKETS = BasketLaw()


@dataclass(frozen=True)
class WeekOfOrders:
    """Order lines (N) of one week, sorted by weekday, region, order and item.

    **Invariants:** an order has one weekday and region, and each item once.
    """

    weekday: Ints
    """0 is Monday"""
    region: Ints
    item: Ints
    quantity: Ints
    order: Ints
    """number of the order within the week, 0 .. orders - 1, ascending"""
    orders: int


def draw_themes(rate: Floats, seed: int) -> Ints:
    """Give every item a theme, numbered from that of the items wanted most often on.

    Items are walked from the most wanted on, by `rate` [units a week and average region], shape
    (I,), and noise; a theme is full with `THEME_ITEMS` items that sell `THEME_UNITS` together.
    """
    noise = stream(seed, "themes").normal(0.0, THEME_NOISE, len(rate))
    theme = np.empty(len(rate), np.int64)
    number, items, units = 0, 0, 0.0
    for item in np.argsort(-rate * np.exp(noise), kind="stable"):
        theme[item] = number
        items, units = items + 1, units + float(rate[item])
        if items >= THEME_ITEMS and units >= THEME_UNITS:
            number, items, units = number + 1, 0, 0.0
    return theme


def gather(
    region: Ints, item: Ints, units: Ints, theme: Ints, law: BasketLaw, rng: np.random.Generator
) -> WeekOfOrders:
    """Gather what is wanted in one week into orders.

    Parameters
    ----------
    region, item, units
        Cells and their units (at least 1), shape (C,) each, sorted by region and item.
    theme
        Theme of each item, shape (I,).
    """
    cell, quantity = _lines(units, law.repeat_share, rng)
    run = _themes_in_a_row(region, theme[item])[cell]
    turn = _rounds(cell, run, rng)
    row = np.lexsort((rng.random(len(cell)), turn, run))
    cell, quantity, run, turn = cell[row], quantity[row], run[row], turn[row]
    may_not_go_on = _changes(region[cell]) | (_changes(turn) & ~_changes(run))
    order = _cut(may_not_go_on, law.line_share, rng)
    weekday = _weekdays(int(order.max(initial=-1)) + 1, law, rng)
    number = np.empty(len(weekday), np.int64)
    number[np.argsort(weekday, kind="stable")] = np.arange(len(weekday))
    row = np.lexsort((item[cell], number[order]))
    cell, order = cell[row], order[row]
    return WeekOfOrders(
        weekday[order], region[cell], item[cell], quantity[row], number[order], len(weekday)
    )


def _lines(units: Ints, repeat_share: float, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Bundle units of a cell into lines; return the cell and the quantity of each line."""
    cell = np.repeat(np.arange(len(units)), units)
    starts = _changes(cell) | (rng.random(len(cell)) > repeat_share)
    quantity = np.diff(np.append(np.flatnonzero(starts), len(cell)))
    return cell[starts], quantity


def _themes_in_a_row(region: Ints, theme: Ints) -> Ints:
    """Number the themes of all regions one after the other, as far as they occur; shape (C,)."""
    _, run = np.unique(region * (theme.max(initial=0) + 1) + theme, return_inverse=True)
    return run.astype(np.int64)


def _rounds(cell: Ints, run: Ints, rng: np.random.Generator) -> Ints:
    """Spread each cell's lines over the rounds of its theme in that region, shape (N,).

    A theme has R rounds, R the most lines of any of its cells; the j-th of n lines stands in round
    floor((j + u) R / n) with one u in [0, 1) for the whole theme (docs/samples.md, equation 2). As
    R / n >= 1, no item stands twice in a round, and items wanted equally often meet in all theirs.
    """
    count = np.bincount(cell)[cell] if len(cell) else cell
    runs = int(run.max(initial=-1)) + 1
    rounds = np.zeros(runs, np.int64)
    np.maximum.at(rounds, run, count)
    begin = rng.integers(0, STEPS, runs)
    turn: Ints = (_rank(cell) * STEPS + begin[run]) * rounds[run] // (count * STEPS)
    return turn


def _cut(begins: Bools, line_share: tuple[float, ...], rng: np.random.Generator) -> Ints:
    """Cut a row of lines into orders that ask for random numbers of lines; return their numbers.

    Where `begins`, shape (N,), an order begins whatever the one before it still asked for; it does
    at the first line.
    """
    asked = rng.choice(len(line_share), len(begins), p=line_share) + 1
    at = np.flatnonzero(begins)
    end = np.append(at, len(begins))[1:]
    first = begins.copy()
    while len(at):
        at = at + asked[at]
        inside = at < end
        at, end = at[inside], end[inside]
        first[at] = True
    order: Ints = np.cumsum(first) - 1
    return order


def _weekdays(orders: int, law: BasketLaw, rng: np.random.Generator) -> Ints:
    """Draw the day of each order; 0 is Monday."""
    share = np.cumsum(law.weekday_share)[:-1]
    return np.searchsorted(share, rng.random(orders), side="right").astype(np.int64)


def _changes(codes: Ints) -> Bools:
    """Tell where a code differs from the one before it; codes are at least 0."""
    differs: Bools = np.diff(codes, prepend=-1) != 0
    return differs


def _rank(sorted_codes: Ints) -> Ints:
    """Number the entries of each code, from 0."""
    begins = np.flatnonzero(_changes(sorted_codes))
    sizes = np.diff(np.append(begins, len(sorted_codes)))
    return np.arange(len(sorted_codes)) - np.repeat(begins, sizes)
