"""What an item is expected to sell, week by week, over all regions."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from foreship.workbench.cells.demand import demand_by_week
from tests.foreship.order_views import order_view


def test_means_of_regions_add_up_week_by_week() -> None:
    """Those of other items do not count."""
    weeks = pd.to_datetime(["2026-11-23", "2026-11-16", "2026-11-16", "2026-11-16"])
    forecast = pd.DataFrame(
        {"item": ["a", "a", "a", "b"], "week": weeks, "mean": [4.0, 1.25, 0.25, 50.0]}
    )
    page = str(demand_by_week("latest", replace(order_view(), forecast=forecast), "a"))
    assert "<td>2026-11-16</td>" in page
    assert 'column=mean&amp;item=a&amp;week=2026-11-16">1.5</a>' in page
    assert 'column=mean&amp;item=a&amp;week=2026-11-23">4.0</a>' in page
    assert "50" not in page


def test_a_run_without_a_forecast_of_it_says_nothing() -> None:
    """Its demand was given."""
    assert demand_by_week("latest", replace(order_view(), forecast=None), "a") == ""
