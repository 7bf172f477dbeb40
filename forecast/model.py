"""The purchase model: two boosters, the corrections of held-out weeks, and the way back to disk.

`fit` reads as the recipe of docs/forecast.md, section 4; this is the only file that imports
LightGBM. The first booster learns the chance that anything is ordered, the second how many
units beyond the first; each starts from the cell's own trailing level and learns departures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import lightgbm
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from forecast.arrays import Floats, Ids, Ints, Singles
from forecast.baseline import RATES
from forecast.borrowing import borrowed_levels
from forecast.bundle import read_bundle, typed, write_bundle
from forecast.calibration import Calibration, Outcome, fit_calibration
from forecast.distribution import DemandDistribution
from forecast.errors import ModelRefused, NotEnoughHistory
from forecast.features import Features, Levels, Table
from forecast.forest import predicting_part, sound_forest
from forecast.metrics import log_loss, ranked_probability_score
from forecast.panel import WEEK, Panel, panel_of, places
from forecast.params import ForecastParams, PrivacyParams
from forecast.rows import Rows, calibration_rows, labels, prediction_rows, training_rows
from forecast.scenarios import Dependence, SamplePaths, estimate_dependence, sample_paths
from forecast.snapshot import Snapshot

__all__ = ["PurchaseModel", "fit"]

FEWEST_WEEKS = 4
FEWEST_ROWS = 60
"""observed rows below which a booster is not asked"""
LARGEST_SCORE = 12.0
"""log of the largest departure from a level, either way"""
CALIBRATION_ROWS = 200_000
FACTS = {"head", "calibration", "categories", "dependence", "params", "privacy", "as_of", "notes"}
FACTS |= {"lightgbm"}
"""what a bundle says, beside the names of the columns that boosters read"""


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

    def raw(self, features: Features, rows: Rows, levels: Levels) -> tuple[Floats, Floats]:
        """Return raw answers; a column the snapshot lacks is missing, never zero."""
        table = features.table(rows)
        matrix = _columns(table, self.names)
        chance = expit(_departure(self.chance, matrix) + logit(levels.chance))
        extra = levels.extra
        if self.size:
            extra = extra * np.exp(_departure(self.size, matrix))
        return chance, extra


@dataclass(frozen=True)
class PurchaseModel:
    """A fitted model: predicts from any later snapshot.

    **Invariants:** the same snapshot gives the same distribution, whatever the order of rows and
    the number of threads.
    """

    head: Head
    calibration: Calibration
    categories: tuple[str, ...]
    """categories of the calibration's factors"""
    dependence: Dependence
    params: ForecastParams
    privacy: PrivacyParams
    as_of: str
    notes: tuple[str, ...]
    """what was left out, borrowed or not trusted, one sentence each"""

    def predict(
        self, snapshot: Snapshot, cells: tuple[Ids, Ids] | None = None
    ) -> DemandDistribution:
        """Return the demand distribution of every cell that may be stocked, from `as_of` on.

        Parameters
        ----------
        snapshot
            What is known; may be later than the one the model was fitted on.
        cells
            Regions and items of further cells to predict, shape (N,) each.
        """
        panel = panel_of(snapshot, self.params.history_weeks, cells)
        features = Features.of(snapshot, panel, self.params.horizon_weeks)
        return self._predict(features, snapshot.buyers)

    def _predict(self, features: Features, buyers: pd.DataFrame) -> DemandDistribution:
        panel, weeks = features.panel, self.params.horizon_weeks
        cells = np.flatnonzero(panel.offered)
        rows = prediction_rows(panel, cells, weeks)
        levels = features.levels(rows)
        chance, extra = self.head.raw(features, rows, levels)
        borrowed = borrowed_levels(features, buyers, self.privacy.min_customers)
        borrows = borrowed.any[rows.cell]
        chance = np.where(borrows, borrowed.chance[rows.cell], chance)
        extra = np.where(borrows, borrowed.extra[rows.cell], extra)
        law = self.calibration.law(chance, extra, self._category(panel)[rows.cell])
        region, item = panel.codes.names()
        ahead = panel.as_of + WEEK * np.arange(weeks)
        return DemandDistribution(region[cells], item[cells], ahead, law)

    def sample(
        self,
        distribution: DemandDistribution,
        scenarios: int | None = None,
        seed: int | None = None,
    ) -> SamplePaths:
        """Draw joint sample paths; scenarios and seed are the settings' unless given."""
        return sample_paths(
            distribution,
            self.dependence,
            self.params.scenarios if scenarios is None else scenarios,
            self.params.seed if seed is None else seed,
        )

    def _category(self, panel: Panel) -> Ints:
        """Return each cell's position among the fitted categories, the last one for unknown."""
        known = places(np.array(self.categories, dtype=object), panel.codes.categories)
        return np.where(known < 0, len(self.categories), known)[panel.codes.category]

    def save(self, folder: str | Path) -> None:
        """Write the model into a folder: LightGBM texts and one JSON with their hashes."""
        texts = {}
        facts: dict[str, Any] = {
            "head": next((name for name, rate in RATES.items() if rate == self.head), "boosters"),
            "calibration": self.calibration.to_json(),
            "categories": list(self.categories),
            "dependence": asdict(self.dependence),
            "params": asdict(self.params),
            "privacy": asdict(self.privacy),
            "as_of": self.as_of,
            "notes": list(self.notes),
            "lightgbm": lightgbm.__version__,
        }
        if isinstance(self.head, Boosters):
            facts["names"] = list(self.head.names)
            texts = {"chance.txt": self.head.chance, "size.txt": self.head.size}
        write_bundle(Path(folder), facts, texts)

    @classmethod
    def load(cls, folder: str | Path) -> PurchaseModel:
        """Read a model back.

        Raises
        ------
        ModelRefused
            If a byte differs from what was written, or what was written is no model: nothing
            that could lead LightGBM astray reaches it, whoever computed the hash.
        """
        facts, texts = read_bundle(Path(folder))
        try:
            if set(facts) - {"names"} != FACTS:
                raise ValueError(f"it should say {', '.join(sorted(FACTS))}")
            categories, notes = _words(facts["categories"]), _words(facts["notes"])
            model = cls(
                head=_head(facts, texts),
                calibration=Calibration.from_json(facts["calibration"]),
                categories=categories,
                dependence=typed(Dependence, facts["dependence"]),
                params=typed(ForecastParams, facts["params"]),
                privacy=typed(PrivacyParams, facts["privacy"]),
                as_of=date.fromisoformat(facts["as_of"]).isoformat(),
                notes=notes,
            )
            # cells of a category that the fit did not know take the last factor
            if len(model.calibration.factor) != len(set(categories)) + 1:
                raise ValueError("its calibration needs a factor for each category, and one more")
        except (KeyError, TypeError, ValueError) as error:
            raise ModelRefused(f"{folder} is not a model of this version: {error}") from error
        return model

    def __str__(self) -> str:
        head = "two boosters" if isinstance(self.head, Boosters) else str(self.head)
        kept = ", ".join(self.calibration.kept) or "none"
        return "\n".join(
            [
                f"PurchaseModel fitted as of {self.as_of}: {head}",
                f"  calibrated on {self.calibration.rows:,} rows,"
                f" {self.calibration.first_week} to {self.calibration.last_week}; kept: {kept}",
                f"  dependence: item {self.dependence.item:.3f}, week {self.dependence.week:.3f},"
                f" neighbouring weeks {self.dependence.decay:.3f}",
                *(f"  {note}" for note in self.notes),
            ]
        )


def fit(
    snapshot: Snapshot,
    params: ForecastParams | None = None,
    privacy: PrivacyParams | None = None,
) -> PurchaseModel:
    """Learn purchase probabilities from a snapshot.

    A first fit without the latest weeks is calibrated on them and compared there with plain
    rates; if it shows no skill, the best of those is used. A second fit learns from all.

    Raises
    ------
    NotEnoughHistory
        With fewer than four whole weeks of orders.
    """
    params, privacy = params or ForecastParams(), privacy or PrivacyParams()
    panel = panel_of(snapshot, params.history_weeks)
    weeks = panel.shape[1]
    held_out = _calibration_weeks(panel, params)
    features = Features.of(snapshot, panel, params.horizon_weeks)
    trial = _learn(features, params, weeks - held_out)
    rows = calibration_rows(
        panel, params.horizon_weeks, weeks - held_out, CALIBRATION_ROWS, params.seed
    )
    head, outcome, calibration, verdict = _choose(features, rows, trial)
    law = calibration.law(outcome.chance, outcome.extra, outcome.category)
    item = panel.codes.item[rows.cell]
    if isinstance(head, Boosters):
        head = _learn(features, params, weeks) or head
    borrowed = borrowed_levels(features, snapshot.buyers, privacy.min_customers)
    return PurchaseModel(
        head=head,
        calibration=replace(calibration, factor=(*calibration.factor, 1.0)),
        categories=tuple(panel.codes.categories.tolist()),
        dependence=estimate_dependence(
            law, outcome.units, item, rows.origin, rows.horizon, rows.cell
        ),
        params=params,
        privacy=privacy,
        as_of=str(panel.as_of),
        notes=(*panel.notes, verdict, *borrowed.notes(panel.offered)),
    )


def _calibration_weeks(panel: Panel, params: ForecastParams) -> int:
    """Return how many of the latest weeks are held out: a third at most of a short history."""
    traded = int(panel.known.any(axis=0).sum())
    if traded < FEWEST_WEEKS:
        raise NotEnoughHistory(
            f"there are {traded} whole weeks with orders before {panel.as_of}; purchase"
            f" probabilities need at least {FEWEST_WEEKS}. Wait, or plan on your own demand"
            " scenarios (`foreship plan --demand`)"
        )
    return min(params.calibration_weeks, max(1, panel.shape[1] // 3))


def _choose(
    features: Features, rows: Rows, trial: Boosters | None
) -> tuple[Head, Outcome, Calibration, str]:
    """Return the better head on the held-out weeks, its calibration and a sentence on both.

    The boosters must beat the best of the plain rates, each calibrated alike, by more than a
    standard error over weeks.
    """
    plain = [_outcome(features, rows, rate) for rate in RATES.values()]
    tried = [_Trial.of(features, outcome) for outcome in plain]
    best = int(np.argmin([each.loss.mean() for each in tried]))
    rate, floor = list(RATES.values())[best], tried[best]
    if trial is None:
        said = f"Too little history to learn from: the {rate.name} is used."
        return rate, plain[best], _calibrated(features, plain[best]), said
    learned = _outcome(features, rows, trial)
    mine = _Trial.of(features, learned)
    weeks, gap, error = _by_week(mine.loss - floor.loss, mine.week)
    said = (
        f"On {weeks} weeks held out, log-loss of p_1 is {mine.loss.mean():.4f} against"
        f" {floor.loss.mean():.4f} of the {rate.name} (RPS {mine.rps:.4f} against {floor.rps:.4f})"
    )
    if gap < -error:
        return trial, learned, _calibrated(features, learned), f"{said}."
    said = f"{said}: no skill shown, so the {rate.name} is used."
    return rate, plain[best], _calibrated(features, plain[best]), said


@dataclass(frozen=True)
class _Trial:
    """A head on the later half of the held-out weeks, calibrated on the earlier half."""

    loss: Floats
    """log-loss of p_1, a value a row"""
    week: Ints
    rps: float

    @classmethod
    def of(cls, features: Features, outcome: Outcome) -> _Trial:
        """Calibrate and judge; a single held-out week does both."""
        weeks = np.unique(outcome.week)
        late = outcome.week >= weeks[len(weeks) // 2]
        judged = outcome.part(late)
        fitted = _calibrated(features, outcome.part(~late) if len(weeks) > 1 else outcome)
        law = fitted.law(judged.chance, judged.extra, judged.category)
        score = float(ranked_probability_score(law, judged.units).mean())
        return cls(log_loss(law.chance, judged.sold), judged.week, score)


def _by_week(gap: Floats, week: Ints) -> tuple[int, float, float]:
    """Return the weeks, the mean gap and its standard error over weeks."""
    _, place = np.unique(week, return_inverse=True)
    mean = np.bincount(place, gap) / np.bincount(place)
    error = float(mean.std(ddof=1) / np.sqrt(len(mean))) if len(mean) > 1 else 0.0
    return len(mean), float(gap.mean()), error


def _outcome(features: Features, rows: Rows, head: Head) -> Outcome:
    chance, extra = head.raw(features, rows, features.levels(rows))
    category = features.panel.codes.category[rows.cell]
    return Outcome(chance, extra, category, rows.target, labels(features.panel, rows)[0])


def _calibrated(features: Features, outcome: Outcome) -> Calibration:
    panel = features.panel
    first, last = panel.weeks[int(outcome.week.min())], panel.weeks[int(outcome.week.max())]
    return fit_calibration(outcome, len(panel.codes.categories), str(first), str(last))


def _learn(features: Features, params: ForecastParams, last: int) -> Boosters | None:
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
    return Boosters(chance, size, table.names)


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


def _head(facts: Mapping[str, Any], texts: Mapping[str, str]) -> Head:
    """Return the head that a bundle describes, its texts proven sound."""
    rate = RATES.get(facts["head"])
    wanted = {"chance.txt", "size.txt"} if rate is None else set()
    if set(texts) != wanted or (rate is None and facts["head"] != "boosters"):
        raise ValueError(f"a head {str(facts['head'])[:40]!r} has other files than {sorted(texts)}")
    if rate is not None:
        return rate
    names = _words(facts["names"])
    chance = sound_forest(texts["chance.txt"], "chance", len(names))
    size = texts["size.txt"] and sound_forest(texts["size.txt"], "size", len(names))
    return Boosters(chance, size, names)


def _words(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ValueError(f"a list of words was expected, not {str(found)[:40]!r}")
    return tuple(found)


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


def _departure(text: str, matrix: Singles) -> Floats:
    # predict() leaves out the starting level, so raw scores are asked for and it is added by us
    booster = lightgbm.Booster(model_str=text)
    score = np.asarray(booster.predict(matrix, raw_score=True), dtype=np.float64)
    return np.clip(score, -LARGEST_SCORE, LARGEST_SCORE)
