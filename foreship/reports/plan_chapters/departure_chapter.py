"""The chapter of the plan's page about departures; none where the run knows of none."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from foreship.reading.views import RunView
from foreship.reading.words.departures import weekday
from foreship.reports.leads import sourced
from foreship.reports.markup import Column, Content, chapter, cut, element, short, table
from foreship.reports.pictures.drawing import Bar, stacked_bar
from foreship_foundation.tables.output_files import DEPARTURES
from foreship_foundation.telling.words import money, percent, units

__all__ = ["departures"]

MOST_DEPARTURES = 60
WIDTH = 90.0
SUMMED: Mapping[str, Callable[[Any], str]] = {
    "vehicles": units, "units": units, "lines": units, "vehicle_cost": money, "line_cost": money,
}  # fmt: skip
"""columns that add up, and how they are written"""
HEAD = (
    Column("Leaves"),
    Column("From"),
    Column("To"),
    Column("Vehicles", number=True),
    Column("Fill", help="volume or load, whichever is tighter, of the vehicles paid for"),
    Column("Units", number=True),
    Column("Lines", number=True),
    Column("Vehicles cost", number=True),
    Column("Lines cost", number=True, help="handling of an item, however many units"),
    Column("Arrives", help="in 9 of 10 cases between the two days"),
)


def departures(view: RunView) -> Content:
    """Show what leaves when, in how many vehicles, and when it arrives."""
    if view.departures is None or view.departures.empty:
        return ""
    found = view.departures.sort_values(["ship_date", "origin", "destination"], kind="stable")
    shown = found.head(MOST_DEPARTURES)
    total = ["All", "", "", *_figures({name: found[name].sum() for name in SUMMED}), ""]
    total.insert(4, "")
    words = (
        "Vehicles are paid whole: units that fill what is paid for anyway cost no more freight "
        "than their own. A line of the plan bears its share of the vehicles it travels in."
    )
    return chapter(
        "Departures",
        element("p", words, class_="soft"),
        table(HEAD, _rows(shown), total=total),
        cut(
            len(shown),
            len(found),
            "departure",
            sourced("departures.parquet has them all", DEPARTURES.name, "units"),
        ),
    )


def _rows(found: pd.DataFrame) -> Iterable[Sequence[Content]]:
    for row in found.to_dict("records"):
        where = {name: str(row[name]) for name in ("origin", "destination")}
        where["ship_date"] = str(row["ship_date"])[:10]
        vehicles, *others = _figures({name: row[name] for name in SUMMED}, **where)
        yield [
            weekday(row["ship_date"]),
            short(row["origin"]),
            short(row["destination"]),
            vehicles,
            _fill(row["vehicle_fill"]),
            *others,
            _arrives(row["arrival_from"], row["arrival_to"], row["arrival_date"]),
        ]


def _figures(values: Mapping[str, float], **where: str) -> Iterator[Content]:
    """Write what departures come to, each figure with its rows."""
    for name, value in values.items():
        if name == "vehicles" and not value and where:
            yield "\u2013"
        else:
            yield sourced(SUMMED[name](value), DEPARTURES.name, name, **where)


def _fill(share: float) -> Content:
    """Draw how full the vehicles are; nothing where no size is stated."""
    if math.isnan(share):
        return "\u2013"
    full = Bar(share, "sent", f"{percent(share)} full")
    free = Bar(max(1.0 - share, 0.0), "room", f"{percent(1.0 - share)} free")
    return stacked_bar([full, free], 1.0, width=WIDTH)


def _arrives(first: pd.Timestamp, last: pd.Timestamp, expected: pd.Timestamp) -> str:
    if first == last:
        return weekday(expected)
    return f"{weekday(first)} to {weekday(last)}"
