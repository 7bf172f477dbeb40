"""Compare heads: which one turns the same features into the best count distribution.

`python -m benchmarks.forecast.heads [complete-journey online_retail] [--weeks-back 8]` fits each
head once on the weeks before the judged eight, calibrates it on the last weeks before them, and
writes a row a head and volume class to results_heads.csv. Settings are chosen here, so the weeks
are those before the ones that `python -m benchmarks.forecast` judges.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from benchmarks.forecast.sets import SETS, WEEKS, Set, load
from benchmarks.results import append, today, versions
from foreship_forecast.counts.calibration import Calibration, Outcome, fit_calibration
from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.scores import (
    Answer,
    answer_of_law,
    bias,
    coverage,
    expected_calibration_error,
    log_loss,
    log_score,
    pit,
    pit_deviation,
    ranked_probability_score,
)
from foreship_forecast.counts.width import Spread
from foreship_forecast.evaluation.scorecard import VOLUMES, volume_of
from foreship_forecast.features.matrix import Features, Table
from foreship_forecast.features.rows import Rows, labels, training_rows
from foreship_forecast.features.spread import own_spread
from foreship_forecast.heads.floors import FLOOR_RATES, last_year_answer, trailing_mean
from foreship_forecast.history.panel import panel_of
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.params import ForecastParams
from foreship_foundation.arrays import Bools, Floats, Ints

RESULTS = Path(__file__).parent / "results_heads.csv"
CALIBRATION_WEEKS = 13
PARAMS = ForecastParams()
LEVELS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
"""the thirteen quantile models"""
SURE = 1.0 - 1e-12


@dataclass(frozen=True)
class Part:
    """Rows with their features and what was ordered in their target weeks."""

    rows: Rows
    table: Table
    units: Floats
    censored: Bools
    category: Ints
    """positions of the items' categories"""
    spread: Spread

    @classmethod
    def of(cls, features: Features, rows: Rows) -> Part:
        """Compute the features of some rows."""
        panel = features.panel
        units, whole = labels(panel, rows)
        category, spread = panel.codes.category[rows.cell], own_spread(panel, rows)
        return cls(rows, features.table(rows), units, ~whole, category, spread)

    def outcome(self, chance: Floats, extra: Floats, units: Floats) -> Outcome:
        """Return what a head said of the rows beside the units that came."""
        week = self.rows.target
        return Outcome(chance, extra, self.category, week, units, self.censored, self.spread)


def main() -> None:
    """Compare the heads on each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", help=f"of {', '.join(SETS)}; all unless named")
    parser.add_argument("--weeks-back", type=int, default=8)
    parser.add_argument("--without-quantiles", action="store_true")
    options = parser.parse_args()
    for name in options.sets or SETS:
        found = load(name)
        end = found.end - pd.Timedelta(weeks=options.weeks_back)
        rows = list(_compared(found, end, options.without_quantiles))
        append(RESULTS, rows)
        said = pd.DataFrame(rows).drop(columns=list(versions(("lightgbm",))))
        print(said.to_string(index=False, float_format=lambda value: f"{value:.4f}"))


def _compared(found: Set, end: pd.Timestamp, quick: bool) -> Iterator[dict[str, Any]]:
    panel = panel_of(Snapshot(found.tables, end), PARAMS.history_weeks)
    features = Features.of(Snapshot(found.tables, end), panel, 1)
    last = panel.shape[1] - WEEKS
    learn, hold, judge = (Part.of(features, rows) for rows in _blocks(found, end, features, last))
    heads: dict[str, Callable[[], Answer]] = {
        "two boosters (foreship)": lambda: _hurdle(learn, hold, judge),
        "one Poisson booster": lambda: _poisson(learn, hold, judge),
        "trailing rate": lambda: FLOOR_RATES["trailing_rate"].answer(
            features, judge.rows, judge.units
        ),
        "last year": lambda: last_year_answer(features, judge.rows, judge.units),
    }
    if not quick:
        heads["13 quantile boosters"] = lambda: _quantiles(learn, judge)
    volume = volume_of(trailing_mean(features, judge.rows))
    for name, head in heads.items():
        started = time.process_time()
        answer = head()
        cpu = round(time.process_time() - started, 1)
        for label, chosen in _classes(volume):
            yield {
                "date": today(),
                "set": found.name,
                "first_week": str(panel.weeks[last]),
                "volume": label,
                "head": name,
                "rows": int(chosen.sum()),
                **_figures(answer.part(chosen), judge.units[chosen]),
                "cpu_seconds": cpu,
                **versions(("lightgbm",)),
            }


def _blocks(
    found: Set, end: pd.Timestamp, features: Features, last: int
) -> tuple[Rows, Rows, Rows]:
    """Return rows to learn from, to calibrate on and to judge, each later than the one before."""
    panel = features.panel
    held = last - CALIBRATION_WEEKS
    learn = training_rows(panel, range(1, 2), held, PARAMS.max_rows, PARAMS.seed)
    every = training_rows(panel, range(1, 2), last, 10 * PARAMS.max_rows, PARAMS.seed)
    hold = every.part(every.target >= held)
    cells = pd.MultiIndex.from_arrays(panel.codes.names()).get_indexer(
        pd.MultiIndex.from_arrays(found.cells(end))
    )
    cells = np.sort(cells)
    origins = np.arange(last - 1, last - 1 + WEEKS)
    judge = Rows(
        cells.repeat(WEEKS), np.tile(origins, len(cells)), np.ones(len(cells) * WEEKS, np.int64)
    )
    return learn, hold, judge.part(labels(panel, judge)[1])


def _hurdle(learn: Part, hold: Part, judge: Part) -> Answer:
    """Return the chance of a sale by one booster, the size of a sale by another."""
    sold = learn.units > 0
    levels = learn.table.levels
    chance = _boost("binary", learn.table.matrix, sold, logit(levels.chance))
    size = _boost(
        "poisson", learn.table.matrix[sold], learn.units[sold] - 1, np.log(levels.extra[sold])
    )

    def raw(part: Part) -> tuple[Floats, Floats]:
        here = part.table.levels
        return (
            expit(_score(chance, part) + logit(here.chance)),
            here.extra * np.exp(_score(size, part)),
        )

    fitted = _calibrated(hold.outcome(*raw(hold), hold.units), judge)
    return answer_of_law(fitted.of(judge.outcome(*raw(judge), judge.units)), judge.units)


def _poisson(learn: Part, hold: Part, judge: Part) -> Answer:
    """Return one Poisson mean with widths, factors and the maps.

    Its law of D is that of a cell that always sells, one unit more: the same code fits it.
    """
    mean = _boost("poisson", learn.table.matrix, learn.units, np.log(learn.table.levels.units))

    def outcome(part: Part) -> Outcome:
        size = part.table.levels.units * np.exp(_score(mean, part))
        always = np.full(len(size), SURE)
        return part.outcome(always, size, part.units + 1)

    fitted = _calibrated(outcome(hold), judge)
    law = fitted.of(outcome(judge))
    law = CountLaw(np.full(len(law), SURE), law.extra, law.dispersion, law.knots)
    below, upto = law.interval(judge.units + 1)
    score = ranked_probability_score(law, judge.units + 1)
    return Answer(law.survival(2)[:, 1], law.mean() - 1.0, below, upto, score)


def _quantiles(learn: Part, judge: Part) -> Answer:
    """Return 13 quantiles of log(1 + D), sorted, as steps at whole units; uncalibrated."""
    start, label = np.log1p(learn.table.levels.units), np.log1p(learn.units)
    found = []
    for level in LEVELS:
        booster = _boost("quantile", learn.table.matrix, label - start, None, alpha=level)
        found.append(np.log1p(judge.table.levels.units) + _score(booster, judge))
    units = np.expm1(np.maximum(np.sort(np.stack(found), axis=0), 0.0))
    largest = int(min(max(units.max(), judge.units.max()) + 2, 5000))
    grid, reach = np.array([0.0, *LEVELS, 1.0]), 2.0
    mean, score = np.zeros(len(judge.units)), np.zeros(len(judge.units))
    below, upto, chance = (np.zeros(len(judge.units)) for _ in range(3))
    places = np.vstack([np.full(len(judge.units), -0.5), units - 0.5 * (units < 0.5)])
    top = units[-1] * reach + 1.0
    places = np.maximum.accumulate(np.vstack([places, top]), axis=0)
    for row in range(len(judge.units)):
        width = int(min(top[row], largest)) + 2
        # a whole unit k holds what lies below k + 1/2
        cdf = np.interp(np.arange(width) + 0.5, places[:, row], grid)
        k, y = np.arange(1, width + 1), judge.units[row]
        p = 1.0 - cdf
        mean[row], chance[row] = p.sum(), p[0]
        score[row] = ((p - (y >= k)) ** 2).sum() + max(y - width, 0)
        upto[row] = cdf[int(y)] if y < width else 1.0
        below[row] = 0.0 if y == 0 else (cdf[int(y) - 1] if y - 1 < width else 1.0)
    return Answer(chance, mean, below, upto, score)


def _boost(
    objective: str,
    matrix: npt.NDArray[np.float32],
    label: npt.NDArray[Any],
    start: Floats | None,
    **more: float,
) -> lightgbm.Booster:
    settings = {
        "objective": objective,
        "num_leaves": PARAMS.leaves,
        "learning_rate": PARAMS.learning_rate,
        "min_data_in_leaf": PARAMS.min_leaf_rows,
        "feature_fraction": PARAMS.feature_fraction,
        "lambda_l2": PARAMS.l2 if objective != "quantile" else 0.0,
        "max_bin": PARAMS.max_bin,
        "boost_from_average": objective == "quantile",
        "deterministic": True,
        "force_col_wise": True,
        "seed": PARAMS.seed,
        "num_threads": 1,
        "verbosity": -1,
        **more,
    }
    data = lightgbm.Dataset(matrix, label.astype(np.float64), init_score=start)
    return lightgbm.train(settings, data, PARAMS.rounds)


def _score(booster: lightgbm.Booster, part: Part) -> Floats:
    return np.asarray(booster.predict(part.table.matrix, raw_score=True), dtype=np.float64)


def _calibrated(outcome: Outcome, judge: Part) -> Calibration:
    categories = int(max(outcome.category.max(), judge.category.max())) + 1
    return fit_calibration(outcome, categories, "", "")


def _classes(volume: npt.NDArray[np.object_]) -> Iterator[tuple[str, npt.NDArray[np.bool_]]]:
    yield "all", np.ones(len(volume), dtype=bool)
    for name in VOLUMES:
        yield name, volume == name


def _figures(answer: Answer, units: Floats) -> dict[str, float]:
    happened = units > 0
    transform = pit(answer.below, answer.upto, 1)
    return {
        "log_loss": round(float(log_loss(answer.chance, happened).mean()), 5),
        "rps": round(float(answer.rps.mean()), 5),
        "log_score": round(float(log_score(answer.below, answer.upto).mean()), 5),
        "ece": round(expected_calibration_error(answer.chance, happened), 5),
        "pit_deviation": round(pit_deviation(transform), 5),
        "coverage_80": round(coverage(transform, 0.8), 5),
        "bias": round(bias(answer.mean, units), 5),
    }


if __name__ == "__main__":
    main()
