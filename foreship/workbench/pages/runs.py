"""All runs and how far they came: drafts, held, approved, released, tried, damaged."""

from __future__ import annotations

from foreship.jobs.keeping.listing import DAMAGED, OTHER_SCHEMA, RunRow, list_runs
from foreship.reports.markup import Column, Content, Markup, element, table
from foreship.workbench.bench import Bench
from foreship.workbench.door.who import said_to_be
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import forms, links
from foreship.workbench.web.figures import Source, number
from foreship.workbench.web.moments import day_of, moment
from foreship_foundation.tables.output_files import SUMMARY
from foreship_foundation.telling.words import fixed, money, plural

__all__ = ["ROUTES", "runs"]

COLUMNS = (
    Column("Run"),
    Column("Monday"),
    Column("State", help="how far it came on its way to the warehouse"),
    Column("Made by", help="the command that made it"),
    Column("Expected gain", number=True, help="against leaving everything where it is"),
    Column("Lines", number=True),
    Column("Written", help="universal time"),
)
WHY = {
    DAMAGED: "damaged: a file of it is missing or not as it was written; nothing is read from it",
    OTHER_SCHEMA: "written by another version of foreship, which reads it",
}
"""why a run is not opened, by its state"""
OPENED = ("draft", "held", "approved", "released", "superseded", "what-if")
"""states of runs that have a plan to be shown"""


def runs(request: Request, bench: Bench) -> Answer:
    """List every run, newest first; what cannot be read is shown, not hidden."""
    rows = list_runs(bench.runs_at)
    told = element(
        "p", f"{plural(len(rows), 'run')}, the newest Monday first.", class_="soft", role="status"
    )
    shown = table(COLUMNS, map(_cells, rows)) if rows else element("p", "No run yet.")
    head = element("h1", "Runs"), told, _planning(request.who)
    return Answer(element("div", *head, shown), title="Runs")


def _planning(who: str) -> Markup:
    """Offer to plan the Monday after the last order, of the tables as they are now."""
    about = "The Monday after the last order, on the tables as they are now; plans made stay."
    signed = element("span", f" {said_to_be(who)}", class_="soft")
    parts = forms.button("Plan this week"), signed, element("p", about, class_="soft")
    return forms.form(links.plan(), *parts, label="Plan this week")


def _cells(row: RunRow) -> list[Content]:
    can_open = row.state in OPENED
    name: Content = element("a", row.run, href=links.week(row.run)) if can_open else row.run
    return [
        name,
        day_of(row.as_of),
        WHY.get(row.state, row.state),
        row.command,
        _money(row),
        "" if row.lines is None else number(fixed(row.lines), links.lines(row.run)),
        moment(row.written),
    ]


def _money(row: RunRow) -> Content | Markup:
    if row.expected_gain is None:
        return ""
    key = "objective" if row.objective == -row.expected_gain else "orders"
    return number(money(row.expected_gain), Source(row.run, SUMMARY.name, key))


ROUTES = (Route("GET", "/runs", runs, nav="Runs"),)
