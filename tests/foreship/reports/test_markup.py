"""HTML written by functions: every text stays text."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship.reports.markup import Column, Markup, cut, element, page, table
from tests.foreship.page_reader import Page


@given(st.text())
@settings(max_examples=200)
def test_any_text_survives_the_markup(text: str) -> None:
    """Whatever the text, one element with that text is parsed back, and nothing else."""
    page = Page(element("p", text, title=text))
    assert [tag for tag, _ in page.tags] == ["p"]
    readable = not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", text
    )
    if readable:
        assert "".join(page.text) == text
        assert page.tags[0][1]["title"] == text


def test_attributes_and_children_by_hand() -> None:
    """Values are escaped, None is left out; a shape without children closes itself."""
    made = element("td", "1 < 2", Markup("<b>x</b>"), class_="n", data_of='a"b', title=None)
    assert made == '<td class="n" data-of="a&quot;b">1 &lt; 2<b>x</b></td>'
    assert element("br") == "<br>"
    assert element("rect", width="3") == '<rect width="3"/>'
    assert element("rect", element("title", "&")) == "<rect><title>&amp;</title></rect>"


def test_what_could_turn_the_text_around_is_replaced() -> None:
    """The mark that writes from right to left, and a null."""
    assert element("p", "a\u202eb\x00") == "<p>a\ufffdb\ufffd</p>"


def test_a_cut_is_said_and_a_whole_table_says_nothing() -> None:
    """Ten of 1,200; ten of ten."""
    assert "10 of 1,200 lines shown; all are in plan.csv." in str(
        cut(10, 1200, "line", "all are in plan.csv")
    )
    assert cut(10, 10, "line", "all are in plan.csv") == ""


def test_numbers_stand_right_in_every_row_of_a_table() -> None:
    """Heading, row and total; a row of another length is a mistake of ours."""
    columns = [Column("Item"), Column("Units", number=True)]
    made = table(columns, [["A", 3]], total=["All", 3])
    assert made.count('class="n"') == 3
    assert '<tfoot><tr><td>All</td><td class="n">3</td></tr></tfoot>' in made
    with pytest.raises(ValueError, match="zip"):
        table(columns, [["A"]])


def test_a_page_allows_its_own_style_and_nothing_else() -> None:
    """The hash in its policy is that of its style sheet."""
    digest = base64.b64encode(hashlib.sha256(b"p { color: red; }").digest()).decode()
    made = page("T", "p { color: red; }", element("p", "x"))
    assert f"default-src &#x27;none&#x27;; style-src &#x27;sha256-{digest}&#x27;" in made
    assert made.startswith("<!DOCTYPE html>\n<html")
