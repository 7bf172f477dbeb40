"""What is left out before the program is built, and that nothing is lost by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.params import PlanParams
from foreship_optimize.program.presolve import reduce
from tests.optimize.program_builder import one_cell
from tests.optimize.program_oracle import best_by_enumeration, draw

PLAIN = PlanParams()


def test_arrivals_worth_no_more_than_the_cheapest_way_in_are_left_out():
    """Of values 5, 3, 2, 1 at a cost of 2 only the first two stay; equal to the cost never pays."""
    reduced = reduce(one_cell([5, 3, 2, 1]).problem(), PLAIN)
    assert reduced.problem.units.value.tolist() == [5.0, 3.0]
    assert reduced.counts == {"moves_presolved": 0, "units_presolved": 2}


def test_units_of_a_pack_that_pays_as_a_whole_stay():
    """Values 5, 1 in a pack of two pay 6 for 4; the next pack, 0.5 and 0.5, does not."""
    reduced = reduce(one_cell([5, 1, 0.5, 0.5], pack=2).problem(), PLAIN)
    assert reduced.problem.units.value.tolist() == [5.0, 1.0]


def test_units_a_minimum_asks_for_stay_whatever_they_are_worth():
    """A lock from below keeps the cell's units and its moves."""
    draft = one_cell([1, 1, 1])
    assert len(reduce(draft.problem(), PLAIN).problem.moves.action) == 0
    draft.lock("two", lambda a, o, d, i: True, at_least=2)
    reduced = reduce(draft.problem(), PLAIN)
    assert len(reduced.problem.units.value) == 3
    assert reduced.problem.locks[0].moves.tolist() == [0]


def test_a_hub_with_less_than_a_pack_sends_nothing():
    """Stock below one step is no stock."""
    draft = one_cell([9, 9, 9], pack=3)
    draft.stock = {("H1", "A"): 2}
    assert len(reduce(draft.problem(), PLAIN).moves) == 0


def test_exits_stay_where_storage_may_bind():
    """A costly exit is dropped with room to spare, and kept where it can make room."""
    draft = one_cell([9, 9])
    draft.cell("R1", "B", [], on_hand=[1.0])
    draft.move("markdown", "R1", "", "B", 3.0)
    assert reduce(draft.problem(), PLAIN).problem.moves.action.tolist() == [0]
    draft.storage = {"R1": 2.0}
    assert reduce(draft.problem(), PLAIN).problem.moves.action.tolist() == [0, 3]


@settings(max_examples=60)
@given(st.integers(0, 10**6))
def test_leaving_out_never_costs_anything(seed: int):
    """The best plan of the reduced problem costs what the best plan of the whole one does."""
    draft, params = draw(seed)
    if not draft.cells or not draft.moves:
        return
    problem = draft.problem()
    free = replace(params, risk=replace(params.risk, budget=None))
    best = best_by_enumeration(problem, free)
    reduced = reduce(problem, params.plan).problem
    if best is not None and len(reduced.moves.action):
        assert best_by_enumeration(reduced, free) == pytest.approx(best, abs=1e-9)
    elif best is not None:
        assert best == 0.0
