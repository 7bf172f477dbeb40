"""An edit is a value."""

from __future__ import annotations

from foreship.approval.edits import Edit


def test_edits_stand_in_the_order_of_their_lines() -> None:
    """Whatever order a planner wrote them in."""
    later, first = Edit(7, "drop", 0), Edit(2, "freeze", 5)
    assert sorted([later, first]) == [first, later]
