"""An item in a region: why this many and not one more, unit by unit."""

from __future__ import annotations

from collections.abc import Iterator

from foreship.errors import UsageError
from foreship.reading.explaining.explanation import Explanation, explain
from foreship.reading.views import RunView, called
from foreship.reading.words.exceptions import exception_words
from foreship.reports.leads import leading
from foreship.reports.markup import Content, Markup, chapter, element
from foreship.reports.planner_chapters.outlook_chapter import fan, stock_ahead
from foreship.workbench.bench import Bench
from foreship.workbench.cells.ledger import ledger
from foreship.workbench.cells.moves import lanes_into, lines_of
from foreship.workbench.cells.neighbours import neighbours
from foreship.workbench.cells.said import listed, paragraphs, ways
from foreship.workbench.cells.waiting import still_reading
from foreship.workbench.grid.query import Query
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.held.run import HeldRun
from foreship.workbench.web import links
from foreship.workbench.web.figures import Source, figure_card
from foreship.workbench.web.leads import RunLeads
from foreship_foundation.telling.words import sentence, units

__all__ = ["ROUTES"]

QUESTION = "Why not one more"


def cell(request: Request, bench: Bench) -> Answer:
    """Explain an item in a region; the question that is asked most stands first."""
    run, item, region = request.path["run"], request.asked("item"), request.asked("region")
    if not item or not region:
        raise UsageError("an item and a region are asked for; one of them is not named")
    held = bench.run(run)
    body = still_reading(held, links.cell(run, region, item))
    if body is None:
        with leading(RunLeads(run)):
            body = _told(run, held, item, region)
    return Answer(body, title=f"{item} in {region}")


def _told(run: str, held: HeldRun, item: str, region: str) -> Markup:
    view = held.part(item=item, region=region)
    told = explain(view, item, region)
    return element(
        "div",
        element("h1", f"{called(item, told.name)} in {called(region, told.region_name)}"),
        _beside(run, item, region),
        chapter("Why not one more?", *paragraphs([_answer(told), *told.would_change])),
        listed("To look at", exception_words(view, item=item, region=region)),
        chapter("What the plan does", *paragraphs([told.decision]), _stock(run, told)),
        ledger(run, told),
        lines_of(run, view, item, region),
        _ahead(view, told),
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


def _ahead(view: RunView, told: Explanation) -> Content:
    """Show sales, forecast and stock of the weeks ahead, in words and as pictures."""
    lines = view.lines_at(told.region)
    lines = lines[lines["item"] == told.item]
    return chapter(
        "Sales, forecast and cover",
        *paragraphs(told.about_line),
        fan(view, told.item, told.region, lines),
        stock_ahead(view, told.item, told.region),
    )


def _further(told: Explanation) -> Iterator[Content]:
    """Show what else is known, a chapter a subject; what is not known is left out."""
    subjects = {
        "Departures": told.about_departures,
        "Past orders": told.about_orders,
        "Later weeks": told.about_later_weeks,
    }
    for title, sentences in subjects.items():
        if sentences:
            yield chapter(title, *paragraphs(sentences))


ROUTES = (Route("GET", "/run/{run}/cell", cell),)
