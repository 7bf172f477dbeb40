"""Whole units where some items are carried, and where locks and budgets name ways."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.decomposition import price_search as search
from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.decomposition.restricted_master import Master
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.problem import Need
from foreship_optimize.program.continuous import exceeded, solve_continuous
from foreship_optimize.program.cost import program_losses
from foreship_optimize.program.instance import Clock, Task
from foreship_optimize.risk import mean_of_worst
from foreship_optimize.whole_units import carried_rounding as beside
from foreship_optimize.whole_units import pack_bound as lumps
from foreship_optimize.whole_units.carried_rounding import Beside
from foreship_optimize.whole_units.incumbent import solve_whole
from foreship_optimize.whole_units.integer_program import cost_of, faults_of
from foreship_optimize.whole_units.item_plans import settled
from foreship_optimize.whole_units.rounding import whole_units
from tests.optimize.decomposition.test_pricing import market, task_of
from tests.optimize.program_builder import Draft


def overstocked(seed: int, draft: Draft, share: float = 0.3) -> Draft:
    """Put units on hand into some cells, with a redirect out of each and an exit."""
    rng = np.random.default_rng([seed, 1])
    regions = sorted({region for region, _ in draft.cells})
    for item in sorted({item for _, item in draft.cells}):
        if rng.random() > share:
            continue
        region = regions[int(rng.integers(len(regions)))]
        other = regions[int(rng.integers(len(regions)))]
        cell = draft.cells[region, item]
        lies = np.sort(rng.uniform(-2, 2, int(rng.integers(2, 5))))[::-1]
        cell["values"] = [*(10.0 + lies), *cell["values"]]
        cell["values"] = [*sorted(cell["values"], reverse=True)]
        cell["on_hand"], cell["p"] = len(lies), [0.5] * len(cell["values"])
        if other != region:
            draft.move("redirect", region, other, item, float(rng.uniform(0, 2)))
        draft.move("give_away", region, "", item, 0.5)
    return draft


def mixed(seed: int, *, budget: float | None = 60.0, line: int = 2, locked: bool = False) -> Task:
    """Draw priced and carried items together, with locks and both budgets if asked."""
    draft = market(seed, items=120, regions=6)
    draft.locks = []
    overstocked(seed, draft)
    if locked:
        draft.lock("few", lambda a, o, d, i: i.endswith("3"), at_most=12.0)
        draft.lock("enough", lambda a, o, d, i: i == "I7" and a == "ship", at_least=2.0)
        draft.freight_budget, draft.stock_value_budget = 90.0, 120.0
    params = OptimizeParams(
        risk=RiskParams(level=0.7, budget=budget),
        plan=PlanParams(gap=1e-4, decomposition_items=1, minimum_line_quantity=line),
    )
    return task_of(draft, params)


def by_steps(task: Task, found) -> np.ndarray:
    """Round all moves step by step, as without item plans."""
    return whole_units(
        task.problem, task.limits, task.params.plan, task.risk, found.quantity, found.prices
    )


@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("budget", [None, 60.0, 20.0])
@pytest.mark.parametrize("seed", range(4))
def test_every_limit_holds_beside_carried_items(seed: int, budget: float | None, locked: bool):
    """Redirects, exits, locks, budgets of money, a minimum: the exact check finds no fault."""
    task = mixed(seed, budget=budget, locked=locked, line=1 if locked else 2)
    found = solve_by_prices(task, Clock(60))
    assert 0 < len(found.shelf.moves) < len(task.problem.moves.action)
    quantity = settled(found, task)
    assert faults_of(task, quantity) == []
    assert cost_of(task.problem, quantity) >= found.bound - 1e-9 * abs(found.bound)


@pytest.mark.parametrize("locked", [False, True])
def test_no_more_is_lost_than_step_by_step(locked: bool):
    """Over eight markets in packs: never worse than rounding all moves, and better in some."""
    lost = np.zeros((2, 8))
    for seed in range(8):
        task = mixed(seed, locked=locked, line=1)
        task = replace(task, params=replace(task.params, plan=replace(
            task.params.plan, integer_program_units=0)))  # fmt: skip
        found = solve_by_prices(task, Clock(60))
        plans = (solve_whole(task, found, Clock(60)).quantity, by_steps(task, found))
        for place, plan in enumerate(plans):
            assert faults_of(task, plan) == []
            lost[place, seed] = cost_of(task.problem, plan) - found.bound
    assert (lost[0] <= lost[1] + 1e-9).all()
    assert lost[0].sum() < 0.97 * lost[1].sum()


@pytest.mark.parametrize("nodes", [lumps.NODES, 0])
def test_solving_the_items_that_are_not_whole_betters_the_plan(monkeypatch, nodes: int):
    """Searched, or solved by the exact program where the search ends: at their prices no worse."""
    monkeypatch.setattr(lumps, "NODES", nodes)
    gained = []
    for seed in range(8):
        task = mixed(seed)
        found = solve_by_prices(task, Clock(60))
        carried = Beside.of(task, found)
        nothing = np.zeros(len(found.quantity), dtype=np.int64)
        plan = carried.rounded(nothing, found.quantity)
        better = carried.solved(plan, Clock(60))
        some = carried.part.moves
        charged = beside._charged(carried.part, found)
        gained.append(cost_of(charged, plan[some]) - cost_of(charged, better[some]))
        assert faults_of(task, settled(found, task)) == []
    assert min(gained) >= -1e-9
    assert max(gained) > 0.1


def test_the_best_plans_of_items_better_whole_units(monkeypatch):
    """Over eight markets less is lost than where no priced item takes the plan of its search."""
    lost = np.zeros((2, 8))
    for seed in range(8):
        task = mixed(seed, budget=None)
        task = replace(task, params=replace(task.params, plan=replace(
            task.params.plan, integer_program_units=0)))  # fmt: skip
        found = solve_by_prices(task, Clock(60))
        for place, nodes in enumerate((lumps.NODES, 0)):
            monkeypatch.setattr(lumps, "NODES", nodes)
            plan = settled(found, task, in_room=True)
            monkeypatch.undo()
            lost[place, seed] = cost_of(task.problem, plan) - found.bound
    assert lost[0].sum() < 0.98 * lost[1].sum()


def test_time_that_is_over_leaves_carried_items_rounded(monkeypatch):
    """After the time limit no program is solved; the plan still keeps every limit."""
    task = mixed(2)
    found = solve_by_prices(task, Clock(60))

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
    found = solve_by_prices(task, Clock(60))
    row = int(np.flatnonzero(task.limits.family == "budget")[0])
    used = task.limits.use(settled(found, task))[row]
    assert 0.98 * 20.0 <= used <= 20.0 * (1 + 1e-9)


def test_same_bytes_every_time():
    """Two runs find the same plan."""
    task = mixed(5, locked=True)
    plans = [settled(solve_by_prices(task, Clock(60)), task) for _ in range(2)]
    assert plans[0].tobytes() == plans[1].tobytes()


def test_limits_that_others_exceed_leave_the_part_what_it_has():
    """Where the assigned plans exceed a limit, carried items do not give way for them."""
    task = mixed(1)
    found = solve_by_prices(task, Clock(60))
    carried = Beside.of(task, found)
    full = np.zeros(len(found.quantity), dtype=np.int64)
    full[found.shelf.moves] = 50
    floored = np.floor(found.quantity[carried.part.moves] + 1e-6).astype(np.int64)
    alone = replace(found, quantity=found.quantity)
    rounded = Beside(task, alone, carried.part).rounded(full, found.quantity)
    assert rounded[carried.part.moves].sum() >= 0.8 * floored.sum()


def with_redirects(seed: int, budget: float) -> Task:
    """Draw a small market with carried items, packs and lines, solved to the end."""
    draft = overstocked(seed, market(seed, items=25, regions=5))
    params = OptimizeParams(
        risk=RiskParams(level=0.5, budget=budget),
        plan=PlanParams(gap=0.0, minimum_line_quantity=2, maximum_blocks=100),
    )
    return task_of(draft, params)


@pytest.mark.parametrize("seed", range(6))
def test_losses_are_counted_as_the_program_counts_them(seed: int):
    """Where the budget binds, the CVaR of the whole program's own plan is just the budget."""
    free = with_redirects(seed, 1e6)
    plan = solve_continuous(free, Clock(60)).quantity
    most = mean_of_worst(program_losses(free.problem, free.risk, plan, 2), 0.5)
    for part in (0.8, 0.4):
        task = replace(free, risk=replace(free.risk, budget=part * most))
        found = solve_continuous(task, Clock(60))
        used = mean_of_worst(program_losses(task.problem, task.risk, found.quantity, 2), 0.5)
        assert used == pytest.approx(part * most, rel=1e-6)


@pytest.mark.parametrize("part", [0.7, 0.999, 1.001])
@pytest.mark.parametrize("seed", range(4))
def test_rows_of_outcomes_written_late_give_the_whole_programs_optimum(seed: int, part: float):
    """Just below and above what the plan without a budget loses: the whole program's optimum."""
    free = with_redirects(seed, 1e6)
    quantity = solve_continuous(free, Clock(60)).quantity
    most = mean_of_worst(program_losses(free.problem, free.risk, quantity, 2), 0.5)
    task = replace(free, risk=replace(free.risk, budget=part * most))
    whole, parts = solve_continuous(task, Clock(60)), solve_by_prices(task, Clock(60))
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
    assert (solve_by_prices(task, Clock(60)).prices.risk > 0) is bound
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
    found = solve_by_prices(task, Clock(60))
    losses = program_losses(task.problem, task.risk, found.quantity, 2)
    assert not task.risk.broken_by(losses)
    assert found.termination != "optimal"
    assert not exceeded(task, found.quantity)
