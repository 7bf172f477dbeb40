"""A plan in whole units under construction: what a step gains, uses and undoes."""

from __future__ import annotations

import pytest

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
        assert working.there == before[1]
        assert working.used == pytest.approx(before[0])
        assert working.loss == pytest.approx(before[2])
