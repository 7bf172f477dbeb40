"""Amounts in another unit than they should be."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.quality.amounts.scales import (
    costs_fit_prices,
    lead_times_are_days,
    prices_fit_what_was_paid,
)
from tests.foreship.quality.shops import clean, evidence, found_by

FACTORS = (100.0, 0.01, 10.0, 100.0, 0.01)
PRICED = ("plain", "sparse", "heavy", "season", "launches")


@pytest.mark.parametrize(("shape", "factor"), list(zip(PRICED, FACTORS, strict=True)))
def test_all_prices_in_another_unit_are_doubted(shape: str, factor: float, tmp_path: Path) -> None:
    """Cents for euros, or the other way round, against what orders paid."""
    frames = clean(shape)
    frames["items"] = frames["items"].assign(price=frames["items"]["price"] * factor)
    (said,) = found_by(prices_fit_what_was_paid, evidence(frames, tmp_path))
    assert "orders.price in the middle of all items" in said


def test_one_price_in_another_unit_is_doubted_alone(tmp_path: Path) -> None:
    """Its row, what it says and what was paid; discounts of a third are no doubt."""
    frames = clean("plain")
    frames["items"].loc[1, "price"] *= 100
    (said,) = found_by(prices_fit_what_was_paid, evidence(frames, tmp_path))
    assert "in 1 row, line 3" in said and "8 times off orders.price" in said


def test_the_price_list_is_compared_too(tmp_path: Path) -> None:
    """Weekly prices a hundred times those of items."""
    frames = clean("unnamed")
    items = frames["items"]
    weekly = items[["item"]].assign(week="2026-01-05", region="R0", price=items["price"] * 100)
    (said,) = found_by(prices_fit_what_was_paid, evidence(frames | {"prices": weekly}, tmp_path))
    assert "prices.price" in said


def test_costs_far_below_prices_are_doubted(tmp_path: Path) -> None:
    """A hundredth of what they should be, or 0 for all; half the price is a cost."""
    frames = clean("plain")
    for cost, words in ((frames["items"]["unit_cost"] / 100, "200 times"), (0.0, "unit_cost 0")):
        items = frames["items"].assign(unit_cost=cost)
        (said,) = found_by(costs_fit_prices, evidence(frames | {"items": items}, tmp_path))
        assert words in said
    assert found_by(costs_fit_prices, evidence(frames, tmp_path)) == []
    frames["items"].loc[1, "price"] *= 100
    (said,) = found_by(costs_fit_prices, evidence(frames, tmp_path))
    assert "over 20 times unit_cost, where 2 is usual in 1 row, line 3" in said


@pytest.mark.parametrize("days", [[24, 48, 72], [24, 24], [2, 3, 48], [36, 24, 48, 72], [1, 2, 24]])
def test_lead_times_that_look_like_hours_are_doubted(days: list[int], tmp_path: Path) -> None:
    """All of them, or some far above the others."""
    lanes = pd.DataFrame({"origin": "H1", "destination": [f"R{n}" for n in range(len(days))]})
    lanes = lanes.assign(cost_per_unit=1.0, lead_time_days=days)
    (said,) = found_by(lead_times_are_days, evidence({"lanes": lanes}, tmp_path))
    assert said.startswith("lanes.lead_time_days: look like hours")


@pytest.mark.parametrize("days", [[1, 2, 7], [35, 42, 2], [28, 30, 35], [0, 0], [20, 24, 30]])
def test_long_ways_are_no_hours(days: list[int], tmp_path: Path) -> None:
    """By sea beside by truck; four and five weeks; the same day."""
    lanes = pd.DataFrame({"origin": "H1", "destination": [f"R{n}" for n in range(len(days))]})
    lanes = lanes.assign(cost_per_unit=1.0, lead_time_days=days)
    assert found_by(lead_times_are_days, evidence({"lanes": lanes}, tmp_path)) == []
