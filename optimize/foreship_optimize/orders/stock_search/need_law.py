"""How many units the coming window wants, by cell, as it occurs on the paths."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.arrays import parts
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.orders.baskets import Baskets

__all__ = ["NeedLaw", "need_law", "sampled_law"]

BLOCK_PATHS = 400_000


@dataclass(frozen=True)
class NeedLaw:
    """The law of what each cell wants in a window, by the numbers that occur."""

    first: Ints
    """rows of cell c are first[c] : first[c + 1], shape (C + 1,)"""
    units: Ints
    """numbers of units that occur, at least 1, ascending in a cell, (N,)"""
    chance: Floats
    """share of outcomes in which each occurs, (N,)"""


def need_law(demand: DemandScenarios, weeks: int) -> NeedLaw:
    """Count what the paths want in a window of so many weeks, any one of the horizon.

    A unit that goes ahead lies there for many windows: what the coming one alone wants, in a week
    of promotion, is no reason to send it.
    """
    cells, paths = len(demand.region), demand.scenarios
    windows = max(1, len(demand.weeks) // weeks)
    outcomes = windows * paths
    found = [_of_block(np.zeros((0, outcomes), dtype=np.int64), 0, outcomes)]
    for part in parts(cells, max(1, BLOCK_PATHS // outcomes)):
        some = np.arange(part.start, part.stop)
        units = demand.units_of(some, slice(windows * weeks)).astype(np.int64)
        rows = len(units)
        wanted = units.reshape(rows, windows, -1, paths).sum(axis=2).reshape(rows, outcomes)
        found.append(_of_block(wanted, part.start, outcomes))
    cell, units, chance = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return NeedLaw(np.searchsorted(cell, np.arange(cells + 1)), units, chance)


def sampled_law(baskets: Baskets, cells: int) -> NeedLaw:
    """Count what past orders that are worth it took in each window."""
    width = len(baskets.weight)
    at = baskets.cell * width + baskets.period[baskets.order]
    wanted = np.bincount(at, baskets.units, cells * width).astype(np.int64).reshape(cells, width)
    cell, window = np.nonzero(wanted)
    most = int(wanted.max(initial=0)) + 1
    key, which = np.unique(cell * most + wanted[cell, window], return_inverse=True)
    chance = np.bincount(which, baskets.weight[window], len(key)).astype(np.float64)
    first = np.searchsorted(key // most, np.arange(cells + 1))
    return NeedLaw(first, key % most, chance)


def _of_block(wanted: Ints, start: int, paths: int) -> tuple[Ints, Ints, Floats]:
    """Cell, units and share of paths of the numbers that occur in some cells."""
    cell, path = np.nonzero(wanted)
    most = int(wanted.max(initial=0)) + 1
    key, times = np.unique(cell * most + wanted[cell, path], return_counts=True)
    return key // most + start, key % most, times / paths
