"""Whether the rest of past orders is there: against a walk in plain Python."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.orders.order_table import rest_is_there
from tests.optimize.orders.drawn_baskets import Market, drawn_market


def plainly(market: Market, stock: list[int]) -> list[bool]:
    """By line, in order of arrival, whether all other lines of its order are there."""
    found = []
    for orders in market.periods:
        left = list(stock)
        for _, lines in orders:
            there = {cell: left[cell] >= units for cell, units in lines.items()}
            found += [all(lies for at, lies in there.items() if at != cell) for cell in lines]
            if all(there.values()):
                for cell, units in lines.items():
                    left[cell] -= units
    return found


@pytest.mark.parametrize("seed", range(40))
def test_the_rest_is_there_as_a_plain_walk_finds_it(seed: int):
    """Drawn markets under drawn stock: served orders take from those that come later."""
    market = drawn_market(seed, cells=4, periods=8)
    stock = np.random.default_rng(seed).integers(0, 4, 4)
    assert rest_is_there(market.baskets, stock).tolist() == plainly(market, stock.tolist())


def test_of_an_order_that_lacks_one_line_only_that_line_has_its_rest_there():
    """Cell 0 is there, cell 1 is not; a line alone has all its rest, there or not."""
    kept = drawn_market(0).keeping
    market = Market([[(1.0, {0: 1, 1: 1}), (1.0, {1: 1})]], [1.0], kept)
    assert rest_is_there(market.baskets, np.array([1, 0, 0, 0])).tolist() == [False, True, True]
    assert rest_is_there(market.baskets, np.array([0, 0, 0, 0])).tolist() == [False, False, True]


def test_without_orders_there_are_no_lines():
    """A market in which nobody came."""
    market = Market([[], []], [0.5, 0.5], drawn_market(0).keeping)
    assert rest_is_there(market.baskets, np.zeros(4, dtype=np.int64)).tolist() == []
