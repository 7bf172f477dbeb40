"""Histograms of sample paths: the distributions of demand that the recursion needs.

Only the joint law of two consecutive windows matters for a unit that stayed in the first
(equation 9 of docs/value.md), so paths are counted once and never walked unit by unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from foreship_foundation.arrays import Floats, Ints

__all__ = [
    "PathHistograms",
    "counted",
    "early_weeks",
    "histograms_of_paths",
    "stayed",
    "tail_law",
    "waits_if_stayed",
    "windows_after",
]

AnyNumbers = TypeVar("AnyNumbers", Ints, Floats)

TAIL_WEEKS: Final = 4
"""Weeks at the end of the horizon whose law repeats beyond it."""
SCENARIO_STEP: Final = 37
"""How far scenarios are turned for each repeated week, so that it is independent."""


@dataclass(frozen=True)
class PathHistograms:
    """Demand of a block of cells in the windows between reviews, path by path.

    **Invariants:** `windows` has shape (B, T, S) with T >= 1 and values in 0..ranks; window t
    begins at review t + 1; `early` holds the demand up to each week-end inside a window but
    the last one, shape (B, T, n - 1, S), for windows of n weeks.
    """

    windows: Ints
    early: Ints
    ranks: int

    @property
    def count(self) -> int:
        """Number of windows T."""
        return int(self.windows.shape[1])


def histograms_of_paths(
    weekly: Ints, first_week: int, span_weeks: int, ranks: int
) -> PathHistograms:
    """Add up the weeks after the first review into windows of `span_weeks`.

    Parameters
    ----------
    weekly
        Demand of each seven days of the horizon, shape (B, M, S) with M >= 1.
    first_week
        Week that begins at the first review; it may lie beyond the horizon.
    span_weeks
        Weeks n of a window after it.
    ranks
        Demand is clipped here: more does not matter to any unit considered.
    """
    cells, weeks, scenarios = weekly.shape
    count = windows_after(weeks, first_week, span_weeks)
    later = _repeated(weekly, first_week + count * span_weeks)[:, first_week:]
    running = _running(later.reshape(cells, count, span_weeks, scenarios), 2)
    running = np.minimum(running, ranks)
    return PathHistograms(running[:, :, -1], running[:, :, :-1], ranks)


def windows_after(weeks: int, first_week: int, span_weeks: int) -> int:
    """Count the windows of so many weeks that begin before the horizon ends, at least one."""
    return max(1, -(-(weeks - first_week) // span_weeks))


def _repeated(weekly: Ints, weeks: int) -> Ints:
    """Repeat the last weeks until there are `weeks`, each repeat with scenarios shifted."""
    known = weekly.shape[1]
    if weeks <= known:
        return weekly[:, :weeks]
    tail = min(TAIL_WEEKS, known)
    more = [
        np.roll(weekly[:, known - tail + step % tail], SCENARIO_STEP * (step + 1), axis=-1)
        for step in range(weeks - known)
    ]
    return np.concatenate([weekly, np.stack(more, axis=1)], axis=1)


def _running(values: AnyNumbers, axis: int) -> AnyNumbers:
    """Running sums along a short axis, in steps, ten times as fast as NumPy's there."""
    total = np.moveaxis(values.copy(), axis, 0)
    for step in range(1, len(total)):
        total[step] += total[step - 1]
    return np.moveaxis(total, 0, axis)


def counted(first: Ints, second: Ints, ranks: int) -> Floats:
    """Joint distribution of two clipped counts (B, S), shape (B, ranks + 1, ranks + 1)."""
    cells, scenarios = first.shape
    width = ranks + 1
    index = (np.arange(cells)[:, None] * width + first) * width + second
    table = np.bincount(index.ravel(), minlength=cells * width * width)
    return np.asarray(table.reshape(cells, width, width) / scenarios)


def stayed(joint: Floats) -> Floats:
    """Distribution of the next window in the paths where unit k stayed, k = 1..ranks.

    P(next = b | first < k), shape (B, ranks, ranks + 1); zeros where no path qualifies.
    """
    below = _running(joint[:, :-1], 1)
    weight = below.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(below, weight, out=np.zeros_like(below), where=weight > 0))


def waits_if_stayed(first: Ints, histograms: PathHistograms, window: int) -> Floats | None:
    """Mean number of week-ends before its sale that unit j lies through in a window (13a).

    Parameters
    ----------
    first
        Clipped demand of the window before, shape (B, S).

    Returns
    -------
    Shape (B, ranks, ranks), given that unit k stayed in the window before, k first; None where a
    window is one week. A unit lies through a week-end, and is sold, where demand until then is
    below its rank and that of the whole window is not.
    """
    inner, ranks = histograms.early.shape[2], histograms.ranks
    if inner == 0:
        return None
    unsold = _running(stayed(counted(first, histograms.windows[:, window], ranks)), 2)[:, :, :-1]
    waits = -inner * unsold
    for week in range(inner):
        law = stayed(counted(first, histograms.early[:, window, week], ranks))
        waits += _running(law, 2)[:, :, :-1]
    return np.asarray(np.maximum(waits, 0.0))


def tail_law(histograms: PathHistograms, span_weeks: int) -> Floats:
    """Mean distribution of the last windows, (B, ranks + 1); it repeats beyond the horizon."""
    last = max(1, TAIL_WEEKS // span_weeks)
    windows = histograms.windows[:, -last:]
    cells, count, scenarios = windows.shape
    width = histograms.ranks + 1
    index = np.arange(cells)[:, None, None] * width + windows
    table = np.bincount(index.ravel(), minlength=cells * width)
    return np.asarray(table.reshape(cells, width) / (count * scenarios))


def early_weeks(histograms: PathHistograms, window: int) -> Floats | None:
    """Mean number of earlier week-ends that unit k lay through, given the window's demand.

    Shape (B, ranks + 1, ranks); None where a window is one week, so that a unit sold in it has lain
    through no week-end.
    """
    inner = histograms.early.shape[2]
    if inner == 0:
        return None
    total, ranks = histograms.windows[:, window], histograms.ranks
    tables = [counted(total, histograms.early[:, window, week], ranks) for week in range(inner)]
    law = tables[0].sum(axis=2)[:, :, None]
    weeks = sum(_running(table, 2)[:, :, :-1] for table in tables)
    return np.asarray(np.divide(weeks, law, out=np.zeros(np.shape(weeks)), where=law > 0))
