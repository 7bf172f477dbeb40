"""What a declared column admits, asked of plain arrays: ranges, whole numbers, days, blanks."""

from __future__ import annotations

from typing import Final

import numpy as np

from foreship_foundation.arrays import Bools, Days, Numbers
from foreship_foundation.bounds import MOST_UNITS
from foreship_foundation.tables.declaration import Column

__all__ = [
    "EARLIEST",
    "LARGEST_WEEK",
    "LARGEST_WEEK_KEPT",
    "LATEST",
    "above",
    "below",
    "far",
    "filled",
    "is_whole",
]

LARGEST_WEEK: Final = 65_535
"""most units of a cell and week that a forecast counts"""
LARGEST_WEEK_KEPT: Final = 2**31 - 1
"""most units of a cell and week that a history holds"""
EARLIEST, LATEST = np.datetime64("1900-01-01"), np.datetime64("2199-12-31")


def is_whole(column: Column) -> bool:
    """Whether only whole numbers may stand in a column."""
    return column.kind in ("units", "flag")


def below(column: Column, numbers: Numbers) -> Bools:
    """Tell which numbers are smaller than a column admits."""
    least = -np.inf if column.low is None else column.low
    return np.asarray((numbers < least) | (column.above_zero & (numbers <= 0)))


def above(column: Column, numbers: Numbers) -> Bools:
    """Tell which numbers are larger than a column admits; infinity may stand for unlimited."""
    return np.asarray(numbers > (np.inf if column.high is None else column.high))


def far(days: Days) -> Bools:
    """Tell which days lie outside the years 1900 to 2199; a blank does not."""
    return np.asarray((days < EARLIEST) | (days > LATEST))


def filled(column: Column, numbers: Numbers, blank: Bools) -> Numbers:
    """Return `numbers` in the column's own type, its default where `blank`.

    Whole numbers become int64, all others float64; NaN where there is no plain default.
    """
    default = float(column.default) if isinstance(column.default, (int, float)) else None
    if not is_whole(column):
        return np.where(blank, np.nan if default is None else default, numbers).astype(np.float64)
    safe = np.where(blank | ~np.isfinite(numbers), int(default or 0), numbers)
    return np.clip(safe, -MOST_UNITS, MOST_UNITS).astype(np.int64)
