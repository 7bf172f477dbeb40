"""Chapters are plain in a file, and lead on in a workbench; their words are the same."""

from __future__ import annotations

import re

import pytest

from foreship.reports.leads import leading, sourced, sources, summed, to_cell, to_item, to_region
from foreship.reports.plan_page import key_figures, top
from foreship.reports.planner_chapters.exceptions_chapter import exceptions
from foreship.workbench.web.leads import RunLeads
from tests.foreship.workbench.made_runs import told_view


def test_nothing_leads_anywhere_in_a_file() -> None:
    """What is shown stays what it is."""
    for told in (
        to_cell("Lyon", "00101", "x"), to_item("x"), to_region("x"),
        sourced("x", "plan.parquet", "cost"), summed("x"),
    ):  # fmt: skip
        assert told == "x"
    assert sources(summed("x")) == ""


def test_sources_stand_below_sentences() -> None:
    """Those that are there, one after the other."""
    with leading(RunLeads("latest")):
        told = str(sources(summed("its lines"), "", sourced("its costs", "plan.parquet", "cost")))
    assert re.sub("<[^>]*>", "", told) == "Read from its lines, its costs."


@pytest.mark.parametrize("chapter", [top, exceptions, key_figures])
def test_leads_change_no_word(chapter: object) -> None:
    """Without links, and without what says where they lead, a chapter is that of the report."""
    view = told_view()
    plain = str(chapter(view))  # type: ignore[operator]
    with leading(RunLeads("2026-11-16-aaaaaaaaaa")):
        led = str(chapter(view))  # type: ignore[operator]
    led = re.sub('<p class="sources soft">.*?</p>', "", led)
    assert re.sub(r"</?a\b[^>]*>", "", led) == plain


def test_a_blank_id_leads_nowhere() -> None:
    """A dash is shown for it."""
    with leading(RunLeads("latest")):
        assert to_cell("", "", "-") == "-"
        assert 'href="/run/latest/item?item=a%2Fb"' in str(to_item("a/b"))
