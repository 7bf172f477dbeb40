"""What was known on a Monday: tables of the past are cut there, and forecasts are made once."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from foreship.pipeline.known import tables_before
from foreship.replay import known_then
from foreship.replay.known_then import Forecasts, tables_known_on
from tests.foreship.small_world import MONDAY, date, frame, orders, world


def tables():
    """Orders of Sunday and Monday, a calendar entry far ahead, and a lock of today."""
    return world(
        orders=orders((-1, "R1", "K", 1), (0, "R1", "K", 2)),
        calendar=frame("date event region", [(date(40), "fair", "R1")]),
        overrides=frame("kind value reason author expires region item origin", [("fix",) * 8]),
    )


def test_sunday_is_known_and_monday_is_not():
    """The future of the calendar is known ahead; no other table is touched."""
    known = tables_before(tables(), pd.Timestamp(MONDAY))
    assert known["orders"]["quantity"].tolist() == [1]
    assert len(known["calendar"]) == 1 and len(known["overrides"]) == 1
    assert set(known) == set(tables())


def test_locks_of_today_were_not_those_of_then():
    """They and adjustments are left out of every Monday that is replayed; their columns stay."""
    today = tables() | {name: tables()["overrides"] for name in ("adjustments", "policies")}
    known = tables_known_on(today, MONDAY)
    assert known["overrides"].empty and "kind" in known["overrides"]
    assert known["adjustments"].empty and len(known["policies"]) == 1
    assert known["orders"]["quantity"].tolist() == [1]


def test_a_model_is_fitted_anew_every_few_weeks_and_a_forecast_made_once(monkeypatch):
    """Refitted every two weeks: the first and the third Monday fit, the second takes the first's.

    Asked twice it is not made twice; what it says is said once.
    """
    made = []

    def stage(past, as_of, config, model):
        made.append((as_of, model))
        return SimpleNamespace(model=f"of {as_of.date()}", notes=("few weeks",))

    monkeypatch.setattr(known_then.stages, "forecast_stage", stage)
    forecasts = Forecasts(SimpleNamespace(backtest=SimpleNamespace(refit_weeks=2)))
    for week in range(3):
        ask = forecasts.on(MONDAY + 7 * week * np.timedelta64(1, "D"), {})
        assert ask() is ask()
    first = f"of {pd.Timestamp(MONDAY).date()}"
    assert [model for _, model in made] == [None, first, None]
    assert list(forecasts.notes) == ["few weeks"]
