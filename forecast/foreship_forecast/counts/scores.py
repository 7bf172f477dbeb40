"""Scores of a count distribution once the counts are known (docs/forecast.md, section 8).

Pure functions of probabilities and outcomes; natural logarithms; means over rows unless said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from foreship_forecast.counts.law import CountLaw
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = [
    "LEVELS",
    "THRESHOLDS",
    "Answer",
    "FullAnswer",
    "answer_of_law",
    "bias",
    "brier",
    "coverage",
    "expected_calibration_error",
    "log_loss",
    "log_score",
    "mean_by_week",
    "pinball",
    "pit",
    "pit_deviation",
    "ranked_probability_score",
]

LEAST = 1e-6
THRESHOLDS = (1, 2, 5)
"""counts k whose p_k is held against what came"""
LEVELS = (0.5, 0.75, 0.9, 0.95)
"""decision fractiles gain / (gain + loss): from a unit that costs as much as it earns to one that
earns nineteen times its loss"""


@dataclass(frozen=True)
class Answer:
    """What a method predicted for N rows, and the one score that needs its whole distribution."""

    chance: Floats
    """P(D >= 1)"""
    mean: Floats
    """expected units"""
    below: Floats
    """F(y - 1) of the units y that were ordered"""
    upto: Floats
    """F(y)"""
    rps: Floats
    """ranked probability score [units]"""

    def part(self, chosen: Bools | Ints) -> Self:
        """Return the answer for some rows."""
        return type(self)(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class FullAnswer(Answer):
    """An answer with tail and quantiles, for reliability diagrams and pinball losses."""

    tail: Floats
    """p_k for each k of `THRESHOLDS`, shape (N, thresholds)"""
    quantiles: Floats
    """smallest count with at least each of `LEVELS` [units], shape (N, levels)"""

    @classmethod
    def joined(cls, parts: Sequence[FullAnswer]) -> FullAnswer:
        """Return the rows of several answers, one after the other."""
        names = cls.__dataclass_fields__
        return cls(*(np.concatenate([getattr(each, name) for each in parts]) for name in names))


def answer_of_law(law: CountLaw, units: Floats) -> FullAnswer:
    """Return what count distributions predicted, scored against the units ordered."""
    score = ranked_probability_score(law, units)
    mean, quantiles = law.describe(LEVELS)
    tail = np.stack([law.survival_at(np.full(len(law), float(k))) for k in THRESHOLDS], axis=1)
    ends = law.interval(units)
    return FullAnswer(law.chance, mean, *ends, score, tail, quantiles.T.astype(np.float64))


def log_loss(chance: Floats, happened: Bools) -> Floats:
    """Return -ln of the probability given to the event that happened, a value a row."""
    safe = np.clip(chance, LEAST, 1 - LEAST)
    return -np.where(happened, np.log(safe), np.log1p(-safe))


def brier(chance: Floats, happened: Bools) -> Floats:
    """Return the squared error of a probability, a value a row."""
    error: Floats = (chance - happened) ** 2
    return error


def ranked_probability_score(law: CountLaw, units: Floats) -> Floats:
    """Return eq. 21, the sum over k of (p_k - 1[units >= k])^2, a value a row [units]."""
    total = np.zeros(len(law))
    reach = np.zeros(len(law))
    for each in law.walk():
        lot = law.units_of_one(each.rows)
        past = np.arange(each.first - 1, each.first - 1 + len(each.survival))[:, None] * lot
        # of the units of a lot, those that were ordered and those that were not
        came = np.clip(units[each.rows] - past, 0, lot)
        p = each.survival
        total[each.rows] += (came * (p - 1.0) ** 2 + (lot - came) * p**2).sum(axis=0)
        reach[each.rows] = past[-1] + lot
    return total + np.maximum(units - reach, 0.0)


def log_score(below: Floats, upto: Floats) -> Floats:
    """Return -ln of the probability of exactly the count seen, floored at 1e-6, a value a row."""
    return -np.log(np.maximum(upto - below, LEAST))


def expected_calibration_error(chance: Floats, happened: Bools, bins: int = 10) -> float:
    """Return eq. 22: over equal bins, share of rows x |mean chance - frequency|."""
    place = np.minimum((chance * bins).astype(np.int64), bins - 1)
    said = np.bincount(place, chance, bins)
    came = np.bincount(place, happened.astype(np.float64), bins)
    return float(np.abs(said - came).sum() / len(chance))


def pit(below: Floats, upto: Floats, seed: int) -> Floats:
    """Return the randomised probability integral transform, uniform for a true distribution.

    `below` and `upto` are F(y - 1) and F(y) of the observed counts.
    """
    return below + np.random.default_rng(seed).random(len(below)) * (upto - below)


def pit_deviation(transform: Floats, bins: int = 10) -> float:
    """Return the sum over equal bins of |share - 1 / bins|."""
    share = np.histogram(transform, bins=bins, range=(0.0, 1.0))[0] / len(transform)
    return float(np.abs(share - 1.0 / bins).sum())


def coverage(transform: Floats, nominal: float) -> float:
    """Return the share of outcomes inside the central interval of that probability."""
    half = (1.0 - nominal) / 2.0
    return float(((transform > half) & (transform < 1.0 - half)).mean())


def pinball(quantile: Floats, units: Floats, level: float) -> Floats:
    """Return the pinball loss of a quantile forecast, a value a row [units]."""
    above = units - quantile
    return np.maximum(level * above, (level - 1.0) * above)


def bias(mean: Floats, units: Floats) -> float:
    """Return total predicted over total ordered, less 1; NaN where nothing was ordered."""
    ordered = float(units.sum())
    return float(mean.sum()) / ordered - 1.0 if ordered else float("nan")


def mean_by_week(gap: Floats, week: Ints) -> tuple[int, float, float]:
    """Return the number of weeks, the mean gap a row, and its standard error over weeks."""
    _, place = np.unique(week, return_inverse=True)
    mean = np.bincount(place, gap) / np.bincount(place)
    error = float(mean.std(ddof=1) / np.sqrt(len(mean))) if len(mean) > 1 else 0.0
    return len(mean), float(gap.mean()), error
