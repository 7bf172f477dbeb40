"""Columns of large files as arrays: in memory while a bound allows it, else mapped from disk."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.errors import Tampered
from foreship.own_files import refuse_damaged, untyped_columns
from foreship_foundation.arrays import Ints

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet

__all__ = ["Arrays", "HeldColumn", "Numbers", "Words", "read_columns"]

BATCH: Final = 200_000
"""rows read at a time, which bounds what is held as words"""
MEGABYTE: Final = 1_000_000
Array = npt.NDArray[Any]


class Arrays:
    """Room for arrays: `megabytes` in memory for all of them, what is more in files of its own.

    The files lie in a folder that nobody else may read and that ends with `close`.
    """

    def __init__(self, megabytes: int) -> None:
        self._left = megabytes * MEGABYTE
        self._folder: Path | None = None
        self._files = 0
        self._lock = Lock()

    def empty(self, length: int, dtype: np.dtype[Any]) -> Array:
        """Return an array to be filled."""
        size = length * dtype.itemsize
        with self._lock:
            in_memory = size <= self._left
            self._left -= size if in_memory else 0
            path = None if in_memory or not size else self._new_file()
        if path is None:
            return np.empty(length, dtype)
        return np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=(length,))

    def let_go(self, arrays: list[Array]) -> None:
        """Give the room of arrays back; they may still be read by whoever holds them."""
        for array in arrays:
            if isinstance(array, np.memmap):
                Path(str(array.filename)).unlink(missing_ok=True)
            else:
                with self._lock:
                    self._left += array.nbytes

    def close(self) -> None:
        """Remove all files."""
        with self._lock:
            folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _new_file(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="foreship-serve-"))  # mode 0700
        self._files += 1
        return self._folder / f"{self._files}.npy"


class HeldColumn(Protocol):
    """A column that gives some of its rows back as they were written."""

    @property
    def arrays(self) -> list[Array]:
        """What it keeps."""
        ...

    def take(self, rows: Ints | slice) -> pd.Series:
        """Return rows in the type that they have in their file."""
        ...


@dataclass(frozen=True)
class Numbers:
    """A column of numbers or days."""

    values: Array

    @property
    def arrays(self) -> list[Array]:
        """What it keeps."""
        return [self.values]

    def take(self, rows: Ints | slice) -> pd.Series:
        """Return rows in the type that they have in their file."""
        return pd.Series(np.array(self.values[rows]))


@dataclass(frozen=True)
class Words:
    """A column of words, each distinct one once."""

    words: pd.Series
    codes: npt.NDArray[np.int32]

    @property
    def arrays(self) -> list[Array]:
        """What it keeps."""
        return [self.codes]

    def take(self, rows: Ints | slice) -> pd.Series:
        """Return rows in the type that they have in their file."""
        return self.words.take(np.array(self.codes[rows])).reset_index(drop=True)


def read_columns(path: Path, arrays: Arrays) -> dict[str, HeldColumn]:
    """Read a Parquet file of a run column by column, never whole as words.

    Raises
    ------
    Tampered
        If it cannot be read, or a column is not as the contract types it.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            worded = [field.name for field in file.schema_arrow if _is_worded(field.type)]
        with parquet.ParquetFile(path, read_dictionary=worded) as file:
            return _filled(path, file, worded, arrays)
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError):
        raise Tampered(f"{path} cannot be read; make the run again") from None


def _filled(
    path: Path, file: parquet.ParquetFile, worded: list[str], arrays: Arrays
) -> dict[str, HeldColumn]:
    rows, types = file.metadata.num_rows, file.schema_arrow.empty_table().to_pandas().dtypes
    filling: dict[str, _Filling] = {
        name: _Coding(arrays, rows) if name in worded else _Copying(arrays, rows, types[name])
        for name in file.schema_arrow.names
    }
    first = 0
    for batch in file.iter_batches(BATCH):
        blank = [name for name in worded if batch.column(name).null_count]
        plain = batch.select([name for name in batch.schema.names if name not in worded])
        damaged = [each for each in untyped_columns(path, plain.to_pandas()) if each not in worded]
        refuse_damaged(path, [*blank, *damaged])
        for name, each in filling.items():
            each.put(slice(first, first + len(batch)), batch.column(name))
        first += len(batch)
    return {name: each.column() for name, each in filling.items()}


class _Filling(Protocol):
    def put(self, rows: slice, values: pa.Array) -> None: ...

    def column(self) -> HeldColumn: ...


class _Copying:
    """Numbers and days as they come."""

    def __init__(self, arrays: Arrays, rows: int, dtype: np.dtype[Any]) -> None:
        self._values = arrays.empty(rows, dtype)

    def put(self, rows: slice, values: pa.Array) -> None:
        self._values[rows] = values.to_pandas().to_numpy()

    def column(self) -> HeldColumn:
        return Numbers(self._values)


class _Coding:
    """Words as numbers of the distinct ones, in the order in which they are first met."""

    def __init__(self, arrays: Arrays, rows: int) -> None:
        self._codes = arrays.empty(rows, np.dtype(np.int32))
        self._places: dict[str, int] = {}

    def put(self, rows: slice, values: pa.Array) -> None:
        here = [self._places.setdefault(word, len(self._places)) for word in _words_of(values)]
        self._codes[rows] = np.array(here, dtype=np.int32)[values.indices.to_numpy()]

    def column(self) -> HeldColumn:
        return Words(pd.Series(list(self._places), dtype=str), self._codes)


def _words_of(values: pa.DictionaryArray) -> list[str]:
    return [str(each) for each in values.dictionary.to_pylist()]


def _is_worded(kind: pa.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind))
