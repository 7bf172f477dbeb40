"""The bound: below every plan whatever the prices, tight at the right ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize import risk as outcomes
from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams
from foreship_optimize.planning import solve
from foreship_optimize.program import bound
from foreship_optimize.program.bound import Prices, closeness, lower_bound, prices_from_duals
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.instance import Clock, Task
from foreship_optimize.risk import risk_of
from tests.optimize.program_builder import Draft, two_hubs_three_regions
from tests.optimize.program_oracle import best_by_enumeration, draw

MONDAY = pd.Timestamp("2026-11-16")


def task_of(draft: Draft, params: OptimizeParams | None = None) -> Task:
    """Turn a draft into an instance, with nothing left out."""
    params, problem = params or OptimizeParams(), draft.problem()
    return Task(problem, limits_of(problem), params, risk_of(problem, params.risk))


def wild_prices(task: Task, seed: int) -> Prices:
    """Draw prices at random, as wrong as can be but of the right sign and in their cone."""
    rng = np.random.default_rng(seed)
    rows, cells = len(task.limits.words), len(task.problem.cell_item)
    duals = rng.normal(0, 3, task.problem.need.shape[1])
    places = [("outcome", place) for place in range(len(duals))]
    weights = prices_from_duals(
        task.problem, task.limits, places, -np.abs(duals), 1.0, task.risk.level
    ).outcomes
    return Prices(
        rng.exponential(2, rows), rng.exponential(2, rows), rng.normal(2, 4, cells),
        rng.normal(0, 2, cells), weights, task.risk.level,
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.booleans())
def test_no_prices_whatever_give_a_bound_above_the_optimum(seed: int, wild: int, minimums: bool):
    """Weak duality: random prices, worths and weights never reach past the best plan."""
    draft, params = draw(seed, minimums=minimums)
    if not draft.cells:
        return
    task = task_of(draft, params)
    best = best_by_enumeration(task.problem, params)
    if best is not None and np.isfinite(best):
        for line in (1, params.plan.minimum_line_quantity):
            prices = wild_prices(task, wild)
            bound = lower_bound(task.problem, task.limits, prices, task.risk, line)
            assert bound <= best + 1e-9


def test_a_worth_of_arrivals_counted_apart_never_lifts_the_bound_past_the_optimum():
    """Where no outcome has a price, prices of arrivals in cells that also give still pay for it."""
    tried = 0
    for seed in range(400):
        draft, params = draw(seed)
        if not draft.moves:
            continue
        task = task_of(draft, params)
        found = solve_continuous(task, Clock(60))
        staged = -np.abs(np.random.default_rng(seed).normal(0, 2, len(task.problem.cell_item)))
        prices = replace(found.prices, staged=staged, outcomes=np.zeros_like(found.prices.outcomes))
        line = params.plan.minimum_line_quantity
        least = lower_bound(task.problem, task.limits, prices, task.risk, line)
        assert least <= found.objective + 1e-6, seed
        tried += bool((task.problem.moves.origin_cell >= 0).any())
    assert tried > 20


def test_the_solvers_prices_give_the_continuous_optimum():
    """At the duals of the continuous program the bound meets its objective."""
    for seed in range(60):
        draft, params = draw(seed)
        if not draft.moves:
            continue
        found = solve_continuous(task_of(draft, params), Clock(60))
        assert found.bound == pytest.approx(found.objective, abs=1e-6), seed


def test_blocks_of_units_do_not_lift_the_bound():
    """With one tier a cell the continuous optimum is worse than the best plan; the bound is not."""
    draft = two_hubs_three_regions()
    task = task_of(draft)
    rough = replace(task.params.plan, maximum_blocks=1, integer_program_units=0)
    found = solve_continuous(replace(task, params=OptimizeParams(plan=rough)), Clock(60))
    assert found.objective > -40.0 + 1e-6
    assert found.bound <= -40.0 + 1e-9


def test_weights_of_outcomes_are_brought_into_their_cone():
    """No outcome weighs more than its share of the worst half; the total stays."""
    draft = Draft()
    draft.cell("R1", "A", [1], need=[0, 0, 0, 0])
    task = task_of(draft)
    places = [("outcome", place) for place in range(4)]
    duals = -np.array([4.0, 0.0, 0.0, 0.0])
    weights = prices_from_duals(task.problem, task.limits, places, duals, 1.0, 0.5).outcomes
    assert weights.sum() == pytest.approx(4.0)
    assert weights.max() <= 2.0 + 1e-12


def test_moves_that_hang_in_the_balance_are_closest():
    """A unit worth just its cost is close; one worth much more, on a lane no dearer, is not."""
    draft = Draft()
    draft.stock = {("H1", "A"): 9, ("H1", "B"): 9}
    draft.cell("R1", "A", [1.0])
    draft.cell("R1", "B", [50.0])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R1", "B", 1.0)
    task = task_of(draft)
    prices = Prices(np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(0), 0.95)
    close = closeness(task.problem, task.limits, prices, task.risk)
    assert close.tolist() == pytest.approx([0.0, 49.0])


@pytest.mark.parametrize("free", [1, 3, 6])
def test_deciding_most_moves_beforehand_costs_little_and_breaks_nothing(free: int):
    """With few moves free the plan lies between rounding and the optimum, its bound below it."""
    total = np.zeros(3)
    for seed in range(200, 260):
        draft, params = draw(seed)
        if not draft.moves:
            continue
        problem = draft.problem()
        best = best_by_enumeration(problem, params)
        if best is None:
            continue
        costs = []
        for units in (0, free):
            plan = replace(params.plan, integer_program_units=units)
            summary = solve(problem, replace(params, plan=plan), as_of=MONDAY).summary
            assert summary["bound"] <= best + 1e-6, seed
            costs.append(summary["objective"])
        assert best - 1e-6 <= costs[1] <= costs[0] + 1e-9, seed
        total += [costs[0], costs[1], best]
    assert total[1] <= total[0]


def test_units_weighed_a_few_at_a_time_give_the_same_bound(monkeypatch):
    """Memory is spared, not accuracy: any number of units and cells at once says the same."""
    for seed in range(20):
        draft, params = draw(seed)
        if not draft.cells:
            continue
        task = task_of(draft, params)
        prices = wild_prices(task, seed)
        quantity = np.arange(len(task.problem.moves.action)) % 3
        said = []
        for at_once in (2, 10_000):
            monkeypatch.setattr(bound, "AT_ONCE", at_once)
            monkeypatch.setattr(outcomes, "AT_ONCE", at_once)
            losses = outcomes.loss_of_outcomes(task.problem, task.risk, quantity)
            said.append([lower_bound(task.problem, task.limits, prices, task.risk), *losses])
        assert said[0] == pytest.approx(said[1], abs=1e-9)
