"""Learning: fit, calibrate on held-out weeks, compare with floors, refit on all weeks.

`fit` reads as the recipe of docs/forecast.md, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_forecast.counts.calibration import Calibration, Outcome, fit_calibration
from foreship_forecast.counts.dependence import estimate_dependence
from foreship_forecast.counts.scores import (
    log_loss,
    log_score,
    mean_by_week,
    ranked_probability_score,
)
from foreship_forecast.errors import NotEnoughHistory
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.past_totals import past_totals
from foreship_forecast.features.rows import Rows, calibration_rows, labels
from foreship_forecast.heads.boosters import SIZES, Boosters, Head, learn, raw_of_each
from foreship_forecast.heads.floors import FLOOR_RATES
from foreship_forecast.heads.partial_pooling import floor_notes, pooled_levels
from foreship_forecast.history.panel import Panel, panel_of
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.learning.model import PurchaseModel
from foreship_forecast.params import ForecastParams, PrivacyParams
from foreship_foundation.arrays import Floats, Ints

__all__ = ["fit"]

FEWEST_WEEKS = 4
CALIBRATION_ROWS = 200_000
UNJUDGED = "pooled_rate"
"""the rate that is used where no week can judge any"""
COUNT_MARGIN = 0.02
"""share of the log score that learned sizes must gain where learned chances gain nothing"""


def fit(
    snapshot: Snapshot,
    params: ForecastParams | None = None,
    privacy: PrivacyParams | None = None,
) -> PurchaseModel:
    """Learn purchase probabilities from a snapshot.

    A first fit without the latest weeks is calibrated on them and compared there with plain
    rates; if it shows no skill, the best of those is used. A second fit learns from all.

    Raises
    ------
    NotEnoughHistory
        With fewer than four whole weeks of orders.
    """
    params, privacy = params or ForecastParams(), privacy or PrivacyParams()
    panel = panel_of(snapshot, params.history_weeks, largest_order=params.largest_order)
    weeks = panel.shape[1]
    held_out = _calibration_weeks(panel, params)
    features = Features.of(snapshot, panel, params.horizon_weeks)
    trials = learn(features, params, weeks - held_out, SIZES)
    rows = calibration_rows(
        panel, params.horizon_weeks, weeks - held_out, CALIBRATION_ROWS, params.seed
    )
    head, outcome, calibration, verdict = (
        _choose(features, rows, trials) if len(rows) else _unjudged(features, rows)
    )
    if isinstance(head, Boosters):
        head = (*learn(features, params, weeks, (head.objective,)), head)[0]
    rows, outcome = rows.part(~outcome.censored), outcome.part(~outcome.censored)
    law = calibration.of(outcome)
    groups = panel.codes.item[rows.cell], panel.codes.region[rows.cell]
    borrowed = pooled_levels(features, snapshot.buyers, privacy.min_customers)
    return PurchaseModel(
        head=head,
        calibration=calibration.with_unknown_groups(),
        categories=tuple(panel.codes.categories.tolist()),
        regions=tuple(panel.codes.regions.tolist()),
        dependence=estimate_dependence(
            law,
            outcome.units,
            groups,
            rows.origin,
            rows.horizon,
            rows.cell,
            past_totals(features, params.horizon_weeks),
        ),
        params=params,
        privacy=privacy,
        as_of=str(panel.as_of),
        notes=(
            *panel.notes,
            verdict,
            *borrowed.notes(panel.offered),
            *floor_notes(snapshot.buyers, privacy.min_customers),
        ),
    )


def _calibration_weeks(panel: Panel, params: ForecastParams) -> int:
    """Return the number of latest weeks to hold out: at most a third of a short history."""
    traded = int(panel.known.any(axis=0).sum())
    if traded < FEWEST_WEEKS:
        raise NotEnoughHistory(
            f"there are {traded} whole weeks with orders before {panel.as_of}; purchase"
            f" probabilities need at least {FEWEST_WEEKS}. Wait, or plan on your own demand"
            " scenarios (`foreship plan --demand`)"
        )
    return min(params.calibration_weeks, max(1, panel.shape[1] // 3))


def _choose(
    features: Features, rows: Rows, trials: tuple[Boosters, ...]
) -> tuple[Head, Outcome, Calibration, str]:
    """Return the better head on the held-out weeks, its calibration, and a sentence on both.

    The boosters must beat the best of the plain rates, each calibrated alike, by more than a
    standard error over weeks: in the log-loss of p_1 or, where something sells every week and
    all skill lies in how much, in the log score of the counts by a margin too.
    """
    levels = features.levels(rows)
    plain = [
        _outcome(features, rows, rate.raw(features, rows, levels)) for rate in FLOOR_RATES.values()
    ]
    tried = [_Trial.of(features, outcome) for outcome in plain]
    best = int(np.argmin([each.chance.mean() for each in tried]))
    rate, floor = list(FLOOR_RATES.values())[best], tried[best]
    if not trials:
        said = f"Too little history to learn from: the {rate.name} is used."
        return rate, plain[best], _calibrated(features, plain[best]), said
    trial, learned, mine = _better_size(features, rows, trials)
    weeks, gap, error = mean_by_week(mine.chance - floor.chance, mine.week)
    _, count_gap, count_error = mean_by_week(mine.count - floor.count, mine.week)
    said = (
        f"On {weeks} weeks held out, log-loss of p_1 is {mine.chance.mean():.4f} against"
        f" {floor.chance.mean():.4f} of the {rate.name} (log score {mine.count.mean():.4f} against"
        f" {floor.count.mean():.4f}, RPS {mine.rps:.4f} against {floor.rps:.4f})"
    )
    if gap < -error or count_gap < -max(count_error, COUNT_MARGIN * floor.count.mean()):
        return trial, learned, _calibrated(features, learned), f"{said}."
    said = f"{said}: no skill shown, so the {rate.name} is used."
    return rate, plain[best], _calibrated(features, plain[best]), said


def _unjudged(features: Features, rows: Rows) -> tuple[Head, Outcome, Calibration, str]:
    """Return a plain rate where there is no held-out row to judge any by."""
    rate = FLOOR_RATES[UNJUDGED]
    outcome = _outcome(features, rows, rate.raw(features, rows, features.levels(rows)))
    said = f"Too little history to hold weeks out: the {rate.name} is used, uncalibrated."
    return rate, outcome, _calibrated(features, outcome), said


def _better_size(
    features: Features, rows: Rows, trials: tuple[Boosters, ...]
) -> tuple[Boosters, Outcome, _Trial]:
    """Return the first head, or a later one whose log score is better by a standard error."""
    raw = raw_of_each(trials, features, rows, features.levels(rows))
    found = zip(trials, (_outcome(features, rows, each) for each in raw), strict=True)
    first, *others = [(*each, _Trial.of(features, each[1])) for each in found]
    best = first
    for other in others:
        _, gap, error = mean_by_week(other[2].count - best[2].count, best[2].week)
        if gap < -error:
            best = other
    return best


@dataclass(frozen=True)
class _Trial:
    """A head calibrated on the earlier half of the held-out weeks and scored on the later."""

    chance: Floats
    """log-loss of p_1, a value a row"""
    count: Floats
    """log score of the count, a value a row; of P(D >= units) where the week is censored"""
    week: Ints
    rps: float
    """of weeks wholly known [units]"""

    @classmethod
    def of(cls, features: Features, outcome: Outcome) -> _Trial:
        """Calibrate and score; a single held-out week serves for both."""
        weeks = np.unique(outcome.week)
        late = outcome.week >= weeks[len(weeks) // 2]
        judged = outcome.part(late)
        fitted = _calibrated(features, outcome.part(~late) if len(weeks) > 1 else outcome)
        law = fitted.of(judged)
        chance, count = log_loss(law.chance, judged.sold), log_score(*judged.interval(law))
        known = ~judged.censored
        ranked = ranked_probability_score(law.part(known), judged.units[known])
        rps = float(ranked.mean()) if known.any() else float("nan")
        return cls(chance, count, judged.week, rps)


def _outcome(features: Features, rows: Rows, raw: tuple[Floats, Floats]) -> Outcome:
    chance, extra = raw
    codes, (units, whole) = features.panel.codes, labels(features.panel, rows)
    category, region = codes.category[rows.cell], codes.region[rows.cell]
    return Outcome(chance, extra, category, region, rows.target, units, ~whole)


def _calibrated(features: Features, outcome: Outcome) -> Calibration:
    panel = features.panel
    judged = outcome.week if len(outcome.week) else np.array([panel.shape[1] - 1])
    first, last = panel.weeks[int(judged.min())], panel.weeks[int(judged.max())]
    groups = len(panel.codes.categories), len(panel.codes.regions)
    return fit_calibration(outcome, *groups, str(first), str(last))
