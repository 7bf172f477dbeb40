"""What an arrival must be worth at least, way by way."""

from __future__ import annotations

import numpy as np

from foreship_optimize.valuation.hold_back import scarce_hubs
from foreship_optimize.valuation.hub_credit import hub_credit
from foreship_optimize.valuation.inputs import possible_moves, read_inputs
from foreship_optimize.valuation.thresholds import Thresholds, thresholds_of
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues
from tests.optimize.small_network import STEADY, demand_of, lane, tables_of
from tests.optimize.table_builder import MONDAY

ENDLESS, ROOM = np.inf, 9.0


def thresholds(room: float, exits: list[tuple]) -> Thresholds:
    """R holds three units worth 2.5 and more there; S is reached from R at .75 and from H at 4."""
    regions = [("R", room, 2.0, "", np.nan, np.nan), ("S", np.inf, 2.0, "", np.nan, np.nan)]
    tables = tables_of(
        regions=regions,
        lanes=[lane("H", "S", 4.0), lane("R", "S", 0.75), lane("R", "H", 1.0)],
        stock=[("R", "I", 3), ("H", "I", 9)],
        exits=[("redirect", "", "", 0.0, 0.0, np.inf, 0.0), *exits],
    )
    demand = demand_of({(name, "I"): [[1]] * 4 for name in ("R", "S")})
    inputs = read_inputs(tables, demand, MONDAY, STEADY, 0.0)
    ranks = np.arange(3)
    units = UnitValues(0 * ranks, ranks + 1, 4.5 - ranks, *(np.zeros((3, 3))))
    hubs = scarce_hubs(inputs, inputs.economics.arrival_day)
    return thresholds_of(inputs, possible_moves(inputs), units, hub_credit(inputs, hubs))


def test_a_ship_must_earn_its_lane_and_a_redirect_what_the_unit_earns_where_it_lies():
    """4 from H; from R .75 and the 2.5 of the unit that would stay. Three units may come so."""
    found = thresholds(ENDLESS, [])
    assert found.ship.tolist() == [np.inf, 4.0]
    assert found.any_way.tolist() == [np.inf, 3.25]
    assert found.sources.tolist() == [0, 3]


def test_where_storage_may_force_units_out_any_worth_may_do():
    """No exit is sure: making room may be worth any money."""
    assert thresholds(ROOM, []).any_way.tolist() == [np.inf, -np.inf]


def test_an_exit_for_all_is_what_a_redirect_must_beat():
    """Given away for 1.50 a unit costs less than a redirect to where it is worth -.75 less."""
    gift = ("donate", "", "", 1.5, 10.0, np.inf, 0.0)
    few = ("donate", "", "", 1.5, 10.0, 1.0, 0.0)
    assert thresholds(ROOM, [gift]).any_way[1] == 0.75 - 1.5
    assert thresholds(ROOM, [few]).any_way[1] == -np.inf


def test_no_more_units_pay_below_the_ship_than_lie_elsewhere():
    """Of ten units worth 9, 8, .. 0 five pay by ship; redirects may bring three more."""
    ranks = np.arange(10)
    cell = np.ones(10, dtype=np.int64)
    units = UnitValues(cell, ranks + 1, 9.0 - ranks, *(np.zeros((3, 10))))
    assert thresholds(ROOM, []).last_paying(units, units.value).tolist() == [0, 8]
