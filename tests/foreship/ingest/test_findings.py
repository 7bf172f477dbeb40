"""What was found in a column, in words."""

from __future__ import annotations

from foreship.ingest.findings import in_short


def test_a_value_is_shown_short_and_visible() -> None:
    """Long values are cut, hidden characters spelled out."""
    assert in_short("A\u200b1") == "'A\\u200b1'"
    assert len(in_short("x" * 500)) <= 43
    assert in_short(("a", 3)) == "'a' 3"
