"""When cells may be stocked: the windows of their assortment, merged and in order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Ints
from foreship_foundation.tables.declaration import NEVER

__all__ = ["Windows"]


@dataclass(frozen=True)
class Windows:
    """First and last days of each cell's windows, counted from `as_of`, shape (C, W).

    **Invariants:** the windows of a cell run in order and do not touch; none is over at `as_of`
    but the last one of a cell whose windows are all over. Where a cell has fewer than W, the rest
    begin at NEVER and end before ever.
    """

    first_day: Ints
    last_day: Ints

    @classmethod
    def always(cls, cells: int) -> Windows:
        """Return the windows of cells that may be stocked on any day."""
        return cls(np.full((cells, 1), -NEVER), np.full((cells, 1), NEVER))

    @classmethod
    def of_rows(cls, cells: int, cell: Ints, first_day: Ints, last_day: Ints) -> Windows:
        """Gather the rows of the assortment; cells without a row may be stocked on any day.

        Rows that overlap or follow on each other without a day between are one window.
        """
        none = np.setdiff1d(np.arange(cells), cell)
        cell = np.concatenate([cell, none])
        first_day = np.concatenate([first_day, np.full(len(none), -NEVER)])
        last_day = np.concatenate([last_day, np.full(len(none), NEVER)])
        cell, first_day, last_day = _merged(cell, first_day, last_day)
        final = np.append(cell[1:] != cell[:-1], True)[: len(cell)]
        kept = (last_day >= 0) | final
        cell, first_day, last_day = cell[kept], first_day[kept], last_day[kept]
        # rows are sorted by cell, and every cell has one
        place = np.arange(len(cell)) - np.searchsorted(cell, cell)
        shape = (cells, int(place.max(initial=0)) + 1)
        first, last = np.full(shape, NEVER), np.full(shape, -NEVER)
        first[cell, place], last[cell, place] = first_day, last_day
        return cls(first, last)

    @property
    def end(self) -> Ints:
        """Last day of each cell's last window."""
        return np.asarray(self.last_day.max(axis=1))

    def rows(self, index: Ints) -> Windows:
        """Return the windows of some of the cells."""
        return Windows(self.first_day[index], self.last_day[index])

    def admit(self, cell: Ints, day: Ints, window: int) -> Bools:
        """Tell which arrivals find their cell open on their day or in the `window` days from it."""
        begun = self.first_day[cell] < (day + window)[:, None]
        return np.asarray((begun & (day[:, None] <= self.last_day[cell])).any(axis=1))

    def end_after(self, cell: Ints, day: int) -> Ints:
        """Last day of the window that is open on `day`, else of the next one, else of the last."""
        last = self.last_day[cell]
        ahead = last >= day
        found = last[np.arange(len(last)), ahead.argmax(axis=1)]
        return np.asarray(np.where(ahead.any(axis=1), found, last.max(axis=1)))


def _merged(cell: Ints, first_day: Ints, last_day: Ints) -> tuple[Ints, Ints, Ints]:
    """Sort windows by cell and day, and join those that overlap or touch."""
    order = np.lexsort((last_day, first_day, cell))
    cell, first_day, last_day = cell[order], first_day[order], last_day[order]
    if not len(cell):
        return cell, first_day, last_day
    # the latest end so far in the same cell: cells lie further apart than any two days
    far = cell * (4 * NEVER)
    reached = np.maximum.accumulate(last_day + far) - far
    starts = np.append(True, (cell[1:] != cell[:-1]) | (first_day[1:] > reached[:-1] + 1))
    at = np.flatnonzero(starts)
    return cell[at], first_day[at], np.maximum.reduceat(last_day, at)
