"""Levels of groups of cells: what an item, a region or a category sells in a usual cell.

They are features of every cell, the direction in which short histories are shrunk, and the
whole level of a cell that has none of its own (docs/forecast.md, section 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forecast.arrays import Bools, Floats, Ints, Numbers
from forecast.panel import Panel
from forecast.sweeps import ratio, rolling_sum

__all__ = ["Group", "PoolLevel", "Pools"]

YEAR = 52
SHRINK_WEEKS = 26.0
"""cell-weeks of the wider pool that a narrower one is mixed with"""
SHRINK_COUNT = 20.0
"""count expected from the pool that a region's own ratio is mixed with"""


@dataclass(frozen=True)
class Group:
    """Weekly totals over the cells then on the books, shape (groups, weeks) each."""

    units: Floats
    sales: Floats
    """cells that sold at least one unit"""
    weeks: Floats
    """cells whose demand was observed"""

    def rate(self, window: int) -> Floats:
        """Return mean units a cell and week over the last `window` weeks, NaN without any."""
        return ratio(rolling_sum(self.units, window), rolling_sum(self.weeks, window))

    def share(self, window: int) -> Floats:
        """Return the share of cell-weeks with a sale over the last `window` weeks."""
        return ratio(rolling_sum(self.sales, window), rolling_sum(self.weeks, window))


@dataclass(frozen=True)
class PoolLevel:
    """A count a week as pools see it: units, or weeks with a sale.

    **Invariants:** column t uses weeks <= t only.
    """

    item: Floats
    """count a week in a usual region, shape (items, weeks)"""
    category: Floats
    """the same for a usual cell of the category, shape (categories, weeks)"""
    network: Floats
    """the same for a usual cell of all, shape (1, weeks)"""
    region_ratio: Floats
    """a region's count against what its items' levels would give, shape (regions, weeks)"""

    def of_cells(self, panel: Panel, cells: slice) -> Floats:
        """Return eq. 3, the pooled level of a block of cells at every origin, (cells, weeks)."""
        codes = panel.codes
        return self.item[codes.item[cells]] * self.region_ratio[codes.region[cells]]


@dataclass(frozen=True)
class Pools:
    """The groups of a panel and the levels they give at each origin week."""

    item: Group
    region: Group
    category: Group
    network: Group
    units: PoolLevel
    sales: PoolLevel

    @classmethod
    def of(cls, panel: Panel) -> Pools:
        """Add the panel up by item, region, category and altogether."""
        codes = panel.codes
        present = on_the_books(panel)
        kinds = {
            "item": (codes.item, len(codes.items)),
            "region": (codes.region, len(codes.regions)),
            "category": (codes.category, len(codes.categories)),
            "network": (np.zeros_like(codes.item), 1),
        }
        groups = {name: _group(panel, present, *kind) for name, kind in kinds.items()}
        units = _level(panel, present, {name: each.units for name, each in groups.items()}, groups)
        sales = _level(panel, present, {name: each.sales for name, each in groups.items()}, groups)
        return cls(**groups, units=units, sales=sales)


def on_the_books(panel: Panel) -> Bools:
    """Return where a cell's week is known and the cell had already entered, (cells, weeks).

    A cell that first sells later must not be counted earlier: that would be the future.
    """
    return panel.known & (np.arange(panel.shape[1]) >= panel.entered[:, None])


def _group(panel: Panel, present: Bools, code: Ints, groups: int) -> Group:
    def total(columns: Iterator[Numbers]) -> Floats:
        return np.stack([np.bincount(code, each, minlength=groups) for each in columns], axis=1)

    return Group(
        total(iter(panel.units.T)),
        total(week > 0 for week in panel.units.T),
        total(iter(present.T)),
    )


def _level(
    panel: Panel, present: Bools, counts: dict[str, Floats], groups: dict[str, Group]
) -> PoolLevel:
    """Return eq. 1: each mean of the year mixed with the next wider one's, and eq. 2."""

    def mixed(name: str, wider: Floats) -> Floats:
        above, below = rolling_sum(counts[name], YEAR), rolling_sum(groups[name].weeks, YEAR)
        mean: Floats = (above + SHRINK_WEEKS * wider) / (below + SHRINK_WEEKS)
        return mean

    codes = panel.codes
    category_of = np.zeros(len(codes.items), dtype=np.int64)
    category_of[codes.item] = codes.category
    total = rolling_sum(counts["network"], YEAR)
    network = np.nan_to_num(ratio(total, rolling_sum(groups["network"].weeks, YEAR)))
    category = mixed("category", network)
    item = mixed("item", category[category_of])
    return PoolLevel(item, category, network, _region_ratio(panel, present, counts["region"], item))


def _region_ratio(panel: Panel, present: Bools, count: Floats, item_level: Floats) -> Floats:
    """Return eq. 2: what each region sells against its items' levels, shrunk towards 1."""
    expected = np.zeros(count.shape)
    for week in range(count.shape[1]):
        usual = item_level[panel.codes.item, week] * present[:, week]
        expected[:, week] = np.bincount(panel.codes.region, usual, minlength=len(count))
    above, below = rolling_sum(count, YEAR), rolling_sum(expected, YEAR)
    shrunk: Floats = (above + SHRINK_COUNT) / (below + SHRINK_COUNT)
    return shrunk
