"""An item in all regions, or a region with all its items: what lies, comes, is sent, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from foreship.errors import UsageError
from foreship.own_files import PLAN_LINES
from foreship.pipeline.kept_tables import kept_as
from foreship.reading.explaining.cell_rows import CellRow, cell_frame, most_moved_first, worded
from foreship.reading.explaining.item_explanation import about_item, beyond_item
from foreship.reading.explaining.known_names import refuse_unknown
from foreship.reading.explaining.region_explanation import about_region, beyond_region
from foreship.reading.views import RunView, called
from foreship.reports.leads import leading, sourced, sources
from foreship.reports.markup import Column, Content, Markup, chapter, element, table
from foreship.reports.plan_chapters.chapters import where_to
from foreship.workbench.bench import Bench
from foreship.workbench.cells.demand import demand_by_week
from foreship.workbench.cells.moves import lanes_into
from foreship.workbench.cells.said import listed, paragraphs, ways
from foreship.workbench.cells.small_fans import fans_by_region
from foreship.workbench.cells.storage import storage
from foreship.workbench.cells.waiting import still_reading
from foreship.workbench.grid.query import Query
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.held.run import HeldRun
from foreship.workbench.held.sales import PastSales
from foreship.workbench.web import forms, links
from foreship.workbench.web.figures import number
from foreship.workbench.web.leads import RunLeads
from foreship_foundation.tables.output_files import EXCEPTIONS
from foreship_foundation.telling.words import fixed, plural, units

__all__ = ["ROUTES"]

SIZE = 50
"""cells on a page"""
LONGEST_PAGE = 7
"""digits of the number of a page"""
FIGURES = (
    Column("On hand", number=True),
    Column("Coming", number=True),
    Column("Sent", number=True),
    Column("Leaves", number=True),
    Column("Forecast", number=True, help="expected demand until the next plan"),
    Column("Weeks of cover", number=True, help="stock after the plan over weekly demand"),
    Column("Why so many, and not one more"),
)


class _Asked(NamedTuple):
    """What of a run is looked at, and which of its cells."""

    run: str
    kind: Literal["item", "region"]
    id: str
    search: str
    page: int

    @property
    def other(self) -> Literal["item", "region"]:
        """What its cells are told apart by."""
        return "region" if self.kind == "item" else "item"

    def link(self, page: int) -> str:
        """The address of one of its pages."""
        more: dict[str, object] = {"q": self.search, "page": page if page > 1 else ""}
        if self.kind == "item":
            return links.item(self.run, self.id, **more)
        return links.region(self.run, self.id, **more)


def item(request: Request, bench: Bench) -> Answer:
    """Tell of an item, region by region."""
    return _overview(_asked(request, "item"), bench)


def region(request: Request, bench: Bench) -> Answer:
    """Tell of a region, item by item."""
    return _overview(_asked(request, "region"), bench)


def _asked(request: Request, kind: Literal["item", "region"]) -> _Asked:
    wanted = request.asked(kind)
    if not wanted:
        raise UsageError(f"the {kind} that is meant is not named")
    page = request.asked("page", "1")
    is_number = page.isascii() and page.isdecimal() and len(page) <= LONGEST_PAGE
    if not is_number or not int(page):
        raise UsageError(f"there is no page {page[:20]!r}; pages are counted from 1")
    return _Asked(request.path["run"], kind, wanted, request.asked("q").strip(), int(page))


def _overview(asked: _Asked, bench: Bench) -> Answer:
    held = bench.run(asked.run)
    body = still_reading(held, asked.link(asked.page))
    if body is None:
        with leading(RunLeads(asked.run)):
            body = _told(asked, held, bench.sales(held))
    return Answer(body, title=asked.id)


def _told(asked: _Asked, held: HeldRun, sales: PastSales) -> Markup:
    wanted = {asked.kind: asked.id}
    view = held.part(**wanted)
    refuse_unknown(view, asked.kind, asked.id)
    cells = cell_frame(view, **wanted)
    where = "in all regions" if asked.kind == "item" else "with all its items"
    query = Query(item=asked.id) if asked.kind == "item" else Query(region=asked.id)
    return element(
        "div",
        element("h1", f"{called(asked.id, view.name(asked.kind, asked.id))} {where}"),
        ways({"Its lines in the plan": links.lines(asked.run, query.text)}),
        *paragraphs(_about(asked, view, cells)),
        sources(*_stock_and_lines(asked, view)),
        storage(asked.run, view, asked.id) if asked.kind == "region" else "",
        *_beyond(asked, view),
        _cells(asked, held, view, _searched(asked, held, cells)),
        *_pictures(asked, view, sales, cells),
        lanes_into(asked.run, held.view, asked.id) if asked.kind == "region" else "",
    )


def _about(asked: _Asked, view: RunView, cells: pd.DataFrame) -> Iterator[str]:
    """Say what all cells come to together."""
    return about_item(cells) if asked.kind == "item" else about_region(view, asked.id, cells)


def _beyond(asked: _Asked, view: RunView) -> Iterator[Content]:
    """Say what no single cell says: hubs' stock, what is scarce, what to look at."""
    said = beyond_item(view, asked.id) if asked.kind == "item" else beyond_region(view, asked.id)
    title = "Hubs and what to look at" if asked.kind == "item" else "What to look at"
    seen = view.extra(EXCEPTIONS.name)
    listing = "" if seen is None else sourced(
        "the list of exceptions", EXCEPTIONS.name, "money", **{asked.kind: asked.id}
    )  # fmt: skip
    limits = element("a", "the limits and their prices", href=links.limits(asked.run))
    yield listed(title, said, *_stock_and_lines(asked, view), limits, listing)


def _stock_and_lines(asked: _Asked, view: RunView) -> Iterator[Content]:
    """Lead to what lies and comes there, and to what the plan moves."""
    place = "item" if asked.kind == "item" else "location"
    for name, words in (("stock", "stock"), ("inbound", "what is on its way")):
        if len(view.table(name)):
            yield sourced(words, kept_as(name), "quantity", **{place: asked.id})
    if asked.kind == "item":
        yield sourced("its lines", PLAN_LINES, "quantity", item=asked.id)
    else:
        yield sourced("what is sent", PLAN_LINES, "quantity", destination=asked.id)
        yield sourced("what leaves", PLAN_LINES, "quantity", origin=asked.id)


def _pictures(
    asked: _Asked, view: RunView, sales: PastSales, cells: pd.DataFrame
) -> Iterator[Content]:
    """Draw where the lines go and, of an item, what it sold and is expected to sell."""
    if asked.kind == "item":
        first = most_moved_first(cells, "region")
        yield fans_by_region(asked.run, view, sales, asked.id, first)
        yield demand_by_week(asked.run, view, asked.id)
    yield where_to(view)


def _searched(asked: _Asked, held: HeldRun, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that a search means, where most is moved first, then where most lies."""
    if asked.search:
        names = held.ids.kind(asked.other)
        chosen = {names.ids[place] for place in np.flatnonzero(names.holding(asked.search))}
        cells = cells[cells[asked.other].isin(chosen)]
    return most_moved_first(cells, asked.other)


def _cells(asked: _Asked, held: HeldRun, view: RunView, cells: pd.DataFrame) -> Markup:
    first = (asked.page - 1) * SIZE
    rows = worded(view, cells.iloc[first : first + SIZE], asked.other)
    columns = (Column(asked.other.capitalize()), *FIGURES)
    search = forms.form(
        asked.link(1),
        forms.hidden(**{asked.kind: asked.id}),
        forms.field("q", f"Search {asked.other}s", asked.search, kind="search", id="cells-q"),
        forms.button("Show"),
        method="get",
        role="search",
        label=f"Search {asked.other}s",
    )
    count = element("p", f"{plural(len(cells), asked.other)}.", role="status")
    title = "Region by region" if asked.kind == "item" else "Item by item"
    shown = table(columns, (_row(asked, each) for each in rows))
    told = chapter(title, search, count, shown, *_pager(asked, len(cells)))
    return element("div", told, id="cells")


def _row(asked: _Asked, row: CellRow) -> list[Content]:
    link = links.cell(asked.run, row.region, row.item)
    other = row.region if asked.other == "region" else row.item
    figures = [units(each) for each in (row.on_hand, row.coming, row.sent, row.leaving)]
    amounts = [
        "" if each is None else fixed(each, 1) for each in (row.forecast, row.weeks_of_cover)
    ]
    return [
        element("a", f"{other} {row.name}".strip(), href=link),
        *(number(each, link) if each else "" for each in (*figures, *amounts)),
        element("span", row.reason, class_="reason"),
    ]


def _pager(asked: _Asked, cells: int) -> Iterator[Content]:
    last = max(-(-cells // SIZE), 1)
    wanted = {"Page before": asked.page - 1, "Next page": asked.page + 1}
    ways = [
        element("a", words, href=asked.link(page))
        for words, page in wanted.items()
        if 1 <= page <= last
    ]
    if ways:
        where = element("span", f"Page {units(asked.page)} of {units(last)} ")
        yield element("nav", where, *ways, aria_label="Pages of cells", class_="pager")


ROUTES = (
    Route("GET", "/run/{run}/item", item),
    Route("GET", "/run/{run}/region", region),
)
