"""Windows drawn anew: how often orders come, and what the draws hang on."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.days.falling import mixed
from foreship_optimize.orders.stock_search.redrawn import redrawn
from tests.optimize.orders.drawn_baskets import Market, drawn_market


def test_orders_come_as_often_as_they_count_in_the_mean():
    """One of a window of weight .8, one of .2: 4,000 windows, within four deviations."""
    market = Market([[(1.0, {0: 2})], [(2.0, {1: 1})]], [0.8, 0.2], drawn_market(0).keeping)
    turn = mixed(np.arange(1, 3, dtype=np.uint64))
    found = redrawn(market.baskets, turn, 4_000)
    came = np.bincount(found.saving.astype(int), minlength=3)[1:] / 4_000
    assert came == pytest.approx([0.8, 0.2], abs=4 * np.sqrt(0.8 / 4_000))
    none = 1.0 - len(np.unique(found.period[found.saving == 1.0])) / 4_000
    assert none == pytest.approx(np.exp(-0.8), abs=0.03)
    assert (np.diff(found.period) >= 0).all() and found.weight.sum() == pytest.approx(1.0)
    assert found.units.tolist() == np.where(found.saving == 1.0, 2, 1).tolist()


def test_the_draws_of_an_order_do_not_hang_on_other_orders():
    """Without the others, an order comes in the same windows as often."""
    both = Market([[(1.0, {0: 1}), (2.0, {1: 1, 2: 1})]], [1.0], drawn_market(0).keeping)
    alone = Market([[(2.0, {1: 1, 2: 1})]], [1.0], drawn_market(0).keeping)
    turn = mixed(np.arange(7, 9, dtype=np.uint64))
    found, again = redrawn(both.baskets, turn), redrawn(alone.baskets, turn[1:])
    assert found.period[found.saving == 2.0].tolist() == again.period.tolist()


def test_without_orders_windows_are_empty():
    """No order, as many windows."""
    found = redrawn(Market([[]], [1.0], drawn_market(0).keeping).baskets, np.zeros(0, np.uint64), 5)
    assert len(found.period) == len(found.cell) == 0 and len(found.weight) == 5
