"""The week of a plan: what to do, whether it may be done, what to look at first, what changed."""

from __future__ import annotations

from foreship.reading.views import RunView
from foreship.reports.leads import leading
from foreship.reports.markup import Content, element
from foreship.reports.plan_chapters import chapters
from foreship.reports.plan_page import first_chapters, plan_chapters
from foreship.workbench.bench import Bench
from foreship.workbench.grid.query import Query
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import links
from foreship.workbench.web.leads import RunLeads

__all__ = ["ROUTES", "week"]


def week(request: Request, bench: Bench) -> Answer:
    """Show the plan of a week, with the chapters of its report."""
    run = request.path["run"]
    view = bench.run(run).view
    with leading(RunLeads(run)):
        shown = _chapters(view, run)
    return Answer(element("div", *shown), title=f"Week of {view.as_of:%Y-%m-%d}")


def _chapters(view: RunView, run: str) -> list[Content]:
    return [
        *first_chapters(view),
        _ways_on(run),
        *plan_chapters(view),
        chapters.limits(view),
    ]


def _ways_on(run: str) -> Content:
    """Lead to the lines by what a planner sorts them by."""
    ways = (
        ("all lines", Query()),
        ("by hub", Query(group="hub")),
        ("by region", Query(group="region")),
        ("by category", Query(group="category")),
    )
    led = [
        element("li", element("a", name, href=links.lines(run, query.text))) for name, query in ways
    ]
    return element("nav", element("ul", *led), aria_label="Lines")


ROUTES = (Route("GET", "/run/{run}", week, nav="This week"),)
