"""Lines that move one way between two places are one group, whatever lane or day they are on."""

from __future__ import annotations

from foreship.approval.edits import Edit
from foreship.approval.groups import groups_of, units_by_key
from tests.foreship.small_world import plan

LINES = plan(
    ("ship", "H1", "R1", "K", 4),
    ("ship", "H1", "R1", "K", 2),
    ("ship", "H2", "R1", "K", 3),
    ("return", "R1", "H1", "L", 1),
    ("return", "R1", "H2", "L", 1),
)


def test_lines_of_a_group_are_counted_together() -> None:
    """Returns of an item whatever hub they go to: a lock knows only where they leave."""
    assert units_by_key(LINES) == {
        ("ship", "H1", "R1", "K"): 6,
        ("ship", "H2", "R1", "K"): 3,
        ("return", "R1", "", "L"): 2,
    }


def test_an_edit_of_one_line_leaves_the_others_of_its_group_as_they_are() -> None:
    """4 and 2 of which the 4 become 7 are 9; two edits of a group are one group."""
    one = Edit(0, "change", 7, cell="Plan!R2")
    two = Edit(3, "drop", 0, cell="Plan!R5")
    ship, back = sorted(groups_of([one, two], LINES), key=lambda each: each.action, reverse=True)
    assert (ship.planned, ship.units, ship.cells) == (6, 9, "Plan!R2")
    assert (back.planned, back.units, back.words) == (2, 1, "return of L from R1")
    (both,) = groups_of([one, Edit(1, "drop", 0, cell="Plan!R3")], LINES)
    assert (both.units, both.cells) == (7, "Plan!R2, Plan!R3")
