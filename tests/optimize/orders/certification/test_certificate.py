"""The certificate by order: never below the best plan there is, and close to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.orders.baskets import Keeping
from foreship_optimize.orders.certification.certificate import Certificate, sampled_bound
from foreship_optimize.orders.walk import sampled_gain
from tests.optimize.orders.drawn_baskets import Market, drawn_market


def kept(cells: int, **others) -> Keeping:
    """One region, an item a cell, no limits, nothing lying there; idle .1."""
    return replace(
        Keeping(
            lying=np.zeros(cells, np.int64),
            idle=np.full(cells, 0.1),
            dearer=np.zeros(cells),
            region=np.zeros(cells, np.int64),
            item=np.arange(cells),
            volume=np.ones(cells),
            room=np.array([np.inf]),
            supply=np.full(cells, 99),
        ),
        **others,
    )


def certified(market: Market, known: float = 0.0) -> Certificate:
    """Certificate of a market."""
    return sampled_bound(market.baskets, market.keeping, known)


@pytest.mark.sweep
@pytest.mark.parametrize("scarce", [False, True])
def test_no_plan_gains_more_and_the_bound_is_close(scarce: bool):
    """On 60 drawn markets, against every plan tried: never below, and the plan met is the best."""
    best, bounds = [], []
    for seed in range(60):
        market = drawn_market(seed, scarce=scarce)
        best.append(market.best_gain())
        made = certified(market, best[-1])
        bounds.append(made.bound)
        assert made.bound >= best[-1] - 1e-9, seed
        assert made.any_service >= made.bound, seed
        assert made.met_gain == sampled_gain(market.baskets, market.keeping, made.met), seed
        assert tuple(made.met.tolist()) in set(market.plans()), seed
        assert made.met_gain == pytest.approx(best[-1], rel=0.002, abs=1e-9), seed
    assert sum(best) > (5.0 if scarce else 15.0)
    assert sum(bounds) <= 1.002 * sum(best)


@pytest.mark.parametrize("scarce", [False, True])
def test_no_choice_of_orders_gains_more_than_the_bound_for_any_service(scarce: bool):
    """The best plan with the best choice of whom to serve, of every choice tried."""
    for seed in range(100, 125):
        market = drawn_market(seed, scarce=scarce, cells=3, periods=4)
        clever = market.best_gain(clever=True)
        assert certified(market).any_service >= clever - 1e-9, seed


@pytest.mark.parametrize("known", [-1e6, -1.0, 0.0, 0.5, 1e6])
def test_the_bound_holds_whatever_is_said_to_be_known(known: float):
    """A wrong gain only makes the search worse."""
    for seed in range(12):
        market = drawn_market(seed, scarce=True)
        best = market.best_gain()
        few = sampled_bound(market.baskets, market.keeping, known, passes=1)
        assert min(few.bound, certified(market, known).bound) >= best - 1e-9, seed


def test_two_cells_of_one_order_are_sent_together_or_not_at_all():
    """By hand: 3.00 in half of the weeks, less two units idle in the other: 1.50 - 2 x .05."""
    order = Market([[(3.0, {0: 1, 1: 1})], []], [0.5, 0.5], kept(2))
    made = certified(order)
    assert made.bound == pytest.approx(1.4, abs=1e-6)
    assert made.met.tolist() == [1, 1]
    assert made.spread.sum() == pytest.approx(3.0 + 2 * 0.1)
    dear = replace(order, keeping=kept(2, dearer=np.array([1.0, 0.5])))
    assert certified(dear).bound == pytest.approx(0.0, abs=1e-6)
    assert certified(dear).met.tolist() == [0, 0]


def test_three_orders_in_a_ring_need_boxes_not_only_credit():
    """Room for two of three cells serves one pair of the ring; credit alone serves parts of all."""
    ring = [[(1.0, {0: 1, 1: 1})], [(1.0, {1: 1, 2: 1})], [(1.0, {0: 1, 2: 1})]]
    market = Market(ring, [1 / 3] * 3, kept(3, idle=np.zeros(3), room=np.array([2.0])))
    made = certified(market)
    assert market.best_gain() == pytest.approx(1 / 3)
    assert made.any_service > 1.8 / 3
    assert made.bound == pytest.approx(1 / 3, abs=1e-6)


def test_who_comes_first_is_part_of_the_bound():
    """A poor order takes the unit that a rich one would have wanted: nobody may choose."""
    market = Market([[(1.0, {0: 1}), (9.0, {0: 1})]], [1.0], kept(1, supply=np.array([1])))
    made = certified(market)
    assert made.bound == pytest.approx(1.0, abs=1e-6)
    assert made.any_service == pytest.approx(9.0, abs=1e-6)


def test_orders_of_equal_standing_may_change_places():
    """Orders of a period that share no cell, in either sequence: the same bound."""
    one, two = (2.0, {0: 1, 1: 1}), (1.5, {2: 1, 3: 2})
    room = kept(4, room=np.array([3.0]))
    there = certified(Market([[one, two], [one], [two]], [0.5, 0.3, 0.2], room))
    back = certified(Market([[two, one], [one], [two]], [0.5, 0.3, 0.2], room))
    assert there.bound == pytest.approx(back.bound, rel=1e-6)
    assert there.met.tolist() == back.met.tolist()


def test_the_same_question_has_the_same_answer_to_the_last_bit():
    """Twice over the same market."""
    made, again = (certified(drawn_market(7, scarce=True)) for _ in range(2))
    assert made.bound == again.bound
    assert np.array_equal(made.spread, again.spread)
    assert np.array_equal(made.room_price, again.room_price)


@pytest.mark.parametrize(
    "limits",
    [
        {"room": np.array([0.0])},
        {"supply": np.zeros(2, np.int64)},
        {"dearer": np.full(2, np.inf)},
        {"room": np.array([0.999])},
    ],
)
def test_where_nothing_can_be_sent_nothing_can_be_gained(limits: dict):
    """No room, no supply, no way there, less room than a unit needs."""
    made = certified(Market([[(3.0, {0: 1, 1: 1}), (1.0, {0: 1})]], [1.0], kept(2, **limits)))
    assert made.bound == pytest.approx(0.0, abs=1e-6)
    assert made.met.tolist() == [0, 0]


def test_units_without_volume_need_no_room():
    """No room is left, and a unit takes none."""
    market = Market([[(3.0, {0: 1})]], [1.0], kept(1, volume=np.zeros(1), room=np.array([0.0])))
    assert certified(market).bound == pytest.approx(3.0, abs=1e-6)


def test_without_orders_there_is_nothing_to_gain():
    """No order, and no cell either."""
    assert certified(Market([[], []], [0.5, 0.5], kept(3))).bound == pytest.approx(0.0, abs=1e-9)
    assert certified(Market([[]], [1.0], kept(0))).bound == pytest.approx(0.0, abs=1e-9)


def test_spread_and_prices_are_a_proof_that_can_be_checked():
    """Equation 20 written out with the credit and the prices that came with the bound."""
    market = drawn_market(3, scarce=True)
    made, keeping, baskets = certified(market), market.keeping, market.baskets
    for order, (saving, lines) in enumerate(o for period in market.periods for o in period):
        whole = saving + sum(float(keeping.idle[c]) * q for c, q in lines.items())
        shares = made.spread[baskets.first[order] : baskets.first[order + 1]]
        assert shares.min() >= 0.0
        assert shares.sum() == pytest.approx(whole)
    least = float(keeping.supply @ made.supply_price)
    least += sum(r * p for r, p in zip(keeping.room, made.room_price, strict=True) if p)
    place, lines_by_cell = 0, {}
    for when, orders in enumerate(market.periods):
        for _, lines in orders:
            could = all(q <= keeping.lying[c] + _fits(keeping, c) for c, q in lines.items())
            for cell, units in lines.items():
                each = [float(made.spread[place]) / units] * units if could else []
                lines_by_cell.setdefault(cell, {}).setdefault(when, []).extend(each)
                place += 1
    for cell in range(len(keeping.lying)):
        least += _best_of_cell(market, made, cell, lines_by_cell.get(cell, {}))
    nothing = market.money((0,) * len(keeping.lying))
    assert made.any_service == pytest.approx(least - nothing, abs=1e-6)


def _fits(keeping: Keeping, cell: int) -> int:
    """Most units, of up to 5, that could be sent to a cell if no other one had any."""
    if np.isinf(keeping.dearer[cell]):
        return 0
    room = float(keeping.room[keeping.region[cell]]) + 1e-9
    by_room = 5 if np.isinf(room) else int(room / float(keeping.volume[cell]))
    return min(5, by_room, int(keeping.supply[keeping.item[cell]]))


def _best_of_cell(market: Market, made: Certificate, cell: int, credit: dict) -> float:
    """What the cell's best stock earns at the credits, of 0 to 5 units sent as far as they fit."""
    kept_ = market.keeping
    lying, volume = int(kept_.lying[cell]), float(kept_.volume[cell])
    price = volume * made.room_price[kept_.region[cell]] + made.supply_price[kept_.item[cell]]
    earned = []
    for sent in range(_fits(kept_, cell) + 1):
        stock = lying + sent
        taken = sum(
            w * sum(sorted(credit.get(when, []), reverse=True)[:stock])
            for when, w in enumerate(market.weight)
        )
        unit = price + (float(kept_.dearer[cell]) if sent else 0.0)
        earned.append(taken - float(kept_.idle[cell]) * stock - unit * sent)
    return float(max(earned))


@pytest.mark.parametrize(("known", "passes"), [(0.0, 0), (np.nan, 5), (np.inf, 5)])
def test_no_passes_and_no_number_are_refused(known: float, passes: int):
    """They would say nothing."""
    market = drawn_market(1)
    with pytest.raises(ValueError, match="passes must be >= 1"):
        sampled_bound(market.baskets, market.keeping, known, passes)


def test_fewer_passes_never_bound_better_on_the_whole():
    """The best of the passes is kept, so more of them only lower the bound for any service."""
    market = drawn_market(11, scarce=True, cells=6, periods=12)
    bounds = [
        sampled_bound(market.baskets, market.keeping, 0.0, n).any_service for n in (1, 5, 30, 120)
    ]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] < 0.95 * bounds[0]
