"""The whole room in one function; that it gives a run's bytes is shown in flow."""

from __future__ import annotations

import pandas as pd
import pytest

import foreship_forecast


def test_without_history_it_says_what_is_missing() -> None:
    """The room's own error, not one of pandas."""
    orders = pd.DataFrame({"date": [], "region": [], "item": [], "quantity": []})
    with pytest.raises(foreship_forecast.ForecastError):
        foreship_forecast.forecast({"orders": orders}, "2026-11-16")
