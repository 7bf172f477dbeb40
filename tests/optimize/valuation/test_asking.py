"""Floors as worth of units: it outweighs every way there, and leaves true money as it was."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.valuation.assembly import assemble
from tests.optimize.asked_case import draw_case
from tests.optimize.table_builder import MONDAY


@pytest.mark.sweep
def test_a_unit_below_its_floor_pays_on_every_way_and_money_stays_as_it_was() -> None:
    """On ten markets: every step that begins below a floor earns more than it costs."""
    pays = 0
    for seed in range(10):
        tables, demand, params = draw_case(seed, ("minimum", "cover_weeks"))
        problem = assemble(tables, demand, MONDAY, params)
        true, moves = problem.true(), problem.moves
        extra = problem.units.value - true.units.value
        below = extra > 0
        step = np.maximum(problem.pack_size, params.plan.minimum_line_quantity)
        for cell in np.unique(problem.units.cell[below & ~problem.units.on_hand]).tolist():
            into = moves.destination_cell == cell
            dearest = (moves.charged + moves.lateness)[into].max(initial=0.0)
            mine = below & (problem.units.cell == cell) & ~problem.units.on_hand
            size = step[problem.cell_item[cell]]
            least = true.units.value[problem.units.cell == cell].min()
            assert extra[mine].min() + size * (least - dearest) > 0
            pays += 1
        cells = problem.units.cell
        same = cells[1:] == cells[:-1]
        assert (np.diff(problem.units.value)[same] <= 0).all()
        assert problem.asked is not None and true.asked is None
        assert problem.asked.before(problem) >= 0.0
    assert pays > 20


def test_without_policies_nothing_is_asked() -> None:
    """The problem is its own true money."""
    tables, demand, params = draw_case(1)
    del tables["policies"]
    problem = assemble(tables, demand, MONDAY, params)
    assert problem.asked is None and problem.true() is problem
