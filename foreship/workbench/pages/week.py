"""The week of a run: what the plan does, what to look at first, what changed, and what it earns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foreship.reports.markup import Content, element
from foreship.reports.plan_chapters import chapters
from foreship.reports.plan_page import key_figures, top
from foreship.reports.planner_chapters.asked_chapter import asked
from foreship.reports.planner_chapters.changes_chapter import changes
from foreship.reports.planner_chapters.exceptions_chapter import exceptions
from foreship.reports.planner_chapters.life_chapter import held
from foreship.workbench.bench import Bench
from foreship.workbench.grid.query import Query
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import links
from foreship.workbench.web.figures import Source, number

__all__ = ["ROUTES"]

OF_LINES = ("quantity", "cost", "expected_gain")
"""figures that are sums over the plan's lines"""
FILES = ("plan.xlsx", "plan.csv", "report.html")


def week(request: Request, bench: Bench) -> Answer:
    """Show the week of a run, in the chapters of its report."""
    run = request.path["run"]
    found = bench.run(run)
    view = found.view

    def linked(column: str, shown: str) -> str:
        lines = links.lines(run, Query(sort=column, desc=True).text)
        return number(shown, lines if column in OF_LINES else Source(run, "summary.json", column))

    def about(row: Mapping[Any, Any], words: str) -> Content:
        link = _about(run, row)
        return element("a", words, href=link) if link else words

    body = element(
        "div",
        top(view),
        held(view),
        exceptions(view, about),
        changes(view),
        key_figures(view, linked),
        chapters.notes(view),
        chapters.where_to(view),
        chapters.regions(view),
        chapters.money_by_term(view),
        asked(view),
        _files(run, found.run.manifest["files"]),
    )
    return Answer(body, title=f"Week of {found.run.as_of}")


def _about(run: str, row: Mapping[Any, Any]) -> str:
    """Return the page of what an exception is about, blank where it has none."""
    region, item, hub = (str(row[name] or "") for name in ("region", "item", "hub"))
    if region and item:
        return links.cell(run, region, item)
    if region or item:
        return links.region(run, region) if region else links.item(run, item)
    return links.lines(run, Query(hub=hub).text) if hub else ""


def _files(run: str, there: Mapping[str, Any]) -> Content:
    """Write the files of the run that people take with them."""
    rows = [
        element("li", element("a", name, href=links.run_file(run, name)))
        for name in FILES
        if name in there
    ]
    return element("section", element("h2", "Files"), element("ul", *rows)) if rows else ""


ROUTES = (Route("GET", "/run/{run}", week, nav="This week"),)
