"""Joint sample paths of weekly demand: the only forecast that this room asks for.

A path may be cut inside a week: whole orders fall on days, each by itself (`days`, equation 1 of
docs/value.md). The cuts of a week agree with each other; neither names nor the order of rows nor
the size of a block changes them.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship_foundation.arrays import Days, Floats, Hashes, Ids
from foreship_foundation.bounds import MOST_IN_CELL
from foreship_foundation.paths.path_units import (
    ALL,
    LaidUnits,
    PathUnits,
    Units,
    of_all,
    path_units,
)
from foreship_foundation.tables.output_files import SCENARIO_COUNT
from foreship_foundation.telling.words import number, plural
from foreship_optimize.days.known_days import KnownDays
from foreship_optimize.days.orders_on_days import DaysOfCells, OrdersOnDays
from foreship_optimize.errors import TableFault

__all__ = ["DemandScenarios"]

Ints = npt.NDArray[np.integer[Any]]

WEEK_DAYS: Final = 7
MOST_WEEKS: Final = 104
"""weeks ahead that a plan looks at"""
COLUMNS: Final = ("region", "item", "week", "scenario", "units")
ORDER_SIZE: Final = "order_size"
SHOWN_ROWS: Final = 5
WHOLE_NUMBER: Final = re.compile("0|[1-9][0-9]{0,17}")


@dataclass(frozen=True)
class DemandScenarios:
    """Equally likely joint paths of weekly demand.

    **Invariants:** cells sorted by (region, item) and named once; weeks are consecutive
    Mondays, the first one `as_of`; units are whole and not negative.
    """

    region: Ids
    """region of each cell, shape (C,)"""
    item: Ids
    """item of each cell, shape (C,)"""
    weeks: Days
    """Monday of each week, shape (H,)"""
    paths: Units | PathUnits
    """demand in units, shape (C, H, S), however it is kept; read it by `units_of` or `pieces`"""
    notes: tuple[str, ...] = field(default=())
    """what was left out while reading, one sentence each"""
    order_sizes: Floats | None = None
    """units of a usual order of each cell, at least 1, shape (C,); absent: what the paths show"""
    _days: DaysOfCells = field(init=False, repr=False, compare=False)
    """on which days the orders of a week fall"""

    def __post_init__(self) -> None:
        cells, weeks = len(self.region), len(self.weeks)
        shape = self.paths.shape
        if len(self.item) != cells or shape[:2] != (cells, weeks) or len(shape) != 3:
            raise ValueError(
                f"units must have shape (cells, weeks, scenarios) = ({cells}, {weeks}, S); "
                f"is {shape}, with {plural(len(self.item), 'item')}"
            )
        if weeks == 0 or shape[2] == 0:
            raise ValueError("demand needs at least one week and one scenario")
        if not np.issubdtype(self.paths.dtype, np.integer):
            raise ValueError(f"units must be whole numbers, not {self.paths.dtype}")
        object.__setattr__(self, "paths", path_units(self.paths))
        if (np.diff(self.weeks.astype("datetime64[D]")).astype(np.int64) != WEEK_DAYS).any():
            raise ValueError("weeks must be consecutive, seven days apart")
        self._check_order_sizes()
        self._sort_cells()
        self._deal_days(named=False)

    def _deal_days(self, *, named: bool) -> None:
        """Set the law of equation 1, inside a frozen dataclass."""
        law = OrdersOnDays(self.kept, self.order_sizes, named=named)
        days = DaysOfCells(law, np.arange(len(self.region)), skipped=0)
        object.__setattr__(self, "_days", days)

    def _check_order_sizes(self) -> None:
        """Refuse sizes that are none: fewer than one unit, or not one a cell."""
        sizes = self.order_sizes
        if sizes is None:
            return
        if np.shape(sizes) != (len(self.region),) or not (np.asarray(sizes) >= 1.0).all():
            raise ValueError(
                f"order_sizes must be {plural(len(self.region), 'number')}, one a cell, each at "
                "least 1"
            )

    def _sort_cells(self) -> None:
        """Bring the cells into canonical order, inside a frozen dataclass."""
        region = np.asarray(self.region, dtype=object)
        item = np.asarray(self.item, dtype=object)
        order = np.lexsort((_codes(item), _codes(region)))
        if (order[1:] < order[:-1]).any():
            region, item = region[order], item[order]
            object.__setattr__(self, "paths", LaidUnits(self.kept, order))
            if self.order_sizes is not None:
                object.__setattr__(self, "order_sizes", np.asarray(self.order_sizes)[order])
        object.__setattr__(self, "region", region)
        object.__setattr__(self, "item", item)
        object.__setattr__(self, "weeks", self.weeks.astype("datetime64[D]"))
        same = (region[1:] == region[:-1]) & (item[1:] == item[:-1])
        if same.any():
            first = int(np.flatnonzero(same)[0])
            raise ValueError(f"cell ({region[first]}, {item[first]}) is named twice")

    @property
    def kept(self) -> PathUnits:
        """The units behind the one way of asking for them."""
        return path_units(self.paths)

    @property
    def units(self) -> Units:
        """All units as one array, shape (C, H, S): for tests, or where cells are few."""
        return of_all(self.kept)

    def units_of(self, cells: npt.ArrayLike, weeks: slice = ALL) -> Units:
        """Return the units of some cells and weeks in a row, shape (B, h, S)."""
        return self.kept.of(np.asarray(cells, dtype=np.int64), weeks)

    def pieces(self) -> Iterator[tuple[npt.NDArray[np.int64], Units]]:
        """Yield some cells by ascending place and their units, (B,) and (B, H, S); each once."""
        return self.kept.pieces()

    @cached_property
    def totals(self) -> npt.NDArray[np.int64]:
        """Units of all paths together by cell and week, shape (C, H): read once from end to end."""
        total = np.zeros(self.paths.shape[:2], dtype=np.int64)
        for cells, units in self.pieces():
            total[cells] = units.sum(axis=2, dtype=np.int64)
        return total

    @property
    def scenarios(self) -> int:
        """Number of paths S."""
        return int(self.paths.shape[2])

    @property
    def path_order(self) -> npt.NDArray[np.int64]:
        """Paths in an order in which scenario ids have no say, shape (S,)."""
        return self._days.law.path_order

    @property
    def horizon_days(self) -> int:
        """Days from `as_of` that the paths cover."""
        return WEEK_DAYS * len(self.weeks)

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        as_of: pd.Timestamp,
        horizon: int | None = None,
        scenarios: int | None = None,
    ) -> DemandScenarios:
        """Read the contract's demand table: absent rows are 0 units.

        Parameters
        ----------
        frame
            `region, item, week, scenario, units` [`order_size`].
        as_of
            The Monday of the first week; rows of earlier weeks are left out and counted.
        horizon
            Weeks to keep; absent: up to the last week that occurs, 104 at most.
        scenarios
            How many there are, numbered from 0; absent: as many as `frame.attrs["scenarios"]`
            says, which a frame of sample paths carries, else the ids that occur.

        Raises
        ------
        TableFault
            Naming every fault of the frame.
        """
        faults = _faults(frame) or _faults_of_count(frame, scenarios)
        if faults:
            raise TableFault(faults)
        dates = pd.to_datetime(frame["week"]).to_numpy(dtype="datetime64[ns]")
        start = np.datetime64(as_of, "D")
        week = (dates.astype("datetime64[D]") - start).astype(np.int64) // WEEK_DAYS
        last = min(int(week.max(initial=0)) + 1, MOST_WEEKS) if horizon is None else horizon
        keep = (week >= 0) & (week < last)
        region, item, cell = _cells_of(frame)
        count, path, gaps = _paths_of(frame, scenarios)
        units = np.zeros((len(region), max(last, 1), count), dtype=np.int32)
        units[cell[keep], week[keep], path[keep]] = frame["units"].to_numpy(np.int64)[keep]
        weeks = start + WEEK_DAYS * np.arange(max(last, 1))
        sizes = _order_sizes(frame, cell, len(region))
        made = cls(region, item, weeks, units, (*gaps, *_notes_on_weeks(week, last, as_of)), sizes)
        # scenarios that say how many they are, are numbered and keep their numbers
        made._deal_days(named=scenarios is None and SCENARIO_COUNT not in frame.attrs)
        return made

    @classmethod
    def on_days(cls, region: Ids, item: Ids, start: np.datetime64, daily: Ints) -> DemandScenarios:
        """Return a single, certain path whose units fall on known days.

        Parameters
        ----------
        region, item
            The cells, sorted by (region, item), (C,).
        start
            The first Monday.
        daily
            Units of each day from it on, whole weeks, shape (C, 7 H).

        Raises
        ------
        ValueError
            Where the cells are not sorted, beside what the class refuses.
        """
        weeks = start + WEEK_DAYS * np.arange(daily.shape[1] // WEEK_DAYS)
        weekly = daily.reshape(len(daily), -1, WEEK_DAYS).sum(axis=2).astype(np.int32)
        made = cls(region, item, weeks, weekly[:, :, None])
        if (made.region != region).any() or (made.item != item).any():
            raise ValueError("cells with known days must be sorted by region and item")
        days = DaysOfCells(KnownDays(daily.astype(np.int64)), np.arange(len(region)), skipped=0)
        object.__setattr__(made, "_days", days)
        return made

    def noting(self, notes: Sequence[str]) -> DemandScenarios:
        """Return the same paths, their weeks cut alike, with these notes before their own."""
        noted = copy.copy(self)
        object.__setattr__(noted, "notes", (*notes, *self.notes))
        return noted

    def of_cells(self, region: Ids, item: Ids, rows: Ints, skip: int) -> DemandScenarios:
        """Lay the paths out for other cells, and leave out the first weeks.

        Parameters
        ----------
        region, item
            The cells asked for, sorted by (region, item).
        rows
            Row of each one here; -1 for a cell without paths, whose demand counts as 0.
        skip
            Weeks left out.

        Returns
        -------
        Paths whose weeks are cut as they are here.
        """
        known = rows >= 0
        units = LaidUnits(self.kept, np.asarray(rows, dtype=np.int64), skip)
        laid = DemandScenarios(region, item, self.weeks[skip:], units)
        at = np.full(len(rows), -1, dtype=np.int64)
        at[known] = self._days.rows[rows[known]]
        days = DaysOfCells(self._days.law, at, self._days.skipped + skip)
        object.__setattr__(laid, "_days", days)
        return laid

    def block(self, cells: Ints) -> DemandScenarios:
        """Return the paths of some cells, ascending, with nothing of any other: fit to be sent.

        Their weeks are cut as they are here.
        """
        block, days = copy.copy(self), self._days.of_cells(cells)
        for name, value in (
            ("region", self.region[cells]),
            ("item", self.item[cells]),
            ("paths", days.units),
            ("notes", ()),
            ("order_sizes", None),
            ("_days", days),
        ):
            object.__setattr__(block, name, value)
        block.__dict__.pop("totals", None)
        return block

    def of_path(self, path: int) -> DemandScenarios:
        """Return one of the paths alone, as a certain one."""
        parts = (units[:, :, [path]] for _, units in self.pieces())
        return replace(self, paths=self.kept.kept_alike(parts, (*self.paths.shape[:2], 1)))

    def taking_part(self, share: Floats) -> DemandScenarios:
        """Return the demand of the orders that take part, whole, each with its cell's chance.

        Parameters
        ----------
        share
            In [0, 1], shape (C,).
        """
        law = self._days.law
        if self._days.skipped or len(law.sizes) != len(share):
            raise ValueError("orders take part before cells are laid out or weeks are left out")
        units = law.taking_part(np.asarray(share, dtype=np.float64), self.weeks[0])
        part = DemandScenarios(
            self.region, self.item, self.weeks, units, self.notes, order_sizes=law.sizes
        )
        part._deal_days(named=law.named)
        return part

    def demand_until(self, cells: Ints, day: int) -> Ints:
        """Demand from `as_of` until the start of `day` [units], shape (len(cells), S).

        Days beyond the horizon count as its end.
        """
        return self.until_days(cells, [day])[:, 0]

    def until_days(self, cells: Ints, days: Sequence[int]) -> Ints:
        """Demand from `as_of` until the start of each of some days, (len(cells), D, S) [units].

        Parameters
        ----------
        days
            Ascending; those beyond the horizon count as its end.
        """
        within = np.clip(np.asarray(days, dtype=np.int64), 0, self.horizon_days)
        return self._days.until(cells, self.weeks, within)

    def block_shift(self, cells: Ints) -> Floats:
        """Evenly spread numbers in [0, 1) of a cell and path, for demand counted in blocks."""
        return self._days.shift(cells)

    def spread(self, cells: Ints, content: Hashes, turn: Ints) -> Floats:
        """Evenly spread numbers in [0, 1) by cell and path, for what is drawn beside demand.

        Parameters
        ----------
        cells, content, turn
            The cells, a hash of what is drawn, and the how manieth of its cell it is, (B,) each.

        Returns
        -------
        Shape (B, S); a half where a cell has no paths, or one path alone.
        """
        return self._days.spread(cells, content, turn)

    def __str__(self) -> str:
        return (
            f"DemandScenarios: {plural(len(self.region), 'cell')}, "
            f"{plural(len(self.weeks), 'week')} from {self.weeks[0]}, "
            f"{plural(self.scenarios, 'scenario')}, "
            f"a mean of {number(float(self.totals.mean()) / self.scenarios, 3)} a cell and week"
        )


def _order_sizes(frame: pd.DataFrame, cell: Ints, cells: int) -> Floats | None:
    """Size of an order of each cell, where the table says it."""
    if ORDER_SIZE not in frame.columns:
        return None
    sizes, said = np.ones(cells), pd.to_numeric(frame[ORDER_SIZE]).to_numpy(np.float64)
    stated = ~np.isnan(said)
    sizes[cell[stated]] = said[stated]
    return sizes


def _codes(ids: Ids) -> npt.NDArray[np.int64]:
    """Rank of each id in plain text order."""
    return np.asarray(pd.factorize(ids, sort=True)[0], dtype=np.int64)


def _cells_of(frame: pd.DataFrame) -> tuple[Ids, Ids, npt.NDArray[np.int64]]:
    """Distinct cells in canonical order, and the cell of each row."""
    region, regions = pd.factorize(frame["region"].to_numpy(dtype=object), sort=True)
    item, items = pd.factorize(frame["item"].to_numpy(dtype=object), sort=True)
    pair, cell = np.unique(region.astype(np.int64) * len(items) + item, return_inverse=True)
    return regions[pair // len(items)], items[pair % len(items)], np.asarray(cell)


def _paths_of(frame: pd.DataFrame, scenarios: int | None) -> tuple[int, Ints, tuple[str, ...]]:
    """Return how many paths there are, the path of each row, and a note on ids that are absent."""
    names = _scenario_names(frame["scenario"])
    known = frame.attrs.get(SCENARIO_COUNT) if scenarios is None else scenarios
    if isinstance(known, int) and _numbered_within(names, known):
        return known, names, ()
    ids, path = np.unique(names, return_inverse=True)
    return len(ids), np.asarray(path), _note_on_gaps(ids)


def _note_on_gaps(ids: npt.NDArray[Any]) -> tuple[str, ...]:
    """Say that numbers are missing among the scenarios: outcomes without demand, perhaps."""
    absent = 0 if ids.dtype == object else int(ids[-1] - ids[0]) + 1 - len(ids)
    if not absent:
        return ()
    return (
        f"demand: {plural(len(ids), 'scenario occurs', 'scenarios occur')}, from {ids[0]} to "
        f"{ids[-1]}, and {plural(absent, 'number')} between not: if these are outcomes without any "
        "demand, give each a row of 0 units",
    )


def _scenario_names(scenario: pd.Series[Any]) -> npt.NDArray[Any]:
    """Scenario ids as numbers where all are, read from a file or not, so that they sort one way."""
    if pd.api.types.is_integer_dtype(scenario.dtype):
        return scenario.to_numpy(dtype=np.int64)
    codes, ids = pd.factorize(scenario.astype(str).to_numpy(dtype=object))
    if all(WHOLE_NUMBER.fullmatch(each) for each in ids):
        return np.asarray(ids.astype(np.int64)[codes])
    return np.asarray(ids[codes])


def _numbered_within(names: npt.NDArray[Any], count: int) -> bool:
    """Whether all scenarios are numbers from 0 to below `count`."""
    if names.dtype == object:
        return False
    return bool(((names >= 0) & (names < count)).all())


def _faults_of_count(frame: pd.DataFrame, scenarios: int | None) -> list[str]:
    """Refuse a number of scenarios that the ids of a frame do not fit."""
    if scenarios is None or _numbered_within(_scenario_names(frame["scenario"]), scenarios):
        return []
    words = (
        f"must be a number from 0 to {scenarios - 1}, since there are "
        f"{plural(scenarios, 'scenario')}"
    )
    return [f"table demand, column scenario: each {words}"]


def _notes_on_weeks(week: npt.NDArray[np.int64], last: int, as_of: pd.Timestamp) -> tuple[str, ...]:
    """Say how many rows lie outside the weeks that are planned."""
    notes = []
    early, late = int((week < 0).sum()), int((week >= last).sum())
    if early:
        notes.append(f"{plural(early, 'demand row')} of weeks before {as_of.date()} left out")
    if late:
        notes.append(
            f"{plural(late, 'demand row')} beyond the horizon of {plural(last, 'week')} left out"
        )
    return tuple(notes)


def _faults(frame: pd.DataFrame) -> list[str]:
    """Every fault of a demand table, one sentence each."""
    absent = [name for name in COLUMNS if name not in frame.columns]
    if absent:
        return [f"table demand: column {name} is missing" for name in absent]
    if not len(frame):
        return ["table demand has no row: at least one week and scenario is needed"]
    faults = []
    for name in ("region", "item"):
        texts = frame[name].to_numpy(dtype=object)
        bad = np.fromiter((not isinstance(x, str) or x == "" for x in texts), bool, len(texts))
        faults += _say(frame, name, bad, "must be text")
    dates = pd.to_datetime(frame["week"], errors="coerce")
    monday = (dates.dt.day_of_week == 0).to_numpy() & (dates == dates.dt.normalize()).to_numpy()
    faults += _say(frame, "week", ~monday, "must be a Monday")
    faults += _say(frame, "scenario", frame["scenario"].isna().to_numpy(), "must be there")
    units = pd.to_numeric(frame["units"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    whole = np.isfinite(units) & (units >= 0) & (units == np.floor(units)) & (units <= MOST_IN_CELL)
    faults += _say(frame, "units", ~whole, f"must be a whole number, 0 to {MOST_IN_CELL:,}")
    if ORDER_SIZE in frame.columns:
        faults += _faults_of_sizes(frame)
    twice = frame.duplicated(list(COLUMNS[:4])).to_numpy()
    if not faults:
        faults += _say(frame, "scenario", twice, "names a region, item, week, scenario twice")
    return faults


def _faults_of_sizes(frame: pd.DataFrame) -> list[str]:
    """Sizes of orders below one unit, and cells with two sizes."""
    said = frame[ORDER_SIZE]
    sizes = pd.to_numeric(said, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    bad = said.notna().to_numpy() & ~(np.isfinite(sizes) & (sizes >= 1.0))
    faults = _say(frame, ORDER_SIZE, bad, "must be a number, at least 1")
    if not faults:
        first = said.groupby([frame["region"], frame["item"]]).transform("first")
        other = (said != first).to_numpy() & said.notna().to_numpy()
        faults += _say(frame, ORDER_SIZE, other, "is another size than the cell's first row says")
    return faults


def _say(frame: pd.DataFrame, column: str, bad: npt.NDArray[np.bool_], words: str) -> list[str]:
    """Name the first faulty rows and count the rest."""
    rows = np.flatnonzero(bad)
    faults = [
        f"table demand, row {row + 1}, column {column}: {frame[column].iloc[row]!r} {words}"
        for row in rows[:SHOWN_ROWS].tolist()
    ]
    if len(rows) > SHOWN_ROWS:
        faults.append(
            f"table demand, column {column}: {plural(len(rows) - SHOWN_ROWS, 'more such row')}"
        )
    return faults
