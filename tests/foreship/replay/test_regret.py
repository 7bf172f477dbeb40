"""Where money is lost between the best reference and foreship, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.replay.regret import REGRET_COLUMNS, regret_table
from foreship_foundation.intervals import sum_over_weeks

PROFITS = {
    "unlimited": [20.0, 20.0], "oracle": [18.0, 17.0], "truth": [15.0, 16.0],
    "foreship_mean": [11.0, 13.0], "foreship": [10.0, 13.0],
}  # fmt: skip


def weekly(*policies: str, short: tuple[float, float] = (0.5, np.nan)) -> pd.DataFrame:
    """Two weeks of some policies, the later week first; plans of `foreship_mean` fall short."""
    rows = [
        (name, week, PROFITS[name][week], short[week] if name == "foreship_mean" else np.nan)
        for name in policies
        for week in (1, 0)
    ]
    return pd.DataFrame(rows, columns=["policy", "week", "profit", "short_of_bound"])


def test_every_step_and_their_sum():
    """Limits 5, doubt 4, forecast 7 less the .50 of rounding, rounding .50, budget 1: 17 in all."""
    found = regret_table(weekly(*PROFITS))
    assert list(found.columns) == list(REGRET_COLUMNS)
    assert dict(zip(found["step"], found["lost"], strict=True)) == pytest.approx({
        "limits": 5.0, "doubt": 4.0, "forecast": 6.5, "rounding": 0.5, "risk budget": 1.0,
        "overrides": 0.0, "all": 17.0,
    })  # fmt: skip
    assert (found["lost_low"] <= found["lost"]).all()
    assert (found["lost"] <= found["lost_high"]).all()
    for step, weeks in {"limits": [2.0, 3.0], "forecast": [3.5, 3.0]}.items():
        lost, sure = found[found["step"] == step].iloc[0], sum_over_weeks(np.array(weeks))
        assert (lost["lost_low"], lost["lost_high"]) == pytest.approx((sure.low, sure.high))


def test_without_a_truth_doubt_and_forecast_are_one_step():
    """The steps still add up to all that is lost."""
    found = regret_table(weekly("unlimited", "oracle", "foreship_mean", "foreship"))
    lost = found.set_index("step")["lost"]
    assert lost["forecast and doubt"] == pytest.approx(4.0 + 6.5)
    assert lost.drop("all").sum() == pytest.approx(lost["all"])
    assert "doubt" not in lost.index
