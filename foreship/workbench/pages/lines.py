"""The lines of a plan: sorted, filtered, searched, grouped; the address is the whole state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foreship.reports.markup import Content, Markup, element
from foreship.workbench.bench import Bench
from foreship.workbench.grid.columns import COLUMNS, GROUPS
from foreship.workbench.grid.query import Query
from foreship.workbench.grid.table import GRID, Ways, keys_shown
from foreship.workbench.grid.view import grid
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.held.run import HeldRun
from foreship.workbench.web import forms, links
from foreship_foundation.actions import ACTIONS

__all__ = ["ROUTES", "ways_of"]

PLAN = "plan.csv"
ANY = "any"


def lines(request: Request, bench: Bench) -> Answer:
    """Show the lines that the address asks for; a fragment is the grid alone."""
    run, query = request.path["run"], Query.of(request.query)
    held = bench.run(run)
    shown = grid(held.lines, query, ways_of(run))
    if request.fragment:
        return Answer(shown)
    body = element("div", element("h1", "Lines"), _choosing(held, run, query), shown)
    return Answer(body, title="Lines")


def ways_of(run: str) -> Ways:
    """Return where the links of a grid of a run lead."""
    return Ways(
        lines=lambda query: links.lines(run, query.text),
        cell=lambda region, item: links.cell(run, region, item),
        region=lambda region: links.region(run, region),
        figure=lambda file, column, line: links.source(run, file, column, {"line": str(line)}),
    )


def _choosing(held: HeldRun, run: str, query: Query) -> Markup:
    """Write the form that chooses lines: what it says becomes the address."""
    swap = forms.Swap(GRID, trigger="submit, change, input delay:200ms from:#lines-q")
    told = forms.form(
        links.lines(run),
        forms.field("q", "Search", query.q, kind="search", id="lines-q", autocomplete="off"),
        *_filters(held, query),
        forms.select("group", "Group by", _choices(GROUPS, GROUPS), query.group),
        _columns(held, query),
        forms.button("Show"),
        method="get",
        swap=swap,
        label="Choose lines",
        role="search",
    )
    file = element("a", "All lines as a file", href=links.run_file(run, PLAN))
    return element("div", told, element("p", file, class_="soft"), class_="choosing")


def _filters(held: HeldRun, query: Query) -> Iterator[Markup]:
    """Write a list of what lines may be of: of items, which are many, a field."""
    for kind in ("hub", "region"):
        names = held.ids.hub if kind == "hub" else held.ids.region
        words = [f"{id_} {name}".strip() for id_, name in zip(names.ids, names.called, strict=True)]
        chosen = query.hub if kind == "hub" else query.region
        yield forms.select(kind, kind.capitalize(), _choices(names.ids, words), chosen)
    yield forms.field("item", "Item", query.item, id="lines-item")
    actions = [each.name for each in ACTIONS]
    labels = [each.replace("_", " ") for each in actions]
    yield forms.select("action", "Action", _choices(actions, labels), query.action)
    items = held.view.table("items")
    if "category" in items:
        known = sorted({str(each) for each in items["category"] if str(each)})
        yield forms.select("category", "Category", _choices(known, known), query.category)


def _choices(values: Sequence[str], words: Sequence[str]) -> list[forms.Choice]:
    pairs = zip(values, words, strict=True)
    return [forms.Choice("", ANY), *(forms.Choice(value, word) for value, word in pairs)]


def _columns(held: HeldRun, query: Query) -> Markup:
    """Write which columns are shown, each to be ticked."""
    shown = keys_shown(held.lines, query)
    known = [each.key for each in held.lines.columns]
    order = [*shown, *(key for key in known if key not in shown)]
    ticks = [_tick(key, is_on=key in shown) for key in order]
    return element(
        "details",
        element("summary", "Columns"),
        element("fieldset", element("legend", "Columns shown", class_="soft"), *ticks),
    )


def _tick(key: str, *, is_on: bool) -> Content:
    tick = element(
        "input", type="checkbox", name_="columns", value=key, checked="" if is_on else None
    )
    return element("label", tick, f" {COLUMNS[key].title}", title=COLUMNS[key].help or None)


ROUTES = (Route("GET", "/run/{run}/lines", lines, nav="Lines"),)
