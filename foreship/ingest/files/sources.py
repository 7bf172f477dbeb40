"""The file or folder of a table -> its columns as they stand there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePath

import numpy as np
import pyarrow as pa

from foreship.addresses.address import Condition
from foreship.errors import Fault, InputError, StorageError
from foreship.files import read_whole, sha256_of_parts
from foreship.forms import Form
from foreship.ingest.distinct import distinct
from foreship.ingest.files.conditions import in_asked_partition
from foreship.ingest.files.csvfile import read_csv
from foreship.ingest.files.folders import (
    CSV_ENDINGS,
    PARQUET_ENDINGS,
    WORKBOOK_ENDINGS,
    data_files,
    is_hidden,
    not_of_a_table,
)
from foreship.ingest.files.packed import PACKED_ENDINGS, ending_of, unpacked
from foreship.ingest.files.parquetfile import read_parquet
from foreship.ingest.formats.rows import Total, without_idle_rows
from foreship.ingest.formats.workbook import read_workbook
from foreship.ingest.raw import Numbering, RawTable, Sought, refuse
from foreship_foundation.telling.near_names import nearest
from foreship_foundation.telling.words import plural

__all__ = ["Reader", "Source", "in_file", "joined", "read_one", "read_parts", "read_source"]


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

    def add(self, raw: RawTable, table: str, sought: Sought) -> None:
        """Add a piece, without its rows that hold no data; they are counted and said."""
        raw, notes, total = without_idle_rows(raw, table, sought)
        self.pieces.append(raw)
        self.totals.append(total)
        self.notes += [*raw.notes, *notes]


Reader = Callable[[str, Sought, Form], Source]
"""name of a table, what is sought in it, how it is written -> what was read"""


def read_source(
    path: Path, table: str, sought: Sought, form: Form, where: Sequence[Condition] = ()
) -> Source:
    """Read a CSV file, a workbook, a Parquet file, or a folder of one of these kinds.

    Parameters
    ----------
    where
        Conditions that rows of Parquet must meet to be read.

    Raises
    ------
    InputError
        With every fault of the form of the files.
    StorageError
        If the system refuses to read one.
    """
    if path.is_dir():
        return read_parts(_lying(path, table), str(path), table, sought, form, where)
    _refuse_absent(path, table)
    return read_one(path.name, read_whole(path, table), table, sought, form, where)


def read_one(
    name: str,
    data: bytes,
    table: str,
    sought: Sought,
    form: Form,
    where: Sequence[Condition] = (),
) -> Source:
    """Read one file's bytes by its name, as `read_source` does."""
    source = Source(sha256=_hash(data))
    if ending_of(name) not in PARQUET_ENDINGS:
        _refuse_where(where, table)
    source.add(_read_file(Path(name), data, table, sought, form, where), table, sought)
    return source


def _read_file(
    path: Path,
    data: bytes,
    table: str,
    sought: Sought,
    form: Form,
    where: Sequence[Condition] = (),
) -> RawTable:
    ending, packed = ending_of(path.name), path.suffix.lower() in PACKED_ENDINGS
    if ending in CSV_ENDINGS:
        return read_csv(unpacked(data, path.name, table), table, sought, form)
    if packed:
        raise refuse(table, f"{path.name} is packed, and no text", "only .csv.gz and .csv.zst are")
    if ending in PARQUET_ENDINGS:
        return read_parquet({path.name: data}, table, sought.names, where)
    if ending in WORKBOOK_ENDINGS:
        return read_workbook(data, table, sought, form)
    problem = f"{path.name} ends neither in .parquet nor in .csv nor in .xlsx"
    raise refuse(table, problem, "name it by what it is")


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


def read_parts(
    lying: Mapping[PurePath, Callable[[], bytes]],
    place: str,
    table: str,
    sought: Sought,
    form: Form,
    where: Sequence[Condition] = (),
) -> Source:
    """Read files one below the other, all Parquet or all text and workbooks.

    Parameters
    ----------
    lying
        Name inside the folder -> what reads the file whole; only files that hold data, in
        partitions that are asked for, are read.
    place
        The folder as messages name it.
    """
    source = Source()
    chosen = data_files(lying, place, table, source.notes)
    if ending_of(chosen[0].name) in PARQUET_ENDINGS:
        lie = len(chosen)
        chosen = [each for each in chosen if in_asked_partition(each.as_posix(), where)]
        if len(chosen) < lie:
            words = f"`where` leaves {lie - len(chosen):,} of {plural(lie, 'file')} unread"
            source.notes.append(Fault(table, words, severity="note"))
    else:
        _refuse_where(where, table)
    if not chosen:
        problem = f"`where` leaves none of the files of {place}: no partition is asked for"
        raise refuse(table, problem, "see its conditions in foreship.toml")
    parts = {inner.as_posix(): lying[inner]() for inner in chosen}
    hashes = {part: _hash(data) for part, data in parts.items()}
    _refuse_twins(hashes, table)
    source.sha256 = sha256_of_parts(hashes)
    if ending_of(next(iter(parts))) in PARQUET_ENDINGS:
        source.add(read_parquet(parts, table, sought.names, where), table, sought)
        return source
    faults: list[Fault] = []
    for part, data in parts.items():
        one = Source()
        try:
            one.add(_read_file(Path(part), data, table, sought, form), table, sought)
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


def _lying(path: Path, table: str) -> dict[PurePath, Callable[[], bytes]]:
    """Return what lies in a folder and below it, each with what reads it."""
    try:
        names = {each: each.relative_to(path) for each in sorted(path.rglob("*"))}
        lying = {inner: each for each, inner in names.items() if not each.is_dir()}
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from error
    for inner, each in lying.items():
        if not is_hidden(inner) and not each.is_file():
            raise not_of_a_table(inner, str(path), table)
    return {inner: partial(read_whole, each, table) for inner, each in lying.items()}


def _refuse_where(where: Sequence[Condition], table: str) -> None:
    if where:
        raise refuse(table, "`where` is for Parquet, and these are other files", "take it out")


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
