"""What to look at first: the list of exceptions, most money first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from foreship.reading.views import RunView
from foreship.reports.leads import sourced, to_cell, to_item, to_region
from foreship.reports.markup import Column, Content, chapter, cut, element, short, table
from foreship_foundation.tables.output_files import EXCEPTIONS, FACTS
from foreship_foundation.telling.words import money, units

__all__ = ["KIND_WORDS", "exceptions", "words_shown"]

MOST = 20
KIND_WORDS = {
    "stock_out": "Stock-out ahead",
    "hub_short": "Hub short",
    "dead_stock": "Dead stock",
    "exit_due": "Exit due",
    "suspicious_input": "Suspicious input",
    "stale_input": "Stale input",
    "broken_lock": "Not kept",
    "forecast_far": "Forecast far from sales",
    "dear_limit": "Dear limit",
    "late_supply": "Late supply",
    "unused_plan": "Not in the forecast",
    "thin_line": "Thin lines",
}
HEAD = (
    Column("", number=True),
    Column("Money", number=True, help="expected money at stake"),
    Column("What"),
    Column("Region"),
    Column("Item"),
    Column("In words"),
)


def exceptions(view: RunView) -> Content:
    """Show what to look at first; that there is nothing where the list is empty."""
    if not view.has_plan or view.extra(FACTS.name) is None:
        return ""
    found = view.extra(EXCEPTIONS.name)
    if found is None or found.empty:
        words = "Nothing: no stock-out, dead stock, late supply or other exception stands out."
        return chapter("To look at first", element("p", words, class_="soft"))
    order = found.sort_values("rank")
    shown = order.head(MOST)
    about = "Most money first; how it is counted for each kind is in the reading guide."
    return chapter(
        "To look at first",
        element("p", about, class_="soft"),
        table(HEAD, [_row(row) for row in shown.to_dict("records")]),
        cut(
            len(shown),
            len(order),
            "exception",
            sourced("plan.xlsx has them all", EXCEPTIONS.name, "money"),
        ),
    )


def words_shown(view: RunView) -> set[str]:
    """Return the sentences that the chapter shows, so that no other one says them again."""
    found = view.extra(EXCEPTIONS.name)
    if found is None or view.extra(FACTS.name) is None:
        return set()
    return set(found.sort_values("rank")["words"].head(MOST).astype(str))


def _row(row: Mapping[Any, Any]) -> list[Content]:
    kind, region, item = str(row["kind"]), str(row["region"]), str(row["item"])
    words = element("span", KIND_WORDS.get(kind, kind.replace("_", " ")), class_="whole")
    rank = str(row["rank"])
    return [
        sourced(units(row["rank"]), EXCEPTIONS.name, "rank", rank=rank),
        sourced(money(row["money"]), EXCEPTIONS.name, "money", rank=rank),
        to_cell(region, item, words) if region and item else words,
        to_region(region, short(region or str(row["hub"]) or "\u2013")),
        to_item(item, short(item or "\u2013")),
        str(row["words"]),
    ]
