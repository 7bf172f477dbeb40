"""The days on which a departure arrives: its law, and numbers drawn from it.

Equation 31 of docs/value.md. A vehicle is late as a whole, and lateness knows nothing of demand.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from scipy.special import gammainc, gammaincinv, ndtr, ndtri

from foreship_foundation.arrays import Floats, Ints

__all__ = [
    "MOST_POINTS",
    "arrival_chance",
    "arrival_law",
    "arrival_quantile",
    "arrival_span",
    "next_open",
]

MOST_POINTS: Final = 7
"""days that a law keeps"""
LAST: Final = 1.0 - 1e-9
"""chance by which every arrival that comes has come"""
TAIL: Final = 0.005
"""chance beyond the first and the last day of a law, each"""
SPAN: Final = 0.90
"""chance that a planner is told the days for"""


def arrival_chance(mean_days: float, sd_days: float, days: Ints) -> Floats:
    """Chance of an arrival by each day (equation 31), in [0, 1].

    Parameters
    ----------
    mean_days
        From the departure, >= 0.
    sd_days
        Standard deviation before days are rounded, >= 0; 0 is never late.
    days
        From the departure; below 0 nothing has come.
    """
    if sd_days <= 0.0:
        return np.asarray(days >= np.floor(mean_days + 0.5), dtype=np.float64)
    end = np.maximum(np.asarray(days) + 0.5, 0.0)
    if mean_days > 0:
        scale = sd_days**2 / mean_days
        chance = gammainc(mean_days / scale, end / scale)
    else:
        chance = 2.0 * ndtr(end / sd_days) - 1.0
    return np.where(np.asarray(days) >= 0, chance, 0.0)


def arrival_quantile(mean_days: float, sd_days: float, u: Floats) -> Ints:
    """Days to the arrival at each chance `u` in [0, 1], the inverse of `arrival_chance`.

    The last 1e-9 of the law is one day, so that what is long overdue has one too.
    """
    u = np.minimum(u, LAST)
    if sd_days <= 0.0:
        return np.full(np.shape(u), np.floor(mean_days + 0.5)).astype(np.int64)
    if mean_days > 0:
        scale = sd_days**2 / mean_days
        days = scale * gammaincinv(mean_days / scale, u)
    else:
        days = sd_days * ndtri((1.0 + np.asarray(u)) / 2.0)
    return np.asarray(np.floor(days + 0.5)).astype(np.int64)


@lru_cache(maxsize=4096)
def arrival_law(mean_days: int, sd_days: float) -> tuple[Ints, Floats]:
    """Days of arrival that are told apart, and the chance of each.

    Returns
    -------
    days
        From the departure, ascending, at most `MOST_POINTS`; the mean day alone where it is all
        but certain.
    weights
        Their chances, sum 1. What lies beyond the outer days counts on them.
    """
    first, last = arrival_quantile(mean_days, sd_days, np.array([TAIL, 1.0 - TAIL])).tolist()
    days = np.arange(first, last + 1)
    until = arrival_chance(mean_days, sd_days, days)
    until[-1] = 1.0
    days, weights = _joined(days, np.diff(until, prepend=0.0))
    for each in (days, weights):
        each.setflags(write=False)  # they are kept
    return days, weights


def _joined(days: Ints, weights: Floats) -> tuple[Ints, Floats]:
    """Spread days over their neighbours, the mean kept, until `MOST_POINTS` are left.

    Each time that day goes whose spreading widens the law least; the first of equal ones.
    """
    while len(days) > MOST_POINTS:
        before, behind = days[1:-1] - days[:-2], days[2:] - days[1:-1]
        at = 1 + int(np.argmin(weights[1:-1] * before * behind))
        share = (days[at] - days[at - 1]) / (days[at + 1] - days[at - 1])
        weights = weights.copy()
        weights[at + 1] += weights[at] * share
        weights[at - 1] += weights[at] * (1.0 - share)
        days, weights = np.delete(days, at), np.delete(weights, at)
    return days, weights


def next_open(days: Ints, closed: frozenset[int]) -> Ints:
    """Return each day, or the next one on which a dock works."""
    if not closed:
        return days
    shut = np.array(sorted(closed))
    days = np.array(days)
    while (waits := np.isin(days, shut)).any():
        days[waits] += 1
    return days


@lru_cache(maxsize=4096)
def arrival_span(mean_days: int, sd_days: float) -> tuple[int, int]:
    """First and last day between which arrivals fall with a chance as near to `SPAN` as may be.

    Of all spans of whole days around the mean; of those as near to a percent, the shorter, then the
    earlier.
    """
    first, last = arrival_quantile(mean_days, sd_days, np.array([TAIL, 1.0 - TAIL])).tolist()
    starts = np.arange(min(first, mean_days), mean_days + 1)
    ends = np.arange(mean_days, max(last, mean_days) + 1)
    until = arrival_chance(mean_days, sd_days, ends)
    before = arrival_chance(mean_days, sd_days, starts - 1)
    missed = np.abs(until[None, :] - before[:, None] - SPAN).round(2)
    length = np.broadcast_to(ends[None, :] - starts[:, None], missed.shape)
    start, end = np.unravel_index(np.lexsort((length.ravel(), missed.ravel()))[0], missed.shape)
    return int(starts[start]), int(ends[end])
