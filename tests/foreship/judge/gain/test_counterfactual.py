"""What cells would have seen had a plan sent them nothing, and the ways into them."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.state import opening_state
from foreship.judge.gain.counterfactual import counterfactual_of, landing_by_week, ways_in
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, frame, inbound, orders, world


def opened(**changes):
    """Network, opening state and buyers of a world."""
    tables = world(**changes)
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    return network, opening_state(network, tables), buyers


def test_demand_that_finds_nothing_does_not_wait():
    """R1 has two kettles, one comes on Wednesday and one after the last day; buyers by day.

    Monday 1 (one left), Tuesday 3 (two find none), Wednesday 0 (one lands), Thursday 2 (one does).
    """
    network, state, buyers = opened(
        stock=frame("location item quantity", [("R1", "K", 2)]),
        inbound=inbound(("R1", "K", 1, 2), ("R1", "K", 1, 30)),
        orders=orders((0, "R1", "K", 1), (1, "R1", "K", 3), (3, "R1", "K", 2), (3, "R2", "K", 9)),
    )
    cells = np.array([0]), np.array([0])
    found = counterfactual_of(network, state, buyers, MONDAY, cells, 4)
    assert found.unmet.tolist() == [[0, 2, 0, 1]]
    assert found.left.tolist() == [[3, 2, 2, 1]]
    one = np.array([0, 0, 0])
    needed = found.need(one, np.array([0, 2, 1]), np.array([4, 4, 1]))
    assert needed.tolist() == [3, 1, 0]


def test_units_land_in_their_week_and_those_after_the_last_are_left_out():
    """Two lie there, one lands on Sunday, three on the Monday after, one after two weeks."""
    network, state, _ = opened(
        stock=frame("location item quantity", [("R1", "K", 2), ("R2", "K", 9)]),
        inbound=inbound(
            ("R1", "K", 1, 6), ("R1", "K", 3, 7), ("R1", "K", 1, 14), ("H1", "K", 5, 0)
        ),
    )
    cells = np.array([0, 1]), np.array([0, 1])
    assert landing_by_week(network, state, MONDAY, cells, 2).tolist() == [[3, 3], [0, 0]]


def test_the_way_in_is_the_cheapest_lane_and_the_day_the_earliest():
    """Kettles (2 kg) to R1: 1.50 from H1, 2 from H2, two days at the earliest; R2 the other way.

    Lamps lie at H1 alone: 1 + .25 to R1, and 2 to R2 in three days.
    """
    network, state, _ = opened()
    ways = ways_in(network, state, MONDAY)
    assert ways.cost == pytest.approx(np.array([[1.5, 1.25], [1.5, 2.0]]))
    assert ways.lead.tolist() == [[2, 2], [2, 3]]


def test_a_redirect_is_the_way_in_only_where_no_hub_has_the_item():
    """No kettles at hubs, one in R1: to R2 at .75 and .20 of handling, in a day; R1 has no way."""
    network, state, _ = opened(stock=frame("location item quantity", [("R1", "K", 1)]))
    ways = ways_in(network, state, MONDAY)
    assert ways.cost == pytest.approx(np.array([[0.0, 0.0], [0.95, 0.0]]))
    assert ways.lead.tolist() == [[0, 0], [1, 0]]
