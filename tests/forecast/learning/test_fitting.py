"""Learning: what is held out, who learns from what, and in which words the pool is told."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.errors import NotEnoughHistory
from foreship_forecast.features.matrix import Features
from foreship_forecast.heads.boosters import Boosters
from foreship_forecast.heads.pool import CLASSES, Answers, Judged, Pool
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.learning import fitting
from foreship_forecast.params import ForecastParams
from tests.forecast.small_market import AS_OF, shop

PARAMS = ForecastParams(
    rounds=2, min_leaf_rows=5, horizon_weeks=3, calibration_weeks=5, history_weeks=40
)
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
) -> list[tuple[int, float]]:
    """Let `learn` give these answers in turn; return the last weeks and shares asked for."""
    asked: list[tuple[int, float]] = []

    def learn(
        features: Features, params: ForecastParams, last: int, share: float = 1.0
    ) -> Boosters | None:
        asked.append((last, share))
        return answers[len(asked) - 1]

    monkeypatch.setattr(fitting, "learn", learn)
    return asked


def test_without_anything_to_learn_plain_rates_are_weighed(monkeypatch, snapshot) -> None:
    """The first fit sees no held-out week; where it finds nothing, no second one is tried."""
    asked = asked_of_learn(monkeypatch, [None])
    model = fitting.fit(snapshot, PARAMS)
    assert asked == [(30 - 5, fitting.TRIAL_SHARE)]
    assert model.head.boosters is None and model.head.pool.learned() == 0.0
    assert fitting.TOO_LITTLE in model.notes
    (said,) = (note for note in model.notes if "log-loss" in note)
    assert said.startswith("Statistics: on 5 weeks held out, log-loss of p_1")
    assert "boosters" not in said and "of the year" in said and "of the pooled rate" in said
    assert len(model.calibration.factor) == 2
    first, last = (pd.Timestamp(model.calibration.first_week), pd.Timestamp(model.as_of))
    assert first == AS_OF - pd.Timedelta(weeks=5) and last == AS_OF
    assert model.params == PARAMS


def test_the_boosters_of_the_model_have_learned_from_all_weeks(monkeypatch, snapshot) -> None:
    """The trial is only judged; where nothing can be learned from all weeks, the trial is used."""
    known = fitting.panel_of(snapshot, 40)
    features = Features.of(snapshot, known, 3)
    trial, again = (fitting.learn(features, PARAMS, last) for last in (25, 30))
    assert trial is not None and again is not None and trial != again
    for second, used in ((again, again), (None, trial)):
        asked = asked_of_learn(monkeypatch, [trial, second])
        assert fitting.fit(snapshot, PARAMS).head.boosters is used
        assert asked == [(25, fitting.TRIAL_SHARE), (30, 1.0)]


def test_the_pool_is_told_how_many_weeks_the_trial_learned_from(monkeypatch, snapshot) -> None:
    """Those of the history less those held out: by them boosters are believed before any proof."""
    told: list[int] = []

    def fit_pool(said: Answers, judged: Judged, weeks: int) -> Pool:
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


def test_one_held_out_week_proves_nothing(monkeypatch) -> None:
    """Five weeks hold one out: plain rates are weighed as by default, whatever it said."""
    short = Snapshot(shop(regions=3, items=4, weeks=5), AS_OF)
    pools = [fitting.fit(short, PARAMS).head.pool]
    orders = short.orders.copy()
    newest = orders["date"] >= AS_OF - pd.Timedelta(weeks=1)
    orders.loc[newest, "quantity"] = 40
    other = Snapshot(shop(regions=3, items=4, weeks=5) | {"orders": orders}, AS_OF)
    pools.append(fitting.fit(other, PARAMS).head.pool)
    assert pools[0].chance == pools[1].chance and pools[0].size == pools[1].size
    assert pools[0].chance == ((0.0, 0.6, 0.2, 0.2),) * CLASSES


def test_no_held_out_week_is_said() -> None:
    """Of what nobody could judge no figure is given."""
    nothing = np.empty(0)
    answers = Answers(np.empty((4, 0)), np.empty((3, 0)), nothing, nothing.astype(np.int64))
    judged = Judged(nothing, nothing.astype(bool), nothing.astype(np.int64))
    assert fitting._in_words(answers, judged, POOL) == (
        "Too little history to hold weeks out: learning and plain rates are believed as by "
        "default.",
    )
