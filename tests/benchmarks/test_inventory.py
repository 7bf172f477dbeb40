"""The game of ordering one item: its rules by hand, its shapes, and the published base stock."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.inventory.base_stock import capped_base_stock
from benchmarks.inventory.demand_shapes import JUDGED_WEEKS, KNOWN_WEEKS, SHAPES, demand_of
from benchmarks.inventory.game import LOST, Game, Known, leads_of, played


def game(lead: list[int], demand: list[int], profit: float = 4.0) -> Game:
    return Game(np.array([10, 20]), np.array(demand), profit, 1.0, np.array(lead), 1, 0.0)


def test_a_game_by_hand():
    """Ten ordered each week; the second comes a week late, the third is lost, five are left over.

    Weeks: 0 there, 8 wanted; 10 come, 5 sold, 5 held; 10 come, 15 sold; nothing comes.
    """
    seen: list[tuple[int, int, int]] = []

    def ten(_: Game, known: Known) -> int:
        seen.append((known.on_hand, len(known.under_way), known.demand[-1]))
        return 10

    score = played(game([1, 1, LOST, 0], [8, 5, 15, 20]), ten)
    assert seen == [(0, 0, 20), (0, 1, 8), (5, 1, 5), (0, 1, 15)]
    assert score == pytest.approx((4 * (5 + 15 + 10) - 5) / (4 * 48))


def test_what_holding_costs_more_than_sales_earn_scores_nothing():
    """Never below nothing, as the yardstick says."""
    assert played(game([0, 0], [1, 1]), lambda *_: 50) == 0.0


def test_the_base_stock_counts_what_is_under_way_and_is_capped():
    """Mean 15, sd 7.07, a week of lead: 30 + 10 z(.8) = 38.4 in all, 15 + 11.6 a week at most."""
    known = Known(0, [10, 20])
    assert capped_base_stock(game([1], [1]), known) == 27
    known.on_hand = 30
    assert capped_base_stock(game([1], [1]), known) == 8


def test_every_shape_has_four_variants_of_whole_units():
    """Ten shapes; the same seed draws the same weeks, another one others."""
    assert len(SHAPES) == 40 and len({shape.name for shape in SHAPES}) == 10
    for shape in SHAPES:
        known, judged = demand_of(shape, 0)
        assert (len(known), len(judged)) == (KNOWN_WEEKS, JUDGED_WEEKS)
        assert known.min() >= 0 and judged.min() >= 0 and judged.sum() > 0
        assert (judged == demand_of(shape, 0)[1]).all()
        assert (judged != demand_of(shape, 1)[1]).any()


def test_a_quarter_of_drawn_leads_is_lost():
    """One, two or three weeks, or never; policies are told two weeks and their spread."""
    lead, promised, spread = leads_of("drawn", 4000, seed=0)
    assert set(lead.tolist()) == {1, 2, 3, LOST}
    assert (lead == LOST).mean() == pytest.approx(0.25, abs=0.03)
    assert (promised, spread) == (2, pytest.approx(np.sqrt(2 / 3)))
