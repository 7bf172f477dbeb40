"""A table as read, before any column is interpreted: Arrow columns and row numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from foreship.errors import Fault, InputError
from foreship_foundation.tables.declaration import WITHHELD, names_a_person
from foreship_foundation.telling.words import listed, plural

if TYPE_CHECKING:
    from foreship.ingest.distinct import Values

__all__ = ["MAX_COLUMNS", "Numbering", "RawTable", "Sought", "refuse", "refuse_header"]

MAX_COLUMNS = 500


@dataclass(frozen=True)
class Sought:
    """Which columns of a file are read, under the user's own names."""

    names: frozenset[str]
    required: tuple[str, ...] = ()
    """those that must be there"""

    def is_header(self, values: Sequence[str]) -> bool:
        """Whether a line holds the name of every column that must be there."""
        return bool(self.required) and set(self.required) <= set(self.headings(values))

    def headings(self, values: Sequence[str]) -> list[str]:
        """Return the names of a header; blanks around one that is read are no part of it."""
        bare = [each.strip() for each in values]
        taken = set(values)
        return [
            short if short in self.names and short not in taken else each
            for each, short in zip(values, bare, strict=True)
        ]


@dataclass(frozen=True)
class Numbering:
    """How rows are named to a planner: lines of a CSV file, rows of a sheet or of Parquet."""

    word: str = "row"
    first: int = 1
    lines: npt.NDArray[np.int64] | None = None
    """line of each row, where it is not simply `first` + position"""
    files: tuple[str, ...] = ()
    """the files of a folder, where rows are counted in each of them"""
    starts: npt.NDArray[np.int64] | None = None
    """the position at which each file begins"""

    def __call__(self, position: int) -> int:
        """Return the number of the row at `position` (from 0)."""
        return int(self.lines[position]) if self.lines is not None else self.first + position

    def file(self, position: int) -> str:
        """Return the file of the row at `position`, '' where the table is one file."""
        if self.starts is None:
            return ""
        return self.files[int(np.searchsorted(self.starts, position, side="right")) - 1]

    def numbers(self, rows: int) -> npt.NDArray[np.int64]:
        """Return the numbers of all rows."""
        return np.arange(self.first, self.first + rows) if self.lines is None else self.lines

    def taken(self, kept: npt.NDArray[np.int64], rows: int) -> Numbering:
        """Return how the rows at the positions `kept` are named."""
        starts = None if self.starts is None else np.searchsorted(kept, self.starts)
        return replace(self, lines=self.numbers(rows)[kept], starts=starts)


@dataclass(frozen=True)
class Written:
    """How a file turned out to be written."""

    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""
    own: bool = True
    """in our own notation: Parquet, or values with commas between; its point is a decimal one"""
    from_1904: bool = False
    """of a workbook: whether its days are counted from 1904"""
    letters: Mapping[str, str] = field(default_factory=dict)
    """of a workbook: heading -> letter of its column"""


@dataclass(frozen=True)
class RawTable:
    """Columns under the user's own names.

    **Invariants:** names in `header` are unique; every column has `rows` values; a CSV has
    only text columns without nulls.
    """

    header: tuple[str, ...]
    columns: dict[str, Values]
    """as Arrow read them, text once rows without data are left out as its distinct values"""
    rows: int
    numbering: Numbering
    notes: tuple[Fault, ...] = field(default=())
    whole: Callable[[npt.NDArray[np.int64]], dict[int, list[str]]] | None = None
    """positions -> all values of those rows as text; None where every row holds data"""
    written: Written = field(default_factory=Written)
    left_out: int = 0
    """rows that `where` does not ask for"""


def refuse(table: str, problem: str, remedy: str = "") -> InputError:
    """Return the error for a file that cannot be read as a table at all."""
    return InputError(faults=[Fault(table, problem, remedy)])


def refuse_header(table: str, header: list[str]) -> None:
    """Raise InputError for a header with too many, empty or repeated names."""
    if len(header) > MAX_COLUMNS:
        raise refuse(table, f"{plural(len(header), 'column')}, limit {MAX_COLUMNS}")
    faults = []
    for name in dict.fromkeys(header):
        places = [position + 1 for position, each in enumerate(header) if each == name]
        if len(places) > 1:
            where = listed(places[:3])
            shown = WITHHELD if names_a_person(name) else repr(name)
            problem = f"column {shown} appears {_times(len(places))} (positions {where})"
            faults.append(Fault(table, problem, "give each column one name"))
    if faults:
        raise InputError(faults=faults)


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"
