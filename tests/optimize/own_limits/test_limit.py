"""A limit of one's own as a value."""

from __future__ import annotations

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
