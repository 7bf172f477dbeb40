"""Read one table of a workspace from its file into typed columns, with all its own faults.

What holds between tables is asked in `foreship.workspace.checking`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foreship.config import nearest
from foreship.errors import Fault, InputError, Severity, StorageError
from foreship.files import read_whole, sha256_of_parts
from foreship.ingest.columns import Parsed, parse_column, typed_series
from foreship.ingest.csvfile import read_csv
from foreship.ingest.findings import Findings, fault_in_rows, in_short
from foreship.ingest.parquetfile import read_parquet
from foreship.ingest.raw import Numbering, RawTable, refuse
from foreship_foundation.arrays import Ints
from foreship_foundation.declaration import names_a_person
from foreship_foundation.input_tables import Column, Table
from foreship_foundation.keys import combined_codes
from foreship_foundation.near_names import not_used
from foreship_foundation.words import listed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TableRead", "empty_frame", "read_table"]


CSV_ENDINGS = (".csv", ".txt")
PARQUET_ENDINGS = (".parquet", ".pq")
HIDDEN = ("_", ".")
LOGS = {"_delta_log": "Delta", ".hoodie": "Hudi"}
"""what marks a folder whose older files are data no more -> whose format it is"""


@dataclass
class TableRead:
    """What became of one table: its typed columns, as far as possible, and its faults.

    **Invariants:** `parsed` holds only columns of the contract; `frame` may be used only when
    no fault has the severity `fault`.
    """

    table: Table
    path: Path
    rows: int = 0
    sha256: str = ""
    parsed: dict[str, Parsed] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether no fault was found so far."""
        return all(each.severity != "fault" for each in self.faults)

    def names_of(self, column: str) -> list[str]:
        """Return the distinct texts of an id column that some row uses."""
        one = self.parsed.get(column)
        if one is None or one.names is None:
            return []
        used = np.flatnonzero(np.bincount(one.values + 1, minlength=1)[1:])
        return [str(name) for name in one.names.take(used).to_pylist()]

    def rows_named(self, column: str, names: set[str]) -> npt.NDArray[np.bool_]:
        """Return the rows whose id is one of `names`."""
        one = self.parsed[column]
        assert one.names is not None
        marked = [name in names for name in one.names.to_pylist()]
        return np.asarray(np.append(np.array(marked, dtype=bool), False)[one.values])

    def text(self, column: str, codes: Ints) -> npt.NDArray[np.object_]:
        """Return the texts that codes of an id column stand for."""
        names = self.parsed[column].names
        assert names is not None
        return np.array(names.to_pylist(), dtype=object)[codes]

    def fault(
        self,
        column: str,
        bad: npt.NDArray[np.bool_],
        problem: str,
        remedy: str = "",
        severity: Severity = "fault",
    ) -> Fault:
        """Return one fault for the rows where `bad`, the first of them with their values.

        Values of a private column are not shown.
        """
        private = self.table.column(column).private
        return fault_in_rows(
            self.table.name,
            column,
            bad,
            self.numbering,
            problem=problem,
            remedy=remedy,
            severity=severity,
            show=None if private else lambda at: self.value(column, at),
        )

    def value(self, column: str, position: int) -> Any:
        """Return the value of a row as it stands there, '' for a blank."""
        one = self.parsed[column]
        if one.blank[position]:
            return ""
        if one.names is None:
            return one.values[position]
        return one.names[int(one.values[position])].as_py()

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The typed table with every contract column, blanks filled by plain defaults."""
        import pandas as pd

        columns = {
            each.name: typed_series(each, self.parsed.get(each.name), self.rows)
            for each in self.table.columns
            if not each.private
        }
        return pd.DataFrame(columns, copy=False)


def empty_frame(table: Table) -> pd.DataFrame:
    """Return the frame of an optional table that is absent: all columns, no rows."""
    return TableRead(table, Path()).frame


def read_table(
    table: Table,
    path: Path,
    renames: Mapping[str, str] | None = None,
    date_format: str = "",
) -> TableRead:
    """Read and type one table; gather its faults, never raise for them.

    Parameters
    ----------
    table
        The contract of the table.
    path
        A CSV file, a Parquet file or a folder of Parquet files.
    renames
        Contract column -> the user's own name for it.
    date_format
        strptime format of text dates, '' for ISO dates.

    Raises
    ------
    StorageError
        If the system refuses to read the file.
    """
    read = TableRead(table, path)
    header = {each.name: (renames or {}).get(each.name, each.name) for each in table.columns}
    try:
        raw = _read_raw(read, path, {*header.values(), "currency"})
    except InputError as error:
        read.faults.extend(error.faults)
        return read
    read.rows, read.numbering = raw.rows, raw.numbering
    read.faults.extend(raw.notes)
    _judge_header(read, raw, header)
    _judge_currency(read, raw, header)
    for column in table.columns:
        if header[column.name] in raw.columns:
            _type_column(read, column, raw.columns[header[column.name]], date_format)
    _judge_emptiness(read)
    _judge_key(read)
    return read


def _type_column(read: TableRead, column: Column, values: Any, date_format: str) -> None:
    findings = Findings(read.table.name, column, read.numbering)
    strict = bool(column.refers) or column.name in read.table.key
    try:
        parsed = parse_column(column, values, findings, date_format, strict=strict)
    except (pa.ArrowException, OverflowError) as error:
        # a file may hold values that pass its own checks and still make no sense
        findings.refuse(f"cannot be understood ({error})", "write it again")
    else:
        read.parsed[column.name] = parsed
    read.faults.extend(findings.faults)


def _read_raw(read: TableRead, path: Path, wanted: set[str]) -> RawTable:
    name = read.table.name
    if path.is_dir():
        parts = _read_parts(read, path)
        hashes = {part: _hash(data) for part, data in parts.items()}
        _refuse_twins(hashes, name)
        read.sha256 = sha256_of_parts(hashes)
        return read_parquet(parts, name, wanted)
    _refuse_absent(path, name)
    data = read_whole(path, name)
    read.sha256 = _hash(data)
    if path.suffix.lower() in PARQUET_ENDINGS:
        return read_parquet({path.name: data}, name, wanted)
    if path.suffix.lower() in CSV_ENDINGS:
        return read_csv(data, name, wanted)
    problem = f"{path.name} ends neither in .parquet nor in .csv"
    raise refuse(name, problem, "name it by what it is")


def _hash(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def _refuse_absent(path: Path, name: str) -> None:
    if path.is_file():
        return
    if path.exists():
        raise refuse(name, f"{path} is not a regular file", "give a file or a folder of Parquet")
    beside = sorted(each.name for each in path.parent.glob("*")) if path.parent.is_dir() else []
    hint = nearest(path.name, beside) if beside else f"there is no folder {path.parent}"
    raise refuse(name, f"no file at {path}", hint if "did you mean" in hint else "write it there")


def _read_parts(read: TableRead, path: Path) -> dict[str, bytes]:
    """Read the files of a folder; hidden ones, as writers leave them behind, are no data."""
    name = read.table.name
    try:
        names = {each: each.relative_to(path) for each in sorted(path.rglob("*"))}
        lying = {each: inner for each, inner in names.items() if not each.is_dir()}
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error
    _refuse_formats(names.values(), path, name)
    unfinished = sorted({top for inner in lying.values() if (top := _hidden_folder(inner))})
    if unfinished:
        problem = f"the folder {path} holds {unfinished[0]!r}, what an unfinished write leaves"
        remedy = "not read; is the table whole? then take it away"
        read.faults.append(Fault(name, problem, remedy, severity="warning"))
    inside = {each: inner for each, inner in lying.items() if not _is_hidden(inner)}
    strange = [
        each.name
        for each in inside
        if each.suffix.lower() not in PARQUET_ENDINGS or not each.is_file()
    ]
    if strange:
        problem = f"the folder {path} holds {strange[0]!r}"
        raise refuse(name, problem, "a folder is a table when all its files are .parquet")
    if not inside:
        raise refuse(name, f"{path} is a folder without Parquet files", "give a file")
    return {inner.as_posix(): read_whole(each, name) for each, inner in inside.items()}


def _is_hidden(inner: Path) -> bool:
    """Whether a file is hidden, or lies in a hidden folder; `_column=value` holds data."""
    return bool(_hidden_folder(inner)) or inner.name.startswith(HIDDEN)


def _hidden_folder(inner: Path) -> str:
    """Return the outermost hidden folder a file lies in, '' if there is none."""
    hidden = [part for part in inner.parts[:-1] if part.startswith(HIDDEN) and "=" not in part]
    return hidden[0] if hidden else ""


def _refuse_formats(inside: Iterable[Path], path: Path, name: str) -> None:
    """Refuse folders whose Parquet files are not all data: a log beside them says which are."""
    parts = {part for inner in inside for part in inner.parts}
    for mark, kind in LOGS.items():
        if mark in parts:
            problem = f"the folder {path} is a {kind} table: which files count stands in its log"
            raise refuse(name, problem, "write it out as plain Parquet")


def _refuse_twins(hashes: Mapping[str, str], name: str) -> None:
    first: dict[str, str] = {}
    for part, digest in hashes.items():
        if digest in first:
            problem = f"{part} is byte for byte {first[digest]}"
            raise refuse(name, problem, "its rows would count twice, take one away")
        first[digest] = part


def _judge_header(read: TableRead, raw: RawTable, header: Mapping[str, str]) -> None:
    used = set(header.values())
    spare = [name for name in raw.header if name not in used]
    sayable = [name for name in spare if not names_a_person(name)]  # a file may have no header
    for column in read.table.columns:
        theirs = header[column.name]
        if theirs in raw.header or (not column.required and theirs == column.name):
            continue
        hint = nearest(theirs, sayable) if sayable else "every other column has its use"
        hint = hint.replace("known: ", "other columns: ")
        if "did you mean" in hint:
            meant = hint.split("'")[1]
            hint = (
                f'is it {meant!r}? then say [columns] {read.table.name}.{column.name} = "{meant}"'
            )
        read.faults.append(
            Fault(read.table.name, f"column {theirs!r} is missing", hint, column.name)
        )
    unused = [name for name in spare if name != "currency"]
    if unused:
        _warn_unused(read, unused, header)


def _warn_unused(read: TableRead, unused: list[str], header: Mapping[str, str]) -> None:
    absent = [each for each in header if each not in read.parsed and header[each] == each]
    words = not_used(unused, absent, in_short)
    read.faults.append(Fault(read.table.name, *words, severity="warning"))


def _judge_currency(read: TableRead, raw: RawTable, header: Mapping[str, str]) -> None:
    if "currency" not in raw.columns or "currency" in header.values():
        return
    found = sorted({str(each) for each in raw.columns["currency"].unique().to_pylist()})
    if len(found) > 1:
        problem = f"several currencies: {', '.join(found[:5])}"
        fault = Fault(read.table.name, problem, "all money is in one currency", "currency")
        read.faults.append(fault)


def _judge_emptiness(read: TableRead) -> None:
    if read.rows or not read.table.required:
        return
    history = read.table.name == "orders"
    remedy = "forecasts need history" if history else "is the export complete?"
    read.faults.append(Fault(read.table.name, "a header but no rows", remedy))


def _judge_key(read: TableRead) -> None:
    """Name rows whose key was there before, equal rows too."""
    import pandas as pd

    key = [name for name in read.table.key if name in read.parsed]
    due = [name for name in read.table.key if read.table.column(name).required]
    if not read.rows or not key or not set(due) <= set(key):
        return
    codes = combined_codes((read.parsed[name].values for name in key), read.rows)
    twice = pd.Series(codes).duplicated(keep=False).to_numpy()
    for name in due:
        twice = twice & ~read.parsed[name].blank
    if not twice.any():
        return
    words = listed(key)
    read.faults.append(
        fault_in_rows(
            read.table.name,
            ", ".join(key),
            twice,
            read.numbering,
            problem=f"the same {words} more than once",
            remedy=f"{read.table.name} has one row for each {words}",
            show=lambda at: tuple(read.value(name, at) for name in key),
        )
    )
