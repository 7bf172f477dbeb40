"""How often the last unit of a cell is taken, and the share of demand that says the same."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.orders.stock_search.need_law import NeedLaw
from foreship_optimize.orders.stock_search.taken import last_taken, share_that_takes
from tests.optimize.orders.drawn_baskets import Market, drawn_market


def test_the_last_unit_is_taken_where_whole_orders_take_all():
    """Two units of cell 0 in the first window of .75, one in the other; cell 1 serves no order."""
    weeks = [[(1.0, {0: 1}), (1.0, {0: 1})], [(1.0, {0: 1}), (1.0, {1: 2})]]
    baskets = Market(weeks, [0.75, 0.25], drawn_market(0).keeping).baskets
    assert last_taken(baskets, np.array([2, 1, 0])).tolist() == [0.75, 0.0, 0.0]
    assert last_taken(baskets, np.array([1, 2, 0])).tolist() == [1.0, 0.25, 0.0]


def test_the_share_gives_the_chance_back():
    """Three units or none: P(Binomial(3, f) >= 2) of one half; all if that is too little."""
    law = NeedLaw(np.array([0, 1, 2]), np.array([3, 1]), np.array([0.5, 0.2]))
    share = share_that_takes(law, np.array([2, 1]), np.array([0.25, 0.3]))
    assert 3 * share[0] ** 2 - 2 * share[0] ** 3 == pytest.approx(0.5, abs=1e-6)
    assert share[1] == pytest.approx(1.0)
    assert share_that_takes(law, np.array([0, 1]), np.array([0.5, 0.0])).tolist() == [0.0, 0.0]
