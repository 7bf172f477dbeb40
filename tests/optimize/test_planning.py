"""The whole way from a problem to a plan, against hand and brute force."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize import planning
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.planning import make_plan, solve
from foreship_optimize.whole_units.integer_program import Incumbent
from tests.clocks import endless, ticking
from tests.optimize.program_builder import Draft, resized, scaled, two_hubs_three_regions
from tests.optimize.program_oracle import best_by_enumeration, draw
from tests.optimize.table_builder import draw_locks, draw_tables

MONDAY = pd.Timestamp("2026-11-16")
ROUNDED = PlanParams(integer_program_units=0)


def test_two_hubs_and_three_regions_by_hand():
    """The best plan of a small network is the one found with pencil and paper.

    Item A, five units: R1 9 and 5, R2 7 and 3, R3 7 and 3 are gained at the cheapest hub (10-1,
    6-1, 9-2, 5-2, 8-1, 4-1); the five best are 9 + 7 + 7 + 5 + 3 = 31. H1 holds three: R1 twice
    and R2 once; H2 sends R3 once and either R2 or R3 the last one. Item B, two units: 7-1 and 5-2
    against 3-1: 6 + 3 = 9. Together 40.
    """
    plan = solve(two_hubs_three_regions().problem(), as_of=MONDAY)
    assert plan.summary["objective"] == pytest.approx(-40.0)
    assert plan.summary["bound"] == pytest.approx(-40.0)
    sent = plan.lines.groupby(["item", "destination"])["quantity"].sum()
    assert sent["A", "R1"] == 2 and sent["B", "R1"] == 1 and sent["B", "R2"] == 1
    assert plan.summary["totals"]["freight"] == pytest.approx(10.0)
    assert plan.summary["totals"]["value_of_arrivals"] == pytest.approx(-50.0)


def test_storage_forces_a_choice():
    """Room for one unit goes to the item that earns most in it."""
    draft = two_hubs_three_regions()
    draft.storage = {"R1": 1.0, "R2": 0.0, "R3": 0.0}
    plan = solve(draft.problem(), as_of=MONDAY)
    assert plan.lines[["item", "destination", "quantity"]].to_numpy().tolist() == [["A", "R1", 1]]
    blocked = plan.units[(plan.units["region"] == "R2") & (plan.units["item"] == "A")]
    assert blocked["binding"].tolist() == ["storage of R2"]


def test_an_unused_unit_is_redirected_where_it_earns_more():
    """A unit on hand moves when its worth there, less the lane, beats its worth here."""
    draft = Draft()
    draft.cell("R1", "A", [], on_hand=[5, 1])
    draft.cell("R2", "A", [4, 2])
    draft.move("redirect", "R1", "R2", "A", 1.5, lead=2)
    plan = solve(draft.problem(), as_of=MONDAY)
    line = plan.lines.iloc[0]
    assert (line["action"], line["quantity"]) == ("redirect", 1)
    assert line["expected_gain"] == pytest.approx(4 - 1.5 - 1)
    assert line["arrival_date"] == MONDAY + pd.Timedelta(days=2)
    assert plan.inbound.to_numpy().tolist() == [["R2", "A", 1, line["arrival_date"]]]
    moved = plan.units[plan.units["region"] == "R1"]
    assert moved["binding"].tolist() == ["on hand", "moved away"]


@pytest.mark.parametrize("units", [0, 2000])
def test_ties_do_not_cost_a_unit_that_is_surely_needed(units: int):
    """Of two equal units only the second may be lost: with nothing to lose, one is sent."""
    draft = Draft()
    draft.stock = {("H1", "A"): 2}
    draft.cell("R1", "A", [5, 5], need=[1, 2], loss=3.0)
    draft.ship("H1", "R1", "A", 1)
    plan = PlanParams(integer_program_units=units)
    params = OptimizeParams(risk=RiskParams(budget=0.0), plan=plan)
    found = solve(draft.problem(), params, as_of=MONDAY)
    assert found.lines["quantity"].tolist() == [1]
    assert found.summary["bound"] == pytest.approx(-4.0)


def test_an_exit_that_pays_is_taken():
    """A unit worth less than what its exit recovers leaves by that exit."""
    draft = Draft()
    draft.cell("R1", "A", [], on_hand=[5, -2])
    draft.move("give_away", "R1", "", "A", 1.0)
    plan = solve(draft.problem(), as_of=MONDAY)
    assert plan.lines["action"].tolist() == ["give_away"]
    assert plan.lines["expected_gain"].tolist() == pytest.approx([1.0])
    assert plan.lines["destination"].tolist() == [""]


def test_nothing_worth_sending_is_an_empty_plan_that_may_be_shipped():
    """Doing nothing is a plan like any other: objective 0, gap 0, no line, columns all there."""
    draft = Draft()
    draft.stock = {("H1", "A"): 5}
    draft.cell("R1", "A", [1, 1])
    draft.ship("H1", "R1", "A", 2)
    plan = solve(draft.problem(), as_of=MONDAY)
    assert plan.lines.empty and list(plan.lines.columns)[:2] == ["action", "origin"]
    assert plan.summary["status"] == "ship"
    assert plan.summary["objective"] == plan.summary["bound"] == plan.summary["gap"] == 0.0
    assert plan.units["binding"].tolist() == ["not worth it"]


def test_a_problem_without_any_cell_is_solved():
    """No cell, no move: still a plan, with nothing in it."""
    draft = Draft()
    draft.item("A")
    plan = solve(draft.problem(), as_of=MONDAY)
    assert plan.lines.empty and plan.units.empty
    assert plan.summary["counts"]["cells"] == 0


@pytest.mark.parametrize(
    "block", [0, *(pytest.param(block, marks=pytest.mark.sweep) for block in range(1, 5))]
)
def test_tiny_problems_reach_the_optimum_found_by_enumeration(block: int):
    """Over 500 random tiny networks the exact plan costs what the best of all plans costs."""
    checked = 0
    for seed in range(1000 * block, 1000 * (block + 1)):
        checked += assert_enumerated(seed)
        if checked == 105:
            break
    assert checked == 105


@pytest.mark.nightly
@pytest.mark.parametrize("block", range(10))
def test_five_thousand_problems_reach_the_optimum_found_by_enumeration(block: int):
    """The same over 5,000 networks, with a planner's minimum in every third."""
    checked = 0
    for seed in range(10_000 + 10_000 * block, 20_000 + 10_000 * block):
        checked += assert_enumerated(seed, minimums=seed % 3 == 0)
        if checked == 500:
            break
    assert checked == 500


def assert_enumerated(seed: int, *, minimums: bool = False) -> bool:
    """Hold a plan against the enumerated optimum; False where there is nothing to enumerate."""
    draft, params = draw(seed, minimums=minimums, spending=seed % 2 == 0)
    if not draft.cells or not draft.moves:
        return False
    problem = draft.problem()
    best = best_by_enumeration(problem, params)
    if best is None:
        return False
    summary = solve(problem, params, as_of=MONDAY).summary
    if np.isinf(best):
        assert summary["relaxed"], seed
        return True
    assert not summary["relaxed"], seed
    assert summary["objective"] == pytest.approx(best, abs=1e-6), seed
    assert summary["bound"] <= best + 1e-6, seed
    return True


@pytest.mark.sweep
def test_rounded_plans_are_never_better_than_the_optimum_and_seldom_worse():
    """Over 200 random tiny networks rounding keeps every limit; losses are rare."""
    lost, best_total, checked = 0.0, 0.0, 0
    for seed in range(50_000, 52_000):
        draft, params = draw(seed)
        if not draft.cells or not draft.moves:
            continue
        problem = draft.problem()
        best = best_by_enumeration(problem, params)
        if best is None:
            continue
        rounded = replace(params, plan=replace(params.plan, integer_program_units=0))
        summary = solve(problem, rounded, as_of=MONDAY).summary
        assert summary["objective"] >= best - 1e-6, seed
        assert summary["bound"] <= best + 1e-6, seed
        lost, best_total, checked = (
            lost + summary["objective"] - best,
            best_total + best,
            checked + 1,
        )
        if checked == 200:
            break
    assert checked == 200
    assert lost <= 0.01 * -best_total


@pytest.mark.parametrize("power", [-6, -3, 3, 6])
def test_money_in_another_unit_gives_the_same_plan(power: int):
    """Cents or millions: the lines are the same, and money scales with its unit."""
    for seed in (3, 11, 29, 64):
        draft, params = draw(seed, spending=True)
        problem = draft.problem()
        factor = 10.0**power
        budget = None if params.risk.budget is None else params.risk.budget * factor
        other = replace(params, risk=replace(params.risk, budget=budget))
        for plan in (params.plan, replace(params.plan, integer_program_units=0)):
            here = solve(problem, replace(params, plan=plan), as_of=MONDAY)
            there = solve(scaled(problem, factor), replace(other, plan=plan), as_of=MONDAY)
            keys = ["action", "origin", "destination", "item", "quantity"]
            pd.testing.assert_frame_equal(here.lines[keys], there.lines[keys])
            assert there.summary["objective"] == pytest.approx(
                here.summary["objective"] * factor, rel=1e-9
            )


@pytest.mark.parametrize("power", [-3, 3])
@pytest.mark.parametrize("units", [0, 2000])
def test_volumes_in_another_unit_give_the_same_plan(power: int, units: int):
    """Litres or thousands of cubic metres: the lines are the same, to the unit."""
    for seed in (3, 11, 29, 64, 70, 71, 72):
        draft, params = draw(seed)
        problem = draft.problem()
        params = replace(params, plan=replace(params.plan, integer_program_units=units))
        here = solve(problem, params, as_of=MONDAY)
        there = solve(resized(problem, 10.0**power), params, as_of=MONDAY)
        keys = ["action", "origin", "destination", "item", "quantity"]
        pd.testing.assert_frame_equal(here.lines[keys], there.lines[keys])
        assert there.summary["objective"] == pytest.approx(here.summary["objective"], rel=1e-9)


def test_the_same_problem_gives_the_same_bytes_twice():
    """Two solves of one problem give equal frames and summaries, bit for bit."""
    draft, params = draw(7)
    plans = [solve(draft.problem(), params, as_of=MONDAY) for _ in range(2)]
    assert plans[0].lines.to_csv().encode() == plans[1].lines.to_csv().encode()
    assert plans[0].units.to_csv().encode() == plans[1].units.to_csv().encode()
    assert repr(plans[0].summary) == repr(plans[1].summary)


def test_the_order_in_which_cells_and_moves_are_named_does_not_matter():
    """A problem drafted back to front is the same problem and gets the same plan."""
    draft = two_hubs_three_regions()
    back = Draft(
        dict(reversed(draft.cells.items())), dict(reversed(draft.items.items())),
        dict(reversed(draft.stock.items())), draft.moves[::-1],
    )  # fmt: skip
    here, there = (solve(each.problem(), as_of=MONDAY) for each in (draft, back))
    pd.testing.assert_frame_equal(here.lines, there.lines)
    pd.testing.assert_frame_equal(here.units, there.units)


@pytest.mark.parametrize(
    ("limit", "change"), [("hub", "stock"), ("room", "storage"), ("way", "lanes")]
)
def test_shadow_prices_are_what_one_unit_more_brings(limit: str, change: str):
    """The price of a scarce limit is the gain from one unit more of it: same sign, same size."""
    draft = Draft()
    draft.stock = {("H1", "A"): 2 if limit == "hub" else 9}
    draft.cell("R1", "A", [9, 7, 5, 3])
    draft.ship("H1", "R1", "A", 1)
    if limit == "room":
        draft.storage = {"R1": 2.0}
    if limit == "way":
        draft.lanes = {("H1", "R1"): 2.0}
    before = solve(draft.problem(), as_of=MONDAY)
    getattr(draft, change)[next(iter(getattr(draft, change)))] += 1
    after = solve(draft.problem(), as_of=MONDAY)
    gained = before.summary["objective"] - after.summary["objective"]
    (price,) = before.summary["shadow_prices"]
    assert price["price"] == pytest.approx(gained) == pytest.approx(4.0)
    assert "is worth 4.00" in price["words"]


def test_the_price_of_the_risk_budget_is_what_a_little_more_of_it_brings():
    """Raising the budget by a cent lowers the continuous optimum by its price times a cent."""
    draft = Draft()
    draft.stock = {("H1", "A"): 9}
    draft.cell("R1", "A", [9, 7, 5, 3], need=[0, 1, 3, 4], loss=2.0)
    draft.ship("H1", "R1", "A", 1)
    low, high = (
        solve(
            draft.problem(),
            OptimizeParams(risk=RiskParams(level=0.5, budget=budget), plan=ROUNDED),
            as_of=MONDAY,
        ).summary
        for budget in (2.5, 2.51)
    )
    (price,) = [each for each in low["shadow_prices"] if each["limit"] == "risk budget"]
    assert price["price"] > 0
    assert low["bound"] - high["bound"] == pytest.approx(0.01 * price["price"], rel=1e-6)
    assert low["cvar"] <= 2.5 + 1e-9


@pytest.mark.parametrize("name", ["freight_budget", "stock_value_budget"])
def test_the_price_of_money_to_spend_is_what_a_little_more_of_it_brings(name: str):
    """A cent more of either budget lowers the continuous optimum by its price times a cent."""
    draft = Draft(unit_cost={"A": 3.0})
    draft.stock = {("H1", "A"): 9}
    draft.cell("R1", "A", [9, 7, 5, 3])
    draft.ship("H1", "R1", "A", 2.0)
    found = []
    for spare in (0.0, 0.01):
        setattr(draft, name, 5.0 + spare)
        plan = solve(draft.problem(), OptimizeParams(plan=ROUNDED), as_of=MONDAY)
        found.append(plan.summary)
    (price,) = found[0]["shadow_prices"]
    assert price["limit"] == name.replace("_", " ") and price["unit"] == "money"
    assert found[0]["bound"] - found[1]["bound"] == pytest.approx(0.01 * price["price"], rel=1e-6)


def test_more_of_anything_never_costs_more():
    """More stock, more room or wider lanes never raise the least cost."""
    for seed in (1, 5, 8, 13, 21, 34, 55):
        draft, params = draw(seed)
        before = solve(draft.problem(), params, as_of=MONDAY).summary["objective"]
        for kind in ("stock", "storage", "lanes"):
            wider, _ = draw(seed)
            limits = getattr(wider, kind)
            for name in limits:
                limits[name] += 1
            after = solve(wider.problem(), params, as_of=MONDAY).summary["objective"]
            assert after <= before + 1e-6, (seed, kind)


def test_independent_items_are_planned_as_if_alone():
    """Without a limit that two items share, the plan of both is the plans of each."""
    whole = two_hubs_three_regions()
    objective = solve(whole.problem(), as_of=MONDAY).summary["objective"]
    parts = 0.0
    for item in ("A", "B"):
        draft = two_hubs_three_regions()
        draft.cells = {key: cell for key, cell in draft.cells.items() if key[1] == item}
        draft.moves = [move for move in draft.moves if move[3] == item]
        parts += solve(draft.problem(), as_of=MONDAY).summary["objective"]
    assert objective == pytest.approx(parts)


def test_no_time_gives_no_plan_or_a_good_one(time_limit: None):
    """A thousandth of a second: either NoUsablePlan, or a plan whose bound and limits hold."""
    for seed in range(30):
        draft, params = draw(seed)
        if not draft.moves:
            continue
        hurried = replace(params, plan=replace(params.plan, time_limit_seconds=0.001))
        problem = draft.problem()
        best = best_by_enumeration(problem, params)
        try:
            plan = solve(problem, hurried, as_of=MONDAY)
        except NoUsablePlan:
            continue
        assert best is None or plan.summary["objective"] >= best - 1e-6
        assert plan.summary["bound"] <= plan.summary["objective"]


def test_the_plan_is_held_where_the_planner_asked_for_it():
    """`[plan] hold` turns the status into hold for the reasons it names."""
    problem = two_hubs_three_regions().problem()
    held = solve(problem, OptimizeParams(plan=PlanParams(hold=("always",))), as_of=MONDAY)
    free = solve(problem, OptimizeParams(plan=PlanParams(hold=("empty",))), as_of=MONDAY)
    assert (held.summary["status"], free.summary["status"]) == ("hold", "ship")


@pytest.fixture
def unproven(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every plan be found with a bound three times as good as it is."""
    found = planning.find_incumbent

    def weakly_bounded(*words: object) -> Incumbent:
        best = found(*words)
        return replace(best, bound=3.0 * best.objective)

    monkeypatch.setattr(planning, "find_incumbent", weakly_bounded)


@pytest.mark.parametrize(
    ("largest", "hold", "status"),
    [(0.05, ("gap",), "hold"), (0.05, (), "ship"), (0.7, ("gap",), "ship")],
)
def test_a_plan_far_from_its_bound_is_held(unproven: None, largest: float, hold, status: str):
    """`plan.largest_gap` holds it and says by how much; a larger one, or no such hold, does not."""
    params = OptimizeParams(plan=PlanParams(largest_gap=largest, hold=hold))
    plan = solve(two_hubs_three_regions().problem(), params, as_of=MONDAY)
    assert plan.summary["gap"] == pytest.approx(2 / 3)
    assert plan.summary["status"] == status
    said = [note for note in plan.notes if "66.7 %" in note and "plan.largest_gap" in note]
    assert len(said) == (largest < 0.5)


@pytest.fixture
def assembled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `make_plan` plan two hubs and three regions, whatever the tables."""
    problem = two_hubs_three_regions().problem()
    for name, stub in (
        ("complete", lambda tables, *_: tables),
        ("price_ahead", lambda *_, **__: None),
        ("assemble", lambda *_, **__: problem),
        ("audit", lambda *_, **__: None),
    ):
        monkeypatch.setattr(planning, name, stub)


def test_a_plan_far_from_its_bound_is_none_where_it_may_not_be_held(
    unproven: None, assembled: None
):
    """Without `gap` in `plan.hold` nothing is handed out: the sentence is the error's."""
    held = planning.make_plan({}, None, MONDAY, OptimizeParams())
    assert held.summary["status"] == "hold"
    with pytest.raises(NoUsablePlan, match=r"66\.7 %.*plan\.largest_gap"):
        planning.make_plan({}, None, MONDAY, OptimizeParams(plan=PlanParams(hold=("empty",))))


@pytest.mark.parametrize(("looks", "cut"), [(0, True), (1000, False)])
def test_a_plan_made_while_time_ran_out_says_so(monkeypatch, looks: int, cut: bool):
    """Even where the solver had ended: other steps are left out once time is over."""
    found = planning.solve_relaxed

    def in_time(relaxation, clock, *known):
        return found(relaxation, endless(), *known)

    monkeypatch.setattr(planning, "solve_relaxed", in_time)
    monkeypatch.setattr(planning, "Clock", lambda _: ticking(looks))
    plan = solve(two_hubs_three_regions().problem(), as_of=MONDAY)
    assert plan.is_cut == cut
    assert plan.summary["termination"] == ("time limit" if cut else "optimal")


def test_an_interrupt_is_told_or_raised_never_swallowed(monkeypatch, assembled: None):
    """With a plan at hand its termination tells; without one the interrupt goes on."""
    found = planning.solve_relaxed

    def interrupted(relaxation, clock, *known):
        clock.interrupt()
        return found(relaxation, endless(), *known)

    monkeypatch.setattr(planning, "solve_relaxed", interrupted)
    plan = solve(two_hubs_three_regions().problem(), as_of=MONDAY)
    assert plan.is_cut and plan.summary["termination"] == "interrupted"
    assert planning.make_plan({}, None, MONDAY, OptimizeParams(), keep_interrupted=True).is_cut
    with pytest.raises(KeyboardInterrupt):
        planning.make_plan({}, None, MONDAY, OptimizeParams())

    def without_a_plan(relaxation, clock, *known):
        clock.interrupt()
        raise NoUsablePlan("no feasible plan when the search stopped")

    monkeypatch.setattr(planning, "solve_relaxed", without_a_plan)
    with pytest.raises(KeyboardInterrupt):
        solve(two_hubs_three_regions().problem(), as_of=MONDAY)


def test_terms_of_the_objective_sum_to_it_and_lines_earn_it():
    """Totals sum to the objective; expected gains of the lines sum to its negative."""
    for seed in range(40):
        draft, params = draw(seed)
        if not draft.cells:
            continue
        plan = solve(draft.problem(), params, as_of=MONDAY)
        objective = plan.summary["objective"]
        assert sum(plan.summary["totals"].values()) == pytest.approx(objective, abs=1e-9)
        assert plan.lines["expected_gain"].sum() == pytest.approx(-objective, abs=1e-9)
        assert not np.signbit(plan.summary["gap"])


@pytest.mark.parametrize("units", [0, 4])
@pytest.mark.parametrize("seed", [278, 282, 378, 543, 576, 739])
def test_a_minimum_that_rounding_misses_is_met_all_the_same(seed: int, units: int):
    """Markets in packs with few moves free, or none: the minimum can hold, so nothing gives way."""
    draft, params = draw(seed, minimums=True)
    params = replace(params, plan=replace(params.plan, integer_program_units=units))
    problem = draft.problem()
    best = best_by_enumeration(problem, params)
    summary = solve(problem, params, as_of=MONDAY).summary
    assert summary["relaxed"] == []
    assert summary["bound"] - 1e-6 <= best <= summary["objective"] + 1e-6


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [13, 31, 36, 49, 52, 56, *range(4)])
def test_rounded_plans_under_many_locks_pass_the_audit_and_give_way_like_exact_ones(seed: int):
    """Several locks against each other, stock, room, packs and budgets; rounding misses some.

    The first six seeds once failed the audit, with a lock lowered twice.
    """
    tables, demand, params = draw_tables(seed)
    tables["overrides"] = draw_locks(seed)
    given = []
    for units in (0, 2000):
        plan = replace(params.plan, integer_program_units=units, freight_budget=8.0)
        found = make_plan(tables, demand, MONDAY, replace(params, plan=plan))
        amounts: dict[str, float] = {}
        for each in found.summary["relaxed"]:
            amounts[each["family"]] = amounts.get(each["family"], 0.0) + each["amount"]
        given.append(amounts)
    assert given[0] == pytest.approx(given[1])
