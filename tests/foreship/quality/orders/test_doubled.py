"""Lines that were loaded twice."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.quality.orders.doubled import adjustments_stand_twice, lines_stand_twice
from tests.foreship.quality.shops import SHAPES, clean, evidence, found_by


@pytest.mark.parametrize(("shape", "times"), [*((shape, 2) for shape in SHAPES), ("plain", 3)])
def test_a_file_loaded_several_times_is_doubted(shape: str, times: int, tmp_path: Path) -> None:
    """In any order of rows; the second copies are counted and the first of them named."""
    frames = clean(shape)
    orders = frames["orders"]
    again = pd.concat([orders] * times).sample(frac=1, random_state=1)
    (said,) = found_by(lines_stand_twice, evidence(frames | {"orders": again}, tmp_path))
    assert "loaded twice?" in said
    if orders.duplicated().sum() == 0:
        assert f"in {(times - 1) * len(orders):,} rows" in said


def test_one_month_or_one_region_twice_is_doubted(tmp_path: Path) -> None:
    """Only the copies of that part are named; 261 lines once stay unnamed."""
    frames = clean("plain")
    orders = frames["orders"]
    for name, part in (
        ("month", orders["date"].dt.to_period("M") == pd.Period("2024-11")),
        ("region", orders["region"] == "R1"),
    ):
        (folder := tmp_path / name).mkdir()
        both = frames | {"orders": pd.concat([orders, orders[part]])}
        (said,) = found_by(lines_stand_twice, evidence(both, folder))
        assert f"in {part.sum()} rows, first lines {len(orders) + 2}," in said


def test_order_ids_given_anew_hide_nothing(tmp_path: Path) -> None:
    """The same lines under other ids: every other column repeats."""
    frames = clean("plain")
    orders = frames["orders"]
    twin = orders.assign(order_id="again-" + orders["order_id"])
    both = frames | {"orders": pd.concat([orders, twin])}
    (said,) = found_by(lines_stand_twice, evidence(both, tmp_path))
    assert "(date, region, item, quantity, price)" in said


def test_equal_lines_now_and_then_are_meant(tmp_path: Path) -> None:
    """One line in a hundred scanned twice is daily life; so are many equal lines of a busy shop."""
    frames = clean("plain")
    orders = frames["orders"]
    some = pd.concat([orders, orders.sample(frac=0.01, random_state=1)])
    assert found_by(lines_stand_twice, evidence(frames | {"orders": some}, tmp_path)) == []
    assert found_by(lines_stand_twice, evidence(clean("busy"), tmp_path)) == []


def test_receipts_inbound_and_returns_may_be_loaded_twice_too(tmp_path: Path) -> None:
    """Any table in which two equal rows are possible."""
    frames = clean("plain")
    coming = pd.DataFrame({"location": "R0", "item": "I0", "quantity": range(1, 31)})
    coming = coming.assign(arrival_date="2026-01-05")
    returns = frames["orders"].head(40)[["date", "region", "item", "quantity"]].drop_duplicates()
    came = returns.rename(columns={"region": "location"})
    both = {
        "inbound": pd.concat([coming] * 2),
        "returns": pd.concat([returns] * 2),
        "receipts": pd.concat([came] * 2),
    }
    said = found_by(lines_stand_twice, evidence(frames | both, tmp_path))
    assert [each.split(".")[0] for each in said] == ["returns", "inbound", "receipts"]


def test_an_adjustment_pasted_twice_is_doubted(tmp_path: Path) -> None:
    """Twice double is four times; who signs a row makes no other row of it."""
    frames = clean("plain")
    row = {"kind": "times", "value": 2.0, "item": "I0", "reason": "fair", "author": "Ada"}
    row["expires"] = "2027-01-03"
    rows = [row, {**row, "value": 3.0}, {**row, "item": "I1"}, {**row, "week": "2025-01-06"}]
    once = pd.DataFrame(rows)
    (folder := tmp_path / "once").mkdir()
    assert found_by(adjustments_stand_twice, evidence(frames | {"adjustments": once}, folder)) == []
    again = pd.DataFrame([*rows, {**row, "reason": "fair again", "author": "Bo"}])
    (said,) = found_by(adjustments_stand_twice, evidence(frames | {"adjustments": again}, tmp_path))
    assert "pasted twice?" in said
    assert "row 5" in said or "line 6" in said
