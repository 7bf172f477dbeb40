"""Pools: what an item, a region or a category sells in a typical cell.

They are features of every cell, the direction in which short histories are shrunk, and the
whole level of a cell that has none of its own (docs/forecast.md, section 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from foreship_forecast.history.entry import chance_of_entry
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.sweeps import ratio, rolling_sum
from foreship_foundation.arrays import Floats, Ints, Numbers

__all__ = ["EVER", "Group", "PoolLevel", "Pools"]

YEAR = 52
EVER = 1_000_000
WINDOWS = (1, 3, 4, 13, YEAR, EVER)
SHRINK_WEEKS = 26.0
"""cell-weeks of the wider pool that a narrower one is mixed with"""
SHRINK_COUNT = 20.0
"""count expected from the pool that a region's own ratio is mixed with"""


STEPS = 2
"""steps a week towards the chance of a sale that equation 46 is met with"""


@dataclass(frozen=True)
class Group:
    """Weekly totals of the groups of one kind, over cells on the books, (groups, weeks)."""

    units: Floats
    sales: Floats
    """cells that sold at least one unit"""
    weeks: dict[int, Floats]
    """window -> counted weeks of all cells entered by then; earlier weeks count in hindsight, since
    leaving out those before a first sale would overstate every slow cell"""

    def rate(self, window: int) -> Floats:
        """Return mean units a cell and week over the last `window` weeks, NaN without any."""
        return ratio(rolling_sum(self.units, window), self.weeks[window])

    def share(self, window: int) -> Floats:
        """Return the share of cell-weeks with a sale over the last `window` weeks."""
        return ratio(rolling_sum(self.sales, window), self.weeks[window])


@dataclass(frozen=True)
class PoolLevel:
    """The pools' level of one weekly count: units, or weeks with a sale.

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
    """The pools of a panel and their levels at each origin week."""

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
        kinds = {
            "item": (codes.item, len(codes.items)),
            "region": (codes.region, len(codes.regions)),
            "category": (codes.category, len(codes.categories)),
            "network": (np.zeros_like(codes.item), 1),
        }
        groups = {name: _group(panel, *kind) for name, kind in kinds.items()}
        weeks = _weeks_of_groups(panel, groups["item"], kinds)
        units = _level(panel, {name: each.units for name, each in groups.items()}, weeks, groups)
        sales = _level(panel, {name: each.sales for name, each in groups.items()}, weeks, groups)
        return cls(**groups, units=units, sales=sales)


def _known_weeks(panel: Panel, window: int) -> Iterator[Ints]:
    """Yield, week by week, each cell's observed weeks in the window; 0 before it entered."""
    running = np.zeros(panel.shape[0], dtype=np.int64)
    for week in range(panel.shape[1]):
        running += panel.counted((slice(None), week))
        if week >= window:
            running -= panel.counted((slice(None), week - window))
        yield np.where(panel.entered <= week, running, 0)


def _weeks_of_year(panel: Panel, item: Group) -> Iterator[Floats]:
    """Yield, week by week, each cell's weeks of the last year, with those of unseen cells like it.

    Equation 46: a cell known for its first sale alone stands for all like it, of which only some
    have sold by now. The chance of a sale is its item's, a step on from that of the week before.
    """
    code, chance = panel.codes.item, np.ones(len(panel.codes.items))
    sales = rolling_sum(item.sales, YEAR)
    both = zip(_known_weeks(panel, YEAR), _known_weeks(panel, EVER), strict=True)
    for week, (known, ever) in enumerate(both):
        tries = panel.tries(ever)
        for _ in range(STEPS):
            weeks = known / chance_of_entry(chance[code], tries)
            below = np.bincount(code, weeks, len(chance))
            network = sales[:, week].sum() / max(below.sum(), 1.0)
            mixed = (sales[:, week] + SHRINK_WEEKS * network) / (below + SHRINK_WEEKS)
            chance = np.minimum(mixed, 1.0)
        yield weeks


def _weeks_of_groups(
    panel: Panel, item: Group, kinds: dict[str, tuple[Ints, int]]
) -> dict[str, Floats]:
    """Add up `_weeks_of_year` by the groups of each kind, (groups, weeks)."""
    found = {name: np.zeros((size, panel.shape[1])) for name, (_, size) in kinds.items()}
    for week, weeks in enumerate(_weeks_of_year(panel, item)):
        for name, (code, size) in kinds.items():
            found[name][:, week] = np.bincount(code, weeks, size)
    return found


def _group(panel: Panel, code: Ints, groups: int) -> Group:
    def total(columns: Iterable[Numbers]) -> Floats:
        return np.stack([np.bincount(code, each, minlength=groups) for each in columns], axis=1)

    return Group(
        total(panel.wanted.T),
        total(week > 0 for week in panel.units.T),
        {window: total(_known_weeks(panel, window)) for window in WINDOWS},
    )


def _level(
    panel: Panel, counts: dict[str, Floats], weeks: dict[str, Floats], groups: dict[str, Group]
) -> PoolLevel:
    """Return eq. 1: each mean of the year shrunk towards the next wider pool's, and eq. 2."""

    def mixed(name: str, wider: Floats) -> Floats:
        above = rolling_sum(counts[name], YEAR)
        mean: Floats = (above + SHRINK_WEEKS * wider) / (weeks[name] + SHRINK_WEEKS)
        return mean

    codes = panel.codes
    category_of = np.zeros(len(codes.items), dtype=np.int64)
    category_of[codes.item] = codes.category
    total = rolling_sum(counts["network"], YEAR)
    network = np.nan_to_num(ratio(total, weeks["network"]))
    category = mixed("category", network)
    item = mixed("item", category[category_of])
    ratio_of_region = _region_ratio(panel, counts["region"], groups["item"], item)
    return PoolLevel(item, category, network, ratio_of_region)


def _region_ratio(panel: Panel, count: Floats, item: Group, item_level: Floats) -> Floats:
    """Return eq. 2: what a region sells relative to its items' levels, shrunk towards 1."""
    expected = np.zeros(count.shape)
    for week, weeks in enumerate(_weeks_of_year(panel, item)):
        usual = item_level[panel.codes.item, week] * weeks
        expected[:, week] = np.bincount(panel.codes.region, usual, minlength=len(count))
    shrunk: Floats = (rolling_sum(count, YEAR) + SHRINK_COUNT) / (expected + SHRINK_COUNT)
    return shrunk
