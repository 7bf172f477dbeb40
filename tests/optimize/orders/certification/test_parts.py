"""Cells that hang together: by orders, by limits that join; taken out, they say the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.orders.certification.parts import Joining, part_of_cells, taken_out
from foreship_optimize.orders.certification.spread import even_spread
from foreship_optimize.orders.walk import sampled_money
from tests.optimize.orders.drawn_baskets import Market, drawn_market

PAIRS = [[(2.0, {0: 1, 2: 1}), (1.0, {1: 2})], [(1.5, {3: 1}), (1.0, {2: 1})]]


def pairs() -> Market:
    """Orders that hold cells 0 and 2 together; 1 and 3 alone; regions 0 1 0 1, items 0 0 1 1."""
    kept = replace(
        drawn_market(0).keeping,
        region=np.array([0, 1, 0, 1]),
        item=np.array([0, 0, 1, 1]),
        room=np.array([5.0, 5.0]),
        supply=np.array([3, 3]),
        volume=np.ones(4),
        dearer=np.full(4, 0.1),
    )
    return Market(PAIRS, [0.4, 0.6], kept)


@pytest.mark.parametrize(
    ("room", "supply", "parts"),
    [
        ([False, False], [False, False], [{0, 2}, {1}, {3}]),
        ([False, True], [False, False], [{0, 2}, {1, 3}]),
        ([False, False], [True, False], [{0, 1, 2}, {3}]),
        ([False, True], [True, False], [{0, 1, 2, 3}]),
    ],
)
def test_cells_hang_together_by_orders_and_by_limits_that_join(room, supply, parts):
    """A region whose room joins, an item whose supply joins, both in a chain."""
    market = pairs()
    joining = Joining(np.array(room), np.array(supply))
    number = part_of_cells(market.baskets, market.keeping, joining)
    found = [set(np.flatnonzero(number == each).tolist()) for each in range(number.max() + 1)]
    assert sorted(found, key=min) == parts


def test_limits_join_by_their_price_or_when_plans_break_them():
    """Six units in region 0, four of item 0; supply of item 1 just kept."""
    market = pairs()
    broken = Joining.broken(market.keeping, np.array([4, 0, 2, 1]))
    assert broken.room.tolist() == [True, False]
    assert broken.supply.tolist() == [True, False]
    spread = replace(even_spread(market.baskets, market.keeping), supply_price=np.array([0, 0.1]))
    both = Joining.priced(spread).also(broken)
    assert both.room.tolist() == [True, False]
    assert both.supply.tolist() == [True, True]


def test_the_money_of_the_parts_adds_up_to_that_of_the_whole():
    """Each part's walk of its own orders through its own cells."""
    market = pairs()
    baskets, keeping = market.baskets, market.keeping
    sent = np.array([1, 2, 1, 0])
    number = part_of_cells(baskets, keeping, Joining(np.zeros(2, bool), np.zeros(2, bool)))
    spread = even_spread(baskets, keeping)
    total, credit = 0.0, 0.0
    for each in range(number.max() + 1):
        cells = np.flatnonzero(number == each)
        orders = np.flatnonzero(number[baskets.cell[baskets.first[:-1]]] == each)
        part = taken_out(baskets, keeping, spread, cells, orders)
        total += sampled_money(part.baskets, part.keeping, sent[cells])
        credit += part.spread.credit.sum()
    assert total == pytest.approx(sampled_money(baskets, keeping, sent))
    assert credit == pytest.approx(spread.credit.sum())
