"""The plan that credits ask for: its units, its money, its limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.orders.baskets import Keeping
from foreship_optimize.orders.certification.branching import feasible
from foreship_optimize.orders.credit import Credit
from foreship_optimize.orders.stock_search.need_law import NeedLaw, sampled_law
from foreship_optimize.orders.stock_search.stocking import Stocking
from tests.optimize.orders.drawn_baskets import drawn_market

LAW = NeedLaw(np.array([0, 2, 2, 3]), np.array([1, 3, 2]), np.array([0.5, 0.25, 1.0]))
"""cell 0 wants one or three units, cell 1 none, cell 2 two"""
KEEPING = Keeping(
    lying=np.array([1, 0, 0]),
    idle=np.full(3, 0.1),
    dearer=np.zeros(3),
    region=np.zeros(3, np.int64),
    item=np.array([0, 1, 2]),
    volume=np.ones(3),
    room=np.array([np.inf]),
    supply=np.full(3, 9),
)
ALL = Credit(np.ones(3), np.full(3, 2.0))


def test_units_sent_add_to_those_that_lie_there():
    """Two more of cell 0, wanted in a quarter of windows: .5 - .075; both of cell 2; none of 1."""
    stocking = Stocking(LAW, KEEPING, np.zeros(3))
    assert stocking.gains(ALL) == pytest.approx([0.425, 0.425, 2.0, 2.0])
    assert stocking.sent(ALL).tolist() == [2, 0, 2]
    assert stocking.money(ALL, np.array([1, 0, 2])) == pytest.approx(4.425)


def test_limits_and_ways_decide_what_fits():
    """Room for one goes to the unit that gains most; without a way or supply nothing is asked."""
    tight = Stocking(LAW, replace(KEEPING, room=np.array([1.5])), np.zeros(3))
    assert tight.sent(ALL).tolist() == [0, 0, 1]
    barred = replace(KEEPING, dearer=np.array([np.inf, 0.0, 0.0]), supply=np.array([9, 9, 1]))
    stocking = Stocking(LAW, barred, np.zeros(3))
    assert stocking.sent(ALL).tolist() == [0, 0, 1]


def test_money_counts_what_is_sent_whether_or_not_it_pays_in_time():
    """Worth 4: a unit of cell 0 brings in (2 + 4) / 4 a window, so 4 takes 2.67 of them."""
    stocking = Stocking(LAW, KEEPING, np.full(3, 4.0), windows=2.0)
    assert stocking.sent(ALL).tolist() == [0, 0, 2]
    assert np.isfinite(stocking.gains(ALL, 2.0)).tolist() == [False, False, True, True]
    assert stocking.money(ALL, np.array([1, 0, 0])) == pytest.approx(0.425)
    assert replace(stocking, windows=3.0).sent(ALL).tolist() == [2, 0, 2]


@pytest.mark.parametrize("seed", range(12))
def test_what_is_sent_keeps_every_limit(seed: int):
    """Scarce drawn markets, generous credits; never more than the law may want."""
    market = drawn_market(seed, scarce=True)
    law = sampled_law(market.baskets, 4)
    stocking = Stocking(law, market.keeping, np.zeros(4))
    credit = Credit(np.ones(4), np.full(4, 5.0))
    sent = stocking.sent(credit)
    assert feasible(market.keeping, sent)
    wanted = [rows.max(initial=0) for rows in np.split(law.units, law.first[1:-1])]
    assert (market.keeping.lying + sent <= np.maximum(wanted, market.keeping.lying)).all()
