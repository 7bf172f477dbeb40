"""Limits and their prices: what stands in the way, what one more of it is worth, who gave way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from foreship.reading.views import RunView
from foreship.reports.leads import leading
from foreship.reports.markup import Column, Content, chapter, element, table
from foreship.reports.plan_chapters import ahead_chapter, chapters, departure_chapter
from foreship.workbench.bench import Bench
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import links
from foreship.workbench.web.figures import Source, number
from foreship.workbench.web.leads import RunLeads
from foreship_foundation.tables.output_files import SUMMARY
from foreship_foundation.telling.words import money, sentence

__all__ = ["ROUTES", "limits"]

COLUMNS = (
    Column("Limit"),
    Column("Worth of one more", number=True, help="money; for small changes, others as they are"),
    Column("In words"),
)


def limits(request: Request, bench: Bench) -> Answer:
    """Show every limit that costs something, and those that gave way."""
    run = request.path["run"]
    held = bench.run(run)
    view = held.with_frames("ahead") if held.view.has_plan else held.view
    with leading(RunLeads(run)):
        shown = [
            element("h1", "Limits and their prices"),
            *_gave_way(view),
            _prices(view, run),
            departure_chapter.departures(view),
            ahead_chapter.weeks_after(view),
        ]
    return Answer(element("div", *shown), title="Limits")


def _prices(view: RunView, run: str) -> Content:
    """Show all prices, dearest first, and the way to try the plan with more of it."""
    prices = view.shadow_prices()
    if not prices:
        return chapters.nothing_in_the_way()
    rows = [_row(each, run) for each in prices]
    about = (
        "What one more of a limit is worth, for small changes and the others staying as they are. "
        "What a larger change is worth a trial says."
    )
    trial = element("a", "Try another capacity or cost", href=links.try_it(run))
    return chapter(
        "What limits cost",
        element("p", about, class_="soft"),
        table(COLUMNS, rows),
        element("p", trial),
    )


def _row(price: Any, run: str) -> list[Content]:
    source = Source(run, SUMMARY.name, "shadow_prices", {"limit": price.limit})
    return [price.limit, number(money(price.price), source), sentence(price.words)]


def _gave_way(view: RunView) -> Iterator[Content]:
    relaxed = view.summary.get("relaxed", ())
    if relaxed:
        told = [element("li", sentence(str(each["words"]))) for each in relaxed]
        about = "They cannot all be kept; these give way by the least that is needed."
        yield chapter("Limits that gave way", element("p", about), element("ul", *told))


ROUTES = (Route("GET", "/run/{run}/limits", limits, nav="Limits"),)
