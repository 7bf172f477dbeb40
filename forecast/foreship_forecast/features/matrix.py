"""Features of (cell, origin week, horizon) rows: what was known when the origin week ended.

Rolling columns are divided by the cell's level, so that one booster serves slow and fast cells
alike, and a cell's clock ticks in the weeks that count: an outage leaves it as it was before
(docs/forecast.md, section 3). Labels look forward from the origin.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from foreship_forecast.features.known_ahead import Outlook
from foreship_forecast.features.own_past import OwnPast
from foreship_forecast.features.rows import Rows
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Group, PoolLevel, Pools
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.history.sweeps import ratio
from foreship_forecast.levels.cell_levels import CHANCES, CellLevels, Levels
from foreship_forecast.levels.known_effects import KnownAhead
from foreship_forecast.levels.pace import Pace, pace_of
from foreship_forecast.levels.rhythm import with_rhythm
from foreship_foundation.arrays import Bools, Floats, Ints, Singles

__all__ = ["Features", "Levels", "Table"]

YEAR = 52
YEAR_LAGS = (53, 52, 51)
RHYTHMS = {2: 6, 4: 4}
"""weeks of a rhythm -> how many of its weeks are looked at"""
MOST_SKIPPED = 8
"""weeks of a long horizon that lie between the origin and the target's own rhythm"""
FEW_CELLS = 0.8
"""share of the cells up to which those that rows ask for are taken out of all"""
FEW_ITEMS = 0.5
"""share of the items up to which figures of those that cells are of are taken out of all"""
LATE = 0.5
"""share of the weeks after which all origins lie where earlier ones are not laid out"""
BLOCK_VALUES = 200_000
"""cell-weeks swept at a time; bounds memory, never changes a value"""


@dataclass(frozen=True)
class Table:
    """Input of the boosters: a float32 matrix with named columns, and each row's levels."""

    matrix: Singles
    """shape (N, F), NaN where masked"""
    names: tuple[str, ...]
    levels: Levels

    def part(self, chosen: Ints) -> Table:
        """Return some of the rows, in the order asked for."""
        levels = self.levels
        part = Levels(levels.units[chosen], levels.chance[chosen], levels.extra[chosen])
        return Table(self.matrix[chosen], self.names, part)


@dataclass(frozen=True)
class Features:
    """All features that rows can ask for, from one snapshot."""

    panel: Panel
    pools: Pools
    outlook: Outlook
    ahead: KnownAhead
    pace: Pace
    knows: int
    """position of the week whose effects of what is known ahead hold for earlier origins too"""

    @classmethod
    def of(cls, snapshot: Snapshot, panel: Panel, horizon_weeks: int) -> Features:
        """Prepare the group levels, the paces and what is known of coming weeks."""
        pools, outlook = Pools.of(panel), Outlook.of(snapshot, panel, horizon_weeks)
        ahead = outlook.effects()
        pace = pace_of(panel, pools, ahead, panel.gap + horizon_weeks)
        return cls(panel, pools, outlook, ahead, pace, panel.shape[1] - 1)

    def part(self, cells: Ints) -> Features:
        """Return the features of some cells, by ascending place; groups stay those of all.

        Where they are of few items, these alone are kept, so that little is sent elsewhere.
        """
        panel, pools, pace = self.panel.part(cells), self.pools, self.pace
        items, code = np.unique(panel.codes.item, return_inverse=True)
        if len(items) <= FEW_ITEMS * len(panel.codes.items):
            codes = replace(panel.codes, item=code, items=panel.codes.items[items])
            panel, pools, pace = panel.recoded(codes), pools.of_items(items), pace.of_items(items)
        outlook = self.outlook.part(panel, cells)
        ahead = self.ahead.part(cells, outlook.planned())
        return Features(panel, pools, outlook, ahead, pace, self.knows)

    def knowing(self, last: int) -> Features:
        """Return the same with effects that were learned before week `last`, from then on causal.

        Boosters that learn from rows of weeks whose effects were hardly known yet would learn those
        effects a second time.
        """
        return replace(self, knows=last - 1)

    def table(self, rows: Rows) -> Table:
        """Compute all columns for some rows; a block of cells at a time."""
        if not len(rows):
            raise ValueError("no rows to compute features of")
        if (own := self._of_their_cells(rows)) is not None:
            return own[0].table(own[1])
        matrix: Singles | None = None
        levels = Levels(*(np.empty(len(rows)) for _ in range(3)))
        names: tuple[str, ...] = ()
        for part, columns, here in self._blocks(rows):
            if matrix is None:
                names = tuple(columns)
                # written and read by column
                matrix = np.empty((len(rows), len(names)), dtype=np.float32, order="F")
            for position, column in enumerate(columns.values()):
                matrix[part, position] = column
            _put(levels, part, here)
        assert matrix is not None
        return Table(matrix, names, levels)

    def tables(self, parts: list[Rows]) -> list[Table]:
        """Compute all columns for several sets of rows: cells are swept once for all of them."""
        ends = np.cumsum([0, *map(len, parts)])
        cell, origin, horizon = (
            np.concatenate([getattr(each, name) for each in parts])
            for name in ("cell", "origin", "horizon")
        )
        order = np.argsort(cell, kind="stable")
        whole = self.table(Rows(cell, origin, horizon).part(order))
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        return [whole.part(place[first:last]) for first, last in itertools.pairwise(ends)]

    def levels(self, rows: Rows) -> Levels:
        """Compute only the levels of some rows."""
        if (own := self._of_their_cells(rows)) is not None:
            return own[0].levels(own[1])
        levels = Levels(*(np.empty(len(rows)) for _ in range(3)))
        for part, cells, _ in self._cell_blocks(rows):
            here = rows.part(part)
            _put(levels, part, self._row_levels(self._swept(cells, here), here, cells)[0])
        return levels

    def _of_their_cells(self, rows: Rows) -> tuple[Features, Rows] | None:
        """Return the features of the rows' own cells, and the rows there; None for nearly all.

        A cell is swept over its whole life, be it for a single row: of a million cells a sample of
        rows has a few. Of no cells there is no smaller panel.
        """
        cells, place = rows.cells
        if not 0 < len(cells) <= FEW_CELLS * len(self.panel.offered):
            return None
        return self.part(cells), replace(rows, cell=place)

    def _swept(self, cells: slice, rows: Rows) -> CellLevels:
        """Return what a block of cells is at the origins of its rows, if those are late ones alone.

        Else at all weeks: memory is soonest used again by matrices of one size.
        """
        first = int(rows.origin.min())
        if first < LATE * self.panel.shape[1]:
            first = 0
        return CellLevels.of(
            self.panel, self.pools, self.pace, self.ahead, cells, self.knows, first
        )

    def _row_levels(
        self, swept: CellLevels, rows: Rows, cells: slice
    ) -> tuple[Levels, Floats, Floats]:
        """Return the levels of rows, the pace of their target weeks, and the log of its effect."""
        codes, cell = self.panel.codes, rows.cell - cells.start
        effect = self.log_effect(rows)
        item, region = codes.item[rows.cell], codes.region[rows.cell]
        pace = self.pace.ahead(item, region, rows.origin, rows.horizon)
        levels = swept.at(cell, rows.origin, pace * np.exp(effect))
        return self._on_the_beat(levels, cells, (cell, rows.origin), rows.horizon), pace, effect

    def log_effect(self, rows: Rows) -> Floats:
        """Return the log of what is known of each row's week does to its demand (eq. 58)."""
        return self.pace.log_effect(self.ahead, rows.cell, rows.origin, rows.target, self.knows)

    def strangeness(self, rows: Rows) -> Floats:
        """Return how far the paces of rows' items are from what is usual, in logs, shape (3, N)."""
        item = self.panel.codes.item[rows.cell]
        return self.pace.strangeness(item, rows.origin, rows.horizon)

    def _level_columns(
        self, swept: CellLevels, rows: Rows, cells: slice
    ) -> tuple[Levels, Levels, dict[str, Floats]]:
        """Return the levels of rows, those without echo and effects, and columns beside them."""
        levels, pace, effect = self._row_levels(swept, rows, cells)
        codes, at = self.panel.codes, (rows.cell - cells.start, rows.origin)
        item, region = codes.item[rows.cell], codes.region[rows.cell]
        now = self.pace.level[0, item, rows.origin] * self.pace.region[0, region, rows.origin]
        bare = swept.at(*at, now)
        asked = (at[0], rows.origin - swept.first)
        columns = {
            "log_level": np.log(bare.units),
            "chance_level": bare.chance,
            "extra_level": np.log(bare.extra),
            "alive": swept.alive[asked],
            "silence": swept.silence[asked],
            "coming": np.log(pace / now) + effect,
        }
        return levels, bare, columns

    def _on_the_beat(
        self, levels: Levels, cells: slice, at: tuple[Ints, Ints], horizon: Ints
    ) -> Levels:
        """Return levels with the chance of cells that have a rhythm of their own."""
        sold, known = self.panel.units[cells] > 0, self.panel.counted(cells)
        chance = np.clip(with_rhythm(levels.chance, sold, known, at, horizon), *CHANCES)
        return Levels(chance * (1.0 + levels.extra), chance, levels.extra)

    def _blocks(self, rows: Rows) -> Iterator[tuple[slice, dict[str, Floats], Levels]]:
        panel = self.panel
        for part, cells, at in self._cell_blocks(rows):
            here = rows.part(part)
            levels, bare, beside = self._level_columns(self._swept(cells, here), here, cells)
            scale = 1.0 / bare.units
            known, units = panel.counted(cells), panel.wanted[cells].astype(np.float64)
            pair, first = _pairs(here)
            past = OwnPast.of(units, panel.lines[cells], known, at[0][first], here.origin[first])
            columns = {"horizon": here.horizon.astype(np.float64), **beside}
            columns |= {name: values[pair] * scale for name, values in past.scaled()}
            columns |= {name: values[pair] for name, values in past.plain()}
            columns |= {name: values[pair] for name, values in past.by_line()}
            columns |= _rhythm(units > 0, known, at[0], here)
            columns |= _year_ago(units, known, at[0], here, scale)
            columns |= _group_columns(panel, self.pools, here, scale)
            columns |= self.outlook.columns(here)
            yield part, columns, levels

    def _cell_blocks(self, rows: Rows) -> Iterator[tuple[slice, slice, tuple[Ints, Ints]]]:
        cells, weeks = self.panel.shape
        step = max(1, BLOCK_VALUES // weeks)
        for first in range(0, cells, step):
            block = slice(first, min(first + step, cells))
            low, high = np.searchsorted(rows.cell, [block.start, block.stop])
            if low < high:
                part = slice(int(low), int(high))
                yield part, block, (rows.cell[part] - first, rows.origin[part])


def _put(levels: Levels, part: slice, here: Levels) -> None:
    levels.units[part], levels.chance[part], levels.extra[part] = (
        here.units,
        here.chance,
        here.extra,
    )


def _pairs(rows: Rows) -> tuple[Ints, Ints]:
    """Return the pair of cell and origin of each row, and the first row of each pair."""
    new = np.ones(len(rows), dtype=bool)
    new[1:] = (rows.cell[1:] != rows.cell[:-1]) | (rows.origin[1:] != rows.origin[:-1])
    return np.cumsum(new) - 1, np.flatnonzero(new)


def _rhythm(sold: Bools, known: Bools, cell: Ints, rows: Rows) -> dict[str, Floats]:
    """Return how often the cell sold every second, every fourth week before the target week."""
    columns = {}
    for period, most in RHYTHMS.items():
        sales, weeks = np.zeros((2, len(rows)))
        for step in range(1, most + MOST_SKIPPED // period + 1):
            week = rows.target - period * step
            there = (week >= 0) & (week <= rows.origin) & (weeks < most)
            at = (cell, np.where(there, week, 0))
            there &= known[at]
            weeks += there
            sales += there & sold[at]
        columns[f"every_{period}_weeks"] = ratio(sales, weeks)
    return columns


def _year_ago(
    units: Floats, known: Bools, cell: Ints, rows: Rows, scale: Floats
) -> dict[str, Floats]:
    """Return demand in the weeks around the target week, a year before it."""
    columns: dict[str, Floats] = {}
    for lag in YEAR_LAGS:
        week = rows.target - lag
        there = (week >= 0) & (week <= rows.origin)
        at = (cell, np.where(there, week, 0))
        columns[f"year_ago_{lag}"] = np.where(there & known[at], units[at] * scale, np.nan)
    for years in (1, 2):
        sales, weeks = np.zeros((2, len(rows)))
        for lag in (-1, 0, 1):
            week = rows.target - years * YEAR + lag
            there = (week >= 0) & (week <= rows.origin)
            at = (cell, np.where(there, week, 0))
            there &= known[at]
            weeks += there
            sales += there & (units[at] > 0)
        columns[f"sale_share_{years}_years_ago"] = ratio(sales, weeks)
    return columns


def _group_columns(panel: Panel, pools: Pools, rows: Rows, scale: Floats) -> dict[str, Floats]:
    """Return how the row's item has been selling, and what its groups sold a year ago.

    The latest weeks of the network, a region or a category are left out: so few values a week
    stand for the week itself, and trees learn its shocks by heart (docs/forecast.md, section 3).
    """
    codes = panel.codes
    own = {
        "item": (pools.item, codes.item),
        "region": (pools.region, codes.region),
        "category": (pools.category, codes.category),
    }
    columns: dict[str, Floats] = {}
    for name, (group, code) in own.items():
        columns[f"{name}_season"] = _season(group, code[rows.cell], rows)
    item, region = codes.item[rows.cell], codes.region[rows.cell]
    for weeks, trend in pools.item.trends.items():
        columns[f"item_last_{weeks}"] = trend[item, rows.origin]
    columns["pool_level"] = _pooled(pools.units, item, region, rows) * scale
    columns["pool_chance"] = _pooled(pools.sales, item, region, rows)
    columns["item_sale_share_13"] = pools.item.share_of_quarter[item, rows.origin]
    return columns


def _pooled(level: PoolLevel, item: Ints, region: Ints, rows: Rows) -> Floats:
    pooled: Floats = level.item[item, rows.origin] * level.region_ratio[region, rows.origin]
    return pooled


def _season(group: Group, code: Ints, rows: Rows) -> Floats:
    """Return the group's sales around the target week a year ago, against that year's mean."""
    week = rows.target - 52 + 1
    there = (week >= 2) & (week <= rows.origin)
    at = (code, np.where(there, week, 0))
    return np.where(there, group.season[at], np.nan)
