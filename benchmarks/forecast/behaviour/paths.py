"""How a rate moves: multiples of its level, week by week, known weeks and those to come.

Each function returns a path: (weeks known, weeks in all) -> multiples, shape (weeks in all,).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.forecast.behaviour.market import Floats

__all__ = ["Path", "every", "pulse", "since", "step", "trend", "yearly"]

Path = Callable[[int, int], Floats]
YEAR = 52


def step(weeks_ago: int, times: float) -> Path:
    """Change for good in the last `weeks_ago` weeks."""
    return lambda known, every: np.where(np.arange(every) < known - weeks_ago, 1.0, times)


def since(weeks_ago: int) -> Path:
    """Sell nothing before the last `weeks_ago` weeks."""
    return lambda known, every: np.where(np.arange(every) < known - weeks_ago, 0.0, 1.0)


def pulse(weeks_ago: int, times: float) -> Path:
    """Sell `times` as much in one week, the last one if `weeks_ago` is 1."""
    return lambda known, every: np.where(np.arange(every) == known - weeks_ago, times, 1.0)


def trend(weeks: int, growth: float) -> Path:
    """Grow by `growth` a week for the last `weeks` weeks and on into those to come."""
    return lambda known, every: (
        (1.0 + growth) ** np.maximum(np.arange(every) - (known - weeks) + 1, 0)
    )


def yearly(times: float, width: int, peaks: int, weeks_ago: int = 0) -> Path:
    """Sell `times` as much in `width` weeks of each year, of which `peaks` are known.

    The peak that counts starts in the first week to come, or started `weeks_ago`.
    """

    def path(known: int, every: int) -> Floats:
        after = np.arange(every) - known + weeks_ago
        return np.where((after % YEAR < width) & (after >= -YEAR * peaks), times, 1.0)

    return path


def every(weeks: int, next_in: int = 0) -> Path:
    """Sell in every n-th week only, next in `next_in` weeks after the first to come."""
    return lambda known, every: np.where((np.arange(every) - known - next_in) % weeks == 0, 1.0, 0)
