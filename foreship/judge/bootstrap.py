"""Bootstrap intervals over weeks: how sure a replay is of a sum, or of a ratio of sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Floats

__all__ = ["Interval", "gap_closed", "ratio_of_sums", "sum_over_weeks"]


DRAWS = 2000
LEVEL = 0.95
UNKNOWN = float("nan")


@dataclass(frozen=True)
class Interval:
    """A figure over weeks with its 95 % bootstrap interval; all NaN where it is not known."""

    value: float
    """the figure itself: a ratio or a sum"""
    low: float = UNKNOWN
    high: float = UNKNOWN


def gap_closed(
    profit: Floats, reactive: Floats, oracle: Floats, seed: int, draws: int = DRAWS
) -> Interval:
    """Return (profit - reactive) / (oracle - reactive), each summed over weeks (equation 9).

    Parameters
    ----------
    profit, reactive, oracle
        Weekly profits of the policy and of its two ends, shape (weeks,).
    seed
        Of the weeks drawn; the same weeks are drawn for every policy.
    draws
        How often the weeks are drawn again, with replacement.
    """
    return ratio_of_sums(profit - reactive, oracle - reactive, seed, draws)


def ratio_of_sums(top: Floats, bottom: Floats, seed: int, draws: int = DRAWS) -> Interval:
    """Return sum(top) / sum(bottom) over weeks; unknown unless the bottom is above 0.

    Returns
    -------
    The ratio, and the middle 95 % of the ratios over the draws. A draw whose bottom is not above
    0 has no ratio and is passed over.
    """
    if not bottom.sum() > 0:
        return Interval(UNKNOWN)
    weeks = _drawn(len(top), seed, draws)
    drawn_top, drawn_bottom = top[weeks].sum(axis=1), bottom[weeks].sum(axis=1)
    usable = drawn_bottom > 0
    return _with_tails(float(top.sum() / bottom.sum()), drawn_top[usable] / drawn_bottom[usable])


def sum_over_weeks(values: Floats, seed: int, draws: int = DRAWS) -> Interval:
    """Return the sum over weeks with its interval; of a difference of two policies it is paired."""
    if not len(values) or np.isnan(values).any():
        return Interval(UNKNOWN)
    return _with_tails(float(values.sum()), values[_drawn(len(values), seed, draws)].sum(axis=1))


def _drawn(weeks: int, seed: int, draws: int) -> npt.NDArray[np.int64]:
    """Resample the weeks with replacement, shape (draws, weeks)."""
    return np.random.default_rng(seed).integers(0, weeks, (draws, weeks))


def _with_tails(figure: float, drawn: Floats) -> Interval:
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail])
    return Interval(figure, float(low), float(high))
