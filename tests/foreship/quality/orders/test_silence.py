"""Orders that are missing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.quality.orders.silence import (
    last_week_is_whole,
    orders_reach_the_plan,
    regions_keep_ordering,
)
from tests.foreship.quality.shops import clean, evidence, found_by

STEADY = ("plain", "busy", "heavy", "totals", "unnamed")


@pytest.mark.parametrize(
    ("shape", "at"), list(zip(STEADY, ["end", "middle", "end", "middle", "end"], strict=True))
)
def test_a_region_silent_for_half_a_year_is_doubted(shape: str, at: str, tmp_path: Path) -> None:
    """At the end of the history or in it; the region and its silence are named."""
    frames = clean(shape, 1)
    orders = frames["orders"]
    last = orders["date"].max() if at == "end" else orders["date"].max() - pd.Timedelta(days=50)
    silent = (orders["region"] == "R1") & orders["date"].between(
        last - pd.Timedelta(days=182), last
    )
    kept = orders[~silent]
    if (kept["region"] == "R1").sum() < 40:
        pytest.skip("too little of the region is left to say what is usual")
    (said,) = found_by(regions_keep_ordering, evidence(frames | {"orders": kept}, tmp_path))
    assert "silent weeks of R1 from" in said


def test_a_region_that_opened_late_was_not_silent(tmp_path: Path) -> None:
    """Before its first order there is nothing to miss."""
    frames = clean("plain")
    orders = frames["orders"]
    late = orders[(orders["region"] != "R1") | (orders["date"] > orders["date"].median())]
    assert found_by(regions_keep_ordering, evidence(frames | {"orders": late}, tmp_path)) == []


@pytest.mark.parametrize("shape", ["plain", "busy", "unnamed"])
def test_a_last_week_with_one_order_is_doubted(shape: str, tmp_path: Path) -> None:
    """The default Monday would be a week too late; the right one is named."""
    frames = clean(shape, 1)
    orders = frames["orders"]
    monday = orders["date"].max().to_period("W").start_time
    cut = pd.concat([orders[orders["date"] < monday], orders.tail(1).assign(date=monday)])
    (said,) = found_by(last_week_is_whole, evidence(frames | {"orders": cut}, tmp_path))
    assert f"else plan as of {monday.date()}" in said
    whole = frames | {"orders": orders[orders["date"] < monday]}
    assert found_by(last_week_is_whole, evidence(whole, tmp_path)) == []


def test_a_small_shop_is_judged_by_the_days_that_are_left(tmp_path: Path) -> None:
    """Nine lines a week, one in the last, on its Monday: six empty days are no chance."""
    days = pd.date_range("2025-08-04", periods=29 * 7, freq="D")
    orders = pd.DataFrame({"date": days.repeat([2, 1, 1, 1, 2, 1, 1] * 29), "region": "R0"})
    orders = pd.concat([orders, pd.DataFrame({"date": [days[-1] + pd.Timedelta(days=1)]})])
    orders = orders.assign(region="R0", item="I0", quantity=1)
    (said,) = found_by(last_week_is_whole, evidence({"orders": orders}, tmp_path))
    assert "in 1 row, line 263 (value 2026-02-23)" in said


def test_orders_of_the_week_of_the_plan_are_not_asked(tmp_path: Path) -> None:
    """Exported on Monday morning, with the day's first order: it is not known yet."""
    frames = clean("plain")
    orders = frames["orders"]
    monday = orders["date"].max().to_period("W").start_time
    cut = pd.concat([orders[orders["date"] < monday], orders.tail(1).assign(date=monday)])
    seen = evidence(frames | {"orders": cut}, tmp_path, as_of=str(monday.date()))
    assert found_by(last_week_is_whole, seen) == []


def test_a_plan_weeks_after_the_last_order_is_doubted(tmp_path: Path) -> None:
    """Three weeks late; on the Monday after the last order nothing is said."""
    frames = clean("plain")
    monday = frames["orders"]["date"].max().to_period("W").start_time + pd.Timedelta(days=7)
    late = str((monday + pd.Timedelta(days=21)).date())
    (said,) = found_by(orders_reach_the_plan, evidence(frames, tmp_path, as_of=late))
    assert f"days before the plan of {late}" in said
    due = evidence(frames, tmp_path, as_of=str(monday.date()))
    assert found_by(orders_reach_the_plan, due) == []
