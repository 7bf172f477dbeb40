"""What is typed into the search leads to items, regions, hubs, and to an item in a region."""

from __future__ import annotations

import pytest

from foreship.workbench.bench import Bench
from foreship.workbench.handling import Answer, Request
from foreship.workbench.pages.finding import find


def asked(bench: Bench, text: str, *, fragment: bool = False) -> Answer:
    """Search as somebody typed, or as they pressed Enter."""
    return find(Request(query={"q": [text]}, fragment=fragment), bench)


@pytest.mark.parametrize("text", ["00101 Lyon", "lyon 00101", " Lyon  00101 "])
def test_an_item_and_a_region_lead_to_the_two_together(told_bench: Bench, text: str) -> None:
    """With Enter at once, in either order."""
    assert asked(told_bench, text).to == "/run/latest/cell?region=Lyon&item=00101"
    shown = str(asked(told_bench, text, fragment=True).body)
    assert 'href="/run/latest/cell?region=Lyon&amp;item=00101"' in shown


def test_one_meaning_is_gone_to_and_several_are_listed(told_bench: Bench) -> None:
    """An id that is there; a beginning of many."""
    assert asked(told_bench, "lyon").to == "/run/latest/region?region=Lyon"
    assert asked(told_bench, "00101").to == "/run/latest/item?item=00101"
    many = asked(told_bench, "001")
    assert (many.to, many.title) == ("", "Find 001")
    assert str(many.body).count("<li>") > 1


@pytest.mark.parametrize("text", ["<script>", "no such thing", "\u202e", "x" * 10_000, "%", "\\"])
def test_what_is_not_there_is_told_as_text(told_bench: Bench, text: str) -> None:
    """Whatever letters it has, and not longer than it must be."""
    shown = str(asked(told_bench, text).body)
    assert "Nothing here is called" in shown
    assert "<script>" not in shown
    assert len(shown) < 2000


def test_nothing_typed_is_asked_for(told_bench: Bench) -> None:
    """As a page with its field; as a fragment nothing."""
    assert 'type="search"' in str(asked(told_bench, "  ").body)
    assert asked(told_bench, "", fragment=True).body == ""
