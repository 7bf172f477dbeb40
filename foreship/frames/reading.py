"""A frame in the place of a file: read, checked and typed by what reads files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foreship.forms import Form
from foreship.ingest.files.arrow_table import raw_of
from foreship.ingest.files.sources import Reader, Source
from foreship.ingest.raw import Sought
from foreship_foundation.tables.input_tables import INPUTS

__all__ = ["frame_path", "reader_of"]


def frame_path(table: str) -> Path:
    """Return what stands where the path of a file would."""
    return Path(f"(frame {table})")


def reader_of(given: pa.Table, renames: Mapping[str, str] | None = None) -> Reader:
    """Return what reads a table out of an Arrow table, as if a Parquet file held it.

    Parameters
    ----------
    given
        Its columns, under the user's own names.
    renames
        Contract column -> the user's own name for it.
    """

    def read(table: str, sought: Sought, form: Form) -> Source:
        source = Source()
        plain = _unlimited(_stored(given, sought), table, renames or {})
        source.add(raw_of(plain, table, sought.names), table, sought)
        return source

    return read


def _stored(given: pa.Table, sought: Sought) -> pa.Table:
    """Return what extension types store, in the columns that are read."""
    for place, field in enumerate(given.schema):
        if field.name in sought.names and isinstance(field.type, pa.BaseExtensionType):
            chunks = [each.storage for each in given.column(place).chunks]
            stored = pa.chunked_array(chunks, field.type.storage_type)
            given = given.set_column(place, field.name, stored)
    return given


def _unlimited(given: pa.Table, table: str, renames: Mapping[str, str]) -> pa.Table:
    """Return a table with blanks where it says infinity of what is unlimited by default.

    No file can say so; frames of an open workspace do.
    """
    if table not in INPUTS:
        return given
    for column in INPUTS[table].columns:
        name = renames.get(column.name, column.name)
        unlimited = isinstance(column.default, float) and np.isinf(column.default)
        place = given.schema.get_field_index(name)
        if not unlimited or place < 0 or not pa.types.is_floating(given.schema.field(place).type):
            continue
        values = given.column(place)
        limited = pc.if_else(pc.equal(values, column.default), pa.scalar(None, values.type), values)
        given = given.set_column(place, name, limited)
    return given
