"""Past orders walked through a stock: whole orders alone, by arrival, anew in every period."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.orders.baskets import Baskets, Keeping
from foreship_optimize.orders.walk import sampled_gain, sampled_money, walk


def baskets(orders: list[tuple[int, dict[int, int], float]], weight: list[float]) -> Baskets:
    """Orders as (period, units by cell, saving), by arrival."""
    return Baskets(
        period=np.array([when for when, _, _ in orders], np.int64),
        first=np.cumsum([0, *(len(lines) for _, lines, _ in orders)]),
        cell=np.array([cell for _, lines, _ in orders for cell in lines], np.int64),
        units=np.array([q for _, lines, _ in orders for q in lines.values()], np.int64),
        saving=np.array([saving for *_, saving in orders], np.float64),
        weight=np.array(weight),
    )


def keeping(lying: list[int], idle: float = 0.1, dearer: float = 0.5) -> Keeping:
    """Cells of one region, each with an item of its own, without limits."""
    cells = len(lying)
    return Keeping(
        lying=np.array(lying, np.int64),
        idle=np.full(cells, idle),
        dearer=np.full(cells, dearer),
        region=np.zeros(cells, np.int64),
        item=np.arange(cells),
        volume=np.ones(cells),
        room=np.array([np.inf]),
        supply=np.full(cells, 99, np.int64),
    )


TWO_PERIODS = baskets(
    [(0, {0: 1, 1: 1}, 3.0), (0, {0: 1}, 1.0), (1, {0: 2}, 4.0), (1, {1: 1}, 1.5)], [0.75, 0.25]
)


def test_an_order_without_one_of_its_lines_takes_nothing():
    """Cell 1 lacks: the first order leaves its unit of cell 0 to the second; a line needs all."""
    through = walk(TWO_PERIODS, np.array([1, 0]))
    assert through.served.tolist() == [False, True, False, False]
    assert through.left == pytest.approx([0.25, 0.0])


def test_the_first_to_come_is_served_and_stock_starts_anew_in_every_period():
    """One unit of each: the first order takes both; in the second period both are there again."""
    through = walk(TWO_PERIODS, np.array([1, 1]))
    assert through.served.tolist() == [True, False, False, True]
    assert through.left == pytest.approx([0.25, 0.0])


def test_the_gain_counts_savings_idle_and_dearer_units_against_sending_nothing():
    """By hand: lying (1, 0) earns .75 - .025; (2, 1) earns all, less what units more cost."""
    kept = keeping([1, 0])
    assert sampled_money(TWO_PERIODS, kept, np.zeros(2, np.int64)) == pytest.approx(0.75 - 0.025)
    gain = sampled_gain(TWO_PERIODS, kept, np.array([1, 1]))
    assert gain == pytest.approx(0.75 * 4 + 0.25 * 5.5 - 2 * 0.5 - 0.725)


def test_a_period_without_orders_and_no_order_at_all_cost_what_lies_idle():
    """Half the weight has no order; without any order a unit sent costs idle and dearer."""
    quiet = baskets([(0, {0: 1}, 2.0)], [0.5, 0.5])
    assert walk(quiet, np.array([1])).left == pytest.approx([0.5])
    none = baskets([], [1.0])
    assert sampled_gain(none, keeping([3]), np.array([2])) == pytest.approx(-2 * 0.6)


def test_orders_of_other_cells_may_change_places():
    """Two orders that share no cell are of equal standing: neither's fate depends on the other."""
    one = baskets([(0, {0: 1}, 2.0), (0, {1: 2}, 3.0), (0, {1: 1}, 1.0)], [1.0])
    other = baskets([(0, {1: 2}, 3.0), (0, {1: 1}, 1.0), (0, {0: 1}, 2.0)], [1.0])
    for stock in ([0, 0], [1, 1], [1, 2], [2, 3]):
        served = walk(one, np.array(stock)).served
        assert walk(other, np.array(stock)).served.tolist() == served[[1, 2, 0]].tolist()


def test_nothing_can_be_sent_where_it_is_infinitely_dear_and_sending_none_costs_nothing():
    """Infinity times 0 units is no cost; a unit more is."""
    kept = keeping([1, 0], dearer=np.inf)
    assert sampled_gain(TWO_PERIODS, kept, np.zeros(2, np.int64)) == 0.0
    assert sampled_gain(TWO_PERIODS, kept, np.array([0, 1])) == -np.inf
