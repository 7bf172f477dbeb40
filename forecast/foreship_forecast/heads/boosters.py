"""The learned head: boosters on the same features; the only module that imports LightGBM.

One learns the chance that anything is ordered next week, one that of later weeks, and two how many
units beyond the first, in units and on the log scale. Each starts from the cell's own level and
learns departures from it, in as many rounds as held-out weeks ask for (docs/forecast.md,
section 4).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from foreship_forecast.counts.law import mean_from
from foreship_forecast.features.matrix import Features, Table
from foreship_forecast.features.rows import Rows, labels, training_rows
from foreship_forecast.heads.forest import predicting_part, trees_of
from foreship_forecast.levels.cell_levels import LOWEST_EXTRA
from foreship_forecast.params import ForecastParams
from foreship_foundation.arrays import Bools, Floats, Singles
from foreship_foundation.telling.progress import is_heard, report

__all__ = ["LIGHTGBM", "Boosters", "Labelled", "Lessons", "learn"]

LIGHTGBM: str = lightgbm.__version__
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
SIZE_ROWS = 0.4
"""share of `max_rows` that sizes are learned from, at most"""
BIN_ROWS = 20_000
"""rows that histogram bins are read from; of more a seeded draw from their canonical order"""
JUDGING_ROWS = 20_000
"""held-out rows that say how many rounds are enough; of more every k-th"""
PATIENCE = 8
"""rounds without a better score on held-out rows after which no more are tried"""


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
        matrix, near = _columns(table, self.names), rows.horizon == 1
        if not self.later:
            near[:] = True
        score = np.empty(len(rows))
        for text, here in ((self.chance, near), (self.later, ~near)):
            if here.any():
                score[here] = self._departure(text, matrix[here])
        chance: Floats = expit(score + logit(table.levels.chance))
        return chance

    def sizes(self, table: Table) -> Floats:
        """Return the mean units beyond the first by the Poisson and by the log, shape (2, N)."""
        matrix, extra = _columns(table, self.names), table.levels.extra
        if not self.units:
            return np.stack([extra, extra])
        poisson = extra * np.exp(self._departure(self.units, matrix))
        scaled = (1.0 + extra) * np.exp(self._departure(self.scale, matrix)) - 1.0
        return np.maximum(np.stack([poisson, scaled]), LOWEST_EXTRA)

    def _departure(self, text: str, matrix: Singles) -> Floats:
        # predict() leaves out the starting level: raw scores are asked for and we add it
        booster = lightgbm.Booster(model_str=text)
        score = booster.predict(matrix, raw_score=True, num_threads=self.threads)
        return np.clip(np.asarray(score, dtype=np.float64), -LARGEST_SCORE, LARGEST_SCORE)


@dataclass(frozen=True)
class Labelled:
    """Rows with their features and labels."""

    rows: Rows
    table: Table
    units: Floats
    whole: Bools


@dataclass(frozen=True)
class Lessons:
    """What boosters learn from, and what they are judged by."""

    near: Labelled | None
    """rows of the next week; None where they are too few or never sold"""
    far: Labelled | None
    """rows of later weeks, likewise"""
    unseen: Labelled | None
    """rows of weeks after all of those; None where none were given"""
    usual: tuple[float, float, float]
    """how far from usual all but a few rows of the next week are, in logs"""

    @classmethod
    def of(
        cls,
        features: Features,
        params: ForecastParams,
        last: int,
        unseen: Rows | None = None,
    ) -> Lessons:
        """Choose rows with targets before week `last`, and sweep their features at once.

        Parameters
        ----------
        features
            What rows may read.
        params
            Settings of the boosters.
        last
            Position of the first week not to learn from.
        unseen
            Rows of weeks from `last` on.
        """
        weeks, later = params.horizon_weeks, params.horizon_weeks > 1
        near_rows = int((NEXT_WEEK_ROWS if later else 1.0) * params.max_rows)
        far_rows = params.max_rows - near_rows
        asked = [
            _enough_rows(features, params, range(1, 2), last, near_rows),
            _enough_rows(features, params, range(2, weeks + 1), last, far_rows) if later else None,
            unseen,
        ]
        there = [rows for rows in asked if rows is not None and len(rows)]
        tables = iter(features.tables(there) if there else [])
        near, far, held = (
            Labelled(rows, next(tables), *labels(features.panel, rows))
            if rows is not None and len(rows)
            else None
            for rows in asked
        )
        return cls(near, far, held, _usual(features, near))


def _enough_rows(
    features: Features, params: ForecastParams, horizons: range, last: int, most: int
) -> Rows | None:
    """Return rows of some horizons, None where they are too few or never sold."""
    rows = training_rows(features.panel, horizons, last, most, params.seed)
    if len(rows) < FEWEST_ROWS or not (labels(features.panel, rows)[0] > 0).any():
        return None
    return rows


def _usual(features: Features, near: Labelled | None) -> tuple[float, float, float]:
    """Return what eq. 66 holds for usual."""
    if near is None:
        return LEAST_USUAL, LEAST_USUAL, LEAST_USUAL
    first, second, third = (
        max(float(np.quantile(each, share)), LEAST_USUAL)
        for each, share in zip(features.strangeness(near.rows), USUAL, strict=True)
    )
    return first, second, third


def learn(
    lessons: Lessons, params: ForecastParams, like: Boosters | None = None
) -> Boosters | None:
    """Fit the boosters.

    Parameters
    ----------
    lessons
        Rows to learn from; unseen ones say after how many rounds boosters of chances are best.
    params
        Settings of the boosters.
    like
        Boosters whose numbers of rounds are taken; without it and unseen rows, all are learned.

    Returns
    -------
    Boosters or None
        None where there is too little to learn from; no sizes where sales are too few for them.
    """
    near, far, unseen = lessons.near, lessons.far, lessons.unseen
    if near is None:
        return None
    names = near.table.names
    held = None if unseen is None else _chances(unseen, unseen.rows.horizon == 1)
    chance = _chance(near, names, _asked(params, like.chance if like else None), held)
    later = ""
    if far is not None:
        held = None if unseen is None else _chances(unseen, unseen.rows.horizon > 1)
        later = _chance(far, names, _asked(params, like.later if like else None), held)
    parts = [each for each in (near, far) if each is not None]
    units, scale = _sizes(parts, params, max(int(SIZE_ROWS * sum(len(p.rows) for p in parts)), 1))
    return Boosters(chance, later, units, scale, names, lessons.usual, params.threads)


def _chance(
    learned: Labelled, names: tuple[str, ...], params: ForecastParams, held: _Lesson | None
) -> str:
    """Learn the chance of a sale."""
    lesson = _chances(learned)
    return _boost("binary", lesson, _dataset(lesson, names), params, held)


def _asked(params: ForecastParams, like: str | None) -> ForecastParams:
    """Return the settings with the rounds of a booster that was judged."""
    return replace(params, rounds=trees_of(like)) if like else params


@dataclass(frozen=True)
class _Lesson:
    """What one booster learns from, or is judged by."""

    matrix: Singles
    label: Floats
    start: Floats

    def thinned(self, most: int) -> _Lesson:
        """Return every k-th row, at most `most` of them."""
        few = np.arange(0, len(self.label), max(-(-len(self.label) // most), 1))
        return _Lesson(self.matrix[few], self.label[few], self.start[few])


def _chances(found: Labelled, chosen: Bools | slice = slice(None)) -> _Lesson:
    """Return what teaches the chance of a sale: a censored week sold, its chance is known."""
    sold = (found.units[chosen] > 0).astype(np.float64)
    return _Lesson(found.table.matrix[chosen], sold, logit(found.table.levels.chance[chosen]))


def _sizes(parts: list[Labelled], params: ForecastParams, most: int) -> tuple[str, str]:
    """Learn the size of a sale twice: Poisson follows the largest sales, the log what is usual.

    Both in all rounds: what a few huge sales of the held-out weeks say of rounds is an accident.
    """
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


def _boost(
    objective: str,
    lesson: _Lesson,
    data: lightgbm.Dataset,
    params: ForecastParams,
    held: _Lesson | None = None,
) -> str:
    """Fit one booster on departures from the start of a lesson and return its text.

    With enough held-out rows it is as long as they ask for: no further round is tried once
    `PATIENCE` of them scored no better than the best.
    """
    booster = lightgbm.Booster(_settings(objective, len(lesson.label), params), data)
    judged = held is not None and len(held.label) >= FEWEST_ROWS
    if held is not None and judged:
        booster.add_valid(_dataset(held.thinned(JUDGING_ROWS), (), data), "held out")
    lowest, enough = np.inf, params.rounds
    best = done = 0
    while done < enough or (judged and done < min(best + PATIENCE, params.rounds)):
        if booster.update():
            break  # no tree splits any more
        done += 1
        if judged and (score := booster.eval_valid()[0][2]) < lowest:
            lowest, best = score, done
            enough = _enough(best, params.rounds)
        if is_heard():
            report(STAGES[objective], done, params.rounds)
    # read again, as `lightgbm.train` does: in training a tree of one leaf is written otherwise
    text = booster.model_to_string(num_iteration=enough)
    return predicting_part(lightgbm.Booster(model_str=text).model_to_string())


def _enough(best: int, asked: int) -> int:
    """Return eq. 72, the rounds between those that scored best and all, halfway in logs."""
    return round(math.sqrt(best * asked))


def _dataset(
    lesson: _Lesson, names: tuple[str, ...], like: lightgbm.Dataset | None = None
) -> lightgbm.Dataset:
    """Return rows as LightGBM takes them, with the bins of others where those are given."""
    _refuse_nonsense(lesson.matrix, lesson.label, lesson.start)
    return lightgbm.Dataset(
        lesson.matrix,
        lesson.label,
        reference=like,
        init_score=lesson.start,
        feature_name=_plain_names(names) if like is None else "auto",
    )


def _relabelled(data: lightgbm.Dataset, lesson: _Lesson) -> lightgbm.Dataset:
    """Give rows that lie in bins already the labels and starts of another lesson about them."""
    _refuse_nonsense(lesson.matrix, lesson.label, lesson.start)
    data.set_label(lesson.label)
    data.set_init_score(lesson.start)
    return data


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
        # a sample of rows hangs on their order: they stand in that of cells and weeks, not of lines
        "bin_construct_sample_cnt": BIN_ROWS,
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
    """Return the columns of `names`; one the snapshot lacks is missing, never zero."""
    if table.names == names:
        return table.matrix
    place = {name: position for position, name in enumerate(table.names)}
    found = np.full((len(table.matrix), len(names)), np.nan, dtype=np.float32)
    for position, name in enumerate(names):
        if name in place:
            found[:, position] = table.matrix[:, place[name]]
    return found
