"""The input tables as the audit reads them: look-ups of its own, in plain Python."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.actions import action_names, exit_named
from foreship_optimize.audit.late_arrivals import PUNCTUAL, Coming, Shown, shown_at
from foreship_optimize.audit.timetables import (
    Lane,
    LaneAhead,
    closed_days,
    lanes_ahead,
    open_lanes,
    read_timetables,
    rows_of,
    span_of,
)

__all__ = [
    "INTO_REGION",
    "OUT_OF_REGION",
    "Books",
    "Lane",
    "Line",
    "arrivals_of",
    "close",
    "read_books",
    "read_lines",
]

INTO_REGION, OUT_OF_REGION = action_names(destination="region"), action_names(origin="region")
"""actions whose lines bring units into a region, and take units out of one"""
WEEKS_PER_YEAR = 52.0
NEAR = 1e-6
"""money may differ by this, relative"""


@dataclass(frozen=True)
class Line:
    """A row of the plan, in the columns that the checks look at."""

    action: str
    origin: str
    destination: str
    item: str
    quantity: int
    ship_date: pd.Timestamp
    arrival_date: pd.Timestamp
    cost: float
    expected_gain: float
    purchase_probability: float
    break_even: float
    exit: str
    lane: int = 0
    """number among the lanes of its places and days, where there is one"""

    def __str__(self) -> str:
        way = f"{self.origin} -> {self.destination}" if self.destination else self.origin
        return f"{self.action} {self.quantity} {self.item} {way}"


@dataclass(frozen=True)
class Books:
    """All look-ups that the checks need."""

    as_of: pd.Timestamp
    items: dict[str, dict[str, Any]]
    regions: dict[str, dict[str, Any]]
    hubs: dict[str, dict[str, Any]]
    lanes: dict[tuple[str, str], list[Lane]]
    """alternatives of each (origin, destination), by days and cost"""
    ahead: dict[str, list[LaneAhead]]
    """lanes from hubs to each region, now or later"""
    hub_stock: dict[tuple[str, str], int]
    """units by (hub, item): on hand and due"""
    supplied: set[tuple[str, str]]
    """(hub, item) that hold units or have some coming"""
    on_hand: dict[tuple[str, str], int]
    """units by (region, item)"""
    coming: dict[tuple[str, str], list[tuple[pd.Timestamp, int]]]
    """(day, units) on the way, by (region, item)"""
    assortment: dict[tuple[str, str], list[tuple[float, float]]] | None
    """first and last days, from the day of the plan, of cells that may be stocked; None: any may"""
    horizon_days: int
    """days the demand covers"""
    exits: dict[tuple[str, str, str], dict[str, Any]]
    """rows of the exits table by (exit, region, item)"""
    overrides: list[dict[str, Any]]
    params: Any
    relaxed: dict[str, float]
    """how far each limit that gave way may be missed, by its name"""
    shown: dict[str, Shown] = field(default_factory=dict)
    """what past arrivals at each place were like"""
    closed: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """days from the day of the plan on which the docks of a place rest; '' names every place"""
    _landed: dict[tuple[str, str], list[tuple[str, float, int]]] = field(default_factory=dict)
    """what `landed` was asked before"""
    _origins: dict[str, list[str]] = field(default_factory=dict)
    """what `origins_of` was asked before"""
    _next_arrivals: dict[tuple[str, tuple[str, ...], int, int], int] = field(default_factory=dict)
    """what `next_arrival` was asked before"""

    def spare(self, words: str) -> float:
        """Return by how far the limits of that name, or named so by somebody, may be exceeded."""
        named = (words, f"{words} (")
        return max(
            (
                amount
                for name, amount in self.relaxed.items()
                if name == named[0] or name.startswith(named[1])
            ),
            default=0.0,
        )

    def freight(self, lane: Lane, item: str) -> float:
        """Freight of one unit on a lane [money]."""
        return float(lane.cost_per_unit + lane.cost_per_kg * self.items[item]["weight_kg"])

    def lanes_of(self, line: Line) -> list[Lane]:
        """Lanes of the line's places that arrive on its day and cost what it costs.

        Where none does, those of its day, and without any of these all.
        """
        lanes = self.lanes.get((line.origin, line.destination), [])
        if len(lanes) < 2:
            return lanes
        leaves, arrives = ((day - self.as_of).days for day in (line.ship_date, line.arrival_date))
        lanes = [lane for lane in lanes if lane.lead_days == arrives] or lanes
        lanes = [lane for lane in lanes if lane.offset == leaves] or lanes
        if line.lane:
            return [lane for lane in lanes if lane.number == line.lane] or lanes
        if line.item not in self.items:
            return lanes
        meant = [each for each in lanes if close(line.cost, self.cost_of(line, each))]
        return meant or lanes

    def cost_of(self, line: Line, lane: Lane | None) -> float:
        """Cost of a line on a lane: freight, and the exit by which its units leave a region."""
        unit = 0.0 if lane is None else self.freight(lane, line.item)
        if line.action in OUT_OF_REGION:
            unit += self.exit_cost(line.exit, line.origin, line.item) or 0.0
        return unit * line.quantity

    def exit_cost(self, kind: str, region: str, item: str) -> float | None:
        """Cost of an exit, its lane aside, net of recovery; None where it does not exist.

        With a table, its most specific row: region and item, item, region, any.
        """
        about, settings = self.items[item], self.params.exits
        row = self.exit_row(kind, region, item)
        if row is None if self.exits else kind not in settings.allowed:
            return None
        cost, recovery = self._charge(kind, row)
        gives_up = exit_named(kind).gives_up
        if gives_up == "share of price":
            cost += settings.markdown_share * about["price"]
        if gives_up == "unit cost":
            cost += about["unit_cost"]
            share = settings.recovery_share * about["unit_cost"]
            recovery = share if math.isnan(recovery) else recovery
        delay = 0.0 if row is None else row["delay_weeks"]
        recovered = 0.0 if math.isnan(recovery) else recovery
        waiting = self.holding(region, item) * delay if delay else 0.0
        return float(cost - recovered + waiting)

    def holding(self, region: str, item: str) -> float:
        """Return what a week in the region costs more than one at the hub of its cheapest lane."""
        about = self.items[item]
        at_hub = float(about.get("hub_holding_cost_per_week", math.nan))
        if math.isnan(at_hub):
            costs = [
                (self.freight(lane, item), hub)
                for hub in sorted(self.hubs)
                for lane in self.lanes.get((hub, region), ())
            ]
            _, hub = min(costs, default=(0.0, ""))
            rate = float(self.hubs.get(hub, {}).get("holding_rate_per_year", math.nan))
            at_hub = 0.0 if math.isnan(rate) else about["unit_cost"] * rate / WEEKS_PER_YEAR
        return max(float(about["holding_cost_per_week"]) - at_hub, 0.0)

    def _charge(self, kind: str, row: dict[str, Any] | None) -> tuple[float, float]:
        """Handling and recovery of an exit, from its row or else the settings (NaN: none)."""
        if row is not None:
            return float(row["cost"]), float(row["recovery"])
        setting = exit_named(kind).handling
        return float(getattr(self.params.exits, setting)) if setting else 0.0, math.nan

    def landed(self, cell: tuple[str, str]) -> list[tuple[str, float, int]]:
        """Hub, cost and lead of every open lane into a cell, from hubs that hold its item."""
        if cell not in self._landed:
            region, item = cell
            self._landed[cell] = [
                (hub, self.freight(lane, item), lane.lead_days)
                for hub in sorted(self.hubs)
                if self.hub_stock.get((hub, item), 0) > 0
                for lane in self.lanes.get((hub, region), ())
            ]
        return self._landed[cell]

    def origins_of(self, region: str) -> list[str]:
        """Hubs and regions from which some open lane leads into a region."""
        if region not in self._origins:
            places = [*self.hubs, *self.regions]
            self._origins[region] = [each for each in places if (each, region) in self.lanes]
        return self._origins[region]

    def usable(self, cell: tuple[str, str]) -> list[tuple[float, int]]:
        """Cost and lead of those `landed` that come in time and that no lock forbids."""
        return [
            (cost, lead)
            for hub, cost, lead in self.landed(cell)
            if self.in_time(cell, lead) and not self.forbidden(hub, cell)
        ]

    def in_time(self, cell: tuple[str, str], lead: int) -> bool:
        """Whether units that arrive after `lead` days still meet demand of the cell."""
        return lead < self.horizon_days and self.is_open(cell, lead)

    def is_open(self, cell: tuple[str, str], lead: int) -> bool:
        """Whether the assortment has the cell on that day, or before a next plan's units come."""
        spans = (self.assortment or {}).get(cell, [(-math.inf, math.inf)])
        window = 7 * int(self.params.plan.review_weeks)
        return any(lead <= last and first < lead + window for first, last in spans)

    def next_arrival(self, cell: tuple[str, str], lead: int, usual: int) -> int:
        """Day, after an arrival on day `lead`, on which the first units of a later plan come.

        Where the lanes of the calendar bring none within the horizon: the day on which the usual
        lane would. `usual` is the earliest day on which this plan's units come.
        """
        region, item = cell
        hubs = tuple(hub for hub in self.hubs if (hub, item) in self.supplied)
        asked = (region, hubs, lead, usual)
        if asked not in self._next_arrivals:
            self._next_arrivals[asked] = self._next_arrival(*asked)
        return self._next_arrivals[asked]

    def _next_arrival(self, region: str, hubs: tuple[str, ...], lead: int, usual: int) -> int:
        """Answer the same for an item that these hubs hold, or have coming."""
        every = 7 * int(self.params.plan.review_weeks)
        expected = usual + every * (max(lead - usual, 0) // every + 1)
        last, comes = max(expected, self.horizon_days), []
        lanes = [lane for lane in self.ahead.get(region, ()) if lane.hub in hubs]
        for monday in range(every, last + 1, every):
            leads = (lane.earliest(monday) for lane in lanes)
            comes.append(monday + min((days for days in leads if days is not None), default=last))
        return min((day for day in comes if lead < day <= last), default=expected)

    def is_late(self, cell: tuple[str, str]) -> bool:
        """Whether something on its way into a cell may come on another day, or not at all."""
        return any(each.shown != PUNCTUAL for each in self.coming_late(cell))

    def coming_late(self, cell: tuple[str, str]) -> list[Coming]:
        """Rows on their way into a cell, by day, with how late they may be.

        They travel as long as over the cheapest lane there, of equal ones the fastest and surest.
        """
        region, item = cell
        ways = [
            (self.freight(lane, item), lane.days, lane.sd_days)
            for hub in self.hubs
            for lane in self.lanes.get((hub, region), ())
        ]
        announced: dict[int, int] = defaultdict(int)
        for date, units in self.coming.get(cell, ()):
            announced[0 if pd.isna(date) else (date - self.as_of).days] += units
        _, lead, sd_days = min(ways, default=(0.0, -1, 0.0))
        shown = self.shown.get(region, Shown(0.0, sd_days, 1.0))
        rests = tuple(
            sorted(self.closed.get("", frozenset()) | self.closed.get(region, frozenset()))
        )
        return [
            Coming(day, units, max(day, 0) if lead < 0 else lead, shown, rests)
            for day, units in sorted(announced.items())
            if units > 0
        ]

    def forbidden(self, origin: str, cell: tuple[str, str]) -> bool:
        """Whether a lock allows no units from an origin to a cell."""
        region, item = cell
        return any(
            not lock.get("action")
            and lock["region"] in ("", region)
            and lock["item"] in ("", item)
            and lock["origin"] in ("", origin)
            and (lock["kind"] == "forbid" or (lock["kind"] != "at_least" and lock["value"] == 0))
            for lock in self.overrides
        )

    def exit_row(self, kind: str, region: str, item: str) -> dict[str, Any] | None:
        """Find the most specific row of the exits table: region and item, item, region, any."""
        for key in ((region, item), ("", item), (region, ""), ("", "")):
            if (kind, *key) in self.exits:
                return self.exits[kind, *key]
        return None


def close(left: float, right: float, size: float = 1.0) -> bool:
    """Whether two amounts of money agree, relative to the larger of them and `size`."""
    return abs(left - right) <= NEAR * max(abs(left), abs(right), size)


def read_books(
    tables: Mapping[str, pd.DataFrame],
    demand: Any,
    as_of: pd.Timestamp,
    params: Any,
    summary: Mapping[str, Any],
) -> Books:
    """Index the tables by their keys."""
    hubs = {row["hub"]: row for row in rows_of(tables["hubs"])}
    regions = {row["region"]: row for row in rows_of(tables["regions"])}
    every = 7 * int(params.plan.review_weeks)
    handling = float(params.plan.line_handling_cost)
    timetables = read_timetables(tables, hubs, regions, as_of, every, handling)
    stock: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows_of(tables["stock"]):
        stock[row["location"], row["item"]] += int(row["quantity"])
    coming: dict[tuple[str, str], list[tuple[pd.Timestamp, int]]] = defaultdict(list)
    due: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows_of(tables["inbound"]):
        key, day = (row["location"], row["item"]), row["arrival_date"]
        coming[key].append((day, int(row["quantity"])))
        due[key] += int(row["quantity"]) if pd.isna(day) or day <= as_of else 0
    at_hub = {key: units for key, units in stock.items() if key[0] in hubs}
    for key, units in due.items():
        if key[0] in hubs:
            at_hub[key] = at_hub.get(key, 0) + units
    return Books(
        as_of=as_of,
        items={row["item"]: row for row in rows_of(tables["items"])},
        regions=regions,
        hubs=hubs,
        lanes=open_lanes(timetables),
        ahead=lanes_ahead(timetables, hubs),
        hub_stock=at_hub,
        supplied={
            key
            for rows in (
                stock,
                {key: sum(units for _, units in rows) for key, rows in coming.items()},
            )
            for key, units in rows.items()
            if units > 0 and key[0] in hubs
        },
        on_hand={key: units for key, units in stock.items() if key[0] not in hubs},
        coming={key: rows for key, rows in coming.items() if key[0] not in hubs},
        assortment=_open_cells(tables["assortment"], as_of),
        horizon_days=_days_ahead(demand, as_of),
        exits={(row["exit"], row["region"], row["item"]): row for row in rows_of(tables["exits"])},
        overrides=_live(tables["overrides"], as_of),
        params=params,
        relaxed={each["limit"]: float(each["amount"]) for each in summary.get("relaxed", ())},
        shown=shown_at(tables.get("lateness"), as_of),
        closed=closed_days(tables.get("calendar"), as_of),
    )


def _days_ahead(demand: Any, as_of: pd.Timestamp) -> int:
    """Days from the day of the plan to the end of the demand's last week."""
    start = np.datetime64(as_of, "D") - np.datetime64(demand.weeks[0], "D")
    return 7 * len(demand.weeks) - int(start.astype(np.int64))


def read_lines(lines: pd.DataFrame) -> list[Line]:
    """Read the plan's rows."""
    names = [each.name for each in fields(Line) if each.name in lines.columns]
    return [Line(**row) for row in rows_of(lines[names])]


def arrivals_of(books: Books, lines: list[Line]) -> dict[tuple[str, str], dict[int, int]]:
    """Days to the arrival of every unit sent, by cell and rank.

    Ranks follow what is kept of the units on hand; the earliest arrival takes the lowest.
    """
    leads: dict[tuple[str, str], list[int]] = defaultdict(list)
    gone: dict[tuple[str, str], int] = defaultdict(int)
    days = {date: (date - books.as_of).days for date in {line.arrival_date for line in lines}}
    for line in lines:
        if line.action in INTO_REGION:
            lead = [days[line.arrival_date]] * max(line.quantity, 0)
            leads[line.destination, line.item].extend(lead)
        if line.action in OUT_OF_REGION:
            gone[line.origin, line.item] += line.quantity
    return {
        cell: dict(enumerate(sorted(sent), 1 + books.on_hand.get(cell, 0) - gone.get(cell, 0)))
        for cell, sent in leads.items()
    }


def _open_cells(
    assortment: pd.DataFrame, as_of: pd.Timestamp
) -> dict[tuple[str, str], list[tuple[float, float]]] | None:
    """First and last days of the assortment's windows that are not over; None without a table."""
    if assortment.empty:
        return None
    spans: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in rows_of(assortment):
        first, last = span_of(row, as_of)
        if last >= 0:
            spans[row["region"], row["item"]].append((first, last))
    return dict(spans)


def _live(overrides: pd.DataFrame, as_of: pd.Timestamp) -> list[dict[str, Any]]:
    """Keep the overrides that have not expired."""
    return [row for row in rows_of(overrides) if pd.isna(row["expires"]) or row["expires"] >= as_of]
