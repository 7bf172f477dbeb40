"""Columns of a table as arrays, and ids as positions among those that are known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Days, Floats, Ints

__all__ = ["days", "floats", "floats_or", "index_of", "known_positions", "positions"]


def positions(ids: pd.Series, known: pd.Index) -> Ints:
    """Return the position of each id, -1 where it is unknown."""
    return known.get_indexer(index_of(ids)).astype(np.int64)


def known_positions(ids: pd.Series, known: pd.Index, name: str) -> Ints:
    """Return the position of each id; raise ValueError naming ids that are not known."""
    at = positions(ids, known)
    if (at < 0).any():
        raise ValueError(f"{name}: unknown {sorted(set(ids[at < 0]))[:5]}")
    return at


def index_of(ids: pd.Series) -> pd.Index:
    """Return ids as an index of plain objects."""
    index: pd.Index = pd.Index(ids.to_numpy(dtype=object), dtype=object)
    return index


def floats(column: pd.Series) -> Floats:
    """Return a column of numbers."""
    return column.to_numpy(dtype=np.float64)


def floats_or(table: pd.DataFrame, name: str, blank: float) -> Floats:
    """Return a column of numbers, `blank` where it says nothing or the table has no such column."""
    if name not in table:
        return np.full(len(table), blank)
    told = table[name].to_numpy(dtype=np.float64)
    return np.where(np.isnan(told), blank, told)


def days(column: pd.Series) -> Days:
    """Return a column of dates, by day."""
    return pd.to_datetime(column).to_numpy().astype("datetime64[D]")
