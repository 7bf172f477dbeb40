"""Plans parted into boxes: limits are kept, no plan is lost, the best one is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.orders.certification.branching import feasible, first_box, narrowed, parted
from foreship_optimize.orders.certification.spread import Book, even_spread, improved
from tests.optimize.orders.drawn_baskets import Market, drawn_market


def after(market: Market, boxes: int, precision: float = 0.0):
    """What is known of a market after a number of boxes, from two passes on."""
    baskets, keeping = market.baskets, market.keeping
    book = Book.of(baskets, keeping)
    ends = first_box(keeping, book)
    box = narrowed(baskets, keeping, ends.least, ends.most)
    reached = improved(baskets, keeping, book, box, even_spread(baskets, keeping), 0.0, 2)
    return parted(baskets, keeping, book, box, reached, boxes, precision)


@pytest.mark.parametrize("scarce", [False, True])
def test_enough_boxes_find_the_best_plan_and_prove_it(scarce: bool):
    """On 15 drawn markets, from a poor spread: bound and plan meet at the enumerated best."""
    for seed in range(15):
        market = drawn_market(seed, scarce=scarce)
        nothing = market.money((0, 0, 0, 0))
        found = after(market, 2000)
        assert found.bound - nothing == pytest.approx(market.best_gain(), abs=1e-6), seed
        assert market.money(tuple(found.sent.tolist())) == pytest.approx(found.money), seed


def test_every_number_of_boxes_gives_a_bound_and_more_of_them_no_worse_one():
    """Stopped early, the highest open box is the bound."""
    market = drawn_market(9, scarce=True, cells=5, periods=8)
    best = market.best_gain() + market.money((0,) * 5)
    bounds = [after(market, boxes).bound for boxes in (0, 2, 6, 20, 400)]
    assert bounds == sorted(bounds, reverse=True)
    assert min(bounds) >= best - 1e-9
    assert bounds[0] > bounds[-1] + 0.01


def test_a_box_keeps_its_upper_end_to_what_room_and_supply_leave():
    """Room 3 and volume 2: with nothing sent one unit fits; with one of the other cell none."""
    market = drawn_market(0)
    keeping = replace(
        market.keeping,
        lying=np.array([1, 0, 0, 0]),
        region=np.zeros(4, np.int64),
        room=np.array([3.0]),
        volume=np.array([2.0, 2.0, 0.0, 1.0]),
        item=np.array([0, 1, 2, 2]),
        supply=np.array([9, 9, 2]),
        dearer=np.zeros(4),
    )
    ends = np.array([9, 9, 9, 9])
    box = narrowed(market.baskets, keeping, keeping.lying, ends)
    assert box.most.tolist() == [2, 1, 2, 2]
    fuller = narrowed(market.baskets, keeping, np.array([2, 0, 0, 0]), ends)
    assert fuller.most.tolist() == [2, 0, 2, 1]
    assert narrowed(market.baskets, keeping, np.array([2, 1, 0, 0]), ends) is None
    assert narrowed(market.baskets, keeping, np.array([1, 0, 2, 1]), ends) is None


def test_a_plan_is_feasible_within_room_and_supply_and_where_units_can_go():
    """Every plan that enumeration allows; none of a unit more than there is, or without a way."""
    market = drawn_market(4, scarce=True)
    keeping = market.keeping
    assert all(feasible(keeping, np.array(sent)) for sent in market.plans())
    over = np.where(keeping.item == 0, keeping.supply[0], 0)
    assert not feasible(keeping, over + (keeping.item == 0))
    barred = replace(keeping, dearer=np.full(4, np.inf))
    assert feasible(barred, np.zeros(4, np.int64))
    assert not feasible(replace(barred, room=np.full(2, np.inf)), np.array([1, 0, 0, 0]))
