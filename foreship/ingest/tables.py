"""Read one table of a workspace from its file into typed columns, with all its own faults.

What holds between tables is asked in `foreship.workspace.checking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foreship.errors import Fault, InputError, Severity
from foreship.forms import RETURNS, Form
from foreship.ingest.distinct import distinct
from foreship.ingest.files.sources import Reader, Source, in_file, joined, read_source
from foreship.ingest.findings import Findings, fault_in_rows, in_short
from foreship.ingest.formats.notation import in_our_notation
from foreship.ingest.formats.said import proven, said_of
from foreship.ingest.raw import Numbering, RawTable, Sought
from foreship.ingest.values.columns import Parsed, parse_column, typed_series
from foreship_foundation.arrays import Ints
from foreship_foundation.tables.declaration import names_a_person
from foreship_foundation.tables.input_tables import Column, Table
from foreship_foundation.tables.keys import combined_codes
from foreship_foundation.telling.near_names import nearest, not_used
from foreship_foundation.telling.words import listed, plural

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TableRead", "empty_frame", "read_table"]


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
    form: Form = field(default_factory=Form)
    """how its one file turned out to be written; nothing of what is our own way"""
    left_out: int = 0
    """rows that `where` does not ask for"""

    @property
    def is_sound(self) -> bool:
        """Whether no fault was found so far."""
        return all(each.severity != "fault" for each in self.faults)

    @property
    def without_rows(self) -> str:
        """Why a table that was given has no rows, where it has none."""
        if self.left_out:
            return f"`where` leaves none of its {plural(self.left_out, 'row')}"
        return "a header but no rows"

    def names_of(self, column: str) -> list[str]:
        """Return the distinct texts of an id column that some row uses."""
        one = self.parsed.get(column)
        if one is None or one.names is None:
            return []
        used = np.flatnonzero(np.bincount(one.values + 1, minlength=1)[1:])
        return [str(name) for name in one.names.take(used).to_pylist()]

    def keep(self, kept: npt.NDArray[np.bool_]) -> None:
        """Leave out all other rows, in place."""
        self.parsed = {name: each.taken(kept) for name, each in self.parsed.items()}
        self.numbering = self.numbering.taken(np.flatnonzero(kept), self.rows)
        self.rows = int(kept.sum())

    def rows_named(self, column: str, names: set[str]) -> npt.NDArray[np.bool_]:
        """Return the rows whose id is one of `names`."""
        one = self.parsed[column]
        assert one.names is not None
        marked = [name in names for name in one.names.to_pylist()]
        return np.asarray(np.append(np.array(marked, dtype=bool), False)[one.values])

    def text(self, column: str, codes: Ints) -> npt.NDArray[np.object_]:
        """Return the texts that codes of an id column stand for, '' for a blank."""
        names = self.parsed[column].names
        assert names is not None
        return np.array([*names.to_pylist(), ""], dtype=object)[codes]

    def texts(self, column: str) -> npt.NDArray[np.object_]:
        """Return the text of each row of an id column."""
        return self.text(column, self.parsed[column].values)

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
    form: Form | None = None,
    reader: Reader | None = None,
) -> TableRead:
    """Read and type one table; gather its faults, never raise for them.

    Parameters
    ----------
    table
        The contract of the table.
    path
        A CSV file, an Excel workbook, a Parquet file, or a folder of them.
    renames
        Contract column -> the user's own name for it.
    form
        How the file is written, as far as that is declared.
    reader
        What reads the table, where it is no file at `path`.

    Raises
    ------
    StorageError
        If the system refuses to read the file, or a database or store does not answer.
    """
    read, form = TableRead(table, path), form or Form()
    header = {each.name: (renames or {}).get(each.name, each.name) for each in table.columns}
    required = tuple(header[each.name] for each in table.columns if each.required)
    sought = Sought(frozenset({*header.values(), "currency"}), required)
    try:
        source = (reader or partial(read_source, path))(table.name, sought, form)
    except InputError as error:
        read.faults.extend(error.faults)
        return read
    read.sha256 = source.sha256
    read.faults.extend(source.notes)
    raw, formats, asked = _in_ours(read, source, header, form)
    read.rows, read.numbering = raw.rows, raw.numbering
    read.left_out = sum(each.left_out for each in source.pieces)
    _judge_header(read, raw, header)
    _judge_currency(read, raw, header)
    for column in table.columns:
        heading = header[column.name]
        if heading in raw.columns and heading not in asked:
            signed = column.name == "quantity" and form.negative_quantities == RETURNS
            kind = either_sign(column) if signed else column
            _type_column(read, kind, raw.columns[heading], formats.get(heading, ""))
    _judge_emptiness(read)
    _judge_key(read)
    return read


def _in_ours(
    read: TableRead, source: Source, header: Mapping[str, str], form: Form
) -> tuple[RawTable, dict[str, str], set[str]]:
    """Return all files as one table in our notation, formats of dates, and columns asked about."""
    ours = [in_our_notation(read.table, raw, header, form) for raw in source.pieces]
    files = source.files or ("",) * len(ours)
    for each, file in zip(ours, files, strict=True):
        read.faults += [
            _of_file(one, file) for one in (*each.faults, *said_of(each, read.table.name))
        ]
    for each, total, file in zip(ours, source.totals, files, strict=True):
        if total is not None:
            read.faults += [_of_file(one, file) for one in proven(each, total, header, read.table)]
    asked = set().union(*(each.asked for each in ours))
    if len(ours) == 1:
        read.form = ours[0].form()
        return ours[0].raw, ours[0].date_formats, asked
    return joined([each.with_iso_days() for each in ours], source.files), {}, asked


def _of_file(fault: Fault, file: str) -> Fault:
    return in_file(fault, file) if file else fault


def either_sign(column: Column) -> Column:
    """Return the quantity of orders among which returns stand."""
    return replace(column, low=-(column.high or 0.0), above_zero=False)


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
    found = sorted(map(str, distinct(raw.columns["currency"]).names.to_pylist()))
    if len(found) > 1:
        problem = f"several currencies: {', '.join(found[:5])}"
        fault = Fault(read.table.name, problem, "all money is in one currency", "currency")
        read.faults.append(fault)


def _judge_emptiness(read: TableRead) -> None:
    name, left_out = read.table.name, read.left_out
    if left_out and (read.rows or not read.table.required):
        words = f"`where` leaves out {left_out:,} of {plural(left_out + read.rows, 'row')}"
        read.faults.append(Fault(name, words, severity="note"))
    if read.rows or not read.table.required:
        return
    remedy = "forecasts need history" if name == "orders" else "is the export complete?"
    if left_out:
        remedy = f"see its conditions in foreship.toml; {remedy}"
    read.faults.append(Fault(name, read.without_rows, remedy))


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
