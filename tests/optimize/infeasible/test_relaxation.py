"""Limits that cannot all hold: which give way, by how little, and how it is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.errors import LimitsConflict, NoUsablePlan
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.planning import solve
from tests.optimize.give_way_oracle import disagreements, least_to_give_way, locked
from tests.optimize.lyon import lyon
from tests.optimize.program_builder import Draft
from tests.optimize.program_oracle import best_by_enumeration, draw

MONDAY = pd.Timestamp("2026-11-16")
ROUNDED = PlanParams(integer_program_units=0)


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
    assert plan.notes[-1] == "Raise storage of Lyon by 12 (worth 12.00) or drop 1 lock."
    with pytest.raises(LimitsConflict, match="28 of 40 units can be sent") as caught:
        solve(draft.problem(), as_of=MONDAY, strict=True)
    assert any("raise storage of Lyon by 12" in each for each in caught.value.conflicts)


def test_a_lock_yields_to_a_lane():
    """What a lane cannot carry is not sent, whatever the lock says."""
    plan = solve(lyon(lanes={("H1", "Lyon"): 10.0}).problem(), as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [10]
    assert "Raise lane H1 -> Lyon by 30" in plan.notes[-1]


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


WAYS = (
    {"integer_program_units": 2000},
    {"integer_program_units": 0},
    {"integer_program_units": 0, "decomposition_items": 1},
)
"""the program in whole units; rounding; rounding after a decomposition"""


@pytest.mark.sweep
def test_random_locks_give_way_alike_however_the_program_is_solved():
    """Against enumeration: by the same least units and money, under a bound that is true."""
    relaxed = checked = 0
    for seed in range(300):
        draft, params = locked(seed)
        if not draft.cells or not draft.moves:
            continue
        problem = draft.problem()
        least = least_to_give_way(problem, params)
        if least is None:
            continue
        for way in WAYS:
            assert disagreements(problem, params, least, **way) == [], (seed, way)
        relaxed += any((least.units, least.money, least.risk, least.line))
        checked += 1
        if checked == 16:
            break
    assert checked == 16 and relaxed >= 10


PAIRS = [
    ("at_least", "at_least"), ("at_least", "at_most"), ("at_least", "fix"), ("at_most", "fix"),
    ("fix", "fix"),
]  # fmt: skip
"""two maximums never clash"""
SCARCE = ("nothing", "hub stock", "storage", "lane", "freight", "stock value", "risk", "line")


@pytest.mark.sweep
@pytest.mark.parametrize("pack", [1, 2])
@pytest.mark.parametrize("scarce", SCARCE)
def test_every_pair_of_locks_gives_way_alike_however_the_program_is_solved(scarce: str, pack: int):
    """Two locks, one on a region and one on an item, against each limit that can be scarce."""
    for first, second in PAIRS:
        draft, params = pair(first, second, scarce, pack)
        problem = draft.problem()
        least = least_to_give_way(problem, params)
        for way in WAYS[:2]:
            assert disagreements(problem, params, least, **way) == [], (first, second, way)


def pair(first: str, second: str, scarce: str, pack: int) -> tuple[Draft, OptimizeParams]:
    """Two items of which five and four lie at a hub, for two regions; B is worth most."""
    draft = Draft()
    draft.item("A", pack=pack)
    draft.item("B")
    draft.stock = {("H1", "A"): 3 if scarce == "hub stock" else 5, ("H1", "B"): 2}
    for region, values in (("R1", [4.0, 3.0, 0.5, 0.2, 0.1]), ("R2", [3.5, 1.0, 0.6, 0.3])):
        draft.cell(region, "A", values, need=[1, 3], loss=1.0)
        draft.ship("H1", region, "A", 1.0)
    draft.cell("R1", "B", [9.0, 8.0], need=[0, 0], loss=2.0)
    draft.ship("H1", "R1", "B", 1.5)
    draft.storage = {"R1": 3.0} if scarce == "storage" else {}
    draft.lanes = {("H1", "R1"): 2.0} if scarce == "lane" else {}
    draft.freight_budget = 2.0 if scarce == "freight" else np.inf
    draft.stock_value_budget = 2.0 if scarce == "stock value" else np.inf
    picks = (lambda a, o, d, i: d == "R1", lambda a, o, d, i: i == "A")
    for kind, value, pick in zip((first, second), (3.0, 4.0), picks, strict=True):
        least = 0.0 if kind == "at_most" else value
        draft.lock(f"{kind} {value:g}", pick, least, np.inf if kind == "at_least" else value)
    risk = RiskParams(level=0.5, budget=0.5 if scarce == "risk" else None)
    plan = PlanParams(minimum_line_quantity=3 if scarce == "line" else 1, gap=0.0)
    return draft, OptimizeParams(risk=risk, plan=plan)


def test_a_budget_raised_for_a_lock_in_packs_is_spent_on_nothing_else():
    """One of A is asked for, in packs of two for 2.00; no money for B, which would gain 8."""
    draft = Draft()
    draft.item("A", pack=2)
    draft.stock = {("H1", "A"): 4, ("H1", "B"): 4}
    draft.cell("R1", "A", [1.0, 0.5])
    draft.cell("R1", "B", [9.0, 9.0])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R1", "B", 1.0)
    draft.freight_budget = 0.0
    draft.lock("at_least 1 of A", lambda a, o, d, i: i == "A", at_least=1)
    plan = solve(draft.problem(), OptimizeParams(plan=ROUNDED), as_of=MONDAY)
    assert plan.lines[["item", "quantity"]].to_numpy().tolist() == [["A", 2]]
    (relaxed,) = plan.summary["relaxed"]
    assert relaxed["limit"] == "freight budget" and relaxed["kept"] == pytest.approx(2.0)


def test_a_risk_budget_is_raised_for_no_more_than_the_lock_can_have():
    """Forty asked for, twelve lie there: the budget of 1 is raised to what twelve lose."""
    params = OptimizeParams(risk=RiskParams(level=0.5, budget=1.0), plan=ROUNDED)
    plan = solve(lyon(stock=12).problem(), params, as_of=MONDAY)
    kept = {each["limit"]: each["kept"] for each in plan.summary["relaxed"]}
    assert kept == pytest.approx({"risk budget": 12.0, "at_least 40 of A1 to Lyon": 12.0})


def test_a_minimum_line_holds_where_it_would_help_no_lock():
    """Twelve lie there for a lock of forty; lines of five are no reason, and none is shorter."""
    params = OptimizeParams(plan=PlanParams(minimum_line_quantity=5))
    plan = solve(lyon(stock=12).problem(), params, as_of=MONDAY)
    assert [each["family"] for each in plan.summary["relaxed"]] == ["lock"]


@pytest.mark.parametrize("units", [0, 2000])
def test_large_and_small_programs_give_way_alike(units: int):
    """Rounded or exact, the lock keeps what the room allows."""
    params = OptimizeParams(plan=PlanParams(integer_program_units=units))
    plan = solve(lyon(storage={"Lyon": 28.0}).problem(), params, as_of=MONDAY)
    assert plan.lines["quantity"].tolist() == [28]


@pytest.mark.sweep
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
