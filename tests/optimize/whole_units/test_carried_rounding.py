"""Whole units where some items are carried, and where locks and budgets name ways."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.decomposition import price_search
from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.decomposition.restricted_master import RestrictedMaster
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.problem import Need
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import exceeded, solve_continuous
from foreship_optimize.program.cost import program_losses
from foreship_optimize.risk import mean_of_worst
from foreship_optimize.whole_units import carried_rounding, pack_bound
from foreship_optimize.whole_units.carried_rounding import CarriedRounding
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from foreship_optimize.whole_units.item_plans import assign_item_plans, incumbent_from_item_plans
from tests.clocks import endless
from tests.optimize.markets import instance_of, market, mixed, with_redirects


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
        charged = carried_rounding._charged(carried.part, found)
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
        broken += len(carried._dealt_badly(plan))
        assert len(carried._dealt_badly(carried.solved(plan, endless()))) == 0
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


@pytest.mark.parametrize("seed", range(6))
def test_losses_are_counted_as_the_program_counts_them(seed: int):
    """Where the budget binds, the CVaR of the whole program's own plan is just the budget."""
    free = with_redirects(seed, 1e6)
    plan = solve_continuous(free, endless()).quantity
    most = mean_of_worst(program_losses(free.problem, free.risk, plan, 2), 0.5)
    for part in (0.8, 0.4):
        instance = replace(free, risk=replace(free.risk, budget=part * most))
        found = solve_continuous(instance, endless())
        used = mean_of_worst(
            program_losses(instance.problem, instance.risk, found.quantity, 2), 0.5
        )
        assert used == pytest.approx(part * most, rel=1e-6)


@pytest.mark.parametrize("part", [0.7, 0.999, 1.001])
@pytest.mark.parametrize("seed", range(4))
def test_rows_of_outcomes_written_late_give_the_whole_programs_optimum(seed: int, part: float):
    """Just below and above what the plan without a budget loses: the whole program's optimum."""
    free = with_redirects(seed, 1e6)
    quantity = solve_continuous(free, endless()).quantity
    most = mean_of_worst(program_losses(free.problem, free.risk, quantity, 2), 0.5)
    instance = replace(free, risk=replace(free.risk, budget=part * most))
    whole, parts = solve_continuous(instance, endless()), solve_by_prices(instance, endless())
    assert parts.objective == pytest.approx(whole.objective, abs=1e-6)
    assert parts.bound == pytest.approx(whole.objective, abs=1e-6)
    assert faults_of(instance, incumbent_from_item_plans(parts, instance)) == []
    if part < 1.0:
        assert parts.prices.risk > 0


@pytest.mark.parametrize(("budget", "bound"), [(40.0, True), (1e6, False)])
def test_few_outcomes_have_a_row(monkeypatch, budget: float, bound: bool):
    """Of 60 outcomes only the worst of a combination get rows; none where the budget is loose."""
    masters, start = [], RestrictedMaster.__init__

    def watched(master, *words, **more):
        start(master, *words, **more)
        masters.append(master)

    monkeypatch.setattr(RestrictedMaster, "__init__", watched)
    instance = mixed(3, budget=budget)
    need = instance.problem.need
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.permuted(need.rows, axis=1) for _ in range(10)], axis=1)
    more = Need(rows, need.place)
    instance = replace(instance, problem=replace(instance.problem, need=more),
                   risk=replace(instance.risk, level=0.95))  # fmt: skip
    assert (solve_by_prices(instance, endless()).prices.risk > 0) is bound
    written = [kind for kind in masters[-1]._kinds if kind[0] == "outcome"]
    assert (0 < len(written) < 45) if bound else not written
    assert len(set(written)) == len(written)


def test_an_interrupt_keeps_the_budget(monkeypatch):
    """Ctrl-C after a few rounds: the plan that is left keeps the budget."""
    instance = mixed(0, budget=20.0)
    calls, real = [], price_search.solve_pricing

    def interrupted(*words):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(*words)

    monkeypatch.setattr(price_search, "solve_pricing", interrupted)
    found = solve_by_prices(instance, endless())
    losses = program_losses(instance.problem, instance.risk, found.quantity, 2)
    assert not instance.risk.broken_by(losses)
    assert found.termination != "optimal"
    assert not exceeded(instance, found.quantity)
