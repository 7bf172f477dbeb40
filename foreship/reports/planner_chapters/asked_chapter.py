"""What policies, adjustments and locks ask of a plan, what they come to, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from foreship.reading.views import RunView
from foreship.reading.words.limits import unmet_words
from foreship.reports.leads import sourced, sources
from foreship.reports.markup import Column, Content, chapter, cut, element, table
from foreship_foundation.tables.output_files import ASKED, SUMMARY
from foreship_foundation.telling.words import money, units

__all__ = ["asked"]

MOST = 40
HEAD = (
    Column("Row", help="table and row in it"),
    Column("What is asked"),
    Column("Units asked", number=True),
    Column("Reached", number=True),
    Column("Units sent for it", number=True),
    Column("It costs", number=True, help="gain lost against the plan without it"),
    Column("If it is right", number=True, help="an adjustment: the same with demand as adjusted"),
)
STEERING = {
    "policies": "stock that policies ask for",
    "minimum_line_gain": "the least gain of a line",
    "changes": "moving back what was sent lately",
}


def asked(view: RunView) -> Content:
    """Show what was asked and what it costs; nothing where nothing was asked."""
    parts = [*_rows(view.extra(ASKED.name)), *_unmet(view), *_steering(view)]
    return chapter("What was asked, and what it costs", *parts) if parts else ""


def _rows(found: pd.DataFrame | None) -> Iterator[Content]:
    if found is None or found.empty:
        return
    yield element(
        "p",
        "Cost is the expected gain that the plan without the row would have beyond this one; below "
        "0 the row brings money. A dash is not priced.",
        class_="soft",
    )
    shown = found.head(MOST)
    yield table(HEAD, [_row(row) for row in shown.to_dict("records")])
    yield cut(
        len(shown), len(found), "row", sourced("asked.parquet has them all", ASKED.name, "cost")
    )
    yield sources(sourced("what was asked", ASKED.name, "cost"))
    if (found["how"] == "together").any():
        words = "Rows priced together have one cost in all: it stands in each of them."
        yield element("p", words, class_="soft")


def _row(row: dict[Any, Any]) -> list[Content]:
    own = str(row["row"])
    shown = {name: _number(row[name]) for name in ("wanted", "reached", "units")}
    shown |= {name: _money(row[name]) for name in ("cost", "cost_if_right")}
    return [
        element("span", own, class_="whole"),
        str(row["words"]),
        *(sourced(each, ASKED.name, name, row=own) for name, each in shown.items()),
    ]


def _number(value: float) -> str:
    return "\u2013" if pd.isna(value) else units(value)


def _money(value: float) -> str:
    return "\u2013" if pd.isna(value) else money(value, sign=True)


def _unmet(view: RunView) -> Iterator[Content]:
    """Say which policies the plan does not come up to."""
    unmet = view.summary.get("unmet") or ()
    if not unmet:
        return
    yield element("h3", "Not reached")
    yield element("ul", *(element("li", unmet_words(each)) for each in unmet), class_="notes")
    yield sources(sourced("what was not reached", SUMMARY.name, "unmet"))


def _steering(view: RunView) -> Iterator[Content]:
    """Say what steered the plan without being spent."""
    parts = view.summary.get("asked") or {}
    said = [f"{STEERING[name]} ({money(parts[name])})" for name in STEERING if parts.get(name)]
    if said:
        words = f"Steered by, and not spent: {'; '.join(said)}."
        yield element("p", words, class_="soft")
        yield sources(sourced("what was asked in all", SUMMARY.name, "asked"))
