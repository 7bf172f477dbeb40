"""The judge's own reading of when a later plan's units may come, and at what cost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.gain.next_arrivals import Supply, next_arrivals
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, date, lane, world


def found(lanes, *, after=2, usual=2, sight=8, stock=((9, 9), (9, 9)), wanted=((1, 1), (1, 1))):
    """Day and cost of the next kettle in R1, for a plan whose first units come on day `usual`."""
    network = Network.from_tables(world(lanes=pd.DataFrame(lanes)), EXITS)
    units = np.array(stock, dtype=float)
    supply = Supply(units > 0, units, np.array(wanted, dtype=float))
    cells = np.array([0]), np.array([0])
    day = np.array([usual]), np.array([after])
    ahead = next_arrivals(network, supply, MONDAY, cells, *day, review_weeks=1, sight_weeks=sight)
    return int(ahead.day[0]), float(ahead.landed[0])


def test_a_lane_that_rests_three_weeks_makes_the_window_longer():
    """Open today and again from the fourth Monday on, then at 3: day 28 and two days of road."""
    rests = [
        lane("H1", "R1", 1.0, 2) | {"to": date(1)},
        lane("H1", "R1", 3.0, 2) | {"from": date(22)},
    ]
    assert found(rests) == (30, 3.0)
    assert found([lane("H1", "R1", 1.0, 2)]) == (9, 1.0)


def test_what_comes_beyond_what_the_plan_sees_is_not_waited_for():
    """The same lane, seen for four weeks only; one that is over for good."""
    rests = [
        lane("H1", "R1", 1.0, 2) | {"to": date(1)},
        lane("H1", "R1", 3.0, 2) | {"from": date(22)},
    ]
    assert found(rests, sight=4) == (9, np.inf)
    assert found([lane("H1", "R1", 1.0, 2) | {"to": date(6)}]) == (9, np.inf)


def test_the_first_arrival_after_a_late_unit_is_looked_for():
    """A unit that came on day 9 beside one usual on day 2 has until day 16."""
    assert found([lane("H1", "R1", 1.0, 2)], after=9) == (16, 1.0)
    assert found([lane("H1", "R1", 1.0, 2) | {"to": date(1)}], after=11) == (16, np.inf)


def test_a_hub_without_the_item_sends_none_and_its_lane_is_not_asked():
    """H2 is quicker and cheaper, and has no kettle."""
    both = [lane("H1", "R1", 2.0, 3), lane("H2", "R1", 1.0, 1)]
    assert found(both) == (8, 1.0)
    assert found(both, stock=((9, 9), (0, 9))) == (10, 2.0)


@pytest.mark.parametrize(("near", "cost"), [(5, 1.0), (4, 1.0), (3, 2.0)])
def test_the_hub_that_serves_the_last_of_what_is_wanted_sets_the_cost(near, cost):
    """Four are wanted; the near hub at 1 has five, four or three of them, the far one the rest."""
    both = [lane("H1", "R1", 2.0, 2), lane("H2", "R1", 1.0, 2)]
    assert found(both, stock=((9, 9), (near, 9)), wanted=((4, 1), (1, 1))) == (9, cost)


def test_regions_share_a_hub_that_has_too_little_for_both():
    """R1 and R2 want four each of the six at H2: each has three, and R1 its fourth from H1."""
    lanes = [lane("H1", "R1", 2.0, 2), lane("H2", "R1", 1.0, 2), lane("H2", "R2", 1.0, 2)]
    assert found(lanes, stock=((9, 9), (6, 9)), wanted=((4, 1), (4, 1))) == (9, 2.0)
    assert found(lanes, stock=((0, 9), (6, 9)), wanted=((4, 1), (4, 1))) == (9, 1.0)
