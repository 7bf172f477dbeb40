"""A frame in the place of a file: read, checked and typed by what reads files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from foreship.forms import Form
from foreship.ingest.arrow_columns import raw_of
from foreship.ingest.files.sources import Source, one_piece
from foreship.ingest.raw import Sought
from foreship.ingest.tables import Reader
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

    def read(path: Path, table: str, sought: Sought, form: Form) -> Source:
        raw = raw_of(_unlimited(given, table, renames or {}), table, sought.names)
        return one_piece(raw, table, sought)

    return read


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
