"""Packed text files: unpacked in memory, never beyond what a file may hold."""

from __future__ import annotations

from pathlib import PurePath

import pyarrow as pa

from foreship import files
from foreship.ingest.raw import refuse

__all__ = ["PACKED_ENDINGS", "ending_of", "unpacked"]

PACKED_ENDINGS = {".gz": "gzip", ".zst": "zstd"}
PIECE = 2**24  # bytes unpacked at once


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
        If it is damaged or cut off, or unpacks to more than a file may hold.
    """
    form = PACKED_ENDINGS.get(PurePath(name).suffix.lower())
    if form is None:
        return data
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
        problem = f"{form} data damaged or cut off after {size:,} bytes"
        raise refuse(table, problem, "write it again") from None
    return b"".join(pieces)
