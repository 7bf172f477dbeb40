"""Skill: by how much the model's losses lie below each floor's, with an interval over weeks.

Whole weeks are resampled, since cells of one week share its surprises. The interval is
Student's, with the standard error that the resamples give: over a few weeks plain percentiles of
resamples are too narrow (docs/forecast.md, section 8).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from foreship_forecast.counts.scores import Answer, log_loss
from foreship_forecast.evaluation.scorecard import KINDS, MODEL, classes
from foreship_foundation.arrays import Floats, Ints

__all__ = ["gains"]

RESAMPLES = 2000
ERROR = 0.05
"""chance that any of the claims held against an interval is wrong"""


def gains(rows: pd.DataFrame, answers: Mapping[str, Answer], seed: int) -> pd.DataFrame:
    """Return the gain over each floor in log-loss of p_1 and in RPS, for every class of rows.

    Parameters
    ----------
    rows
        `region, volume, horizon, week, units`, N rows.
    answers
        What each method said of those rows, the model among them.
    seed
        Of the resampled weeks.

    Returns
    -------
    DataFrame
        `by, value, floor, metric, gain` (share by which the loss is lower), `low, high` (95 %
        interval of that gain alone), `wide_low, wide_high` (eq. 26: wide enough for all classes
        together); intervals are NaN where a single week judges, the gain where no loss is left.
    """
    happened = rows["units"].to_numpy() > 0
    losses = {
        "log_loss": {name: log_loss(each.chance, happened) for name, each in answers.items()},
        "rps": {name: each.rps for name, each in answers.items()},
    }
    _, week = np.unique(rows["week"].to_numpy(), return_inverse=True)
    lines = []
    for by, value, chosen in classes(rows):
        error = _error_of(by, rows)
        for metric, loss in losses.items():
            weekly = _weekly({name: each[chosen] for name, each in loss.items()}, week[chosen])
            for floor, figures in _against_floors(weekly, error, seed).items():
                named = {"by": by, "value": value, "floor": floor, "metric": metric}
                lines.append(named | figures)
    return pd.DataFrame(lines)


def _error_of(by: str, rows: pd.DataFrame) -> float:
    """Split the error level evenly over kinds of classes, and within a kind over its classes."""
    return ERROR if by == "all" else ERROR / (len(KINDS) * rows[by].nunique())


def _weekly(losses: Mapping[str, Floats], week: Ints) -> dict[str, Floats]:
    """Return the sum of each method's losses by target week."""
    _, place = np.unique(week, return_inverse=True)
    return {name: np.bincount(place, each).astype(np.float64) for name, each in losses.items()}


def _against_floors(
    weekly: Mapping[str, Floats], error: float, seed: int
) -> dict[str, dict[str, float]]:
    ours = weekly[MODEL]
    weeks = len(ours)
    drawn = np.random.default_rng(seed).multinomial(weeks, np.full(weeks, 1 / weeks), RESAMPLES)
    found = {}
    for floor, theirs in weekly.items():
        if floor == MODEL:
            continue
        gain = float(_gain(ours.sum(), theirs.sum()))
        spread = float(_gain(drawn @ ours, drawn @ theirs).std())
        low, high = _interval(gain, spread, weeks, ERROR)
        wide_low, wide_high = _interval(gain, spread, weeks, error)
        figures = {"gain": gain, "low": low, "high": high}
        found[floor] = figures | {"wide_low": wide_low, "wide_high": wide_high}
    return found


def _gain(ours: Floats | float, theirs: Floats | float) -> Floats:
    """Return eq. 25, NaN where the floor loses nothing."""
    ours, theirs = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    return 1.0 - np.divide(ours, theirs, out=np.full_like(ours, np.nan), where=theirs > 0)


def _interval(gain: float, spread: float, weeks: int, error: float) -> tuple[float, float]:
    """Return the interval of eq. 26; a single week gives none."""
    if weeks < 2:
        return float("nan"), float("nan")
    reach = -float(stdtrit(weeks - 1, error / 2)) * spread * float(np.sqrt(weeks / (weeks - 1)))
    return gain - reach, gain + reach
