"""The learned head: two boosters on the same features; the only module that imports LightGBM.

The first learns the chance that anything is ordered, the second how many units beyond the first,
in units or on the log scale; each starts from the cell's own trailing level and learns departures
(docs/forecast.md, section 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import lightgbm
import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from foreship_forecast.counts.law import mean_from
from foreship_forecast.features.matrix import Features, Levels, Table
from foreship_forecast.features.rows import Rows, labels, training_rows
from foreship_forecast.heads.forest import learned_by, predicting_part
from foreship_forecast.levels.cell_levels import LOWEST_EXTRA
from foreship_forecast.params import ForecastParams
from foreship_foundation.arrays import Bools, Floats, Singles

__all__ = ["LIGHTGBM", "LOG_SCALE", "SIZES", "UNITS", "Boosters", "Head", "learn", "raw_of_each"]

LIGHTGBM: str = lightgbm.__version__
UNITS, LOG_SCALE = SIZES = "poisson", "regression"
"""objectives of the size: of the units beyond the first, or squares of the log of all units"""
GEOMETRIC = 1.0
"""dispersion of the law that a size starts from"""
FEWEST_ROWS = 60
"""observed rows below which a booster is not asked"""
LARGEST_SCORE = 12.0
"""log of the largest departure from a level, either way"""


class Head(Protocol):
    """Anything that turns rows into raw answers."""

    def raw(self, features: Features, rows: Rows, levels: Levels) -> tuple[Floats, Floats]:
        """Return the chance of a sale and the mean units beyond the first, shape (N,) each."""
        ...


@dataclass(frozen=True)
class Boosters:
    """The learned head: `chance` and `size` as LightGBM texts, with the columns they read."""

    chance: str
    size: str
    """'' where too few sales were seen to learn their size"""
    names: tuple[str, ...]
    threads: int = 1
    """threads that predict; never change the answer"""

    @property
    def objective(self) -> str:
        """Objective that the size booster was learned with, one of `SIZES`."""
        return learned_by(self.size) or UNITS

    def raw(self, features: Features, rows: Rows, levels: Levels) -> tuple[Floats, Floats]:
        """Return raw answers; a column the snapshot lacks is missing, never zero."""
        return raw_of_each((self,), features, rows, levels)[0]

    def chance_of(self, matrix: Singles, levels: Levels) -> Floats:
        """Return the chance of a sale from the columns of `names`."""
        chance: Floats = expit(self._departure(self.chance, matrix) + logit(levels.chance))
        return chance

    def extra_of(self, matrix: Singles, levels: Levels) -> Floats:
        """Return the mean units beyond the first from the columns of `names`."""
        if not self.size:
            return levels.extra
        times = np.exp(self._departure(self.size, matrix))
        if self.objective == LOG_SCALE:
            return np.maximum((1.0 + levels.extra) * times - 1.0, LOWEST_EXTRA)
        return levels.extra * times

    def _departure(self, text: str, matrix: Singles) -> Floats:
        # predict() leaves out the starting level: raw scores are asked for and we add it
        booster = lightgbm.Booster(model_str=text)
        score = booster.predict(matrix, raw_score=True, num_threads=self.threads)
        return np.clip(np.asarray(score, dtype=np.float64), -LARGEST_SCORE, LARGEST_SCORE)


def raw_of_each(
    heads: Sequence[Boosters], features: Features, rows: Rows, levels: Levels
) -> list[tuple[Floats, Floats]]:
    """Return `raw` of heads that `learn` returned together, computing shared parts once."""
    matrix = _columns(features.table(rows), heads[0].names)
    chance = heads[0].chance_of(matrix, levels)
    return [(chance, each.extra_of(matrix, levels)) for each in heads]


def learn(
    features: Features, params: ForecastParams, last: int, sizes: Sequence[str]
) -> tuple[Boosters, ...]:
    """Fit both boosters on targets before week `last`.

    Parameters
    ----------
    features
        What rows may read.
    params
        Settings of the boosters.
    last
        Position of the first week not to learn from.
    sizes
        Objectives of the size, of `SIZES`: each gives a head, the chance of a sale in common.

    Returns
    -------
    tuple of Boosters
        One an objective; one where sales are too few to learn their size, none where all is.
    """
    panel = features.panel
    rows = training_rows(panel, params.horizon_weeks, last, params.max_rows, params.seed)
    if len(rows) < FEWEST_ROWS:
        return ()
    units, whole = labels(panel, rows)
    sold = units > 0
    if not sold.any():
        return ()
    table = features.table(rows)
    names, threads = table.names, params.threads
    # a censored week sold: its chance is known, its size is not
    chance = _boost("binary", table.matrix, sold, logit(table.levels.chance), names, params)
    if int(sold.sum()) < FEWEST_ROWS or not (units > 1).any():
        return (Boosters(chance, "", names, threads),)
    matrix, level = table.matrix[sold], table.levels.extra[sold]
    extra = _wanted(units[sold] - 1, whole[sold], level)
    texts = (_boost(each, matrix, *_scaled(each, extra, level), names, params) for each in sizes)
    return tuple(Boosters(chance, text, names, threads) for text in texts)


def _wanted(ordered: Floats, whole: Bools, level: Floats) -> Floats:
    """Return units beyond the first; where only a lower limit is known, their mean by eq. 28."""
    least = ordered[~whole]
    wanted = ordered.copy()
    wanted[~whole] = mean_from(least, level[~whole], np.full(len(least), GEOMETRIC))
    return wanted


def _scaled(objective: str, extra: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Return the labels of a size and the scores to start from, as the objective needs them."""
    if objective == LOG_SCALE:
        return np.log1p(extra), np.log1p(level)
    return extra, np.log(level)


def _boost(
    objective: str,
    matrix: Singles,
    label: npt.NDArray[Any],
    start: Floats,
    names: tuple[str, ...],
    params: ForecastParams,
) -> str:
    """Fit one booster on departures from `start` and return its text."""
    _refuse_nonsense(matrix, label, start)
    data = lightgbm.Dataset(
        matrix, label.astype(np.float64), init_score=start, feature_name=_plain_names(names)
    )
    booster = lightgbm.train(_settings(objective, len(label), params), data, params.rounds)
    return predicting_part(booster.model_to_string())


def _settings(objective: str, rows: int, params: ForecastParams) -> Mapping[str, Any]:
    """Return LightGBM's settings; those for determinism are not configurable."""
    return {
        "objective": objective,
        "num_leaves": params.leaves,
        "learning_rate": params.learning_rate,
        "min_data_in_leaf": max(min(params.min_leaf_rows, rows // 40), 1),
        "feature_fraction": params.feature_fraction,
        "lambda_l2": params.l2,
        "max_bin": params.max_bin,
        "boost_from_average": False,
        "deterministic": True,
        "force_col_wise": True,
        "seed": params.seed,
        "num_threads": params.threads,
        # bins come from all rows: from a sample they would depend on the order of rows
        "bin_construct_sample_cnt": max(rows, 200_000),
        "verbosity": -1,
    }


def _refuse_nonsense(matrix: Singles, label: npt.NDArray[Any], start: Floats) -> None:
    # LightGBM takes NaN and infinite labels without a word
    for name, values in (("labels", label), ("levels", start)):
        if not np.isfinite(np.asarray(values, dtype=np.float64)).all():
            raise ValueError(f"{name} must be finite numbers")
    if np.isinf(matrix).any():
        raise ValueError("features must not be infinite")


def _plain_names(names: tuple[str, ...]) -> list[str]:
    # LightGBM refuses JSON's own characters in names, which an event of the calendar may carry
    return [f"f{position}" for position in range(len(names))]


def _columns(table: Table, names: tuple[str, ...]) -> Singles:
    if table.names == names:
        return table.matrix
    place = {name: position for position, name in enumerate(table.names)}
    found = np.full((len(table.matrix), len(names)), np.nan, dtype=np.float32)
    for position, name in enumerate(names):
        if name in place:
            found[:, position] = table.matrix[:, place[name]]
    return found
