"""Real orders with almost nothing to learn: the evaluation says so, predictions fall back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from foreship_forecast.evaluation.rolling import Evaluation, evaluate
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.rows import prediction_rows
from foreship_forecast.heads.floors import FLOOR_RATES
from foreship_forecast.history.panel import panel_of
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.learning.fitting import fit
from foreship_forecast.params import ForecastParams

ORDERS = Path(__file__).resolve().parents[4] / "shared/data/us_regional/orders.parquet"
AS_OF = "2020-12-28"
"""the Monday of the last, truncated week"""
FAST = ForecastParams(rounds=60, horizon_weeks=1, scenarios=10)
FASTER = replace(FAST, rounds=20, history_weeks=78)

pytestmark = pytest.mark.skipif(not ORDERS.exists(), reason=f"needs {ORDERS}, which is not ours")


def tables() -> dict[str, pd.DataFrame]:
    """Return order lines of 45 states and 47 items over two and a half years."""
    return {"orders": pd.read_parquet(ORDERS)[["date", "region", "item", "quantity"]]}


def assert_no_claim(result: Evaluation) -> None:
    """Neither in one line, nor overall, nor in any class is skill claimed."""
    assert not result.skill
    assert result.verdict.startswith("No skill")
    assert "Trust it" not in result.advice
    assert not set(result.trust["grade"]) & {"both", "chance", "count"}


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("weeks", "params"), [(2, FASTER), pytest.param(8, FAST, marks=pytest.mark.nightly)]
)
def test_no_skill_is_claimed(weeks: int, params: ForecastParams) -> None:
    """One week ahead nothing is claimed: two weeks and few rounds, eight and more of them nightly.

    The fewer weeks, the easier a claim by luck.
    """
    result = evaluate(tables(), AS_OF, weeks, params)
    assert_no_claim(result)
    line = result.frame.query("by == 'all' and method == 'foreship'").iloc[0]
    assert line["ece_1"] < 0.01


@pytest.mark.sweep
def test_predictions_stay_near_the_pooled_rate() -> None:
    """A cell's chance follows its item's rate times its region's ratio, boosters or not."""
    snapshot = Snapshot(tables(), AS_OF)
    model = fit(snapshot, FASTER)
    panel = panel_of(snapshot, FASTER.history_weeks)
    rows = prediction_rows(panel, np.flatnonzero(panel.offered), 1)
    pooled = FLOOR_RATES["pooled_rate"].chance(Features.of(snapshot, panel, 1), rows)
    said = model.predict(snapshot).law.chance
    assert len(said) > 1000
    assert stats.spearmanr(said, pooled).statistic > 0.75
    assert said.mean() == pytest.approx(pooled.mean(), rel=0.1)
    assert np.abs(said - pooled).max() < 0.3


@pytest.mark.nightly
def test_no_skill_is_claimed_at_the_defaults() -> None:
    """All rounds and horizons: what boosters gain here, if used at all, is under 1 %."""
    result = evaluate(tables(), AS_OF, 8)
    assert_no_claim(result)
    assert result.gain < 0.01
