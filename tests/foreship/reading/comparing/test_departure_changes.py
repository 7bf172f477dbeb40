"""What two plans pay for departures, side by side."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from foreship.reading.comparing.compare import diff
from foreship.reading.comparing.departure_changes import changed_departures, departure_block
from tests.foreship.later_views import later_view
from tests.foreship.run_views import make_view


def test_departures_compare_by_way_and_weekday() -> None:
    """A week later with a vehicle more to Lyon: one change, the rest the same."""
    before = later_view()
    assert before.departures is not None
    to_lyon = (before.departures["destination"] == "Lyon").to_numpy()
    later = before.departures.assign(
        ship_date=before.departures["ship_date"] + pd.Timedelta(weeks=1),
        vehicles=before.departures["vehicles"] + to_lyon,
        vehicle_cost=before.departures["vehicle_cost"] + 45.0 * to_lyon,
    )
    rows = changed_departures(before, replace(before, departures=later))
    assert rows is not None
    changed = rows[rows["vehicles_delta"] != 0]
    assert set(changed["destination"]) == {"Lyon"} and set(changed["leaves"]) == {"Thu"}
    assert (changed["cost_delta"] == 45.0).all()
    said = departure_block(rows)
    assert said[1] == f"departures ({len(changed)} changed)"
    assert said[2].split()[0] == "Thu" and said[2].endswith("+45.00")


def test_a_plan_with_departures_stands_beside_one_without() -> None:
    """All of them are new; text and JSON tell them, and plans without them are told as ever."""
    plain, later = make_view(items=20), later_view()
    found = diff(plain, later)
    assert found.departures is not None
    assert (found.departures["vehicles_before"] == 0).all()
    assert "departures (" in found.text and "departures" in found.to_dict()
    assert "departures" not in diff(plain, plain).to_dict()
    assert departure_block(None) == []
