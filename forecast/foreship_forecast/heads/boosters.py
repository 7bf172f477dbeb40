"""The learned head: boosters on the same features; the only module that imports LightGBM.

One learns the chance that anything is ordered next week, one that of later weeks, and two how many
units beyond the first, in units and on the log scale. Each starts from the cell's own level and
learns departures from it (docs/forecast.md, section 4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from foreship_forecast.counts.law import mean_from
from foreship_forecast.features.matrix import Features, Table
from foreship_forecast.features.rows import Rows, labels, training_rows
from foreship_forecast.heads.forest import predicting_part
from foreship_forecast.heads.forest_scores import Forest
from foreship_forecast.levels.cell_levels import LOWEST_EXTRA
from foreship_forecast.params import ForecastParams
from foreship_foundation.arrays import Bools, Floats, Ints, Singles
from foreship_foundation.telling.progress import is_heard, report

__all__ = [
    "LIGHTGBM",
    "Booster",
    "Boosters",
    "Lessons",
    "columns_of",
    "learn",
    "named_booster",
    "names_shown",
]

LIGHTGBM: str = lightgbm.__version__
Booster = lightgbm.Booster
GEOMETRIC = 1.0
"""dispersion of the law that a size starts from"""
FEWEST_ROWS = 60
"""observed rows below which a booster is not asked"""
LARGEST_SCORE = 12.0
"""log of the largest departure from a level, either way"""
NEXT_WEEK_ROWS = 0.5
"""share of the training rows that learn the next week, where later weeks are learned too"""
USUAL = (0.995, 0.995, 0.97)
"""shares of the rows learned from that are no stranger than what boosters are trusted with; a week
of all items is one of a hundred, and comes back in a year at most"""
LEAST_USUAL = 0.1
"""in logs: no row is strange for less"""
STAGES = {
    "binary": "Learning what sells",
    "poisson": "Learning how many",
    "regression": "Learning how many as a rule",
}
"""objective -> what it is called while it is learned"""
DOUBT = 2.0
"""how fast trust fades beyond that, a time of it after the other"""
MANY_ROWS = 4096
"""rows from which a forest of our own takes less than LightGBM; its answer is the same"""
UNWRITABLE = re.compile(r"[^\w.+-]")
FEATURE_NAMES = re.compile(r"^feature_names=.*$", re.MULTILINE)
SIZE_ROWS = 0.4
"""share of `max_rows` that sizes are learned from, at most"""


@dataclass(frozen=True)
class Boosters:
    """The learned head as LightGBM texts, '' where none was learned, with the columns they read."""

    chance: str
    """of a sale in the next week"""
    later: str
    """of a sale in a later week; '' where no later week is asked for"""
    units: str
    """of the units beyond the first, by Poisson"""
    scale: str
    """of the log of all units, by least squares"""
    names: tuple[str, ...]
    usual: tuple[float, float, float]
    """how far from usual all but a few of the rows were that it learned from, in logs"""
    threads: int = 1
    """threads that predict; never change the answer"""

    def trust(self, features: Features, rows: Rows) -> Floats:
        """Return how much is believed of rows beyond what was learned from, 1 for all others.

        Trees say of what they have never seen what they learned of the nearest they have (eq. 66).
        """
        beyond = features.strangeness(rows) / np.array(self.usual)[:, None] - 1.0
        found: Floats = np.exp(-DOUBT * np.maximum(beyond, 0.0).sum(axis=0))
        return found

    def chances(self, table: Table, rows: Rows) -> Floats:
        """Return the chance of a sale, shape (N,)."""
        matrix, near = columns_of(table, self.names), rows.horizon == 1
        if not self.later:
            near[:] = True
        score = np.empty(len(rows))
        for text, here in ((self.chance, near), (self.later, ~near)):
            if here.any():
                score[here] = self._departure(text, matrix, np.flatnonzero(here))
        chance: Floats = expit(score + logit(table.levels.chance))
        return chance

    def sizes(self, table: Table) -> Floats:
        """Return the mean units beyond the first by the Poisson and by the log, shape (2, N)."""
        matrix, extra = columns_of(table, self.names), table.levels.extra
        if not self.units:
            return np.stack([extra, extra])
        rows = np.arange(len(matrix))
        poisson = extra * np.exp(self._departure(self.units, matrix, rows))
        scaled = (1.0 + extra) * np.exp(self._departure(self.scale, matrix, rows)) - 1.0
        return np.maximum(np.stack([poisson, scaled]), LOWEST_EXTRA)

    def _departure(self, text: str, matrix: Singles, rows: Ints) -> Floats:
        """Return what a booster adds to the starts of some rows, which it leaves out itself."""
        forest = Forest.of(text) if len(rows) >= MANY_ROWS else None
        if forest is None:
            booster = lightgbm.Booster(model_str=text)
            # raw scores, to which we add the start
            score = booster.predict(matrix[rows], raw_score=True, num_threads=self.threads)
        else:
            score = forest.scores(matrix, rows)
        return np.clip(np.asarray(score, dtype=np.float64), -LARGEST_SCORE, LARGEST_SCORE)


@dataclass(frozen=True)
class _Labelled:
    """Rows with their features and labels."""

    rows: Rows
    table: Table
    units: Floats
    whole: Bools

    def chance(self, params: ForecastParams) -> str:
        """Learn the chance of a sale: a censored week sold, its chance is known."""
        sold = (self.units > 0).astype(np.float64)
        lesson = _Lesson(self.table.matrix, sold, logit(self.table.levels.chance))
        return _boost("binary", lesson, _dataset(lesson, self.table.names), params)


@dataclass(frozen=True)
class Lessons:
    """What boosters learn from, with the features of rows that they are judged by."""

    near: _Labelled | None
    """rows of the next week; None where they are too few or never sold"""
    far: _Labelled | None
    """rows of later weeks, likewise"""
    judging: Table | None
    """features of the rows that judge, in their order; None where none were given"""
    usual: tuple[float, float, float]
    """how far from usual all but a few rows of the next week are, in logs"""
    most: int
    """sales that sizes are learned from, at most"""

    @classmethod
    def of(
        cls,
        features: Features,
        params: ForecastParams,
        last: int,
        share: float = 1.0,
        judges: Rows | None = None,
    ) -> Lessons:
        """Choose rows with targets before week `last`; all features are swept at once.

        Parameters
        ----------
        features
            What rows may read.
        params
            Settings of the boosters.
        last
            Position of the first week not to learn from.
        share
            Share of `max_rows` to learn from: a fit that is only judged may do with less.
        judges
            Rows that will judge what is learned.
        """
        most, weeks = int(share * params.max_rows), params.horizon_weeks
        next_week = NEXT_WEEK_ROWS if weeks > 1 else 1.0
        near = _enough_rows(features, params, range(1, 2), last, int(next_week * most))
        if near is None:
            return cls(None, None, None, (LEAST_USUAL,) * 3, 0)
        later = int((1.0 - next_week) * most)
        far = _enough_rows(features, params, range(2, weeks + 1), last, later)
        there = [rows for rows in (near, far, judges) if rows is not None]
        tables = iter(features.tables(there))
        learned = [
            _Labelled(rows, next(tables), *labels(features.panel, rows))
            for rows in (near, far)
            if rows is not None
        ]
        usual, sales = _usual(features, near), int(SIZE_ROWS * most)
        return cls(learned[0], learned[1] if far else None, next(tables, None), usual, sales)


def _enough_rows(
    features: Features, params: ForecastParams, horizons: range, last: int, most: int
) -> Rows | None:
    """Return rows of some horizons, None where they are too few or never sold."""
    if not horizons:
        return None
    rows = training_rows(features.panel, horizons, last, most, params.seed)
    if len(rows) < FEWEST_ROWS or not (labels(features.panel, rows)[0] > 0).any():
        return None
    return rows


def _usual(features: Features, rows: Rows) -> tuple[float, float, float]:
    """Return what eq. 66 holds for usual."""
    first, second, third = (
        max(float(np.quantile(each, share)), LEAST_USUAL)
        for each, share in zip(features.strangeness(rows), USUAL, strict=True)
    )
    return first, second, third


def learn(lessons: Lessons, params: ForecastParams) -> Boosters | None:
    """Fit the boosters.

    Parameters
    ----------
    lessons
        Rows to learn from.
    params
        Settings of the boosters.

    Returns
    -------
    Boosters or None
        None where there is too little to learn from; no sizes where sales are too few for them.
    """
    near, far = lessons.near, lessons.far
    if near is None:
        return None
    chance, later = near.chance(params), far.chance(params) if far else ""
    parts = [near, far] if far else [near]
    units, scale = _sizes(parts, params, lessons.most)
    return Boosters(chance, later, units, scale, near.table.names, lessons.usual, params.threads)


@dataclass(frozen=True)
class _Lesson:
    """What one booster learns from."""

    matrix: Singles
    label: Floats
    start: Floats


def _sizes(parts: list[_Labelled], params: ForecastParams, most: int) -> tuple[str, str]:
    """Learn the size of a sale twice: Poisson follows the largest sales, the log what is usual."""
    sold = [np.flatnonzero(each.units > 0) for each in parts]
    step = max(-(-sum(map(len, sold)) // max(most, 1)), 1)
    chosen = [each[::step] for each in sold]
    units = np.concatenate([p.units[at] for p, at in zip(parts, chosen, strict=True)])
    whole = np.concatenate([p.whole[at] for p, at in zip(parts, chosen, strict=True)])
    if len(units) < FEWEST_ROWS or not (units > 1).any():
        return "", ""
    matrix = np.concatenate([p.table.matrix[at] for p, at in zip(parts, chosen, strict=True)])
    level = np.concatenate([p.table.levels.extra[at] for p, at in zip(parts, chosen, strict=True)])
    # a censored week sold: its size is not known, only its least
    extra, names = _wanted(units - 1, whole, level), parts[0].table.names
    poisson = _Lesson(matrix, extra, np.log(level))
    scale = _Lesson(matrix, np.log1p(extra), np.log1p(level))
    data = _dataset(poisson, names)
    text = _boost("poisson", poisson, data, params)
    return text, _boost("regression", scale, _relabelled(data, scale), params)


def _wanted(ordered: Floats, whole: Bools, level: Floats) -> Floats:
    """Return units beyond the first; where only a lower limit is known, their mean by eq. 28."""
    least = ordered[~whole]
    wanted = ordered.copy()
    wanted[~whole] = mean_from(least, level[~whole], np.full(len(least), GEOMETRIC))
    return wanted


def _boost(objective: str, lesson: _Lesson, data: lightgbm.Dataset, params: ForecastParams) -> str:
    """Fit one booster on departures from the start of a lesson and return its text."""
    booster = lightgbm.train(
        _settings(objective, len(lesson.label), params),
        data,
        params.rounds,
        callbacks=[_telling(STAGES[objective])] if is_heard() else None,
    )
    return predicting_part(booster.model_to_string())


def _dataset(lesson: _Lesson, names: tuple[str, ...]) -> lightgbm.Dataset:
    """Return rows as LightGBM takes them."""
    _refuse_nonsense(lesson.matrix, lesson.label, lesson.start)
    return lightgbm.Dataset(
        lesson.matrix, lesson.label, init_score=lesson.start, feature_name=_plain_names(names)
    )


def _relabelled(data: lightgbm.Dataset, lesson: _Lesson) -> lightgbm.Dataset:
    """Give rows that lie in bins already the labels and starts of another lesson about them."""
    _refuse_nonsense(lesson.matrix, lesson.label, lesson.start)
    data.set_label(lesson.label)
    data.set_init_score(lesson.start)
    return data


def _telling(stage: str) -> Callable[[Any], None]:
    """Return what says after each round of boosting how many are done."""

    def tell(after: Any) -> None:
        report(stage, after.iteration + 1 - after.begin_iteration, after.end_iteration)

    return tell


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


def names_shown(names: tuple[str, ...]) -> list[str]:
    """Return names of features as LightGBM can write them, no two alike."""
    shown: dict[str, None] = {}
    for name in names:
        plain = UNWRITABLE.sub("_", name)
        while plain in shown:
            plain += "_"
        shown[plain] = None
    return list(shown)


def named_booster(text: str, names: tuple[str, ...]) -> lightgbm.Booster:
    """Return a learned booster whose features are called by their names.

    The text is that of one's own model, checked when it was read; it stays as it is.
    """
    line = "feature_names=" + " ".join(names_shown(names))
    return lightgbm.Booster(model_str=FEATURE_NAMES.sub(lambda _: line, text, count=1))


def columns_of(table: Table, names: tuple[str, ...]) -> Singles:
    """Return the columns of `names`; one the snapshot lacks is missing, never zero."""
    if table.names == names:
        return table.matrix
    place = {name: position for position, name in enumerate(table.names)}
    found = np.full((len(table.matrix), len(names)), np.nan, dtype=np.float32)
    for position, name in enumerate(names):
        if name in place:
            found[:, position] = table.matrix[:, place[name]]
    return found
