"""Pools: what an item, a region or a category sells in a typical cell.

They are features of every cell, the direction in which short histories are shrunk, and the
whole level of a cell that has none of its own (docs/forecast.md, section 2).
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from foreship_forecast.history.cells import Codes
from foreship_forecast.history.entry import chance_of_entry
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.sweeps import carried, columns, ratio, rolling_sum
from foreship_foundation.arrays import Bools, Floats, Ints, Numbers

__all__ = ["EVER", "Group", "PoolLevel", "Pools"]

YEAR = 52
EVER = 1_000_000
COUNTS = ("units", "sales")
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

    @cached_property
    def trends(self) -> dict[int, Floats]:
        """Mean of the last 1, 4 and 13 weeks against that of the year, the last that was seen."""
        year = self.rate(YEAR)
        return {window: carried(ratio(self.rate(window), year)) for window in (1, 4, 13)}

    @cached_property
    def season(self) -> Floats:
        """Mean of three weeks against that of the year."""
        return ratio(self.rate(3), self.rate(YEAR))

    @cached_property
    def share_of_quarter(self) -> Floats:
        """Share of cell-weeks with a sale over 13 weeks, the last that was seen."""
        return carried(self.share(13))

    def part(self, groups: Ints) -> Group:
        """Return some of the groups."""
        weeks = {window: each[groups] for window, each in self.weeks.items()}
        return Group(self.units[groups], self.sales[groups], weeks)


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

    def of_items(self, items: Ints) -> PoolLevel:
        """Return the level for some of the items."""
        return replace(self, item=self.item[items])

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
        kinds = _Kinds.of(panel.codes)
        groups = _groups(panel, kinds)
        weeks = kinds.by_week(_weeks_of_year(panel, groups["item"]), whole=False)
        counts = [{name: getattr(groups[name], each) for name in groups} for each in COUNTS]
        levels = [_level(kinds, each, weeks) for each in counts]
        expected = _expected(panel, groups["item"], [item for item, _, _ in levels])
        units, sales = (
            PoolLevel(*level, _region_ratio(count["region"], due))
            for level, count, due in zip(levels, counts, expected, strict=True)
        )
        return cls(**groups, units=units, sales=sales)

    def of_items(self, items: Ints) -> Pools:
        """Return the pools for some of the items; other groups stay as they are."""
        return replace(
            self,
            item=self.item.part(items),
            units=self.units.of_items(items),
            sales=self.sales.of_items(items),
        )


@dataclass(frozen=True)
class _Kinds:
    """The kinds of groups that cells are added up by."""

    codes: Codes
    category: Ints
    """category of each item"""

    @classmethod
    def of(cls, codes: Codes) -> _Kinds:
        category = np.zeros(len(codes.items), dtype=np.int64)
        category[codes.item] = codes.category
        return cls(codes, category)

    def by_week(self, weeks: Iterable[Numbers], *, whole: bool) -> dict[str, Floats]:
        """Add up a value of each cell, week by week: (groups, weeks) of each kind."""
        added = [self._added_up(each, whole=whole) for each in weeks]
        return {name: np.stack([each[name] for each in added], axis=1) for name in added[0]}

    def _added_up(self, values: Numbers, *, whole: bool) -> dict[str, Floats]:
        """Add up a value of each cell; sums of whole numbers are the same by way of the items."""
        codes = self.codes
        item = _summed(codes.item, values, len(codes.items))
        region = _summed(codes.region, values, len(codes.regions))
        parts, category = (item, self.category) if whole else (values, codes.category)
        return {
            "item": item,
            "region": region,
            "category": _summed(category, parts, len(codes.categories)),
            "network": _summed(np.zeros_like(category), parts, 1),
        }


def _summed(code: Ints, values: Numbers, groups: int) -> Floats:
    """Return the sum of values by group, shape (groups,)."""
    return np.bincount(code, values, groups).astype(np.float64, copy=False)


def _known_weeks(panel: Panel, windows: tuple[int, ...]) -> Iterator[list[Ints]]:
    """Yield, week by week, each cell's observed weeks in the windows; 0 before it entered."""
    running = [np.zeros(panel.shape[0], dtype=np.int64) for _ in windows]
    latest: deque[Bools] = deque(maxlen=1 + max(w for w in windows if w < EVER))
    for week, counted in enumerate(panel.counted_by_week()):
        latest.append(counted)
        entered = panel.entered <= week
        for place, window in enumerate(windows):
            running[place] += counted
            if window < len(latest):
                running[place] -= latest[-1 - window]
        yield [np.where(entered, weeks, 0) for weeks in running]


def _weeks_of_year(panel: Panel, item: Group) -> Iterator[Floats]:
    """Yield, week by week, each cell's weeks of the last year, with those of unseen cells like it.

    Equation 46: a cell known for its first sale alone stands for all like it, of which only some
    have sold by now. The chance of a sale is its item's, a step on from that of the week before.
    """
    code, chance = panel.codes.item, np.ones(len(panel.codes.items))
    sales = rolling_sum(item.sales, YEAR)
    for week, (known, ever) in enumerate(_known_weeks(panel, (YEAR, EVER))):
        tries = panel.tries(ever)
        alone = np.flatnonzero(tries > 0)
        for _ in range(STEPS if len(alone) else 1):
            weeks = known.astype(np.float64)
            weeks[alone] /= chance_of_entry(chance[code[alone]], tries[alone])
            below = np.bincount(code, weeks, len(chance))
            network = sales[:, week].sum() / max(below.sum(), 1.0)
            mixed = (sales[:, week] + SHRINK_WEEKS * network) / (below + SHRINK_WEEKS)
            chance = np.minimum(mixed, 1.0)
        yield weeks


def _groups(panel: Panel, kinds: _Kinds) -> dict[str, Group]:
    """Add the panel up by the groups of every kind."""
    units = kinds.by_week(columns(panel.wanted), whole=panel.wanted is panel.units)
    sales = kinds.by_week((week > 0 for week in columns(panel.units)), whole=True)
    # one sweep for all windows: one matrix of window after window, week by week
    known = itertools.chain.from_iterable(_known_weeks(panel, WINDOWS))
    weeks = kinds.by_week(known, whole=True)
    return {
        name: Group(
            units[name],
            sales[name],
            {window: weeks[name][:, at :: len(WINDOWS)] for at, window in enumerate(WINDOWS)},
        )
        for name in units
    }


def _level(
    kinds: _Kinds, counts: dict[str, Floats], weeks: dict[str, Floats]
) -> tuple[Floats, Floats, Floats]:
    """Return eq. 1 of items, categories and all: means of the year, shrunk to the next wider."""

    def mixed(name: str, wider: Floats) -> Floats:
        above = rolling_sum(counts[name], YEAR)
        mean: Floats = (above + SHRINK_WEEKS * wider) / (weeks[name] + SHRINK_WEEKS)
        return mean

    total = rolling_sum(counts["network"], YEAR)
    network = np.nan_to_num(ratio(total, weeks["network"]))
    category = mixed("category", network)
    return mixed("item", category[kinds.category]), category, network


def _expected(panel: Panel, item: Group, levels: list[Floats]) -> list[Floats]:
    """Return what regions would sell at their items' levels, (regions, weeks) for each of these."""
    codes = panel.codes
    found = [np.zeros((len(codes.regions), panel.shape[1])) for _ in levels]
    for week, weeks in enumerate(_weeks_of_year(panel, item)):
        for expected, level in zip(found, levels, strict=True):
            usual = level[:, week][codes.item] * weeks
            expected[:, week] = np.bincount(codes.region, usual, len(expected))
    return found


def _region_ratio(count: Floats, expected: Floats) -> Floats:
    """Return eq. 2: what a region sells relative to its items' levels, shrunk towards 1."""
    shrunk: Floats = (rolling_sum(count, YEAR) + SHRINK_COUNT) / (expected + SHRINK_COUNT)
    return shrunk
