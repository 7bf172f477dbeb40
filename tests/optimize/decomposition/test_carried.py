"""The part of a problem that the master carries: its own rows, and those that all items share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.decomposition.carried import CarriedPart, carry_items
from foreship_optimize.decomposition.pricing import priced_items
from foreship_optimize.params import OptimizeParams, RiskParams
from foreship_optimize.program.instance import Instance
from tests.optimize.program_builder import Draft
from tests.optimize.wild_prices import full_task, wild_prices


def instance() -> Instance:
    """A is only shipped; a unit of B lies in R1 and may go on to R2; all share R1's room."""
    draft = Draft()
    draft.stock = {("H1", "A"): 3, ("H1", "B"): 4}
    draft.cell("R1", "A", [9.0, 8.0], need=[1, 2])
    draft.cell("R1", "B", [7.0], on_hand=[6.0], need=[0, 1])
    draft.cell("R2", "B", [5.0], need=[1, 1])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R1", "B", 1.0)
    draft.move("redirect", "R1", "R2", "B", 0.5)
    draft.storage = {"R1": 3.0}
    draft.lock("lock at_most 2 of A", lambda a, o, d, i: i == "A", at_most=2)
    return full_task(draft, OptimizeParams(risk=RiskParams(level=0.5, budget=6.0)))


def carried(whole: Instance) -> CarriedPart:
    """Carry what pricing cannot solve: B, which is redirected."""
    mine = ~priced_items(whole.problem, whole.limits)
    assert mine.tolist() == [False, True]
    return carry_items(whole.problem, whole.limits, whole.risk, mine)


def test_its_cells_moves_and_rows_are_those_of_its_items_and_all_shared_ones():
    """B's two cells, its two moves; its stock at hub and region, and R1's room and A's lock too."""
    whole = instance()
    part = carried(whole)
    assert part.cells.tolist() == [1, 2] and part.moves.tolist() == [1, 2]
    assert part.problem.units.value.tolist() == [6.0, 7.0, 5.0]
    assert part.problem.supply_units.tolist() == [4]
    assert part.problem.moves.destination_cell.tolist() == [0, 1]
    assert part.problem.moves.origin_cell.tolist() == [-1, 0]
    assert set(part.limits.words) == {
        "hub stock of B at H1", "stock of B in R1", "storage of R1", "lock at_most 2 of A",
    }  # fmt: skip
    shared = part.limits.words[part.coupling].tolist()
    assert shared == ["storage of R1", "lock at_most 2 of A"]


def test_rows_use_of_its_moves_what_the_whole_uses():
    """Two of B in and one on: the same use of every row as in the whole, A's part left out."""
    whole = instance()
    part = carried(whole)
    quantity = np.array([2, 1])
    full = np.zeros(3, dtype=int)
    full[part.moves] = quantity
    mine = part.limits.use(quantity)
    assert mine == pytest.approx(whole.limits.use(full)[part.rows])
    assert part.problem.need[:].tolist() == [[0, 1], [1, 1]]


def test_a_share_of_it_has_that_share_of_what_is_shared():
    """Half the room (2, one lies there), half the lock, half the budget; own stock stays whole."""
    half = carried(instance()).share(0.5)
    most = dict(zip(half.limits.words, half.limits.at_most, strict=True))
    assert most["storage of R1"] == pytest.approx(1.0)
    assert most["lock at_most 2 of A"] == pytest.approx(1.0)
    assert most["hub stock of B at H1"] == 4.0
    assert half.risk.budget == pytest.approx(3.0)
    free = carried(replace(instance(), risk=replace(instance().risk, budget=None)))
    assert free.share(0.5).risk.budget is None


def test_prices_of_the_part_come_back_from_the_whole():
    """Widened and narrowed again they are the same; what the part does not hold is priced at 0."""
    whole = instance()
    part = carried(whole)
    prices = part.narrowed(wild_prices(whole, 3))
    wide = part.widened(prices, whole.problem, len(whole.limits.words))
    others = np.setdiff1d(np.arange(len(whole.limits.words)), part.rows)
    assert len(others) == 1 and wide.limits[others].tolist() == [0.0]
    assert wide.cells.tolist()[0] == 0.0
    again = part.narrowed(wide)
    for name in ("limits", "minimums", "cells", "staged", "outcomes"):
        assert getattr(again, name).tolist() == getattr(prices, name).tolist()
