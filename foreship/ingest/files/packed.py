"""Packed text files: unpacked in memory, never beyond what a file may hold."""

from __future__ import annotations

from pathlib import PurePath

import pyarrow as pa

from foreship import files
from foreship.ingest.raw import refuse

__all__ = ["MAGIC", "PACKED_ENDINGS", "ending_of", "unpacked"]

PACKED_ENDINGS = {".gz": "gzip", ".zst": "zstd"}
PIECE = 2**24  # bytes unpacked at once
MAGIC = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
"""what packed data begins with"""
SKIPPED = b"\x2a\x4d\x18"
"""after a byte of 0x50 to 0x5f, a part of zstd that is no data"""


def ending_of(name: str) -> str:
    """Return the ending by which a file is read: `.csv` of `orders.csv.gz`, in small letters."""
    path = PurePath(name)
    packed = path.suffix.lower() in PACKED_ENDINGS
    return (PurePath(path.stem) if packed else path).suffix.lower()


def unpacked(data: bytes, name: str, table: str) -> bytes:
    """Return what a file holds; one whose name does not end as packed ones do holds its bytes.

    Raises
    ------
    InputError
        If it is no such data, damaged or cut off, or unpacks to more than a file may hold.
    """
    form = PACKED_ENDINGS.get(PurePath(name).suffix.lower())
    if form is None:
        return data
    _refuse_unpacked(data, form, name, table)
    pieces, size = [], 0
    try:
        with pa.CompressedInputStream(pa.BufferReader(data), form) as stream:
            while piece := stream.read(PIECE):
                size += len(piece)
                if size > files.LARGEST_FILE:
                    problem = f"unpacks to over {files.LARGEST_FILE:,} bytes"
                    raise refuse(table, problem, "cut old rows, or write Parquet")
                pieces.append(piece)
    except (OSError, pa.ArrowException):
        problem = f"{form} data damaged or cut off: its {len(data):,} bytes cannot be unpacked"
        raise refuse(table, problem, "write it again, or fetch it again") from None
    return b"".join(pieces)


def _refuse_unpacked(data: bytes, form: str, name: str, table: str) -> None:
    """Raise InputError for data that is not packed at all."""
    if not data:
        raise refuse(table, "the file is empty (0 bytes)", "write at least the header")
    begins = MAGIC[form]
    skipped = form == "zstd" and data[1:4] == SKIPPED
    if not data.startswith(begins[: len(data)]) and not skipped:
        plain = PurePath(name).stem
        problem = f"{name} is not packed: it does not begin as {form} data does"
        raise refuse(table, problem, f"name it {plain} if it is text, or pack it again")
