"""The soft pool: what boosters and plain rates say, each weighted by how well it did lately.

Chances are pooled in log odds, sizes in logs, with weights of their own for every class of horizon
and volume, shrunk towards those of all rows; no head is ever kept or dropped whole
(docs/forecast.md, eqs. 63-65).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit

from foreship_forecast.counts.calibration import within_reason
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.scores import LEVELS, answer_of_law, log_loss, log_score, pinball
from foreship_forecast.features.rows import Rows
from foreship_forecast.levels.cell_levels import Levels
from foreship_forecast.model_files import typed
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["HEADS", "SIZES", "Answers", "Judged", "Pool", "fit_pool"]

HEADS = ("boosters", "level", "year_rate", "pooled_rate")
"""who says a chance"""
SIZES = ("units", "scale", "level")
"""who says a size"""
LATER_FROM = (2, 4)
"""first horizons of the classes after the next week"""
VOLUMES = (0.25, 1.0, 4.0)
"""units a week between the classes of volume"""
PLAIN_PRIOR = np.array([0.0, 0.6, 0.2, 0.2])
SIZE_PRIOR = np.array([0.4, 0.4, 0.2])
LEARNING_WEEKS = 13.0
"""weeks learned from at which boosters are believed as much as all plain rates together"""
CAUTION = 0.7
"""share of a lead in standard errors that is believed: weeks that follow each other are alike"""
MOST_ERRORS = 8.0
FORGETTING = 0.7
"""weight of a week's miss in the shift of the week after it, against the newest"""
SHIFT_PRIOR = 200.0
"""rows of certainty that a week needs no shift"""
JUDGED_SIZES = 40_000
FACTOR_PRIOR = 200.0
LARGEST_FACTOR = 1e6
LEAST_WEIGHT = 1e-4
CERTAIN = 1e-6


@dataclass(frozen=True)
class Answers:
    """What every head says of N rows."""

    chance: Floats
    """chance of a sale, shape (heads, N); NaN where a head was not learned"""
    extra: Floats
    """mean units beyond the first in a sale, shape (sizes, N)"""
    trust: Floats
    """how much the boosters are believed of what they never saw, shape (N,)"""
    place: Ints
    """class of each row, shape (N,)"""

    @classmethod
    def of(
        cls, chance: Floats, extra: Floats, trust: Floats, rows: Rows, levels: Levels
    ) -> Answers:
        """Gather answers; classes are read from horizon and level."""
        horizon = np.searchsorted(np.array(LATER_FROM), rows.horizon, side="right")
        volume = np.searchsorted(np.array(VOLUMES), levels.units)
        return cls(chance, extra, trust, horizon * (len(VOLUMES) + 1) + volume)


CLASSES = (len(LATER_FROM) + 1) * (len(VOLUMES) + 1)


@dataclass(frozen=True)
class Pool:
    """Weights of the heads in every class.

    **Invariants:** weights are at least 0 and add up to 1 in each class; ValueError where that
    breaks.
    """

    chance: tuple[tuple[float, ...], ...]
    """shape (classes, heads)"""
    size: tuple[tuple[float, ...], ...]
    """shape (classes, sizes)"""
    factor: tuple[float, ...]
    """what each head's size is multiplied by before it is pooled, shape (sizes,)"""

    def __post_init__(self) -> None:
        for name, found, width in (
            ("chance", self.chance, len(HEADS)),
            ("size", self.size, len(SIZES)),
        ):
            if len(found) != CLASSES or any(len(each) != width for each in found):
                raise ValueError(f"weights of the {name} should be {CLASSES} x {width}")
            weights = np.array(found)
            if not ((weights >= 0).all() and np.allclose(weights.sum(axis=1), 1.0, atol=1e-9)):
                raise ValueError(f"weights of the {name} should add up to 1")
        factor = np.array(self.factor)
        if len(factor) != len(SIZES) or not ((factor > 0) & (factor < LARGEST_FACTOR)).all():
            raise ValueError(f"factors of sizes should be {len(SIZES)} positive numbers")

    def pooled(self, answers: Answers) -> tuple[Floats, Floats]:
        """Return eqs. 63 and 64, chance and mean units beyond the first, shape (N,) each."""
        weights = _doubted(np.array(self.chance)[answers.place].T, answers.trust, (0,), 1)
        odds = logit(np.clip(np.nan_to_num(answers.chance, nan=0.5), CERTAIN, 1.0 - CERTAIN))
        factor = np.array(self.factor)[:, None]
        sizes = _doubted(np.array(self.size)[answers.place].T, answers.trust, (0, 1), 2)
        extra: Floats = np.exp((sizes * np.log(answers.extra * factor)).sum(axis=0))
        return expit((weights * odds).sum(axis=0)), extra

    def learned(self) -> float:
        """Return the mean weight of the boosters."""
        return float(np.mean([each[0] for each in self.chance]))

    def to_json(self) -> dict[str, Any]:
        """Return plain lists and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: object) -> Pool:
        """Read back `to_json`; ValueError where it is not that."""
        return typed(cls, found)


def _doubted(weights: Floats, trust: Floats, learned: tuple[int, ...], level: int) -> Floats:
    """Return the weights with what boosters lose by doubt given to the level."""
    found = weights.copy()
    for head in learned:
        found[head] *= trust
        found[level] += weights[head] - found[head]
    return found


@dataclass(frozen=True)
class Judged:
    """What came of the rows that judge."""

    units: Floats
    censored: Bools
    week: Ints
    """position of the target week"""


def fit_pool(answers: Answers, judged: Judged, weeks: int, *, factors: bool = True) -> Pool:
    """Weigh the heads by rows that none of them was learned from.

    Parameters
    ----------
    answers
        What each said.
    judged
        What came.
    weeks
        Weeks that the boosters were learned from, 0 where there are none.
    factors
        Whether sizes take a factor; those of a few cells would follow their accidents.
    """
    learned = weeks / (weeks + LEARNING_WEEKS)
    prior = (1.0 - learned) * PLAIN_PRIOR
    prior[0] = learned
    size_prior = SIZE_PRIOR.copy() if weeks else np.array([0.0, 0.0, 1.0])
    chance = _weights(_chance_losses(answers, judged), judged.week, answers.place, prior)
    sold = np.flatnonzero((judged.units > 0) & ~judged.censored)
    sold = sold[:: max(-(-len(sold) // JUDGED_SIZES), 1)]
    size = _weights(
        _size_losses(answers.extra[:, sold], judged.units[sold], judged.week[sold]),
        judged.week[sold],
        answers.place[sold],
        size_prior,
    )
    factor = [
        _factor(each, judged.units[sold] - 1.0, judged.week[sold]) if factors else 1.0
        for each in answers.extra[:, sold]
    ]
    return Pool(_as_rows(chance), _as_rows(size), tuple(factor))


def _as_rows(weights: Floats) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(each) for each in row) for row in weights)


def _weights(losses: Floats, week: Ints, place: Ints, prior: Floats) -> Floats:
    """Return eq. 65: each class's weights, by leads in standard errors over weeks."""
    found = np.empty((CLASSES, len(prior)))
    overall = _leads(losses, week, prior)
    for which in range(CLASSES):
        here = place == which
        own = _leads(losses[:, here], week[here], prior) if here.any() else np.zeros(len(prior))
        raised = prior * np.exp(CAUTION * (overall + own) / np.sqrt(2.0))
        raised = np.where(prior > 0, np.maximum(raised / raised.sum(), LEAST_WEIGHT), 0.0)
        found[which] = raised / raised.sum()
    return found


def _leads(losses: Floats, week: Ints, prior: Floats) -> Floats:
    """Return by how many standard errors over weeks each head is better than the likeliest one.

    A single week has no standard error, and a few know theirs badly: nothing is read from one,
    and t quantiles shrink the rest.
    """
    names, at = np.unique(week, return_inverse=True)
    count = len(names)
    found = np.zeros(len(prior))
    if count < 2:
        return found
    rows = np.bincount(at, minlength=count)
    weekly = np.stack([np.bincount(at, each, count) / rows for each in losses])
    first = int(np.argmax(prior))
    for head in np.flatnonzero(prior > 0):
        gap = weekly[first] - weekly[head]
        error = gap.std(ddof=1) / np.sqrt(count)
        if error > 0:
            shrunk = np.sqrt((count - 1.0) / (count + 1.0))
            found[head] = np.clip(gap.mean() / error * shrunk, -MOST_ERRORS, MOST_ERRORS)
    return found


def _chance_losses(answers: Answers, judged: Judged) -> Floats:
    """Return the log-loss of every head's chance, each shifted by its misses of earlier weeks."""
    sold, losses = judged.units > 0, np.zeros(answers.chance.shape)
    for head, chance in enumerate(answers.chance):
        if np.isnan(chance).any():
            continue
        odds = logit(np.clip(chance, CERTAIN, 1.0 - CERTAIN))
        for here, shift in _shifted(odds, sold, judged.week):
            losses[head, here] = log_loss(expit(odds[here] + shift), sold[here])
    return losses


def _shifted(odds: Floats, sold: Bools, week: Ints) -> Iterator[tuple[Bools, float]]:
    """Yield the rows of each week with the shift of log odds that the weeks before it ask for."""
    above, below = 0.0, 1.0
    for each in np.unique(week):
        here = week == each
        yield here, above / below
        said = expit(odds[here])
        miss = float((sold[here] - said).sum() / ((said * (1.0 - said)).sum() + SHIFT_PRIOR))
        above, below = FORGETTING * above + miss, FORGETTING * below + 1.0


def _size_losses(extra: Floats, units: Floats, week: Ints) -> Floats:
    """Return what every head's size loses: log score, RPS and pinball, each in its own mean."""
    losses = np.zeros(extra.shape)
    if not len(units):
        return losses
    late = week >= np.unique(week)[len(np.unique(week)) // 2]
    scale: Floats | None = None
    for head, size in enumerate(extra):
        # factor and dispersion are of the other half of the weeks
        law = np.empty((2, len(units)))
        for here, other in ((late, ~late), (~late, late)):
            if not here.any():
                continue
            learned = other if other.any() else here
            factor = _factor(size[learned], units[learned] - 1.0, week[learned])
            law[0, here] = factor * size[here]
            law[1, here] = _dispersion(factor * size[learned], units[learned] - 1.0)
        said = CountLaw(np.ones(len(units)), law[0], law[1])
        answer = answer_of_law(said, units)
        far = [pinball(answer.quantiles[:, at], units, q) for at, q in enumerate(LEVELS)]
        parts = np.stack([log_score(answer.below, answer.upto), answer.rps, np.mean(far, axis=0)])
        scale = parts.mean(axis=1, keepdims=True) if scale is None else scale
        losses[head] = (parts / np.maximum(scale, 1e-9)).mean(axis=0)
    return losses


def _factor(size: Floats, extra: Floats, week: Ints) -> float:
    """Return units beyond the first over those said.

    No sale counts beyond ten times its own, and no week beyond what weeks usually are.
    """
    if not len(size):
        return 1.0
    usual = np.minimum(extra, 10.0 * size + 10.0)
    _, place = np.unique(week, return_inverse=True)
    came, said = np.bincount(place, usual), np.bincount(place, size)
    ratio = within_reason(np.log((came + 1.0) / (said + 1.0)))
    return float((np.exp(ratio) @ said + FACTOR_PRIOR) / (said.sum() + FACTOR_PRIOR))


def _dispersion(size: Floats, extra: Floats) -> float:
    """Return r by moments."""
    miss = np.minimum(extra, 10.0 * size + 10.0) - size
    above = float((miss * miss - size).mean())
    square = float((size * size).mean())
    return float(np.clip(square / max(above, 1e-9), 0.1, 50.0))
