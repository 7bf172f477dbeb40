"""The units of a cell, one by one: chance and break-even, money, and what stops the next."""

from __future__ import annotations

from collections.abc import Iterator

from foreship.reading.explaining.explanation import Explanation, UnitReason
from foreship.reading.views import break_even_words
from foreship.reading.words.limits import stopped_words
from foreship.reports.leads import sourced, sources
from foreship.reports.markup import Column, Content, chapter, element, table
from foreship.workbench.web.figures import Source, number
from foreship_foundation.tables.output_files import NOT_WORTH_IT
from foreship_foundation.telling.words import chance, money, units

__all__ = ["ledger"]

FILE = "units.parquet"
UNITS = (
    Column("Unit", number=True),
    Column("Now", help="on hand, sent by this plan, taken away by it, or not sent"),
    Column("Chance", number=True, help="that the unit is bought in its window"),
    Column("Break-even", number=True, help="chance at which it stops paying"),
    Column("Gain if bought", number=True),
    Column("Loss if not", number=True),
    Column("Expected", number=True, help="chance x gain - (1 - chance) x loss"),
    Column("Way out", help="cheapest one of an unsold unit"),
    Column("What stops it", help="the limits that bind where a unit is not sent"),
)
IDLE = ("on hand", "leaves", "sent")
"""what nothing stops"""


def ledger(run: str, told: Explanation) -> Content:
    """Show the units that were weighed, with the chance and the break-even of each."""
    if not told.units:
        return ""
    about = (
        "A unit pays while its chance is above its break-even, loss / (gain + loss); expected = "
        "chance x gain - (1 - chance) x loss."
    )
    rows = [list(_row(run, told, each)) for each in told.units]
    whole = sourced("its units", FILE, "p", region=told.region, item=told.item)
    about_it = element("p", about, class_="soft")
    return chapter("Unit by unit", about_it, table(UNITS, rows), sources(whole))


def _row(run: str, told: Explanation, unit: UnitReason) -> Iterator[Content]:
    where = {"region": told.region, "item": told.item, "unit": str(unit.unit)}

    def figure(words: str, column: str) -> Content:
        return number(words, Source(run, FILE, column, where)) if words else ""

    yield figure(units(unit.unit), "unit")
    yield unit.what
    yield figure(chance(unit.p), "p")
    yield figure("" if unit.break_even is None else break_even_words(unit.break_even), "loss")
    yield figure(money(unit.gain), "gain")
    yield figure(money(unit.loss), "loss")
    yield figure(money(unit.expected_gain, sign=True), "expected_gain")
    yield unit.exit.replace("_", " ")
    yield _stopped(unit)


def _stopped(unit: UnitReason) -> Content:
    if unit.what in IDLE or not unit.binding:
        return ""
    words = unit.binding if unit.binding == NOT_WORTH_IT else stopped_words(unit.binding)
    return element("span", words, class_="reason")
