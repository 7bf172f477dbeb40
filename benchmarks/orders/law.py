"""A law of orders with habits: baskets that come again and again, and orders of chance beside them.

Items of one habit are complements: one of them alone serves no order of it. From a law any number
of weeks can be drawn, those that a plan is made from and fresh ones that judge it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "Habit", "Ints", "Law", "Orders", "draw_law", "draw_orders"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_LINES = 4
SEVERAL = 0.5
"""share of baskets with a line of 2 or 3 units"""
RATES = 0.03, 0.60
"""orders of a habit in a usual week, least and most; evenly spread in logarithms"""
CHANCE = 0.15, 0.45
"""orders of chance of a region in a usual week, least and most"""
STEADY = 10.0
"""shape of the gamma law of how busy a week of a region is; its mean is 1"""


@dataclass(frozen=True)
class Habit:
    """A basket that customers of a region order again and again."""

    region: int
    rate: float
    """orders in a usual week"""
    units: Ints
    """(I,) units of the whole basket"""


@dataclass(frozen=True)
class Law:
    """What orders come from."""

    habits: tuple[Habit, ...]
    chance: Floats
    """(R,) orders of one or two items that nothing holds together, in a usual week"""
    popularity: Floats
    """(I,) how often an item is in those; sum 1"""
    kept: float
    """chance that a line of a habit is in an order of it"""


@dataclass(frozen=True)
class Orders:
    """Orders of `weeks` weeks, sorted by week and arrival."""

    week: Ints
    """(O,) 0 .. weeks - 1"""
    day: Ints
    """(O,) 0 .. 6, never falling within a week"""
    region: Ints
    """(O,)"""
    units: Ints
    """(O, I) units of each item, of one to four items"""
    weeks: int

    def of_region(self, region: int) -> Orders:
        """Return the orders of one region."""
        return self.some(self.region == region)

    def some(self, which: Any) -> Orders:
        """Return some of the orders; the weeks stay as many as they are."""
        rows = (each[which] for each in (self.week, self.day, self.region, self.units))
        return Orders(*rows, self.weeks)

    def by_week(self) -> Ints:
        """Return where the orders of each week begin, shape (weeks + 1,)."""
        return np.searchsorted(self.week, np.arange(self.weeks + 1)).astype(np.int64)


def draw_law(rng: np.random.Generator, regions: int, items: int) -> Law:
    """Draw two or three habits a region of two to four items, and orders of chance beside them."""
    habits = tuple(
        Habit(region, float(np.exp(rng.uniform(*np.log(RATES)))), _basket(rng, items))
        for region in range(regions)
        for _ in range(int(rng.integers(2, 4)))
    )
    popularity = rng.gamma(1.5, 1.0, items)
    return Law(
        habits=habits,
        chance=rng.uniform(*CHANCE, regions),
        popularity=popularity / popularity.sum(),
        kept=float(rng.uniform(0.8, 1.0)),
    )


def _basket(rng: np.random.Generator, items: int) -> Ints:
    """Return two to four items, one unit each, sometimes 2 or 3 of one of them."""
    units = np.zeros(items, dtype=np.int64)
    lines = int(rng.integers(2, min(MOST_LINES, items) + 1))
    inside = rng.choice(items, lines, replace=False)
    units[inside] = 1
    if rng.random() < SEVERAL:
        units[inside[0]] = rng.integers(2, 4)
    return units


def draw_orders(law: Law, weeks: int, rng: np.random.Generator) -> Orders:
    """Draw the orders of some weeks; each week's are independent of all others."""
    regions = len(law.chance)
    busy = rng.gamma(STEADY, 1.0 / STEADY, (regions, weeks))
    drawn = [_of_habit(law, habit, busy[habit.region], rng) for habit in law.habits]
    drawn += [_of_chance(law, region, busy[region], rng) for region in range(regions)]
    week, region, units = (np.concatenate([each[part] for each in drawn]) for part in range(3))
    hour = rng.uniform(0.0, 7.0, len(week))
    order = np.lexsort((hour, week))
    return Orders(week[order], hour[order].astype(np.int64), region[order], units[order], weeks)


def _of_habit(
    law: Law, habit: Habit, busy: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Return week, region and units of a habit's orders; one that lost all its lines has all."""
    week = np.repeat(np.arange(len(busy)), rng.poisson(habit.rate * busy))
    units = habit.units * (rng.random((len(week), len(habit.units))) < law.kept)
    units[units.sum(axis=1) == 0] = habit.units
    return week, np.full(len(week), habit.region), units


def _of_chance(
    law: Law, region: int, busy: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints]:
    """Return week, region and units of orders of one item, or two, drawn by their popularity."""
    week = np.repeat(np.arange(len(busy)), rng.poisson(law.chance[region] * busy))
    shape = len(week), len(law.popularity)
    # the largest of log-weights with Gumbel noise are a draw without replacement
    rank = np.argsort(
        np.argsort(-(np.log(law.popularity) + rng.gumbel(size=shape)), axis=1), axis=1
    )
    lines = 1 + (rng.random(len(week)) < 0.3)
    several = 1 + (rng.random(len(week)) < SEVERAL / 2) * rng.integers(1, 3, len(week))
    units = np.where(rank == 0, several[:, None], 1) * (rank < lines[:, None])
    return week, np.full(len(week), region), units
