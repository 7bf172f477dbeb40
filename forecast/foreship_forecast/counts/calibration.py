"""Calibration: what the latest weeks, never seen by the first fit, say about the boosters.

Four corrections, each kept only where it helps on the later half of those weeks, on top of those
before it (docs/forecast.md, section 5): a logistic line for the chance of a sale, shrunk offsets
of it by region and by volume class, a shrunk factor by category for the size of a sale, and a
map of its probability integral transform. Dispersion by bin of the mean size is always fitted:
without it there is no law.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, gammaln, logit

from foreship_forecast.counts.law import DISPERSIONS, KNOTS, CountLaw, at_least, mean_from
from foreship_forecast.counts.scores import log_score, mean_by_week
from foreship_forecast.model_files import typed
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["Calibration", "Outcome", "fit_calibration"]

DISPERSION_BINS = 8
FEWEST_IN_BIN = 300
LINE_PRIOR = 50.0
"""rows of certainty that the line of the chance is the identity"""
GROUPS = "groups"
VOLUME_CLASSES = 6
OFFSET_STEPS = 30
OFFSET_PRIOR = 200.0
"""rows of certainty that a region or volume class needs no offset of its own"""
LARGEST_OFFSET = 12.0
"""log odds; no group is that far from the line"""
FACTOR_STEPS = 10
FACTOR_PRIOR = 200.0
"""units expected that a category's own factor is mixed with"""
MAP_PRIOR = 200.0
"""sales of certainty that the map is the identity"""
LEAST_CHANCE = 1e-6
LEAST_TAIL = 1e-300
"""floor of P(X >= y) under a logarithm"""
LARGEST_FACTOR = 1e6
"""times the learned size; no category is that far from it"""


@dataclass(frozen=True)
class Outcome:
    """Raw answers of a first fit with the units then ordered, one row each."""

    chance: Floats
    """P(D >= 1) as the booster has it, shape (N,)"""
    extra: Floats
    """mean units beyond the first in a sale, as the booster has it"""
    category: Ints
    """position of the row's category"""
    region: Ints
    """position of the row's region"""
    week: Ints
    """position of the target week"""
    units: Floats
    """units ordered"""
    censored: Bools
    """True where the cell sold out: at least `units` were wanted"""

    def part(self, chosen: Bools) -> Outcome:
        """Return some of the rows."""
        return Outcome(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    @property
    def sold(self) -> Bools:
        """True where at least one unit was ordered."""
        return self.units > 0

    def interval(self, law: CountLaw) -> tuple[Floats, Floats]:
        """Return P(D < units) and P(D <= units) of each row; 1 where demand may be larger."""
        below, upto = law.interval(self.units)
        return below, np.where(self.censored, 1.0, upto)


@dataclass(frozen=True)
class Calibration:
    """Corrections of raw answers, kept as JSON beside the model.

    **Invariants:** `slope` > 0; offsets are moderate; `factor` > 0; edges rise; `volume` and
    `dispersion` have a bin more than their edges, r within the law's range; `knots` rises from 0
    to 1. ValueError where one breaks.
    """

    intercept: float
    slope: float
    region: tuple[float, ...]
    """offset of the log odds by region position"""
    volume_edges: tuple[float, ...]
    """raw expected units between which an offset holds [units]"""
    volume: tuple[float, ...]
    """offset of the log odds by volume class, one more than its edges"""
    factor: tuple[float, ...]
    """multiplier of the mean size by category position"""
    edges: tuple[float, ...]
    """mean sizes between which a dispersion holds [units]"""
    dispersion: tuple[float, ...]
    """r of each bin, one more than edges"""
    knots: tuple[float, ...]
    """the map G at evenly spaced points of [0, 1]"""
    rows: int
    first_week: str
    last_week: str
    kept: tuple[str, ...]
    """corrections that held on the later half of the calibration weeks"""

    def __post_init__(self) -> None:
        factor, knots = np.asarray(self.factor), np.asarray(self.knots)
        r, (low, high) = np.asarray(self.dispersion), DISPERSIONS
        offsets = np.abs([*self.region, *self.volume])
        holds = {
            "intercept": bool(np.isfinite(self.intercept)),
            "slope": 0 < self.slope < np.inf,
            "region": bool((offsets <= LARGEST_OFFSET).all()),
            "volume": len(self.volume) == len(self.volume_edges) + 1
            and bool(
                np.isfinite(self.volume_edges).all() and (np.diff(self.volume_edges) > 0).all()
            ),
            "factor": bool(((factor > 0) & (factor <= LARGEST_FACTOR)).all()),
            "edges": _rise(self.edges),
            "dispersion": len(r) == len(self.edges) + 1 and bool(((r >= low) & (r <= high)).all()),
            "knots": len(knots) == KNOTS
            and (knots[0], knots[-1]) == (0.0, 1.0)
            and bool((np.diff(knots) >= 0).all()),
        }
        if broken := [name for name, good in holds.items() if not good]:
            raise ValueError(f"calibration breaks its invariants: {', '.join(broken)}")

    def law(self, chance: Floats, extra: Floats, category: Ints, region: Ints) -> CountLaw:
        """Return the calibrated law of raw answers, eqs. 12-15."""
        place = np.searchsorted(np.asarray(self.volume_edges), _volume(chance, extra))
        offset = np.asarray(self.region)[region] + np.asarray(self.volume)[place]
        corrected = expit(self.intercept + self.slope * _log_odds(chance) + offset)
        size = extra * np.asarray(self.factor)[category]
        r = np.asarray(self.dispersion)[np.searchsorted(np.asarray(self.edges), size)]
        safe = np.clip(corrected, LEAST_CHANCE, 1 - LEAST_CHANCE)
        return CountLaw(safe, size, r, np.asarray(self.knots))

    def of(self, outcome: Outcome) -> CountLaw:
        """Return the law of the rows of an outcome."""
        return self.law(outcome.chance, outcome.extra, outcome.category, outcome.region)

    def with_unknown_groups(self) -> Calibration:
        """Return the same with a last place for groups that the fit did not know."""
        return replace(self, factor=(*self.factor, 1.0), region=(*self.region, 0.0))

    def to_json(self) -> dict[str, Any]:
        """Return plain lists and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, found: object) -> Calibration:
        """Read back `to_json`; ValueError where it is not that."""
        return typed(cls, found)


Step: TypeAlias = Callable[[Calibration, Outcome], Calibration]
"""fits one correction on held-out rows"""


def fit_calibration(
    outcome: Outcome, categories: int, regions: int, first_week: str, last_week: str
) -> Calibration:
    """Fit all corrections on held-out weeks, and keep those that hold on unseen weeks.

    Each is fitted on the earlier half of the weeks on top of those that held, and scored on the
    later half against doing without; those that hold are fitted again on all weeks. Without any
    week nothing is corrected.
    """
    plain = _plain(outcome, (categories, regions), first_week, last_week)
    weeks = np.unique(outcome.week)
    if not len(weeks):
        return plain
    early = outcome.week < weeks[len(weeks) // 2]
    trial, judge = outcome.part(early), outcome.part(~early)
    steps = {
        "chance": _with_line,
        GROUPS: _with_offsets,
        "size": _with_factor,
        "shape": _with_map,
    }
    kept = _held(steps, plain, trial, judge) if early.any() else ()
    fitted = _with_dispersion(plain, outcome)
    for name in kept:
        fitted = steps[name](fitted, outcome)
    return replace(fitted, kept=kept)


def _held(
    steps: Mapping[str, Step], plain: Calibration, trial: Outcome, judge: Outcome
) -> tuple[str, ...]:
    """Return the steps that lower the log score of unseen weeks, each added to those before.

    Offsets, one for every group, must lower it by more than a standard error over weeks.
    """
    fitted = _with_dispersion(plain, trial)
    score, kept = _log_score(fitted, judge), []
    for name, step in steps.items():
        tried = step(fitted, trial)
        found = _log_score(tried, judge)
        _, gap, error = mean_by_week(found - score, judge.week)
        if gap < (-error if name == GROUPS else 0.0):
            fitted, score = tried, found
            kept.append(name)
    return tuple(kept)


def _plain(outcome: Outcome, groups: tuple[int, int], first: str, last: str) -> Calibration:
    categories, regions = groups
    return Calibration(
        intercept=0.0,
        slope=1.0,
        region=(0.0,) * regions,
        volume_edges=(),
        volume=(0.0,),
        factor=(1.0,) * categories,
        edges=(),
        dispersion=(1.0,),
        knots=tuple(np.linspace(0.0, 1.0, KNOTS).tolist()),
        rows=len(outcome.units),
        first_week=first,
        last_week=last,
        kept=(),
    )


def _log_score(calibration: Calibration, outcome: Outcome) -> Floats:
    """Return the log score of each row by eq. 27, lower is better."""
    return log_score(*outcome.interval(calibration.of(outcome)))


def _with_line(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit eq. 12: a line on the chance's log odds, by Newton, shrunk towards the identity."""
    x, y = _log_odds(outcome.chance), outcome.sold.astype(np.float64)
    inputs = np.stack([np.ones_like(x), x], axis=1)
    line = np.array([0.0, 1.0])
    for _step in range(30):
        p = expit(inputs @ line)
        slope = inputs.T @ (y - p) - LINE_PRIOR * (line - (0.0, 1.0))
        curve = (inputs * (p * (1 - p))[:, None]).T @ inputs + LINE_PRIOR * np.eye(2)
        move = np.linalg.solve(curve, slope)
        line = line + move
        if np.abs(move).max() < 1e-10:
            break
    return replace(plain, intercept=float(line[0]), slope=float(max(line[1], 0.05)))


def _with_offsets(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit the offsets of eq. 12 by region and volume class, by Newton, each shrunk towards 0."""
    line = plain.intercept + plain.slope * _log_odds(outcome.chance)
    volume = _volume(outcome.chance, outcome.extra)
    edges = np.unique(np.quantile(volume, np.arange(1, VOLUME_CLASSES) / VOLUME_CLASSES))
    codes = (outcome.region, np.searchsorted(edges, volume))
    offsets = [np.zeros(len(plain.region)), np.zeros(len(edges) + 1)]
    for _step in range(OFFSET_STEPS):
        for code, own in zip(codes, offsets, strict=True):
            p = expit(line + offsets[0][codes[0]] + offsets[1][codes[1]])
            slope = np.bincount(code, outcome.sold - p, len(own)) - OFFSET_PRIOR * own
            curve = np.bincount(code, p * (1 - p), len(own)) + OFFSET_PRIOR
            np.add(own, slope / curve, out=own)
    region, classes = (np.clip(each, -LARGEST_OFFSET, LARGEST_OFFSET).tolist() for each in offsets)
    return replace(
        plain, region=tuple(region), volume_edges=tuple(edges.tolist()), volume=tuple(classes)
    )


def _with_factor(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit eq. 13: mean size ordered over mean size predicted, each category shrunk to all."""
    sold, categories = outcome.part(outcome.sold), len(plain.factor)
    predicted = np.bincount(sold.category, sold.extra, categories)
    scaled = plain
    # what censored weeks wanted depends on the factor: an expectation and a maximum in turn
    for _step in range(FACTOR_STEPS if sold.censored.any() else 1):
        ordered = np.bincount(sold.category, _wanted(scaled, sold), categories)
        overall = (ordered.sum() + FACTOR_PRIOR) / (predicted.sum() + FACTOR_PRIOR)
        factor = (ordered + FACTOR_PRIOR * overall) / (predicted + FACTOR_PRIOR)
        scaled = replace(plain, factor=tuple(factor.tolist()))
    return _with_dispersion(scaled, outcome)


def _wanted(plain: Calibration, sold: Outcome) -> Floats:
    """Return units beyond the first: those ordered, or their mean by eq. 28 where censored."""
    law = plain.of(sold)
    return np.where(sold.censored, mean_from(sold.units - 1, *law.bounded()), sold.units - 1)


def _with_dispersion(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit eq. 14: the maximum-likelihood r in each bin of the mean size."""
    sold = outcome.part(outcome.sold)
    if not len(sold.units):
        return plain
    size = sold.extra * np.asarray(plain.factor)[sold.category]
    count = int(np.clip(len(size) // FEWEST_IN_BIN, 1, DISPERSION_BINS))
    edges = np.unique(np.quantile(size, np.arange(1, count) / count))
    # where many sizes are alike an edge may be the largest: nothing would lie in the bin above
    edges = edges[edges < size.max()]
    place = np.searchsorted(edges, size)
    bins = (place == j for j in range(len(edges) + 1))
    found = [_dispersion(sold.part(here), size[here]) for here in bins]
    return replace(plain, edges=tuple(edges.tolist()), dispersion=tuple(found))


def _dispersion(sold: Outcome, mean: Floats) -> float:
    extra = sold.units - 1
    if len(extra) < 2:
        return 1.0
    bounds, least, above = sold.censored, extra[sold.censored], mean[sold.censored]

    def loss(log_r: float) -> float:
        r = np.exp(log_r)
        odds = np.log(mean) - np.log(mean + r)
        chance = gammaln(extra + r) - gammaln(r) + extra * odds + r * (np.log(r) - np.log(mean + r))
        chance[bounds] = np.log(np.maximum(at_least(least, above, r), LEAST_TAIL))
        return -float(chance.mean())

    limits = (float(np.log(DISPERSIONS[0])), float(np.log(DISPERSIONS[1])))
    return float(np.exp(minimize_scalar(loss, bounds=limits, method="bounded").x))


def _with_map(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit eq. 15: the share of sizes below each of their own quantiles, without random draws."""
    sold = outcome.part(outcome.sold)
    if not len(sold.units):
        return plain
    law = plain.of(sold)
    sure = CountLaw(np.ones(len(law)), law.extra, law.dispersion)
    low, high = sold.interval(sure)
    grid = np.linspace(0.0, 1.0, KNOTS)
    total = _uniform_share(low, high, grid) * len(low)
    shares = (total + MAP_PRIOR * grid) / (len(low) + MAP_PRIOR)
    shares[0], shares[-1] = 0.0, 1.0
    return replace(plain, knots=tuple(np.maximum.accumulate(shares).tolist()))


def _uniform_share(low: Floats, high: Floats, grid: Floats) -> Floats:
    """Return the mean over rows of the uniform distribution on [low, high] at grid points.

    A sum of ramps: the second differences of the answer stand where ramps start and end.
    """
    width = np.maximum(high - low, 1e-9)
    return np.array([np.clip((x - low) / width, 0.0, 1.0).mean() for x in grid])


def _rise(values: tuple[float, ...]) -> bool:
    return bool(np.isfinite(values).all() and (np.diff(values) > 0).all())


def _volume(chance: Floats, extra: Floats) -> Floats:
    """Return the expected units of raw answers."""
    return chance * (1.0 + extra)


def _log_odds(chance: Floats) -> Floats:
    odds: Floats = logit(np.clip(chance, LEAST_CHANCE, 1 - LEAST_CHANCE))
    return odds
