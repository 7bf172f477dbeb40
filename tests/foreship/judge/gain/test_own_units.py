"""A plan's own units, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.departures import read_plan
from foreship.judge.carried_out.state import opening_state
from foreship.judge.gain.own_units import own_units, served_there
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning, play_week
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, frame, inbound, orders, plan, world

MOVES = plan(
    ("ship", "H1", "R1", "K", 3),
    ("ship", "H2", "R1", "K", 1),
    ("redirect", "R1", "R2", "K", 1),
    ("markdown", "R2", "", "L", 2),
)


def opened(**changes):
    """Network, the Monday morning and buyers of a world."""
    lying = [("H1", "K", 8), ("H2", "K", 4), ("R1", "K", 2), ("R2", "L", 4)]
    tables = world(stock=frame("location item quantity", lying), **changes)
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    return network, Morning(MONDAY, opening_state(network, tables), 0), buyers


def test_a_unit_that_nobody_needs_loses_its_way_in_its_holding_and_its_exit():
    """Four kettles to R1 at 1.50, one of them by the dearer hub at 2.00; one goes to R2.

    Unneeded each costs 1.50, four weeks at .10 and 1.00 to go back; in R2 1.50 by H2 and 3.00.
    """
    network, morning, _ = opened()
    own = own_units(network, morning, read_plan(network, MOVES, MONDAY), 4)
    assert (own.region.tolist(), own.item.tolist()) == ([0, 1], [0, 0])
    assert own.sent.tolist() == [4, 1] and own.dearer == pytest.approx(0.5)
    assert own.each.tolist() == pytest.approx([1.5 + 0.4 + 1.0, 1.5 + 0.4 + 3.0])
    assert own.loss(np.array([3, 9])) == pytest.approx(0.5 + 2.9)


def test_what_buyers_took_is_what_is_missing():
    """R1 sells three kettles, R2 one lamp; units that move or are marked down are not sold."""
    network, morning, buyers = opened(
        orders=orders((0, "R1", "K", 1), (3, "R1", "K", 2), (1, "R2", "L", 1)),
        inbound=inbound(("R1", "K", 1, 20), ("H1", "K", 7, 1)),
    )
    leaving = read_plan(network, MOVES, MONDAY)
    after, ledger, _ = play_week(network, morning, buyers, MOVES)
    served = served_there(network, morning.state, leaving, after)
    assert served.tolist() == [[3, 0], [0, 1]] and ledger.served_locally == 4
