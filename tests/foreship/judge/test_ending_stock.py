"""What is left at the end of a replay, in money."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.ending_stock import left_over_value
from foreship.judge.network import Network
from foreship.judge.state import opening_state
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
