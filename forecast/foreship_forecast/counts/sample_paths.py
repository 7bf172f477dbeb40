"""Joint sample paths: weeks and cells move together, and each keeps its own distribution exactly.

Scores of weeks and cells are drawn from `Dependence` (docs/forecast.md, eqs. 16 and 29). Within
each cell and week the S scores are replaced by their ranks, u = (rank + v) / S with one v for
all, and D = #{k : p_k > 1 - u} (eq. 17): path frequencies meet p_k to 1 / S while the order of
the scenarios, which carries the dependence, stays as drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship_forecast.counts.dependence import Dependence
from foreship_forecast.counts.distribution import DemandDistribution
from foreship_forecast.counts.draws import Draws
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.errors import ForecastError, TableFault
from foreship_forecast.tables import PATH_COLUMNS
from foreship_foundation.arrays import Days, Floats, Ids, Ints
from foreship_foundation.blocks import Across, in_turn, rows_of_block, stretches
from foreship_foundation.paths.packed import PackedUnits, cells_a_frame
from foreship_foundation.paths.path_units import Units, of_all, pieces_of
from foreship_foundation.tables.output_files import SCENARIO_COUNT
from foreship_foundation.tables.ranges import LARGEST_WEEK
from foreship_foundation.telling.progress import pieces
from foreship_foundation.telling.words import plural

__all__ = ["PathDraws", "SamplePaths", "in_drawn_order", "sample_paths"]

ORDER_SIZE: Final = "order_size"
BLOCK_COUNTS = 4_000_000
"""counts turned into rows at a time: bounds memory, never changes the answer"""
BLOCK_DRAWS = 500_000
"""counts drawn at a time: few enough to stay at hand from their hashes to their order"""


@dataclass(frozen=True)
class SamplePaths:
    """S joint scenarios of the demand of C cells over H weeks.

    **Invariants:** cells are sorted by (region, item); all scenarios are equally likely.
    """

    region: Ids
    """shape (C,)"""
    item: Ids
    """shape (C,)"""
    weeks: Days
    """Mondays, shape (H,)"""
    units: Units
    """units ordered, shape (C, H, S)"""
    order_sizes: Floats | None = None
    """units of a usual order of each cell, shape (C,); None where nobody looked"""

    def to_frame(self, *, begins: bool = True, coded: bool = False) -> pd.DataFrame:
        """Return a row for each cell, week and scenario (0, 1, ..) with at least one unit.

        Rows of 0 units stand where a cell, a week or a scenario would not occur otherwise: each
        cell's first week in scenario 0; in the first cell also all weeks of scenario 0 and all
        scenarios of the first week. `attrs["scenarios"]` holds S, for a frame of which rows are
        taken out; a column `order_size` the size of a usual order, where it is known.

        Parameters
        ----------
        begins
            False for a later piece of a longer frame, whose first cell stands in another piece.
        coded
            Whether ids are categories, which cost no text a row.
        """
        told = self.units > 0
        told[:, :1, :1] = True
        if begins:
            told[:1, :1] = True
            told[:1, :, :1] = True
        at = np.flatnonzero(told)
        row, scenario = _parted(at, max(told.shape[2], 1))
        cell, week = _parted(row, max(told.shape[1], 1))
        region, item = self.region, self.item
        found = (
            pd.Categorical(region).take(cell) if coded else region[cell],
            pd.Categorical(item).take(cell) if coded else item[cell],
            self.weeks.astype("datetime64[s]")[week],
            scenario,
            self.units.ravel()[at].astype(np.int64),
        )
        frame = pd.DataFrame(dict(zip(PATH_COLUMNS, found, strict=True)), copy=False)
        if self.order_sizes is not None:
            frame[ORDER_SIZE] = self.order_sizes[cell]
        frame.attrs[SCENARIO_COUNT] = self.units.shape[2]
        return frame

    def part(self, cells: slice) -> SamplePaths:
        """Return some of the cells."""
        sizes = None if self.order_sizes is None else self.order_sizes[cells]
        return SamplePaths(
            self.region[cells], self.item[cells], self.weeks, self.units[cells], sizes
        )

    @classmethod
    def from_frames(
        cls,
        frames: Iterable[pd.DataFrame],
        cells: pd.DataFrame,
        weeks: npt.ArrayLike,
        scenarios: int,
    ) -> SamplePaths:
        """Read back `to_frame`, in pieces; most weeks without a sale have no row there.

        Parameters
        ----------
        frames
            Pieces of `region, item, week, scenario, units` [`order_size`], scenarios counted from
            0.
        cells
            `region, item` of all cells.
        weeks
            All Mondays.
        scenarios
            Number of scenarios.
        """
        pairs = cells[["region", "item"]].astype(object).drop_duplicates()
        index = pd.MultiIndex.from_frame(pairs.sort_values(["region", "item"]))
        mondays = np.unique(np.asarray(weeks).astype("datetime64[D]"))
        units = np.zeros((len(index), len(mondays), scenarios), dtype=np.uint16)
        sizes, known = np.ones(len(index)), False
        for frame in frames:
            at = _cell_and_week(frame, index, mondays)
            units[*at, frame["scenario"].to_numpy()] = frame["units"].to_numpy()
            if ORDER_SIZE in frame.columns:
                sizes[at[0]], known = frame[ORDER_SIZE].to_numpy(), True
        region, item = (index.get_level_values(n).to_numpy(dtype=object) for n in range(2))
        return cls(region, item, mondays, units, sizes if known else None)

    def __str__(self) -> str:
        cells, weeks, scenarios = self.units.shape
        return (
            f"SamplePaths: {plural(cells, 'cell')} x {plural(weeks, 'week')} x "
            f"{plural(scenarios, 'scenario')}"
        )


def _parted(places: Ints, by: int) -> tuple[Ints, Ints]:
    """Return quotient and rest of places from 0 on; numpy's own divmod takes five times as long."""
    whole = places // by
    return whole, places - whole * by


def _cell_and_week(frame: pd.DataFrame, index: pd.MultiIndex, mondays: Days) -> tuple[Ints, Ints]:
    """Return the place of each row's cell and week; ForecastError where there is none."""
    cell = index.get_indexer(pd.MultiIndex.from_frame(frame[["region", "item"]].astype(object)))
    day = frame["week"].to_numpy().astype("datetime64[D]")
    week = np.minimum(np.searchsorted(mondays, day), len(mondays) - 1)
    if (cell < 0).any() or (mondays[week] != day).any():
        raise ForecastError("sample paths name a cell or week that the forecast does not hold")
    return cell, week


@dataclass(frozen=True)
class PathDraws:
    """Joint scenarios drawn on demand, one block of cells at a time.

    Iterating yields the blocks, memory bounded by `block_rows`. `packed` draws all of them once and
    keeps them packed as long as this value lives; blocks are then cut from it. A copy, here or in
    another process, comes without what is kept and draws for itself.

    **Invariants:** drawn again, the paths are the same; neither `block_rows` nor the order or the
    company of the cells changes a cell's paths.
    """

    distribution: DemandDistribution
    """marginals of C cells over H weeks"""
    dependence: Dependence
    """what cells and weeks have in common"""
    scenarios: int
    """number of scenarios S, at least 1"""
    seed: int
    """same seed and ids, same units"""
    block_rows: int
    """cells x weeks that a block holds, at least a cell's"""
    _kept: PackedUnits | None = field(default=None, init=False, repr=False, compare=False)
    """what `packed` has drawn"""

    def __iter__(self) -> Iterator[SamplePaths]:
        """Yield cells in their order, `block_rows` of cells x weeks at a time.

        Raises
        ------
        TableFault
            If a cell would sell more than 65,535 units a week, which the result cannot hold.
        """
        cells, weeks = self.distribution.shape
        blocks = pieces_of((cells, weeks, 1), self.block_rows)
        kept = self._kept
        if kept is None:
            return self._drawn_blocks(blocks)
        return (self._named(block, kept.of(np.arange(block.start, block.stop))) for block in blocks)

    def _drawn_blocks(self, blocks: list[slice]) -> Iterator[SamplePaths]:
        draws = self._draws()
        for block in pieces(blocks, "Drawing sample paths", len(blocks)):
            yield self._named(block, self._drawn(draws, np.arange(block.start, block.stop)))

    def _draws(self) -> Draws:
        said = self.distribution
        names = (said.region, said.item)
        return Draws(names, said.shape[1], self.dependence, self.scenarios, self.seed)

    def _named(self, block: slice, units: Units) -> SamplePaths:
        said = self.distribution
        sizes = None if said.order_sizes is None else said.order_sizes[block]
        return SamplePaths(said.region[block], said.item[block], said.weeks, units, sizes)

    def frames(self) -> Iterator[pd.DataFrame]:
        """Yield `to_frame` in coded pieces: at least one, in the order of the cells."""
        step = max(1, BLOCK_COUNTS // (self.distribution.shape[1] * self.scenarios))
        begins = True
        for paths in self if len(self.distribution.region) else [self.whole()]:
            for first in range(0, max(len(paths.region), 1), step):
                yield paths.part(slice(first, first + step)).to_frame(begins=begins, coded=True)
                begins = False

    def packed(self, across: Across = in_turn) -> PackedUnits:
        """Return the units of all cells, packed; drawn only the first time.

        Parameters
        ----------
        across
            Who draws the blocks of cells; it changes none of them.
        """
        if self._kept is None:
            cells, weeks = self.distribution.shape
            shape = (cells, weeks, self.scenarios)
            frame = cells_a_frame(shape)
            rows = rows_of_block(across, self.block_rows)
            blocks = stretches(cells, max(1, rows // (weeks * frame)) * frame)
            parts = [partial(self._of_cells, block) for block in blocks]
            drawn = pieces(
                across(PathDraws.as_one_block, parts), "Drawing sample paths", len(parts)
            )
            kept = PackedUnits.joined(drawn, shape, np.dtype(np.uint16))
            object.__setattr__(self, "_kept", kept)
        assert self._kept is not None
        return self._kept

    def as_one_block(self) -> PackedUnits:
        """Draw all cells at once, whatever `block_rows` says, and pack them."""
        cells, weeks = self.distribution.shape
        units = self._drawn(self._draws(), np.arange(cells))
        return PackedUnits.of_parts([units], (cells, weeks, self.scenarios), units.dtype)

    def _of_cells(self, cells: Ints) -> PathDraws:
        """Return what draws some of the cells alone."""
        return replace(self, distribution=self.distribution.part(cells))

    def whole(self) -> SamplePaths:
        """Return all cells at once, 2 C H S bytes, read-only; drawn only the first time."""
        units = of_all(self.packed())
        units.flags.writeable = False
        return self._named(slice(None), units)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the paths kept, which others draw for themselves."""
        return self.__dict__ | {"_kept": None}

    def _in_words(self, cells: Ints) -> str:
        """Name the first of the cells that would sell more units a week than are counted."""
        said, several = self.distribution, len(np.unique(cells))
        more = f" and {plural(several - 1, 'cell')} more" if several > 1 else ""
        return (
            f"orders: item {said.item[cells[0]]} in {said.region[cells[0]]}{more} would sell "
            f"{LARGEST_WEEK:,} units a week or more in some scenario; check the quantities of its "
            "orders, or state them in larger units (cases, hundreds)"
        )

    def _drawn(self, draws: Draws, block: Ints) -> Units:
        """Return eq. 17 for some cells, shape (cells, H, S)."""
        weeks, law = draws.weeks, self.distribution.law
        units = np.empty((len(block), weeks, self.scenarios), dtype=np.uint16)
        # item by item, so that an item's own factor is drawn once a block
        order = np.argsort(draws.item_code[block], kind="stable")
        step = max(1, BLOCK_DRAWS // (weeks * self.scenarios))
        for first in range(0, len(block), step):
            some = order[first : first + step]
            cells = block[some]
            rows = (cells[:, None] * weeks + np.arange(weeks)).ravel()
            try:
                counts = _sorted_counts(law.part(rows), draws.start(cells), self.scenarios)
            except _BeyondCountError as error:
                raise TableFault([self._in_words(cells[error.rows // weeks])]) from None
            units[some] = in_drawn_order(counts, draws, cells)
        return units


class _BeyondCountError(Exception):
    """Rows of a law that would sell more units a week than are counted."""

    def __init__(self, rows: Ints) -> None:
        self.rows = rows
        super().__init__(rows)


def in_drawn_order(counts: Units, draws: Draws, cells: Ints) -> Units:
    """Return counts in ascending order in the order of their scores, eq. 17.

    Parameters
    ----------
    counts
        Of each stratum, week by week within a cell, shape (cells x weeks, S).
    draws, cells
        Whose scores, and which of its cells.

    Returns
    -------
    Units, shape (cells, weeks, S).
    """
    place = np.argsort(draws.scores(cells).reshape(counts.shape), axis=1)
    place += np.arange(0, counts.size, max(counts.shape[1], 1))[:, None]
    drawn = np.empty_like(counts)
    drawn.reshape(-1)[place] = counts
    return drawn.reshape(len(cells), draws.weeks, draws.scenarios)


def sample_paths(
    distribution: DemandDistribution, dependence: Dependence, scenarios: int, seed: int
) -> SamplePaths:
    """Draw joint scenarios of all cells at once; parameters and errors as in `PathDraws`."""
    rows = max(distribution.shape[0] * distribution.shape[1], 1)
    return PathDraws(distribution, dependence, scenarios, seed, rows).whole()


def _sorted_counts(law: CountLaw, start: Floats, scenarios: int) -> Units:
    """Return eq. 17 at each stratum in ascending order, shape (N, scenarios).

    Of the strata j = 0 .. S - 1, those with (j + v) / S > 1 - p_k sell a k-th unit: fewer and fewer
    with k, always the last ones.
    """
    counts = np.zeros((len(law), scenarios), dtype=np.uint16)
    reached = np.zeros(len(law), dtype=bool)
    for each in law.walk():
        limit = scenarios * (1.0 - each.survival) - start[each.rows]
        sells = scenarios - 1 - np.clip(np.floor(limit), -1, scenarios - 1).astype(np.int64)
        counts[each.rows] += _risen(sells, scenarios)
        if each.first + len(each.survival) > LARGEST_WEEK:
            reached[each.rows[sells[-1] > 0]] = True
    if reached.any():
        raise _BeyondCountError(np.flatnonzero(reached))
    if law.lot is None:
        return counts
    units = counts * law.lot[:, None]
    above = units.max(axis=1, initial=0) > LARGEST_WEEK
    if above.any():
        raise _BeyondCountError(np.flatnonzero(above))
    return units.astype(np.uint16)


def _risen(sells: Ints, scenarios: int) -> Units:
    """Return by how much each stratum has risen, shape (N, S).

    Parameters
    ----------
    sells
        How many of the last strata rise by a first, a second, .. one, never more, shape (m, N).
    """
    steps, rows = sells.shape
    lasts = np.empty((rows, steps + 1), dtype=np.int64)
    lasts[:, 0] = scenarios
    lasts[:, 1:] = sells.T
    # of each row so many stay where they are, rise by one, by two ..
    lasts[:, :-1] -= lasts[:, 1:]
    risen = np.tile(np.arange(steps + 1, dtype=np.uint16), rows)
    return np.repeat(risen, lasts.ravel()).reshape(rows, scenarios)
