"""Whole units in two ways, by rounding one program and by item plans: the better is taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize import planning
from foreship_optimize.account.writing import Solved
from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.planning import find
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.instance import LimitsCannotHold
from foreship_optimize.whole_units.incumbent import rounds_badly
from foreship_optimize.whole_units.integer_program import Whole, cost_of, faults_of
from tests.clocks import endless
from tests.optimize.markets import market, task_of


def in_lines(seed: int, line: int = 3) -> Solved:
    """Solve a market in lines of some units, by one program of which few moves are searched."""
    draft = market(seed, items=60, regions=6)
    draft.locks = []
    return find(draft.problem(), params_of(line), endless(), strict=False)


def params_of(line: int) -> OptimizeParams:
    """Return settings that leave rounding most of the work."""
    plan = PlanParams(gap=1e-4, minimum_line_quantity=line, integer_program_units=20)
    return OptimizeParams(risk=RiskParams(level=0.7, budget=60.0), plan=plan)


def test_lines_that_one_program_rounds_badly_are_settled_by_prices(monkeypatch):
    """Of ten markets some plans are better and none is worse; limits and bound hold."""
    both = [in_lines(seed) for seed in range(10)]
    monkeypatch.setattr(planning, "rounds_badly", lambda *_: False)
    gains = []
    for seed, solved in enumerate(both):
        alone = in_lines(seed)
        assert faults_of(solved.task, solved.whole.quantity) == []
        cost = cost_of(solved.task.problem, solved.whole.quantity)
        assert solved.whole.objective == pytest.approx(cost)
        assert alone.whole.bound - 1e-9 <= solved.whole.bound <= solved.whole.objective
        gains.append(alone.whole.objective - solved.whole.objective)
    assert min(gains) >= -1e-9
    assert np.count_nonzero(np.array(gains) > 1e-6) >= 3


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (LimitsCannotHold("a limit"), None),
        (NoUsablePlan("no time"), None),
        (KeyboardInterrupt(), "interrupted"),
    ],
)
def test_a_plan_found_stays_where_prices_find_none(monkeypatch, failure, told: str | None):
    """That the other way fails is no reason to have no plan; Ctrl-C in it is said."""

    def fails(*_):
        raise failure

    monkeypatch.setattr(planning, "rounds_badly", lambda *_: False)
    alone = in_lines(0).whole
    monkeypatch.setattr(planning, "rounds_badly", lambda *_: True)
    monkeypatch.setattr(planning, "solve_by_prices", fails)
    kept = in_lines(0).whole
    assert kept.objective == alone.objective
    assert kept.quantity.tolist() == alone.quantity.tolist()
    assert kept.termination == (told or alone.termination)


@pytest.mark.parametrize("cut", ["interrupted", "time limit"])
def test_a_search_by_prices_that_was_cut_is_told(monkeypatch, cut: str):
    """Whichever plan is taken: with more time there might have been a better one."""

    def short(task, clock):
        return replace(solve_by_prices(task, clock), termination=cut)

    monkeypatch.setattr(planning, "rounds_badly", lambda *_: True)
    monkeypatch.setattr(planning, "solve_by_prices", short)
    assert in_lines(0).whole.termination == cut


def test_only_many_lines_or_packs_far_from_the_bound_are_solved_twice():
    """Not units one by one, plans proven good, few moves, nor what prices have found already."""
    draft = market(0, items=60, regions=6)
    draft.locks = []
    task = task_of(draft, params_of(3))
    continuous = solve_continuous(task, endless())
    far = Whole(np.zeros(0), -90.0, -100.0, "optimal")
    assert rounds_badly(task, continuous, far)
    assert not rounds_badly(task, continuous, replace(far, objective=-100.0))
    assert not rounds_badly(task, solve_by_prices(task, endless()), far)
    plan = replace(task.params.plan, integer_program_units=10_000)
    assert not rounds_badly(replace(task, params=replace(task.params, plan=plan)), continuous, far)
    single = replace(task.params.plan, minimum_line_quantity=1)
    problem = replace(task.problem, pack_size=np.ones_like(task.problem.pack_size))
    units = replace(task, problem=problem, params=replace(task.params, plan=single))
    assert not rounds_badly(units, continuous, far)
