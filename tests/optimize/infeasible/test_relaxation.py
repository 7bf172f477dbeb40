"""Limits that cannot all hold: which give way, by how little, and how it is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.errors import LimitsConflict, NoUsablePlan
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.planning import solve
from tests.optimize.program_builder import Draft
from tests.optimize.program_oracle import best_by_enumeration, draw

MONDAY = pd.Timestamp("2026-11-16")


def lyon(stock: int = 50, at_least: float = 40, **limits) -> Draft:
    """Forty units of A1 asked for in Lyon, each gaining 1."""
    draft = Draft()
    draft.stock = {("H1", "A1"): stock}
    draft.cell("Lyon", "A1", [3.0] * 45, need=[0, 50], loss=1.0)
    draft.ship("H1", "Lyon", "A1", 2.0)
    draft.storage = limits.get("storage", {})
    draft.lanes = limits.get("lanes", {})
    draft.lock(f"at_least {at_least:g} of A1 to Lyon", lambda a, o, d, i: True, at_least=at_least)
    return draft


def test_limits_that_hold_are_not_touched():
    """Nothing gives way where nothing must."""
    plan = solve(lyon().problem(), as_of=MONDAY, strict=True)
    assert plan.summary["status"] == "ship" and plan.summary["relaxed"] == []
    assert plan.lines["quantity"].tolist() == [45]


def test_a_lock_yields_to_storage_and_the_way_out_is_priced():
    """Room for 28: the lock keeps 28 of 40; 12 more of volume would be worth 12."""
    draft = lyon(storage={"Lyon": 28.0})
    plan = solve(draft.problem(), as_of=MONDAY)
    assert plan.summary["status"] == "relaxed"
    assert plan.lines["quantity"].tolist() == [28]
    (relaxed,) = plan.summary["relaxed"]
    assert (relaxed["stated"], relaxed["kept"], relaxed["amount"]) == (40.0, 28.0, 12.0)
    assert plan.notes[-1] == "raise storage of Lyon by 12 (worth 12.00) or drop 1 lock"
    with pytest.raises(LimitsConflict, match="28 of 40 units can be sent") as caught:
        solve(draft.problem(), as_of=MONDAY, strict=True)
    assert any("raise storage of Lyon by 12" in each for each in caught.value.conflicts)


def test_a_lock_yields_to_a_lane():
    """What a lane cannot carry is not sent, whatever the lock says."""
    plan = solve(lyon(lanes={("H1", "Lyon"): 10.0}).problem(), as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [10]
    assert "raise lane H1 -> Lyon by 30" in plan.notes[-1]


def test_stock_is_never_stretched_and_is_named():
    """With 12 units at the hub, 12 are sent and the stock is said to be the reason."""
    plan = solve(lyon(stock=12).problem(), as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [12]
    assert "hub stock of A1 at H1 is 12" in plan.summary["relaxed"][0]["words"]
    assert not any("raise" in note for note in plan.notes)


def test_a_lock_without_any_way_to_meet_it_is_named():
    """No lane, no stock: nothing is sent and the lock is said to have no way."""
    draft = lyon()
    draft.moves = []
    plan = solve(draft.problem(), as_of=MONDAY)
    assert plan.lines.empty
    assert "no open lane, or no stock at its origin" in plan.summary["relaxed"][0]["words"]


def test_locks_that_contradict_each_other_lower_the_minimum():
    """At least 40 and at most 30: 30 are sent."""
    draft = lyon()
    draft.lock("at_most 30", lambda a, o, d, i: True, at_most=30)
    plan = solve(draft.problem(), as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [30]
    assert [each["limit"] for each in plan.summary["relaxed"]] == ["at_least 40 of A1 to Lyon"]


def test_the_risk_budget_gives_way_before_a_lock_and_only_as_far_as_it_must():
    """Forty units sent lose 40 in the worst half; a budget of 10 is raised to 40, not beyond."""
    params = OptimizeParams(risk=RiskParams(level=0.5, budget=10.0))
    plan = solve(lyon().problem(), params, as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [40]
    (relaxed,) = plan.summary["relaxed"]
    assert relaxed["limit"] == "risk budget" and relaxed["kept"] == pytest.approx(40.0)
    assert plan.summary["cvar"] == pytest.approx(40.0)
    assert plan.summary["risk_budget"] == 10.0


def test_the_minimum_line_gives_way_first():
    """A lock of 2 with stock of 2 and a minimum line of 5: the line of 2 goes, the lock holds."""
    params = OptimizeParams(plan=PlanParams(minimum_line_quantity=5))
    plan = solve(lyon(stock=2, at_least=2).problem(), params, as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [2]
    assert [each["limit"] for each in plan.summary["relaxed"]] == ["minimum line quantity"]


def test_packs_are_seen_where_a_lock_cannot_be_met_in_whole_ones():
    """Two packs of 6 lie there: a lock of 14 keeps 12."""
    draft = lyon(stock=12, at_least=14)
    draft.item("A1", pack=6)
    plan = solve(draft.problem(), as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [12]
    assert plan.summary["relaxed"][0]["kept"] == 12.0


@pytest.mark.parametrize("units", [0, 2000])
def test_large_and_small_programs_give_way_alike(units: int):
    """Rounded or exact, the lock keeps what the room allows."""
    params = OptimizeParams(plan=PlanParams(integer_program_units=units))
    plan = solve(lyon(storage={"Lyon": 28.0}).problem(), params, as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [28]


def test_random_networks_give_way_exactly_when_they_must():
    """Against enumeration: relaxed if and only if no plan keeps every limit, and then least."""
    relaxed = checked = 0
    for seed in range(700):
        draft, params = draw(seed, minimums=True, spending=seed % 2 == 0)
        if not draft.cells:
            continue
        problem = draft.problem()
        best = best_by_enumeration(problem, params)
        if best is None:
            continue
        summary = solve(problem, params, as_of=MONDAY).summary
        assert bool(summary["relaxed"]) == np.isinf(best), seed
        if not summary["relaxed"]:
            assert summary["objective"] == pytest.approx(best, abs=1e-6), seed
        else:
            assert _least_shortfall(problem, params) == _shortfall(summary), seed
            relaxed += 1
        checked += 1
        if checked == 150:
            break
    assert checked == 150 and relaxed >= 20


def _shortfall(summary) -> float:
    return sum(each["amount"] for each in summary["relaxed"] if each["family"] == "lock")


def _least_shortfall(problem, params) -> float:
    """Fewest units by which the one lock from below must be lowered, soft limits given up."""
    problem = replace(problem, freight_budget=np.inf, stock_value_budget=np.inf)
    soft = replace(
        params,
        risk=replace(params.risk, budget=None),
        plan=replace(params.plan, minimum_line_quantity=1),
    )
    for lowered in range(6):
        locks = tuple(
            replace(lock, at_least=max(0.0, lock.at_least - lowered)) for lock in problem.locks
        )
        if np.isfinite(best_by_enumeration(replace(problem, locks=locks), soft) or 0.0):
            return float(min(lowered, max(lock.at_least for lock in problem.locks)))
    raise AssertionError("dropping the lock makes every problem feasible")


def test_no_time_to_diagnose_is_no_plan(time_limit: None):
    """Where time ends before it is known which lock can hold, there is no plan, and no guess."""
    params = OptimizeParams(plan=PlanParams(time_limit_seconds=0.001))
    draft = lyon(storage={"Lyon": 28.0})
    try:
        plan = solve(draft.problem(), params, as_of=MONDAY)
    except NoUsablePlan:
        return
    assert plan.lines["quantity"].tolist() == [28]
