"""Joint sample paths of weekly demand: the only forecast that this room asks for.

A path may be cut inside a week: the part of a week's demand D that falls before the
fraction f of the week is floor(D f + u), with u in [0, 1) fixed per cell, week and scenario
by a hash of their ids (equation 1 of docs/value.md). The expectation is exact, the cut
grows with f, and neither the order of the rows nor the size of a block changes it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship_foundation.arrays import Days, Ids
from foreship_foundation.bounds import MOST_IN_CELL
from foreship_optimize.errors import TableFault

__all__ = ["DemandScenarios"]

Ints = npt.NDArray[np.integer[Any]]

WEEK_DAYS: Final = 7
MOST_WEEKS: Final = 104
"""weeks ahead that a plan looks at"""
COLUMNS: Final = ("region", "item", "week", "scenario", "units")
SHOWN_ROWS: Final = 5
GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)


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
    units: Ints
    """demand in units, shape (C, H, S)"""
    notes: tuple[str, ...] = field(default=())
    """what was left out while reading, one sentence each"""

    def __post_init__(self) -> None:
        cells, weeks = len(self.region), len(self.weeks)
        shape = self.units.shape
        if len(self.item) != cells or shape[:2] != (cells, weeks) or len(shape) != 3:
            raise ValueError(
                f"units must have shape (cells, weeks, scenarios) = ({cells}, {weeks}, S); "
                f"is {shape}, with {len(self.item)} items"
            )
        if weeks == 0 or shape[2] == 0:
            raise ValueError("demand needs at least one week and one scenario")
        if not np.issubdtype(self.units.dtype, np.integer):
            raise ValueError(f"units must be whole numbers, not {self.units.dtype}")
        if (np.diff(self.weeks.astype("datetime64[D]")).astype(np.int64) != WEEK_DAYS).any():
            raise ValueError("weeks must be consecutive, seven days apart")
        self._sort_cells()

    def _sort_cells(self) -> None:
        """Bring the cells into canonical order, inside a frozen dataclass."""
        region = np.asarray(self.region, dtype=object)
        item = np.asarray(self.item, dtype=object)
        order = np.lexsort((_codes(item), _codes(region)))
        if (order[1:] < order[:-1]).any():
            region, item = region[order], item[order]
            object.__setattr__(self, "units", self.units[order])
        object.__setattr__(self, "region", region)
        object.__setattr__(self, "item", item)
        object.__setattr__(self, "weeks", self.weeks.astype("datetime64[D]"))
        same = (region[1:] == region[:-1]) & (item[1:] == item[:-1])
        if same.any():
            first = int(np.flatnonzero(same)[0])
            raise ValueError(f"cell ({region[first]}, {item[first]}) is named twice")

    @property
    def scenarios(self) -> int:
        """Number of paths S."""
        return int(self.units.shape[2])

    @property
    def horizon_days(self) -> int:
        """Days from `as_of` that the paths cover."""
        return WEEK_DAYS * len(self.weeks)

    @classmethod
    def from_frame(
        cls, frame: pd.DataFrame, as_of: pd.Timestamp, horizon: int | None = None
    ) -> DemandScenarios:
        """Read the contract's demand table: absent rows are 0 units.

        Parameters
        ----------
        frame
            `region, item, week, scenario, units`; scenarios are the ids that occur.
        as_of
            The Monday of the first week; rows of earlier weeks are left out and counted.
        horizon
            Weeks to keep; absent: up to the last week that occurs, 104 at most.

        Raises
        ------
        TableFault
            Naming every fault of the frame.
        """
        faults = _faults(frame)
        if faults:
            raise TableFault(faults)
        dates = pd.to_datetime(frame["week"]).to_numpy(dtype="datetime64[ns]")
        start = np.datetime64(as_of, "D")
        week = (dates.astype("datetime64[D]") - start).astype(np.int64) // WEEK_DAYS
        last = min(int(week.max(initial=0)) + 1, MOST_WEEKS) if horizon is None else horizon
        keep = (week >= 0) & (week < last)
        region, item, cell = _cells_of(frame)
        scenario, path = np.unique(_scenario_names(frame["scenario"]), return_inverse=True)
        units = np.zeros((len(region), max(last, 1), max(len(scenario), 1)), dtype=np.int32)
        units[cell[keep], week[keep], path[keep]] = frame["units"].to_numpy(np.int64)[keep]
        weeks = start + WEEK_DAYS * np.arange(max(last, 1))
        return cls(region, item, weeks, units, _notes_on_weeks(week, last, as_of))

    def demand_until(self, cells: Ints, day: int) -> npt.NDArray[np.int64]:
        """Demand from `as_of` until the start of `day` [units], shape (len(cells), S).

        Days beyond the horizon count as its end.
        """
        whole, rest = divmod(min(max(day, 0), self.horizon_days), WEEK_DAYS)
        total = self.units[cells, :whole].sum(axis=1, dtype=np.int64)
        if rest:
            total += self._part_of_week(cells, whole, rest)
        return np.asarray(total)

    def weekly_from(self, cells: Ints, day: int, count: int) -> npt.NDArray[np.int64]:
        """Demand of `count` weeks of seven days counted from `day`, shape (cells, count, S)."""
        first, rest = divmod(day, WEEK_DAYS)
        weekly = self.units[cells, first : first + count].astype(np.int64)
        if weekly.shape[1] < count:
            weekly = np.pad(weekly, ((0, 0), (0, count - weekly.shape[1]), (0, 0)))
        if not rest:
            return weekly
        for index in range(count + 1):
            if first + index >= len(self.weeks):
                break
            part = self._part_of_week(cells, first + index, rest)
            if index < count:
                weekly[:, index] -= part
            if index > 0:
                weekly[:, index - 1] += part
        return weekly

    def _part_of_week(self, cells: Ints, week: int, days: int) -> npt.NDArray[np.int64]:
        """Demand of the first `days` days of a week: floor(D f + u), equation 1."""
        demand = self.units[cells, week].ravel()
        part = np.zeros(len(demand), dtype=np.int64)
        some = np.flatnonzero(demand != 0)  # of nothing every part is nothing
        cell, scenario = np.divmod(some, self.scenarios)
        shift = _uniform_at(self._keys()[cells], week_number(self.weeks[week]), cell, scenario)
        part[some] = np.floor(demand[some] * (days / WEEK_DAYS) + shift).astype(np.int64)
        return part.reshape(-1, self.scenarios)

    def _keys(self) -> npt.NDArray[np.uint64]:
        """One hash a cell, from its ids alone."""
        keys = self.__dict__.get("_cell_keys")
        if keys is None:
            keys = _mix(_hash_of(self.region) + GOLDEN * _hash_of(self.item))
            object.__setattr__(self, "_cell_keys", keys)
        return np.asarray(keys)

    def block_shift(self, cells: Ints) -> npt.NDArray[np.float64]:
        """Uniform numbers in [0, 1) of a cell and scenario, for demand counted in blocks."""
        return _uniform(self._keys()[cells], 0, self.scenarios)

    def __str__(self) -> str:
        return (
            f"DemandScenarios: {len(self.region)} cells, {len(self.weeks)} weeks from "
            f"{self.weeks[0]}, {self.scenarios} scenarios, "
            f"{float(self.units.mean()):.3g} units a cell and week"
        )


def week_number(week: np.datetime64) -> int:
    """Days since 1970 of a week's Monday: the week's own key in the hash."""
    return int(week.astype("datetime64[D]").astype(np.int64))


def _codes(ids: Ids) -> npt.NDArray[np.int64]:
    """Rank of each id in plain text order."""
    return np.asarray(pd.factorize(ids, sort=True)[0], dtype=np.int64)


def _hash_of(ids: Ids) -> npt.NDArray[np.uint64]:
    """Hash text ids to 64 bits, the same on every machine and in every process."""
    code, names = pd.factorize(ids)
    digests = [hashlib.blake2b(str(name).encode(), digest_size=8).digest() for name in names]
    table = np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)
    return np.asarray(table[code]) if len(names) else np.empty(0, dtype=np.uint64)


def _mix(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Mix bits by the finaliser of splitmix64 (doi:10.1145/2660193.2660195)."""
    words = words.copy()
    words ^= words >> np.uint64(30)
    words *= np.uint64(0xBF58476D1CE4E5B9)
    words ^= words >> np.uint64(27)
    words *= np.uint64(0x94D049BB133111EB)
    words ^= words >> np.uint64(31)
    return words


def _uniform(keys: npt.NDArray[np.uint64], week: int, scenarios: int) -> npt.NDArray[np.float64]:
    """Uniform numbers in [0, 1), shape (cells, scenarios), fixed by cell, week and scenario."""
    cell, scenario = np.divmod(np.arange(len(keys) * scenarios), scenarios)
    return _uniform_at(keys, week, cell, scenario).reshape(len(keys), scenarios)


def _uniform_at(
    keys: npt.NDArray[np.uint64], week: int, cell: Ints, scenario: Ints
) -> npt.NDArray[np.float64]:
    """Return the same of some cells and scenarios, named by their positions."""
    row = _mix(keys + np.uint64(int(GOLDEN) * (week + 1) % 2**64))
    step = (scenario + 1).astype(np.uint64) * GOLDEN
    return (_mix(row[cell] + step) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _cells_of(frame: pd.DataFrame) -> tuple[Ids, Ids, npt.NDArray[np.int64]]:
    """Distinct cells in canonical order, and the cell of each row."""
    region, regions = pd.factorize(frame["region"].to_numpy(dtype=object), sort=True)
    item, items = pd.factorize(frame["item"].to_numpy(dtype=object), sort=True)
    pair, cell = np.unique(region.astype(np.int64) * len(items) + item, return_inverse=True)
    return regions[pair // len(items)], items[pair % len(items)], np.asarray(cell)


def _scenario_names(scenario: pd.Series[Any]) -> npt.NDArray[Any]:
    """Scenario ids as numbers where all are, else as text, so that they sort one way."""
    if pd.api.types.is_integer_dtype(scenario.dtype):
        return scenario.to_numpy(dtype=np.int64)
    return scenario.astype(str).to_numpy(dtype=object)


def _notes_on_weeks(week: npt.NDArray[np.int64], last: int, as_of: pd.Timestamp) -> tuple[str, ...]:
    """Say how many rows lie outside the weeks that are planned."""
    notes = []
    early, late = int((week < 0).sum()), int((week >= last).sum())
    if early:
        notes.append(f"{early} demand rows of weeks before {as_of.date()} are left out")
    if late:
        notes.append(f"{late} demand rows beyond the horizon of {last} weeks are left out")
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
    twice = frame.duplicated(list(COLUMNS[:4])).to_numpy()
    if not faults:
        faults += _say(frame, "scenario", twice, "names a region, item, week, scenario twice")
    return faults


def _say(frame: pd.DataFrame, column: str, bad: npt.NDArray[np.bool_], words: str) -> list[str]:
    """Name the first faulty rows and count the rest."""
    rows = np.flatnonzero(bad)
    faults = [
        f"table demand, row {row + 1}, column {column}: {frame[column].iloc[row]!r} {words}"
        for row in rows[:SHOWN_ROWS].tolist()
    ]
    if len(rows) > SHOWN_ROWS:
        faults.append(f"table demand, column {column}: {len(rows) - SHOWN_ROWS} more such rows")
    return faults
