"""Intervals over weeks: how sure a sum is, or a ratio of sums, where neighbouring weeks are alike.

What weeks share (a season, a model, stock left over) makes their mean less sure than that of as
many independent weeks. How much they share is estimated, but held near a usual value, since few
weeks say little of it (docs/forecast.md, equations 50 to 53). Nothing is drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, stdtrit

from foreship_foundation.arrays import Bools, Floats

__all__ = ["ERROR", "Interval", "ratio_of_sums", "share_of_weeks", "sum_over_weeks"]

ERROR = 0.05
"""chance that an interval misses"""
USUAL = 0.25
"""correlation of neighbouring weeks before any is seen"""
UNSURE = 0.4
"""standard deviation of that correlation from one set of weeks to another"""
HIGHEST = 0.9
UNKNOWN = float("nan")


@dataclass(frozen=True)
class Interval:
    """A figure over weeks with its interval; NaN where it is not known."""

    value: float
    """the figure itself: a ratio or a sum"""
    low: float = UNKNOWN
    high: float = UNKNOWN


def sum_over_weeks(values: Floats, error: float = ERROR) -> Interval:
    """Return the sum over weeks with its interval; of a difference of two policies it is paired.

    Parameters
    ----------
    values
        A value a week in the order of time, shape (W,).
    error
        Chance that the interval misses, in (0, 1).

    Returns
    -------
    The sum; its interval is unknown over a single week, all of it without a week or with one that
    is not known.
    """
    if not len(values):
        return Interval(UNKNOWN)
    return ratio_of_sums(values, np.full(len(values), 1.0 / len(values)), error)


def ratio_of_sums(top: Floats, bottom: Floats, error: float = ERROR) -> Interval:
    """Return sum(top) / sum(bottom) over weeks with its interval.

    Parameters
    ----------
    top, bottom
        A value a week in the order of time, shape (W,) each.
    error
        Chance that the interval misses, in (0, 1).

    Returns
    -------
    The ratio, unknown unless the bottom is above 0; its interval is unknown over a single week.
    """
    weeks, total = len(top), bottom.sum()
    if not total > 0 or np.isnan(top).any():
        return Interval(UNKNOWN)
    ratio = float(top.sum() / total)
    if weeks < 2:
        return Interval(ratio)
    reach = _reach((top - ratio * bottom) * (weeks / total), error)
    return Interval(ratio, ratio - reach, ratio + reach)


def share_of_weeks(held: Bools, error: float = ERROR) -> Interval:
    """Return the share of weeks in which something held, with its interval.

    Clopper and Pearson's of as many independent weeks (equation 13a of docs/replay.md).

    Parameters
    ----------
    held
        Whether it held, a week in the order of time, shape (W,).
    error
        Chance that the interval misses, in (0, 1).
    """
    if not len(held):
        return Interval(UNKNOWN)
    share = float(held.mean())
    independent = len(held) / _inflation(_correlation(held.astype(np.float64) - share), len(held))
    yes, no = share * independent, (1.0 - share) * independent
    low = float(betaincinv(yes, no + 1.0, error / 2.0)) if yes > 0 else 0.0
    high = float(betaincinv(yes + 1.0, no, 1.0 - error / 2.0)) if no > 0 else 1.0
    return Interval(share, low, high)


def _reach(parted: Floats, error: float) -> float:
    """Return half the width of the interval of a mean of weeks (equations 52 and 53).

    Parameters
    ----------
    parted
        By how much each week's part differs from the mean, shape (W,), summing to 0 (equation 50).
    """
    weeks, alike = len(parted), _correlation(parted)
    inflation = _inflation(alike, weeks)
    variance = float(parted @ parted) / (weeks - inflation) * inflation / weeks
    degrees = (weeks - 1) * (1.0 - alike**2) / (1.0 + alike**2)
    return -float(stdtrit(degrees, error / 2.0)) * float(np.sqrt(variance))


def _inflation(alike: float, weeks: int) -> float:
    """Return the variance of a mean of such weeks over that of independent ones (equation 52)."""
    echoes = alike * (1.0 - alike**weeks) / (weeks * (1.0 - alike) ** 2)
    return (1.0 + alike) / (1.0 - alike) - 2.0 * echoes


def _correlation(parted: Floats) -> float:
    """Return the correlation of neighbouring weeks, held near the usual one (equation 51)."""
    weeks, squares = len(parted), float(parted @ parted)
    if weeks <= 4 or squares == 0.0:
        return USUAL
    seen = float(parted[1:] @ parted[:-1]) / squares
    # the deviations from a mean of few weeks look less alike than the weeks are
    seen = (weeks * seen + 1.0) / (weeks - 4)
    noise = weeks / (weeks - 4) ** 2
    weight = UNSURE**2 / (UNSURE**2 + noise)
    return min(max(USUAL + weight * (seen - USUAL), 0.0), HIGHEST)
