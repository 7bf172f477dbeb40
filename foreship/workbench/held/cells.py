"""A large frame by cell: which rows belong to an item, a region or a cell, without a search."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from foreship.workbench.held.columns import HeldColumn, Words
from foreship_foundation.arrays import Ints

__all__ = ["CellFrame"]


class CellFrame:
    """The columns of a frame, and where the rows of each cell begin.

    Parameters
    ----------
    columns
        By name, in their order.
    region, item
        Names of the columns that hold the cell; `region` is `` where rows have none.
    """

    def __init__(self, columns: Mapping[str, HeldColumn], region: str, item: str) -> None:
        self.columns = columns
        self._items, item_codes = _ranked(columns[item])
        if region:
            self._regions, codes = _ranked(columns[region])
        else:
            self._regions, codes = {"": 0}, np.zeros(len(item_codes), dtype=np.int64)
        cells = codes * len(self._items) + item_codes
        counts = np.bincount(cells, minlength=len(self._regions) * len(self._items))
        self._starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        # written sorted; another order is kept beside
        self._rows = None if np.all(np.diff(cells) >= 0) else np.argsort(cells, kind="stable")

    def __len__(self) -> int:
        return int(self._starts[-1])

    @property
    def items(self) -> tuple[str, ...]:
        """The items that have rows, sorted."""
        return tuple(self._items)

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that have rows, sorted."""
        return tuple(self._regions)

    def of(self, *, item: str | None, region: str | None) -> pd.DataFrame:
        """Return the rows of an item, of a region, or of one in the other, in the frame's order."""
        rows = self._rows_of(item, region)
        return pd.DataFrame({name: column.take(rows) for name, column in self.columns.items()})

    def _rows_of(self, item: str | None, region: str | None) -> Ints | slice:
        many = len(self._items)
        first, last = _span(self._regions, region)
        if item is None:
            found: Ints | slice = slice(int(self._starts[first * many]),
                                        int(self._starts[last * many]))  # fmt: skip
        else:
            place = self._items.get(item)
            if place is None:
                return slice(0, 0)
            found = _joined(self._starts, np.arange(first, last) * many + place)
        if self._rows is None:
            return found
        return np.sort(self._rows[found])


def _ranked(column: HeldColumn) -> tuple[dict[str, int], Ints]:
    """Return the sorted ids of a column, each with its place, and the place of each row."""
    assert isinstance(column, Words)
    ids = sorted(column.words)
    places = {each: place for place, each in enumerate(ids)}
    ranks = np.array([places[each] for each in column.words], dtype=np.int64)
    return places, ranks[np.asarray(column.codes)] if ids else np.zeros(0, dtype=np.int64)


def _span(places: Mapping[str, int], wanted: str | None) -> tuple[int, int]:
    """Return the first place and the one after the last; none for an id that is not there."""
    if wanted is None:
        return 0, len(places)
    place = places.get(wanted)
    return (0, 0) if place is None else (place, place + 1)


def _joined(starts: Ints, cells: Ints) -> Ints:
    """Return the rows of several cells, one after the other."""
    first, counts = starts[cells], starts[cells + 1] - starts[cells]
    before = np.cumsum(counts) - counts
    return np.repeat(first - before, counts) + np.arange(int(counts.sum()))
