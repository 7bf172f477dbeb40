"""The one way to solve a program: in the time left, and the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.limits import limits_of
from foreship_optimize.params import PlanParams
from foreship_optimize.program import solver
from foreship_optimize.program.formulation import build
from foreship_optimize.program.solving import solved
from foreship_optimize.program.unit_groups.tiers import tiers_of
from foreship_optimize.risk import Risk
from tests.clocks import endless, still
from tests.optimize.program_builder import one_cell

NO_RISK = Risk(0.95, None, np.zeros(1))


def model():
    """Units worth 5 and 1 and a lane at 2."""
    problem = one_cell([5.0, 1.0], cost=2.0).problem()
    limits, tiers = limits_of(problem), tiers_of(problem, None, 1, risky=False)
    return build(problem, limits, tiers, PlanParams(), risk=NO_RISK, integer=True)


def test_a_program_by_hand_is_solved():
    """The first unit gains 5 - 2 = 3, the second would lose 1: one is sent."""
    written = model()
    outcome = solved(written, PlanParams(), endless())
    assert outcome.termination == "optimal"
    assert outcome.objective == pytest.approx(-3.0 * written.money)
    assert outcome.columns[0] == pytest.approx(1.0)


def test_the_clock_and_the_settings_reach_the_solver(monkeypatch: pytest.MonkeyPatch):
    """What is left of the time, threads, seed and any option of its own."""
    asked = {}
    monkeypatch.setattr(solver, "run", lambda *words, **options: asked.update(options))
    solved(model(), PlanParams(threads=2, seed=7), still(12.0), mip_rel_gap=0.25)
    assert asked == {"time_limit": 12.0, "threads": 2, "seed": 7, "mip_rel_gap": 0.25}


def test_a_plan_to_start_from_reaches_the_solver():
    """Without a node to search in, the solver has the plan it was given, in steps of packs."""
    draft = one_cell([5.0, 5.0, 1.0, 1.0], cost=2.0, pack=2)
    problem = draft.problem()
    tiers = tiers_of(problem, None, 1, risky=False)
    written = build(problem, limits_of(problem), tiers, PlanParams(), risk=NO_RISK, integer=True)
    outcome = solved(
        written, PlanParams(), endless(), np.array([4]), mip_max_nodes=0, mip_heuristic_effort=0.0,
        presolve="off", mip_rel_gap=10.0,
    )  # fmt: skip
    assert outcome.has_solution
    assert outcome.columns[0] == 2.0
