"""Shares and credits of past orders: by hand, within bounds, drawn to the mean where few."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.orders.credit import (
    Credit,
    Credited,
    Seen,
    credited,
    pooled,
    seen_units,
    shrunk,
    shrunk_told_once,
    worth_serving_share,
)
from foreship_optimize.orders.past_orders import PastOrders
from foreship_optimize.orders.stock_search.search import spread_by_units
from foreship_optimize.orders.walk import walk
from tests.optimize.orders.drawn_baskets import Market, drawn_market


def pair(stock: list[int]) -> Credited:
    """One order of 3.00 that wants one unit of the first cell and two of the second."""
    market = Market([[(3.0, {0: 1, 1: 2})]], [1.0], drawn_market(0).keeping)
    return credited(market.baskets, np.ones(1), np.array(stock))


def test_a_line_is_credited_all_if_the_order_hangs_on_it_alone():
    """Whole: both; one line short: that line alone; two short: none.

    A line that wants two where one lies speaks of no unit to send: it was never served from there.
    """
    assert [row.tolist() for row in pair([1, 2])] == [[1, 2], [3, 3], [0, 0], [0, 0]]
    assert [row.tolist() for row in pair([1, 0])] == [[0, 0], [0, 0], [0, 2], [0, 3]]
    assert not np.any(pair([1, 1]))
    assert [row.tolist() for row in pair([0, 2])] == [[0, 0], [0, 0], [1, 0], [3, 0]]
    assert not np.any(pair([0, 1]))


@pytest.mark.parametrize("seed", range(10))
def test_credits_spread_over_lines_add_up_to_what_is_served(seed: int):
    """Each order counts once: the sum over cells is the weighted saving of the orders served."""
    market, draw = drawn_market(seed), np.random.default_rng(seed)
    baskets, stock = market.baskets, draw.integers(0, 4, 4)
    found = credited(baskets, baskets.weight, stock, spread_by_units(baskets))
    served = walk(baskets, stock).served
    saved = (baskets.saving * baskets.weight[baskets.period])[served].sum()
    assert found.saved.sum() == pytest.approx(saved)


def test_few_units_are_drawn_to_the_item_and_the_item_to_all():
    """By hand, prior 10: cells with 1 of 2 and 0 of 0 of an item, 6 of 8 of another.

    All 7 of 10. Item 0: (1 + 7) / 12, cells (1 + 10 x 2/3) / 12 and 2/3.
    """
    seen = Seen(np.array([2.0, 0.0, 8.0]), np.array([0, 0, 1]), 10.0)
    other = (6 + 10 * (6 + 7) / 18) / 18
    found = pooled(np.array([1.0, 0.0, 6.0]), seen.units, seen)
    assert found == pytest.approx([(1 + 20 / 3) / 12, 2 / 3, other])
    none = Seen(seen.units, seen.item, 0.0)
    assert pooled(np.array([1.0, 0.0, 6.0]), seen.units, none) == pytest.approx([0.5, 0.0, 0.75])


def test_without_any_order_nothing_is_credited():
    """No unit seen, with and without a prior, and without a cell."""
    for prior in (0.0, 10.0):
        found = shrunk(Credited(*np.zeros((4, 2))), Seen(np.zeros(2), np.arange(2), prior))
        assert found.share.tolist() == found.net.tolist() == [0.0, 0.0]
        none = shrunk(Credited(*np.zeros((4, 0))), Seen(np.zeros(0), np.zeros(0, int), prior))
        assert len(none.share) == 0


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.5, 10.0, 1e6]))
def test_shares_are_parts_and_credits_never_negative(seed: int, prior: float):
    """Drawn markets and stocks: share in [0, 1], credit within what orders save."""
    market, draw = drawn_market(seed % 50), np.random.default_rng(seed)
    baskets = market.baskets
    units = np.bincount(baskets.cell, baskets.units, 4) + draw.integers(0, 3, 4)
    seen = Seen(units.astype(float), market.keeping.item, prior)
    found = credited(baskets, np.ones(6), draw.integers(0, 3, 4))
    for credit in (shrunk(found, seen), shrunk_told_once(found, seen)):
        assert (credit.share >= 0).all() and (credit.share <= 1).all()
        assert (credit.net >= 0).all()
        assert (credit.net <= baskets.saving.max(initial=0.0) + 1e-9).all()
    assert (shrunk_told_once(found, seen).share == shrunk(found, seen).share).all()


@pytest.mark.parametrize("seed", range(6))
def test_no_stock_serves_more_than_the_orders_worth_serving(seed: int):
    """F is f with everything there, and f at any stock is no larger."""
    market, draw = drawn_market(seed), np.random.default_rng(seed)
    baskets, count = market.baskets, market.baskets.weight
    seen = Seen(draw.integers(5, 9, 4).astype(float), np.array([0, 0, 1, 1]), 3.0)
    most = worth_serving_share(baskets, count, seen)
    full = shrunk(credited(baskets, count, np.full(4, 1000)), seen).share
    assert most == pytest.approx(full)
    for _ in range(20):
        stock = draw.integers(0, 4, 4)
        assert (shrunk(credited(baskets, count, stock), seen).share <= most + 1e-12).all()


def test_told_once_served_units_speak_before_missing_ones():
    """A cell that serves two units for 1.00 and misses one for 9.00: .50 told, 10/3 at margin."""
    found = Credited(*(np.array([each]) for each in (2.0, 1.0, 1.0, 9.0)))
    seen = Seen(np.array([4.0]), np.zeros(1, int), 0.0)
    assert shrunk_told_once(found, seen) == Credit(np.array([0.75]), np.array([0.5]))
    assert shrunk(found, seen).net == pytest.approx([10 / 3])


def test_half_way_between_two_credits():
    """Every number, a quarter of the way."""
    one, two = Credit(np.zeros(1), np.ones(1)), Credit(np.ones(1), np.full(1, 3.0))
    assert one.between(two, 0.25) == Credit(np.array([0.25]), np.array([1.5]))


def test_units_seen_count_as_much_as_their_window_and_those_of_no_cell_not_at_all():
    """Three units at a half, one at 1, five of no cell."""
    past = PastOrders(
        np.array([0, 1]), np.zeros(2, int), np.array([0, 1, 3]), np.array([0, 0, 1]),
        np.array([3, 1, 5]), np.array([0.5, 1.0]),
    )  # fmt: skip
    seen = seen_units(past, np.array([0, 0, -1]), np.arange(2), 10.0)
    assert seen.units.tolist() == [2.5, 0.0]
