"""Whole baskets added, dropped and exchanged: never worse, always within the limits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.orders.certification.branching import feasible
from foreship_optimize.orders.stock_search.whole_baskets import Payback, with_whole_baskets
from foreship_optimize.orders.walk import sampled_gain
from tests.optimize.orders.drawn_baskets import Market, drawn_market
from tests.optimize.orders.regional_market import regional_market

CAREFUL = Payback(np.zeros(4), np.inf)


@pytest.mark.parametrize("careful", [False, True])
def test_a_plan_gets_no_worse_and_stays_within_room_and_supply(careful: bool):
    """From drawn feasible plans of 30 scarce markets; a careful search takes nothing away."""
    moved = 0
    for seed in range(30):
        market = regional_market(seed, scarce=True)
        plans = list(market.plans())
        start = np.array(plans[seed % len(plans)])
        sent = with_whole_baskets(
            market.baskets, market.keeping, start, CAREFUL if careful else None
        )
        assert feasible(market.keeping, sent), seed
        assert not careful or (sent >= start).all()
        before, after = (
            sampled_gain(market.baskets, market.keeping, each) for each in (start, sent)
        )
        assert after >= before - 1e-9, seed
        moved += after > before + 1e-6
    assert moved > 3


def kept(cells: int, **others):
    """One region without limits, nothing lying there, idle .1."""
    keeping = replace(
        drawn_market(0).keeping,
        lying=np.zeros(cells, np.int64), idle=np.full(cells, 0.1), dearer=np.zeros(cells),
        region=np.zeros(cells, np.int64), item=np.arange(cells), volume=np.ones(cells),
        room=np.array([np.inf]), supply=np.full(cells, 9),
    )  # fmt: skip
    return replace(keeping, **others)


def test_a_basket_is_completed_dropped_and_exchanged():
    """By hand: complete 3 - .2; drop what no order wants whole; the richer takes the room."""
    pair = Market([[(3.0, {0: 1, 1: 1})]], [1.0], kept(2))
    assert with_whole_baskets(pair.baskets, pair.keeping, np.array([1, 0])).tolist() == [1, 1]
    poor = Market([[(3.0, {0: 1, 1: 1})]], [1.0], kept(2, dearer=np.array([2.0, 2.0])))
    assert with_whole_baskets(poor.baskets, poor.keeping, np.array([1, 1])).tolist() == [0, 0]
    room = kept(4, room=np.array([2.0]))
    two = Market([[(1.0, {0: 1, 1: 1}), (2.0, {2: 1, 3: 1})]], [1.0], room)
    found = with_whole_baskets(two.baskets, room, np.array([1, 1, 0, 0]))
    assert found.tolist() == [0, 0, 1, 1]


def test_what_lies_there_is_never_taken_away():
    """Units that pay nothing stay where they lie: none is sent, none is below nothing."""
    lying = kept(2, lying=np.array([1, 0]), dearer=np.array([5.0, 5.0]))
    market = Market([[(0.5, {0: 1, 1: 1})]], [1.0], lying)
    assert with_whole_baskets(market.baskets, lying, np.array([0, 0])).tolist() == [0, 0]


def test_a_careful_search_asks_for_more_than_one_window():
    """In one window of two it is chance, in both it is not."""
    orders = [(3.0, {0: 1, 1: 1})]
    careful = Payback(np.zeros(2), np.inf)
    once = Market([orders, []], [0.5, 0.5], kept(2))
    none = np.zeros(2, np.int64)
    assert with_whole_baskets(once.baskets, kept(2), none, careful).tolist() == [0, 0]
    assert with_whole_baskets(once.baskets, kept(2), none).tolist() == [1, 1]
    twice = Market([orders, orders], [0.5, 0.5], kept(2))
    assert with_whole_baskets(twice.baskets, kept(2), none, careful).tolist() == [1, 1]


@pytest.mark.parametrize(("windows", "sent"), [(1.0, 0), (2.0, 1)])
def test_a_basket_that_does_not_bring_in_its_cost_in_time_stays_away(windows: float, sent: int):
    """Worth 4 a unit: brings in (3 + 8) / 2 beside its best window; costs 8, or 4 of two."""
    orders = [(3.0, {0: 1, 1: 1})]
    twice = Market([orders, orders], [0.5, 0.5], kept(2))
    payback = Payback(np.full(2, 4.0), windows)
    found = with_whole_baskets(twice.baskets, kept(2), np.zeros(2, np.int64), payback)
    assert found.tolist() == [sent, sent]
