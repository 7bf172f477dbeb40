"""Calibration: what the latest weeks, never seen by the first fit, say about the heads.

The chance of a sale gets an intercept from its latest misses, shrunk to 0. Four corrections more
are each kept only where they help on the later half of those weeks, on top of those before them
(docs/forecast.md, section 5): a slope of the chance, a shrunk factor by category for the size of a
sale, a width of the cell's own, and a map of the probability integral transform of sizes. A width
by the mean size is always fitted: without it there is no law.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from scipy.special import expit, logit

from foreship_forecast.counts.law import KNOTS, REGULARITY, CountLaw, mean_from, regularity
from foreship_forecast.counts.scores import log_score
from foreship_forecast.counts.width import WIDEST, Sizes, Spread, Width, fit_own_width, fit_width
from foreship_forecast.model_files import typed
from foreship_foundation.arrays import Bools, Floats, Ints, Numbers

__all__ = ["Calibration", "Outcome", "fit_calibration", "within_reason"]

FADING = 0.8
"""weight of a week's miss over that of the week after it"""
WEEK_PRIOR = 0.5
"""weeks of certainty that nothing is missed"""
ROW_PRIOR = 50.0
"""rows at even odds of certainty that a week missed nothing"""
LINE_PRIOR = 50.0
"""rows of certainty that the line of the chance is the identity"""
NEWTON_STEPS = 30
SHALLOWEST = 0.05
"""least slope of the log odds"""
LARGEST_INTERCEPT = 12.0
"""log odds; no week is missed by that much"""
MOST_SPREADS, LEAST_SPREAD = 4.0, 0.02
"""median distances from the middle week, in log odds, up to which a week's miss counts in full"""
FACTOR_STEPS = 10
FACTOR_PRIOR = 200.0
"""units expected that a category's own factor is mixed with"""
ORDINARY = 0.99
"""share of sales whose units over their prediction count in full to a factor"""
UNUSUAL = 10.0
"""times their prediction that units may be to count in full, as for bulk orders (eq. 31)"""
MAP_PRIOR = 200.0
"""sales of certainty that the map is the identity"""
LEAST_CHANCE = 1e-6
LARGEST_FACTOR = 1e6
"""times the learned size; no category is that far from it"""


@dataclass(frozen=True)
class Outcome:
    """Raw answers of a first fit with the units then ordered, one row each."""

    chance: Floats
    """P(D >= 1) as the head has it, shape (N,)"""
    extra: Floats
    """mean units beyond the first in a sale, as the head has it"""
    category: Ints
    """position of the row's category"""
    week: Ints
    """position of the target week"""
    units: Floats
    """units ordered"""
    censored: Bools
    """True where the cell sold out: at least `units` were wanted"""
    spread: Spread
    """how far apart the cell's own sizes were up to the row's origin"""

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


WIDTH_NUMBERS = len(astuple(Width()))


@dataclass(frozen=True)
class Calibration:
    """Corrections of raw answers, kept as JSON beside the model.

    **Invariants:** `slope` > 0; the intercept and the width are moderate; `factor` > 0;
    0 <= `power` <= 1 and `prior` > 0; each map rises from 0 to 1. ValueError where one breaks.
    """

    intercept: float
    slope: float
    factor: tuple[float, ...]
    """multiplier of the mean size by category position"""
    width: tuple[float, ...]
    """level, slope, shift, power and prior of `Width`"""
    knots: tuple[tuple[float, ...], ...]
    """the map G at evenly spaced points of [0, 1], one for each class of `REGULARITY`"""
    rows: int
    first_week: str
    last_week: str
    kept: tuple[str, ...]
    """corrections that held on the later half of the calibration weeks"""

    def __post_init__(self) -> None:
        factor = np.asarray(self.factor)
        moderate = len(self.width) == WIDTH_NUMBERS and max(map(abs, self.width[:4])) <= WIDEST
        holds = {
            "intercept": abs(self.intercept) <= LARGEST_INTERCEPT,
            "slope": 0 < self.slope < np.inf,
            "factor": bool(((factor > 0) & (factor <= LARGEST_FACTOR)).all()),
            "width": moderate and 0 <= self.width[3] <= 1 and 0 < self.width[4] < np.inf,
            "knots": len(self.knots) == len(REGULARITY) + 1 and all(map(_is_map, self.knots)),
        }
        if broken := [name for name, good in holds.items() if not good]:
            raise ValueError(f"calibration breaks its invariants: {', '.join(broken)}")

    def law(self, chance: Floats, extra: Floats, category: Ints, spread: Spread) -> CountLaw:
        """Return the calibrated law of raw answers, eqs. 12-15 and 35-37."""
        corrected = expit(self.intercept + self.slope * _log_odds(chance))
        safe = np.clip(corrected, LEAST_CHANCE, 1 - LEAST_CHANCE)
        size = self.size(extra, category)
        return CountLaw(
            safe, size, Width(*self.width).dispersion(size, spread), np.asarray(self.knots)
        )

    def size(self, extra: Floats, category: Ints) -> Floats:
        """Return the corrected mean units beyond the first."""
        corrected: Floats = extra * np.asarray(self.factor)[category]
        return corrected

    def of(self, outcome: Outcome) -> CountLaw:
        """Return the law of the rows of an outcome."""
        return self.law(outcome.chance, outcome.extra, outcome.category, outcome.spread)

    def with_unknown_category(self) -> Calibration:
        """Return the same with a last place for categories that the fit did not know."""
        return replace(self, factor=(*self.factor, 1.0))

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
    outcome: Outcome, categories: int, first_week: str, last_week: str, *, factors: bool = True
) -> Calibration:
    """Fit all corrections on held-out weeks, and keep those that hold on unseen weeks.

    Each is fitted on the earlier half of the weeks on top of those that held, and scored on the
    later half against doing without; those that hold are fitted again on all weeks. Without any
    week nothing is corrected. Without `factors` no size is: plain rates of a few cells follow what
    comes by themselves, and a factor would follow the accidents of their weeks.
    """
    plain = _plain(outcome, categories, first_week, last_week)
    weeks = np.unique(outcome.week)
    if not len(weeks):
        return plain
    early = outcome.week < weeks[len(weeks) // 2]
    steps: dict[str, Step] = {"slope": _with_slope}
    if factors:
        steps["size"] = _with_factor
    steps |= {"width": _with_own_width, "shape": _with_map}
    kept = _held(steps, plain, outcome.part(early), outcome.part(~early)) if early.any() else ()
    fitted = _started(plain, outcome)
    for name in kept:
        fitted = steps[name](fitted, outcome)
    return replace(fitted, kept=kept)


def _started(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit what no law goes without: an intercept of the chance and a width by the mean size."""
    return _with_width(_with_intercept(plain, outcome), outcome)


def _held(
    steps: Mapping[str, Step], plain: Calibration, trial: Outcome, judge: Outcome
) -> tuple[str, ...]:
    """Return the steps that lower the log score of unseen weeks, each added to those before."""
    fitted = _started(plain, trial)
    score, kept = _log_score(fitted, judge), []
    for name, step in steps.items():
        tried = step(fitted, trial)
        found = _log_score(tried, judge)
        if found.mean() < score.mean():
            fitted, score = tried, found
            kept.append(name)
    return tuple(kept)


def _plain(outcome: Outcome, categories: int, first: str, last: str) -> Calibration:
    return Calibration(
        intercept=0.0,
        slope=1.0,
        factor=(1.0,) * categories,
        width=astuple(Width()),
        knots=(tuple(np.linspace(0.0, 1.0, KNOTS).tolist()),) * (len(REGULARITY) + 1),
        rows=len(outcome.units),
        first_week=first,
        last_week=last,
        kept=(),
    )


def _log_score(calibration: Calibration, outcome: Outcome) -> Floats:
    """Return the log score of each row by eq. 27, lower is better."""
    return log_score(*outcome.interval(calibration.of(outcome)))


def _with_intercept(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit eq. 38: the misses of single weeks in log odds, the latest weighing most, shrunk to 0.

    A slope turns the line where it leaves the sum of all chances as it was.
    """
    weeks, place = np.unique(outcome.week, return_inverse=True)
    said = plain.slope * _log_odds(outcome.chance)
    start = _shifts(said, outcome.chance, np.zeros_like(place), 0.0)[0] if plain.slope != 1 else 0.0
    missed = _shifts(said + start, outcome.sold, place, ROW_PRIOR / 4.0)
    missed = within_reason(missed)
    weight = FADING ** (weeks[-1] - weeks).astype(np.float64)
    shift = start + weight @ missed / (weight.sum() + WEEK_PRIOR)
    return replace(plain, intercept=float(np.clip(shift, -LARGEST_INTERCEPT, LARGEST_INTERCEPT)))


def within_reason(missed: Floats) -> Floats:
    """Return weekly misses cut to what their spread explains: no single week moves all chances."""
    if not len(missed):
        return missed
    middle = np.median(missed)
    reach = MOST_SPREADS * max(float(np.median(np.abs(missed - middle))), LEAST_SPREAD)
    found: Floats = np.clip(missed, middle - reach, middle + reach)
    return found


def _shifts(said: Floats, came: Numbers, group: Ints, certainty: float) -> Floats:
    """Return what each group's log odds miss, by Newton, held to 0 with some certainty."""
    missed = np.zeros(int(group.max()) + 1)
    for _step in range(NEWTON_STEPS):
        p = expit(said + missed[group])
        slope = np.bincount(group, came - p) - certainty * missed
        move = slope / np.maximum(np.bincount(group, p * (1 - p)) + certainty, LEAST_CHANCE)
        missed += np.clip(move, -1.0, 1.0)
        if np.abs(move).max() < 1e-10:
            break
    return missed


def _with_slope(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit the slope of eq. 12 by Newton, shrunk towards 1, and the intercept that goes with it."""
    x, y = _log_odds(outcome.chance), outcome.sold.astype(np.float64)
    inputs = np.stack([np.ones_like(x), x], axis=1)
    line = np.array([0.0, 1.0])
    for _step in range(NEWTON_STEPS):
        p = expit(inputs @ line)
        slope = inputs.T @ (y - p) - LINE_PRIOR * (line - (0.0, 1.0))
        curve = (inputs * (p * (1 - p))[:, None]).T @ inputs + LINE_PRIOR * np.eye(2)
        move = np.linalg.solve(curve, slope)
        line = line + move
        if np.abs(move).max() < 1e-10:
            break
    return _with_intercept(replace(plain, slope=float(max(line[1], SHALLOWEST))), outcome)


def _with_factor(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit eq. 13: mean size wanted over mean size predicted, each category shrunk to all."""
    sold, categories = _ordinary(outcome.part(outcome.sold)), len(plain.factor)
    predicted = np.bincount(sold.category, sold.extra, categories)
    scaled = plain
    # what bounds stand for depends on the factor: an expectation and a maximum in turn
    for _step in range(FACTOR_STEPS if sold.censored.any() else 1):
        units = _wanted(scaled, sold)
        wanted = np.bincount(sold.category, units * _usual_weeks(sold, units), categories)
        overall = (wanted.sum() + FACTOR_PRIOR) / (predicted.sum() + FACTOR_PRIOR)
        factor = (wanted + FACTOR_PRIOR * overall) / (predicted + FACTOR_PRIOR)
        scaled = replace(plain, factor=tuple(factor.tolist()))
    return _with_width(scaled, outcome)


def _usual_weeks(sold: Outcome, units: Floats) -> Floats:
    """Return by what each row's week is cut to what weeks usually are: a peak is no factor."""
    weeks, place = np.unique(sold.week, return_inverse=True)
    came, said = (np.bincount(place, each, len(weeks)) + 1.0 for each in (units, sold.extra))
    ratio = np.log(came / said)
    times: Floats = np.exp(within_reason(ratio) - ratio)[place]
    return times


def _ordinary(sold: Outcome) -> Outcome:
    """Return sales, those of most units over their prediction as bounds: eq. 39.

    One line of ten thousand units says that much was wanted, not how much: its cell's law fills
    in the rest, and no category follows a single order.
    """
    if not len(sold.units):
        return sold
    said = 1.0 + sold.extra
    times = np.quantile(sold.units / said, ORDINARY, method="lower")
    most = np.maximum(np.floor(min(times, UNUSUAL) * said), 1.0)
    cut = sold.units > most
    units = np.where(cut, most, sold.units)
    return replace(sold, units=units, censored=sold.censored | cut)


def _wanted(plain: Calibration, sold: Outcome) -> Floats:
    """Return units beyond the first: those ordered, or their mean by eq. 28 where bounds."""
    wanted, out = sold.units - 1.0, sold.censored
    wanted[out] = mean_from(wanted[out], *plain.of(sold.part(out)).bounded())
    return wanted


def _with_width(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit eq. 14: the most likely width by the mean size."""
    return replace(plain, width=astuple(fit_width(_sizes(plain, outcome))))


def _with_own_width(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit eqs. 36 and 37: the most likely part of the cell's own width."""
    width = fit_own_width(_sizes(plain, outcome), Width(*plain.width))
    return replace(plain, width=astuple(width))


def _sizes(plain: Calibration, outcome: Outcome) -> Sizes:
    sold = outcome.part(outcome.sold)
    return Sizes(sold.units - 1, sold.censored, plain.size(sold.extra, sold.category), sold.spread)


def _with_map(plain: Calibration, outcome: Outcome) -> Calibration:
    """Fit eq. 15: the share of sizes below each of their own quantiles, without random draws."""
    sold = outcome.part(outcome.sold)
    if not len(sold.units):
        return plain
    law = plain.of(sold)
    sure = CountLaw(np.ones(len(law)), law.extra, law.dispersion)
    (low, high), place = sold.interval(sure), regularity(*law.bounded())
    classes = (place == each for each in range(len(plain.knots)))
    return replace(plain, knots=tuple(_map(low[here], high[here]) for here in classes))


def _map(low: Floats, high: Floats) -> tuple[float, ...]:
    """Return eq. 15 at evenly spaced points, mixed with the identity."""
    grid = np.linspace(0.0, 1.0, KNOTS)
    total = _uniform_share(low, high, grid)
    shares = (total + MAP_PRIOR * grid) / (len(low) + MAP_PRIOR)
    shares[0], shares[-1] = 0.0, 1.0
    return tuple(np.maximum.accumulate(shares).tolist())


def _uniform_share(low: Floats, high: Floats, grid: Floats) -> Floats:
    """Return the sum over rows of the uniform distributions on [low, high] at grid points.

    A sum of ramps: the second differences of the answer stand where ramps start and end.
    """
    width = np.maximum(high - low, 1e-9)
    return np.array([np.clip((x - low) / width, 0.0, 1.0).sum() for x in grid])


def _is_map(knots: tuple[float, ...]) -> bool:
    ends = len(knots) == KNOTS and (knots[0], knots[-1]) == (0.0, 1.0)
    return ends and bool((np.diff(knots) >= 0).all())


def _log_odds(chance: Floats) -> Floats:
    odds: Floats = logit(np.clip(chance, LEAST_CHANCE, 1 - LEAST_CHANCE))
    return odds
