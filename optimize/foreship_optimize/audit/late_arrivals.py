"""When units arrive by drawn lead times, worked out anew from equation 30 of docs/value.md."""

from __future__ import annotations

import math
from functools import cache

from scipy import stats

__all__ = ["Law", "law_of"]

Law = tuple[tuple[int, float], ...]
"""days from the day of the plan, and the chance of an arrival on each"""
MOST_DAYS = 7
"""days that a law tells apart"""


@cache
def law_of(lead: int, offset: int, sd_days: float) -> Law:
    """Days on which a departure may arrive, with their chances.

    Parameters
    ----------
    lead
        Days from the day of the plan to its arrival, as told.
    offset
        Days from the day of the plan to leaving.
    sd_days
        Of the days between.
    """
    days, chances = [], []
    before, day = 0.0, 0
    while before < 0.995:
        until = _until(lead - offset, sd_days, day)
        if until >= 0.005:
            days.append(day)
            chances.append(until - before if days[1:] else until)
        before, day = until, day + 1
    chances[-1] += 1.0 - before
    while len(days) > MOST_DAYS:
        widens = [
            chances[at] * (days[at] - days[at - 1]) * (days[at + 1] - days[at])
            for at in range(1, len(days) - 1)
        ]
        at = 1 + widens.index(min(widens))
        later = (days[at] - days[at - 1]) / (days[at + 1] - days[at - 1])
        chances[at + 1] += chances[at] * later
        chances[at - 1] += chances[at] * (1.0 - later)
        del days[at], chances[at]
    return tuple(zip((day + offset for day in days), chances, strict=True))


def _until(mean: int, sd_days: float, day: int) -> float:
    """Chance of an arrival by a day after leaving."""
    if sd_days <= 0.0:
        return float(day >= mean)
    if mean == 0:
        return math.erf((day + 0.5) / sd_days / math.sqrt(2.0))
    shape, scale = (mean / sd_days) ** 2, sd_days**2 / mean
    return float(stats.gamma.cdf(day + 0.5, shape, scale=scale))
