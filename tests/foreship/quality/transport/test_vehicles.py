"""Vehicles without a size or too small for a unit, and lanes on which nothing can leave."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from foreship.quality.evidence import Evidence
from foreship.quality.transport.vehicles import (
    lanes_can_depart,
    vehicles_have_a_size,
    vehicles_hold_a_unit,
)
from tests.foreship.quality.shops import clean, evidence, found_by


def seen_with(folder: Path, **lanes: object) -> Evidence:
    """Return a clean shop whose lanes say more, items of 2 volume and 3 kg."""
    frames = clean("plain")
    frames["items"] = frames["items"].assign(volume=2.0, weight_kg=3.0)
    frames["lanes"] = frames["lanes"].assign(**lanes)
    return evidence(frames, folder)


def test_a_vehicle_that_costs_needs_a_size(tmp_path: Path) -> None:
    """Either size is enough; a vehicle that costs nothing needs none."""
    (said,) = found_by(vehicles_have_a_size, seen_with(tmp_path / "a", vehicle_cost=90.0))
    assert "one vehicle carries all" in said and "90.0" in said
    for number, size in enumerate(({"vehicle_capacity": 40.0}, {"vehicle_kg": 900.0})):
        seen = seen_with(tmp_path / f"b{number}", vehicle_cost=90.0, **size)
        assert found_by(vehicles_have_a_size, seen) == []
    assert found_by(vehicles_have_a_size, seen_with(tmp_path / "c", vehicle_cost=0.0)) == []


@pytest.mark.parametrize(
    ("size", "words"), [("vehicle_capacity", "(2 volume)"), ("vehicle_kg", "(3 kg)")]
)
def test_a_vehicle_holds_at_least_one_unit(size: str, words: str, tmp_path: Path) -> None:
    """1.5 of 2 volume or of 3 kg; to the brim is enough, and free vehicles are not asked."""
    small = seen_with(tmp_path / "a", vehicle_cost=90.0, **{size: 1.5})
    (said,) = found_by(vehicles_hold_a_unit, small)
    assert f"less than the largest unit takes {words}" in said
    brim = seen_with(tmp_path / "b", vehicle_cost=90.0, **{size: 3.0})
    assert found_by(vehicles_hold_a_unit, brim) == []
    free = seen_with(tmp_path / "c", vehicle_cost=0.0, **{size: 1.5})
    assert found_by(vehicles_hold_a_unit, free) == []


def closed_week(folder: Path, days: int, **lanes: object) -> Evidence:
    """Return a shop whose hub is closed on the first days after the Monday of the plan."""
    frames = clean("plain")
    frames["lanes"] = frames["lanes"].assign(**lanes)
    monday = evidence(frames, folder / "before").next_monday
    frames["calendar"] = pd.DataFrame(
        {"date": monday + pd.to_timedelta(range(days), unit="D"), "event": "Closed", "region": "H1"}
    )
    return evidence(frames, folder / "closed")


def test_a_lane_whose_days_are_all_closed_is_doubted(tmp_path: Path) -> None:
    """Open on Thursday only, and the lane leaves on Mondays and Tuesdays: until the next plan."""
    seen = closed_week(tmp_path / "a", 3, departs="Mon, Tue")
    (said,) = found_by(lanes_can_depart, seen)
    assert f"closed on every day of departure from {seen.next_monday}" in said
    assert found_by(lanes_can_depart, closed_week(tmp_path / "b", 3, departs="Mon, Thu")) == []
    assert found_by(lanes_can_depart, closed_week(tmp_path / "c", 6)) == []
    assert len(found_by(lanes_can_depart, closed_week(tmp_path / "d", 7))) == 1
