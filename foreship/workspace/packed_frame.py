"""A frame kept packed while nobody looks at it, and opened again as it was.

Texts are packed as numbers of a list of them, so that ten million rows of ids take a tenth.
"""

from __future__ import annotations

import weakref
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from foreship_foundation.tables.frames import COPIES_ON_WRITE

__all__ = ["PackedFrame"]

FEWEST_ROWS: Final = 100_000
"""of a frame that is worth packing"""
ROWS_AT_ONCE: Final = 1_000_000
"""rows packed together: what is opened beside the frame"""
PLAIN_KINDS: Final = "iufbM"
"""kinds of numpy types that come back as they went, beside text"""


class PackedFrame:
    """A packed frame, and the frame itself as long as somebody else holds it."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._held = weakref.ref(frame)
        self._types, self._attrs = frame.dtypes.to_dict(), dict(frame.attrs)
        self._packed = _packed(pa.Table.from_pandas(frame, preserve_index=False))

    @staticmethod
    def admits(frame: pd.DataFrame) -> bool:
        """Whether a frame is worth packing, and comes back the same."""
        rows = pd.RangeIndex(len(frame))
        alike = all(
            isinstance(each, pd.StringDtype)
            or (isinstance(each, np.dtype) and each.kind in PLAIN_KINDS)
            for each in frame.dtypes
        )
        plain = isinstance(frame.index, pd.RangeIndex) and frame.index.equals(rows)
        return COPIES_ON_WRITE and len(frame) >= FEWEST_ROWS and alike and plain

    def held(self) -> pd.DataFrame | None:
        """Return the frame if somebody still holds it."""
        return self._held()

    def opened(self) -> pd.DataFrame:
        """Return the frame, opened where nobody holds it."""
        frame = self._held()
        if frame is None:
            table = pa.ipc.open_stream(self._packed).read_all()
            frame = pd.DataFrame(
                {name: _column(table[name], kind) for name, kind in self._types.items()},
                copy=False,
            )
            frame.attrs.update(self._attrs)
            self._held = weakref.ref(frame)
        return frame


def _packed(table: pa.Table) -> pa.Buffer:
    """Return a table as one packed stream, texts as numbers."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = table.column(place).combine_chunks().dictionary_encode()
            table = table.set_column(place, field.name, column)
    stream = pa.BufferOutputStream()
    how = pa.ipc.IpcWriteOptions(compression="lz4", emit_dictionary_deltas=False)
    with pa.ipc.new_stream(stream, table.schema, options=how) as writer:
        writer.write_table(table, max_chunksize=ROWS_AT_ONCE)
    return stream.getvalue()


def _column(column: pa.ChunkedArray, kind: object) -> object:
    """Return a column in the type that it had."""
    if isinstance(kind, pd.StringDtype):
        return column.cast(pa.large_string()).to_pandas(types_mapper=lambda _: kind)
    return column.to_numpy().astype(kind, copy=False)
