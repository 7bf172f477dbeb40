"""Items solved at prices: as good as a linear program, one bound with `bound.lower_bound`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from foreship_optimize.decomposition.pricing import (
    coupling_rows,
    priced_items,
    pricing_problem_of,
    solve_pricing,
)
from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import Prices, lower_bound, prices_from_duals
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.instance import Instance
from tests.clocks import endless
from tests.optimize.markets import instance_of, market
from tests.optimize.program_builder import Draft
from tests.optimize.program_oracle import draw


def drawn_instance(seed: int) -> Instance:
    """Draw an instance with everything on: packs, a minimum line, a risk budget."""
    risk = RiskParams(level=0.5, budget=[None, 3.0][seed % 2])
    plan = PlanParams(minimum_line_quantity=1 + seed % 3, gap=0.0)
    return instance_of(market(seed), OptimizeParams(risk=risk, plan=plan))


def wild_prices(instance: Instance, seed: int) -> Prices:
    """Draw prices of what items share at random; none of anything else."""
    rng = np.random.default_rng(seed)
    rows, cells = np.zeros(len(instance.limits.words)), len(instance.problem.cell_item)
    shared = coupling_rows(instance.limits)
    rows[shared] = rng.exponential(1.0, len(shared)) * (rng.random(len(shared)) < 0.7)
    scenarios = instance.problem.need.shape[1]
    duals = -rng.exponential(0.3, scenarios) * (rng.random(scenarios) < 0.6)
    weights = prices_from_duals(
        instance.problem, instance.limits, [("outcome", s) for s in range(scenarios)], duals, 1.0,
        instance.risk.level,
    ).outcomes  # fmt: skip
    none = np.zeros(cells)
    return Prices(rows, np.zeros(len(rows)), none, none, weights, instance.risk.level)


def priced(instance: Instance, prices: Prices):
    """Price every item that can be, each in a group of its own."""
    problem, limits, line = (
        instance.problem,
        instance.limits,
        instance.params.plan.minimum_line_quantity,
    )
    pricing = pricing_problem_of(
        problem, limits, instance.risk, priced_items(problem, limits), line
    )
    every = np.arange(len(pricing.items))
    rows = prices.limits[coupling_rows(limits)]
    return pricing, solve_pricing(pricing, rows, prices.outcomes, every, every, len(every))


@pytest.mark.parametrize("seed", range(60))
def test_the_least_of_the_items_is_the_bound_at_their_own_stock_prices(seed: int):
    """Strong duality: `lower_bound` at the prices of hub stock found is just what was priced."""
    instance = drawn_instance(seed)
    prices = wild_prices(instance, seed)
    pricing, answer = priced(instance, prices)
    rows = prices.limits.copy()
    used = pricing.stock_row >= 0  # no ship draws on the others: they hold less than a line
    rows[pricing.stock_row[used]] = pricing.pool.stock_price[used] / pricing.money
    line = instance.params.plan.minimum_line_quantity
    bound = lower_bound(
        instance.problem, instance.limits, replace(prices, limits=rows), instance.risk, line
    )
    most = np.where(np.isfinite(instance.limits.at_most), instance.limits.at_most, 0.0)
    constant = -float(prices.limits @ most)
    if instance.risk.budget is not None:
        constant -= prices.risk * instance.risk.budget
    assert answer.least / pricing.money + constant == pytest.approx(bound, abs=1e-7)


def test_no_prices_of_what_is_shared_reach_above_the_whole_optimum():
    """200 random price vectors: the bound of the pricing done never passes the LP's optimum."""
    checked = 0
    for seed in range(20):
        instance = drawn_instance(seed)
        best = solve_continuous(instance, endless()).objective
        for wild in range(10):
            prices = wild_prices(instance, 100 * seed + wild)
            pricing, answer = priced(instance, prices)
            most = np.where(np.isfinite(instance.limits.at_most), instance.limits.at_most, 0.0)
            constant = -float(prices.limits @ most)
            if instance.risk.budget is not None:
                constant -= prices.risk * instance.risk.budget
            assert answer.least / pricing.money + constant <= best + 1e-7
            checked += 1
    assert checked == 200


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
    import types

    import foreship_optimize.decomposition.pricing_loops as compiled
    from foreship_optimize.decomposition.pricing import _item_prices

    names = {n: getattr(f, "py_func", f) for n, f in vars(compiled).items()}
    for name, function in names.items():
        if isinstance(function, types.FunctionType) and function.__module__ == compiled.__name__:
            names[name] = types.FunctionType(function.__code__, names, name)
    rows = prices.limits[coupling_rows(instance.limits)] * pricing.money
    count = len(pricing.items)
    every, pool = np.arange(count), pricing.pool
    sums = (np.zeros(count), np.zeros((count, len(rows))))
    sums = (*sums, np.zeros((count, pricing.item_arrays.need.shape[1])))
    out = tuple(np.zeros_like(each) for each in (pool.quantity, pool.stock_price, pool.least))
    item_arrays = pricing.item_arrays._replace(need=pricing.item_arrays.need.astype(np.int64))
    names["price_items"](
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
        used = instance.limits.use(_laid_out(instance, pricing, again.quantity))
        assert (used <= instance.limits.at_most)[stock].all()
        assert kept.sum() == pytest.approx(fresh.pool.stock_price.sum(), abs=1e-6)


def _laid_out(instance: Instance, pricing, quantity: np.ndarray) -> np.ndarray:
    """Units of all moves."""
    whole = np.zeros(len(instance.problem.moves.action))
    whole[pricing.moves] = quantity
    return whole


def test_what_the_groups_use_is_what_their_plans_use():
    """Sums by group equal the limits' own arithmetic on the plans, locks included."""
    instance = drawn_instance(3)
    prices = wild_prices(instance, 3)
    pricing, answer = priced(instance, prices)
    quantity = _laid_out(instance, pricing, answer.quantity)
    shared = coupling_rows(instance.limits)
    assert answer.used.sum(axis=0) == pytest.approx(instance.limits.use(quantity)[shared])
    moves = instance.problem.moves
    come = np.bincount(moves.destination_cell, quantity, len(instance.problem.cell_item))
    lost = (
        np.maximum(come[:, None] - instance.problem.need, 0)
        * instance.problem.loss_per_unit[:, None]
    )
    dearer = float(instance.risk.dearer @ quantity)
    assert answer.loss.sum(axis=0) / pricing.money == pytest.approx(lost.sum(axis=0) + dearer)


def test_items_that_leave_cells_or_are_asked_for_are_not_priced():
    """Only ships, and no minimum: other items are carried in the master."""
    for seed in range(40):
        draft, _ = draw(seed, minimums=True)
        if not draft.cells:
            continue
        problem = draft.problem()
        limits = limits_of(problem)
        for item in np.flatnonzero(priced_items(problem, limits)).tolist():
            mine = np.flatnonzero(problem.moves.item == item)
            assert (problem.moves.action[mine] == 0).all()
            asked = [lock for lock in problem.locks if lock.at_least > 0]
            assert not any(np.isin(lock.moves, mine).any() for lock in asked)


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


def test_problem_is_untouched():
    """Nothing of the problem is written to."""
    instance = drawn_instance(1)
    before = {n: np.copy(getattr(instance.problem, n)) for n in ("need", "supply_units", "volume")}
    priced(instance, wild_prices(instance, 1))
    assert isinstance(instance.problem, ShippingProblem)
    assert all((getattr(instance.problem, n) == value).all() for n, value in before.items())
