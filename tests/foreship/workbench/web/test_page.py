"""The frame of every page: one way in for the keyboard, no script or style written into it."""

from __future__ import annotations

import re

from foreship.reports.markup import element
from foreship.workbench.web.page import Frame, Place, whole

FRAME = Frame([Place("Lines", "/run/latest/lines", here=True)], "Ada <b>", "latest", "A draft")


def test_a_page_has_its_title_its_places_and_who_is_at_work() -> None:
    """Names are text; the page one is on is marked for eyes and ears."""
    page = whole("Lines <x>", element("h1", "Lines"), FRAME)
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert "<title>Lines &lt;x&gt; - foreship</title>" in page
    assert '<a href="/run/latest/lines" aria-current="page">Lines</a>' in page
    assert "said to be Ada &lt;b&gt;" in page
    assert page.index('class="skip" href="#content"') < page.index("<header>")
    assert '<main id="content" tabindex="-1"><h1>Lines</h1></main>' in page
    assert "A draft" in page


def test_nothing_is_written_into_a_page_that_our_policy_refuses() -> None:
    """No style, no script but by its address, no handler."""
    page = whole("x", "", FRAME)
    assert "style=" not in page
    assert "<style" not in page
    assert re.findall(r"<script(?! src=\"/assets/)", page) == []
    assert re.findall(r"\son\w+=", page) == []


def test_outside_there_is_no_search_and_no_list() -> None:
    """Whoever has not come in sees the words alone."""
    page = whole("Not let in", "words", Frame())
    assert "<header>" not in page
    assert "search" not in page


def test_a_search_stands_only_where_something_finds() -> None:
    """A field that leads nowhere is none."""
    assert 'role="search"' in whole("x", "", FRAME)
    assert 'role="search"' not in whole("x", "", Frame(who="Ada"))
