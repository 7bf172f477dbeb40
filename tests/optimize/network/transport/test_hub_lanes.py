"""Tables of lanes by hub and region."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.network.transport.hub_lanes import from_hubs, full_vehicle_share, lane_cost
from tests.optimize.small_network import day, demand_of, lane, read, tables_of


def test_a_hub_has_a_table_for_each_of_its_lanes_to_a_region():
    """H has two ways to R, one of which has not begun; a lane that is none costs nothing finite."""
    ways = [lane("H", "R", 1.0), lane("H", "R", 3.0, 4), lane("H", "R", 2.0, 9, start=day(7))]
    network, _ = read(tables_of(lanes=ways), demand_of({("R", "I"): [[1]]}))
    now, then = from_hubs(network, 0), from_hubs(network, 7)
    costs = [lane_cost(network, table, np.zeros(1, dtype=np.int64))[0] for _, table in now]
    assert sorted(costs) == pytest.approx([1.0, 3.0]) and len(then) == 3
    assert lane_cost(network, np.array([-1]), np.zeros(1, dtype=np.int64)).tolist() == [np.inf]


def test_a_unit_of_a_full_vehicle_pays_by_what_fills_it_first():
    """A vehicle of 90 for 100 volumes or 30 kg: an item of 1 and 1 pays .90 or 3, else nothing."""
    one = np.zeros(1, dtype=np.int64)
    for room, load, share in ((100.0, np.inf, 0.9), (100.0, 30.0, 3.0), (np.inf, np.inf, 0.0)):
        tables = tables_of()
        tables["lanes"]["vehicle_cost"] = [90.0, np.nan]
        tables["lanes"]["vehicle_capacity"] = [room, np.nan]
        tables["lanes"]["vehicle_kg"] = [load, np.nan]
        network, _ = read(tables, demand_of({("R", "I"): [[1]]}))
        there = np.flatnonzero(network.lanes.origin == 0)
        assert full_vehicle_share(network, there, one) == pytest.approx([share])
        assert full_vehicle_share(network, 1 - there, one) == pytest.approx([0.0])
