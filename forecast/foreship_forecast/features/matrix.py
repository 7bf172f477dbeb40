"""Features of (cell, origin week, horizon) rows: what was known when the origin week ended.

Rolling columns are divided by the cell's trailing level, so that one booster serves slow and
fast cells alike (docs/forecast.md, section 3). Labels look forward from the origin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from foreship_forecast.features.known_ahead import Outlook
from foreship_forecast.features.rows import Rows
from foreship_forecast.history.entry import chance_of_entry
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Group, PoolLevel, Pools
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.history.sweeps import (
    carried,
    counted_first,
    ewm,
    gap_since,
    lagged,
    ratio,
    rolling_max,
    rolling_sum,
)
from foreship_foundation.arrays import Bools, Floats, Ints, Numbers, Singles

__all__ = ["Features", "Levels", "Table", "trailing_levels"]

WINDOWS = (4, 8, 13, 26, 52)
LINE_WINDOWS = (4, 13, 52)
LINE_SHARES = (0.05, 0.1, 0.3)
LAGS = 6
YEAR_LAGS = (53, 52, 51)
LOWEST_UNITS = 0.01
"""units a week under which the log level says nothing more"""
LOWEST_EXTRA = 0.05
"""units beyond the first under which a sale is as good as always one unit"""
CHANCES = (0.002, 0.98)
"""range of the chance of a sale that histories of some years can tell apart"""
SHRINK_WEEKS = 2.0
"""weeks of the pooled level that a cell's own means are mixed with"""
SHRINK_SALES = 2.0
"""sale weeks of the pool that a cell's own mean size is mixed with"""
STEPS = 4
"""steps towards the chance of a sale that equation 46 is met with"""
BLOCK_VALUES = 400_000
"""cell-weeks swept at a time; bounds memory, never changes a value"""


@dataclass(frozen=True)
class Levels:
    """The level of each row's own recent past; the boosters learn departures from it."""

    units: Floats
    """units a week, shape (N,)"""
    chance: Floats
    """chance of at least one unit in a week"""
    extra: Floats
    """mean units beyond the first in a week with a sale"""


@dataclass(frozen=True)
class Table:
    """Input of the boosters: a float32 matrix with named columns, and each row's levels."""

    matrix: Singles
    """shape (N, F), NaN where masked"""
    names: tuple[str, ...]
    levels: Levels


@dataclass(frozen=True)
class Features:
    """All features that rows can ask for, from one snapshot."""

    panel: Panel
    pools: Pools
    outlook: Outlook

    @classmethod
    def of(cls, snapshot: Snapshot, panel: Panel, horizon_weeks: int) -> Features:
        """Prepare the group levels and what is known of coming weeks."""
        return cls(panel, Pools.of(panel), Outlook.of(snapshot, panel, horizon_weeks))

    def table(self, rows: Rows) -> Table:
        """Compute all columns for some rows; a block of cells at a time."""
        if not len(rows):
            raise ValueError("no rows to compute features of")
        matrix: Singles | None = None
        levels = Levels(*(np.empty(len(rows)) for _ in range(3)))
        names: tuple[str, ...] = ()
        for part, columns, here in self._blocks(rows):
            if matrix is None:
                names = tuple(columns)
                matrix = np.empty((len(rows), len(names)), dtype=np.float32)
            for position, column in enumerate(columns.values()):
                matrix[part, position] = column
            levels.units[part], levels.chance[part], levels.extra[part] = here
        assert matrix is not None
        return Table(matrix, names, levels)

    def levels(self, rows: Rows) -> Levels:
        """Compute only the levels of some rows."""
        levels = Levels(*(np.empty(len(rows)) for _ in range(3)))
        for part, cells, at in self._cell_blocks(rows):
            here = _block_levels(self.panel, self.pools, cells)
            levels.units[part], levels.chance[part], levels.extra[part] = (x[at] for x in here)
        return levels

    def _blocks(
        self, rows: Rows
    ) -> Iterator[tuple[slice, dict[str, Floats], tuple[Floats, Floats, Floats]]]:
        for part, cells, at in self._cell_blocks(rows):
            here = rows.part(part)
            known = self.panel.counted(cells)
            units = self.panel.wanted[cells].astype(np.float64)
            level, chance, extra = (x[at] for x in _block_levels(self.panel, self.pools, cells))
            scale = 1.0 / level
            own, now = _counted_weeks(known, at)
            columns = {
                "horizon": here.horizon.astype(np.float64),
                "log_level": np.log(level),
                "chance_level": chance,
                "extra_level": np.log(extra),
            }
            past, seen = own(units), own(known).astype(bool)
            columns |= {name: values[now] * scale for name, values in _scaled(past, seen)}
            columns |= {name: values[now] for name, values in _plain(past, seen)}
            lines = own(self.panel.lines[cells].astype(np.float64))
            columns |= {name: values[now] for name, values in _line_columns(lines, seen)}
            columns |= _year_ago(units, known, at[0], here, scale)
            columns |= _group_columns(self.panel, self.pools, here, scale)
            columns |= self.outlook.columns(here)
            yield part, columns, (level, chance, extra)

    def _cell_blocks(self, rows: Rows) -> Iterator[tuple[slice, slice, tuple[Ints, Ints]]]:
        cells, weeks = self.panel.shape
        step = max(1, BLOCK_VALUES // weeks)
        for first in range(0, cells, step):
            block = slice(first, min(first + step, cells))
            low, high = np.searchsorted(rows.cell, [block.start, block.stop])
            if low < high:
                part = slice(int(low), int(high))
                yield part, block, (rows.cell[part] - first, rows.origin[part])


def trailing_levels(
    units: Floats, known: Bools, pooled_units: Floats, pooled_sales: Floats, tries: Ints
) -> tuple[Floats, Floats, Floats]:
    """Return eqs. 4-6: units a week, chance of a sale, units beyond the first, (C, W) each.

    A cell's own counts are multiplied by the chance that it is here at all (eq. 46).
    The first two blend the means of the last 13 and 52 known weeks with an exponentially
    weighted one, each mixed with `SHRINK_WEEKS` of the pooled level.
    """
    sold = units > 0
    own_units, pooled = _blend(units, known, pooled_units)
    own_sales, pooled_chance = _blend(sold, known, pooled_sales)
    chance = np.clip(own_sales + pooled_chance, *CHANCES)
    there = np.ones(chance.shape)
    for _ in range(STEPS):
        there = chance_of_entry(chance, tries)
        chance = np.clip(there * own_sales + pooled_chance, *CHANCES)
    level = np.maximum(there * own_units + pooled, LOWEST_UNITS)
    pooled_extra = np.maximum(pooled_units / np.maximum(pooled_sales, 1e-9) - 1.0, 0.0)
    sales = rolling_sum(sold, 52)
    beyond = rolling_sum(units, 52) - sales
    extra = (beyond + SHRINK_SALES * pooled_extra) / (sales + SHRINK_SALES)
    return level, chance, np.maximum(extra, LOWEST_EXTRA)


def _blend(counts: Numbers, known: Bools, pool: Floats) -> tuple[Floats, Floats]:
    """Return eq. 4 in two parts: of the cell's own counts, and of its pool."""
    above, below = ewm(counts, known, 0.1)
    own = 0.2 * above / (below + 0.1 * SHRINK_WEEKS)
    weight = 0.2 * 0.1 / (below + 0.1 * SHRINK_WEEKS)
    for window in (13, 52):
        weeks = rolling_sum(known, window) + SHRINK_WEEKS
        own += 0.4 * rolling_sum(counts, window) / weeks
        weight += 0.4 / weeks
    return own, SHRINK_WEEKS * weight * pool


def _block_levels(panel: Panel, pools: Pools, cells: slice) -> tuple[Floats, Floats, Floats]:
    units = panel.wanted[cells].astype(np.float64)
    pooled = (pools.units.of_cells(panel, cells), pools.sales.of_cells(panel, cells))
    counted = panel.counted(cells)
    return trailing_levels(units, counted, *pooled, panel.tries(counted.cumsum(axis=1), cells))


def _counted_weeks(
    known: Bools, at: tuple[Ints, Ints]
) -> tuple[Callable[[Numbers], Floats], tuple[Ints, Ints]]:
    """Return what lays a block out by counted weeks, and where its rows then stand.

    A cell's clock ticks in counted weeks: a week sold out or closed is no gap in its columns. Trees
    take a blank in a column that had none while they learned for zero, so that a cell sold out for
    a month would seem to have sold nothing. The first column is blank, for rows before all others.
    """
    order, place = counted_first(known)

    def own(values: Numbers) -> Floats:
        laid: Floats = np.take_along_axis(values, order, axis=1).astype(np.float64)
        return np.pad(laid, ((0, 0), (1, 0)))

    return own, (at[0], place[at] + 1)


def _scaled(units: Floats, known: Bools) -> Iterator[tuple[str, Floats]]:
    """Yield the columns in units a week, to be divided by the level."""
    seen = np.where(known, units, np.nan)
    for lag in range(LAGS):
        yield f"lag_{lag}", lagged(seen, lag)
    highest = rolling_max(units, WINDOWS)
    for window in WINDOWS:
        weeks = rolling_sum(known, window)
        mean = ratio(rolling_sum(units, window), weeks)
        square = ratio(rolling_sum(units * units, window), weeks)
        yield f"mean_{window}", mean
        yield f"sd_{window}", np.sqrt(np.maximum(square - mean * mean, 0.0))
        yield f"max_{window}", np.where(weeks > 0, highest[window], np.nan)
    for share in (0.1, 0.3):
        yield f"ewm_{share}", ratio(*ewm(units, known, share))


def _plain(units: Floats, known: Bools) -> Iterator[tuple[str, Floats]]:
    """Yield the columns without a unit, or that keep theirs."""
    sold = units > 0
    for window in WINDOWS:
        weeks = rolling_sum(known, window)
        yield f"sale_share_{window}", ratio(rolling_sum(sold, window), weeks)
    yield "sale_share_ewm", ratio(*ewm(sold, known, 0.1))
    yield "weeks_since_sale", gap_since(sold, known)
    yield "units_a_sale_week", ratio(rolling_sum(units, 52), rolling_sum(sold, 52))


def _line_columns(lines: Floats, known: Bools) -> Iterator[tuple[str, Floats]]:
    """Yield order lines a week: how often somebody buys, however much."""
    yield "lines_last", np.where(known, lines, np.nan)
    for window in LINE_WINDOWS:
        yield f"lines_{window}", ratio(rolling_sum(lines, window), rolling_sum(known, window))
    for share in LINE_SHARES:
        yield f"lines_ewm_{share}", ratio(*ewm(lines, known, share))


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
    for name, trend in _trends(pools.item):
        columns[f"item_{name}"] = carried(trend)[item, rows.origin]
    columns["pool_level"] = _pooled(pools.units, item, region, rows) * scale
    columns["pool_chance"] = _pooled(pools.sales, item, region, rows)
    columns["item_sale_share_13"] = carried(pools.item.share(13))[item, rows.origin]
    return columns


def _pooled(level: PoolLevel, item: Ints, region: Ints, rows: Rows) -> Floats:
    pooled: Floats = level.item[item, rows.origin] * level.region_ratio[region, rows.origin]
    return pooled


def _trends(group: Group) -> Iterator[tuple[str, Floats]]:
    year = group.rate(52)
    yield "last_1", ratio(group.rate(1), year)
    yield "last_4", ratio(group.rate(4), year)
    yield "last_13", ratio(group.rate(13), year)


def _season(group: Group, code: Ints, rows: Rows) -> Floats:
    """Return the group's sales around the target week a year ago, against that year's mean."""
    week = rows.target - 52 + 1
    there = (week >= 2) & (week <= rows.origin)
    at = (code, np.where(there, week, 0))
    return np.where(there, ratio(group.rate(3), group.rate(52))[at], np.nan)
