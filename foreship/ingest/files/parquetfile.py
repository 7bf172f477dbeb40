"""Strict Parquet: one file or a partitioned folder, checksums verified, sizes known before reading.

Only the wanted columns are decoded. A file says in its footer how many rows it has, so a
bomb is refused before it unfolds; damage is named, never guessed around.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping, Sequence, Set

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
    looked_at = wanted | conditions
    _refuse_bombs(opened, parts, table, looked_at)
    tables = [_read(file, parts[name], table, name, looked_at) for name, file in opened.items()]
    joined, numbering = _asked_for(_join(tables, table), where, table, parts)
    return RawTable(
        tuple(each for each in header if each in wanted or each not in conditions),
        {name: joined.column(name) for name in joined.column_names if name in wanted},
        joined.num_rows,
        numbering,
    )


def _asked_for(
    read: pa.Table, where: Sequence[Condition], table: str, parts: Iterable[str]
) -> tuple[pa.Table, Numbering]:
    """Return the rows that are asked for; partitions were chosen before they were read."""
    partitioned = {name for part in parts for name in partition_of(part)}
    due = [each for each in where if each.column not in partitioned]
    kept = np.flatnonzero(rows_asked_for(read, due, table))
    numbering = Numbering("row", 1)
    if len(kept) == read.num_rows:
        return read, numbering
    return read.take(pa.array(kept)), numbering.taken(kept, read.num_rows)


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
    opened: Mapping[str, pq.ParquetFile], parts: Mapping[str, bytes], table: str, wanted: Set[str]
) -> None:
    rows = sum(file.metadata.num_rows for file in opened.values())
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


def _read(file: pq.ParquetFile, data: bytes, table: str, name: str, wanted: Set[str]) -> pa.Table:
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
        read = coded.read(columns=kept, use_threads=True)
        read.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        if isinstance(error, MemoryError) and _is_plausible(error, data, file, kept):
            raise
        raise refuse(
            table, f"Parquet page damaged in {name} ({_short(error)})", "write it again"
        ) from None
    if read.num_rows != file.metadata.num_rows and kept:
        raise refuse(table, f"Parquet damaged in {name}: rows are missing", "write it again")
    columns = {column: plain_column(read.column(column), table, column) for column in kept}
    for column, value in partition_of(name).items():
        if column in wanted and column not in columns:
            text = None if value == HIVE_NULL else value
            columns[column] = _repeated(text, file.metadata.num_rows)
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
