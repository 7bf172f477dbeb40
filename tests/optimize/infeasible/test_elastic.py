"""The elastic program: by how little limits must be missed for the others to hold."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.infeasible import elastic
from foreship_optimize.infeasible.elastic import least_violation, missed_by
from foreship_optimize.infeasible.question import Question, question_of
from foreship_optimize.limits import families_where
from foreship_optimize.params import PlanParams, RiskParams
from foreship_optimize.program.formulation import MINIMUMS, RISK, Soft
from foreship_optimize.risk import risk_of
from tests.clocks import endless
from tests.optimize.program_builder import Draft

ROOM = families_where(yields="instead")
LEAST_UNITS, LEAST_ROOM = Soft({(MINIMUMS,): np.inf}, (MINIMUMS,)), Soft({ROOM: np.inf}, ROOM)


def asked(units: float = 4.0, *, stock: int = 9, room: float = 1.5, pack: int = 1) -> Draft:
    """A lock asks for units in R1, whose room and whose hub's stock may be too small."""
    draft = Draft()
    draft.item("A", pack=pack)
    draft.stock = {("H1", "A"): stock}
    draft.cell("R1", "A", [5.0, 4.0, 3.0, 2.0, 1.0, 0.0], need=[0, 0], loss=2.0)
    draft.ship("H1", "R1", "A", 1.0)
    draft.storage = {"R1": room}
    draft.lock("lock at_least of A", lambda a, o, d, i: True, at_least=units)
    return draft


def question(draft: Draft, budget: float | None = None) -> Question:
    """Cut a draft down to its moves in question."""
    problem = draft.problem()
    risk = risk_of(problem, RiskParams(level=0.5, budget=budget))
    return question_of(problem, PlanParams(), risk)


def sent(draft: Draft, soft: Soft, budget: float | None = None, **plan: int) -> list[int] | None:
    """Units of each move in the plan that misses the soft limits of a draft by as little."""
    found = least_violation(question(draft, budget), PlanParams(**plan), soft, endless())
    return None if found is None else found.tolist()


def test_a_minimum_is_missed_by_what_room_leaves_over():
    """Four are asked for, one whole unit has room: three short."""
    assert sent(asked(), LEAST_UNITS) == [1]
    assert missed_by(question(asked()), (MINIMUMS,), np.array([1])) == 3.0


def test_where_room_gives_way_it_is_exceeded_by_the_rest():
    """Four units in a room of 1.5: 2.5 of volume too many; the lock holds."""
    assert sent(asked(), LEAST_ROOM) == [4]
    assert missed_by(question(asked()), ROOM, np.array([4])) == 2.5
    assert missed_by(question(asked()), (MINIMUMS,), np.array([4])) == 0.0


@pytest.mark.parametrize("units", [0, 2000])
def test_packs_are_seen_whatever_the_size_that_is_solved_exactly(units: int):
    """Packs of three: three asked for fit into four of room; four asked for are six."""
    assert sent(asked(3.0, room=4.0, pack=3), LEAST_ROOM, integer_program_units=units) == [3]
    assert sent(asked(4.0, room=4.0, pack=3), LEAST_ROOM, integer_program_units=units) == [6]


def test_hard_limits_that_conflict_have_no_answer():
    """Stock never yields: four of two cannot be, but two can be sent."""
    assert sent(asked(stock=2), LEAST_ROOM) is None
    assert sent(asked(stock=2, room=9.0), LEAST_UNITS) == [2]


def test_the_risk_budget_is_missed_by_the_least_loss_that_locks_leave():
    """Two asked for, nobody needs any, each loses 2: 4 in all, 3 more than the budget of 1."""
    soft = Soft({(RISK,): np.inf}, (RISK,))
    assert sent(asked(2.0, room=9.0), soft, budget=1.0) == [2]
    risky = question(asked(2.0, room=9.0), budget=1.0)
    assert missed_by(risky, (RISK,), np.array([2])) == pytest.approx(3.0)
    assert missed_by(risky, (RISK,), np.array([0])) == 0.0


def test_what_may_be_missed_in_all_is_kept_and_the_cheapest_plan_taken():
    """One unit short at most: of the plans that send three or more the best sends four."""
    assert sent(asked(room=9.0), Soft({(MINIMUMS,): 1.0})) == [4]
    dear = asked(room=9.0)
    dear.cell("R1", "A", [0.5, 0.5, 0.5, 0.5, 0.5], need=[0, 0], loss=2.0)
    assert sent(dear, Soft({(MINIMUMS,): 1.0})) == [3]


def test_limits_that_can_hold_are_missed_by_nothing():
    """One asked for, room for it."""
    assert sent(asked(1.0), LEAST_UNITS) == [1]


def test_a_plan_is_found_where_too_many_moves_are_in_question(monkeypatch):
    """With one free move in whole units the others keep the steps of the continuous program."""
    draft = asked(6.0, room=9.0)
    draft.stock = {("H1", "A"): 3, ("H2", "A"): 4}
    draft.ship("H2", "R1", "A", 1.0)
    monkeypatch.setattr(elastic, "FREE", 1)
    assert sum(sent(draft, LEAST_UNITS)) == 6


def test_a_search_that_finds_nothing_in_its_first_node_goes_on(monkeypatch):
    """Many moves are searched in one node first, and in more where that leaves no plan."""
    nodes = []
    real = elastic.solved

    def watched(model, plan, clock, start, **options):
        nodes.append(options["mip_max_nodes"])
        found = real(model, plan, clock, start, **options)
        if len(nodes) > 1:
            return found
        return found.__class__(
            **{**vars(found), "termination": "node limit", "has_solution": False}
        )

    monkeypatch.setattr(elastic, "solved", watched)
    monkeypatch.setattr(elastic, "FEW", 0)
    assert sent(asked(), LEAST_UNITS) == [1]
    assert nodes == [1, elastic.NODES]


def test_the_cheapest_plan_is_sought_among_few_moves_only(monkeypatch):
    """Three of six would do for the lock; the best sends four. Of many the known plan stays."""
    asking, most = question(asked(3.0, room=9.0)), {(MINIMUMS,): 0.0}
    known = np.array([6])
    assert elastic.cheapest(asking, PlanParams(), most, endless(), known).tolist() == [4]
    monkeypatch.setattr(elastic, "CHEAPEST", 0)
    assert elastic.cheapest(asking, PlanParams(), most, endless(), known).tolist() == [6]
