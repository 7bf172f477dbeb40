"""Limits give way by what one plan misses them by, and by no more."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.infeasible.giving_way import HAIR, LimitRelaxation, as_planned, as_stated
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.planning import solve
from tests.optimize.lyon import lyon
from tests.optimize.program_builder import Draft
from tests.optimize.table_builder import MONDAY
from tests.optimize.vehicle_markets import charged


def stated(**plan: int) -> LimitRelaxation:
    """Forty asked for in Lyon for 2.00 each; 50.00 of freight, and a risk budget of 10.00.

    In the worse half of outcomes nobody needs any, and each unit loses 1.
    """
    draft = lyon()
    draft.freight_budget = 50.0
    params = OptimizeParams(risk=RiskParams(level=0.5, budget=10.0), plan=PlanParams(**plan))
    return as_stated(draft.problem(), params)


def kept(relaxation: LimitRelaxation) -> dict[str, float]:
    """What is kept of each limit that gave way."""
    return {each["limit"]: each["kept"] for each in relaxation.relaxed}


def test_all_limits_that_a_plan_misses_give_way_to_it():
    """Thirty units: 60.00 of freight, 30.00 lost, ten units short of the lock."""
    relaxation = as_planned(stated(), np.array([30]))
    assert kept(relaxation) == pytest.approx(
        {"freight budget": 60.0, "risk budget": 30.0, "at_least 40 of A1 to Lyon": 30.0}
    )
    assert relaxation.problem.freight_budget == pytest.approx(60.0)
    assert relaxation.risk.budget == pytest.approx(30.0)
    (lock,) = relaxation.problem.locks
    assert (lock.at_least, lock.lowered_from) == (30.0 - HAIR, 40.0)
    assert [each["amount"] for each in relaxation.relaxed] == pytest.approx([10.0, 20.0, 10.0])
    assert relaxation.sentences[-1] == (
        "lock at_least 40 of A1 to Lyon: 30 of 40 units can be sent"
    )


def test_what_a_plan_keeps_does_not_give_way():
    """Ten units keep both budgets to the cent; forty keep the lock."""
    assert kept(as_planned(stated(), np.array([10]))) == {"at_least 40 of A1 to Lyon": 10.0}
    met = as_planned(stated(), np.array([40]))
    assert met.problem.locks[0].lowered_from is None and len(met.relaxed) == 2


def test_the_minimum_line_gives_way_to_shorter_lines_alone():
    """A line of ten is no shorter than ten, and shorter than eleven."""
    assert "minimum line quantity" not in kept(
        as_planned(stated(minimum_line_quantity=10), np.array([10]))
    )
    shorter = as_planned(stated(minimum_line_quantity=11), np.array([10]))
    assert kept(shorter)["minimum line quantity"] == 1.0
    assert shorter.params.plan.minimum_line_quantity == 1


def test_an_empty_plan_has_no_short_line():
    """A lock lowered to nothing is no reason for shorter lines."""
    nothing = as_planned(stated(minimum_line_quantity=11), np.array([0]))
    assert kept(nothing) == {"at_least 40 of A1 to Lyon": 0.0}
    assert nothing.problem.locks[0].at_least == 0.0


def test_the_freight_budget_gives_way_to_the_vehicles_that_a_lock_asks_for():
    """Two units are required; their vehicle costs 50 and the budget is 10: it is raised to 52."""
    draft = Draft()
    draft.cell("R", "A", [9.0, 8.0, 7.0])
    draft.stock["H", "A"] = 5
    draft.ship("H", "R", "A", 1.0)
    draft.lanes = {("H", "R"): np.inf}
    draft.freight_budget = 10.0
    draft.lock("enough", lambda a, o, d, i: True, at_least=2.0, at_most=2.0)
    problem = charged(draft.problem(), vehicle_cost=50.0, vehicle_volume=4.0)
    plan = solve(problem, OptimizeParams(plan=PlanParams(threads=1)), as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [2]
    (told,) = plan.summary["relaxed"]
    assert told["limit"] == "freight budget"
    assert told["kept"] == pytest.approx(52.0)
