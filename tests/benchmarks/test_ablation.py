"""Pieces of the solving half are taken out for a while, and only where they say."""

from __future__ import annotations

import pytest

from benchmarks.program import ablation
from benchmarks.program.pieces import PIECES, Piece, without


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_what_a_piece_puts_elsewhere_is_taken_back(piece: Piece) -> None:
    """Each name that is swapped exists, holds something else inside, and the same afterwards."""
    swaps = [(owner, name) for owner, name, _ in piece.swaps()]
    before = [getattr(owner, name) for owner, name in swaps]
    assert swaps
    with without(piece):
        inside = [getattr(owner, name) for owner, name in swaps]
    assert all(one is not other for one, other in zip(before, inside, strict=True))
    assert [getattr(owner, name) for owner, name in swaps] == before
    assert all(piece.lines > 0 for _ in piece.code)


@pytest.mark.sweep
@pytest.mark.parametrize("kind", ablation.KINDS)
def test_remembered_answers_lead_to_the_same_plan(kind: str) -> None:
    """Solved anew, from what is remembered and without a piece that is not in it: one objective."""
    network = ablation.drawn(kind, "prices", 30, 1)
    idle = Piece("nothing", (), lambda: [(ablation, "WARM", 0)])
    with ablation._remembered() as memory:
        first = ablation.solved(network, memory)
        with without(idle), memory.alive(idle.whole_only):
            again = ablation.solved(network, memory)
        with memory.alive(False):
            anew = ablation.solved(network, memory)
    assert first[:2] == again[:2] == anew[:2]
    assert first.objective < 0


@pytest.mark.sweep
def test_late_networks_have_late_units() -> None:
    """Their lanes arrive on several days, so that a unit's day matters."""
    problem = ablation.drawn("late", "program", 30, 0).assemble()
    assert len(problem.late.unit) > 100
    assert sum(lock.at_least > 0 for lock in problem.locks) == 4
