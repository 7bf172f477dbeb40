"""Whole units where some items are carried, and where locks and budgets name ways."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.program.clock import Clock
from foreship_optimize.whole_units import carried_rounding, pack_bound
from foreship_optimize.whole_units.carried_rounding import CarriedRounding
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from foreship_optimize.whole_units.item_plans import assign_item_plans, incumbent_from_item_plans
from tests.clocks import endless
from tests.optimize.markets import instance_of, market, mixed


@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("budget", [None, 60.0, 20.0])
@pytest.mark.parametrize("seed", range(4))
def test_every_limit_holds_beside_carried_items(seed: int, budget: float | None, locked: bool):
    """Redirects, exits, locks, budgets of money, a minimum: the exact check finds no fault."""
    instance = mixed(seed, budget=budget, locked=locked, line=1 if locked else 2)
    found = solve_by_prices(instance, endless())
    assert 0 < len(found.pricing.moves) < len(instance.problem.moves.action)
    quantity = incumbent_from_item_plans(found, instance)
    assert faults_of(instance, quantity) == []
    assert plan_cost(instance.problem, quantity) >= found.bound - 1e-9 * abs(found.bound)


@pytest.mark.sweep
@pytest.mark.parametrize("nodes", [pack_bound.NODES, 0])
def test_solving_the_items_that_are_not_whole_betters_the_plan(monkeypatch, nodes: int):
    """Searched, or solved by the exact program where the search ends: at their prices no worse."""
    monkeypatch.setattr(pack_bound, "NODES", nodes)
    gained = []
    for seed in range(8):
        instance = mixed(seed)
        found = solve_by_prices(instance, endless())
        carried = CarriedRounding.of(instance, found)
        nothing = np.zeros(len(found.quantity), dtype=np.int64)
        plan = carried.rounded(nothing, found.quantity)
        better = carried.solved(plan, endless())
        some = carried.part.moves
        charged = carried_rounding._at_shared_prices(carried.part, found)
        gained.append(plan_cost(charged, plan[some]) - plan_cost(charged, better[some]))
        assert faults_of(instance, incumbent_from_item_plans(found, instance)) == []
    assert min(gained) >= -1e-9
    assert max(gained) > 0.1


def test_priced_items_dealt_a_broken_pack_or_line_take_a_plan_of_their_own():
    """Over eight markets some are; afterwards all priced items are in whole packs and lines."""
    broken = 0
    for seed in range(8):
        instance = mixed(seed, budget=None)
        found = solve_by_prices(instance, endless())
        plan = np.zeros(len(found.quantity), dtype=np.int64)
        plan[found.pricing.moves] = assign_item_plans(found, instance)
        carried = CarriedRounding.of(instance, found)
        broken += len(carried._assigned_in_part_packs(plan))
        assert len(carried._assigned_in_part_packs(carried.solved(plan, endless()))) == 0
    assert broken > 0


def test_time_that_is_over_leaves_carried_items_rounded(monkeypatch):
    """After the time limit no program is solved; the plan still keeps every limit."""
    instance = mixed(2)
    found = solve_by_prices(instance, endless())

    def refuse(*words):
        raise AssertionError("a program was solved")

    monkeypatch.setattr(carried_rounding, "solve_integer_program", refuse)
    assert faults_of(instance, incumbent_from_item_plans(found, instance, Clock(0.0))) == []


def test_locks_and_budgets_are_filled_to_their_edge():
    """A tight budget of freight binds: what is left of it would not pay another step."""
    draft = market(3, items=150, regions=6)
    draft.locks, draft.freight_budget = [], 20.0
    params = OptimizeParams(plan=PlanParams(gap=1e-4, decomposition_items=1))
    instance = instance_of(draft, params)
    found = solve_by_prices(instance, endless())
    row = int(np.flatnonzero(instance.limits.family == "budget")[0])
    used = instance.limits.use(incumbent_from_item_plans(found, instance))[row]
    assert 0.98 * 20.0 <= used <= 20.0 * (1 + 1e-9)


def test_same_bytes_every_time():
    """Two runs find the same plan."""
    instance = mixed(5, locked=True)
    plans = [
        incumbent_from_item_plans(solve_by_prices(instance, endless()), instance) for _ in range(2)
    ]
    assert plans[0].tobytes() == plans[1].tobytes()


def test_limits_that_others_exceed_leave_the_part_what_it_has():
    """Where the assigned plans exceed a limit, carried items do not give way for them."""
    instance = mixed(1)
    found = solve_by_prices(instance, endless())
    carried = CarriedRounding.of(instance, found)
    full = np.zeros(len(found.quantity), dtype=np.int64)
    full[found.pricing.moves] = 50
    floored = np.floor(found.quantity[carried.part.moves] + 1e-6).astype(np.int64)
    alone = replace(found, quantity=found.quantity)
    rounded = CarriedRounding(instance, alone, carried.part).rounded(full, found.quantity)
    assert rounded[carried.part.moves].sum() >= 0.8 * floored.sum()
