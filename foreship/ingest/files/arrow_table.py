"""An Arrow table, wherever it came from, as the columns that every check begins with."""

from __future__ import annotations

from collections.abc import Set

import pyarrow as pa
import pyarrow.compute as pc

from foreship.ingest.raw import Numbering, RawTable, refuse, refuse_header

__all__ = ["LARGEST_CELLS", "is_text_type", "plain_column", "raw_of", "refuse_nested"]

LARGEST_CELLS = 400_000_000  # rows x wanted columns of a table: about 3 GB decoded
LONGEST_VALUE = 10_000  # bytes


def raw_of(read: pa.Table, table: str, wanted: Set[str]) -> RawTable:
    """Return the `wanted` columns of an Arrow table, rows counted from 1.

    Parameters
    ----------
    read
        Columns of plain types; text in any of Arrow's flavours.
    table
        Name used in messages.

    Raises
    ------
    InputError
        For a header, a column or a value that no table may have.
    """
    refuse_header(table, read.schema.names)
    kept = [name for name in read.schema.names if name in wanted]
    refuse_nested(read.schema, kept, table)
    columns = {name: plain_column(read.column(name), table, name) for name in kept}
    return RawTable(tuple(read.schema.names), columns, read.num_rows, Numbering("row", 1))


def refuse_nested(schema: pa.Schema, kept: list[str], table: str) -> None:
    """Raise InputError for a column that holds more than one value a row."""
    for name in kept:
        if pa.types.is_nested(schema.field(name).type):
            raise refuse(table, f"column {name!r} holds lists or structs", "one value a row")


def plain_column(column: pa.ChunkedArray, table: str, name: str) -> pa.ChunkedArray:
    """Return text as dictionary<int32, string>, whatever its flavour; others unchanged.

    Raises
    ------
    InputError
        For a text longer than `LONGEST_VALUE` bytes.
    """
    kind = column.type
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    if is_text_type(value):
        if not pa.types.is_dictionary(kind):
            column = column.cast(pa.string()).dictionary_encode()
        column = _of_strings(column)
        _refuse_long(column, table, name)
        return column
    return column.cast(value) if pa.types.is_dictionary(kind) else column


def _of_strings(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a dictionary of text as dictionary<int32, string>.

    Piece by piece: Arrow casts no dictionary whose texts are views, as categories of polars are.
    """
    chunks = [
        pa.DictionaryArray.from_arrays(
            chunk.indices.cast(pa.int32()), chunk.dictionary.cast(pa.string())
        )
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, pa.dictionary(pa.int32(), pa.string()))


def is_text_type(kind: pa.DataType) -> bool:
    """Whether an Arrow type is text, of any flavour."""
    view = getattr(pa.types, "is_string_view", lambda _: False)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or view(kind))


def _refuse_long(column: pa.ChunkedArray, table: str, name: str) -> None:
    for chunk in column.chunks:
        longest = pc.max(pc.binary_length(chunk.dictionary)).as_py() or 0
        if longest > LONGEST_VALUE:
            raise refuse(table, f"column {name!r} has a value of {longest:,} bytes", "cut it")
