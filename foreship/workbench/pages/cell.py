"""An item in a region: why this many and not one more, unit by unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foreship.errors import UsageError
from foreship.own_files import PLAN_LINES
from foreship.reading.explaining.explanation import NEXT, Explanation, explain
from foreship.reading.views import RunView, called
from foreship.reading.words.exceptions import exception_words
from foreship.reading.words.limits import stopped_words
from foreship.reports.leads import leading, sourced, sources
from foreship.reports.markup import Content, Markup, chapter, element
from foreship.reports.planner_chapters.outlook_chapter import stock_ahead
from foreship.workbench.bench import Bench
from foreship.workbench.cells.ledger import ledger
from foreship.workbench.cells.moves import lanes_into, lines_of
from foreship.workbench.cells.neighbours import neighbours
from foreship.workbench.cells.outlook import sales_and_forecast
from foreship.workbench.cells.said import listed, paragraphs, ways
from foreship.workbench.cells.waiting import still_reading
from foreship.workbench.grid.query import Query
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.held.run import HeldRun
from foreship.workbench.held.sales import PastSales
from foreship.workbench.web import links
from foreship.workbench.web.figures import Source, figure_card
from foreship.workbench.web.leads import RunLeads
from foreship_foundation.tables.output_files import (
    AHEAD,
    CELL_ORDERS,
    DEPARTURES,
    EXCEPTIONS,
    FACTS,
    NOT_WORTH_IT,
    PROJECTED,
    SUMMARY,
    UNITS,
)
from foreship_foundation.telling.words import sentence, units

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ROUTES"]

QUESTION = "Why not one more"
TERMS = (
    "Chance: that the unit is bought before it would have to leave again. Break-even: the chance "
    "from which on the unit pays."
)


def cell(request: Request, bench: Bench) -> Answer:
    """Explain an item in a region; the question that is asked most stands first."""
    run, item, region = _asked(request)
    held = bench.run(run)
    body = still_reading(held, links.cell(run, region, item))
    if body is None:
        with leading(RunLeads(run)):
            body = _told(run, held, bench.sales(held), item, region)
    return Answer(body, title=f"{item} in {region}")


def outlook(request: Request, bench: Bench) -> Answer:
    """Draw sales and forecast of an item in a region alone, once its orders are read."""
    run, item, region = _asked(request)
    held = bench.run(run)
    view = held.part(item=item, region=region)
    with leading(RunLeads(run)):
        body = sales_and_forecast(
            run, view, bench.sales(held), item, region, _lines(view, item, region)
        )
    title = f"Sales and forecast of {item} in {region}"
    return Answer(
        body if request.fragment else element("div", element("h1", title), body), title=title
    )


def _asked(request: Request) -> tuple[str, str, str]:
    """Return the run, the item and the region that are asked for."""
    item, region = request.asked("item"), request.asked("region")
    if not item or not region:
        raise UsageError("an item and a region are asked for; one of them is not named")
    return request.path["run"], item, region


def _lines(view: RunView, item: str, region: str) -> pd.DataFrame:
    lines = view.lines_at(region)
    return lines[lines["item"] == item]


def _told(run: str, held: HeldRun, sales: PastSales, item: str, region: str) -> Markup:
    view = held.part(item=item, region=region)
    told = explain(view, item, region)
    return element(
        "div",
        element("h1", f"{called(item, told.name)} in {called(region, told.region_name)}"),
        _beside(run, item, region),
        chapter(
            "Why not one more?",
            element("p", _verdict(told), class_="lead"),
            *paragraphs([_answer(told), *told.would_change]),
            element("p", TERMS, class_="soft") if told.units else "",
            _read_from(run, told),
        ),
        listed(
            "To look at",
            exception_words(view, item=item, region=region),
            sourced("the list of exceptions", EXCEPTIONS.name, "money", **_where(told)),
        ),
        chapter(
            "What the plan does",
            *paragraphs([told.decision]),
            _stock(run, told),
            sources(*_its_lines(told)),
        ),
        ledger(run, told),
        lines_of(run, view, item, region),
        _ahead(run, view, sales, told),
        *_further(told),
        lanes_into(run, held.view, region),
        *neighbours(run, held, item, region),
    )


def _beside(run: str, item: str, region: str) -> Markup:
    """Write the ways to the item, the region and their lines."""
    return ways(
        {
            f"{item} in all regions": links.item(run, item),
            f"all items in {region}": links.region(run, region),
            "its lines": links.lines(run, Query(item=item, region=region).text),
        }
    )


def _where(told: Explanation) -> dict[str, str]:
    return {"region": told.region, "item": told.item}


def _read_from(run: str, told: Explanation) -> Content:
    """Lead from the answer to the units it speaks of, and to what limits cost."""
    limits = element("a", "the limits and their prices", href=links.limits(run))
    units_ = sourced("its units", UNITS.name, "p", **_where(told)) if told.units else ""
    stops = "" if told.units else sourced("what stops it", "reasons.parquet", "cause")
    return sources(units_, stops, limits)


def _its_lines(told: Explanation) -> Iterator[Content]:
    """Lead to the lines that bring units there, and to those that take some away."""
    ends = {"destination": "what it brings", "origin": "what it takes away"}
    for end, words in ends.items():
        if any(each[end] == told.region for each in told.lines):
            yield sourced(words, PLAN_LINES, "quantity", item=told.item, **{end: told.region})


def _verdict(told: Explanation) -> str:
    """Answer in one sentence, before any figure."""
    following = next((each for each in told.units if each.what == NEXT), None)
    if following is None:
        return "No further unit was worth weighing." if told.units else "None was weighed."
    if following.binding == NOT_WORTH_IT:
        return "One more would not pay: it would sell too rarely for what it costs."
    stopped = stopped_words(following.binding)
    would = "One more would pay" if following.expected_gain > 0 else "One more would not pay"
    joined = ", but" if following.expected_gain > 0 else ", and"
    return sentence(f"{would}{joined} {stopped}")


def _answer(told: Explanation) -> str:
    """Return why there is not one more, without saying the question again."""
    return sentence(told.why_not_more.removeprefix(QUESTION).lstrip(": "))


def _stock(run: str, told: Explanation) -> Markup:
    """Show what lies there, comes and leaves, each with where it stands."""
    where = {"location": told.region, "item": told.item}
    lines = links.lines(run, Query(item=told.item, region=told.region).text)
    stock = told.stock
    cards = [
        figure_card("On hand", units(stock.on_hand),
                    Source(run, "inputs/stock.parquet", "quantity", where)),
        figure_card("On the way", units(stock.inbound),
                    Source(run, "inputs/inbound.parquet", "quantity", where)),
        figure_card("Sent by this plan", units(stock.arriving), lines),
        figure_card("Taken away by it", units(stock.leaving), lines),
    ]  # fmt: skip
    return element("div", *cards, class_="cards")


def _ahead(run: str, view: RunView, sales: PastSales, told: Explanation) -> Content:
    """Show sales, forecast and stock of the weeks ahead, in words and as pictures."""
    lines = _lines(view, told.item, told.region)
    return chapter(
        "Sales, forecast and cover",
        *paragraphs(told.about_line),
        _judged_by(told, lines) if told.about_line else "",
        sales_and_forecast(run, view, sales, told.item, told.region, lines),
        stock_ahead(view, told.item, told.region),
    )


def _judged_by(told: Explanation, lines: pd.DataFrame) -> Content:
    """Lead to what the cell's lines are judged by."""
    facts = [
        sourced(f"what line {line} is judged by", FACTS.name, "forecast_window", line=str(line))
        for line in lines.index
    ]
    stock = sourced("its stock by week", PROJECTED.name, "stock", **_where(told))
    return sources(*facts, stock)


def _further(told: Explanation) -> Iterator[Content]:
    """Show what else is known, a chapter a subject; what is not known is left out."""
    where, there = _where(told), {"destination": told.region}
    subjects: tuple[tuple[str, Sequence[str], Sequence[Content]], ...] = (
        ("Departures", told.about_departures, [
            sourced("the departures that lead there", DEPARTURES.name, "units", **there),
        ]),
        ("Past orders", told.about_orders, [
            sourced("what past orders say of it", CELL_ORDERS.name, "orders", **where),
            sourced("of all items", SUMMARY.name, "orders"),
        ]),
        ("Later weeks", told.about_later_weeks, [
            sourced("what later plans send", AHEAD.name, "units", item=told.item, **there),
            sourced("the prices of later weeks", SUMMARY.name, "ahead"),
        ]),
    )  # fmt: skip
    for title, sentences, origin in subjects:
        if sentences:
            yield chapter(title, *paragraphs(sentences), sources(*origin))


ROUTES = (
    Route("GET", "/run/{run}/cell", cell),
    Route("GET", "/run/{run}/outlook", outlook),
)
