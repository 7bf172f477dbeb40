"""The file or folder of a table -> its columns as they stand there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from foreship.errors import Fault, InputError, StorageError
from foreship.files import read_whole, sha256_of_parts
from foreship.forms import Form
from foreship.ingest.distinct import distinct
from foreship.ingest.files.csvfile import read_csv
from foreship.ingest.files.parquetfile import read_parquet
from foreship.ingest.formats.rows import Total, without_idle_rows
from foreship.ingest.formats.workbook import read_workbook
from foreship.ingest.raw import Numbering, RawTable, Sought, refuse
from foreship_foundation.telling.near_names import nearest

__all__ = [
    "CSV_ENDINGS",
    "PARQUET_ENDINGS",
    "WORKBOOK_ENDINGS",
    "Source",
    "in_file",
    "is_hidden",
    "joined",
    "read_source",
]

CSV_ENDINGS = (".csv", ".txt", ".tsv")
PARQUET_ENDINGS = (".parquet", ".pq")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
HIDDEN = ("_", ".", "~$")
LOGS = {"_delta_log": "Delta", ".hoodie": "Hudi"}
"""what marks a folder whose older files are data no more -> whose format it is"""


@dataclass
class Source:
    """What was read: the columns of one or more files, and what was said about them."""

    pieces: list[RawTable] = field(default_factory=list)
    """one file each, or all Parquet files of a folder together"""
    files: tuple[str, ...] = ()
    """the name of each piece, where there are several"""
    totals: list[Total | None] = field(default_factory=list)
    """the last row of totals of each piece"""
    sha256: str = ""
    notes: list[Fault] = field(default_factory=list)


def read_source(path: Path, table: str, sought: Sought, form: Form) -> Source:
    """Read a CSV file, a workbook, a Parquet file, or a folder of one of these kinds.

    Raises
    ------
    InputError
        With every fault of the form of the files.
    StorageError
        If the system refuses to read one.
    """
    if path.is_dir():
        return _read_folder(path, table, sought, form)
    _refuse_absent(path, table)
    data = read_whole(path, table)
    source = Source(sha256=_hash(data))
    _add(source, _read_file(path, data, table, sought, form), table, sought)
    return source


def _read_file(path: Path, data: bytes, table: str, sought: Sought, form: Form) -> RawTable:
    ending = path.suffix.lower()
    if ending in PARQUET_ENDINGS:
        return read_parquet({path.name: data}, table, sought.names)
    if ending in CSV_ENDINGS:
        return read_csv(data, table, sought, form)
    if ending in WORKBOOK_ENDINGS:
        return read_workbook(data, table, sought, form)
    problem = f"{path.name} ends neither in .parquet nor in .csv nor in .xlsx"
    raise refuse(table, problem, "name it by what it is")


def _add(source: Source, raw: RawTable, table: str, sought: Sought) -> None:
    raw, notes, total = without_idle_rows(raw, table, sought)
    source.pieces.append(raw)
    source.totals.append(total)
    source.notes += [*raw.notes, *notes]


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _refuse_absent(path: Path, name: str) -> None:
    if path.is_file():
        return
    if path.exists():
        raise refuse(name, f"{path} is not a regular file", "give a file or a folder of files")
    beside = sorted(each.name for each in path.parent.glob("*")) if path.parent.is_dir() else []
    hint = nearest(path.name, beside) if beside else f"there is no folder {path.parent}"
    raise refuse(name, f"no file at {path}", hint if "did you mean" in hint else "write it there")


def _read_folder(path: Path, table: str, sought: Sought, form: Form) -> Source:
    """Read the files of a folder one below the other, all Parquet or all text and workbooks."""
    source = Source()
    parts = _read_parts(source, path, table)
    hashes = {part: _hash(data) for part, data in parts.items()}
    _refuse_twins(hashes, table)
    source.sha256 = sha256_of_parts(hashes)
    if Path(next(iter(parts))).suffix.lower() in PARQUET_ENDINGS:
        _add(source, read_parquet(parts, table, sought.names), table, sought)
        return source
    faults: list[Fault] = []
    for part, data in parts.items():
        one = Source()
        try:
            _add(one, _read_file(Path(part), data, table, sought, form), table, sought)
        except InputError as error:
            faults += [in_file(each, part) for each in error.faults]
            continue
        source.pieces += one.pieces
        source.totals += one.totals
        source.files = (*source.files, part)
        source.notes += [in_file(each, part) for each in one.notes]
    if faults:
        raise InputError(faults=faults)
    return source


def in_file(fault: Fault, part: str) -> Fault:
    """Say of which file of a folder a finding is."""
    if fault.rows:
        return replace(fault, files=(part,) * len(fault.rows))
    return replace(fault, problem=f"{part}: {fault.problem}")


def _read_parts(source: Source, path: Path, name: str) -> dict[str, bytes]:
    """Read the files of a folder; hidden ones, as writers leave them behind, are no data."""
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
        source.notes.append(Fault(name, problem, remedy, severity="warning"))
    inside = {each: inner for each, inner in lying.items() if not is_hidden(inner)}
    if not inside:
        raise refuse(name, f"{path} is a folder without Parquet files, CSV or Excel", "give a file")
    endings = {each: each.suffix.lower() for each in inside}
    admitted: tuple[str, ...] = PARQUET_ENDINGS
    if not set(endings.values()) & set(PARQUET_ENDINGS):
        admitted = (*CSV_ENDINGS, *WORKBOOK_ENDINGS)
    strange = [each.name for each in inside if endings[each] not in admitted or not each.is_file()]
    if strange:
        problem = f"the folder {path} holds {strange[0]!r}"
        remedy = "a folder is a table when all its files are .parquet, or all .csv and .xlsx"
        raise refuse(name, problem, remedy)
    return {inner.as_posix(): read_whole(each, name) for each, inner in inside.items()}


def is_hidden(inner: Path) -> bool:
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


def joined(pieces: list[RawTable], files: tuple[str, ...]) -> RawTable:
    """Put files of a folder one below the other; a column that one does not have is blank there."""
    if len(pieces) == 1:
        return pieces[0]
    header = list(dict.fromkeys(name for each in pieces for name in each.header))
    names = list(dict.fromkeys(name for each in pieces for name in each.columns))
    columns = {
        name: distinct(pa.chunked_array([_coded(each, name) for each in pieces])) for name in names
    }
    counts = [each.rows for each in pieces]
    lines = np.concatenate([each.numbering.numbers(each.rows) for each in pieces])
    starts = np.cumsum([0, *counts[:-1]])
    words = {each.numbering.word for each in pieces}
    word = words.pop() if len(words) == 1 else "row"
    numbering = Numbering(word, 1, lines, files, starts)
    return RawTable(tuple(header), columns, sum(counts), numbering)


def _coded(raw: RawTable, name: str) -> pa.DictionaryArray:
    if name not in raw.columns:
        codes = pa.array(np.zeros(raw.rows, dtype=np.int32))
        return pa.DictionaryArray.from_arrays(codes, pa.array([""], pa.string()))
    text = distinct(raw.columns[name])
    codes = pa.array(text.codes, mask=text.codes < 0)
    return pa.DictionaryArray.from_arrays(codes, text.names.cast(pa.string()))
