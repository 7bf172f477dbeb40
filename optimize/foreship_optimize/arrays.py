"""Arrays with millions of entries: short whole numbers, sparse ones, and work in parts.

Short numbers are for keeping, comparing and looking things up; what is calculated with them is
calculated in whole words first, for short ones overflow in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["Sparse", "add_up", "parts", "short", "shortened", "shortest"]

Array: TypeAlias = npt.NDArray[Any]
Table = TypeVar("Table")
"""a dataclass of columns"""

AT_ONCE = 2**18
"""entries that are worked on together: two MiB of whole words"""
SHORT = (np.uint8, np.uint16, np.int32, np.int64)


def shortest(values: Array) -> Array:
    """Copy whole numbers >= 0 into the shortest type of 1, 2, 4 or 8 bytes that holds them all.

    Raises
    ------
    ValueError
        If a number is below 0.
    """
    if values.min(initial=0) < 0:
        raise ValueError("a number below 0 cannot be kept in a kind without sign")
    most = int(values.max(initial=0))
    kind = next(kind for kind in SHORT if most <= np.iinfo(kind).max)
    return values.astype(kind)


def short(values: Array) -> Array:
    """Copy whole numbers into 4 bytes each, or 8 where some do not fit."""
    edges = np.iinfo(np.int32)
    fits = edges.min <= values.min(initial=0) and values.max(initial=0) <= edges.max
    return values.astype(np.int32 if fits else np.int64)


@dataclass(frozen=True)
class Sparse:
    """Whole numbers >= 0, mostly 0: one bit for each, and the values that are not 0."""

    marks: npt.NDArray[np.uint8]
    others: Array
    size: int

    @classmethod
    def of(cls, values: Array) -> Sparse:
        """Keep a copy of values."""
        known = values != 0
        return cls(np.packbits(known), shortest(values[known]), len(values))

    def dense(self) -> Array:
        """Return all values, in the short type they are kept in, (size,)."""
        values = np.zeros(self.size, dtype=self.others.dtype)
        values[np.unpackbits(self.marks, count=self.size).astype(bool)] = self.others
        return values


def shortened(table: Table) -> Table:
    """Return a table whose columns of whole numbers are `short`."""
    columns = {each.name: getattr(table, each.name) for each in fields(table)}  # type: ignore[arg-type]
    whole = {name: short(values) for name, values in columns.items() if values.dtype == np.int64}
    return replace(table, **whole)  # type: ignore[type-var]


def parts(count: int, size: int = AT_ONCE) -> Iterator[slice]:
    """Yield slices that cover `count` entries, `size` at a time."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def add_up(total: Array, place: Array, weight: Array) -> None:
    """Add weights to `total` at their places, in order, so that parts change no digit."""
    np.add.at(total, place.astype(np.intp, copy=False), weight)
