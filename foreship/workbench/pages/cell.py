"""An item in a region: why this many and not one more, unit by unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from foreship.errors import UsageError
from foreship.reading.explaining.explanation import Explanation, UnitReason, explain
from foreship.reading.views import break_even_words, called
from foreship.reports.markup import Column, Content, Markup, chapter, element, table
from foreship.workbench.bench import Bench
from foreship.workbench.grid.query import Query
from foreship.workbench.handling import Answer, Request, Route
from foreship.workbench.web import links
from foreship.workbench.web.figures import Source, figure_card, number
from foreship_foundation.telling.words import fixed, money, sentence, units

__all__ = ["ROUTES"]

UNITS = (
    Column("Unit", number=True),
    Column("Now", help="on hand, sent by this plan, taken away by it, or not sent"),
    Column("Chance", number=True, help="that the unit is bought in its window"),
    Column("Break-even", number=True, help="chance at which it stops paying"),
    Column("Gain if bought", number=True),
    Column("Loss if not", number=True),
    Column("Expected", number=True, help="chance x gain - (1 - chance) x loss"),
    Column("Way out", help="cheapest one of an unsold unit"),
)
LEDGER = "units.parquet"
QUESTION = "Why not one more"


def cell(request: Request, bench: Bench) -> Answer:
    """Explain an item in a region; the question that is asked most stands first."""
    run, item, region = request.path["run"], request.asked("item"), request.asked("region")
    if not item or not region:
        raise UsageError("an item and a region are asked for; one of them is not named")
    told = explain(bench.run(run).part(item=item, region=region), item, region)
    body = element(
        "div",
        element("h1", f"{called(item, told.name)} in {called(region, told.region_name)}"),
        _beside(run, item, region),
        chapter("Why not one more?", *_paragraphs([_answer(told), *told.would_change])),
        chapter("What the plan does", *_paragraphs([told.decision]), _stock(run, told)),
        _ledger(run, told),
        *_further(told),
    )
    return Answer(body, title=f"{item} in {region}")


def _beside(run: str, item: str, region: str) -> Markup:
    """Write the ways to the item, the region and their lines."""
    ways = {
        f"{item} in all regions": links.item(run, item),
        f"all items in {region}": links.region(run, region),
        "its lines": links.lines(run, Query(item=item, region=region).text),
    }
    return element("p", *_apart(element("a", words, href=link) for words, link in ways.items()))


def _apart(parts: Iterable[Content]) -> Iterator[Content]:
    for place, each in enumerate(parts):
        yield from (" \u00b7 ", each) if place else (each,)


def _paragraphs(sentences: Iterable[str]) -> list[Markup]:
    return [element("p", each) for each in sentences]


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


def _ledger(run: str, told: Explanation) -> Content:
    """Show the units that were weighed, with the chance and the break-even of each."""
    if not told.units:
        return ""
    about = (
        "A unit pays while its chance is above its break-even, loss / (gain + loss); expected = "
        "chance x gain - (1 - chance) x loss."
    )
    rows = [_unit(run, told, each) for each in told.units]
    return chapter("Unit by unit", element("p", about, class_="soft"), table(UNITS, rows))


def _unit(run: str, told: Explanation, unit: UnitReason) -> list[Content]:
    where = {"region": told.region, "item": told.item, "unit": str(unit.unit)}
    even = "" if unit.break_even is None else break_even_words(unit.break_even)
    figures = {
        "p": fixed(unit.p, 3),
        "": even,
        "gain": money(unit.gain),
        "loss": money(unit.loss),
        "expected_gain": money(unit.expected_gain, sign=True),
    }
    shown = [
        number(words, Source(run, LEDGER, column or "loss", where)) if words else ""
        for column, words in figures.items()
    ]
    return [units(unit.unit), unit.what, *shown, unit.exit.replace("_", " ")]


def _further(told: Explanation) -> Iterator[Content]:
    """Show what else is known, a chapter a subject; what is not known is left out."""
    subjects = {
        "Sales, forecast and cover": told.about_line,
        "Departures": told.about_departures,
        "Past orders": told.about_orders,
        "Later weeks": told.about_later_weeks,
    }
    for title, sentences in subjects.items():
        if sentences:
            yield chapter(title, *_paragraphs(sentences))


ROUTES = (Route("GET", "/run/{run}/cell", cell),)
