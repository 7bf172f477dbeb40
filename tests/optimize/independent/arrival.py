"""On which days a departure arrives (equation 31 of docs/value.md), by the laws of SciPy."""

from __future__ import annotations

import math
from typing import TypeAlias

from scipy.stats import gamma, halfnorm

__all__ = ["Law", "arrival_law"]

Law: TypeAlias = tuple[tuple[int, float], ...]
"""days and the chance of each, days ascending"""
TAIL = 0.005
MOST = 7


def arrival_law(mean: int, sd: float) -> Law:
    """Days after the departure and their chances; the mean day alone where nothing is late."""
    if sd <= 0.0:
        return ((mean, 1.0),)
    drawn = halfnorm(scale=sd) if mean == 0 else gamma((mean / sd) ** 2, scale=sd**2 / mean)
    first, last = (math.floor(drawn.ppf(part) + 0.5) for part in (TAIL, 1.0 - TAIL))
    chance = {}
    for day in range(first, last + 1):
        until = 1.0 if day == last else drawn.cdf(day + 0.5)
        chance[day] = float(until - (0.0 if day == first else drawn.cdf(day - 0.5)))
    while len(chance) > MOST:
        _spread(chance)
    return tuple(sorted(chance.items()))


def _spread(chance: dict[int, float]) -> None:
    """Take out the inner day that widens the law least; its neighbours keep the mean."""
    days = sorted(chance)
    inner = list(zip(days, days[1:], days[2:], strict=False))
    before, day, behind = min(
        inner, key=lambda each: chance[each[1]] * (each[1] - each[0]) * (each[2] - each[1])
    )
    share = (day - before) / (behind - before)
    gone = chance.pop(day)
    chance[behind] += gone * share
    chance[before] += gone * (1.0 - share)
