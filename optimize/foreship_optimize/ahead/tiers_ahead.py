"""Tiers of what lies in a cell through a window: how many units, and the chance that they sell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.arrays import parts

__all__ = ["MOST_TIERS", "Tiers", "tiers_of"]

MOST_TIERS = 200_000
"""tiers of a program; with more, those of a window are joined"""
BLOCK_COUNTS = 2_000_000
"""numbers counted at a time: bounds memory, never changes an answer"""
JOINED = 8
"""tiers of a window that are left where tiers are joined"""


@dataclass(frozen=True)
class Tiers:
    """Tiers of every window, one row each, sorted by (cell, window, tier)."""

    cell: Ints
    window: Ints
    units: Floats
    """units of the tier"""
    chance: Floats
    """mean share of paths that want its units, never increasing along a window"""


def tiers_of(wanted: Ints, most: int = MOST_TIERS) -> Tiers:
    """List the tiers that some path wants: of single units, or joined where they are too many.

    Parameters
    ----------
    wanted
        Demand of each window, shape (C, T, S).
    most
        Tiers beyond which those of a window are joined.
    """
    cells, windows, paths = wanted.shape
    flat = wanted.reshape(cells * windows, paths)
    ranks = flat.max(axis=1, initial=0)
    chance, row = _chances(flat, ranks)
    tier = np.arange(len(row)) - np.repeat(np.cumsum(ranks) - ranks, ranks)
    if len(row) > most:
        tier = tier * JOINED // np.maximum(ranks[row], JOINED)
    first = np.ones(len(row), dtype=bool)
    first[1:] = (row[1:] != row[:-1]) | (tier[1:] != tier[:-1])
    group = np.cumsum(first) - 1
    units = np.bincount(group, minlength=int(first.sum())).astype(np.float64)
    mean = np.bincount(group, chance, minlength=len(units)) / np.maximum(units, 1.0)
    kept = row[first]
    return Tiers(kept // windows, kept % windows, units, mean)


def _chances(flat: Ints, ranks: Ints) -> tuple[Floats, Ints]:
    """P(demand >= k) for k = 1 .. the most that any path wants, and the row of each, end to end."""
    paths = flat.shape[1]
    ends = np.cumsum(ranks + 1)
    begins = ends - (ranks + 1)
    counts = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.int64)
    for some in parts(len(flat), max(1, BLOCK_COUNTS // paths)):
        first, end = int(begins[some][0]), int(ends[some][-1])
        places = (begins[some, None] - first + flat[some]).ravel()
        counts[first:end] = np.bincount(places, minlength=end - first)
    upward = np.append(np.cumsum(counts[::-1])[::-1], 0)
    row = np.repeat(np.arange(len(flat)), ranks + 1)
    at_least = upward[:-1] - upward[ends[row]]
    kept = np.arange(len(row)) != begins[row]
    return at_least[kept] / paths, row[kept]
