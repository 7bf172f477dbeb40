"""What is planted into a market. Each plant changes some items and says which cells to judge."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.forecast.behaviour.market import HORIZON, ITEMS, REGIONS, Bools, Market
from benchmarks.forecast.behaviour.paths import Path, pulse, since

__all__ = [
    "Plant",
    "alike",
    "constant",
    "customers",
    "huge_order",
    "items",
    "launch",
    "network",
    "old_dead_cells",
    "promotions",
    "region_opened",
    "regular",
    "shelf_empty",
    "sparse_price_list",
    "young",
]

Plant = Callable[[Market, list[int]], Bools]
"""changes the market and returns the cells to judge, shape (ITEMS, REGIONS)"""
PROMOTION = 3.0
"""what a promotion multiplies the rate by"""
OTHERS = (4, 19, 37)
"""weeks ago in which the first of the other items was promoted; the next one a week earlier"""


def items(level: float | None, *paths: Path, flat: bool = False, r: float = np.inf) -> Plant:
    """Let items sell `level` a week, in every region alike if `flat`, moved by `paths`.

    Without a level each item keeps its own.
    """

    def plant(market: Market, chosen: list[int]) -> Bools:
        for item in chosen:
            if level is not None:
                market.level(item, level, like_regions=not flat)
                market.dispersion[item] = r
            for path in paths:
                market.rate[item] *= path(market.weeks, market.rate.shape[2])
        return cells(chosen)

    return plant


def cells(chosen: list[int], regions: list[int] | None = None) -> Bools:
    """Mark cells of some items, in all regions unless told."""
    found = np.zeros((ITEMS, REGIONS), dtype=bool)
    found[np.ix_(chosen, range(REGIONS) if regions is None else regions)] = True
    return found


def network(*paths: Path) -> Plant:
    """Let the whole network move."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        return items(None, *paths)(market, list(range(ITEMS)))

    return plant


def sparse_price_list(market: Market, chosen: list[int]) -> Bools:
    """Let the price list name weeks with a promotion only."""
    market.whole_list = False
    return cells(chosen)


def alike(level: float) -> Plant:
    """Let every item sell alike and without clumps, so that there is nothing to learn."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        return items(level)(market, list(range(ITEMS)))

    return plant


def launch(level: float, weeks_ago: int, told: bool) -> Plant:
    """Launch items some weeks ago; `items` tells the day, or the orders alone do."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        if told:
            market.launched |= dict.fromkeys(chosen, market.weeks - weeks_ago)
        return items(level, since(weeks_ago))(market, chosen)

    return plant


def young(levels: tuple[float, ...], weeks_ago: tuple[int, ...]) -> Plant:
    """Launch several items, one after the other, as their orders alone tell."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        for item, level, ago in zip(chosen, levels, weeks_ago, strict=True):
            items(level, since(ago))(market, [item])
        return cells(chosen)

    return plant


def region_opened(weeks_ago: int) -> Plant:
    """Open the last region some weeks ago, as its orders tell."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        market.rate[:, -1, : market.weeks - weeks_ago] = 0.0
        return cells(list(range(ITEMS)), [REGIONS - 1])

    return plant


def shelf_empty(level: float, weeks: int, kept: float) -> Plant:
    """Be sold out everywhere in the last weeks, as `availability` says, serving a share."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        market.out[chosen, :, -weeks:] = True
        market.kept[chosen, :, -weeks:] = kept
        return items(level)(market, chosen)

    return plant


def huge_order(level: float, units: int, weeks_ago: int) -> Plant:
    """Receive one order line of `units` in one cell."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        items(level)(market, chosen)
        region = REGIONS // 2
        market.extra.append((chosen[0], region, market.weeks - weeks_ago, units))
        return cells(chosen[:1], [region])

    return plant


def customers(level: float, sizes: tuple[int, ...], flat: bool = True) -> Plant:
    """Let items be bought in orders of these sizes."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        market.sizes |= dict.fromkeys(chosen, sizes)
        return items(level, flat=flat)(market, chosen)

    return plant


def regular(level: float) -> Plant:
    """Let items sell more evenly than by chance: with half the variance of a Poisson law."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        market.regular[chosen] = True
        return items(level, flat=True)(market, chosen)

    return plant


def constant(units: int, lines: int) -> Plant:
    """Let items sell the same every week, in so many order lines."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        market.steady[chosen] = True
        market.sizes |= dict.fromkeys(chosen, (units // lines,))
        return items(units, flat=True)(market, chosen)

    return plant


def old_dead_cells(level: float, weeks_ago: int) -> Plant:
    """Let one cell of each item sell nothing for `weeks_ago` weeks, while its others go on."""

    def plant(market: Market, chosen: list[int]) -> Bools:
        found = np.zeros((ITEMS, REGIONS), dtype=bool)
        for item in chosen:
            region = item % REGIONS
            market.level(item, level)
            market.rate[item, region, market.weeks - weeks_ago :] = 0.0
            found[item, region] = True
        return found

    return plant


def promotions(
    level: float | None,
    planned: bool,
    weeks_ago: tuple[int, ...],
    others: int = 0,
    full_price: bool = False,
) -> Plant:
    """Promote items in past weeks and, if `planned`, in the first week to come.

    `others` further items, the last ones of the market, are promoted too: in weeks of their own.
    """

    def plant(market: Market, chosen: list[int]) -> Bools:
        plan = ((0,) if planned else ()) + weeks_ago
        market.full_price |= set(chosen) if full_price else set()
        items(level)(market, chosen)
        for item in chosen:
            _promote(market, item, plan)
        for place in range(others):
            item = ITEMS - 1 - place
            if not market.promoted[item].any():
                _promote(market, item, tuple(ago + 1 + place for ago in OTHERS))
        return cells(chosen)

    return plant


def _promote(market: Market, item: int, weeks_ago: tuple[int, ...]) -> None:
    for ago in weeks_ago:
        if ago <= market.weeks:
            market.promoted[item, market.weeks - ago] = True
            market.rate[item] *= pulse(ago, PROMOTION)(market.weeks, market.weeks + HORIZON)
