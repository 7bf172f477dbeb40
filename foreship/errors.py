"""What can go wrong in the corridor, and the exit code of each.

ForeshipError              the root of all, the rooms' trees too; 1 where nothing is said
├── UsageError         2   a command or `foreship.toml` asks for something that does not exist
│   └── DoorMissing    2   a library that a door needs is not installed; names the extra
├── InputError         3   input tables at fault; carries every `Fault` found
├── TooLarge           5   a stated bound of memory does not suffice; says what would
├── Held               6   the plan is made, but `[plan] hold` asks for an approval first
├── WorkspaceLocked    7   another run holds the workspace
├── StorageError       8   disk full, permission, vanished folder
│   └── StoreUnreachable 8 an object store or a database does not answer
├── Tampered           9   one of our own files is not what its hash says
│   └── OtherSchema    9   a run of another schema of files than this version reads
├── foreship_forecast.errors.ForecastError    each kind with its code
└── foreship_optimize.errors.OptimizeError    each kind with its code

Stopped            143   the system asked the process to end; like KeyboardInterrupt no Exception
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from foreship_foundation.errors import ForeshipError
from foreship_foundation.telling.words import plural, sentence

__all__ = [
    "DoorMissing",
    "Fault",
    "ForeshipError",
    "Held",
    "InputError",
    "OtherSchema",
    "Stopped",
    "StorageError",
    "StoreUnreachable",
    "Tampered",
    "TooLarge",
    "UsageError",
    "WorkspaceLocked",
]

Severity = Literal["fault", "warning", "note"]
SHOWN = 3  # rows and values named in one fault


@dataclass(frozen=True)
class Fault:
    """One finding in a planner's words: where it is, what is wrong, and what would be right.

    **Invariants:** `rows` and `values` name at most the first few places of `count`;
    no value of a `customer` column is ever put into `values`.
    """

    table: str
    """name of the table, or `foreship.toml`"""
    problem: str
    remedy: str = ""
    column: str = ""
    """column, `section.key`, or several columns joined by `, `"""
    rows: tuple[int, ...] = ()
    """first rows at fault: data rows from 1 (Parquet) or lines of the file, header = 1 (CSV)"""
    values: tuple[str, ...] = ()
    """the values in those rows, as they stand in the file"""
    count: int = 0
    """rows at fault altogether, 0 where the whole table or setting is meant"""
    row_word: str = "row"
    """`row` or `line`: how `rows` are counted"""
    severity: Severity = "fault"
    files: tuple[str, ...] = ()
    """the file of each of `rows`, where the table is a folder of files"""
    check: str = ""
    """name of the check of data quality that doubts it, '' for all other findings"""

    def __str__(self) -> str:
        cell = "!" in self.column or self.column.startswith("line ")
        between = ", " if cell else "."
        where = f"{self.table}{between}{self.column}" if self.column else self.table
        said = f"{where}: {self.problem}{self._places()}"
        return sentence(f"{said}; {self.remedy}" if self.remedy else said)

    def _places(self) -> str:
        if not self.count:
            return f" ({', '.join(self.values)})" if self.values else ""
        more = "first " if self.count > len(self.rows) else ""
        word = self.row_word if len(self.rows) == 1 else f"{self.row_word}s"
        numbers = ", ".join(map(self._place, range(len(self.rows))))
        places = f" in {plural(self.count, 'row')}"
        if numbers:
            places += f", {more}{word} {numbers}"
        if self.values:
            places += (
                f" ({'value' if len(self.values) == 1 else 'values'} {', '.join(self.values)})"
            )
        return places

    def _place(self, position: int) -> str:
        file = f" of {self.files[position]}" if self.files else ""
        return f"{self.rows[position]}{file}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for `--json`."""
        files = {"files": list(self.files)} if self.files else {}
        return {
            "severity": self.severity,
            "check": self.check,
            "table": self.table,
            "column": self.column,
            "count": self.count,
            "row_word": self.row_word,
            "rows": list(self.rows),
            "values": list(self.values),
            "problem": self.problem,
            "remedy": self.remedy,
            "text": str(self),
            **files,
        }


class _FaultsError(ForeshipError):
    def __init__(self, message: str = "", faults: Sequence[Fault] = ()) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join([message] * bool(message) + [str(each) for each in faults]))


class UsageError(_FaultsError):
    """A command or `foreship.toml` asks for something that does not exist."""

    exit_code = 2


class DoorMissing(UsageError):
    """A door's library is not installed; the message names the extra that brings it."""


class InputError(_FaultsError):
    """Input tables have faults; `faults` lists all of them."""

    exit_code = 3


class TooLarge(ForeshipError):
    """The work does not fit a stated bound of memory; the message says what would do."""

    exit_code = 5


class Held(ForeshipError):
    """The plan was made and written, but waits for an approval."""

    exit_code = 6


class WorkspaceLocked(ForeshipError):
    """Another run holds the workspace."""

    exit_code = 7


class StorageError(ForeshipError):
    """Something could not be read or written: disk, permission, vanished folder."""

    exit_code = 8


class StoreUnreachable(StorageError):
    """An object store or a database does not answer."""


class Tampered(ForeshipError):
    """One of our own files does not match its hash."""

    exit_code = 9


class OtherSchema(Tampered):
    """A run was written by a version whose files this one does not read; names both."""


class Stopped(BaseException):
    """The system asked the process to end; carries the signal's name."""
