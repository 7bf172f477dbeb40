"""Windows of many cells in compiled loops: what they want, what they fill up to, what is left.

Sums over paths are added up as NumPy adds them, so that a cell is the same among few and many.
"""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import loop
from foreship_optimize.valuation.unit_worth.recursion_loops import summed

__all__ = ["count_levels", "fill_cells", "read_windows"]

MOST_COUNTED = 1024
"""units of a window up to which paths are counted; beyond, they are sorted"""
HALVINGS = 64
"""most halves of a sum that wait to be added up"""


@loop
def read_windows(until, lead, starts, on_hand, rows, wanted, lies):
    """Write the demand of each window, and what is left on hand when the first begins.

    Parameters
    ----------
    until
        Demand of some cells until the start of some days, (B, D, S).
    lead, starts
        Places among these days of the first window's start, and of every start and the end, (T+1,).
    on_hand
        Units that lie in each cell; nothing else comes before the first window, (B,).
    rows
        Row of each cell in what is written, (B,).
    wanted, lies
        Written, (C, T, S) and (C, T), the latter for the first window alone.
    """
    paths = until.shape[2]
    for cell in range(len(rows)):
        row, total = rows[cell], 0
        for path in range(paths):
            left = on_hand[cell] - until[cell, lead, path]
            if left > 0:
                total += left
        lies[row, 0] = total / paths
        for plan in range(len(starts) - 1):
            first, end = starts[plan], starts[plan + 1]
            for path in range(paths):
                wanted[row, plan, path] = until[cell, end, path] - until[cell, first, path]


@loop
def count_levels(wanted, at, level):
    """Write the order statistic of each window: the demand that `at` paths do not exceed, (C, T).

    Where `at` is below 0 the level stays as it is.
    """
    cells, windows, paths = wanted.shape
    counts, copy = np.zeros(MOST_COUNTED, np.int64), np.empty(paths, np.int64)
    for cell in range(cells):
        for window in range(windows):
            if at[cell, window] < 0:
                continue
            most = 0
            for path in range(paths):
                most = max(most, wanted[cell, window, path])
            if most >= MOST_COUNTED:
                for path in range(paths):
                    copy[path] = wanted[cell, window, path]
                copy.sort()
                level[cell, window] = copy[at[cell, window]]
                continue
            for units in range(most + 1):
                counts[units] = 0
            for path in range(paths):
                counts[wanted[cell, window, path]] += 1
            units, below = 0, counts[0]
            while below <= at[cell, window]:
                units += 1
                below += counts[units]
            level[cell, window] = units


@loop
def fill_cells(levels, supply, wanted, sent, there):
    """Fill every cell up to its level, window by window, on expected stock.

    Parameters
    ----------
    levels, supply
        What cells are filled up to, and what comes without a plan, (C, T).
    wanted
        Demand of each window, (C, T, S).
    sent, there
        Written: units of each plan, and what lies there after them, (C, T).
    """
    cells, windows, paths = wanted.shape
    unsold, sums = np.empty(paths), np.empty(HALVINGS)
    firsts, counts = np.empty(HALVINGS, np.int64), np.empty(HALVINGS, np.int64)
    for cell in range(cells):
        left = 0.0
        for window in range(windows):
            lies = left + supply[cell, window]
            units = max(levels[cell, window] - lies, 0.0)
            sent[cell, window] = units
            there[cell, window] = lies + units
            for path in range(paths):
                unsold[path] = max(lies + units - wanted[cell, window, path], 0.0)
            left = summed(unsold, paths, firsts, counts, sums) / paths
