"""Learning: what is held out, who learns from what, and in which words the pool is told."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.counts.law import CountLaw
from foreship_forecast.errors import NotEnoughHistory
from foreship_forecast.features.prepared import prepared
from foreship_forecast.heads.boosters import SIZE_ROWS, Boosters, Lessons
from foreship_forecast.heads.pool import CLASSES, Answers, Judged, Pool
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.learning import fitting
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import AS_OF, shop

PARAMS = ForecastParams(
    rounds=2, min_leaf_rows=5, horizon_weeks=3, calibration_weeks=5, history_weeks=40
)
SIZES = int(SIZE_ROWS * PARAMS.max_rows)
"""sales that sizes are learned from at most, where all weeks are"""
POOL = Pool(((0.4, 0.3, 0.2, 0.1),) * CLASSES, ((0.4, 0.4, 0.2),) * CLASSES, (1.0, 1.0, 1.0))


@pytest.fixture(scope="module")
def snapshot() -> Snapshot:
    """Return thirty weeks of twelve cells."""
    return Snapshot(shop(regions=3, items=4, weeks=30), AS_OF)


@pytest.mark.parametrize(
    ("traded", "weeks", "asked", "held"),
    [(30, 30, 8, 8), (30, 30, 26, 10), (4, 5, 8, 1), (4, 2, 8, 1), (4, 6, 8, 2)],
)
def test_a_third_of_a_short_history_is_held_out(traded, weeks, asked, held) -> None:
    """As many weeks as asked for, at most a third of those there are, at least one."""
    known = np.zeros((2, weeks), dtype=bool)
    known[1, : min(traded, weeks)] = True
    known = np.pad(known, ((0, 0), (0, max(0, traded - weeks))), constant_values=True)
    panel = SimpleNamespace(known=known, learned=0, learned_weeks=weeks, as_of="2026-11-16")
    assert fitting._calibration_weeks(panel, ForecastParams(calibration_weeks=asked)) == held


def test_three_weeks_are_too_few() -> None:
    """Weeks in which nothing is known of any cell do not count."""
    known = np.zeros((2, 9), dtype=bool)
    known[0, :3] = True
    panel = SimpleNamespace(known=known, learned=0, learned_weeks=9, as_of="2026-11-16")
    with pytest.raises(NotEnoughHistory, match="there are 3 whole weeks"):
        fitting._calibration_weeks(panel, ForecastParams())


def test_weeks_before_those_to_learn_from_do_not_count() -> None:
    """Ninety older weeks are read as history; of the twelve to learn from four are held out."""
    known = np.ones((2, 102), dtype=bool)
    panel = SimpleNamespace(known=known, learned=90, learned_weeks=12, as_of="2026-11-16")
    assert fitting._calibration_weeks(panel, ForecastParams()) == 4


def asked_of_learn(
    monkeypatch: pytest.MonkeyPatch, answers: list[Boosters | None]
) -> list[tuple[int, int]]:
    """Let `learn` give these answers in turn; return the last weeks, and sales for sizes, asked."""
    asked: list[tuple[int, int]] = []

    def learn(lessons: Lessons, params: ForecastParams) -> Boosters | None:
        assert lessons.near is not None
        asked.append((int(lessons.near.rows.target.max()) + 1, lessons.most))
        return answers[len(asked) - 1]

    monkeypatch.setattr(fitting, "learn", learn)
    return asked


def test_without_anything_to_learn_plain_rates_are_weighed(monkeypatch, snapshot) -> None:
    """Where the first fit finds nothing no second one is tried, and all but warming up judges."""
    asked = asked_of_learn(monkeypatch, [None])
    model = fitting.fit(snapshot, PARAMS)
    assert asked == [(30 - 5, SIZES // 2)]
    assert model.head.boosters is None and model.head.pool.learned() == 0.0
    assert fitting.TOO_LITTLE in model.notes
    (said,) = (note for note in model.notes if "log-loss" in note)
    assert said.startswith("Statistics: on 26 weeks held out, log-loss of p_1")
    assert "boosters" not in said and "of the year" in said and "of the pooled rate" in said
    assert model.held_out is not None and model.held_out.weeks == 26
    assert f"{model.held_out.climatology:.4f} of the rate of the year" in said
    assert len(model.calibration.factor) == 2
    first, last = (pd.Timestamp(model.calibration.first_week), pd.Timestamp(model.as_of))
    assert first == AS_OF - pd.Timedelta(weeks=26) and last == AS_OF
    assert model.params == PARAMS


def test_the_boosters_of_the_model_have_learned_from_all_weeks(monkeypatch, snapshot) -> None:
    """The trial is only judged; where nothing can be learned from all weeks, the trial is used."""
    features = prepared(snapshot, PARAMS, 3)
    trial, again = (fitting.learn(Lessons.of(features, PARAMS, last), PARAMS) for last in (25, 30))
    assert trial is not None and again is not None and trial != again
    for second, used in ((again, again), (None, trial)):
        asked = asked_of_learn(monkeypatch, [trial, second])
        assert fitting.fit(snapshot, PARAMS).head.boosters is used
        assert asked == [(25, SIZES // 2), (30, SIZES)]


def test_the_pool_is_told_how_many_weeks_the_trial_learned_from(monkeypatch, snapshot) -> None:
    """Those of the history less those held out: by them boosters are believed before any proof."""
    told: list[int] = []

    def fit_pool(said: Answers, judged: Judged, weeks: int, *, factors: bool) -> Pool:
        told.append(weeks)
        return POOL

    monkeypatch.setattr(fitting, "fit_pool", fit_pool)
    model = fitting.fit(snapshot, PARAMS)
    assert told == [25] and model.head.pool is POOL
    (said,) = (note for note in model.notes if "log-loss" in note)
    for words in (
        "of the boosters (believed 40 %)",
        "start from (believed 30 %)",
        "(believed 10 %)",
    ):
        assert words in said


def fast_item(weeks: int, seed: int) -> Snapshot:
    """Return one item of about 100 a week, standard deviation 25, in one region."""
    units = np.maximum(np.random.default_rng(seed).normal(100.0, 25.0, weeks).round(), 1.0)
    dates = AS_OF - pd.to_timedelta(7 * np.arange(weeks, 0, -1), unit="D")
    orders = pd.DataFrame({"date": dates, "region": "r", "item": "i", "quantity": units})
    tables = {
        "orders": orders.astype({"quantity": "int64"}),
        "items": pd.DataFrame({"item": ["i"], "price": [5.0], "unit_cost": [1.0]}),
        "regions": pd.DataFrame({"region": ["r"]}),
    }
    return Snapshot(tables, AS_OF)


def deviation(law: CountLaw) -> float:
    """Return the standard deviation of the first row."""
    survival = law.part(np.array([0])).survival(1000)[0]
    square = float(((2 * np.arange(1, 1001) - 1) * survival).sum())
    return float(np.sqrt(square - survival.sum() ** 2))


def test_a_fast_item_is_as_wide_as_its_weeks() -> None:
    """After 30 weeks the law is the truth's: no factor of a few weeks, no width of a few rows."""
    seen = [(fitting.fit(s, PARAMS), s) for s in (fast_item(30, seed) for seed in range(4))]
    laws = [model.predict(snapshot).law for model, snapshot in seen]
    means = np.array([law.mean()[0] for law in laws])
    widths = np.array([deviation(law) for law in laws])
    past = np.array([s.orders["quantity"].mean() for _, s in seen])
    assert all(model.head.pool.factor == (1.0, 1.0, 1.0) for model, _ in seen)
    assert not any("size" in model.calibration.kept for model, _ in seen)
    assert np.abs(means / past - 1.0).max() < 0.1
    assert np.abs(widths / 25.0 - 1.0).max() < 0.4 and abs(widths.mean() / 25.0 - 1.0) < 0.15


def test_five_weeks_tell_a_width() -> None:
    """Three weeks judge; from one alone the law stayed geometric, four times as wide as it is."""
    laws = [fitting.fit(s, PARAMS).predict(s).law for s in (fast_item(5, x) for x in range(5))]
    assert 20.0 < np.median([deviation(law) for law in laws]) < 50.0


def test_no_held_out_week_is_said() -> None:
    """Of what nobody could judge no figure is given."""
    nothing = np.empty(0)
    answers = Answers(np.empty((4, 0)), np.empty((3, 0)), nothing, nothing.astype(np.int64))
    judged = Judged(nothing, nothing.astype(bool), nothing.astype(np.int64))
    assert fitting._in_words(answers, judged, POOL) == (
        "Too little history to hold weeks out: learning and plain rates are believed as by "
        "default.",
    )
    assert fitting._held_out(nothing, answers, judged) is None


def test_skill_is_the_share_of_the_loss_of_climatology_that_is_saved() -> None:
    """Of two cells one sold: chances of .8 and .2 lose -ln .8, the rate of the year ln 2."""
    chance = np.full((4, 2), np.nan)
    chance[2] = 0.5
    answers = Answers(chance, np.ones((3, 2)), np.ones(2), np.zeros(2, np.int64))
    judged = Judged(np.array([3.0, 0.0]), np.zeros(2, bool), np.array([7, 8]))
    found = fitting._held_out(np.array([0.8, 0.2]), answers, judged)
    assert found is not None and found.weeks == 2
    assert found.forecast == pytest.approx(-np.log(0.8))
    assert found.climatology == pytest.approx(np.log(2))
    assert found.skill == pytest.approx(1 + np.log(0.8) / np.log(2))
