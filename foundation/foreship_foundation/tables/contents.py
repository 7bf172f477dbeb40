"""What a table holds, as one hash: in any order of its rows, whatever types they are kept in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Hashes

__all__ = ["content_hash"]

PRIME: Final = np.uint64(0x100000001B3)
AT_ONCE: Final = 2**20
"""rows whose words are made at once: bounds memory, never changes them"""


def content_hash(frame: pd.DataFrame) -> str:
    """Return the sha256 of a table's columns and rows, in any order of both.

    Numbers count by their value, whole or not, days by their date, everything else by its text;
    a blank is a blank. Rows that occur twice count twice.
    """
    names = sorted(map(str, frame.columns))
    rows = np.empty(len(frame), dtype=np.uint64)
    for first in range(0, len(frame), AT_ONCE):
        rows[first : first + AT_ONCE] = _row_words(frame.iloc[first : first + AT_ONCE], names)
    rows.sort()
    digest = hashlib.sha256(repr((names, len(frame))).encode())
    digest.update(rows.data)
    return digest.hexdigest()


def _row_words(frame: pd.DataFrame, names: Sequence[str]) -> Hashes:
    """Return one word a row: two rows are taken for equal by chance once in 2^64 pairs."""
    words = np.zeros(len(frame), dtype=np.uint64)
    for name in names:
        words = np.asarray(pd.util.hash_array(words * PRIME + _words(frame[name])))
    return words


def _words(column: pd.Series[Any]) -> Hashes:
    """Return 64 bits a row, equal where the values are."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return _of(column.to_numpy().astype("datetime64[s]").astype(np.int64))
    if pd.api.types.is_numeric_dtype(column):
        numbers = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return _of(numbers + 0.0)  # -0 is 0
    codes, known = pd.factorize(column)
    texts = np.array([*map(str, known), ""], dtype=object)  # code -1, a blank, is the last
    return np.asarray(_of(texts)[codes])


def _of(values: Any) -> Hashes:
    return np.asarray(pd.util.hash_array(values, categorize=False))
