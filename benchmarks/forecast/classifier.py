"""A floor that anyone who knows LightGBM has in an hour: a plain classifier of "sold that week".

Its columns are the units of the last 13 weeks, their sums over 4, 13, 26 and 52 weeks, and the
codes of region and item as categories: no level to start from, no pools, no calendar, no prices,
no calibration. It learns the horizon it is judged at, from the last 104 weeks, and shares no code
with the room. Settings were fixed before it was scored anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Floats, Ints

__all__ = ["CLASSIFIER", "Series", "classifier_chances"]

CLASSIFIER = "lightgbm_classifier"
"""its name in results"""
LAGS = 13
SUMS = (4, 13, 26, 52)
"""weeks summed"""
HISTORY_WEEKS = 104
"""latest weeks whose outcome is learned"""
REFIT_WEEKS = 4
MOST_ROWS = 600_000
"""training rows; more are thinned by a seeded draw, as the room does"""
ROUNDS = 200
SETTINGS: dict[str, Any] = {
    "objective": "binary", "num_leaves": 31, "learning_rate": 0.05, "min_data_in_leaf": 100,
    "deterministic": True, "force_col_wise": True, "num_threads": 1, "seed": 1, "verbosity": -1,
}  # fmt: skip


@dataclass(frozen=True)
class Series:
    """What the classifier reads: every cell that ever sold, not only those judged."""

    units: Floats
    """units a week, NaN where nothing could be sold or is known, shape (C, W)"""
    region: Ints
    """code of each cell's region, shape (C,)"""
    item: Ints
    """code of each cell's item, shape (C,)"""


def classifier_chances(
    series: Series, origins: Sequence[int], horizon: int, refit_weeks: int = REFIT_WEEKS
) -> Floats:
    """Return P(at least one unit in week origin + horizon), shape (origins, C).

    Parameters
    ----------
    series
        Histories; nothing after an origin is read for its answer.
    origins
        Positions of the last known weeks, rising.
    horizon
        Weeks from an origin to the week judged, at least 1.
    refit_weeks
        A model is learned at the first origin and at every so many origins after it.
    """
    said = np.empty((len(origins), len(series.units)))
    booster: lightgbm.Booster | None = None
    for number, origin in enumerate(origins):
        if number % refit_weeks == 0:
            booster = _learn(series, origin, horizon)
        assert booster is not None
        cells = np.arange(len(series.units))
        said[number] = booster.predict(
            _columns(series, cells, np.full(len(cells), origin)), num_threads=1
        )
    return said


def _learn(series: Series, origin: int, horizon: int) -> lightgbm.Booster:
    """Learn from weeks up to `origin`, each cell from its first sale on."""
    cell, start = _training_rows(series, origin, horizon)
    happened = series.units[cell, start + horizon] > 0
    data = lightgbm.Dataset(
        _columns(series, cell, start), happened.astype(np.float64), categorical_feature=[0, 1]
    )
    settings = SETTINGS | {"bin_construct_sample_cnt": max(len(cell), 200_000)}
    return lightgbm.train(settings, data, ROUNDS)


def _training_rows(series: Series, origin: int, horizon: int) -> tuple[Ints, Ints]:
    """Return cells and last known weeks whose outcome is known by `origin`."""
    last = np.arange(max(0, origin + 1 - HISTORY_WEEKS - horizon), origin + 1 - horizon)
    sold = np.nan_to_num(series.units[:, : origin + 1]) > 0
    first = np.where(sold.any(axis=1), sold.argmax(axis=1), origin + 1)
    known = ~np.isnan(series.units[:, last + horizon])
    cell, place = np.nonzero(known & (first[:, None] <= last))
    if len(cell) > MOST_ROWS:
        drawn = np.sort(np.random.default_rng(1).choice(len(cell), MOST_ROWS, replace=False))
        cell, place = cell[drawn], place[drawn]
    return cell, last[place]


def _columns(series: Series, cell: Ints, last: Ints) -> npt.NDArray[np.float32]:
    """Return region, item, lags and sums as of week `last` of each row, shape (N, 2 + 13 + 4)."""
    total = np.nan_to_num(series.units).cumsum(axis=1)
    total = np.concatenate([np.zeros((len(total), 1)), total], axis=1)
    found = np.full((len(cell), 2 + LAGS + len(SUMS)), np.nan, dtype=np.float32)
    found[:, 0], found[:, 1] = series.region[cell], series.item[cell]
    for lag in range(LAGS):
        there = last >= lag
        found[there, 2 + lag] = series.units[cell[there], last[there] - lag]
    for place, weeks in enumerate(SUMS):
        before = np.maximum(last + 1 - weeks, 0)
        found[:, 2 + LAGS + place] = total[cell, last + 1] - total[cell, before]
    return found
