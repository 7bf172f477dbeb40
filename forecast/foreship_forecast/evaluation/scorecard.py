"""The scorecard: every method in every class of rows, all on the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from foreship_forecast.counts.scores import (
    LEVELS,
    THRESHOLDS,
    FullAnswer,
    bias,
    brier,
    coverage,
    expected_calibration_error,
    log_loss,
    log_score,
    pinball,
    pit,
    pit_deviation,
)
from foreship_foundation.arrays import Floats, Ids, Ints
from foreship_foundation.telling.words import number

__all__ = ["KINDS", "METRICS", "MODEL", "VOLUMES", "classes", "scorecard", "volume_of"]

MODEL = "foreship"
COVERED = (0.5, 0.8, 0.95)
METRICS = (
    "log_loss",
    "brier",
    "rps",
    "log_score",
    *(f"pinball_{100 * level:.0f}" for level in LEVELS),
    *(f"ece_{k}" for k in THRESHOLDS),
    "pit_deviation",
    *(f"coverage_{100 * nominal:.0f}" for nominal in COVERED),
    "bias",
)
KINDS = ("horizon", "volume", "region")
"""columns that rows are sorted into classes by"""
EDGES = (0.25, 1.0, 4.0)
"""units a week in the last 13 weeks between the volume classes"""
VOLUMES = (
    *(
        f"{number(low)} to {number(high)} a week"
        for low, high in zip((0.0, *EDGES), EDGES, strict=False)
    ),
    f"{number(EDGES[-1])} or more a week",
)


def volume_of(mean: Floats) -> Ids:
    """Return the volume class of cells by their trailing units a week, shape (N,)."""
    names = np.array(VOLUMES, dtype=object)
    return np.asarray(names[np.searchsorted(EDGES, mean, side="right")], dtype=object)


def classes(rows: pd.DataFrame) -> Iterator[tuple[str, str, Ints]]:
    """Yield kind, name and row positions: all rows, then each horizon, volume and region."""
    yield "all", "", np.arange(len(rows))
    for by in KINDS:
        for value, chosen in sorted(rows.groupby(by).indices.items()):
            yield by, str(value), np.asarray(chosen, dtype=np.int64)


def scorecard(rows: pd.DataFrame, answers: Mapping[str, FullAnswer], seed: int) -> pd.DataFrame:
    """Return `by, value, method, rows` and `METRICS`, a row for each class and method.

    Parameters
    ----------
    rows
        `region, volume, horizon, units`, N rows.
    answers
        What each method said of those rows.
    seed
        Of the randomised probability integral transform.
    """
    units = rows["units"].to_numpy(dtype=np.float64)
    lines = [
        {"by": by, "value": value, "method": method, "rows": len(chosen)}
        | _scores(answer.part(chosen), units[chosen], seed)
        for by, value, chosen in classes(rows)
        for method, answer in answers.items()
    ]
    return pd.DataFrame(lines)


def _scores(answer: FullAnswer, units: Floats, seed: int) -> dict[str, float]:
    happened = units > 0
    transform = pit(answer.below, answer.upto, seed)
    values = (
        float(log_loss(answer.chance, happened).mean()),
        float(brier(answer.chance, happened).mean()),
        float(answer.rps.mean()),
        float(log_score(answer.below, answer.upto).mean()),
        *_pinballs(answer.quantiles, units),
        *_calibration_errors(answer.tail, units),
        pit_deviation(transform),
        *(coverage(transform, nominal) for nominal in COVERED),
        bias(answer.mean, units),
    )
    return dict(zip(METRICS, values, strict=True))


def _pinballs(quantiles: Floats, units: Floats) -> list[float]:
    pairs = zip(quantiles.T, LEVELS, strict=True)
    return [float(pinball(column, units, level).mean()) for column, level in pairs]


def _calibration_errors(tail: Floats, units: Floats) -> list[float]:
    pairs = zip(tail.T, THRESHOLDS, strict=True)
    return [expected_calibration_error(column, units >= k) for column, k in pairs]
