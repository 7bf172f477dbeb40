"""Lots: an item that is ordered by the dozen is counted in dozens.

A smooth law of sizes spreads an order of twelve over 1 to 40 units, and the first of twelve then
looks likelier than the last. Counted in lots (docs/forecast.md, equation 33) it is one sale.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Ints

__all__ = ["in_lots", "lots_of_items"]

Counts = npt.NDArray[np.integer[Any]]

BY_CHANCE: Final = 0.01
"""chance below which weeks that are all multiples of a lot are no coincidence"""
ODD_WEEKS: Final = 0.02
"""share of weeks that may be no whole number of lots"""


def lots_of_items(units: Counts, lines: Counts, item: Ints) -> Ints:
    """Return the units of each item's lot, 1 for all that are ordered by the unit, shape (items,).

    Parameters
    ----------
    units
        Units ordered by cell and week, shape (C, W).
    lines
        Order lines they came in, each of a lot at least, shape (C, W).
    item
        Position of each cell's item, shape (C,).
    """
    count = int(item.max(initial=-1)) + 1
    lots = np.ones(count, dtype=np.int64)
    weeks = np.bincount(item, (units > 0).sum(axis=1), count)
    singles = np.bincount(item, (units == 1).sum(axis=1), count)
    cells = np.argsort(item, kind="stable")
    ends = np.searchsorted(item[cells], np.arange(count + 1))
    for each in np.flatnonzero((weeks > 0) & (singles <= ODD_WEEKS * weeks)).tolist():
        mine = cells[ends[each] : ends[each + 1]]
        sold = units[mine] > 0
        lots[each] = _lot_of(*(kind[mine][sold].astype(np.int64) for kind in (units, lines)))
    return lots


def in_lots(units: Counts, lot: Ints) -> npt.NDArray[np.int32]:
    """Return counts in lots, to the nearest whole one but at least one where anything was ordered.

    Parameters
    ----------
    units
        Units ordered by cell and week, shape (C, W).
    lot
        Units of each cell's lot, shape (C,).
    """
    if (lot == 1).all():
        return units.astype(np.int32, copy=False)
    found = units.astype(np.int32)
    some = np.flatnonzero(lot > 1)
    nearest = (2 * units[some].astype(np.int64) + lot[some, None]) // (2 * lot[some, None])
    found[some] = np.where(units[some] > 0, np.maximum(nearest, 1), 0)
    return found


def _lot_of(weeks: Ints, lines: Ints) -> int:
    """Return the commonest week's units if they divide nearly all others, else what divides all."""
    values, times = np.unique(weeks, return_counts=True)
    for lot in (int(values[times.argmax()]), int(np.gcd.reduce(values))):
        odd = float(((weeks % lot != 0) | (weeks < lot * lines)).mean())
        if lot > 1 and odd <= ODD_WEEKS and float(lot) ** -len(weeks) < BY_CHANCE:
            return lot
    return 1
