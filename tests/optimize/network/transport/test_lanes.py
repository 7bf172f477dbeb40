"""Lanes are departures: which lanes a row has, what they share, and how they are named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.network.transport.lanes import Lanes
from foreship_optimize.network.transport.places_and_lanes import read_network
from foreship_optimize.tables import complete
from tests.optimize.departing_networks import calendar_of
from tests.optimize.small_network import lane, tables_of
from tests.optimize.table_builder import MONDAY

TRUCK = lane("H", "R", 1.0, 2, capacity=5.0)


def read(*rows: tuple, calendar: pd.DataFrame | None = None, **columns: list) -> Lanes:
    """Return the lanes of some rows, with more columns of theirs; `picking` is the hub's limit."""
    tables = tables_of(lanes=list(rows))
    tables["hubs"]["picking_units"] = columns.pop("picking", [np.inf])
    tables["lanes"] = tables["lanes"].assign(**columns)
    more = {} if calendar is None else {"calendar": calendar}
    return read_network(complete(tables | more), MONDAY).lanes


def days(lanes: Lanes) -> list[tuple[int, int, int]]:
    """Row, days to leaving and to arrival of each lane."""
    return list(zip(*(c.tolist() for c in (lanes.row, lanes.offset, lanes.lead_days)), strict=True))


def test_absent_columns_are_one_departure_on_the_day_of_the_plan():
    """Nothing to pay for beside units, nothing drawn."""
    lanes = read(TRUCK)
    assert days(lanes) == [(0, 0, 2)] and lanes.group_on(0).tolist() == [0]
    assert lanes.vehicle_cost.tolist() == lanes.line_cost.tolist() == lanes.sd_days.tolist() == [0]
    assert np.isinf([lanes.vehicle_volume, lanes.vehicle_kg]).all()


def test_what_a_departure_costs_is_read_from_its_row():
    """A vehicle of 300 for 20 and 900 kg, 4 a line, two days of spread; a blank spread is none."""
    lanes = read(
        TRUCK, lane("H", "R", 3.0), departs=["tue,FRIDAY", ""], vehicle_cost=[300.0, 0.0],
        vehicle_capacity=[20.0, np.inf], vehicle_kg=[900.0, np.inf], line_cost=[4.0, 0.0],
        lead_time_sd_days=[2.0, np.nan],
    )  # fmt: skip
    assert days(lanes) == [(0, 1, 3), (0, 4, 6), (1, 0, 0)]
    assert lanes.vehicle_cost.tolist() == [300, 300, 0] and lanes.line_cost.tolist() == [4, 4, 0]
    assert lanes.vehicle_volume.tolist() == [20, 20, np.inf]
    assert lanes.vehicle_kg.tolist() == [900, 900, np.inf] and lanes.sd_days.tolist() == [2, 2, 0]


def test_departures_of_a_row_share_its_capacity():
    """Tuesday and Friday of one truck; the lane beside it has room of its own."""
    lanes = read(TRUCK, lane("H", "R", 3.0, capacity=7.0), departs=["Tue Fri", ""])
    assert lanes.group_on(0).tolist() == [0, 0, 2]
    assert lanes.room_on(0).tolist() == [5, 5, 7]


def test_rows_of_the_same_terms_and_departures_are_one_row_of_their_capacities():
    """Two trucks of Tuesday and Friday carry ten together on either day; one of Tuesday is alone.

    "Fri Tue" says the same as "Tue Fri".
    """
    lanes = read(TRUCK, TRUCK, TRUCK, departs=["Tue Fri", "Fri Tue", "Tue"])
    carries = np.flatnonzero(lanes.carried_by(0) == np.arange(5))
    assert sorted(lanes.room_on(0)[carries].tolist()) == [5, 10, 10]
    assert len(np.unique(lanes.group_on(0)[carries])) == 2


def test_a_closed_monday_moves_one_plan_alone():
    """The truck of this plan leaves on Tuesday, the next one's on Monday again."""
    lanes = read(TRUCK, calendar=calendar_of((0, "Closed (holiday)", "H"), (7, "sale", "R")))
    for day, leaves in ((0, 1), (7, 0), (14, 0)):
        assert lanes.offset[lanes.open_on(day)].tolist() == [leaves]


def test_a_depot_that_rests_takes_in_on_its_next_working_day():
    """Wednesday and Thursday are closed everywhere: what leaves on Monday comes on Friday."""
    lanes = read(TRUCK, calendar=calendar_of((2, "closed", ""), (3, "closure", "")))
    assert days(lanes) == [(0, 0, 4), (0, 0, 2)]
    assert lanes.open_on(0).tolist() == [True, False] == (~lanes.open_on(7)).tolist()


def test_where_a_day_picks_little_every_day_is_a_departure():
    """Seven days to the next plan; a hub without a limit sends on Monday."""
    assert read(TRUCK, picking=[3.0]).offset.tolist() == list(range(7))
    assert read(TRUCK).offset.tolist() == [0]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [1, 2, 0]])
def test_the_order_of_rows_changes_nothing(order: list[int]):
    """Three rows that differ in departs or vehicle alone."""
    departs, cost = ["Tue Fri", "Mon", "Mon"], [0.0, 10.0, 5.0]
    lanes = read(
        *[TRUCK] * 3,
        departs=[departs[each] for each in order], vehicle_cost=[cost[each] for each in order],
    )  # fmt: skip
    told = zip(lanes.row.tolist(), lanes.offset.tolist(), lanes.vehicle_cost.tolist(), strict=True)
    assert list(told) == [(0, 1, 0), (0, 4, 0), (1, 0, 5), (2, 0, 10)]


def test_lanes_of_one_pair_are_told_apart_by_weekday_where_any_waits():
    """Transit days count from leaving."""
    lanes = read(TRUCK, departs=["Tue Fri"])
    assert lanes.told_apart(np.arange(2)).tolist() == ["Tue, 2 days at 1", "Fri, 2 days at 1"]
    both = read(TRUCK, lane("H", "R", 3.0))
    assert both.told_apart(np.arange(2)).tolist() == ["2 days at 1", "0 days at 3"]
