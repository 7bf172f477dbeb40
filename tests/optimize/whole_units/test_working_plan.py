"""A plan in whole units under construction: what a step gains, uses and undoes."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.whole_units.working_plan import RISK_ROW
from tests.optimize.program_builder import Draft, one_cell
from tests.optimize.program_oracle import draw
from tests.optimize.working_plans import working_plan_of


def test_steps_back_undo_steps_forward():
    """Taking and giving back any step leaves use, stock and losses as they were."""
    for seed in range(20):
        draft, params = draw(seed)
        if not draft.moves:
            continue
        working, _ = working_plan_of(draft, params)
        before = (list(working.used), list(working.there), working.loss.copy())
        for move in range(len(working.quantity)):
            units = working.step(move)
            working.take(move, units)
            working.take(move, -units)
        assert list(working.there) == before[1]
        assert list(working.used) == pytest.approx(before[0])
        assert working.loss == pytest.approx(before[2])


def in_pairs(lane: float = 6.0):
    """Packs of two to R1 (9, 8, 7, 1 for 1 each, a lane) and one unit on from R1 to R2 (5)."""
    draft = Draft()
    draft.item("A", pack=2)
    draft.stock = {("H1", "A"): 6}
    draft.cell("R1", "A", [9.0, 8.0, 7.0, 1.0], on_hand=[10.0], need=[1, 0], loss=2.0)
    draft.cell("R2", "A", [5.0], need=[0, 0], loss=2.0)
    draft.ship("H1", "R1", "A", 1.0)
    draft.move("redirect", "R1", "R2", "A", 0.5)
    draft.lanes = {("H1", "R1"): lane}
    return draft


def gains(working, move: int, units: int) -> float:
    """Gain in the problem's own money."""
    return working.gain(move, units) / working.scale


def test_steps_gain_by_rank_and_stop_where_a_cell_is_full():
    """A pack: 9 + 8 - 2; the next 7 + 1 - 2; then R1 is full. A redirect gives up its last unit."""
    working, _ = working_plan_of(in_pairs())
    assert (working.step(0), working.step(1)) == (2, 1)
    assert gains(working, 0, 2) == pytest.approx(15.0)
    assert gains(working, 1, 1) == pytest.approx(5.0 - 0.5 - 10.0)
    working.take(0, 2)
    assert gains(working, 0, 2) == pytest.approx(6.0)
    assert gains(working, 1, 1) == pytest.approx(5.0 - 0.5 - 8.0)
    assert working.regret(0) / working.scale == pytest.approx(15.0)
    working.take(0, 2)
    assert working.gain(0, 2) == -np.inf
    assert working.as_quantity().tolist() == [4, 0]
    assert (list(working.there), working.undo(0)) == ([5, 0], 2)


def test_the_row_that_blocks_a_step_is_named_with_its_users():
    """A lane for three units carries one pack; its only user takes one of it a unit."""
    working, instance = working_plan_of(in_pairs(lane=3.0))
    assert working.blocked_rows(0, 2) == [] and working.fits(0, 2)
    working.take(0, 2)
    (row,) = working.blocked_rows(0, 2)
    assert instance.limits.words[row] == "lane H1 -> R1"
    assert working.users(row) == [(0, 1.0)]
    assert not working.over(row)
    working.take(0, 2)
    assert working.over(row)


def test_the_risk_budget_is_a_row_without_a_number():
    """Two units lose 2 or 4; the worse half of two outcomes is 4, just what is allowed."""
    params = OptimizeParams(risk=RiskParams(level=0.5, budget=4.0))
    working, _ = working_plan_of(in_pairs(), params)
    assert working.blocked_rows(0, 2) == []
    working.take(0, 2)
    assert working.loss.tolist() == pytest.approx([2.0, 4.0])
    assert working.blocked_rows(0, 2) == [RISK_ROW] == working.blocked_rows(1, 1)
    assert not working.over(RISK_ROW)
    assert working.users(RISK_ROW) == [(0, pytest.approx(2.0))]


def test_lines_below_their_minimum_are_not_started_from():
    """Of one and two packs, where a line is three units: the first is left out."""
    params = OptimizeParams(plan=PlanParams(minimum_line_quantity=3))
    working, _ = working_plan_of(in_pairs(), params)
    assert working.step(0) == 4
    working.start(np.array([1, 0]))
    assert working.as_quantity().tolist() == [0, 0]
    working.start(np.array([2, 0]))
    assert working.as_quantity().tolist() == [4, 0]
    assert working.undo(0) == 4


def test_units_that_are_held_are_not_undone():
    """Of three packs one is held: two steps down, and no third; it is there from the start."""
    working, _ = working_plan_of(one_cell([9.0] * 6, pack=2))
    working.hold(np.array([2]))
    working.start(np.array([0]))
    assert list(working.quantity) == [2]
    working.start(np.array([3]))
    assert (working.undo(0), working.regret(0)) == (2, pytest.approx(14.0 * working.scale))
    working.take(0, -4)
    assert (working.undo(0), working.regret(0)) == (0, np.inf)
