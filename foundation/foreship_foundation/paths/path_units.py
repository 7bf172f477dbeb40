"""Units of joint paths by cell and week, read a few cells at a time.

Of a million cells all paths together fill a machine. So nobody asks for all of them: `of` gives
some cells, `pieces` each cell once. How they are kept (as an array, packed, laid out for other
cells) changes neither numbers nor their type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Ints

__all__ = [
    "ALL",
    "HeldUnits",
    "LaidUnits",
    "PathUnits",
    "Units",
    "changed",
    "of_all",
    "path_units",
    "pieces_of",
]

Units: TypeAlias = npt.NDArray[np.integer[Any]]

ALL: Final = slice(None)
PIECE_COUNTS: Final = 2_000_000
"""counts in a piece: bounds memory, never changes an answer"""


@runtime_checkable
class PathUnits(Protocol):
    """Units of C cells over H weeks on S paths, whole and not negative."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells, weeks and paths, (C, H, S)."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the whole numbers that are given out."""

    def of(self, cells: Ints, weeks: slice = ALL) -> Units:
        """Return some cells, in the order asked for, and some weeks in a row, shape (B, h, S)."""

    def pieces(self) -> Iterator[tuple[Ints, Units]]:
        """Yield some cells by ascending place and their units, (B,) and (B, H, S); each once."""

    def kept_alike(self, parts: Iterable[Units], shape: tuple[int, int, int]) -> PathUnits:
        """Keep other units of the same type in the same way: parts of the next cells each."""


@dataclass(frozen=True)
class HeldUnits:
    """All units as one array."""

    array: Units
    """shape (C, H, S)"""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells, weeks and paths, (C, H, S)."""
        cells, weeks, paths = self.array.shape
        return cells, weeks, paths

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the whole numbers that are given out."""
        return self.array.dtype

    def of(self, cells: Ints, weeks: slice = ALL) -> Units:
        """Return some cells and weeks, shape (B, h, S)."""
        return self.array[cells, weeks]

    def pieces(self) -> Iterator[tuple[Ints, Units]]:
        """Yield every cell once."""
        for some in pieces_of(self.shape):
            yield np.arange(some.start, some.stop), self.array[some]

    def kept_alike(self, parts: Iterable[Units], shape: tuple[int, int, int]) -> PathUnits:
        """Keep other units of the same type as one array."""
        array, seen = np.empty(shape, dtype=self.dtype), 0
        for part in parts:
            array[seen : seen + len(part)] = part
            seen += len(part)
        return HeldUnits(array)


@dataclass(frozen=True)
class LaidUnits:
    """The same units laid out for other cells, the first weeks left out; nothing is copied."""

    source: PathUnits
    rows: Ints
    """row of each cell in the source; -1 for a cell without paths, whose units are 0, (C,)"""
    skip: int = 0
    """weeks left out"""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells, weeks and paths, (C, H, S)."""
        _, weeks, paths = self.source.shape
        return len(self.rows), weeks - self.skip, paths

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the whole numbers that are given out."""
        return self.source.dtype

    def of(self, cells: Ints, weeks: slice = ALL) -> Units:
        """Return some cells and weeks, shape (B, h, S)."""
        there = range(self.source.shape[1])[self.skip :][weeks]
        at, asked = self.rows[cells], slice(there.start, there.stop)
        known = at >= 0
        if known.all():
            return self.source.of(at, asked)
        found = np.zeros((len(at), len(there), self.shape[2]), dtype=self.dtype)
        found[known] = self.source.of(at[known], asked)
        return found

    def pieces(self) -> Iterator[tuple[Ints, Units]]:
        """Yield every cell once."""
        for some in pieces_of(self.shape):
            cells = np.arange(some.start, some.stop)
            yield cells, self.of(cells)

    def kept_alike(self, parts: Iterable[Units], shape: tuple[int, int, int]) -> PathUnits:
        """Keep other units of the same type as the source keeps its own."""
        return self.source.kept_alike(parts, shape)


def path_units(units: Units | PathUnits) -> PathUnits:
    """Return units behind the one way of asking for them."""
    # an array is told by its type at once: to look for the names of a protocol takes a while
    return HeldUnits(units) if isinstance(units, np.ndarray) else units


def changed(units: PathUnits, change: Callable[[Ints, Units], Units]) -> PathUnits:
    """Return units of the same shape and type, worked out of each piece and its cells."""
    parts = (change(cells, piece).astype(units.dtype) for cells, piece in units.pieces())
    return units.kept_alike(parts, units.shape)


def of_all(units: PathUnits) -> Units:
    """Return all units as one array, shape (C, H, S): of few cells, or in a test."""
    if isinstance(units, HeldUnits):
        return units.array
    return units.of(np.arange(units.shape[0]))


def pieces_of(shape: tuple[int, int, int], counts: int = PIECE_COUNTS) -> list[slice]:
    """Cut the cells into pieces of so many counts, at least one cell each."""
    cells, weeks, paths = shape
    step = max(1, counts // max(weeks * paths, 1))
    return [slice(first, min(first + step, cells)) for first in range(0, cells, step)]
