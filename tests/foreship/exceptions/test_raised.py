"""Ids in a sentence stand with their names."""

from __future__ import annotations

from foreship.exceptions.raised import named
from tests.foreship.exceptions.hand_made import seen


def test_a_name_stands_beside_its_id() -> None:
    """An item with a name has it in brackets, one without and one unknown do not."""
    view = seen().view
    assert named(view, "item", "A") == "A (Lamp)"
    assert named(view, "item", "B") == "B"
    assert named(view, "hub", "H") == "H (North)"
    assert named(view, "region", "nowhere") == "nowhere"
