"""What came of a plan, by hand; `tests/foreship/replay/test_promises.py` has more."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.departures import PlanRefused
from foreship.judge.carried_out.state import opening_state
from foreship.judge.gain.outcome import Outcome, Terms, come_of
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning, Refills
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, orders, plan, world

TWO = plan(("ship", "H1", "R1", "K", 2))


def came(lines=TWO, *, known_days: int = 28) -> Outcome:
    """Two kettles go to R1, where one is wanted on Thursday and none after."""
    tables = world(orders=orders((3, "R1", "K", 1)))
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    state = opening_state(network, tables)
    refills = Refills.like_stock(network, state, 4.0, 13)
    terms = Terms(1, 2, sight_weeks=8, end=MONDAY + np.timedelta64(known_days, "D"))
    return come_of(network, Morning(MONDAY, state, 0), buyers, refills, lines, terms)


def test_one_is_sold_for_less_than_a_parcel_and_one_is_left():
    """The two cost 1.50 each; the one sold saves a parcel of 5 for a last mile of 1.

    The other lies over one Sunday at .10, and saves the 1.50 of a unit of the next plan: half an
    order and one in ten days, shared over two weeks, use it up long before it eats that.
    Unneeded it cost 1.50 to send, two weeks at .10, and 1.00 to be rid of: back to H1 at .50, and
    .50 of handling.
    """
    found = came()
    assert found.gain == pytest.approx(-3.0 + (5.0 - 1.0) - 0.1 + 1.5)
    assert found.loss == pytest.approx(1.5 + 2 * 0.1 + 1.0)


@pytest.mark.parametrize(
    ("days", "gain", "loss"), [(14, True, True), (13, True, False), (8, False, False)]
)
def test_what_lies_beyond_the_last_order_is_not_known(days: int, gain: bool, loss: bool):
    """The window closes nine days on, the risk horizon after two weeks."""
    found = came(known_days=days)
    assert (not np.isnan(found.gain), not np.isnan(found.loss)) == (gain, loss)


def test_a_plan_that_sends_nothing_gains_and_loses_nothing():
    """Whatever is ordered."""
    assert came(TWO.iloc[:0]) == Outcome(0.0, 0.0)


def test_a_plan_that_cannot_be_carried_out_is_refused():
    """H1 holds eight kettles."""
    with pytest.raises(PlanRefused, match="H1 has 8 of K, the plan moves 9"):
        came(plan(("ship", "H1", "R1", "K", 9)))
