"""Dates that are not what was meant."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from foreship.quality.orders.days import dates_stand_together, day_and_month_in_order
from tests.foreship.quality.shops import SHAPES, clean, evidence, found_by

STRAY = ("2028-03-04", "1970-01-01", "2019-11-11", "2199-12-31")
SHARES = (0.2, 1.0, 0.2, 1.0, 0.2, 1.0, 0.2)
DENSE = tuple(shape for shape in SHAPES if shape != "sparse")


@pytest.mark.parametrize(
    ("shape", "day"),
    list(zip(SHAPES, STRAY * 2, strict=True)),
)
def test_a_mistyped_year_is_doubted_with_its_line(shape: str, day: str, tmp_path: Path) -> None:
    """Long after all others or long before them."""
    frames = clean(shape)
    orders = frames["orders"].reset_index(drop=True)
    orders.loc[7, "date"] = pd.Timestamp(day)
    (said,) = found_by(dates_stand_together, evidence(frames | {"orders": orders}, tmp_path))
    assert f"in 1 row, line 9 (value {day})" in said


def test_a_pause_of_the_whole_shop_is_no_mistyped_year(tmp_path: Path) -> None:
    """A quarter without orders between two halves of a history: neither stands alone."""
    frames = clean("plain")
    orders = frames["orders"]
    late = orders["date"] > orders["date"].median()
    paused = orders.assign(date=orders["date"] + pd.to_timedelta(late * 91, unit="D"))
    assert found_by(dates_stand_together, evidence(frames | {"orders": paused}, tmp_path)) == []


def exchanged(orders: pd.DataFrame, share: float) -> pd.DataFrame:
    """Return the orders with day and month exchanged in a share of the rows that allow it."""
    dates = orders["date"].dt
    some = (dates.day <= 12) & (np.random.default_rng(1).random(len(orders)) < share)
    other = pd.to_datetime(
        {"year": dates.year, "month": dates.day.clip(upper=12), "day": dates.month}
    )
    return orders.assign(date=orders["date"].where(~some, other))


@pytest.mark.parametrize(("shape", "share"), list(zip(DENSE, SHARES, strict=True)))
def test_day_and_month_exchanged_in_some_rows_are_doubted(
    shape: str, share: float, tmp_path: Path
) -> None:
    """In a fifth of the rows that can be read both ways, or in all of them."""
    frames = clean(shape)
    frames["orders"] = exchanged(frames["orders"], share)
    (said,) = found_by(day_and_month_in_order, evidence(frames, tmp_path))
    assert "read the other way" in said


def test_a_shuffled_file_is_judged_by_months_without_a_thirteenth(tmp_path: Path) -> None:
    """No order of rows to go by: months before and after the history hold early days alone."""
    frames = clean("plain", 3)
    mixed = exchanged(frames["orders"], 0.3).sample(frac=1, random_state=1)
    (said,) = found_by(day_and_month_in_order, evidence(frames | {"orders": mixed}, tmp_path))
    assert "read the other way" in said


def test_firsts_of_months_and_early_days_are_dates_like_others(tmp_path: Path) -> None:
    """Monthly totals are dated on the first; a history may end on the fifth."""
    frames = clean("plain")
    orders = frames["orders"]
    firsts = orders.assign(date=orders["date"].dt.to_period("M").dt.to_timestamp())
    assert found_by(day_and_month_in_order, evidence(frames | {"orders": firsts}, tmp_path)) == []
    ended = orders[orders["date"] <= "2025-04-05"]
    assert found_by(day_and_month_in_order, evidence(frames | {"orders": ended}, tmp_path)) == []
