"""The audit's own reading of when lanes leave and arrive."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.audit.timetables import lanes_ahead, open_lanes, read_timetables
from tests.optimize.departing_networks import calendar_of
from tests.optimize.table_builder import MONDAY

HUBS, REGIONS = {"H": {"picking_units": np.nan}}, {"R": {}}


def lanes_of(*rows: dict) -> pd.DataFrame:
    """Return lanes from H to R of two days at 1; each row may state more."""
    about = {"origin": "H", "destination": "R", "cost_per_unit": 1.0, "cost_per_kg": 0.0,
             "lead_time_days": 2, "capacity": 5.0, "from": pd.NaT, "to": pd.NaT}  # fmt: skip
    return pd.DataFrame([about | row for row in rows])


def times_of(*rows: dict, calendar: pd.DataFrame | None = None, regions: dict = REGIONS):
    """Read the timetables of some lanes."""
    tables = {"lanes": lanes_of(*rows)} | ({} if calendar is None else {"calendar": calendar})
    return read_timetables(tables, HUBS, regions, MONDAY, 7)


@pytest.mark.parametrize(
    ("row", "closed", "leaves"),
    [
        ({}, [], [(0, 2)]),
        ({"departs": None}, [], [(0, 2)]),
        ({"departs": "Wednesday; fri"}, [], [(2, 4), (4, 6)]),
        ({"departs": "Wed Fri", "from": MONDAY + pd.Timedelta(days=3)}, [], [(4, 6)]),
        ({"from": MONDAY + pd.Timedelta(days=3)}, [], []),
        ({}, [(0, "closed", "H"), (1, "CLOSURE", "")], [(2, 4)]),
        ({}, [(2, "Closed", "R"), (3, " closed", "R"), (4, "open day", "R")], [(0, 4)]),
        ({"departs": "Mon"}, [(0, "closed", "H")], []),
        ({"departs": "Mon"}, [(0, "closed", "elsewhere")], [(0, 2)]),
    ],
)
def test_departures_of_this_plan(row: dict, closed: list, leaves: list):
    """Days to leaving and to arrival."""
    (times,) = times_of(row, calendar=calendar_of(*closed))
    assert times.departures(0) == leaves


def test_a_limit_by_the_day_lets_units_wait_for_any_day():
    """The region takes in four a day."""
    (times,) = times_of({}, regions={"R": {"receiving_units": 4.0}})
    assert [offset for offset, _ in times.departures(0)] == list(range(7))


def test_each_departure_is_a_lane_and_those_of_a_row_share_its_capacity():
    """Two rows of Tuesday and Friday are one of ten; one of Tuesday at 300 a vehicle is another."""
    same = {"departs": "Tue Fri"}
    found = open_lanes(times_of(same, same, {"departs": "Tue", "vehicle_cost": 300.0}))["H", "R"]
    told = [(lane.offset, lane.lead_days, lane.capacity, lane.vehicle_cost) for lane in found]
    assert sorted(told) == [(1, 3, 5.0, 300.0), (1, 3, 10.0, 0.0), (4, 6, 10.0, 0.0)]
    assert len({lane.row for lane in found if lane.vehicle_cost == 0.0}) == 1
    assert all(math.isinf(lane.vehicle_kg) and lane.line_cost == 0.0 for lane in found)


def test_later_plans_are_known_by_their_earliest_arrival():
    """Next Monday the hub rests, so that plan's units come a day later; none after the row ends."""
    rows = times_of({"to": MONDAY + pd.Timedelta(days=20)}, calendar=calendar_of((7, "closed", "")))
    (lane,) = lanes_ahead(rows, HUBS)["R"]
    assert [lane.earliest(day) for day in (0, 7, 14, 21, 7)] == [2, 3, 2, None, 3]
