"""Paths drawn once and kept packed: most counts are nought, hardly any needs more than a byte.

Drawing again wherever paths are read would cost more than all else that is done with them, and an
array of all would not fit. So they are packed in frames of some cells; whoever asks for cells has
their frames opened, of which the latest stay open.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa

from foreship_foundation.arrays import Ints
from foreship_foundation.paths.path_units import ALL, PathUnits, Units, pieces_of
from foreship_foundation.telling.words import plural

__all__ = ["PackedUnits", "cells_a_frame"]

FRAME_COUNTS: Final = 100_000
"""counts in a frame, at least a cell's: what is opened to read one of its cells"""
OPEN_BYTES: Final = 2**26
"""bytes of frames that stay open: an item is asked for region by region, the next one in the very
same frames"""


class PackedUnits:
    """Units of all cells in packed frames; the fewer units sell, the smaller they are."""

    def __init__(self, shape: tuple[int, int, int], dtype: np.dtype[Any], frames: list[Frame]):
        self._shape, self._dtype, self.frames = shape, dtype, frames
        self._step = cells_a_frame(shape)
        self._open: OrderedDict[int, Units] = OrderedDict()
        self._held = 0

    @classmethod
    def of_parts(
        cls, parts: Iterable[Units], shape: tuple[int, int, int], dtype: np.dtype[Any]
    ) -> PackedUnits:
        """Pack units that come in parts, cell after cell.

        Parameters
        ----------
        parts
            Units of the next cells, shape (B, H, S) each, C cells in all.
        shape, dtype
            Of all of them; each number fits the type.

        Raises
        ------
        ValueError
            If there are fewer or more cells than stated.
        """
        step, frames, rest, seen = cells_a_frame(shape), [], [], 0
        for part in parts:
            seen += len(part)
            rest.append(part)
            waiting = sum(map(len, rest))
            if waiting < step:
                continue
            units = np.concatenate(rest) if len(rest) > 1 else rest[0]
            whole = waiting - waiting % step
            frames += [Frame.of(units[first : first + step]) for first in range(0, whole, step)]
            rest = [units[whole:].copy()]
        if seen != shape[0]:
            raise ValueError(f"units of {plural(seen, 'cell')}, not of {shape[0]}")
        if sum(map(len, rest)):
            frames.append(Frame.of(np.concatenate(rest)))
        return cls(shape, np.dtype(dtype), frames)

    @classmethod
    def joined(
        cls, parts: Iterable[PackedUnits], shape: tuple[int, int, int], dtype: np.dtype[Any]
    ) -> PackedUnits:
        """Return packed units of consecutive cells as one, without opening them.

        Parameters
        ----------
        parts
            All but the last of a multiple of `cells_a_frame` cells.
        shape, dtype
            Of all of them.

        Raises
        ------
        ValueError
            If a part ends inside a frame, or there are fewer or more cells than stated.
        """
        frames: list[Frame] = []
        step, seen = cells_a_frame(shape), 0
        for part in parts:
            if seen % step:
                raise ValueError(f"a part ends at cell {seen}, inside a frame of {step}")
            seen += part.shape[0]
            frames += part.frames
        if seen != shape[0]:
            raise ValueError(f"units of {plural(seen, 'cell')}, not of {shape[0]}")
        return cls(shape, np.dtype(dtype), frames)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Cells, weeks and paths, (C, H, S)."""
        return self._shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the whole numbers that are given out."""
        return self._dtype

    @property
    def nbytes(self) -> int:
        """Bytes of all frames as they are packed."""
        return sum(len(frame.packed) for frame in self.frames)

    def of(self, cells: Ints, weeks: slice = ALL) -> Units:
        """Return some cells and weeks, shape (B, h, S)."""
        there = range(self._shape[1])[weeks]
        found = np.empty((len(cells), len(there), self._shape[2]), dtype=self._dtype)
        frame, place = np.divmod(cells, self._step)
        # the cells of an item lie apart: those of one frame are read together
        order = np.argsort(frame, kind="stable")
        frame, place = frame[order], place[order]
        ends = [*(np.flatnonzero(frame[1:] != frame[:-1]) + 1).tolist(), len(frame)]
        first = 0
        for last in ends[: len(frame)]:
            units = self._opened(int(frame[first]))
            found[order[first:last]] = units[place[first:last], weeks]
            first = last
        return found

    def pieces(self) -> Iterator[tuple[Ints, Units]]:
        """Yield every cell once, some frames at a time."""
        for some in pieces_of((len(self.frames), 1, FRAME_COUNTS)):
            opened = [frame.opened(self._shape[1:]) for frame in self.frames[some]]
            units = np.concatenate(opened, dtype=self._dtype)
            yield some.start * self._step + np.arange(len(units)), units

    def kept_alike(self, parts: Iterable[Units], shape: tuple[int, int, int]) -> PathUnits:
        """Pack other units of the same type."""
        return PackedUnits.of_parts(parts, shape, self._dtype)

    def _opened(self, number: int) -> Units:
        """Return the units of a frame, which stays open for a while."""
        units = self._open.get(number)
        if units is not None:
            self._open.move_to_end(number)
            return units
        units = self.frames[number].opened(self._shape[1:])
        self._open[number], self._held = units, self._held + units.nbytes
        while self._held > OPEN_BYTES and len(self._open) > 1:
            self._held -= self._open.popitem(last=False)[1].nbytes
        return units

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is open: another process opens its own."""
        return self.__dict__ | {"_open": OrderedDict(), "_held": 0}


class Frame:
    """Units of some cells, packed."""

    def __init__(self, packed: bytes, kind: str, cells: int) -> None:
        self.packed, self.kind, self.cells = packed, kind, cells

    @classmethod
    def of(cls, units: Units) -> Frame:
        """Pack units in the smallest type that holds them."""
        kind = np.min_scalar_type(units.max(initial=0)).str
        plain = np.ascontiguousarray(units.astype(kind))
        packed = pa.compress(plain.tobytes(), codec="zstd", asbytes=True)
        return cls(packed, kind, len(units))

    def opened(self, shape: tuple[int, ...]) -> Units:
        """Return the units in the type they were packed in; read-only."""
        kind = np.dtype(self.kind)
        size = self.cells * math.prod(shape) * kind.itemsize
        plain = pa.decompress(self.packed, decompressed_size=size, codec="zstd", asbytes=True)
        return np.frombuffer(plain, dtype=kind).reshape(self.cells, *shape)


def cells_a_frame(shape: tuple[int, int, int]) -> int:
    """Return how many cells are packed together."""
    return max(1, FRAME_COUNTS // max(shape[1] * shape[2], 1))
