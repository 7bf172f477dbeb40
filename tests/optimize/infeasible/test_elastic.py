"""The elastic program: by how little limits must be missed for the others to hold."""

from __future__ import annotations

import pytest

from foreship_optimize.infeasible.elastic import Elastic, least_violation
from foreship_optimize.limits import families_where
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.program.formulation import Soft
from foreship_optimize.risk import risk_of
from tests.clocks import endless
from tests.optimize.program_builder import Draft

MINIMUMS = Soft(minimums=True)
ROOM = Soft(families=families_where(yields="instead"))


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


def least(draft: Draft, soft: Soft, **plan: int) -> Elastic | None:
    """Miss the soft limits of a draft as little as possible."""
    params = OptimizeParams(plan=PlanParams(**plan), risk=RiskParams(level=0.5, budget=1.0))
    problem = draft.problem()
    return least_violation(problem, params, risk_of(problem, params.risk), soft, endless())


def missed(found: Elastic | None) -> dict[str, float]:
    """Shortfall by the words of the limit."""
    assert found is not None
    return {str(found.limits.words[row]): short for row, short in found.short.items()}


def test_a_minimum_is_missed_by_what_room_leaves_over():
    """Four are asked for, one whole unit has room: three short."""
    found = least(asked(), MINIMUMS)
    assert found.objective == pytest.approx(3.0)
    assert missed(found) == pytest.approx({"lock at_least of A": 3.0})


def test_where_room_gives_way_it_is_exceeded_by_the_rest():
    """Four units in a room of 1.5: 2.5 of volume too many; the lock holds."""
    assert missed(least(asked(), ROOM)) == pytest.approx({"storage of R1": 2.5})


def test_packs_are_seen():
    """Packs of three: three asked for and four of room; four asked for are six, two too many."""
    assert missed(least(asked(3.0, room=4.0, pack=3), ROOM)) == {}
    assert missed(least(asked(4.0, room=4.0, pack=3), ROOM)) == pytest.approx(
        {"storage of R1": 2.0}
    )
    # beyond the size that is solved in whole units, a part of a pack is thought to move
    assert missed(least(asked(4.0, room=4.0, pack=3), ROOM, integer_program_units=0)) == {}


def test_hard_limits_that_conflict_have_no_answer():
    """Stock never yields: four of two cannot be."""
    assert least(asked(stock=2), ROOM) is None
    assert missed(least(asked(stock=2, room=9.0), MINIMUMS)) == pytest.approx(
        {"lock at_least of A": 2.0}
    )


def test_the_least_loss_that_locks_leave_is_in_money():
    """Two asked for, nobody needs any, each loses 2: 4, whatever the budget said."""
    found = least(asked(2.0, room=9.0), Soft(risk=True))
    assert found.objective == pytest.approx(4.0)
    assert found.short == {}


def test_limits_that_can_hold_are_missed_by_nothing():
    """One asked for, room for it."""
    found = least(asked(1.0), MINIMUMS)
    assert found.objective == pytest.approx(0.0) and found.short == {}
