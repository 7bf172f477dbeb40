"""Compiled loops of the walk of past orders (docs/program.md, section 12)."""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import loop

__all__ = ["walk_through"]


@loop
def walk_through(period, first, cell, units, weight, stock, served, used):
    """Serve each order whose lines are all there; stock starts anew in every period.

    Parameters
    ----------
    served, used
        Written: whether by order. Added to: units taken by cell, by weight of the period.
    """
    left = np.zeros(len(stock), np.int64)
    seen = np.full(len(stock), -1, np.int64)
    for order in range(len(period)):
        when = period[order]
        whole = True
        for line in range(first[order], first[order + 1]):
            at = cell[line]
            if seen[at] != when:
                seen[at] = when
                left[at] = stock[at]
            if left[at] < units[line]:
                whole = False
                break
        served[order] = whole
        if whole:
            for line in range(first[order], first[order + 1]):
                left[cell[line]] -= units[line]
                used[cell[line]] += weight[when] * units[line]
