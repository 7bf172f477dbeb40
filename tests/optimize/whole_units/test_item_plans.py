"""Whole units from a decomposition: every limit kept, little lost, the same bytes every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.arrays import Sparse
from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.program.instance import Clock, Task
from foreship_optimize.risk import loss_of_outcomes, mean_of_worst
from foreship_optimize.whole_units import item_plans as settle
from foreship_optimize.whole_units.incumbent import solve_whole
from foreship_optimize.whole_units.integer_program import cost_of, faults_of
from foreship_optimize.whole_units.item_plans import dealt_plans, settled
from foreship_optimize.whole_units.rounding import whole_units
from tests.clocks import endless
from tests.optimize.markets import market, task_of


def unlocked(seed: int, *, budget: float | None = 60.0, line: int = 1, items: int = 150) -> Task:
    """Draw a market without locks, so that all of its items can be priced."""
    draft = market(seed, items=items, regions=6)
    draft.locks = []
    params = OptimizeParams(
        risk=RiskParams(level=0.7, budget=budget),
        plan=PlanParams(gap=1e-4, decomposition_items=1, minimum_line_quantity=line),
    )
    return task_of(draft, params)


@pytest.mark.parametrize("line", [1, 3])
@pytest.mark.parametrize("budget", [None, 60.0, 0.0])
@pytest.mark.parametrize("seed", range(4))
def test_every_limit_holds_in_whole_units(seed: int, budget: float | None, line: int):
    """Packs, minimum lines, storage, lanes, stock and CVaR: the exact check finds no fault."""
    task = unlocked(seed, budget=budget, line=line)
    found = solve_by_prices(task, endless())
    quantity = settled(found, task)
    assert faults_of(task, quantity) == []
    assert cost_of(task.problem, quantity) >= found.bound - 1e-9 * abs(found.bound)


def test_as_good_as_rounding_step_by_step():
    """Over ten markets item plans lose no more against the bound than the queue of `rounding`."""
    lost = np.zeros(2)
    for seed in range(10):
        task = unlocked(seed)
        found = solve_by_prices(task, endless())
        plan = task.params.plan
        other = whole_units(
            task.problem, task.limits, plan, task.risk, found.quantity, found.prices
        )
        costs = [cost_of(task.problem, each) for each in (settled(found, task), other)]
        lost += (np.array(costs) - found.bound) / abs(found.bound) / 10
    assert lost[0] <= lost[1] + 1e-3
    assert lost[0] <= 0.01


def test_a_plan_far_above_its_limits_is_brought_under_them():
    """Prices of another, roomier problem overfill this one: dropping ends within every limit."""
    task = unlocked(1)
    roomy = replace(
        task,
        limits=replace(task.limits, at_most=np.where(task.limits.family == "hub stock",
                                                     task.limits.at_most, np.inf)),
        risk=replace(task.risk, budget=1e6),
    )  # fmt: skip
    found = solve_by_prices(roomy, endless())
    dealt = np.zeros(len(task.problem.moves.action), dtype=np.int64)
    dealt[found.shelf.moves] = dealt_plans(found, task)
    assert faults_of(task, dealt)
    here = solve_by_prices(task, endless())
    swapped = replace(here, plans=found.plans, weight=found.weight)
    quantity = settled(swapped, task)
    assert faults_of(task, quantity) == []
    assert quantity.sum() > 0


def test_the_budget_is_used_up_to_its_edge():
    """CVaR of the whole-unit plan lies just below the budget: filling looks at it exactly."""
    task = unlocked(2)
    found = solve_by_prices(task, endless())
    losses = loss_of_outcomes(task.problem, task.risk, settled(found, task))
    used = mean_of_worst(losses, task.risk.level)
    assert 0.9 * task.risk.budget <= used <= task.risk.budget * (1 + 1e-9)


def test_same_bytes_every_time():
    """Two runs find the same plan."""
    task = unlocked(3)
    plans = [settled(solve_by_prices(task, endless()), task) for _ in range(2)]
    assert plans[0].tobytes() == plans[1].tobytes()


def test_shares_of_the_mix_are_shares_of_the_items():
    """Where a group splits 30 to 70 between two plans, so do its items, evenly by volume."""
    task = unlocked(0)
    found = solve_by_prices(task, endless())
    shelf, groups = found.shelf, np.zeros(len(found.shelf.items), dtype=np.int64)
    ones = np.ones(len(shelf.moves), dtype=np.int32)
    plans = (Sparse.of(ones), Sparse.of(2 * ones))
    split = replace(found, groups=groups, weight=np.array([[0.3], [0.7]]), plans=plans)
    dealt = dealt_plans(split, task)
    first = np.unique(shelf.item_of_way[dealt == 1])
    assert len(first) / len(shelf.items) == pytest.approx(0.3, abs=0.05)
    volume = shelf.book.volume
    assert volume[first].mean() == pytest.approx(volume.mean(), rel=0.1)


def test_whole_units_come_with_the_bound_and_without_a_program():
    """`solve_whole` uses item plans and the bound, and builds no program of all moves."""
    task = unlocked(1)
    task = replace(
        task, params=replace(task.params, plan=replace(task.params.plan, integer_program_units=10))
    )
    found = solve_by_prices(task, endless())
    whole = solve_whole(task, found, endless())
    assert whole.quantity.tolist() == settled(found, task).tolist()
    assert whole.bound == pytest.approx(found.bound)


def test_exchanges_lose_less_and_keep_every_limit(monkeypatch):
    """Over eight markets no plan is worse for exchanges, a quarter of what was lost is won back."""
    lost = np.zeros((2, 8))
    for seed in range(8):
        task = unlocked(seed)
        found = solve_by_prices(task, endless())
        for place, passes in enumerate((0, settle.PASSES)):
            with monkeypatch.context() as changed:
                changed.setattr(settle, "PASSES", passes)
                quantity = settled(found, task)
            assert faults_of(task, quantity) == []
            lost[place, seed] = cost_of(task.problem, quantity) - found.bound
    assert (lost[1] <= lost[0] + 1e-9).all()
    assert lost[1].sum() <= 0.75 * lost[0].sum()


def test_time_that_is_over_leaves_out_the_exchanges(monkeypatch):
    """After the time limit the plan is the one assigned, repaired and filled."""
    task = unlocked(0)
    found = solve_by_prices(task, endless())
    over = settled(found, task, Clock(0.0))
    monkeypatch.setattr(settle, "PASSES", 0)
    assert over.tobytes() == settled(found, task).tobytes()


@pytest.mark.parametrize("call", [1, 2])
def test_an_interrupt_keeps_the_plan_so_far(monkeypatch, call: int):
    """Ctrl-C in any pass of exchanges: the best plan of the passes before, and it is said so."""
    task = unlocked(0)
    task = replace(
        task, params=replace(task.params, plan=replace(task.params.plan, integer_program_units=10))
    )
    found = solve_by_prices(task, endless())
    passes, real = [], settle.one_pass

    def interrupted(*words):
        passes.append(1)
        if len(passes) == call:
            raise KeyboardInterrupt
        return real(*words)

    with monkeypatch.context() as changed:
        changed.setattr(settle, "PASSES", call - 1)
        before = settled(found, task)
    monkeypatch.setattr(settle, "one_pass", interrupted)
    whole = solve_whole(task, found, endless())
    assert len(passes) == call
    assert whole.termination == "interrupted"
    assert whole.quantity.tolist() == before.tolist()


def test_an_interrupt_before_there_is_a_plan_still_gives_one(monkeypatch):
    """Ctrl-C while limits are restored: plans are assigned anew, and nothing is improved."""
    task = unlocked(0)
    found, calls, real = solve_by_prices(task, endless()), [], settle.brought_under

    def interrupted(*words):
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(*words)

    over = settled(found, task, Clock(0.0))
    monkeypatch.setattr(settle, "brought_under", interrupted)
    assert settled(found, task, endless()).tolist() == over.tolist()
