"""What a unit is worth where it lies, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.network.network import Network
from foreship.judge.orders.retained import retained_in
from tests.foreship.judge.orders.order_worlds import order_world
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, date, frame

CELLS = (np.array([0, 1]), np.array([0, 0]))


def worth(pile, *, sells=2.0, **changes):
    """Return the worth of the last of a pile of kettles in R1 and R2."""
    network = Network.from_tables(order_world(freight=0.89) | changes, EXITS)
    mean = np.full((2, 2), sells)
    found = retained_in(network, CELLS, mean, MONDAY)
    rows = found.of(*CELLS)
    one_by_one = [max(floor, landed - waiting * pile) for landed, waiting, floor in rows]
    assert found.worth(CELLS[0] * 2 + CELLS[1], np.full(2, pile)).tolist() == one_by_one
    return one_by_one


def test_it_is_the_next_units_freight_less_the_holding_until_then():
    """Two a week: the fourth of a pile waits two weeks at .10."""
    assert worth(4) == pytest.approx([0.69, 0.69])
    assert worth(0) == pytest.approx([0.89, 0.89])


def test_it_is_no_less_than_the_cheapest_exit():
    """From R1 a kettle goes back for .50 and .50 of handling; R2's is marked down by 3."""
    assert worth(1000) == pytest.approx([-1.0, -3.0])


def test_where_none_is_wanted_or_none_can_come_a_unit_is_only_to_be_got_rid_of():
    """No order of late; no lane that day; an assortment that is over before next Monday."""
    assert worth(1, sells=0.0) == pytest.approx([-1.0, -3.0])
    lanes = order_world()["lanes"]
    later = lanes.assign(**{"from": [date(1) if o != "R1" else pd.NaT for o in lanes["origin"]]})
    assert worth(1, lanes=later) == pytest.approx([-1.0, -3.0])
    rows = [("R1", "K", pd.NaT, date(6)), ("R2", "K", pd.NaT, date(7))]
    ends = frame("region item from to", rows)
    assert worth(0, assortment=ends) == pytest.approx([-1.0, 0.89])
