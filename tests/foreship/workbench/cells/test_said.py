"""Sentences and ways."""

from __future__ import annotations

from foreship.workbench.cells.said import listed, paragraphs, ways


def test_text_stays_text() -> None:
    """Whoever named the item."""
    assert paragraphs(["<b>"]) == ["<p>&lt;b&gt;</p>"]
    assert listed("T", ["<b>"]) == (
        '<section><h2>T</h2><ul class="notes"><li>&lt;b&gt;</li></ul></section>'
    )
    assert ways({"<i>": "/a?b=c&d", "x": "/y"}) == (
        '<p><a href="/a?b=c&amp;d">&lt;i&gt;</a> \u00b7 <a href="/y">x</a></p>'
    )


def test_no_sentence_is_no_list() -> None:
    """And no heading over nothing."""
    assert listed("T", []) == ""
