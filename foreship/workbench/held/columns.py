"""Columns of large files as arrays: in memory while a bound allows it, else mapped from disk."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.errors import Tampered
from foreship.own_files import refuse_damaged, untyped_columns
from foreship.workbench.door.knock import Refused
from foreship.workbench.door.scratch import standing
from foreship_foundation.arrays import Ints

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import parquet

__all__ = ["Arrays", "HeldColumn", "Numbers", "Unwanted", "Words", "read_columns"]

BATCH: Final = 200_000
"""rows read at a time, which bounds what is held as words"""
MEGABYTE: Final = 1_000_000
Array = npt.NDArray[Any]


class Arrays:
    """Room for the arrays of a run: `megabytes` in memory for all of them, the rest in files.

    Parameters
    ----------
    folder
        Where the files lie, in a folder of their own that nobody else may read.
    """

    def __init__(self, megabytes: int, folder: Path) -> None:
        self._left, self._within = megabytes * MEGABYTE, folder
        self._folder: Path | None = None
        self._files = 0

    def empty(self, length: int, dtype: np.dtype[Any]) -> Array:
        """Return an array to be filled."""
        size = length * dtype.itemsize
        if size <= self._left:
            self._left -= size
            return np.empty(length, dtype)
        return np.lib.format.open_memmap(self._new_file(), mode="w+", dtype=dtype, shape=(length,))

    def close(self) -> None:
        """Remove the files; whoever still reads an array may go on."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _new_file(self) -> Path:
        if self._folder is None:
            self._folder = Path(
                tempfile.mkdtemp(prefix="cells-", dir=standing(self._within))
            )  # mode 0700
        self._files += 1
        return self._folder / f"{self._files}.npy"


class HeldColumn(Protocol):
    """A column that gives some of its rows back as they were written."""

    def take(self, rows: Ints | slice) -> pd.Series:
        """Return rows in the type that they have in their file."""
        ...


@dataclass(frozen=True)
class Numbers:
    """A column of numbers or days."""

    values: Array

    def take(self, rows: Ints | slice) -> pd.Series:
        """Return rows in the type that they have in their file."""
        return pd.Series(np.array(self.values[rows]))


@dataclass(frozen=True)
class Words:
    """A column of words, each distinct one once."""

    words: pd.Series
    codes: npt.NDArray[np.int32]

    def take(self, rows: Ints | slice) -> pd.Series:
        """Return rows in the type that they have in their file."""
        return self.words.take(np.array(self.codes[rows])).reset_index(drop=True)


class Unwanted(Refused):
    """What is being read is put aside, since other runs were asked for or the server ends."""


def read_columns(
    path: Path, arrays: Arrays, unwanted: Callable[[], bool] = lambda: False
) -> dict[str, HeldColumn]:
    """Read a Parquet file of a run column by column, never whole as words.

    Parameters
    ----------
    unwanted
        Asked between blocks of rows.

    Raises
    ------
    Unwanted
        Once that is so.
    Tampered
        If it cannot be read, or a column is not as the contract types it.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            worded = [field.name for field in file.schema_arrow if _is_worded(field.type)]
        with parquet.ParquetFile(path, read_dictionary=worded) as file:
            return _filled(path, file, worded, arrays, unwanted)
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError):
        raise Tampered(f"{path} cannot be read; make the run again") from None


def _filled(
    path: Path,
    file: parquet.ParquetFile,
    worded: list[str],
    arrays: Arrays,
    unwanted: Callable[[], bool],
) -> dict[str, HeldColumn]:
    rows, types = file.metadata.num_rows, file.schema_arrow.empty_table().to_pandas().dtypes
    filling: dict[str, _Filling] = {
        name: _Coding(arrays, rows) if name in worded else _Copying(arrays, rows, types[name])
        for name in file.schema_arrow.names
    }
    first = 0
    for batch in file.iter_batches(BATCH):
        if unwanted():
            raise Unwanted(503, "the run was put aside while it was read; ask for it once more")
        refuse_damaged(path, _damaged(path, batch, worded))
        for name, each in filling.items():
            each.put(slice(first, first + len(batch)), batch.column(name))
        first += len(batch)
    return {name: each.column() for name, each in filling.items()}


def _damaged(path: Path, batch: pa.RecordBatch, worded: list[str]) -> list[str]:
    """Return the columns of a batch that are not as the contract types them."""
    plain = batch.select([name for name in batch.schema.names if name not in worded]).to_pandas()
    # that words are words is known, whichever: one stands for all of them
    damaged = untyped_columns(path, plain.assign(**dict.fromkeys(worded, "")))
    return [name for name in worded if batch.column(name).null_count] + damaged


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
