"""The weeks after as arrays: windows, what comes without a plan, and the ways in, on paper."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.ahead.horizon import plans_in, reached_now, read_horizon
from foreship_optimize.network.economics import price_cells
from foreship_optimize.network.exits import read_exits
from tests.optimize.small_network import STEADY, day, demand_of, lane, read, tables_of

SURE = demand_of({("R", "I"): [[7], [14], [21], [28], [1]]})
"""one unit in a week: orders are of single units"""


def horizon_of(plans: int = 3, **rows):
    tables = tables_of(**rows)
    network, cells = read(tables, SURE)
    exits = read_exits(tables["exits"], network, STEADY.exits)
    money = price_cells(cells, network, exits, STEADY, 0.0, 35)
    return read_horizon(network, cells, SURE, money, 1, plans, reached_now(network, cells))


def test_a_window_begins_when_the_cheapest_lane_arrives():
    """Without a lead time a window is a week; two days later it has five sevenths of it."""
    assert horizon_of().wanted[0, :, 0].tolist() == [7, 14, 21]
    late = horizon_of(lanes=[lane("H", "R", lead=2), lane("R", "H")])
    assert late.wanted[0, :, 0].tolist() == [5 + 4, 10 + 6, 15 + 8]


def test_what_lies_there_and_what_comes_counts_where_it_arrives():
    """Of 5 units 3 are left on the second day; 4 come in the first window, 2 in the second."""
    found = horizon_of(
        lanes=[lane("H", "R", lead=2), lane("R", "H")],
        stock=[("H", "I", 50), ("R", "I", 5)],
        inbound=[("R", "I", 4, day(6)), ("R", "I", 2, day(9)), ("R", "I", 1, day(40))],
    )
    assert found.supply[0].tolist() == pytest.approx([3.0 + 4.0, 2.0, 0.0])


def test_a_slower_lane_arrives_a_window_later_and_one_that_opens_has_no_way_before():
    """The cheap lane takes no time, the dear one eight days from the second Monday on."""
    dear = lane("H", "R", 2.0, 8, start=day(7))
    ways = horizon_of(lanes=[lane("H", "R", 1.0), dear, lane("R", "H")]).ways
    slow = ways.cost == 2.0
    assert ways.plan[~slow].tolist() == ways.window[~slow].tolist() == [0, 1, 2]
    assert ways.plan[slow].tolist() == [1, 2]
    assert ways.window[slow].tolist() == [3, 3], "the second arrives after the horizon"


def test_an_empty_hub_sends_nothing_now_and_may_send_later_what_is_coming():
    """Its first way is that of the next plan."""
    found = horizon_of(stock=[], inbound=[("H", "I", 9, day(3))])
    assert found.ways.plan.tolist() == [1, 2]
    assert np.isinf(found.landed[0, 0]) and found.landed[0, 1] == 1.0


def test_plans_are_those_whose_windows_the_demand_covers():
    """Four weeks hold four weekly plans, or two of two weeks; a setting may ask for fewer."""
    assert plans_in(28, 1, None) == 4
    assert plans_in(28, 2, None) == 2
    assert plans_in(28, 1, 2) == 3
    assert plans_in(3, 1, None) == 1
