"""What is left at the end of a replay, in money."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.account.ending_stock import left_over_value, left_unsold, sale_ahead
from foreship.judge.carried_out.state import opening_state
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, frame, inbound, world


def test_left_over_units_save_the_landed_cost_less_their_wait():
    """Units are worth c - h j / m each, never less than being rid of them costs."""
    stock = frame("location item quantity", [("R1", "K", 3), ("R2", "L", 1), ("H1", "K", 9)])
    tables = world(stock=stock, inbound=inbound(("R1", "K", 1, 30)))
    network = Network.from_tables(tables, EXITS)
    state = opening_state(network, tables)
    mean = np.array([[0.2, 0.0], [0.0, 0.0]])  # kettles in R1; nobody buys lamps in R2
    # Kettles in R1: 1.5 landed, 0.10 a week, five weeks a unit; its exit (lane 0.5 + 0.5) is 1.
    kettles = (1.5 - 0.5) + (1.5 - 1.0) + (1.5 - 1.5) + (1.5 - 2.0)
    # The lamp in R2 has no lane back: markdown 0.3 x 30 = 9 beats a gift at 15.
    value = left_over_value(network, state, mean, MONDAY)
    assert value == pytest.approx(kettles - 9)


def test_a_unit_that_a_window_leaves_is_worth_the_least_of_what_it_can_save():
    """By hand, equation 12a: a new unit's 2, its sale's 4 less the wait, or its exit's -1.

    One sells a week at a holding of .10: the first unit waits a week, the 25th so long that 1.50
    is left of its sale, and the 80th is better got rid of. Where none lands, the sale alone counts.
    """
    rank = np.array([1, 25, 80])
    worth = left_unsold(*(np.full(3, each) for each in (4.0, 2.0, 0.1, 1.0, 1.0)), rank)
    assert worth == pytest.approx([2.0, 1.5, -1.0])
    alone = left_unsold(*(np.full(3, each) for each in (4.0, np.inf, 0.1, 1.0, 1.0)), rank)
    assert alone == pytest.approx([3.9, 1.5, -1.0])


def test_a_sale_ahead_saves_a_parcel_or_the_margin_of_a_buyer_who_does_not_wait():
    """By hand: R1's kettles from H1 at 5, half of the buyers wait; from no hub, all are lost."""
    items = world()["items"].assign(lost_sale_share=0.5)
    network = Network.from_tables(world(items=items), EXITS)
    one, hubs = np.zeros(1, dtype=np.int64), np.array([[True, False], [True, False]])
    earned = sale_ahead(network, one, one, MONDAY, hubs)
    assert earned == pytest.approx([0.5 * (5.0 - 1.0) + 0.5 * (4.0 - 1.0)])
    assert sale_ahead(network, one, one, MONDAY, ~hubs)[0] == pytest.approx(4.0 - 1.0)
