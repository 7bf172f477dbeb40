"""Strict Parquet: one file or a partitioned folder, checksums verified, sizes known before reading.

Only the wanted columns are decoded, of the row groups that hold a row asked for. A file says in its
footer how many rows it has, so a bomb is refused before it unfolds; damage is named, never guessed
around.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foreship.addresses.address import Condition
from foreship.ingest.files.arrow_table import (
    LARGEST_CELLS,
    is_text_type,
    plain_column,
    refuse_nested,
)
from foreship.ingest.files.conditions import (
    HIVE_NULL,
    partition_of,
    refuse_unknown,
    rows_asked_for,
)
from foreship.ingest.raw import Numbering, RawTable, refuse, refuse_header
from foreship_foundation.arrays import Bools
from foreship_foundation.telling.words import plural

__all__ = ["read_parquet"]

SUSPICIOUS_CELLS = 20_000_000
SUSPICIOUS_CELLS_A_BYTE = 100
SOUND_BYTES_A_ROW, SOUND_BYTES_A_BYTE = 64, 100
"""most that decoding takes at once, for each row and for each byte of the file"""
MAGIC = b"PAR1"


def read_parquet(
    parts: Mapping[str, bytes],
    table: str,
    wanted: Set[str],
    where: Sequence[Condition] = (),
) -> RawTable:
    """Read Parquet files as one table; keep the `wanted` columns.

    Parameters
    ----------
    parts
        Relative name -> bytes, in the order in which rows are counted. Folders named
        `column=value` become text columns.
    table
        Name used in messages.
    where
        Conditions that rows must meet to be read; rows keep their numbers.

    Raises
    ------
    InputError
        With every fault of the files' form.
    """
    with warnings.catch_warnings():  # older pyarrow warns of the types that are refused here
        warnings.simplefilter("ignore")
        opened = {name: _open(data, table, name, len(parts)) for name, data in parts.items()}
    header = list(dict.fromkeys(name for file in opened.items() for name in _header(*file)))
    refuse_unknown(where, header, table)
    conditions = {each.column for each in where}
    chosen = _chosen(opened, parts, table, where)
    _refuse_bombs(opened, parts, table, wanted, [each.groups for each in chosen])
    tables = [
        _read(opened[name], data, table, name, wanted, each.groups)
        for (name, data), each in zip(parts.items(), chosen, strict=True)
    ]
    joined, all_rows = _join(tables, table), sum(len(each.asked) for each in chosen)
    numbering, left_out = Numbering("row", 1), all_rows - sum(each.rows for each in chosen)
    if left_out:
        joined = joined.filter(pa.array(np.concatenate([each.read for each in chosen])))
        kept = np.flatnonzero(np.concatenate([each.asked for each in chosen]))
        numbering = numbering.taken(kept, all_rows)
    return RawTable(
        tuple(each for each in header if each in wanted or each not in conditions),
        {name: joined.column(name) for name in joined.column_names},
        all_rows - left_out,
        numbering,
        left_out=left_out,
    )


@dataclass(frozen=True)
class _Chosen:
    """Which rows of a file are asked for, and the row groups that hold one of them."""

    asked: Bools
    """of all rows"""
    sizes: tuple[int, ...]
    """rows of each row group"""

    @property
    def rows(self) -> int:
        """How many are asked for."""
        return int(self.asked.sum())

    @cached_property
    def groups(self) -> list[int]:
        """Those that hold a row that is asked for; no other one is decoded."""
        return [number for number, each in enumerate(self._by_group) if each.any()]

    @property
    def read(self) -> Bools:
        """Which rows of these groups are asked for."""
        held = [self._by_group[number] for number in self.groups]
        return np.concatenate(held) if held else np.zeros(0, dtype=bool)

    @cached_property
    def _by_group(self) -> list[Bools]:
        return np.split(self.asked, np.cumsum(self.sizes)[:-1]) if self.sizes else []


def _chosen(
    opened: Mapping[str, pq.ParquetFile],
    parts: Mapping[str, bytes],
    table: str,
    where: Sequence[Condition],
) -> list[_Chosen]:
    """Return what is asked for of each file, by the values of its columns themselves.

    What a footer says of the least and the most of a row group is not believed: no checksum
    guards it, and rows would be missing that nobody misses. Partitions were chosen before.
    """
    sizes = [_sizes(file) for file in opened.values()]
    partitioned = {name for part in parts for name in partition_of(part)}
    due = [each for each in where if each.column not in partitioned]
    asked: Bools = np.ones(sum(map(sum, sizes)), dtype=bool)
    if due:
        names = {each.column for each in due}
        _refuse_bombs(opened, parts, table, names, [range(len(each)) for each in sizes])
        read = [_conditions(file, parts[name], table, name, names) for name, file in opened.items()]
        asked = rows_asked_for(_join(read, table), due, table)
    by_file = np.split(asked, np.cumsum([sum(each) for each in sizes])[:-1])
    return [_Chosen(*each) for each in zip(by_file, sizes, strict=True)]


def _conditions(
    file: pq.ParquetFile, data: bytes, table: str, name: str, names: Set[str]
) -> pa.Table:
    """Return the columns of a file that conditions are on; one that it lacks is blank."""
    read = _read(file, data, table, name, names, range(file.metadata.num_row_groups))
    rows, absent = file.metadata.num_rows, sorted(names - {*read.column_names})
    columns = {each: read.column(each) for each in read.column_names}
    return pa.table(columns | {each: pa.nulls(rows) for each in absent})


def _sizes(file: pq.ParquetFile) -> tuple[int, ...]:
    held = file.metadata
    return tuple(held.row_group(each).num_rows for each in range(held.num_row_groups))


def _named(name: str, files: int) -> str:
    return f"{name}: " if files > 1 else ""


def _open(data: bytes, table: str, name: str, files: int) -> pq.ParquetFile:
    where = _named(name, files)
    if not data:
        raise refuse(table, f"{where}the file is empty (0 bytes)", "write it again")
    if not data.startswith(MAGIC):
        looks = "CSV text" if _is_text(data[:200]) else "something else"
        raise refuse(
            table,
            f"{where}not a Parquet file (no PAR1), looks like {looks}",
            "name it by what it is: `.parquet` or `.csv`",
        )
    try:
        file = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
        schema = file.schema_arrow
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise refuse(
            table, f"{where}Parquet damaged or incomplete ({_short(error)})", "write it again"
        ) from None
    refuse_header(table, schema.names)
    _refuse_extensions(schema, table, where)
    return file


def _is_text(data: bytes) -> bool:
    try:
        return data.decode("utf-8", "ignore").isprintable() or b"\n" in data
    except ValueError:
        return False


def _short(error: Exception) -> str:
    words = str(error).splitlines()[0] if str(error) else type(error).__name__
    return "".join(letter for letter in words if letter.isprintable())[:100]


def _refuse_extensions(schema: pa.Schema, table: str, where: str) -> None:
    for each in schema:
        hidden = each.metadata and b"ARROW:extension:name" in each.metadata
        if hidden or isinstance(each.type, pa.BaseExtensionType):
            problem = (
                f"{where}column {each.name!r} has an extension type, refused as it may carry code"
            )
            raise refuse(table, problem, "write plain numbers, text and dates")


def _header(name: str, file: pq.ParquetFile) -> list[str]:
    return [*file.schema_arrow.names, *partition_of(name)]


def _refuse_bombs(
    opened: Mapping[str, pq.ParquetFile],
    parts: Mapping[str, bytes],
    table: str,
    wanted: Set[str],
    groups: Sequence[Sequence[int]],
) -> None:
    """Raise InputError where the row groups that are read would unfold to more than may be."""
    rows = sum(map(_rows, opened.values(), groups))
    columns = max(len(wanted & set(_header(*file))) for file in opened.items())
    cells, size = rows * max(columns, 1), sum(len(data) for data in parts.values())
    swollen = cells > SUSPICIOUS_CELLS and cells > SUSPICIOUS_CELLS_A_BYTE * size
    if cells > LARGEST_CELLS or swollen:
        problem = (
            f"{plural(rows, 'row')} x {plural(columns, 'column')} out of {size:,} bytes "
            f"would need about {cells * 8 / 1e9:.1f} GB"
        )
        remedy = f"the limit is {LARGEST_CELLS * 8 / 1e9:.1f} GB, and {SUSPICIOUS_CELLS_A_BYTE} "
        raise refuse(table, problem, remedy + "values a byte of file")


def _rows(file: pq.ParquetFile, groups: Sequence[int]) -> int:
    """Return how many rows the groups hold; where they are all, as the whole file says."""
    if len(groups) == file.metadata.num_row_groups:
        return int(file.metadata.num_rows)
    return sum(file.metadata.row_group(each).num_rows for each in groups)


def _read(
    file: pq.ParquetFile,
    data: bytes,
    table: str,
    name: str,
    wanted: Set[str],
    groups: Sequence[int],
) -> pa.Table:
    """Return the wanted columns of some row groups of a file."""
    schema = file.schema_arrow
    kept = [column for column in schema.names if column in wanted]
    refuse_nested(schema, kept, table)
    texts = [column for column in kept if is_text_type(schema.field(column).type)]
    try:
        coded = pq.ParquetFile(
            pa.BufferReader(data),
            metadata=file.metadata,
            read_dictionary=texts,
            page_checksum_verification=True,
        )
        if len(groups) == file.metadata.num_row_groups:
            read = coded.read(columns=kept, use_threads=True)
        else:
            read = coded.read_row_groups(groups, columns=kept, use_threads=True)
        read.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        if isinstance(error, MemoryError) and _is_plausible(error, data, file, kept):
            raise
        raise refuse(
            table, f"Parquet page damaged in {name} ({_short(error)})", "write it again"
        ) from None
    rows = _rows(file, groups)
    if read.num_rows != rows and kept:
        raise refuse(table, f"Parquet damaged in {name}: rows are missing", "write it again")
    columns = {column: plain_column(read.column(column), table, column) for column in kept}
    for column, value in partition_of(name).items():
        if column in wanted and column not in columns:
            text = None if value == HIVE_NULL else value
            columns[column] = _repeated(text, rows)
    return pa.table(columns)


def _is_plausible(error: MemoryError, data: bytes, file: pq.ParquetFile, kept: list[str]) -> bool:
    """Whether a sound file may ask for the memory that was not there; damaged pages ask for any."""
    asked = re.search(r"size (\d+)", str(error))
    rows = file.metadata.num_rows * max(len(kept), 1)
    return asked is None or int(asked[1]) <= SOUND_BYTES_A_ROW * rows + SOUND_BYTES_A_BYTE * len(
        data
    )


def _repeated(text: str | None, rows: int) -> pa.ChunkedArray:
    codes = pa.array([0], pa.int32()).take(pa.nulls(rows, pa.int8()).fill_null(0))
    return pa.chunked_array([pa.DictionaryArray.from_arrays(codes, pa.array([text], pa.string()))])


def _join(tables: list[pa.Table], table: str) -> pa.Table:
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise refuse(table, f"its files disagree ({_short(error)})", "write them alike") from None
