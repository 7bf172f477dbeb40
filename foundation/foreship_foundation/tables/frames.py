"""Frames handed in by Python users: checked against the declaration, typed and filled, once.

Files are read by `foreship.ingest`, which knows lines and encodings; here a frame is there
already, and a fault names its table, row, column, value and what would be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools
from foreship_foundation.tables.declaration import WITHHELD, Column, Table, names_a_person
from foreship_foundation.tables.keys import combined_codes
from foreship_foundation.tables.typed_columns import TypedColumn, typed_column
from foreship_foundation.telling.near_names import nearest_of, not_used
from foreship_foundation.telling.words import listed, plural

__all__ = [
    "COPIES_ON_WRITE",
    "CompleteTables",
    "complete_frames",
    "misspelt_columns",
    "own_copy",
    "unknown_ids",
]

SHOWN_ROWS: Final = 5
COPIES_ON_WRITE: Final = int(pd.__version__.split(".", 1)[0]) >= 3
"""whether pandas copies what two frames share before one of them is written into"""


class CompleteTables(Mapping[str, pd.DataFrame]):
    """Frames that were checked, typed and filled: what is made of them need not ask again.

    **Invariants:** every table and column that the room reads is there; ids and texts are `str`,
    blank ones ""; dates are midnights without a time zone; units and flags are int64, other
    numbers float64.
    """

    def __init__(self, frames: Mapping[str, pd.DataFrame]) -> None:
        self._frames = dict(frames)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)


def own_copy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame that may be written into unseen by whoever holds the other one.

    From pandas 3 on nothing is copied before one of the two is written into.
    """
    return frame.copy(deep=not COPIES_ON_WRITE)


def complete_frames(
    tables: Mapping[str, pd.DataFrame], reads: Mapping[str, Table], needed: Iterable[str]
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Type and fill the tables that a room reads, and gather every fault each has by itself.

    Parameters
    ----------
    tables
        Frames by contract name; none is changed, others than those of `reads` are left alone.
    reads
        The tables with the columns that are read.
    needed
        Tables that must be there; any other one may be absent, and is then empty.

    Returns
    -------
    A frame for each table of `reads`, and one sentence a fault; with a fault the frames are not
    to be used.
    """
    faults = [f"table {name} is missing" for name in needed if tables.get(name) is None]
    frames: dict[str, pd.DataFrame] = {}
    for name, table in reads.items():
        given = tables.get(name)
        absent = pd.DataFrame({each: [] for each in table.names}, dtype=object)
        frames[name], found = _complete(absent if given is None else given, table)
        faults += found
    return frames, faults


def misspelt_columns(
    tables: Mapping[str, pd.DataFrame], contract: Mapping[str, Table]
) -> list[str]:
    """Say which columns of frames may be meant for one of the contract that is not there.

    An optional column with a wrong name would silently be absent. Columns that are near none are
    nobody's business here: a frame may have more than a room reads.
    """
    said = []
    for name in sorted(tables.keys() & contract.keys()):
        columns, known = list(map(str, tables[name].columns)), contract[name].names
        absent = [each for each in known if each not in columns]
        near = [each for each in columns if each not in known and nearest_of(each, absent)]
        if near:
            said.append(f"{name}: " + "; ".join(not_used(near, absent)))
    return said


def _complete(frame: pd.DataFrame, table: Table) -> tuple[pd.DataFrame, list[str]]:
    """Return one table typed and filled, and its faults."""
    typed = {
        each.name: typed_column(frame.get(each.name, _nothing(len(frame))), each)
        for each in table.columns
    }
    faults: list[str] = []
    for column in table.columns:
        if column.name in frame.columns:
            bad, right = _at_fault(column, typed), typed[column.name].right
            faults += _say(table, column.name, frame[column.name], bad, f"must be {right}")
        elif column.required:
            faults.append(_missing(table, column.name, frame))
    rows = pd.RangeIndex(len(frame))
    shares = COPIES_ON_WRITE and frame.index.equals(rows)
    columns = {
        name: frame[name] if shares and _is_typed(frame, name, one) else one.values
        for name, one in typed.items()
    }
    whole = pd.DataFrame(columns, index=rows, copy=not shares)
    return whole, faults or _named_twice(table, whole, typed)


def _is_typed(frame: pd.DataFrame, name: str, one: TypedColumn) -> bool:
    """Tell whether a column of numbers is typed already: of many rows none is held twice then."""
    if name not in frame.columns or one.values.dtype.kind not in "if":
        return False
    given = frame[name]
    return given.dtype == one.values.dtype and bool(
        np.array_equal(given.to_numpy(), np.asarray(one.values), equal_nan=True)
    )


def _missing(table: Table, column: str, frame: pd.DataFrame) -> str:
    """Say that a column is missing, and which one may be it."""
    meant = nearest_of(column, [str(each) for each in frame.columns if each not in table.names])
    hint = "" if meant is None else f"; is it {meant!r}? then call it {column!r}"
    return f"table {table.name}: column {column} is missing{hint}"


def _nothing(rows: int) -> pd.Series[Any]:
    """Return a column of blanks."""
    return pd.Series([None] * rows, dtype=object)


def _at_fault(column: Column, typed: Mapping[str, TypedColumn]) -> Bools:
    """Tell in which rows a column holds what it does not admit, or is blank and may not be."""
    one = typed[column.name]
    if not column.required:
        return one.bad
    due = np.ones(len(one.blank), dtype=bool)
    if column.blank_where is not None:
        other, word = column.blank_where
        due = np.asarray(typed[other].values != word, dtype=bool)
    return one.bad | (one.blank & due)


def _named_twice(table: Table, frame: pd.DataFrame, typed: Mapping[str, TypedColumn]) -> list[str]:
    """Name rows whose key was there before."""
    if not table.key or not len(frame):
        return []
    key = list(table.key)
    codes = combined_codes((typed[name].comparable for name in key), len(frame))
    twice = pd.Series(codes).duplicated().to_numpy()
    if not twice.any():
        return []
    named = pd.Series([""] * len(frame), dtype=object)
    for row in np.flatnonzero(twice)[:SHOWN_ROWS].tolist():
        named[row] = " / ".join(_plain(value) for value in frame[key].iloc[row])
    return _say(table, " + ".join(key), named, twice, "must name each row once")


def unknown_ids(frames: Mapping[str, pd.DataFrame], reads: Mapping[str, Table]) -> list[str]:
    """Name ids that the table which declares them does not have.

    Parameters
    ----------
    frames
        Typed frames, one for each table of `reads`. A column is asked only where every table that
        may declare its ids is among them.
    """
    faults = []
    for name, table in reads.items():
        for column in table.columns:
            homes = [place.split(".") for place in column.refers]
            if not homes or any(home not in frames for home, _ in homes):
                continue
            ids = pd.unique(pd.concat([frames[home][key] for home, key in homes]))
            values = frames[name][column.name]
            bad = ~values.isin(ids).to_numpy() & (column.required | (values != "").to_numpy())
            words = "must be in " + listed((home for home, _ in homes), last="or")
            faults += _say(table, column.name, values, bad, words)
    return faults


def _say(table: Table, column: str, values: pd.Series[Any], bad: Bools, words: str) -> list[str]:
    """Return one sentence for each of the first faulty rows, then how many more there are."""
    rows = np.flatnonzero(bad)
    faults = [
        f"table {table.name}, row {row + 1}, column {column}: {_shown(values, row)} {words}"
        for row in rows[:SHOWN_ROWS].tolist()
    ]
    if len(rows) > SHOWN_ROWS:
        more = len(rows) - SHOWN_ROWS
        faults.append(f"table {table.name}, column {column}: {plural(more, 'more such row')}")
    return faults


def _shown(values: pd.Series[Any], row: int) -> str:
    (value,) = values.iloc[[row]].tolist()
    if names_a_person(value):
        return WITHHELD
    return "a blank" if pd.isna(value) or value == "" else repr(value)


def _plain(value: Any) -> str:
    if pd.isna(value) or value == "":
        return "blank"
    if names_a_person(value):
        return WITHHELD
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
