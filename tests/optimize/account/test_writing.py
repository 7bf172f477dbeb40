"""The finished plan: lines, ledger, words."""

from __future__ import annotations

from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.plan import TERMS
from foreship_optimize.planning import solve
from tests.optimize.program_builder import two_hubs_three_regions
from tests.optimize.table_builder import MONDAY


def test_the_summary_has_what_the_contract_asks_for():
    """Status, certificate, totals by term, risk, prices, counts, solver, version of the schema."""
    params = OptimizeParams(plan=PlanParams(threads=1))
    summary = solve(two_hubs_three_regions().problem(), params, as_of=MONDAY).summary
    asked = """status termination objective bound gap continuous_gap totals cvar risk_budget
        shadow_prices counts solver schema_version"""
    assert set(asked.split()) <= set(summary)
    assert set(summary["totals"]) == set(TERMS)
    assert summary["schema_version"] == 1
    assert set(summary["solver"]) == {"name", "version"}
