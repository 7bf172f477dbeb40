"""Columns that are in Arrow already, whatever door they came by -> a table as read."""

from __future__ import annotations

from collections.abc import Sequence, Set

import pyarrow as pa
import pyarrow.compute as pc

from foreship.ingest.raw import Numbering, RawTable, refuse, refuse_header

__all__ = ["is_any_text", "plain", "raw_of", "refuse_nested"]

LONGEST_VALUE = 10_000  # bytes


def raw_of(given: pa.Table, table: str, wanted: Set[str]) -> RawTable:
    """Return the `wanted` columns of an Arrow table as a Parquet file of the same would be read.

    Parameters
    ----------
    given
        Columns under the user's own names; text of any flavour, extension types by what they
        store.
    table
        Name used in messages.

    Raises
    ------
    InputError
        With every fault of their form.
    """
    refuse_header(table, given.column_names)
    kept = [name for name in given.column_names if name in wanted]
    stored = pa.table({name: _stored(given.column(name)) for name in kept})
    refuse_nested(stored.schema, kept, table)
    columns = {name: plain(stored.column(name), table, name) for name in kept}
    return RawTable(tuple(given.column_names), columns, given.num_rows, Numbering("row", 1))


def _stored(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return what an extension type stores, any other column as it is."""
    if not isinstance(column.type, pa.BaseExtensionType):
        return column
    return pa.chunked_array([each.storage for each in column.chunks], column.type.storage_type)


def refuse_nested(schema: pa.Schema, kept: Sequence[str], table: str) -> None:
    """Raise InputError for a column of lists or structs among those kept."""
    nested = [name for name in kept if pa.types.is_nested(schema.field(name).type)]
    if nested:
        raise refuse(table, f"column {nested[0]!r} holds lists or structs", "one value a row")


def plain(column: pa.ChunkedArray, table: str, name: str) -> pa.ChunkedArray:
    """Return text as dictionary<int32, string>, whatever its flavour; others unchanged."""
    kind = column.type
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    if is_any_text(value):
        if not pa.types.is_dictionary(kind):
            column = column.cast(pa.string()).dictionary_encode()
        _refuse_long(column, table, name)
        return column.cast(pa.dictionary(pa.int32(), pa.string()))
    return column.cast(value) if pa.types.is_dictionary(kind) else column


def is_any_text(kind: pa.DataType) -> bool:
    """Tell whether a plain Arrow type is text of any flavour."""
    view = getattr(pa.types, "is_string_view", lambda _: False)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or view(kind))


def _refuse_long(column: pa.ChunkedArray, table: str, name: str) -> None:
    for chunk in column.chunks:
        longest = pc.max(pc.binary_length(chunk.dictionary)).as_py() or 0
        if longest > LONGEST_VALUE:
            raise refuse(table, f"column {name!r} has a value of {longest:,} bytes", "cut it")
