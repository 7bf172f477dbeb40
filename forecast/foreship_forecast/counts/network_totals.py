"""Network totals: how far past ones missed, and the week's part that makes paths miss alike.

Held-out weeks cannot tell: few, and centred by the calibration fitted on them. Many past origins
can, under plain levels that followed the network as well as past weeks allowed (docs/forecast.md,
eqs. 47-49). What items, regions and single cells explain of a total's variance is taken off; the
rest is the week's, on the scale of the copula's scores.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from foreship_forecast.counts.law import CountLaw
from foreship_foundation.arrays import Floats, Ints

__all__ = ["Moments", "PastTotals", "mean_correlation", "normal_density", "total_variance"]

FIRST_FOLLOWED, FIRST_ORIGIN = 4, 8
"""weeks of history below which plain levels say too little to follow, and to be judged by"""
FOLLOWED = (0.02, 0.05, 0.1, 0.2, 0.4)
"""weights of the newest week tried, in following the network's level"""
WINDOWS_PER_LOOK = 2.0
"""windows in a row that count as one look at how totals miss: neighbours miss alike"""
PRIOR_DEVIATION = 0.15
"""relative standard deviation of a usual network's weekly total, as missed a week ahead"""
PRIOR_LEVEL = 0.4
"""share of that variance that stays over all weeks of a total"""
PRIOR_LOOKS = 4.0
"""looks that the usual network counts for"""


@dataclass(frozen=True)
class PastTotals:
    """Units of all cells together after each past origin, beside what plain levels expected.

    Cells that were not known at an origin, and those not observed in a week, are in neither.

    **Invariants:** both have shape (T, H), T consecutive origins; 0 where a week was not over or
    nothing was observed in it.
    """

    ordered: Floats
    """units ordered in the weeks t + 1 .. t + H"""
    expected: Floats
    """units expected of the same cells at t, by weeks <= t only"""

    def misses(self, follow: float) -> list[Floats]:
        """Return eq. 47: relative misses of totals over 1 .. H weeks, a value an origin each.

        Parameters
        ----------
        follow
            Weight of the newest week in the factor by which expectations are corrected first.
        """
        factor = self._factor(follow)
        found = []
        for weeks in range(1, self.expected.shape[1] + 1):
            there = self.expected[:, :weeks].min(axis=1) > 0
            there[:FIRST_ORIGIN] = False
            ordered, expected = (
                x[there, :weeks].sum(axis=1) for x in (self.ordered, self.expected)
            )
            found.append(ordered / (expected * factor[there]) - 1.0)
        return found

    def best_misses(self) -> list[Floats]:
        """Return the misses by the weight that makes them smallest, over all lengths alike."""
        tried = [self.misses(follow) for follow in FOLLOWED]
        return min(tried, key=lambda each: sum(np.log(_square(x)) for x in each if len(x)))

    def _factor(self, follow: float) -> Floats:
        """Return ordered over expected a week ahead, of weeks that are over at each origin."""
        above, below = 0.0, 0.0
        factor = np.ones(len(self.expected))
        for origin in range(FIRST_FOLLOWED + 1, len(factor)):
            above = (1 - follow) * above + self.ordered[origin - 1, 0]
            below = (1 - follow) * below + self.expected[origin - 1, 0]
            factor[origin] = above / below if above > 0 else 1.0
        return factor


@dataclass(frozen=True)
class Moments:
    """How a total of cells spreads for each unit of correlation, relative to its squared mean."""

    week: float
    """by what all have in common, the square of Gamma in eq. 49"""
    item: float
    region: float
    own: float
    """by what each cell keeps of itself"""
    alone: float
    """what cells spread in one week beyond the normal's linear part"""

    @classmethod
    def of(cls, law: CountLaw, item: Ints, region: Ints, size: float = 1.0) -> Moments:
        """Add up laws of one week; `size` is how many times larger the total of interest is."""
        mean, variance, lift = _moments(law)
        scale = max(float(mean.sum()), 1e-9) ** 2
        alike = (np.bincount(code, lift) for code in (item, region))
        of_item, of_region = (float((each**2).sum()) / scale for each in alike)
        own = float((lift**2).sum()) / scale
        alone = float(variance.sum()) / scale - own
        return cls(float(lift.sum()) ** 2 / scale, of_item, of_region, own / size, alone / size)


def mean_correlation(level: Floats | float, decay: Floats | float, weeks: int) -> Floats:
    """Return the mean of eq. 30 over all pairs of `weeks` weeks, for a part of variance 1."""
    lag = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    fades = np.mean(np.asarray(decay)[..., None, None] ** lag, axis=(-2, -1))
    kept: Floats = level + (1.0 - np.asarray(level)) * fades
    return kept


def total_variance(past: PastTotals, explained: Floats) -> Floats:
    """Return eq. 48: relative variances of network totals over 1 .. H weeks beyond `explained`.

    Parameters
    ----------
    past
        Totals of many past origins; without any the usual network speaks.
    explained
        What items, regions and cells give these totals, shape (H,).
    """
    weeks = np.arange(1, len(explained) + 1)
    usual = PRIOR_DEVIATION**2 * (PRIOR_LEVEL + (1.0 - PRIOR_LEVEL) / weeks)
    misses = past.best_misses()
    looks = np.array([len(each) for each in misses]) / (WINDOWS_PER_LOOK * weeks)
    # where cells alone make totals noisy, each look says less about what they share
    trust = looks / (looks + PRIOR_LOOKS * (1.0 + explained / usual) ** 2)
    seen = np.array([_square(each) if len(each) else 1.0 for each in misses])
    pooled = np.exp(trust * np.log(seen) + (1.0 - trust) * np.log(explained + usual))
    # the mean of what the variance may be, not its median
    widened: Floats = (pooled - explained) * np.exp((1.0 - trust) / PRIOR_LOOKS)
    return np.maximum(widened, 0.0)


def normal_density(values: Floats) -> Floats:
    """Return phi of values; `scipy.stats` has it too, and takes longer to import than a fit."""
    found: Floats = np.exp(-0.5 * values * values) / np.sqrt(2.0 * np.pi)
    return found


def _square(misses: Floats) -> float:
    return max(float((misses**2).mean()), 1e-12)


def _moments(law: CountLaw) -> tuple[Floats, Floats, Floats]:
    """Return mean, variance and covariance with its own score of each count, shape (N,) each.

    The last is the sum of phi(z_k) over k, z_k the normal that k units begin at: the count rises
    by it for each unit of the score.
    """
    mean, square, lift = (np.zeros(len(law)) for _ in range(3))
    for each in law.walk():
        k = each.first + np.arange(len(each.survival))[:, None]
        mean[each.rows] += each.survival.sum(axis=0)
        square[each.rows] += ((2 * k - 1) * each.survival).sum(axis=0)
        lift[each.rows] += normal_density(ndtri(each.survival)).sum(axis=0)
    return mean, square - mean**2, lift
