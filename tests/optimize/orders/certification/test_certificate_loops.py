"""The certificate's compiled loops: plain Python says the same, and each does what it says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from foreship_optimize.orders.certification import certificate_loops
from foreship_optimize.orders.certification.branching import first_box
from foreship_optimize.orders.certification.spread import Book, even_spread
from foreship_optimize.orders.walk import walk
from tests.optimize.orders.drawn_baskets import drawn_market
from tests.optimize.plain_loops import plain

PLAIN = plain(certificate_loops)


def priced(loops, seed: int) -> tuple[float, list[int], list[float], list[int]]:
    """Pass over a drawn market: earnings, stock, shares taken and the sequence left behind."""
    market = drawn_market(seed)
    baskets, keeping = market.baskets, market.keeping
    book = Book.of(baskets, keeping)
    box = first_box(keeping, book)
    credit = even_spread(baskets, keeping).credit
    stock, taken = np.empty(4, np.int64), np.empty(len(credit))
    earned = loops.price_cells(
        book, credit, box.state, box.least, box.most, keeping.idle + 0.05, 1.0, stock, taken
    )
    return earned, stock.tolist(), taken.tolist(), book.sequence.tolist()


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_compiled_and_plain_price_alike(seed: int):
    """A pass over all cells."""
    assert priced(certificate_loops, seed) == priced(PLAIN, seed)


def test_an_order_that_is_certain_is_served_by_every_stock_of_the_box():
    """Against the walk of every stock between the ends: certain, open or never, as it turns out."""
    met = set()
    for seed in range(12):
        baskets = drawn_market(seed).baskets
        least = np.random.default_rng(seed).integers(0, 2, 4)
        most = least + np.random.default_rng(seed + 99).integers(0, 2, 4)
        state = np.zeros(len(baskets.period), np.int64)
        certificate_loops.certain_orders(
            baskets.period, baskets.first, baskets.cell, baskets.units, least, most, state
        )
        stocks = itertools.product(*(range(a, z + 1) for a, z in zip(least, most, strict=True)))
        served = np.array([walk(baskets, np.array(stock)).served for stock in stocks])
        assert served[:, state == 1].all() and not served[:, state == -1].any()
        met |= set(state.tolist())
    assert met == {-1, 0, 1}


def test_credit_moves_to_the_missing_line_and_keeps_its_sum():
    """A line that is taken gives to one that is missing, never below 0; single lines stay."""
    first, total = np.array([0, 2, 5, 6]), np.array([2.0, 3.0, 1.0])
    state, taken = np.zeros(3, np.int64), np.array([1.0, 0.0, 1.0, 1.0, 0.0, 0.0])
    for loops in (certificate_loops, PLAIN):
        credit, direction = np.array([1.0, 1.0, 0.2, 1.8, 1.0, 1.0]), np.zeros(6)
        weight = np.array([0.5, 0.5, 0.5])
        square = loops.turn_credit(first, weight, state, taken, 0.7, direction)
        assert direction == pytest.approx([-0.5, 0.5, -1 / 3, -1 / 3, 2 / 3, 0.0])
        assert square == pytest.approx(0.5 * (0.25 * 2 + 2 / 9 + 4 / 9))
        loops.move_credit(first, total, state, 1.5, direction, credit)
        assert credit == pytest.approx([0.25, 1.75, 0.0, 1.15, 1.85, 1.0])


def test_the_nearest_credits_are_found_however_long_the_step():
    """After 1e9 steps all credit lies on one line, and sums to the total to the last digits."""
    first, total, state = np.array([0, 3]), np.array([0.3]), np.zeros(1, np.int64)
    credit = np.array([0.1, 0.1, 0.1])
    certificate_loops.move_credit(first, total, state, 1e9, np.array([-1.0, 0.3, 0.7]), credit)
    assert credit.tolist() == [0.0, 0.0, 0.3]


def test_orders_that_are_not_open_keep_their_credit():
    """Served in any case, or never: nothing to move."""
    first, credit = np.array([0, 2, 4]), np.array([1.0, 1.0, 2.0, 0.0])
    state, direction = np.array([1, -1]), np.array([1.0, -1.0, 1.0, -1.0])
    certificate_loops.move_credit(first, np.array([2.0, 2.0]), state, 1.0, direction, credit)
    assert credit.tolist() == [1.0, 1.0, 2.0, 0.0]
