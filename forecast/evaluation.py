"""Forecast skill over rolling weeks, beside the floors anyone could reach without learning.

At each origin a model predicts from a snapshot of that Monday; the weeks that followed judge it.
What truly was ordered is read here and nowhere else in the room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from forecast.arrays import Bools, Floats, Ids, Ints
from forecast.baseline import RATES, last_year_answer, static_answer, trailing_mean
from forecast.distribution import DemandDistribution
from forecast.errors import NotEnoughHistory
from forecast.features import Features
from forecast.fitting import fit
from forecast.metrics import (
    Answer,
    answer_of_law,
    bias,
    brier,
    coverage,
    expected_calibration_error,
    log_loss,
    log_score,
    pit,
    pit_deviation,
)
from forecast.model import PurchaseModel
from forecast.panel import Codes, Panel, panel_of, positions
from forecast.params import ForecastParams, PrivacyParams
from forecast.rows import prediction_rows
from forecast.snapshot import Snapshot

__all__ = ["FLOORS", "METRICS", "Evaluation", "evaluate"]

MODEL = "foreship"
FLOORS: dict[str, Callable[..., Answer]] = {
    **{name: rate.answer for name, rate in RATES.items()},
    "last_year": last_year_answer,
    "static_nb": static_answer,
}
METRICS = (
    "log_loss",
    "brier",
    "rps",
    "log_score",
    "ece",
    "pit_deviation",
    "coverage_50",
    "coverage_80",
    "coverage_95",
    "bias",
)
VOLUMES = (0.25, 1.0, 4.0)
"""units a week in the last 13 weeks between the volume classes"""
RESAMPLES = 2000


@dataclass(frozen=True)
class Evaluation:
    """How good the forecast was, beside the floors."""

    frame: pd.DataFrame
    """`by, value, method, rows` and `METRICS`; `by` is all, horizon, region or volume"""
    weeks: int
    """target weeks judged"""
    floor: str
    """the floor with the lowest log-loss of p_1"""
    gain: float
    """share by which the log-loss of p_1 lies below that floor's"""
    interval: tuple[float, float]
    """95 % interval of `gain`, from resampled target weeks"""
    notes: tuple[str, ...]

    @property
    def skill(self) -> bool:
        """True where the whole interval lies above no gain."""
        return self.interval[0] > 0

    @property
    def verdict(self) -> str:
        """One line for the planner."""
        overall = self.frame[self.frame["by"] == "all"].set_index("method")["log_loss"]
        low, high = (f"{100 * each:.1f}" for each in self.interval)
        word = "Skill" if self.skill else "No skill"
        return (
            f"{word}: log-loss of P(at least one unit) {overall[MODEL]:.4f} against"
            f" {overall[self.floor]:.4f} of the best floor ({self.floor}),"
            f" {100 * self.gain:.1f} % lower (95 % interval {low} to {high} %"
            f" over {self.weeks} weeks)."
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, a record a row of the frame."""
        records = self.frame.astype(object).where(self.frame.notna(), None).to_dict("records")
        return {
            "verdict": self.verdict,
            "skill": self.skill,
            "weeks": self.weeks,
            "floor": self.floor,
            "gain": self.gain,
            "interval": list(self.interval),
            "notes": list(self.notes),
            "metrics": records,
        }

    def __str__(self) -> str:
        few = self.frame[self.frame["by"] != "region"]
        table = few.to_string(index=False, float_format=lambda value: f"{value:.4f}")
        return "\n".join([self.verdict, "", table, "", *self.notes])


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
    """Judge forecasts of the last `weeks` weeks before `as_of`, at every horizon that fits.

    Parameters
    ----------
    tables
        Frames as `forecast.tables` declares them.
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
    # stock is that of as_of: at an earlier origin nobody knew it
    history = {name: frame for name, frame in tables.items() if name != "stock"}
    truth = panel_of(Snapshot(history, as_of), params.history_weeks + weeks)
    asked = _asked(truth.codes, cells)
    judged = _judged(history, truth, asked, weeks, params, privacy, refit_weeks)
    if not judged:
        raise NotEnoughHistory(f"none of the last {weeks} weeks before {as_of} can be judged")
    rows = pd.concat([each.rows for each in judged], ignore_index=True)
    answers = {
        method: _joined([each.answers[method] for each in judged]) for method in judged[0].answers
    }
    table = _table(rows, answers, params.seed)
    losses = table[(table["by"] == "all") & (table["method"] != MODEL)].set_index("method")
    floor = str(losses["log_loss"].idxmin())
    gain, interval = _gain(rows, answers[MODEL], answers[floor], params.seed)
    return Evaluation(table, rows["week"].nunique(), floor, gain, interval, truth.notes)


def _asked(codes: Codes, cells: tuple[Ids, Ids] | None) -> Bools:
    """Return which of the panel's cells are to be judged."""
    if cells is None:
        return np.ones(len(codes.item), dtype=bool)
    region, item = (pd.Index(each).astype(object) for each in cells)
    names = pd.MultiIndex.from_arrays(codes.names())
    return np.asarray(names.isin(pd.MultiIndex.from_arrays([region, item])))


@dataclass(frozen=True)
class _Origin:
    """The rows of one origin and what each method said of them."""

    rows: pd.DataFrame
    """`region, volume, horizon, week, units`"""
    answers: dict[str, Answer]


def _judged(
    tables: Mapping[str, pd.DataFrame],
    truth: Panel,
    asked: Bools,
    weeks: int,
    params: ForecastParams,
    privacy: PrivacyParams,
    refit_weeks: int,
) -> list[_Origin]:
    model: PurchaseModel | None = None
    found = []
    for number, origin in enumerate(truth.weeks[-weeks:]):
        snapshot = Snapshot(tables, origin)
        if model is None or number % refit_weeks == 0:
            model = fit(snapshot, params, privacy)
        judged = _judge(snapshot, model.predict(snapshot), truth, asked, params)
        if len(judged.rows):
            found.append(judged)
    return found


def _judge(
    snapshot: Snapshot,
    said: DemandDistribution,
    truth: Panel,
    asked: Bools,
    params: ForecastParams,
) -> _Origin:
    """Compare what was said at one origin, by the model and the floors, with the truth."""
    panel = panel_of(snapshot, params.history_weeks)
    features = Features.of(snapshot, panel, params.horizon_weeks)
    rows = prediction_rows(panel, np.flatnonzero(panel.offered), params.horizon_weeks)
    region, item = panel.codes.names()
    week = said.weeks[rows.horizon - 1]
    about = pd.DataFrame({"region": region[rows.cell], "item": item[rows.cell], "week": week})
    cell, place = positions(truth.codes, truth.weeks, about, "week")
    scored = (cell >= 0) & (place >= 0) & panel.observed[rows.cell]
    scored &= truth.known[cell, place] & asked[cell]
    rows = rows.part(scored)
    units = truth.units[cell[scored], place[scored]].astype(np.float64)
    answers = {MODEL: answer_of_law(said.law.part(np.flatnonzero(scored)), units)}
    answers |= {name: floor(features, rows, units) for name, floor in FLOORS.items()}
    volume = np.searchsorted(VOLUMES, trailing_mean(features, rows), side="right")
    told = {
        "region": region[rows.cell],
        "volume": _volume_names()[volume],
        "horizon": rows.horizon,
        "week": week[scored],
        "units": units,
    }
    return _Origin(pd.DataFrame(told), answers)


def _volume_names() -> Ids:
    lows, highs = ("0", *map(str, VOLUMES)), (*map(str, VOLUMES), "more")
    names = [f"{low} to {high} a week" for low, high in zip(lows, highs, strict=True)]
    return np.array(names, dtype=object)


def _joined(parts: list[Answer]) -> Answer:
    names = Answer.__dataclass_fields__
    return Answer(*(np.concatenate([getattr(each, name) for each in parts]) for name in names))


def _table(rows: pd.DataFrame, answers: Mapping[str, Answer], seed: int) -> pd.DataFrame:
    """Return a row of metrics for each method, overall and by horizon, region and volume."""
    units = rows["units"].to_numpy()
    lines = [
        {"by": by, "value": value, "method": method, "rows": len(chosen)}
        | _metrics(answer.part(chosen), units[chosen], seed)
        for by, value, chosen in _classes(rows)
        for method, answer in answers.items()
    ]
    return pd.DataFrame(lines)


def _classes(rows: pd.DataFrame) -> Iterator[tuple[str, str, Ints]]:
    yield "all", "", np.arange(len(rows))
    for by in ("horizon", "volume", "region"):
        for value, chosen in sorted(rows.groupby(by).indices.items()):
            yield by, str(value), np.asarray(chosen, dtype=np.int64)


def _metrics(answer: Answer, units: Floats, seed: int) -> dict[str, float]:
    happened = units > 0
    transform = pit(answer.below, answer.upto, seed)
    values = (
        float(log_loss(answer.chance, happened).mean()),
        float(brier(answer.chance, happened).mean()),
        float(answer.rps.mean()),
        float(log_score(answer.below, answer.upto).mean()),
        expected_calibration_error(answer.chance, happened),
        pit_deviation(transform),
        coverage(transform, 0.5),
        coverage(transform, 0.8),
        coverage(transform, 0.95),
        bias(answer.mean, units),
    )
    return dict(zip(METRICS, values, strict=True))


def _gain(
    rows: pd.DataFrame, model: Answer, floor: Answer, seed: int
) -> tuple[float, tuple[float, float]]:
    """Return the relative gain over a floor, with an interval over target weeks.

    Whole weeks are resampled: cells of one week share its surprises.
    """
    happened = rows["units"].to_numpy() > 0
    _, week = np.unique(rows["week"].to_numpy(), return_inverse=True)
    ours, theirs = (np.bincount(week, log_loss(each.chance, happened)) for each in (model, floor))
    drawn = np.random.default_rng(seed).integers(len(ours), size=(RESAMPLES, len(ours)))
    gains = 1.0 - ours[drawn].sum(axis=1) / theirs[drawn].sum(axis=1)
    low, high = np.quantile(gains, (0.025, 0.975))
    return float(1.0 - ours.sum() / theirs.sum()), (float(low), float(high))
