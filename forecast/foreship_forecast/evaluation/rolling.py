"""Forecast skill over rolling weeks, against floors: methods that anyone has without learning.

At each origin a model predicts from a snapshot of that Monday; the weeks that followed judge it.
What truly was ordered is read here and nowhere else in the room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from foreship_forecast.counts.distribution import DemandDistribution
from foreship_forecast.counts.scores import FullAnswer, answer_of_law
from foreship_forecast.errors import NotEnoughHistory
from foreship_forecast.evaluation.gains import gains
from foreship_forecast.evaluation.reliability import pit_histograms, reliability_curves
from foreship_forecast.evaluation.scorecard import METRICS, MODEL, scorecard, volume_of
from foreship_forecast.evaluation.trust import advice, beats, trusted
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.rows import prediction_rows
from foreship_forecast.heads.floors import (
    FLOOR_RATES,
    last_year_answer,
    recent_answer,
    static_answer,
    trailing_mean,
)
from foreship_forecast.history.cells import Codes, positions
from foreship_forecast.history.panel import Panel, panel_of
from foreship_forecast.history.snapshot import Snapshot, known_then
from foreship_forecast.learning.fitting import fit
from foreship_forecast.learning.model import PurchaseModel
from foreship_forecast.params import ForecastParams, PrivacyParams
from foreship_foundation.arrays import Bools, Ids
from foreship_foundation.telling.words import listed, plural

__all__ = ["FLOORS", "FLOOR_NAMES", "METRICS", "MODEL", "Evaluation", "Fit", "evaluate"]

FLOORS: dict[str, Callable[..., FullAnswer]] = {
    **{name: rate.answer for name, rate in FLOOR_RATES.items()},
    "last_year": last_year_answer,
    "static_nb": static_answer,
    "mean_13": recent_answer,
}
FLOOR_NAMES = {name: rate.name for name, rate in FLOOR_RATES.items()} | {
    "last_year": "last year's histogram",
    "static_nb": "static negative binomial",
    "mean_13": "13-week mean",
}
HALF = 0.5


@dataclass(frozen=True)
class Fit:
    """What one of the evaluated models was made of."""

    as_of: str
    boosters: float
    """mean weight of the boosters in the pool, 0 where nothing was learned"""
    calibrated_rows: int
    first_week: str
    last_week: str
    """weeks held out to calibrate and to weigh the heads"""
    kept: tuple[str, ...]
    """corrections that held on the later half of those weeks; others were not applied"""
    notes: tuple[str, ...]

    @property
    def learned(self) -> bool:
        """False where plain rates are believed more than the boosters."""
        return self.boosters >= HALF

    @classmethod
    def of(cls, model: PurchaseModel) -> Fit:
        """Describe a model."""
        made = model.calibration
        weeks = made.first_week, made.last_week
        learned = model.head.pool.learned()
        return cls(model.as_of, learned, made.rows, *weeks, tuple(made.kept), tuple(model.notes))


@dataclass(frozen=True)
class Evaluation:
    """How good the forecast was, against the floors."""

    frame: pd.DataFrame
    """`by, value, method, rows` and `METRICS`; `by` is all, horizon, volume or region"""
    gains: pd.DataFrame
    """over each floor, with intervals over weeks (`evaluation.gains.gains`)"""
    trust: pd.DataFrame
    """the grade of every class (`evaluation.trust.trusted`)"""
    reliability: pd.DataFrame
    """`foreship_forecast.evaluation.reliability.reliability_curves` of p_1, p_2 and p_5"""
    pit: pd.DataFrame
    """`foreship_forecast.evaluation.reliability.pit_histograms`"""
    fits: tuple[Fit, ...]
    as_of: str
    weeks: int
    """target weeks judged"""
    notes: tuple[str, ...]

    @property
    def floor(self) -> str:
        """The floor with the lowest log-loss of p_1."""
        return str(self._overall["log_loss_floor"])

    @property
    def gain(self) -> float:
        """Share by which the model's log-loss of p_1 lies below that floor's."""
        return float(self._overall["log_loss_gain"])

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of `gain` over target weeks and origins; NaN over a single week."""
        return float(self._overall["log_loss_low"]), float(self._overall["log_loss_high"])

    @property
    def skill(self) -> bool:
        """True where something was learned and the whole interval of the gain is above 0."""
        figures = pd.Series({"low": self.interval[0], "gain": self.gain})
        return any(each.learned for each in self.fits) and beats(figures)

    @property
    def _overall(self) -> pd.Series:
        return self.trust.loc[self.trust["by"] == "all"].iloc[0]

    @property
    def advice(self) -> str:
        """One line for the planner: where to trust the forecast, and where not."""
        return advice(self.trust)

    @property
    def verdict(self) -> str:
        """The figures behind `advice`: the model, the best floor, and floors not beaten."""
        overall = self.frame[self.frame["by"] == "all"].set_index("method")["log_loss"]
        word = "Skill" if self.skill else "No skill"
        side = "lower" if self.gain >= 0 else "higher"
        return (
            f"{word}: {self._fallback()}log-loss of P(at least one unit) {overall[MODEL]:.4f}"
            f" against {overall[self.floor]:.4f} of the best floor ({FLOOR_NAMES[self.floor]}),"
            f" {100 * abs(self.gain):.1f} % {side}{self._interval_in_words()}.{self._unbeaten()}"
        )

    def _fallback(self) -> str:
        """Say so where no model learned anything that held."""
        if any(each.learned for each in self.fits):
            return ""
        return "every model believes plain rates more than its boosters; "

    def _interval_in_words(self) -> str:
        if self.weeks < 2:
            return ", over a single week, which has no interval"
        low, high = (f"{100 * each:.1f}" for each in self.interval)
        return f" (95 % interval of the gain {low} to {high} % over {plural(self.weeks, 'week')})"

    def _unbeaten(self) -> str:
        """Name the floors that the model does not beat beyond chance."""
        mine = self.gains[(self.gains["by"] == "all") & (self.gains["metric"] == "log_loss")]
        names = [FLOOR_NAMES[each["floor"]] for _, each in mine.iterrows() if not beats(each)]
        return f" Not beaten: {listed(names)}." if names else ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, a record a row of each frame; NaN as None."""
        low, high = self.interval
        return {
            "advice": self.advice,
            "verdict": self.verdict,
            "skill": self.skill,
            "as_of": self.as_of,
            "weeks": self.weeks,
            "floor": self.floor,
            "gain": self.gain,
            "interval": [low, high] if self.weeks > 1 else None,
            "notes": list(self.notes),
            "trust": _records(self.trust),
            "metrics": _records(self.frame),
            "gains": _records(self.gains),
            "reliability": _records(self.reliability),
            "pit": _records(self.pit),
            "fits": [asdict(each) for each in self.fits],
        }

    def __str__(self) -> str:
        shown = ["method", "log_loss", "rps", "log_score", "pinball_90", "ece_1", "coverage_80"]
        methods = self.frame.loc[self.frame["by"] == "all", [*shown, "bias"]]
        columns = ["by", "value", "rows", "log_loss_gain", "log_loss_floor", "rps_gain", "grade"]
        parts = self.trust.loc[~self.trust["by"].isin(["all", "region"]), columns]
        tables = [
            each.to_string(index=False, float_format=lambda value: f"{value:.4f}")
            for each in (methods, parts)
        ]
        return "\n".join([self.advice, self.verdict, "", tables[0], "", tables[1], "", *self.notes])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in plain.to_dict("records")]


def evaluate(
    tables: Mapping[str, pd.DataFrame],
    as_of: pd.Timestamp | str,
    weeks: int,
    params: ForecastParams | None = None,
    privacy: PrivacyParams | None = None,
    *,
    refit_weeks: int = 4,
    cells: tuple[Ids, Ids] | None = None,
) -> Evaluation:
    """Evaluate forecasts of the last `weeks` weeks before `as_of`, at every horizon that fits.

    Parameters
    ----------
    tables
        Frames as `foreship_forecast.tables` declares them.
    as_of
        A Monday; weeks before it judge.
    weeks
        Rolling origins, one a week, at least 1.
    params, privacy
        Settings of the forecast.
    refit_weeks
        A model is fitted at the first origin and every so many weeks after it; between fits it
        predicts from newer snapshots.
    cells
        Regions and items of the only cells to judge, shape (N,) each; left out, all that were
        predicted.

    Raises
    ------
    NotEnoughHistory
        If the first origin has too little history to learn from.
    """
    if weeks < 1 or refit_weeks < 1:
        raise ValueError(f"weeks = {weeks}, refit_weeks = {refit_weeks}; must be at least 1")
    params, privacy = params or ForecastParams(), privacy or PrivacyParams()
    history = known_then(tables)
    truth = panel_of(
        Snapshot(history, as_of),
        params.history_weeks + weeks,
        largest_order=params.largest_order,
        robust=False,
        lots=False,
    )
    asked = _asked(truth.codes, cells)
    judged, fits = _judged(history, truth, asked, weeks, params, privacy, refit_weeks)
    if not judged:
        raise NotEnoughHistory(
            f"none of the last {plural(weeks, 'week')} before {as_of} can be judged"
        )
    rows = pd.concat([each.rows for each in judged], ignore_index=True)
    answers = {
        method: FullAnswer.joined([each.answers[method] for each in judged])
        for method in judged[0].answers
    }
    gained = gains(rows, answers)
    made = tuple(Fit.of(each) for each in fits)
    return Evaluation(
        frame=scorecard(rows, answers, params.seed),
        gains=gained,
        trust=trusted(rows, gained, any(each.learned for each in made)),
        reliability=reliability_curves(answers, rows["units"].to_numpy()),
        pit=pit_histograms(answers, params.seed),
        fits=made,
        as_of=str(truth.as_of),
        weeks=rows["week"].nunique(),
        notes=truth.notes,
    )


def _asked(codes: Codes, cells: tuple[Ids, Ids] | None) -> Bools:
    """Mark the cells of the panel that are to be evaluated."""
    if cells is None:
        return np.ones(len(codes.item), dtype=bool)
    region, item = (pd.Index(each).astype(object) for each in cells)
    names = pd.MultiIndex.from_arrays(codes.names())
    return np.asarray(names.isin(pd.MultiIndex.from_arrays([region, item])))


@dataclass(frozen=True)
class _Origin:
    """The rows of one origin, and what each method predicted for them; without any, no method."""

    rows: pd.DataFrame
    """`region, volume, horizon, cell, week, units`"""
    answers: dict[str, FullAnswer]


def _judged(
    tables: Mapping[str, pd.DataFrame],
    truth: Panel,
    asked: Bools,
    weeks: int,
    params: ForecastParams,
    privacy: PrivacyParams,
    refit_weeks: int,
) -> tuple[list[_Origin], list[PurchaseModel]]:
    """Return the predictions at each origin, and the models that made them."""
    fitted: list[PurchaseModel] = []
    found = []
    for number, origin in enumerate(truth.weeks[-weeks:]):
        snapshot = Snapshot(tables, origin)
        if number % refit_weeks == 0:
            fitted.append(fit(snapshot, params, privacy))
        judged = _judge(snapshot, fitted[-1].predict(snapshot), truth, asked, params)
        if len(judged.rows):
            found.append(judged)
    return found, fitted


def _judge(
    snapshot: Snapshot,
    said: DemandDistribution,
    truth: Panel,
    asked: Bools,
    params: ForecastParams,
) -> _Origin:
    """Score the model and the floors at one origin against the truth."""
    panel = panel_of(snapshot, params.history_weeks, largest_order=params.largest_order, lots=False)
    features = Features.of(snapshot, panel, params.horizon_weeks)
    rows = prediction_rows(panel, np.flatnonzero(panel.offered), params.horizon_weeks)
    region, item = panel.codes.names()
    week = said.weeks[rows.horizon - 1 - panel.gap]
    about = pd.DataFrame({"region": region[rows.cell], "item": item[rows.cell], "week": week})
    cell, place = positions(truth.codes, truth.weeks, about, "week")
    scored = (cell >= 0) & (place >= 0) & panel.observed[rows.cell]
    scored &= truth.known[cell, place] & asked[cell]
    if not scored.any():
        return _Origin(pd.DataFrame(), {})
    rows = rows.part(scored)
    units = truth.units[cell[scored], place[scored]].astype(np.float64)
    answers: dict[str, FullAnswer] = {
        MODEL: answer_of_law(said.law.part(np.flatnonzero(scored)), units)
    }
    answers |= {name: floor(features, rows, units) for name, floor in FLOORS.items()}
    told = {
        "region": region[rows.cell],
        "volume": volume_of(trailing_mean(features, rows)),
        "horizon": rows.horizon - panel.gap,
        "cell": cell[scored],
        "week": week[scored],
        "units": units,
    }
    return _Origin(pd.DataFrame(told), answers)
