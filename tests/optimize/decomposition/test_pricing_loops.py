"""The compiled loops of pricing: plain Python says the same, no linear program is cheaper."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from foreship_optimize.decomposition import pricing_loops
from foreship_optimize.decomposition.pricing import (
    _item_prices,
    coupling_rows,
    solve_pricing,
)
from foreship_optimize.params import OptimizeParams
from foreship_optimize.program.bound import Prices
from foreship_optimize.program.instance import Instance
from tests.optimize.markets import instance_of
from tests.optimize.plain_loops import plain
from tests.optimize.priced_items import drawn_instance, laid_out, priced, wild_prices
from tests.optimize.program_builder import Draft


def least_by_linear_program(item_arrays, rows: np.ndarray, item: int) -> float:
    """Solve one item's transportation problem with scipy, no outcome priced."""
    cells = range(item_arrays.item_cells[item], item_arrays.item_cells[item + 1])
    stocks = item_arrays.item_stocks[item + 1] - item_arrays.item_stocks[item]
    cost, upper, balance, stock = [], [], [], []
    for cell in cells:
        for way in range(item_arrays.cell_ways[cell], item_arrays.cell_ways[cell + 1]):
            paid = [
                rows[r]
                for r in (item_arrays.cell_storage[cell], item_arrays.way_lane[way])
                if r >= 0
            ]
            cost.append(item_arrays.way_cost[way] + item_arrays.volume[item] * sum(paid))
            upper.append(None)
            balance.append((cell, 1.0))
            stock.append(item_arrays.way_stock[way])
        for tier in range(item_arrays.cell_tiers[cell], item_arrays.cell_tiers[cell + 1]):
            cost.append(-item_arrays.tier_value[tier])
            upper.append(item_arrays.tier_width[tier])
            balance.append((cell, -1.0))
            stock.append(-1)
    if not cost:
        return 0.0
    equal = np.array([[sign if c == cell else 0.0 for c, sign in balance] for cell in cells])
    under = np.array([[1.0 if s == hub else 0.0 for s in stock] for hub in range(stocks)])
    lies = item_arrays.stock_units[
        item_arrays.item_stocks[item] : item_arrays.item_stocks[item + 1]
    ]
    answer = linprog(
        cost, A_eq=equal, b_eq=np.zeros(len(equal)), A_ub=under, b_ub=lies,
        bounds=[(0, most) for most in upper],
    )  # fmt: skip
    return float(answer.fun)


@pytest.mark.parametrize("seed", range(0, 30, 2))
def test_each_item_is_as_good_as_its_linear_program(seed: int):
    """Whole units found item by item cost what scipy's fractional optimum costs."""
    instance = drawn_instance(seed)
    prices = wild_prices(instance, seed)
    pricing, _ = priced(instance, prices)
    rows = prices.limits[coupling_rows(instance.limits)] * pricing.money
    named = np.zeros(len(pricing.items), dtype=bool)
    named[pricing.item_of_way[pricing.extra_way]] = True
    for item in np.flatnonzero(~named).tolist():
        best = least_by_linear_program(pricing.item_arrays, rows, item)
        assert pricing.pool.least[item] == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_compiled_and_plain_python_give_the_same_plans(seed: int):
    """The compiled loops and the same loops in plain Python agree, plans to the unit."""
    instance = drawn_instance(seed)
    prices = wild_prices(instance, seed)
    pricing, answer = priced(instance, prices)
    compiled = (answer.quantity.copy(), pricing.pool.stock_price.copy(), pricing.pool.least.copy())
    plain = _plain(pricing, instance, prices)
    assert compiled[0].tolist() == plain[0].tolist()
    for mine, other in zip(compiled[1:], plain[1:], strict=True):
        assert mine == pytest.approx(other, abs=1e-9)


def _plain(pricing, instance: Instance, prices: Prices):
    """Run the loops uncompiled, all the way down."""
    rows = prices.limits[coupling_rows(instance.limits)] * pricing.money
    count = len(pricing.items)
    every, pool = np.arange(count), pricing.pool
    sums = (np.zeros(count), np.zeros((count, len(rows))))
    sums = (*sums, np.zeros((count, pricing.item_arrays.need.shape[1])))
    out = tuple(np.zeros_like(each) for each in (pool.quantity, pool.stock_price, pool.least))
    item_arrays = pricing.item_arrays._replace(need=pricing.item_arrays.need.astype(np.int64))
    plain(pricing_loops).price_items(
        item_arrays, _item_prices(pricing, rows, prices.outcomes), every, every, *out, *sums
    )
    return out


@pytest.mark.parametrize("seed", range(20))
def test_starting_from_the_last_plan_finds_the_same_optimum(seed: int):
    """Priced again and again at changing prices, an item costs what it costs when priced afresh."""
    instance = drawn_instance(seed)
    prices = wild_prices(instance, seed)
    pricing, answer = priced(instance, prices)
    every = np.arange(len(pricing.items))
    for wild in range(5):
        prices = wild_prices(instance, 1000 + 5 * seed + wild)
        rows = prices.limits[coupling_rows(instance.limits)]
        again = solve_pricing(pricing, rows, prices.outcomes, every, every, len(every))
        kept = pricing.pool.stock_price.copy()
        fresh, answer = priced(instance, prices)
        assert again.least == pytest.approx(answer.least, abs=1e-6)
        stock = instance.limits.family == "hub stock"
        used = instance.limits.use(laid_out(instance, pricing, again.quantity))
        assert (used <= instance.limits.at_most)[stock].all()
        assert kept.sum() == pytest.approx(fresh.pool.stock_price.sum(), abs=1e-6)


def test_two_hubs_exchange_a_region_by_hand():
    """H1 serves R1 for 1 and R2 for 1, H2 only R1 for 2; one unit each: R1 gives way to R2."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1, ("H2", "A"): 1}
    draft.cell("R1", "A", [9.0])
    draft.cell("R2", "A", [8.0])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H2", "R1", "A", 2.0)
    draft.ship("H1", "R2", "A", 1.0)
    instance = instance_of(draft, OptimizeParams())
    pricing, answer = priced(instance, wild_prices(instance, 0))
    moves = instance.problem.moves
    sent = {(int(moves.origin_hub[m]), int(moves.destination_cell[m])): q
            for m, q in zip(pricing.moves, answer.quantity.tolist(), strict=True)}  # fmt: skip
    assert sent == {(0, 0): 0, (1, 0): 1, (0, 1): 1}
    assert answer.least / pricing.money == pytest.approx(-(9 - 2) - (8 - 1))
    # one more unit at H1 lets R1 go back to the cheaper way: worth 1; at H2 nothing wants it
    assert (pricing.pool.stock_price / pricing.money).tolist() == pytest.approx([1.0, 0.0])
