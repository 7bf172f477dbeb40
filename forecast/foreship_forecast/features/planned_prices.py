"""What planned prices and promotions say of a target week (docs/forecast.md, section 3).

Against the cell's own usual price, against the other items of its category in the region, and by
what the cell sold when it was priced and promoted alike. Prices are read up to the target week,
sales up to the origin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_forecast.features.rows import Rows
from foreship_forecast.history.cells import Codes
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.stated_weeks import StatedWeeks
from foreship_forecast.history.sweeps import (
    by_week,
    carried,
    gap_since,
    lagged,
    ratio,
    rolling_max,
    rolling_sum,
)
from foreship_foundation.arrays import Floats, Ints

__all__ = ["PlannedPrices"]

USUAL_WEEKS = 26
HIGHEST_WEEKS = 13
SAME_PRICE = 0.01
"""relative change below which a price is the same"""
ALIKE_WEEKS = 52
ALIKE_ROWS = 8192
"""rows compared at a time, so that they stay at hand; never changes a value"""
ALIKE_PRICE = 0.05
"""relative distance at which a price counts for exp(-1/2) of an equal one"""
OTHERWISE_PROMOTED = 0.1
"""what a week counts in which the cell was promoted and is not to be, or the other way round"""
KEPT_BY_WEEK = 0.97
"""what a week still counts a week later"""
LEAST_WEIGHT = 1e-9
ALIKE_PRIOR = 1.0
"""weeks of the cell's mean over all its weeks that the mean of alike ones is mixed with"""


@dataclass(frozen=True)
class PlannedPrices:
    """Prices and promotions of every cell and week, and their sums over region and category."""

    panel: Panel
    price: StatedWeeks
    """list price of C cells in V weeks, up to one past the horizon, NaN where not stated"""
    promotion: StatedWeeks
    """1 where promoted, 0 elsewhere"""
    group: Ints
    """region and category of each cell as one code, shape (C,)"""
    sums: tuple[Floats, Floats, Floats]
    """by group and week: cells with a price, their relative prices, promoted ones, (G, V) each"""

    @classmethod
    def of(cls, panel: Panel, price: StatedWeeks, promotion: StatedWeeks) -> PlannedPrices:
        """Add up each group, a cell's price relative to its own usual one."""
        group, weeks = _groups(panel.codes), price.shape[1]
        cell, week = price.cell, price.week
        at, groups = group[cell] * weeks + week, int(group.max(initial=-1)) + 1
        relative = np.nan_to_num(_stated_relative(price, cell, week))
        counted, cut, promoted = (
            np.bincount(at, each, groups * weeks).astype(np.float64).reshape(groups, weeks)
            for each in (np.ones(len(cell)), relative, promotion.at(cell, week))
        )
        return cls(panel, price, promotion, group, (counted, cut, promoted))

    def part(self, panel: Panel, cells: Ints) -> PlannedPrices:
        """Return the prices of some cells, whose panel it is; sums stay those of all."""
        price, promotion = self.price.part(cells), self.promotion.part(cells)
        return PlannedPrices(panel, price, promotion, self.group[cells], self.sums)

    def columns(self, rows: Rows) -> dict[str, Floats]:
        """Return the columns of some rows, shape (N,) each; NaN where no price is stated."""
        cells, at_row = rows.cells
        price = by_week(self.price.laid_out(cells).astype(np.float64))
        promotion = by_week(self.promotion.laid_out(cells).astype(np.float64))
        columns = _own(price, promotion, at_row, rows)
        columns |= self._others(_relative(price), promotion, at_row, rows)
        return columns | self._alike(price, promotion, at_row, rows)

    def _others(
        self, relative: Floats, promotion: Floats, at_row: Ints, rows: Rows
    ) -> dict[str, Floats]:
        """Return what the other items of the category do in the region in the target week."""
        own, at = (at_row, rows.target), (self.group[rows.cell], rows.target)
        stated = ~np.isnan(relative[own])
        others = self.sums[0][at] - stated
        cut = self.sums[1][at] - np.nan_to_num(relative[own])
        promoted = self.sums[2][at] - np.where(stated, promotion[own], 0.0)
        some = others > 0
        safe = np.where(some, others, 1.0)
        return {
            "price_to_others": np.where(some, relative[own] - cut / safe, np.nan),
            "others_promoted": np.where(some, promoted / safe, np.nan),
        }

    def _alike(
        self, price: Floats, promotion: Floats, at_row: Ints, rows: Rows
    ) -> dict[str, Floats]:
        """Return eq. 68: what the cell sold in weeks like the target week, and how many those were.

        Sales count as log(1 + units), so that one huge week does not stand for all.
        """
        cells, _ = rows.cells
        columns = {name: np.full(len(rows), np.nan) for name in ("alike_to_usual", "alike_weeks")}
        logged = np.log(np.where(price > 0, price, np.nan))
        sold = np.log1p(self.panel.units[cells].astype(np.float64))
        known = self.panel.counted(cells).astype(np.float64)
        # of most weeks no price is planned, and nothing is like them
        stated = np.flatnonzero(~np.isnan(logged[at_row, rows.target]))
        for first in range(0, len(stated), ALIKE_ROWS):
            some = stated[first : first + ALIKE_ROWS]
            cell, origin, target = at_row[some], rows.origin[some], rows.target[some]
            planned, promoted = logged[cell, target], promotion[cell, target]
            alike, every = np.zeros((2, len(some))), np.zeros((2, len(some)))
            for back in range(min(ALIKE_WEEKS, int(origin.max()) + 1)):
                week = origin - back
                here = (cell, np.maximum(week, 0))
                weight = known[here] * np.where(week >= 0, KEPT_BY_WEEK**back, 0.0)
                away = (logged[here] - planned) * (1.0 / ALIKE_PRICE)
                like = np.exp(-0.5 * away * away)
                like[np.isnan(like)] = 0.0
                like *= np.where(promotion[here] == promoted, weight, weight * OTHERWISE_PROMOTED)
                units = sold[here]
                alike[0] += like
                alike[1] += like * units
                every[0] += weight
                every[1] += weight * units
            mean = every[1] / np.maximum(every[0], LEAST_WEIGHT)
            found = (alike[1] + ALIKE_PRIOR * mean) / (alike[0] + ALIKE_PRIOR)
            columns["alike_to_usual"][some], columns["alike_weeks"][some] = found - mean, alike[0]
        return columns


def _groups(codes: Codes) -> Ints:
    """Return one code for the region and category of each cell."""
    return np.asarray(codes.region * (int(codes.category.max(initial=0)) + 1) + codes.category)


def _usual(price: Floats) -> Floats:
    """Return the mean stated price of the last weeks, NaN before the first, shape (C, V)."""
    stated = ~np.isnan(price)
    weeks = rolling_sum(stated, USUAL_WEEKS)
    total = rolling_sum(np.where(stated, price, 0.0), USUAL_WEEKS)
    return ratio(total, weeks)


def _stated_relative(price: StatedWeeks, cell: Ints, week: Ints) -> Floats:
    """Return `_relative` of stated prices alone, shape (N,)."""
    last = price.latest(cell, week - 1)
    before = price.latest(cell, week - 1 - USUAL_WEEKS)
    (above, count), (older, fewer) = price.up_to(last), price.up_to(before)
    usual = ratio(above - older, (count - fewer).astype(np.float64))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(price.value.astype(np.float64) / usual)
    return np.where(np.isfinite(found), found, np.nan)


def _relative(price: Floats) -> Floats:
    """Return the log of each price over what was usual until the week before it, shape (C, V)."""
    with np.errstate(divide="ignore"):
        found = np.log(price / lagged(_usual(price), 1))
    relative: Floats = np.where(np.isfinite(found), found, np.nan)
    return relative


def _own(price: Floats, promotion: Floats, at_row: Ints, rows: Rows) -> dict[str, Floats]:
    """Return the planned price and promotion beside the cell's own earlier ones."""
    usual = _usual(price)
    highest = rolling_max(np.nan_to_num(price), (HIGHEST_WEEKS,))[HIGHEST_WEEKS]
    last, origin, target = carried(price), (at_row, rows.origin), (at_row, rows.target)
    before = (at_row, rows.target - 1)
    planned = price[target]
    with np.errstate(divide="ignore", invalid="ignore"):
        columns = {
            "price_to_usual": planned / usual[origin],
            "price_to_last": planned / last[origin],
            "price_to_before": planned / last[before],
            "price_to_highest": planned / highest[origin],
            "price_at_origin": last[origin] / usual[origin],
        }
        moved = np.abs(last / lagged(last, 1) - 1.0) > SAME_PRICE
    columns = {name: np.where(np.isfinite(v), v, np.nan) for name, v in columns.items()}
    stated = ~np.isnan(last)
    columns["price_weeks"] = gap_since(moved, stated)[target]
    columns["promotion"] = promotion[target]
    columns["promotion_before"] = promotion[before]
    columns["promotion_at_origin"] = promotion[origin]
    columns["promotion_share_13"] = (rolling_sum(promotion, 13) / 13.0)[origin]
    every = np.ones(promotion.shape, dtype=bool)
    columns["weeks_since_promotion"] = gap_since(promotion > 0, every)[before]
    return columns
