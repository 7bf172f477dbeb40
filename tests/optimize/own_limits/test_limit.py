"""A limit of one's own as a value."""

from __future__ import annotations

from typing import Any

import pytest

from foreship_optimize.errors import TableFault
from foreship_optimize.own_limits.limit import FREE, Limit, OwnRules


def test_a_limit_needs_a_name_and_a_side() -> None:
    """Blank names, and upper sides below 0 or without end, are refused."""
    for name, upper, words in (
        (" ", 1.0, "needs a name"),
        ("a", -1.0, "must be 0 or more"),
        ("a", float("inf"), "must be 0 or more"),
    ):
        with pytest.raises(TableFault, match=words):
            Limit(name, upper, len)
    assert Limit("a", 0.0, len).counts == "units"
    assert not FREE
    assert OwnRules((Limit("a", 1.0, len),))


@pytest.mark.parametrize(
    ("name", "upper", "weight"),
    [("kg", "5", len), ("kg", None, len), ("kg", True, len), (5, 1, len), ("kg", 1, None)],
)
def test_a_limit_of_other_kinds_is_refused_at_once(name: Any, upper: Any, weight: Any) -> None:
    """Text for a number, a number for a name, nothing for a weight."""
    with pytest.raises(TableFault):
        Limit(name, upper, weight)
