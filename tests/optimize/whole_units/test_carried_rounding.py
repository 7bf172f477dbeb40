"""Whole units where some items are carried, and where locks and budgets name ways."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.decomposition import price_search as search
from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.decomposition.restricted_master import Master
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.problem import Need
from foreship_optimize.program.continuous import exceeded, solve_continuous
from foreship_optimize.program.cost import program_losses
from foreship_optimize.program.instance import Clock
from foreship_optimize.risk import mean_of_worst
from foreship_optimize.whole_units import carried_rounding as beside
from foreship_optimize.whole_units import pack_bound as lumps
from foreship_optimize.whole_units.carried_rounding import Beside
from foreship_optimize.whole_units.integer_program import cost_of, faults_of
from foreship_optimize.whole_units.item_plans import dealt_plans, settled
from tests.clocks import endless
from tests.optimize.markets import market, mixed, task_of, with_redirects


@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("budget", [None, 60.0, 20.0])
@pytest.mark.parametrize("seed", range(4))
def test_every_limit_holds_beside_carried_items(seed: int, budget: float | None, locked: bool):
    """Redirects, exits, locks, budgets of money, a minimum: the exact check finds no fault."""
    task = mixed(seed, budget=budget, locked=locked, line=1 if locked else 2)
    found = solve_by_prices(task, endless())
    assert 0 < len(found.shelf.moves) < len(task.problem.moves.action)
    quantity = settled(found, task)
    assert faults_of(task, quantity) == []
    assert cost_of(task.problem, quantity) >= found.bound - 1e-9 * abs(found.bound)


@pytest.mark.parametrize("nodes", [lumps.NODES, 0])
def test_solving_the_items_that_are_not_whole_betters_the_plan(monkeypatch, nodes: int):
    """Searched, or solved by the exact program where the search ends: at their prices no worse."""
    monkeypatch.setattr(lumps, "NODES", nodes)
    gained = []
    for seed in range(8):
        task = mixed(seed)
        found = solve_by_prices(task, endless())
        carried = Beside.of(task, found)
        nothing = np.zeros(len(found.quantity), dtype=np.int64)
        plan = carried.rounded(nothing, found.quantity)
        better = carried.solved(plan, endless())
        some = carried.part.moves
        charged = beside._charged(carried.part, found)
        gained.append(cost_of(charged, plan[some]) - cost_of(charged, better[some]))
        assert faults_of(task, settled(found, task)) == []
    assert min(gained) >= -1e-9
    assert max(gained) > 0.1


def test_priced_items_dealt_a_broken_pack_or_line_take_a_plan_of_their_own():
    """Over eight markets some are; afterwards all priced items are in whole packs and lines."""
    broken = 0
    for seed in range(8):
        task = mixed(seed, budget=None)
        found = solve_by_prices(task, endless())
        plan = np.zeros(len(found.quantity), dtype=np.int64)
        plan[found.shelf.moves] = dealt_plans(found, task)
        carried = Beside.of(task, found)
        broken += len(carried._dealt_badly(plan))
        assert len(carried._dealt_badly(carried.solved(plan, endless()))) == 0
    assert broken > 0


def test_time_that_is_over_leaves_carried_items_rounded(monkeypatch):
    """After the time limit no program is solved; the plan still keeps every limit."""
    task = mixed(2)
    found = solve_by_prices(task, endless())

    def refuse(*words):
        raise AssertionError("a program was solved")

    monkeypatch.setattr(beside, "solve_exactly", refuse)
    assert faults_of(task, settled(found, task, Clock(0.0))) == []


def test_locks_and_budgets_are_filled_to_their_edge():
    """A tight budget of freight binds: what is left of it would not pay another step."""
    draft = market(3, items=150, regions=6)
    draft.locks, draft.freight_budget = [], 20.0
    params = OptimizeParams(plan=PlanParams(gap=1e-4, decomposition_items=1))
    task = task_of(draft, params)
    found = solve_by_prices(task, endless())
    row = int(np.flatnonzero(task.limits.family == "budget")[0])
    used = task.limits.use(settled(found, task))[row]
    assert 0.98 * 20.0 <= used <= 20.0 * (1 + 1e-9)


def test_same_bytes_every_time():
    """Two runs find the same plan."""
    task = mixed(5, locked=True)
    plans = [settled(solve_by_prices(task, endless()), task) for _ in range(2)]
    assert plans[0].tobytes() == plans[1].tobytes()


def test_limits_that_others_exceed_leave_the_part_what_it_has():
    """Where the assigned plans exceed a limit, carried items do not give way for them."""
    task = mixed(1)
    found = solve_by_prices(task, endless())
    carried = Beside.of(task, found)
    full = np.zeros(len(found.quantity), dtype=np.int64)
    full[found.shelf.moves] = 50
    floored = np.floor(found.quantity[carried.part.moves] + 1e-6).astype(np.int64)
    alone = replace(found, quantity=found.quantity)
    rounded = Beside(task, alone, carried.part).rounded(full, found.quantity)
    assert rounded[carried.part.moves].sum() >= 0.8 * floored.sum()


@pytest.mark.parametrize("seed", range(6))
def test_losses_are_counted_as_the_program_counts_them(seed: int):
    """Where the budget binds, the CVaR of the whole program's own plan is just the budget."""
    free = with_redirects(seed, 1e6)
    plan = solve_continuous(free, endless()).quantity
    most = mean_of_worst(program_losses(free.problem, free.risk, plan, 2), 0.5)
    for part in (0.8, 0.4):
        task = replace(free, risk=replace(free.risk, budget=part * most))
        found = solve_continuous(task, endless())
        used = mean_of_worst(program_losses(task.problem, task.risk, found.quantity, 2), 0.5)
        assert used == pytest.approx(part * most, rel=1e-6)


@pytest.mark.parametrize("part", [0.7, 0.999, 1.001])
@pytest.mark.parametrize("seed", range(4))
def test_rows_of_outcomes_written_late_give_the_whole_programs_optimum(seed: int, part: float):
    """Just below and above what the plan without a budget loses: the whole program's optimum."""
    free = with_redirects(seed, 1e6)
    quantity = solve_continuous(free, endless()).quantity
    most = mean_of_worst(program_losses(free.problem, free.risk, quantity, 2), 0.5)
    task = replace(free, risk=replace(free.risk, budget=part * most))
    whole, parts = solve_continuous(task, endless()), solve_by_prices(task, endless())
    assert parts.objective == pytest.approx(whole.objective, abs=1e-6)
    assert parts.bound == pytest.approx(whole.objective, abs=1e-6)
    assert faults_of(task, settled(parts, task)) == []
    if part < 1.0:
        assert parts.prices.risk > 0


@pytest.mark.parametrize(("budget", "bound"), [(40.0, True), (1e6, False)])
def test_few_outcomes_have_a_row(monkeypatch, budget: float, bound: bool):
    """Of 60 outcomes only the worst of a combination get rows; none where the budget is loose."""
    masters, start = [], Master.__init__

    def watched(master, *words, **more):
        start(master, *words, **more)
        masters.append(master)

    monkeypatch.setattr(Master, "__init__", watched)
    task = mixed(3, budget=budget)
    need = task.problem.need
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.permuted(need.rows, axis=1) for _ in range(10)], axis=1)
    more = Need(rows, need.place)
    task = replace(task, problem=replace(task.problem, need=more),
                   risk=replace(task.risk, level=0.95))  # fmt: skip
    assert (solve_by_prices(task, endless()).prices.risk > 0) is bound
    written = [kind for kind in masters[-1]._kinds if kind[0] == "outcome"]
    assert (0 < len(written) < 45) if bound else not written
    assert len(set(written)) == len(written)


def test_an_interrupt_keeps_the_budget(monkeypatch):
    """Ctrl-C after a few rounds: the plan that is left keeps the budget."""
    task = mixed(0, budget=20.0)
    calls, real = [], search.price

    def interrupted(*words):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(*words)

    monkeypatch.setattr(search, "price", interrupted)
    found = solve_by_prices(task, endless())
    losses = program_losses(task.problem, task.risk, found.quantity, 2)
    assert not task.risk.broken_by(losses)
    assert found.termination != "optimal"
    assert not exceeded(task, found.quantity)
