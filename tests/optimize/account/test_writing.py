"""The finished plan: lines, ledger, words."""

from __future__ import annotations

import pytest

from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.plan import TERMS
from foreship_optimize.planning import solve
from tests.optimize.program_builder import two_hubs_three_regions
from tests.optimize.table_builder import MONDAY
from tests.optimize.vehicle_markets import vehicle_market


def test_the_summary_has_what_the_contract_asks_for():
    """Status, certificate, totals by term, risk, prices, counts, solver, version of the schema."""
    params = OptimizeParams(plan=PlanParams(threads=1))
    summary = solve(two_hubs_three_regions().problem(), params, as_of=MONDAY).summary
    asked = """status termination objective bound gap continuous_gap totals cvar risk_budget
        shadow_prices counts solver schema_version"""
    assert set(asked.split()) <= set(summary)
    assert set(summary["totals"]) == set(TERMS) - {"vehicles", "lines"}
    assert summary["schema_version"] == 1
    assert set(summary["solver"]) == {"name", "version"}


def test_a_plan_that_pays_for_vehicles_says_so():
    """Their terms are told, they sum to the objective, and departures have a table."""
    params = OptimizeParams(plan=PlanParams(threads=1))
    plan = solve(vehicle_market(3), params, as_of=MONDAY)
    assert set(plan.summary["totals"]) == set(TERMS)
    assert sum(plan.summary["totals"].values()) == pytest.approx(plan.summary["objective"])
    assert plan.lines["expected_gain"].sum() == pytest.approx(-plan.summary["objective"])
    assert plan.departures["vehicle_cost"].sum() == plan.summary["totals"]["vehicles"] > 0
