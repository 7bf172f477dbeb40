"""Trials in a plan leave no trace where they are undone."""

from __future__ import annotations

from pytest import approx

from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.whole_units.trial_plan import trial_of
from tests.optimize.program_builder import Draft
from tests.optimize.working_plans import working_plan_of


def trial():
    """Three units of A lie at a hub; a full cell of B would have to leave for them."""
    draft = Draft()
    draft.cell("R", "A", [5.0, 3.0, 1.0])
    draft.cell("R", "B", [], on_hand=[2.0])
    draft.stock["H", "A"] = 3
    draft.storage["R"] = 2.0
    draft.ship("H", "R", "A", 0.5)
    draft.move("markdown", "R", "", "B", 0.25)
    _, instance = working_plan_of(draft)
    prices = solve_continuous(instance, Clock(60)).prices
    return trial_of(instance, prices, instance.problem.supply_units[[0, 0]] * 0)


def test_steps_are_told_with_what_they_earn_and_undone_to_a_mark() -> None:
    """The first unit earns 4.50, the second 2.50; the plan is then as it was at the mark."""
    working = trial()
    working.take(0, 1)
    mark = working.mark()
    assert working.earned / working.scale == approx(4.5)
    working.take(0, 1)
    working.take(1, 1)
    assert working.as_quantity().tolist() == [2, 1]
    working.undo_to(mark)
    assert working.as_quantity().tolist() == [1, 0]
    assert working.earned / working.scale == approx(4.5)


def test_rows_that_steps_touch_and_break_are_told() -> None:
    """Two units of A beside one of B are more than a storage of two."""
    working = trial()
    working.take(0, 2)
    (storage,) = [row for row in working.rows_since(0) if working.over(row)]
    assert working.limits.family[storage] == "storage"
    assert working.broken(working.rows_since(0)) == [storage]
    assert working.rows_since(1) == set()
