"""Unusual weeks: what a cell ordered once, far above all it ever orders, and what it counts as.

A single bulk order would lift the mean of its cell, its item, its category and every size factor
fitted with it. Robust levels take such a week for the largest usual one (docs/forecast.md, 1).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foreship_forecast.history.cells import Codes
from foreship_foundation.arrays import Bools, Days, Floats, Ints
from foreship_foundation.telling.words import plural

__all__ = ["as_usual", "unusual_notes", "usual_peaks"]

TIMES = 10.0
"""times the usual peak above which a week is unusual"""
RECURS = 3
"""unusual weeks of an item from which on they are its custom, not an accident"""
TOLD_BY = 2
"""cells of an item with a third week that make it the measure: one alone may be its growth"""
BLOCK_VALUES = 4_000_000
SHOWN = 3

Units = npt.NDArray[np.int32]


def as_usual(units: Units, codes: Codes) -> tuple[Units, Bools]:
    """Return the units with unusual weeks counted as the usual peak, and which weeks those are.

    Parameters
    ----------
    units
        Units ordered, shape (C, W); not changed.
    codes
        Items and categories of the cells.

    Notes
    -----
    Equation 31: a week is unusual above ten times the usual peak of its cell, unless its item has
    three such weeks or more, anywhere.
    """
    peak = usual_peaks(units, codes)
    largest = units.max(axis=1, initial=0)
    unusual = np.zeros(units.shape, dtype=bool)
    # without a peak anywhere nothing tells what is usual: comparisons with NaN are false
    some = np.flatnonzero(largest > TIMES * peak)
    unusual[some] = units[some] > (TIMES * peak[some])[:, None]
    often = np.bincount(codes.item[some], unusual[some].sum(axis=1), len(codes.items)) >= RECURS
    unusual[often[codes.item]] = False
    if not unusual.any():
        return units, unusual
    usual = np.ceil(np.nan_to_num(peak)).astype(np.int32)
    return np.where(unusual, usual[:, None], units), unusual


def usual_peaks(units: Units, codes: Codes) -> Floats:
    """Return the largest usual week of each cell [units], shape (C,), NaN without any sale.

    It is the third largest week of the cell, but no less than the median of that over the cells of
    its item. Where fewer than two cells of the item sold in three weeks, the second largest weeks
    stand for the third; where none sold in two, the median over the category or over all cells.
    Where no cell sold twice the median of their largest weeks stands for it.
    """
    second, third = _ranked_weeks(units)
    often = np.bincount(codes.item, third > 0, len(codes.items)) >= TOLD_BY
    own, every = np.where(often[codes.item], third, second), np.zeros_like(codes.item)
    by_item = _medians(own, codes.item, len(codes.items))
    by_category = _medians(own, codes.category, len(codes.categories))
    network = _medians(own, every, 1)[0]
    if np.isnan(network):
        network = _medians(units.max(axis=1, initial=0).astype(np.float64), every, 1)[0]
    wider = np.where(np.isnan(by_category), network, by_category)[codes.category]
    floor = np.where(np.isnan(by_item[codes.item]), wider, by_item[codes.item])
    return np.where(np.isnan(floor), np.nan, np.fmax(own, floor))


def _ranked_weeks(units: Units) -> tuple[Floats, Floats]:
    """Return the second and the third largest week of each cell, 0 where it has fewer sales."""
    cells, weeks = units.shape
    found = np.zeros((cells, 3))
    step = max(1, BLOCK_VALUES // max(weeks, 1))
    top = min(3, weeks)
    for first in range(0, cells, step):
        block = units[first : first + step]
        high = -np.sort(np.partition(-block, top - 1, axis=1)[:, :top], axis=1)
        found[first : first + step, :top] = high
    return found[:, 1], found[:, 2]


def _medians(values: Floats, code: Ints, groups: int) -> Floats:
    """Return the median of the values above 0 of each group, NaN where there is none."""
    there = values > 0
    order = np.lexsort((values[there], code[there]))
    ranked, count = values[there][order], np.bincount(code[there], minlength=groups)
    start = np.cumsum(count) - count
    found = np.full(groups, np.nan)
    some = count > 0
    low, high = (start + (count - 1) // 2)[some], (start + count // 2)[some]
    found[some] = (ranked[low] + ranked[high]) / 2.0
    return found


def unusual_notes(
    ordered: Units,
    counted: Units,
    lot: Ints,
    unusual: Bools,
    codes: Codes,
    weeks: Days,
    named: Bools,
) -> list[str]:
    """Say which weeks were taken for the usual peak, the largest first.

    Parameters
    ----------
    ordered, counted
        Units as ordered and as counted, or lots of them, shape (C, W).
    lot
        Units of each cell's lot, shape (C,).
    unusual
        Where they differ, shape (C, W).
    codes, weeks
        Cells and Mondays.
    named
        False for a cell of too few buyers to be named, shape (C,).
    """
    if not unusual.any():
        return []
    cell, week = np.nonzero(unusual)
    before, after = (each[cell, week].astype(np.int64) * lot[cell] for each in (ordered, counted))
    order = np.lexsort((week, cell, -before))
    order = order[named[cell[order]]]
    region, item = codes.names()
    shown = [
        f"{item[cell[at]]} in {region[cell[at]]} in the week of {weeks[week[at]]}: "
        f"{plural(before[at], 'unit')} counted as {after[at]:,}"
        for at in order[:SHOWN]
    ]
    if len(order) > SHOWN:
        shown.append(f"and {len(order) - SHOWN:,} more")
    if hidden := len(cell) - len(order):
        shown.append(f"{hidden:,} in cells of too few buyers to be named")
    return [
        f"{plural(len(cell), 'week of a cell lies', 'weeks of cells lie')} once and far above "
        f"all others: {'; '.join(shown)}. Set forecast.largest_order to say yourself what counts."
    ]
