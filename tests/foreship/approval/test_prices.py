"""Each edit has the price of the plan with it alone; beyond a number the rest has one together."""

from __future__ import annotations

import math
from collections.abc import Sequence

from foreship.approval.edits import Edit
from foreship.approval.groups import Group
from foreship.approval.prices import prices_of
from tests.foreship.small_world import plan

LINES = plan(
    ("ship", "H1", "R1", "K", 4), ("ship", "H1", "R2", "K", 4), ("ship", "H1", "R2", "L", 4)
)
EDITS = [Edit(0, "change", 5), Edit(1, "change", 9), Edit(2, "drop", 0)]


def loss(groups: Sequence[Group]) -> float:
    """Cost a money a unit that is not where it was planned, on top of 100."""
    return 100.0 + sum(abs(group.units - group.planned) for group in groups)


def test_each_edit_is_priced_alone() -> None:
    """The difference to the plan that is edited."""
    found = prices_of(EDITS, LINES, 100.0, loss, 100)
    assert found.each == [1.0, 5.0, 4.0]
    assert found.how == ["solved"] * 3 and math.isnan(found.rest)


def test_beyond_a_number_those_of_fewest_units_are_priced_together() -> None:
    """The largest first."""
    found = prices_of(EDITS, LINES, 100.0, loss, 1)
    assert found.how == ["together", "solved", "together"]
    assert found.each[1] == 5.0 and math.isnan(found.each[0]) and found.rest == 5.0


def test_what_cannot_be_solved_in_time_is_not_priced() -> None:
    """It is said, never guessed."""
    found = prices_of(EDITS, LINES, 100.0, lambda groups: None, 2)
    assert found.how == ["not priced"] * 3 and math.isnan(found.rest)
