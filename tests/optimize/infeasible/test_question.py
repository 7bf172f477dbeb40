"""Which moves have a say in whether minimums can hold."""

from __future__ import annotations

import numpy as np

from foreship_optimize.infeasible import question as question_module
from foreship_optimize.infeasible.question import (
    moves_in_question,
    question_of,
    with_places_asked_for,
)
from foreship_optimize.limits import cell_units
from foreship_optimize.params import PlanParams, RiskParams
from foreship_optimize.risk import risk_of
from tests.optimize.program_builder import Draft


def chain() -> Draft:
    """A lock on A in R1; B and C lie in R1 and R2, and can be redirected on or marked down."""
    draft = Draft()
    draft.stock = {("H1", "A"): 5, ("H1", "B"): 5}
    draft.cell("R1", "A", [3.0, 3.0])
    draft.cell("R1", "B", [2.0], on_hand=[2.0])
    draft.cell("R2", "B", [2.0])
    draft.cell("R2", "C", [], on_hand=[1.0])
    draft.cell("R3", "C", [], on_hand=[1.0])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R1", "B", 1.0)
    draft.move("redirect", "R1", "R2", "B", 0.1)
    draft.move("markdown", "R2", "", "C", 0.1)
    draft.move("markdown", "R3", "", "C", 0.1)
    draft.lock("push", lambda a, o, d, i: (d, i) == ("R1", "A"), at_least=2)
    return draft


def named(draft: Draft) -> set[str]:
    """Moves in question as `origin item`."""
    problem = draft.problem()
    moves, found = problem.moves, set()
    for move in np.flatnonzero(moves_in_question(problem)).tolist():
        hub, cell = moves.origin_hub[move], moves.origin_cell[move]
        origin = problem.hubs[hub] if hub >= 0 else problem.regions[problem.cell_region[cell]]
        found.add(f"{origin} {problem.items[moves.item[move]]}")
    return found


def test_only_what_a_minimum_names_matters_where_room_is_plenty():
    """Other ships and what leaves other cells only take from others."""
    assert named(chain()) == {"H1 A"}


def test_what_makes_room_matters_and_what_makes_room_for_that():
    """R1 is limited: B may leave it. R2, where B goes, is limited: C may leave it. Not R3."""
    draft = chain()
    draft.storage = {"R1": 2.0}
    assert named(draft) == {"H1 A", "R1 B"}
    draft.storage = {"R1": 2.0, "R2": 1.0, "R3": 1.0}
    assert named(draft) == {"H1 A", "R1 B", "R2 C"}


def test_units_that_leave_the_cell_itself_matter():
    """They make place for others of the same item."""
    draft = chain()
    draft.lock("more", lambda a, o, d, i: (d, i) == ("R1", "B"), at_least=1)
    assert named(draft) == {"H1 A", "H1 B", "R1 B"}


def test_a_plan_of_the_moves_in_question_is_told_for_all_moves():
    """All other moves stay at nought."""
    draft = chain()
    problem = draft.problem()
    question = question_of(problem, PlanParams(), risk_of(problem, RiskParams()))
    assert len(question.problem.moves.action) == 1
    assert question.widened(np.array([2])).tolist() == [2, 0, 0, 0, 0]


def test_cells_have_places_for_what_minimums_ask_for():
    """Three more of B in R1, whole packs of A in R1, and none where no minimum is about."""
    draft = chain()
    draft.item("A", pack=2)
    draft.lock("three of B", lambda a, o, d, i: (a, i) == ("ship", "B"), at_least=3)
    draft.lock("five of A", lambda a, o, d, i: i == "A", at_least=5)
    problem = draft.problem()
    wider = with_places_asked_for(problem)
    before, after = cell_units(problem), cell_units(wider)
    cells = zip(problem.cell_region.tolist(), problem.cell_item.tolist(), strict=True)
    added = dict(zip(cells, (after.count - before.count).tolist(), strict=True))
    assert added == {(0, 0): 4, (0, 1): 2, (1, 1): 0, (1, 2): 0, (2, 2): 0}
    assert after.on_hand.tolist() == before.on_hand.tolist()
    known = wider.units.rank <= before.count[wider.units.cell]
    assert wider.units.value[known].tolist() == problem.units.value.tolist()
    assert (wider.units.value[~known] == 0.0).all()
    assert wider.units.rank.tolist() == [
        rank for cell in after.count.tolist() for rank in range(1, cell + 1)
    ]


def test_a_minimum_over_very_many_cells_adds_no_places(monkeypatch):
    """What all its cells together would take is beyond memory there."""
    monkeypatch.setattr(question_module, "MOST_PLACES", 1)
    draft = chain()
    draft.lock("five of A", lambda a, o, d, i: i == "A", at_least=5)
    problem = draft.problem()
    assert len(with_places_asked_for(problem).units.cell) == len(problem.units.cell)
