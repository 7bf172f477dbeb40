"""The limits that later plans share: lanes by plan, and hubs until they are refilled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.ahead.rooms import LANE, STOCK, limits_of, room_of_lanes
from tests.optimize.ahead.drawn_horizon import PLANS, drawn
from tests.optimize.small_network import day, demand_of, lane, read, tables_of


def test_a_lane_carries_for_each_plan_on_whose_monday_it_is_open():
    """From the second Monday on; before it a lane carries nothing."""
    ways = [lane("H", "R", capacity=6.0, start=day(7)), lane("R", "H")]
    network, _ = read(tables_of(lanes=ways), demand_of({("R", "I"): [[1]] * 3}))
    at = int(np.flatnonzero(network.lanes.capacity == 6.0)[0])
    assert room_of_lanes(network, 7, 3)[:, at].tolist() == [0.0, 6.0, 6.0]


def test_ways_share_their_lane_of_a_plan_and_the_first_plan_what_its_hub_holds():
    """Four lanes of five plans; G has 4 of I, H 90 of each, and only this plan is before refill."""
    case = drawn(1)
    room, ways = case.room, case.horizon.ways
    assert (room.kind == LANE).sum() == len({*zip(ways.plan, ways.lane, strict=True)})
    assert sorted(room.most[room.kind == STOCK]) == [4.0, 90.0, 90.0]
    for way, row in zip(room.way, room.row, strict=True):
        if room.kind[row] == LANE:
            assert (room.plan[row], room.place[row]) == (ways.plan[way], ways.lane[way])
        else:
            assert ways.plan[way] == 0 and room.place[row] == ways.hub[way]


def test_cells_outside_the_program_leave_less_room():
    """Two volumes of a lane are used by others, of another all of it."""
    case = drawn(2)
    plan, place = (each[case.room.kind == LANE][:2] for each in (case.room.plan, case.room.place))
    room = np.full((PLANS, int(case.horizon.ways.lane.max()) + 1), np.inf)
    room[plan, place] = 6.0
    others = np.zeros_like(room)
    others[plan, place] = [2.0, 9.0]
    network = read(tables_of(hubs=[("G", 0, 0), ("H", 0, 0)]), demand_of({("R", "I"): [[1]]}))[0]
    left = limits_of(case.horizon, network_of_lanes(network, room), room, others, np.zeros(2), 7)
    assert left.most == pytest.approx([4.0, 0.0])


def network_of_lanes(network, room):
    """Return the network with as many lanes as there is room for."""
    origin = np.zeros(room.shape[1], dtype=np.int64)
    return replace(network, lanes=replace(network.lanes, origin=origin))
