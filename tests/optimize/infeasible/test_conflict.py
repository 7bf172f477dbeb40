"""The smallest set of limits that cannot hold together, by hand and against trying all subsets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.errors import LimitsConflict
from foreship_optimize.infeasible.conflict import smallest_conflict
from foreship_optimize.infeasible.question import with_places_asked_for
from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.planning import solve
from foreship_optimize.risk import risk_of
from tests.clocks import endless
from tests.optimize.program_builder import Draft
from tests.optimize.program_oracle import best_by_enumeration, draw

MONDAY = pd.Timestamp("2026-11-16")


def named(draft: Draft, params: OptimizeParams | None = None) -> list[str]:
    """Limits of the smallest clash, without the sentence before them."""
    params = params or OptimizeParams()
    problem = draft.problem()
    return list(smallest_conflict(problem, params, risk_of(problem, params.risk), endless()))[1:]


def two_regions() -> Draft:
    """Hub stock for six; at least four to Lyon and four to Nice; room is plenty."""
    draft = Draft()
    draft.stock = {("H1", "A"): 6, ("H1", "B"): 50}
    for region in ("Lyon", "Nice"):
        draft.cell(region, "A", [3.0] * 8, need=[8], loss=1.0)
        draft.cell(region, "B", [3.0] * 8, need=[8], loss=1.0)
        draft.ship("H1", region, "A", 1.0)
        draft.ship("H1", region, "B", 1.0)
        draft.storage[region] = 30.0
        draft.lock(f"at_least 4 of A to {region}", lambda a, o, d, i, r=region: (d, i) == (r, "A"),
                   at_least=4)  # fmt: skip
    return draft


def test_two_locks_and_the_stock_between_them_are_named_and_nothing_else():
    """Four and four of six: the two locks and the hub stock conflict; storage and item B do not."""
    assert named(two_regions()) == [
        "- hub stock of A at H1: 6 units",
        "- lock at_least 4 of A to Lyon",
        "- lock at_least 4 of A to Nice",
    ]


def test_limits_that_can_hold_name_nobody():
    """With stock for eight nothing clashes."""
    draft = two_regions()
    draft.stock["H1", "A"] = 8
    problem = draft.problem()
    params = OptimizeParams()
    assert smallest_conflict(problem, params, risk_of(problem, params.risk), endless()) == ()


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (OptimizeParams(risk=RiskParams(budget=1.0, level=0.5)), "- the risk budget of 1.00"),
        (OptimizeParams(plan=PlanParams(freight_budget=3.0)), "- freight budget: 3 money"),
        (
            OptimizeParams(plan=PlanParams(stock_value_budget=2.5)),
            "- stock value budget: 2.5 money",
        ),
    ],
)
def test_a_budget_that_a_lock_breaks_is_named_with_it(params: OptimizeParams, words: str):
    """Four units that each cost 1, are worth 1 and may lose 1, against a budget for fewer."""
    draft = Draft()
    draft.stock = {("H1", "A"): 9}
    draft.cell("Lyon", "A", [3.0] * 8, need=[0], loss=1.0)
    draft.ship("H1", "Lyon", "A", 1.0)
    draft.lock("at_least 4 of A to Lyon", lambda a, o, d, i: True, at_least=4)
    for name in ("freight_budget", "stock_value_budget"):
        most = getattr(params.plan, name)
        setattr(draft, name, np.inf if most is None else most)
    assert named(draft, params) == [words, "- lock at_least 4 of A to Lyon"] or named(
        draft, params
    ) == ["- lock at_least 4 of A to Lyon", words]


def test_strict_says_what_clashes():
    """The error of `strict` ends with the smallest set."""
    with pytest.raises(LimitsConflict) as caught:
        solve(two_regions().problem(), as_of=MONDAY, strict=True)
    assert caught.value.conflicts[-3:] == named(two_regions())


def test_packs_are_named_where_they_are_to_blame():
    """At least three and at most three clash in packs of two only."""
    draft = two_regions()
    draft.item("A", pack=2)
    draft.stock["H1", "A"] = 20
    draft.locks = []
    draft.lock("at_least 3 of A", lambda a, o, d, i: i == "A", at_least=3)
    draft.lock("at_most 3 of A", lambda a, o, d, i: i == "A", at_most=3)
    assert named(draft) == ["- packs of 2 of A", "- lock at_most 3 of A", "- lock at_least 3 of A"]
    exact = OptimizeParams(plan=PlanParams(integer_program_units=0))
    assert named(draft, exact) == named(draft)


def test_a_lock_that_clashes_without_the_first_set_too_is_not_passed_over():
    """Four to each of three regions, of six: no single lock can go and let the others hold."""
    draft = two_regions()
    draft.cell("Metz", "A", [3.0] * 8)
    draft.ship("H1", "Metz", "A", 1.0)
    draft.lock("at_least 4 of A to Metz", lambda a, o, d, i: (d, i) == ("Metz", "A"), at_least=4)
    problem = draft.problem()
    params = OptimizeParams()
    told = smallest_conflict(problem, params, risk_of(problem, params.risk), endless())
    one_must_go, rest = told[0], told[4]
    assert one_must_go == "these cannot hold together, so that one of them at least must give way:"
    assert told[1] == "- hub stock of A at H1: 6 units"
    gone = told[3].removeprefix("- ")
    assert rest.startswith(f"without {gone}, these cannot hold together, and without any one")
    assert f"- {gone}" not in told[5:] and len(told) == 8


def test_two_clashes_that_have_nothing_in_common_are_both_named():
    """Locks against each other on A, and the stock of B against a lock on B."""
    draft = two_regions()
    draft.stock["H1", "B"] = 1
    draft.locks = []
    draft.lock("at_least 3 of A", lambda a, o, d, i: i == "A", at_least=3)
    draft.lock("at_most 2 of A", lambda a, o, d, i: i == "A", at_most=2)
    draft.lock("at_least 2 of B", lambda a, o, d, i: i == "B", at_least=2)
    told = " ".join(named(draft))
    assert all(each in told for each in ("at_least 3 of A", "at_most 2 of A", "at_least 2 of B"))
    assert "hub stock of B at H1: 1 units" in told and "A at H1" not in told


def test_what_the_claims_say_of_all_limits_is_true():
    """Where the others can hold without any one of a set, strict plans without it are made."""
    draft = two_regions()
    for place in (0, 1):
        fewer = draft.problem()
        locks = tuple(each for at, each in enumerate(fewer.locks) if at != place)
        solve(replace(fewer, locks=locks), as_of=MONDAY, strict=True)
    problem = draft.problem()
    params = OptimizeParams()
    told = smallest_conflict(problem, params, risk_of(problem, params.risk), endless())
    assert told[0].endswith("without any one of them the others can:")


def test_a_search_cut_short_claims_no_more_than_it_knows():
    """Out of time the set clashes, and is said to be perhaps too large."""
    problem, params = two_regions().problem(), OptimizeParams()
    clock = endless()
    clock.interrupt()
    told = smallest_conflict(problem, params, risk_of(problem, params.risk), clock)
    assert told[0].startswith("these cannot hold together (time ended before it was known")
    assert "- lock at_least 4 of A to Nice" in told


def test_the_sets_named_clash_and_none_of_them_is_idle():
    """Against enumeration: only the limits named clash; with one of them lifted they can hold."""
    clashes = lifted = 0
    for seed in range(600):
        draft, params = draw(seed, minimums=True, spending=seed % 2 == 0)
        if not draft.cells or not draft.moves:
            continue
        problem = draft.problem()
        best = best_by_enumeration(problem, params)
        if best is None or np.isfinite(best):
            continue
        clash = smallest_conflict(problem, params, risk_of(problem, params.risk), endless())[1:]
        alone = best_by_enumeration(*only(problem, params, clash))
        assert alone is None or np.isinf(alone), (seed, clash)
        clashes += alone is not None
        for idle in clash:
            rest = [each for each in clash if each != idle]
            eased = best_by_enumeration(*only(problem, params, rest))
            assert eased is None or np.isfinite(eased), (seed, clash, idle)
            lifted += eased is not None
        if clashes >= 25:
            break
    assert clashes >= 25 and lifted >= 25


def only(problem, params: OptimizeParams, words):
    """Lift every limit that is not named; a hub stock not named is full, packs are of one unit."""
    limits = limits_of(problem)
    held = {row for row, name in enumerate(limits.words) if any(name in each for each in words)}
    storage, lanes = (
        np.full_like(each, np.inf) for each in (problem.storage, problem.lane_capacity)
    )
    stock = np.full_like(problem.supply_units, 6)
    budgets = {"freight_budget": np.inf, "stock_value_budget": np.inf}
    for row in held:
        index = limits.index[row]
        if limits.family[row] == "storage":
            storage[index] = problem.storage[index]
        if limits.family[row] == "lane":
            lanes[index] = problem.lane_capacity[index]
        if limits.family[row] == "hub stock":
            stock[index] = problem.supply_units[index]
        if limits.family[row] == "budget":
            name = limits.words[row].replace(" ", "_")
            budgets[name] = getattr(problem, name)
    locks = tuple(
        replace(
            lock,
            at_least=lock.at_least if f"- lock {lock.name}" in words else 0.0,
            at_most=lock.at_most if f"- lock {lock.name}" in words else np.inf,
        )
        for lock in problem.locks
    )
    risk, plan = params.risk, params.plan
    if not any("risk budget" in each for each in words):
        risk = replace(risk, budget=None)
    if not any("minimum line" in each for each in words):
        plan = replace(plan, minimum_line_quantity=1)
    packs = problem.pack_size
    if not any("packs of" in each for each in words):
        packs = np.ones_like(packs)
    eased = replace(
        problem,
        pack_size=packs,
        storage=storage,
        lane_capacity=lanes,
        supply_units=stock,
        locks=locks,
        **budgets,
    )
    # that a cell has few candidates is no limit that a planner stated
    return with_places_asked_for(eased), replace(params, risk=risk, plan=plan)
