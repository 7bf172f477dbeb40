"""What a page is asked and says, in types of our own."""

from __future__ import annotations

from foreship.workbench.handling import Request


def test_of_several_values_of_a_name_the_last_counts() -> None:
    """As browsers write them; a name that was not written has its default."""
    request = Request(query={"q": ["a", "b"], "none": []})
    assert request.asked("q") == "b"
    assert request.asked("none", "x") == "x"
    assert request.asked("page", "1") == "1"
