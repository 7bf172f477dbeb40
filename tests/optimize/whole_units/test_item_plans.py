"""Whole units from a decomposition: every limit kept, little lost, the same bytes every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.arrays import Sparse
from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.program.clock import Clock
from foreship_optimize.risk import loss_of_outcomes, mean_of_worst
from foreship_optimize.whole_units import item_plans
from foreship_optimize.whole_units.incumbent import find_incumbent
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from foreship_optimize.whole_units.item_plans import assign_item_plans, incumbent_from_item_plans
from foreship_optimize.whole_units.rounding import round_to_whole_units
from tests.clocks import endless
from tests.optimize.markets import unlocked


@pytest.mark.parametrize("line", [1, 3])
@pytest.mark.parametrize("budget", [None, 60.0, 0.0])
@pytest.mark.parametrize("seed", range(4))
def test_every_limit_holds_in_whole_units(seed: int, budget: float | None, line: int):
    """Packs, minimum lines, storage, lanes, stock and CVaR: the exact check finds no fault."""
    instance = unlocked(seed, budget=budget, line=line)
    found = solve_by_prices(instance, endless())
    quantity = incumbent_from_item_plans(found, instance)
    assert faults_of(instance, quantity) == []
    assert plan_cost(instance.problem, quantity) >= found.bound - 1e-9 * abs(found.bound)


@pytest.mark.sweep
def test_as_good_as_rounding_step_by_step():
    """Over ten markets item plans lose no more against the bound than the queue of `rounding`."""
    lost = np.zeros(2)
    for seed in range(10):
        instance = unlocked(seed)
        found = solve_by_prices(instance, endless())
        plan = instance.params.plan
        other = round_to_whole_units(
            instance.problem, instance.limits, plan, instance.risk, found.quantity, found.prices
        )
        costs = [
            plan_cost(instance.problem, each)
            for each in (incumbent_from_item_plans(found, instance), other)
        ]
        lost += (np.array(costs) - found.bound) / abs(found.bound) / 10
    assert lost[0] <= lost[1] + 1e-3
    assert lost[0] <= 0.01


def test_a_plan_far_above_its_limits_is_brought_under_them():
    """Prices of another, roomier problem overfill this one: dropping ends within every limit."""
    instance = unlocked(1)
    roomy = replace(
        instance,
        limits=replace(instance.limits, at_most=np.where(instance.limits.family == "hub stock",
                                                     instance.limits.at_most, np.inf)),
        risk=replace(instance.risk, budget=1e6),
    )  # fmt: skip
    found = solve_by_prices(roomy, endless())
    assigned = np.zeros(len(instance.problem.moves.action), dtype=np.int64)
    assigned[found.pricing.moves] = assign_item_plans(found, instance)
    assert faults_of(instance, assigned)
    here = solve_by_prices(instance, endless())
    swapped = replace(here, plans=found.plans, weight=found.weight)
    quantity = incumbent_from_item_plans(swapped, instance)
    assert faults_of(instance, quantity) == []
    assert quantity.sum() > 0


def test_the_budget_is_used_up_to_its_edge():
    """CVaR of the whole-unit plan lies just below the budget: filling looks at it exactly."""
    instance = unlocked(2)
    found = solve_by_prices(instance, endless())
    losses = loss_of_outcomes(
        instance.problem, instance.risk, incumbent_from_item_plans(found, instance)
    )
    used = mean_of_worst(losses, instance.risk.level)
    assert 0.9 * instance.risk.budget <= used <= instance.risk.budget * (1 + 1e-9)


def test_same_bytes_every_time():
    """Two runs find the same plan."""
    instance = unlocked(3)
    plans = [
        incumbent_from_item_plans(solve_by_prices(instance, endless()), instance) for _ in range(2)
    ]
    assert plans[0].tobytes() == plans[1].tobytes()


def test_shares_of_the_mix_are_shares_of_the_items():
    """Where a group splits 30 to 70 between two plans, so do its items, evenly by volume."""
    instance = unlocked(0)
    found = solve_by_prices(instance, endless())
    pricing, groups = found.pricing, np.zeros(len(found.pricing.items), dtype=np.int64)
    ones = np.ones(len(pricing.moves), dtype=np.int32)
    plans = (Sparse.of(ones), Sparse.of(2 * ones))
    split = replace(found, groups=groups, weight=np.array([[0.3], [0.7]]), plans=plans)
    assigned = assign_item_plans(split, instance)
    first = np.unique(pricing.item_of_way[assigned == 1])
    assert len(first) / len(pricing.items) == pytest.approx(0.3, abs=0.05)
    volume = pricing.item_arrays.volume
    assert volume[first].mean() == pytest.approx(volume.mean(), rel=0.1)


def test_whole_units_come_with_the_bound_and_without_a_program():
    """`find_incumbent` uses item plans and the bound, and builds no program of all moves."""
    instance = unlocked(1)
    instance = replace(
        instance,
        params=replace(
            instance.params, plan=replace(instance.params.plan, integer_program_units=10)
        ),
    )
    found = solve_by_prices(instance, endless())
    whole = find_incumbent(instance, found, endless())
    assert whole.quantity.tolist() == incumbent_from_item_plans(found, instance).tolist()
    assert whole.bound == pytest.approx(found.bound)


@pytest.mark.parametrize("call", [1, 2])
def test_an_interrupt_keeps_the_plan_so_far(monkeypatch, call: int):
    """Ctrl-C in any pass of exchanges: the best plan of the passes before, and it is said so."""
    instance = unlocked(0)
    instance = replace(
        instance,
        params=replace(
            instance.params, plan=replace(instance.params.plan, integer_program_units=10)
        ),
    )
    found = solve_by_prices(instance, endless())
    passes, real = [], item_plans.exchange_pass

    def interrupted(*words):
        passes.append(1)
        if len(passes) == call:
            raise KeyboardInterrupt
        return real(*words)

    with monkeypatch.context() as changed:
        changed.setattr(item_plans, "PASSES", call - 1)
        before = incumbent_from_item_plans(found, instance)
    monkeypatch.setattr(item_plans, "exchange_pass", interrupted)
    whole = find_incumbent(instance, found, endless())
    assert len(passes) == call
    assert whole.termination == "interrupted"
    assert whole.quantity.tolist() == before.tolist()


def test_an_interrupt_before_there_is_a_plan_still_gives_one(monkeypatch):
    """Ctrl-C while limits are restored: plans are assigned anew, and nothing is improved."""
    instance = unlocked(0)
    found, calls, real = solve_by_prices(instance, endless()), [], item_plans.restore_limits

    def interrupted(*words):
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(*words)

    over = incumbent_from_item_plans(found, instance, Clock(0.0))
    monkeypatch.setattr(item_plans, "restore_limits", interrupted)
    assert incumbent_from_item_plans(found, instance, endless()).tolist() == over.tolist()
