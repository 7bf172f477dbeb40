"""A table as read, before any column is interpreted: Arrow columns and row numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from foreship.errors import Fault, InputError
from foreship_foundation.declaration import WITHHELD, names_a_person
from foreship_foundation.words import listed

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["MAX_COLUMNS", "Numbering", "RawTable", "refuse", "refuse_header"]

MAX_COLUMNS = 500


@dataclass(frozen=True)
class Numbering:
    """How rows are named to a planner: lines of a CSV file, data rows of Parquet."""

    word: str = "row"
    first: int = 1
    lines: npt.NDArray[np.int64] | None = None
    """line of each row, where it is not simply `first` + position"""

    def __call__(self, position: int) -> int:
        """Return the number of the row at `position` (from 0)."""
        return int(self.lines[position]) if self.lines is not None else self.first + position


@dataclass(frozen=True)
class RawTable:
    """Arrow columns under the user's own names.

    **Invariants:** names in `header` are unique; every column has `rows` values; a CSV has
    only string columns without nulls.
    """

    header: tuple[str, ...]
    columns: dict[str, pa.ChunkedArray]
    rows: int
    numbering: Numbering
    notes: tuple[Fault, ...] = field(default=())


def refuse(table: str, problem: str, remedy: str = "") -> InputError:
    """Return the error for a file that cannot be read as a table at all."""
    return InputError(faults=[Fault(table, problem, remedy)])


def refuse_header(table: str, header: list[str]) -> None:
    """Raise InputError for a header with too many, empty or repeated names."""
    if len(header) > MAX_COLUMNS:
        raise refuse(table, f"{len(header):,} columns, limit {MAX_COLUMNS}")
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
