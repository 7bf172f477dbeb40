"""The lines of a plan: searched, filtered, sorted, grouped; the address says all of it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from foreship.files import write_csv
from foreship.quality.formulas import BEGINNINGS
from foreship.reports.markup import Content, Markup, element
from foreship.workbench.acting.cells import edit_cell
from foreship.workbench.bench import Bench
from foreship.workbench.drafts.log import Draft
from foreship.workbench.grid.choosing import chosen
from foreship.workbench.grid.columns import COLUMNS, GROUPS
from foreship.workbench.grid.lines import LineColumns
from foreship.workbench.grid.query import Query
from foreship.workbench.grid.table import GRID, Extra, Ways, keys_shown
from foreship.workbench.grid.view import grid
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.held.run import HeldRun
from foreship.workbench.web import forms, links
from foreship.workbench.web.forms import Choice
from foreship_foundation.actions import ACTIONS

__all__ = ["ROUTES", "lines", "lines_csv", "ways_of"]

ANY = Choice("", "any")
MOST_IN_A_LIST = 60
"""names beyond which one types a name in the place of choosing it"""
SEARCHED = "input delay:200ms from:find input, change, submit"
DANGEROUS = (*BEGINNINGS, "\t", "\r")
"""what a spreadsheet takes for the beginning of a formula"""


def lines(request: Request, bench: Bench) -> Answer:
    """Show lines as the address asks for them; to a fragment the grid alone."""
    run = request.path["run"]
    held = bench.run(run)
    query = Query.of(request.query)
    shown = grid(held.lines, query, ways_of(run), extras=[_decisions(bench.draft(run))])
    if request.fragment:
        return Answer(shown)
    download = element("a", "These lines as CSV", href=links.lines_csv(run, query.text))
    body = element(
        "div",
        element("h1", "Lines of the plan"),
        _asking(held, run, query),
        element("p", download),
        shown,
    )
    return Answer(body, title="Lines")


def lines_csv(request: Request, bench: Bench) -> Answer:
    """Write all lines that the address asks for as a file, in its columns."""
    run = request.path["run"]
    held = bench.run(run)
    query = Query.of(request.query)
    rows = chosen(held.lines, query)
    keys = ("line", *(each for each in keys_shown(held.lines, query) if each != "line"))
    frame = held.lines.frame.loc[rows, list(keys[1:])]
    frame.insert(0, "line", rows)
    path = bench.scratch / f"lines-{id(request)}.csv"
    write_csv(_for_people(frame), path)
    try:
        return Answer(path.read_bytes(), kind="text/csv; charset=utf-8", file_name=_name(held))
    finally:
        path.unlink()


def ways_of(run: str) -> Ways:
    """Return where the links of a run's grid lead."""
    return Ways(
        lines=lambda query: links.lines(run, query.text),
        cell=lambda region, item: links.cell(run, region, item),
        region=lambda region: links.region(run, region),
        figure=lambda file, column, line: links.source(run, file, column, {"line": str(line)}),
    )


def _decisions(draft: Draft) -> Extra:
    """Return the column in which lines are decided on."""
    return Extra("decided", "decided", lambda line: edit_cell(line, draft))


def _name(held: HeldRun) -> str:
    return f"lines-{held.name}.csv"


def _for_people(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which no text is a formula to a spreadsheet."""
    texts = [str(name) for name in frame if not pd.api.types.is_numeric_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(_harmless) for name in texts})


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS) else value


def _asking(held: HeldRun, run: str, query: Query) -> Markup:
    """Write the fields that lines are searched, filtered and grouped by."""
    kept = {"sort": query.sort, "desc": "1" if query.desc else ""}
    return forms.form(
        links.lines(run),
        forms.field("q", "Search ids and names", query.q, kind="search"),
        *_filters(held.lines, query),
        forms.select(
            "group",
            "Group by",
            [Choice("", "no group"), *(Choice(each, COLUMNS[each].title) for each in GROUPS)],
            query.group,
        ),
        _columns(held.lines, query),
        forms.hidden(**{name: value for name, value in kept.items() if value}),
        forms.button("Show"),
        method="get",
        label="Which lines",
        swap=forms.Swap(GRID, "outerHTML", SEARCHED),
    )


def _filters(columns: LineColumns, query: Query) -> Iterator[Content]:
    """Write one list a column that lines are filtered by; a field where a list were too long."""
    for each in GROUPS:
        title, set_to = COLUMNS[each].title, str(getattr(query, each))
        known = [row.name for row in ACTIONS] if each == "action" else columns.coded(each).words
        if len(known) > MOST_IN_A_LIST:
            yield forms.field(each, title, set_to, autocomplete="off")
        else:
            listed = [ANY, *(Choice(name, name.replace("_", " ")) for name in known if name)]
            yield forms.select(each, title, listed, set_to)


def _columns(columns: LineColumns, query: Query) -> Content:
    """Write a box a column; those that are ticked are shown."""
    ticked = keys_shown(columns, query)
    boxes = [
        forms.field(
            "columns",
            each.title,
            each.key,
            kind="checkbox",
            id=f"column-{each.key}",
            checked="" if each.key in ticked else None,
        )
        for each in columns.columns
    ]
    return element("details", element("summary", "Columns"), *boxes, class_="columns")


ROUTES = (
    Route("GET", "/run/{run}/lines", lines, nav="Lines"),
    Route("GET", "/run/{run}/lines.csv", lines_csv),
)
