"""Items solved at prices: as good as a linear program, one bound with `bound.lower_bound`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.decomposition.pricing import (
    coupling_rows,
    priced_items,
)
from foreship_optimize.limits import limits_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import lower_bound
from foreship_optimize.program.continuous import solve_continuous
from tests.clocks import endless
from tests.optimize.priced_items import drawn_instance, laid_out, priced, wild_prices
from tests.optimize.program_oracle import draw


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


def test_what_the_groups_use_is_what_their_plans_use():
    """Sums by group equal the limits' own arithmetic on the plans, locks included."""
    instance = drawn_instance(3)
    prices = wild_prices(instance, 3)
    pricing, answer = priced(instance, prices)
    quantity = laid_out(instance, pricing, answer.quantity)
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


def test_problem_is_untouched():
    """Nothing of the problem is written to."""
    instance = drawn_instance(1)
    before = {n: np.copy(getattr(instance.problem, n)) for n in ("need", "supply_units", "volume")}
    priced(instance, wild_prices(instance, 1))
    assert isinstance(instance.problem, ShippingProblem)
    assert all((getattr(instance.problem, n) == value).all() for n, value in before.items())
