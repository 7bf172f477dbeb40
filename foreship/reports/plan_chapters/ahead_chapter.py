"""The chapter of the plan's page about the weeks after: scarce room, later sends, hubs' needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from foreship.reading.views import RunView, day
from foreship.reading.words.ahead import scarce_limits, scarce_words
from foreship.reports.leads import sourced, sources
from foreship.reports.markup import Column, Content, chapter, cut, element, short, table
from foreship_foundation.tables.output_files import AHEAD, SUMMARY
from foreship_foundation.tables.output_files import NEEDS as NEEDED
from foreship_foundation.telling.words import sentence, units

__all__ = ["weeks_after"]

MOST_LIMITS = 25
MOST_NEEDS = 40
SENDS = (Column("Plan of"), Column("Units expected to be sent", number=True),
         Column("Lanes", number=True), Column("Items", number=True))  # fmt: skip
NEEDS = (
    Column("Hub"),
    Column("Item"),
    Column("Week"),
    Column("Expected there", number=True, help="stock expected in the hub before the week"),
    Column("Needed", number=True, help="mean of what leaves it for regions and in parcels"),
    Column("1 in 2", number=True, help="no more than this in 1 of 2 cases"),
    Column("9 in 10", number=True, help="no more than this in 9 of 10 cases"),
    Column("Short", number=True, help="by so much 9 in 10 cases may exceed what is there"),
)


def weeks_after(view: RunView) -> Content:
    """Show what later plans are expected to send, what is scarce then, what hubs will need."""
    parts = [*_scarce(view), *_sends(view.ahead), *_needs(view.needs)]
    return chapter("The weeks after", *parts) if parts else ""


def _scarce(view: RunView) -> Iterator[Content]:
    limits = scarce_limits(view)
    if not limits:
        return
    yield element("h3", "Scarce later")
    yield element(
        "p",
        "What these weeks lack is worth sending now: units that would meet a full lane then are "
        "sent ahead of it. The prices come from a program over all weeks of the demand.",
        class_="soft",
    )
    said = (scarce_words(each) for each in limits[:MOST_LIMITS])
    yield element("ul", *(element("li", sentence(each)) for each in said))
    yield cut(min(MOST_LIMITS, len(limits)), len(limits), "limit", "summary.json has them all")
    yield sources(sourced("the prices of later weeks", SUMMARY.name, "ahead"))


def _sends(sends: pd.DataFrame | None) -> Iterator[Content]:
    if sends is None or sends.empty:
        return
    yield element("h3", "Expected to be sent by later plans")
    rows = []
    for _, plan in sends.groupby("week", sort=True):
        lanes = len(plan[["origin", "destination"]].drop_duplicates())
        week = plan["week"].iloc[0]
        counts = {"units": plan["units"].sum(), "origin": lanes, "item": plan["item"].nunique()}
        figures = [
            sourced(units(count), AHEAD.name, column, week=str(week)[:10])
            for column, count in counts.items()
        ]
        rows.append([short(day(week)), *figures])
    yield table(SENDS, rows)


def _needs(needs: pd.DataFrame | None) -> Iterator[Content]:
    if needs is None or needs.empty:
        return
    short_by = (needs["q90"] - needs["stock"]).clip(lower=0.0)
    order = needs.assign(short=short_by).sort_values(
        ["short", "mean", "week", "hub", "item"], ascending=[False, False, True, True, True]
    )
    yield element("h3", "What hubs will need")
    yield element(
        "p",
        "Order in time: the weeks in which a hub is expected to need most beyond what lies there.",
        class_="soft",
    )
    yield table(
        NEEDS,
        [_need(row) for row in order.head(MOST_NEEDS).to_dict("records")],
    )
    shown = min(MOST_NEEDS, len(order))
    whole = sourced("needs.parquet has them all", NEEDED.name, "mean")
    yield cut(shown, len(order), "row", whole)


def _need(row: Mapping[Any, Any]) -> list[Content]:
    """Write what a hub will need of an item in a week."""
    hub, item = str(row["hub"]), str(row["item"])
    where = {"hub": hub, "item": item, "week": str(row["week"])[:10]}
    figures = [
        sourced(units(row[name]), NEEDED.name, name, **where)
        for name in ("stock", "mean", "q50", "q90")
    ]
    lacking = sourced(units(row["short"]), NEEDED.name, "q90", **where)
    named = (short(hub), short(item), short(day(row["week"])))
    return [*named, *figures, lacking if row["short"] else "\u2013"]
