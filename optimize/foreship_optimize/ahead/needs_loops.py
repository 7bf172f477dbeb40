"""One week of many cells on every path, in compiled loops, and sums of cells by hub and item.

Sums over cells are added up as NumPy adds them, so that blocks of any size say the same.
"""

from __future__ import annotations

import numpy as np

from foreship_optimize.ahead.window_loops import HALVINGS
from foreship_optimize.compiled import loop
from foreship_optimize.valuation.unit_worth.recursion_loops import summed

__all__ = ["add_groups", "walk_week"]


@loop
def walk_week(supply, level, decided, served, wanted, waits, there, sent, parcels):
    """Walk one week: units come, regions sell, parcels go to those who wait.

    Parameters
    ----------
    supply
        Units that come without a plan, (C,).
    level, decided
        What each cell is filled up to, and, where that is below 0, the units that it gets, (C,).
    served, wanted
        Demand that regions may serve, and all of it, (C, S) each.
    waits
        Share of buyers who wait for a parcel, (C,).
    there
        Units in each cell on each path; changed, (C, S).
    sent, parcels
        Written: units that come by the plan, and those that go by parcel, (C, S) each.
    """
    cells, paths = there.shape
    for cell in range(cells):
        fills, units = level[cell] >= 0.0, decided[cell]
        for path in range(paths):
            lies = there[cell, path] + supply[cell]
            more = max(level[cell] - lies, 0.0) if fills else units
            lies = max(lies + more, 0.0)
            sold = min(lies, float(served[cell, path]))
            there[cell, path] = lies - sold
            sent[cell, path] = more
            parcels[cell, path] = max(wanted[cell, path] - sold, 0.0) * waits[cell]


@loop
def add_groups(total, key, rows, first, units):
    """Add up cells by group, and the sum of each group to its row of `total`.

    Parameters
    ----------
    total
        Changed, (G, S).
    key
        Row of `total` of each group, (K,).
    rows, first
        The cells, group by group, and where each group begins, and the end, (K + 1,).
    units
        Of each cell and path, (C, S).
    """
    paths, most = total.shape[1], 1
    for group in range(len(key)):
        most = max(most, first[group + 1] - first[group])
    column, sums = np.empty(most), np.empty(HALVINGS)
    firsts, counts = np.empty(HALVINGS, np.int64), np.empty(HALVINGS, np.int64)
    for group in range(len(key)):
        begin, count = first[group], first[group + 1] - first[group] - 1
        for path in range(paths):
            for place in range(count):
                column[place] = units[rows[begin + 1 + place], path]
            rest = summed(column, count, firsts, counts, sums)
            total[key[group], path] += units[rows[begin], path] + rest
