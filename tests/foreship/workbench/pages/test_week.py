"""The week of a run: the chapters of its report, with the ways into the plan."""

from __future__ import annotations

from foreship.reports.plan_page import sentences
from foreship.workbench.bench import Bench
from foreship.workbench.handling import Request
from foreship.workbench.pages.week import week


def test_figures_and_exceptions_lead_on(told_bench: Bench) -> None:
    """Sums to the lines they sum, an exception to what it is about, files to themselves."""
    page = str(week(Request(path={"run": "latest"}), told_bench).body)
    view = told_bench.run("latest").view
    assert next(iter(sentences(view))).split(",")[0] in page
    assert '<a class="figure-link" href="/run/latest/lines?sort=quantity&amp;desc=1">' in page
    assert '<a href="/run/latest/cell?region=Lyon&amp;item=00101">' in page
    assert '<a href="/run/latest/region?region=Paris">' in page
    assert page.count("<h1>") == 1
