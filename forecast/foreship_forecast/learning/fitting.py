"""Learning: fit, weigh the heads on held-out weeks, calibrate, refit on all weeks.

`fit` reads as the recipe of docs/forecast.md, section 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_forecast.counts.calibration import Calibration, Outcome, fit_calibration
from foreship_forecast.counts.dependence import estimate_dependence
from foreship_forecast.counts.scores import log_loss
from foreship_forecast.errors import NotEnoughHistory
from foreship_forecast.features.matrix import Features, Table
from foreship_forecast.features.past_totals import past_totals
from foreship_forecast.features.prepared import prepared
from foreship_forecast.features.rows import Rows, calibration_rows, labels
from foreship_forecast.features.spread import own_spread
from foreship_forecast.features.unused_plans import unused_plans
from foreship_forecast.heads.boosters import FEWEST_ROWS, Boosters, Lessons, learn
from foreship_forecast.heads.partial_pooling import floor_notes, pooled_levels
from foreship_forecast.heads.pool import HEADS, Answers, Judged, Pool, fit_pool
from foreship_forecast.heads.pooled_head import PooledHead, answers
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.learning.model import HeldOut, PurchaseModel
from foreship_forecast.params import ForecastParams, PrivacyParams
from foreship_foundation.arrays import Floats
from foreship_foundation.telling.words import STATISTICS, listed, percent, plural

__all__ = ["fit"]

FEWEST_WEEKS = 4
CALIBRATION_ROWS = 200_000
TRIAL_SHARE = 0.5
"""share of the training rows that the first fit, which is only judged, learns from"""
CLIMATOLOGY = "year_rate"
"""head that says what the year was like, and no more"""
NAMES = {
    "boosters": "boosters",
    "level": "level they start from",
    "year_rate": "rate of the year",
    "pooled_rate": "pooled rate",
}


@dataclass(frozen=True)
class _Verdict:
    """What the held-out weeks said."""

    pool: Pool
    outcome: Outcome
    calibration: Calibration
    words: tuple[str, ...]
    held_out: HeldOut | None


def fit(
    snapshot: Snapshot,
    params: ForecastParams | None = None,
    privacy: PrivacyParams | None = None,
    *,
    plain: bool = False,
) -> PurchaseModel:
    """Learn purchase probabilities from a snapshot.

    A first fit without the latest weeks is weighed there against plain rates, and what they say
    together is calibrated; a second fit learns from all. Where very few cells leave nothing to
    learn from, plain rates are weighed and calibrated on all weeks. With `plain` nothing but plain
    rates is asked: a fraction of the time, and how cells and weeks move together beyond them.

    Raises
    ------
    NotEnoughHistory
        With fewer than four whole weeks of orders.
    """
    params, privacy = params or ForecastParams(), privacy or PrivacyParams()
    features = prepared(snapshot, params, privacy.min_customers)
    panel, weeks = features.panel, features.panel.shape[1]
    last = weeks - _calibration_weeks(panel, params)
    earlier = features.knowing(last)
    rows = calibration_rows(panel, params.horizon_weeks, last, CALIBRATION_ROWS, params.seed)
    trial, table = (None, None) if plain else _trial(earlier, params, last, rows)
    few = trial is None and int((rows.horizon == 1).sum()) < FEWEST_ROWS
    if few:
        # plain rates learn nothing: every week is unseen, and all of them judge
        earlier, first = features.knowing(panel.learned), panel.learned
        rows = calibration_rows(panel, params.horizon_weeks, first, CALIBRATION_ROWS, params.seed)
    judged = _judged(earlier, rows, trial, table, last - panel.learned, few=few)
    boosters = trial and (learn(Lessons.of(features, params, weeks), params) or trial)
    outcome, calibration = judged.outcome, judged.calibration
    rows, outcome = rows.part(~outcome.censored), outcome.part(~outcome.censored)
    law = calibration.of(outcome)
    groups = panel.codes.item[rows.cell], panel.codes.region[rows.cell]
    borrowed = pooled_levels(features, snapshot.buyers, privacy.min_customers)
    return PurchaseModel(
        head=PooledHead(boosters, judged.pool),
        calibration=calibration.with_unknown_category(),
        categories=tuple(panel.codes.categories.tolist()),
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
        held_out=judged.held_out,
        notes=(
            *panel.notes,
            *unused_plans(snapshot, panel, features.outlook),
            *judged.words,
            *borrowed.notes(panel.offered),
            *floor_notes(snapshot.buyers, privacy.min_customers),
        ),
    )


def _calibration_weeks(panel: Panel, params: ForecastParams) -> int:
    """Return the number of latest weeks to hold out: at most a third of a short history."""
    traded = int(panel.known[:, panel.learned :].any(axis=0).sum())
    if traded < FEWEST_WEEKS:
        raise NotEnoughHistory(
            f"there are {traded} whole weeks with orders before {panel.as_of}; purchase"
            f" probabilities need at least {FEWEST_WEEKS}. Wait, or plan on your own demand"
            " scenarios (`foreship plan --demand`)"
        )
    return min(params.calibration_weeks, max(1, panel.learned_weeks // 3))


def _trial(
    features: Features, params: ForecastParams, last: int, judges: Rows
) -> tuple[Boosters | None, Table | None]:
    """Learn what is only judged, and return it with the features of the rows that judge."""
    lessons = Lessons.of(features, params, last, TRIAL_SHARE, judges)
    return learn(lessons, params), lessons.judging


def _judged(
    features: Features,
    rows: Rows,
    trial: Boosters | None,
    table: Table | None,
    learned: int,
    *,
    few: bool,
) -> _Verdict:
    """Weigh the heads on weeks they never saw, and calibrate what they say together."""
    said = answers(features, rows, trial, table)
    units, whole = labels(features.panel, rows)
    judged = Judged(units, ~whole, rows.target)
    pool = fit_pool(said, judged, learned if trial else 0, factors=not few)
    pooled = pool.pooled(said)
    outcome = _outcome(features, rows, pooled)
    calibration = _calibrated(features, outcome, factors=not few)
    held_out = _held_out(pooled[0], said, judged)
    return _Verdict(pool, outcome, calibration, _in_words(said, judged, pool), held_out)


def _held_out(pooled: Floats, said: Answers, judged: Judged) -> HeldOut | None:
    """Score what the heads say together beside the rate of the year alone, where weeks judge."""
    weeks = len(np.unique(judged.week))
    if not weeks:
        return None
    climatology = said.chance[HEADS.index(CLIMATOLOGY)]
    losses = (float(log_loss(each, judged.units > 0).mean()) for each in (pooled, climatology))
    return HeldOut(weeks, *losses)


TOO_LITTLE = "Too little history to learn from: plain rates are taken."


def _in_words(said: Answers, judged: Judged, pool: Pool) -> tuple[str, ...]:
    """Say what each head lost on the held-out weeks, and how much it is believed."""
    weeks = len(np.unique(judged.week))
    if not weeks:
        return (
            "Too little history to hold weeks out: learning and plain rates are believed as by "
            "default.",
        )
    sold = judged.units > 0
    weights = np.array(pool.chance).mean(axis=0)
    parts = [
        f"{log_loss(each, sold).mean():.4f} of the {NAMES[name]} (believed {percent(weight)})"
        for name, each, weight in zip(HEADS, said.chance, weights, strict=True)
        if not np.isnan(each).any()
    ]
    begun = () if _said_by_boosters(said) else (TOO_LITTLE,)
    held_out = plural(weeks, "week")
    return (*begun, f"{STATISTICS}on {held_out} held out, log-loss of p_1 is {listed(parts)}.")


def _said_by_boosters(said: Answers) -> bool:
    """Return whether boosters were asked."""
    return not np.isnan(said.chance[0]).any()


def _outcome(features: Features, rows: Rows, raw: tuple[Floats, Floats]) -> Outcome:
    chance, extra = raw
    panel, (units, whole) = features.panel, labels(features.panel, rows)
    category, spread = panel.codes.category[rows.cell], own_spread(panel, rows)
    return Outcome(chance, extra, category, rows.target, units, ~whole, spread)


def _calibrated(features: Features, outcome: Outcome, *, factors: bool) -> Calibration:
    panel = features.panel
    judged = outcome.week if len(outcome.week) else np.array([panel.shape[1] - 1])
    first, last = panel.weeks[int(judged.min())], panel.weeks[int(judged.max())]
    return fit_calibration(
        outcome, len(panel.codes.categories), str(first), str(last), factors=factors
    )
