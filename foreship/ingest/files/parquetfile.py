"""Strict Parquet: one file or a partitioned folder, checksums verified, sizes known before reading.

Only the wanted columns are decoded. A file says in its footer how many rows it has, so a
bomb is refused before it unfolds; damage is named, never guessed around.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Set
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from foreship.ingest.raw import Numbering, RawTable, refuse, refuse_header
from foreship_foundation.telling.words import plural

__all__ = ["LARGEST_CELLS", "read_parquet"]

LARGEST_CELLS = 400_000_000  # rows x wanted columns of a table: about 3 GB decoded
SUSPICIOUS_CELLS = 20_000_000
SUSPICIOUS_CELLS_A_BYTE = 100
LONGEST_VALUE = 10_000  # bytes
SOUND_BYTES_A_ROW, SOUND_BYTES_A_BYTE = 64, 100
"""most that decoding takes at once, for each row and for each byte of the file"""
MAGIC = b"PAR1"
HIVE_NULL = "__HIVE_DEFAULT_PARTITION__"


def read_parquet(parts: Mapping[str, bytes], table: str, wanted: Set[str]) -> RawTable:
    """Read Parquet files as one table; keep the `wanted` columns.

    Parameters
    ----------
    parts
        Relative name -> bytes, in the order in which rows are counted. Folders named
        `column=value` become text columns.
    table
        Name used in messages.

    Raises
    ------
    InputError
        With every fault of the files' form.
    """
    with warnings.catch_warnings():  # older pyarrow warns of the types that are refused here
        warnings.simplefilter("ignore")
        opened = {name: _open(data, table, name, len(parts)) for name, data in parts.items()}
    _refuse_bombs(opened, parts, table, wanted)
    tables = [_read(file, parts[name], table, name, wanted) for name, file in opened.items()]
    joined = _join(tables, table)
    header = list(dict.fromkeys(name for file in opened.items() for name in _header(*file)))
    return RawTable(
        tuple(header),
        {name: joined.column(name) for name in joined.column_names},
        joined.num_rows,
        Numbering("row", 1),
    )


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
    return [*file.schema_arrow.names, *_partition(name)]


def _partition(name: str) -> dict[str, str]:
    """Return the columns spelled in the folders of a part's relative name."""
    pairs = [folder.split("=", 1) for folder in name.split("/")[:-1] if "=" in folder]
    return {unquote(key): unquote(value) for key, value in pairs}


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
    nested = [column for column in kept if pa.types.is_nested(schema.field(column).type)]
    if nested:
        raise refuse(table, f"column {nested[0]!r} holds lists or structs", "one value a row")
    texts = [column for column in kept if _is_text_type(schema.field(column).type)]
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
    columns = {column: _plain(read.column(column), table, column) for column in kept}
    for column, value in _partition(name).items():
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


def _plain(column: pa.ChunkedArray, table: str, name: str) -> pa.ChunkedArray:
    """Return text as dictionary<int32, string>, whatever its flavour; others unchanged."""
    kind = column.type
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    if _is_text_type(value):
        if not pa.types.is_dictionary(kind):
            column = column.cast(pa.string()).dictionary_encode()
        _refuse_long(column, table, name)
        return column.cast(pa.dictionary(pa.int32(), pa.string()))
    return column.cast(value) if pa.types.is_dictionary(kind) else column


def _is_text_type(kind: pa.DataType) -> bool:
    view = getattr(pa.types, "is_string_view", lambda _: False)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or view(kind))


def _refuse_long(column: pa.ChunkedArray, table: str, name: str) -> None:
    import pyarrow.compute as pc

    for chunk in column.chunks:
        longest = pc.max(pc.binary_length(chunk.dictionary)).as_py() or 0
        if longest > LONGEST_VALUE:
            raise refuse(table, f"column {name!r} has a value of {longest:,} bytes", "cut it")


def _join(tables: list[pa.Table], table: str) -> pa.Table:
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise refuse(table, f"its files disagree ({_short(error)})", "write them alike") from None
