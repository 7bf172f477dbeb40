"""A unit of measure that changes in mid-history."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from foreship.quality.orders.measures import units_stay_the_same
from tests.foreship.quality.shops import clean, evidence, found_by


@pytest.mark.parametrize(
    ("shape", "factor", "later"),
    [
        ("plain", 12, True),
        ("busy", 10, False),
        ("heavy", 24, True),
        ("season", 12, False),
        ("totals", 10, True),
        ("unnamed", 24, False),
    ],
)
def test_cases_that_become_pieces_are_doubted(
    shape: str, factor: int, later: bool, tmp_path: Path
) -> None:
    """Before a day or from it on all quantities are a multiple; that day's lines are named."""
    frames = clean(shape)
    orders = frames["orders"].reset_index(drop=True)
    day = orders["date"].quantile(0.6, interpolation="nearest")
    pieces = (orders["date"] >= day) == later
    orders["quantity"] = np.where(pieces, orders["quantity"] * factor, orders["quantity"])
    (said,) = found_by(units_stay_the_same, evidence(frames | {"orders": orders}, tmp_path))
    first = int(orders.index[orders["date"] == day][0]) + 2
    assert "of all items" in said
    if shape != "heavy":  # sizes that overlap tell the day to within a few
        assert f"line {first}" in said or f"lines {first}" in said


def test_one_item_or_one_region_may_change_alone(tmp_path: Path) -> None:
    """What is said names the kind of group."""
    for column, value, words in (("item", "I1", "of an item"), ("region", "R1", "of a region")):
        frames = clean("plain")
        orders = frames["orders"]
        mine = (orders[column] == value) & (orders["date"] >= orders["date"].median())
        frames["orders"] = orders.assign(
            quantity=orders["quantity"].mask(mine, 12 * orders["quantity"])
        )
        (folder := tmp_path / value).mkdir()
        (said,) = found_by(units_stay_the_same, evidence(frames, folder))
        assert words in said


def test_growth_and_a_peak_are_no_change_of_units(tmp_path: Path) -> None:
    """Quantities that grow sixfold over a year, and a month of threefold ones."""
    frames = clean("plain")
    orders = frames["orders"]
    draw = np.random.default_rng(1)
    age = (orders["date"] - orders["date"].min()) / (orders["date"].max() - orders["date"].min())
    for name, mean in (("growth", 0.4 * 6**age), ("peak", 0.4 + 2.5 * age.between(0.5, 0.6))):
        (folder := tmp_path / name).mkdir()
        changed = frames | {"orders": orders.assign(quantity=1 + draw.poisson(mean))}
        assert found_by(units_stay_the_same, evidence(changed, folder)) == []


def test_orders_of_twelve_or_one_are_lumpy_customers(tmp_path: Path) -> None:
    """Whole cases and single pieces side by side, all the time."""
    frames = clean("plain")
    draw = np.random.default_rng(2)
    lumpy = frames["orders"].assign(quantity=draw.choice([1, 12], len(frames["orders"])))
    assert found_by(units_stay_the_same, evidence(frames | {"orders": lumpy}, tmp_path)) == []
    assert isinstance(lumpy, pd.DataFrame)
