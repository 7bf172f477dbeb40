"""Skill: by how much the model's losses lie below each floor's, with an interval over weeks.

Cells of one week share its surprises, neighbouring weeks are alike, and what was said on one day
about all weeks to come errs together. So losses are added up by target week and, once more, by
origin, and the wider of the two intervals counts (docs/forecast.md, section 8).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from foreship_forecast.counts.scores import Answer, log_loss
from foreship_forecast.evaluation.scorecard import KINDS, MODEL, classes
from foreship_foundation.arrays import Days, Floats, Ints
from foreship_foundation.intervals import ERROR, Interval, ratio_of_sums

__all__ = ["gains"]

WEEK = np.timedelta64(7, "D")


def gains(rows: pd.DataFrame, answers: Mapping[str, Answer]) -> pd.DataFrame:
    """Return the gain over each floor in log-loss of p_1 and in RPS, for every class of rows.

    Parameters
    ----------
    rows
        `region, volume, horizon, week, units`, N rows; `week` is the target, `horizon` weeks after
        the origin.
    answers
        What each method said of those rows, the model among them.

    Returns
    -------
    DataFrame
        `by, value, floor, metric, gain` (share by which the loss is lower), `low, high` (95 %
        interval of that gain alone), `wide_low, wide_high` (eq. 26: wide enough for all classes
        together); intervals are NaN where there is a single target week or a single origin, the
        gain where no loss is left.
    """
    happened = rows["units"].to_numpy() > 0
    losses = {
        "log_loss": {name: log_loss(each.chance, happened) for name, each in answers.items()},
        "rps": {name: each.rps for name, each in answers.items()},
    }
    target = rows["week"].to_numpy().astype("datetime64[D]")
    origin = np.asarray(target - rows["horizon"].to_numpy() * WEEK, dtype="datetime64[D]")
    lines = []
    for by, value, chosen in classes(rows):
        weeks = [_places(each[chosen]) for each in (target, origin)]
        error = _error_of(by, rows)
        for metric, loss in losses.items():
            mine = {name: each[chosen] for name, each in loss.items()}
            for floor, figures in _against_floors(mine, weeks, error):
                named = {"by": by, "value": value, "floor": floor, "metric": metric}
                lines.append(named | figures)
    return pd.DataFrame(lines)


def _places(weeks: Days) -> Ints:
    """Return the place of each row's week among those that occur, in the order of time."""
    return np.unique(weeks, return_inverse=True)[1].astype(np.int64)


def _error_of(by: str, rows: pd.DataFrame) -> float:
    """Split the error level evenly over kinds of classes, and within a kind over its classes."""
    return ERROR if by == "all" else ERROR / (len(KINDS) * rows[by].nunique())


def _against_floors(
    losses: Mapping[str, Floats], weeks: Sequence[Ints], error: float
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each floor with the gain over it, by itself and as one class of many."""
    for floor, theirs in losses.items():
        if floor == MODEL:
            continue
        alone = _gain(losses[MODEL], theirs, weeks, ERROR)
        wide = _gain(losses[MODEL], theirs, weeks, error)
        figures = {"gain": alone.value, "low": alone.low, "high": alone.high}
        yield floor, figures | {"wide_low": wide.low, "wide_high": wide.high}


def _gain(ours: Floats, theirs: Floats, weeks: Sequence[Ints], error: float) -> Interval:
    """Return eq. 25 with the widest of its intervals over weeks (eq. 26); NaN where one is."""
    left = [
        ratio_of_sums(_added_up(places, ours), _added_up(places, theirs), error) for places in weeks
    ]
    low = 1.0 - np.max([each.high for each in left])
    high = 1.0 - np.min([each.low for each in left])
    return Interval(1.0 - left[0].value, float(low), float(high))


def _added_up(places: Ints, losses: Floats) -> Floats:
    return np.bincount(places, losses).astype(np.float64)
