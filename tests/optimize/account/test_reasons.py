"""What holds units that do not pay by themselves, and cells that get none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_foundation.tables.output_files import ALSO, REASONS
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.planning import solve
from tests.optimize.lifted_limits import drawn, objective, without
from tests.optimize.program_builder import Draft
from tests.optimize.table_builder import MONDAY


@pytest.mark.sweep
@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_the_plan_gains_without_what_holds_a_unit(seed: int):
    """Lift what is named beside a unit moved at a loss, that alone, and plan again: it must pay."""
    problem, params = drawn(seed, minimums=True)
    plan = solve(problem, params, as_of=MONDAY)
    if plan.summary["relaxed"]:  # other limits gave way for it
        return
    for cause in plan.reasons["cause"]:
        better = objective(*without(problem, params, cause.split(ALSO)))
        assert better < plan.summary["objective"] - 1e-9, cause


def test_a_unit_leaves_at_a_loss_to_make_room_and_storage_is_named():
    """A unit worth 2 goes back for 1 where one worth 9 takes its room: storage asks for that."""
    draft = Draft()
    draft.stock = {("H1", "B"): 1}
    draft.cell("R1", "A", [], on_hand=[2.0])
    draft.cell("R1", "B", [9.0])
    draft.move("return", "R1", "H1", "A", 1.0)
    draft.ship("H1", "R1", "B", 1.0)
    draft.storage = {"R1": 1.0}
    reasons = solve(draft.problem(), as_of=MONDAY).reasons
    assert list(reasons.columns) == list(REASONS.names)
    assert reasons.to_numpy().tolist() == [["R1", "A", "leaves", "storage of R1"]]


def test_a_lock_and_a_pack_that_bring_a_unit_are_named():
    """Unit 2 of either item costs more than it is worth: a lock asks for one, a pack for one."""
    draft = Draft()
    draft.item("P", pack=2)
    draft.stock = {("H1", "L"): 5, ("H1", "P"): 4}
    draft.cell("R1", "L", [9.0, 0.5, 0.1])
    draft.cell("R1", "P", [9.0, 0.5, 0.1, 0.1])
    draft.ship("H1", "R1", "L", 1.0)
    draft.ship("H1", "R1", "P", 1.0)
    draft.lock("at_least 2 of L", lambda a, o, d, i: i == "L", at_least=2)
    reasons = solve(draft.problem(), as_of=MONDAY).reasons
    assert reasons.to_numpy().tolist() == [
        ["R1", "L", "sent", "lock at_least 2 of L"],
        ["R1", "P", "sent", "pack size"],
    ]


def test_a_lock_and_a_line_that_both_hold_a_unit_are_both_named():
    """Two are asked for and two make a line: without either alone the second would still come."""
    draft = Draft()
    draft.stock = {("H1", "A"): 5}
    draft.cell("R1", "A", [9.0, 0.5, 0.1])
    draft.ship("H1", "R1", "A", 1.0)
    draft.lock("at_least 2", lambda a, o, d, i: True, at_least=2)
    params = OptimizeParams(plan=PlanParams(minimum_line_quantity=2))
    reasons = solve(draft.problem(), params, as_of=MONDAY).reasons
    assert reasons["cause"].tolist() == ["lock at_least 2 and also minimum line quantity"]
