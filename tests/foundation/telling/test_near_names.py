"""Which known name was meant, and what is said of columns that nobody reads."""

from __future__ import annotations

from foreship_foundation.telling.near_names import nearest, nearest_of, not_used


def test_a_near_name_is_offered_whatever_its_case_and_signs_and_else_all_are() -> None:
    """A letter too few, capitals; nothing near."""
    known = ["direct_further", "capacity"]
    assert nearest_of("directfurter", known) == "direct_further"
    assert nearest("Capacty", known) == "did you mean 'capacity'?"
    assert nearest_of("owner", known) is None
    assert nearest("owner", known) == "known: direct_further, capacity"
    assert nearest("owner", [f"t{at}" for at in range(500)]).endswith("t39 and 460 more")


def test_columns_not_used_are_counted_and_near_ones_named() -> None:
    """Twelve, of which ten are shown; a hint only for an absent column."""
    names = ["capacty", *(f"x{at}" for at in range(11))]
    problem, remedy = not_used(names, ["capacity"])
    assert problem.startswith("columns not used: 'capacty', 'x0'") and problem.endswith(
        "and 2 more"
    )
    assert remedy == "'capacty': did you mean 'capacity'?"
    assert not_used(["capacty"], []) == ("columns not used: 'capacty'", "")
