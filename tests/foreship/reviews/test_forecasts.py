"""The forecast of a plan against what was sold."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.reviews.forecasts import forecast_table
from tests.foreship.small_world import date, orders

CATEGORIES = pd.Series({"K": "kitchen", "L": "light"})
FORECAST = pd.DataFrame(
    [
        ("R1", "K", date(0), 2.0, 0.0, 5.0),
        ("R2", "K", date(0), 1.0, 0.0, 3.0),
        ("R1", "L", date(0), 0.5, 0.0, 2.0),
        ("R1", "K", date(7), 4.0, 1.0, 8.0),
    ],
    columns=["region", "item", "week", "mean", "q05", "q95"],
)
SOLD = orders((1, "R1", "K", 6), (6, "R2", "K", 1), (7, "R1", "K", 3), (2, "R9", "K", 9))


def at(table: pd.DataFrame, level: str, name: str = "") -> dict[str, float]:
    found = table[(table["level"] == level) & (table["id"] == name)]
    return found.iloc[0].to_dict()


def test_each_level_sums_the_whole_weeks() -> None:
    """One week is over: six and one of K against three expected; L sold nothing of a half."""
    table = forecast_table(FORECAST, None, SOLD, CATEGORIES, date(7))
    whole = at(table, "network")
    assert (whole["forecast"], whole["sold"]) == (3.5, 7)
    assert whole["inside"] == pytest.approx(2 / 3)  # six of a band up to five is outside
    assert at(table, "category", "light")["sold"] == 0
    assert at(table, "item", "K")["forecast"] == 3.0
    assert at(table, "region", "R2")["inside"] == 1.0


def test_a_week_that_is_not_over_is_not_told() -> None:
    """The second week counts from its next Monday on."""
    assert at(forecast_table(FORECAST, None, SOLD, CATEGORIES, date(13)), "network")["sold"] == 7
    assert at(forecast_table(FORECAST, None, SOLD, CATEGORIES, date(14)), "network")["sold"] == 10
    assert forecast_table(FORECAST, None, SOLD, CATEGORIES, date(0)).empty


def test_what_was_expected_before_adjustments_stands_beside_it() -> None:
    """Where nobody adjusted, it is the forecast."""
    adjusted = FORECAST.iloc[:1][["region", "item", "week"]].assign(mean_before=9.0, mean=2.0)
    table = forecast_table(FORECAST, adjusted, SOLD, CATEGORIES, date(7))
    assert at(table, "item", "K")["before_adjustments"] == 10.0
    assert at(table, "item", "L")["before_adjustments"] == 0.5
