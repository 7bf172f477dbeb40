"""What a plan's own units came to, by hand; `tests/foreship/replay/test_promises.py` has more."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.buyers import Buyers
from foreship.judge.departures import PlanRefused, read_plan
from foreship.judge.network import Network
from foreship.judge.outcome import Outcome, Terms, outcome_of
from foreship.judge.state import opening_state
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, orders, plan, world

STAKES = pd.DataFrame({
    "region": "R1", "item": "K", "unit": [1, 2], "gain": [3.0, 2.0], "loss": [0.5, 0.75],
})  # fmt: skip


def came(stakes=STAKES, *, known_days: int = 28, lines=None) -> Outcome:
    """Two kettles go to R1, where one is wanted on Thursday and none after."""
    tables = world(orders=orders((3, "R1", "K", 1)))
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    leaving = read_plan(network, lines or plan(("ship", "H1", "R1", "K", 2)), MONDAY)
    terms = Terms(review_weeks=1, horizon_weeks=2, end=MONDAY + np.timedelta64(known_days, "D"))
    state = opening_state(network, tables)
    return outcome_of(network, state, buyers, leaving, MONDAY, terms, stakes)


def test_one_is_won_and_one_is_lost():
    """The first gains 3, the second loses .75. Unneeded it cost 1.50 to send, two weeks at .10.

    To be rid of it is 1.00 more: back to H1 at .50, and .50 of handling.
    """
    found = came()
    assert found.gain == pytest.approx(3.0 - 0.75)
    assert found.loss == pytest.approx(1.5 + 2 * 0.1 + 1.0)


@pytest.mark.parametrize(
    ("days", "gain", "loss"), [(14, True, True), (13, True, False), (8, False, False)]
)
def test_what_lies_beyond_the_last_order_is_not_known(days: int, gain: bool, loss: bool):
    """The window closes nine days on, the risk horizon after two weeks."""
    found = came(known_days=days)
    assert (not np.isnan(found.gain), not np.isnan(found.loss)) == (gain, loss)


def test_stakes_of_other_units_are_refused_and_without_them_the_gain_is_not_known():
    """Three units told of where two were sent."""
    with pytest.raises(PlanRefused, match="not those that it sends"):
        came(pd.concat([STAKES, STAKES.iloc[:1].assign(unit=3)]))
    assert np.isnan(came(None).gain) and came(None).loss == came().loss
