"""Whole units in two ways, by rounding one program and by item plans: the better is taken."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize import planning
from foreship_optimize.account.writing import SolveResult
from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.planning import solve_or_relax
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.instance import LimitsCannotHold
from foreship_optimize.whole_units.incumbent import rounding_falls_short
from foreship_optimize.whole_units.integer_program import Incumbent, faults_of, plan_cost
from tests.clocks import endless
from tests.optimize.markets import instance_of, market


def in_lines(seed: int, line: int = 3) -> SolveResult:
    """Solve a market in lines of some units, by one program of which few moves are searched."""
    draft = market(seed, items=60, regions=6)
    draft.locks = []
    return solve_or_relax(draft.problem(), params_of(line), endless(), strict=False)


def params_of(line: int) -> OptimizeParams:
    """Return settings that leave rounding most of the work."""
    plan = PlanParams(gap=1e-4, minimum_line_quantity=line, integer_program_units=20)
    return OptimizeParams(risk=RiskParams(level=0.7, budget=60.0), plan=plan)


@pytest.mark.sweep
def test_lines_that_one_program_rounds_badly_are_settled_by_prices(monkeypatch):
    """Of ten markets some plans are better and none is worse; limits and bound hold."""
    both = [in_lines(seed) for seed in range(10)]
    monkeypatch.setattr(planning, "rounding_falls_short", lambda *_: False)
    gains = []
    for seed, solved in enumerate(both):
        alone = in_lines(seed)
        assert faults_of(solved.instance, solved.incumbent.quantity) == []
        cost = plan_cost(solved.instance.problem, solved.incumbent.quantity)
        assert solved.incumbent.objective == pytest.approx(cost)
        assert alone.incumbent.bound - 1e-9 <= solved.incumbent.bound <= solved.incumbent.objective
        gains.append(alone.incumbent.objective - solved.incumbent.objective)
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

    monkeypatch.setattr(planning, "rounding_falls_short", lambda *_: False)
    alone = in_lines(0).incumbent
    monkeypatch.setattr(planning, "rounding_falls_short", lambda *_: True)
    monkeypatch.setattr(planning, "solve_by_prices", fails)
    kept = in_lines(0).incumbent
    assert kept.objective == alone.objective
    assert kept.quantity.tolist() == alone.quantity.tolist()
    assert kept.termination == (told or alone.termination)


@pytest.mark.parametrize("cut", ["interrupted", "time limit"])
def test_a_search_by_prices_that_was_cut_is_told(monkeypatch, cut: str):
    """Whichever plan is taken: with more time there might have been a better one."""

    def short(instance, clock):
        return replace(solve_by_prices(instance, clock), termination=cut)

    monkeypatch.setattr(planning, "rounding_falls_short", lambda *_: True)
    monkeypatch.setattr(planning, "solve_by_prices", short)
    assert in_lines(0).incumbent.termination == cut


def test_only_many_lines_or_packs_far_from_the_bound_are_solved_twice():
    """Not units one by one, plans proven good, few moves, nor what prices have found already."""
    draft = market(0, items=60, regions=6)
    draft.locks = []
    instance = instance_of(draft, params_of(3))
    continuous = solve_continuous(instance, endless())
    far = Incumbent(np.zeros(0), -90.0, -100.0, "optimal")
    assert rounding_falls_short(instance, continuous, far)
    assert not rounding_falls_short(instance, continuous, replace(far, objective=-100.0))
    assert not rounding_falls_short(instance, solve_by_prices(instance, endless()), far)
    plan = replace(instance.params.plan, integer_program_units=10_000)
    assert not rounding_falls_short(
        replace(instance, params=replace(instance.params, plan=plan)), continuous, far
    )
    single = replace(instance.params.plan, minimum_line_quantity=1)
    problem = replace(instance.problem, pack_size=np.ones_like(instance.problem.pack_size))
    units = replace(instance, problem=problem, params=replace(instance.params, plan=single))
    assert not rounding_falls_short(units, continuous, far)
