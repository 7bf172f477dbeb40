"""The limits that later plans share: lanes and docks by plan, and hubs until they are refilled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.ahead.rooms import Rooms, behind_limits, limits_of, rooms_of
from foreship_optimize.network.transport.places_and_lanes import Network, read_network
from foreship_optimize.tables import Tables, complete
from tests.optimize.ahead.drawn_horizon import drawn
from tests.optimize.small_network import STEADY, day, lane, tables_of
from tests.optimize.table_builder import MONDAY


def network_of(stated=None, **rows) -> Network:
    """One hub and one region, some tables of which state further columns."""
    tables = complete(tables_of(**rows), STEADY.economics)
    more = {name: tables[name].assign(**columns) for name, columns in (stated or {}).items()}
    return read_network(Tables({**tables, **more}, STEADY.economics), MONDAY)


def lanes_there(network: Network, rooms: Rooms) -> np.ndarray:
    """Positions of the lanes from the hub."""
    return np.flatnonzero(network.lanes.origin == 0)


def test_a_lane_carries_for_each_plan_on_whose_monday_it_is_open():
    """From the second Monday on; before it no unit uses it, so that it limits nothing."""
    ways = [lane("H", "R", capacity=6.0, start=day(7)), lane("R", "H")]
    network = network_of(lanes=ways)
    rooms = rooms_of(network, 7, 3)
    there = int(lanes_there(network, rooms)[0])
    assert rooms.most[:, there].tolist() == [np.inf, 6.0, 6.0]
    assert rooms.group[:, there].tolist() == [-1, there, there]
    assert behind_limits(network, rooms, 7).tolist() == [True]
    assert behind_limits(network, rooms_of(network_of(), 7, 3), 7).tolist() == [False]


def test_departures_of_a_row_share_its_room_and_docks_have_theirs_on_each_day():
    """Monday and Thursday: 6 in all; 4 a day are picked, 5 taken in, 3 are on their way."""
    stated = {
        "lanes": {"departs": ["Mon, Thu", ""]},
        "hubs": {"picking_units": [4.0]},
        "regions": {"receiving_units": [5.0]},
    }
    ways = [lane("H", "R", capacity=6.0), lane("R", "H")]
    network = network_of(stated, lanes=ways, inbound=[("R", "I", 3, day(8))])
    rooms = rooms_of(network, 7, 2)
    there = lanes_there(network, rooms)
    assert len(there) == 2
    assert rooms.group[1, there].tolist() == [there[0]] * 2
    assert rooms.most[1, there].tolist() == [6.0, np.inf]
    assert rooms.most[:, -2:].tolist() == [[8.0, 10.0], [8.0, 7.0]]
    load = np.zeros_like(rooms.most)
    rooms.add_load(load, np.array([1, 1]), there, np.array([2.0, 1.0]), np.array([0.5, 3.0]))
    assert load[1, there[0]] == pytest.approx(4.0), "volume of both departures"
    assert load[1, -2:].tolist() == [3.0, 3.0], "units"


def test_ways_share_their_lane_of_a_plan_and_the_first_plan_what_its_hub_holds():
    """Four lanes of five plans; G has 4 of I, H 90 of each, and only this plan is before refill."""
    case = drawn(1)
    room, ways = case.room, case.horizon.ways
    of_lanes = room.plan >= 0
    assert of_lanes.sum() == len({*zip(ways.plan, ways.lane, strict=True)})
    assert sorted(room.most[~of_lanes]) == [4.0, 90.0, 90.0]
    for way, row in zip(room.way, room.row, strict=True):
        if of_lanes[row]:
            assert (room.plan[row], room.place[row]) == (ways.plan[way], ways.lane[way])
        else:
            assert ways.plan[way] == 0


def test_cells_outside_the_program_leave_less_room():
    """Two volumes of a lane are used by others, of another more than all of it."""
    case = drawn(2)
    rows = [int(at) for at in np.flatnonzero(case.room.plan == 1)[:2]]
    plan, place = case.room.plan[rows], case.room.place[rows]
    others = np.zeros_like(case.rooms.most)
    others[plan, place] = [2.0, 99.0]
    left = limits_of(case.horizon, case.network, case.rooms, others, np.full(2, 7), 7)
    assert left.most[rows] == pytest.approx([case.room.most[rows[0]] - 2.0, 0.0])
    free = replace(case.rooms, most=np.full_like(case.rooms.most, np.inf))
    none = limits_of(case.horizon, case.network, free, others, np.zeros(2), 7)
    assert len(none.most) == len(none.way) == 0
