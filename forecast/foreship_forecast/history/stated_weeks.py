"""What is stated of a few weeks of cells: kept as a list, laid out for some cells at a time.

A price list names the weeks of promotions, and most cells have none in most weeks: of a million
cells a matrix of them would hold little but blanks.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Floats, Ints, Numbers

__all__ = ["StatedWeeks"]

FEW_ROWS = 4
"""times that rows asked for may be in all weeks of all cells, to be searched for one by one"""


@dataclass(frozen=True)
class StatedWeeks:
    """A number of some weeks of C cells, blank in all others.

    **Invariants:** `place` ascends, and no value is blank.
    """

    shape: tuple[int, int]
    """cells and weeks, (C, V)"""
    place: Ints
    """cell x V + week of each value, shape (N,)"""
    value: Numbers
    """shape (N,)"""
    blank: float
    """what weeks hold of which nothing is stated: 0 or NaN"""

    @classmethod
    def of(
        cls, shape: tuple[int, int], at: tuple[Ints, Ints], value: Numbers, blank: float
    ) -> StatedWeeks:
        """Return the values of some cells and weeks; of two for the same the later row holds."""
        place = at[0] * shape[1] + at[1]
        order = np.argsort(place, kind="stable")
        place, value = place[order], value[order]
        held = np.append(place[1:] != place[:-1], True)[: len(place)]
        held &= ~np.isnan(value) if np.isnan(blank) else value != blank
        return cls(shape, place[held], value[held], blank)

    @property
    def cell(self) -> Ints:
        """Cell of each value, shape (N,)."""
        return self.place // max(self.shape[1], 1)

    @property
    def week(self) -> Ints:
        """Week of each value, shape (N,)."""
        return self.place % max(self.shape[1], 1)

    def part(self, cells: Ints) -> StatedWeeks:
        """Return what is stated of some cells, by ascending place."""
        own, cell, week = self._of(cells)
        return StatedWeeks(
            (len(cells), self.shape[1]), cell * self.shape[1] + week, self.value[own], self.blank
        )

    def laid_out(self, cells: Ints) -> npt.NDArray[Any]:
        """Return every week of some cells, shape (cells, V)."""
        own, cell, week = self._of(cells)
        found = np.full((len(cells), self.shape[1]), self.blank, dtype=self.value.dtype)
        found[cell, week] = self.value[own]
        return found

    def at(self, cell: Ints, week: Ints) -> npt.NDArray[Any]:
        """Return the value of each cell's week, shape (N,)."""
        if len(cell) * FEW_ROWS > self.shape[0] * self.shape[1]:
            return np.asarray(self.laid_out(np.arange(self.shape[0]))[cell, week])
        wanted = cell * self.shape[1] + week
        found = np.full(len(wanted), self.blank, dtype=self.value.dtype)
        if len(self.place):
            near = np.minimum(np.searchsorted(self.place, wanted), len(self.place) - 1)
            there = self.place[near] == wanted
            found[there] = self.value[near[there]]
        return found

    def stated_in(self, week: int) -> Ints:
        """Return the cells of which something is stated of a week, ascending."""
        order, ends = self._by_week
        return self.place[order[ends[week] : ends[week + 1]]] // max(self.shape[1], 1)

    def latest(self, cell: Ints, week: Ints) -> Ints:
        """Return the position of the last value of each cell up to a week, -1 without any."""
        found = np.searchsorted(self.place, cell * self.shape[1] + week, side="right") - 1
        return np.where(found >= self._first[cell], found, -1)

    def week_of(self, position: Ints) -> Ints:
        """Return the week of the values at positions, shape (N,)."""
        return self.place[position] % max(self.shape[1], 1)

    def up_to(self, position: Ints) -> tuple[Floats, Ints]:
        """Return the sum and the number of a cell's values up to positions, 0 of position -1."""
        there = position >= 0
        first = self._first[self.place[position] // max(self.shape[1], 1)]
        count = np.where(there, position + 1 - first, 0)
        return np.where(there, self._running[position], 0.0), count

    @cached_property
    def _by_week(self) -> tuple[Ints, list[int]]:
        """Positions of the values week by week, and where each week begins among them."""
        count = np.bincount(self.week, minlength=self.shape[1])
        return np.argsort(self.week, kind="stable"), [0, *np.cumsum(count).tolist()]

    @cached_property
    def _first(self) -> Ints:
        """Position of each cell's first value, and N at the end, shape (C + 1,)."""
        cells, weeks = self.shape
        return np.searchsorted(self.place, np.arange(cells + 1) * weeks)

    @cached_property
    def _running(self) -> Floats:
        """Sum of each cell's values up to each, added one after another, shape (N,)."""
        total = self.value.astype(np.float64)
        rank = np.arange(len(total)) - self._first[self.cell]
        order = np.argsort(rank, kind="stable")
        ends = np.cumsum(np.bincount(rank))
        for first, last in itertools.pairwise(ends.tolist()):
            total[order[first:last]] += total[order[first:last] - 1]
        return total

    def _of(self, cells: Ints) -> tuple[Ints, Ints, Ints]:
        """Return the positions of some cells' values, with the place of their cell, and weeks."""
        first, last = self._first[cells], self._first[cells + 1]
        count = last - first
        cell = np.repeat(np.arange(len(cells)), count)
        before = np.cumsum(count) - count
        own = np.arange(len(cell)) - before[cell] + first[cell]
        return own, cell, self.place[own] - cells[cell] * self.shape[1]
