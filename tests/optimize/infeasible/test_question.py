"""Which moves have a say in whether minimums can hold."""

from __future__ import annotations

import numpy as np

from foreship_optimize.infeasible.question import moves_in_question, question_of
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
