"""Whole units from a continuous plan: feasible always, good mostly, the same every time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.planning import solve
from foreship_optimize.program.bound import Prices
from foreship_optimize.program.instance import Instance
from foreship_optimize.risk import loss_of_outcomes, mean_of_worst
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from foreship_optimize.whole_units.rounding import drop_until_feasible, round_to_whole_units
from tests.optimize.program_builder import Draft, two_hubs_three_regions
from tests.optimize.program_oracle import draw, feasible_plans
from tests.optimize.table_builder import MONDAY
from tests.optimize.working_plans import working_plan_of


def round_from(instance: Instance, continuous, known=None) -> np.ndarray:
    """Round a continuous plan with no prices."""
    problem, rows = instance.problem, np.zeros(len(instance.limits.words))
    cells, outcomes = np.zeros(len(problem.cell_item)), np.zeros(problem.need.shape[1])
    prices = Prices(rows, rows, cells, cells, outcomes, instance.risk.level)
    return round_to_whole_units(
        instance.problem,
        instance.limits,
        instance.params.plan,
        instance.risk,
        np.asarray(continuous),
        prices,
        known=known,
    )


@settings(max_examples=80)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
@example(524287, 332043)  # a redirect given up for a full cell fills the one that it left
@example(919796, 224)
def test_any_starting_point_ends_in_a_feasible_plan(seed: int, start: int):
    """From wild continuous quantities, far beyond every limit, rounding ends within all of them."""
    draft, params = draw(seed)
    if not draft.cells:
        return
    _, instance = working_plan_of(draft, params)
    wild = np.random.default_rng(start).uniform(0, 6, len(instance.problem.moves.action))
    quantity = round_from(instance, wild)
    assert faults_of(instance, quantity) == []


@pytest.mark.sweep
@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_a_rounded_plan_never_beats_its_bound(seed: int):
    """The bound lies below the plan, and doing nothing is never better than the plan."""
    draft, params = draw(seed)
    if not draft.cells:
        return
    rounded = replace(params, plan=replace(params.plan, integer_program_units=0))
    summary = solve(draft.problem(), rounded, as_of=MONDAY).summary
    assert summary["bound"] <= summary["objective"] <= 1e-9
    assert summary["gap"] >= 0.0 and summary["continuous_gap"] >= 0.0


def test_flooring_alone_would_lose_what_filling_finds():
    """From nothing, filling takes the five best units of A and the two best of B: 40."""
    _, instance = working_plan_of(two_hubs_three_regions())
    quantity = round_from(instance, np.zeros(len(instance.problem.moves.action)))
    assert plan_cost(instance.problem, quantity) == pytest.approx(-40.0)


def test_float_noise_below_a_whole_unit_is_a_whole_unit():
    """2.9999999 of a continuous plan is three units, not two."""
    draft = Draft()
    draft.stock = {("H1", "A"): 3}
    draft.cell("R1", "A", [5, 5, 5])
    draft.ship("H1", "R1", "A", 1.0)
    working, _ = working_plan_of(draft)
    working.start(np.floor(np.array([2.9999999]) + 1e-6).astype(np.int64))
    assert list(working.quantity) == [3] and list(working.there) == [3]


def test_packs_are_kept_whole():
    """Seven units in packs of three: two packs."""
    draft = Draft()
    draft.item("A", pack=3)
    draft.stock = {("H1", "A"): 7}
    draft.cell("R1", "A", [5.0] * 9)
    draft.ship("H1", "R1", "A", 1.0)
    _, instance = working_plan_of(draft)
    assert round_from(instance, [7.0]).tolist() == [6]


def test_a_broken_storage_gives_up_the_least_gain():
    """Of three units in room for two, the one worth least goes."""
    draft = Draft()
    draft.stock = {("H1", "A"): 9, ("H1", "B"): 9, ("H1", "C"): 9}
    for item, value in (("A", 5), ("B", 3), ("C", 4)):
        draft.cell("R1", item, [value])
        draft.ship("H1", "R1", item, 1.0)
    draft.storage = {"R1": 2.0}
    working, instance = working_plan_of(draft)
    working.start(np.ones(3, dtype=np.int64))
    drop_until_feasible(working)
    assert list(working.quantity) == [1, 0, 1]
    assert faults_of(instance, np.array(working.quantity)) == []


def test_the_risk_budget_is_kept_to_the_cent():
    """Units are dropped until the mean of the worst outcomes fits, and no further."""
    draft = Draft()
    draft.stock = {("H1", "A"): 9}
    draft.cell("R1", "A", [9, 9, 9, 9], need=[0, 0, 2, 4], loss=1.0)
    draft.ship("H1", "R1", "A", 1.0)
    params = OptimizeParams(risk=RiskParams(level=0.5, budget=2.0))
    _, instance = working_plan_of(draft, params)
    quantity = round_from(instance, [4.0])
    assert quantity.tolist() == [2]
    losses = loss_of_outcomes(instance.problem, instance.risk, quantity)
    assert mean_of_worst(losses, 0.5) == pytest.approx(2.0)


def test_a_minimum_is_met_even_at_a_loss():
    """A lock from below is met although every unit of it costs more than it brings."""
    draft = Draft()
    draft.stock = {("H1", "A"): 9}
    draft.cell("R1", "A", [0.5, 0.5, 0.5])
    draft.ship("H1", "R1", "A", 1.0)
    draft.lock("two", lambda a, o, d, i: True, at_least=2)
    _, instance = working_plan_of(draft)
    assert round_from(instance, [1.4]).tolist() == [2]


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_around_a_plan_that_keeps_all_limits_no_minimum_is_missed(seed: int, start: int):
    """From wild continuous quantities too: what breaks a limit gives way to the known plan."""
    draft, params = draw(seed, minimums=True, spending=True)
    if not draft.cells:
        return
    _, instance = working_plan_of(draft, params)
    plans = feasible_plans(instance.problem, params, most=2_000)
    if plans is None or not len(plans):
        return
    rng = np.random.default_rng(start)
    known = plans[rng.integers(len(plans))]
    wild = rng.uniform(0, 6, len(instance.problem.moves.action))
    assert faults_of(instance, round_from(instance, wild, known)) == []


def test_the_minimum_line_is_started_whole_or_not_at_all():
    """A line of three is started at once; with room for two only, it is not."""
    draft = Draft()
    draft.stock = {("H1", "A"): 9}
    draft.cell("R1", "A", [5, 5, 5, 0])
    draft.ship("H1", "R1", "A", 1.0)
    params = OptimizeParams(plan=PlanParams(minimum_line_quantity=3))
    _, instance = working_plan_of(draft, params)
    assert round_from(instance, [2.0]).tolist() == [3]
    draft.storage = {"R1": 2.0}
    _, instance = working_plan_of(draft, params)
    assert round_from(instance, [2.0]).tolist() == [0]
