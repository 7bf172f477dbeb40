"""The learned head: two boosters on the same features; the only file that imports LightGBM.

The first learns the chance that anything is ordered, the second how many units beyond the first;
each starts from the cell's own trailing level and learns departures (docs/forecast.md, section 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import lightgbm
import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from forecast.arrays import Floats, Singles
from forecast.features import Features, Levels, Table
from forecast.forest import predicting_part
from forecast.params import ForecastParams
from forecast.rows import Rows, labels, training_rows

__all__ = ["LIGHTGBM", "Boosters", "Head", "learn"]

LIGHTGBM: str = lightgbm.__version__
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

    def raw(self, features: Features, rows: Rows, levels: Levels) -> tuple[Floats, Floats]:
        """Return raw answers; a column the snapshot lacks is missing, never zero."""
        table = features.table(rows)
        matrix = _columns(table, self.names)
        chance = expit(self._departure(self.chance, matrix) + logit(levels.chance))
        extra = levels.extra
        if self.size:
            extra = extra * np.exp(self._departure(self.size, matrix))
        return chance, extra

    def _departure(self, text: str, matrix: Singles) -> Floats:
        # predict() leaves out the starting level: raw scores are asked for and we add it
        booster = lightgbm.Booster(model_str=text)
        score = booster.predict(matrix, raw_score=True, num_threads=self.threads)
        return np.clip(np.asarray(score, dtype=np.float64), -LARGEST_SCORE, LARGEST_SCORE)


def learn(features: Features, params: ForecastParams, last: int) -> Boosters | None:
    """Fit both boosters on targets before week `last`; None where there is too little."""
    panel = features.panel
    rows = training_rows(panel, params.horizon_weeks, last, params.max_rows, params.seed)
    if len(rows) < FEWEST_ROWS:
        return None
    units, _ = labels(panel, rows)
    sold = units > 0
    if not sold.any():
        return None
    table = features.table(rows)
    chance = _boost("binary", table.matrix, sold, logit(table.levels.chance), table.names, params)
    size = ""
    if int(sold.sum()) >= FEWEST_ROWS and (units > 1).any():
        start = np.log(table.levels.extra[sold])
        size = _boost("poisson", table.matrix[sold], units[sold] - 1, start, table.names, params)
    return Boosters(chance, size, table.names, params.threads)


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
    """Return LightGBM's settings; those about determinism are not choices."""
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
