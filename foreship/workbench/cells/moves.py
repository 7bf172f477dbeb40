"""What moves into and out of a cell: lines of the plan, and the lanes that lead there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from foreship.own_files import PLAN_LINES
from foreship.pipeline.kept_tables import kept_as
from foreship.reading.views import RunView, day
from foreship.reports.markup import Column, Content, chapter, element, short, table
from foreship.workbench.grid.query import Query
from foreship.workbench.web import links
from foreship.workbench.web.figures import Source, number
from foreship_foundation.telling.words import money, units

__all__ = ["lanes_into", "lines_of"]

LINES = (
    Column("Action"),
    Column("From"),
    Column("To"),
    Column("Units", number=True),
    Column("Leaves"),
    Column("Arrives"),
    Column("Cost", number=True),
    Column("Expected gain", number=True),
)
LANES = (
    Column("From"),
    Column("Days", number=True, help="lead time"),
    Column("Cost a unit", number=True),
    Column("Room", number=True, help="most volume that a plan may send, all items together"),
    Column("Units sent", number=True, help="by this plan on its lanes, all items together"),
)


def lines_of(run: str, view: RunView, item: str, region: str) -> Content:
    """Show the plan's lines of a cell."""
    lines = view.lines_at(region)
    mine = lines[lines["item"] == item]
    if mine.empty:
        return ""
    rows = [
        list(_line(run, str(line), row))
        for line, row in zip(mine.index, mine.to_dict("records"), strict=True)
    ]
    return chapter("Its lines", table(LINES, rows))


def _line(run: str, line: str, row: Mapping[Any, Any]) -> Iterator[Content]:
    def figure(words: str, column: str) -> Content:
        return number(words, Source(run, PLAN_LINES, column, {"line": line}))

    yield str(row["action"]).replace("_", " ")
    yield from (short(str(row["origin"])), short(str(row["destination"])))
    yield figure(units(row["quantity"]), "quantity")
    yield from (day(row["ship_date"]), day(row["arrival_date"]))
    yield figure(money(row["cost"]), "cost")
    yield figure(money(row["expected_gain"], sign=True), "expected_gain")


def lanes_into(run: str, whole: RunView, region: str) -> Content:
    """Show the lanes that lead into a region, with what the plan sends there from each origin.

    Parameters
    ----------
    whole
        The view of the run with all its lines.
    """
    lanes = whole.table("lanes")
    if not {"origin", "destination"} <= set(lanes):
        return ""
    mine = lanes[lanes["destination"] == region]
    if mine.empty:
        return chapter("Lanes there", element("p", "No lane leads there."))
    arriving = whole.lines[whole.lines["destination"] == region]
    sent = arriving.groupby("origin")["quantity"].sum().to_dict()
    hubs = whole.table("hubs")
    known = set(hubs["hub"]) if "hub" in hubs else set()
    rows = []
    for row in mine.to_dict("records"):
        origin = str(row["origin"])
        lines = Query(region=region, hub=origin if origin in known else "")
        there = number(units(sent.get(origin, 0)), links.lines(run, lines.text))
        rows.append([*_lane(run, region, row), there])
    return chapter("Lanes there", table(LANES, rows))


def _lane(run: str, region: str, lane: Mapping[Any, Any]) -> Iterator[Content]:
    origin = str(lane["origin"])
    where = {"origin": origin, "destination": region}

    def figure(words: str, column: str) -> Content:
        return number(words, Source(run, kept_as("lanes"), column, where))

    room = float(lane.get("capacity", np.inf))
    yield short(origin)
    yield figure(units(lane["lead_time_days"]), "lead_time_days")
    yield figure(money(lane["cost_per_unit"]), "cost_per_unit")
    yield figure(units(room), "capacity") if np.isfinite(room) else "no limit"
