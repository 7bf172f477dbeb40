"""When lanes leave and arrive, as the audit reads it from the tables, in plain Python."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

__all__ = [
    "Lane",
    "LaneAhead",
    "RowTimes",
    "closed_days",
    "lanes_ahead",
    "number_of",
    "open_lanes",
    "read_timetables",
    "rows_of",
    "span_of",
]

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""how the name of a weekday begins"""
CLOSED = ("closed", "closure")
"""how an event begins that closes the docks of its place"""


@dataclass(frozen=True)
class Lane:
    """A departure of this plan: all rows of one pair with the same terms and departures."""

    cost_per_unit: float
    cost_per_kg: float
    lead_days: int
    """days from the day of the plan to arrival"""
    capacity: float
    """of all departures of its row together"""
    offset: int = 0
    """days from the day of the plan to leaving"""
    row: int = 0
    """among the rows of its pair: departures of one row share its capacity"""
    vehicle_cost: float = 0.0
    vehicle_capacity: float = math.inf
    vehicle_kg: float = math.inf
    line_cost: float = 0.0
    sd_days: float = 0.0
    travels: int = 0
    """days from leaving to the dock where these are drawn, else 0"""
    closed: tuple[int, ...] = ()
    """days from the day of the plan on which the dock there rests, where arrivals are drawn"""
    number: int = 0
    """among the lanes of its places and days, from 1; 0 where a unit's cost tells them apart"""

    @property
    def days(self) -> int:
        """Days from leaving to arrival; where these are drawn, to the dock, be it open or not."""
        return self.travels if self.sd_days > 0.0 else self.lead_days - self.offset


@dataclass(frozen=True)
class RowTimes:
    """A row of the `lanes` table and when it leaves."""

    row: Mapping[str, Any]
    first: float
    """first day it runs, from the day of the plan"""
    last: float
    weekdays: frozenset[int]
    """weekdays it leaves on, Monday 0; none: any"""
    waits: bool
    """whether a limit by the day may make units wait for another day"""
    closed: tuple[frozenset[int], frozenset[int]]
    """days from the day of the plan on which its origin and its destination rest"""
    weekday: int
    """of the day of the plan, Monday 0"""
    every: int
    """days from one plan to the next"""

    def departures(self, plan: int) -> list[tuple[int, int]]:
        """Days from a plan to leaving and to arrival, of each departure that belongs to it.

        Parameters
        ----------
        plan
            Day of that plan, from the day of this one.
        """
        no_exit, no_entry = self.closed
        found = []
        for leaves in range(plan, plan + self.every):
            named = not self.weekdays or (self.weekday + leaves) % 7 in self.weekdays
            if not named or leaves in no_exit:
                continue
            arrives = leaves + int(self.row["lead_time_days"])
            while arrives in no_entry:
                arrives += 1
            if self.first <= leaves <= self.last:
                found.append((leaves - plan, arrives - plan))
            if not self.weekdays and not self.waits:
                break  # the first working day alone
        return found


@dataclass(frozen=True)
class LaneAhead:
    """A lane from a hub, now or later."""

    hub: str
    times: RowTimes
    _known: dict[int, int | None] = field(default_factory=dict, compare=False)
    """what `earliest` was asked before"""

    def earliest(self, plan: int) -> int | None:
        """Least days from a plan to an arrival; None where it does not run for that plan."""
        if plan not in self._known:
            leads = [lead for _, lead in self.times.departures(plan)]
            self._known[plan] = min(leads, default=None)
        return self._known[plan]


def read_timetables(
    tables: Mapping[str, pd.DataFrame],
    hubs: Mapping[str, Mapping[str, Any]],
    regions: Mapping[str, Mapping[str, Any]],
    as_of: pd.Timestamp,
    every: int,
    handling: float = 0.0,
) -> list[RowTimes]:
    """Read when each row of `lanes` leaves; handling of a line is paid beside its `line_cost`."""
    closed = closed_days(tables.get("calendar"), as_of)
    limited = {hub for hub, row in hubs.items() if _is_limited(row.get("picking_units"))}
    limited |= {name for name, row in regions.items() if _is_limited(row.get("receiving_units"))}
    found = []
    for stated in rows_of(tables["lanes"]):
        row, ends = stated, (stated["origin"], stated["destination"])
        if handling and ends[1] in regions:
            row = {**stated, "line_cost": number_of(stated.get("line_cost"), 0.0) + handling}
        # picking is of hubs that send, receiving of regions that take in
        waits = (ends[0] in limited and ends[0] in hubs) or (
            ends[1] in limited and ends[1] in regions
        )
        rests = tuple(closed[""] | closed[end] for end in ends)
        times = *span_of(row, as_of), _weekdays(row.get("departs"))
        found.append(RowTimes(row, *times, waits, (rests[0], rests[1]), as_of.weekday(), every))
    return found


def open_lanes(timetables: list[RowTimes]) -> dict[tuple[str, str], list[Lane]]:
    """Departures of this plan; rows with the same terms and departures carry together."""
    capacity: dict[tuple[str, str], dict[tuple[Any, ...], list[float]]] = defaultdict(dict)
    for times in timetables:
        row, leaves = times.row, tuple(times.departures(0))
        terms = (
            leaves,
            row["cost_per_unit"],
            row["cost_per_kg"],
            number_of(row.get("vehicle_cost"), 0.0),
            number_of(row.get("vehicle_capacity"), math.inf),
            number_of(row.get("vehicle_kg"), math.inf),
            number_of(row.get("line_cost"), 0.0),
            *_drawn(times),
        )
        if leaves:
            together = capacity[row["origin"], row["destination"]]
            together.setdefault(terms, []).append(row["capacity"])
    return {ends: _lanes_of(together) for ends, together in capacity.items()}


def _drawn(times: RowTimes) -> tuple[float, int, tuple[int, ...]]:
    """Spread of a row's arrivals, and where there is one its days and when the dock there rests."""
    sd_days = number_of(times.row.get("lead_time_sd_days"), 0.0)
    if sd_days <= 0.0:
        return 0.0, 0, ()
    return sd_days, int(times.row["lead_time_days"]), tuple(sorted(times.closed[1]))


def _lanes_of(together: Mapping[tuple[Any, ...], list[float]]) -> list[Lane]:
    """Lanes of one pair, by day of arrival, of leaving, and by what they cost."""
    found = [
        (lead, offset, row, terms)
        for row, terms in enumerate(sorted(together))
        for offset, lead in terms[0]
    ]
    return _numbered(
        [
            Lane(terms[1], terms[2], lead, math.fsum(together[terms]), offset, row, *terms[3:])
            for lead, offset, row, terms in sorted(found)
        ],
        [terms[0] for terms in sorted(together)],
    )


def _numbered(lanes: list[Lane], departures: list[tuple[tuple[int, int], ...]]) -> list[Lane]:
    """Number lanes of the same days, by what they charge and when else their row leaves.

    Only where vehicles, lines or late arrivals keep a line's cost from telling which one it is on.
    """
    alike: dict[tuple[int, int], list[Lane]] = defaultdict(list)
    for lane in lanes:
        alike[lane.offset, lane.lead_days].append(lane)
    number: dict[tuple[int, int], int] = {}
    for group in alike.values():
        charges = any(each.vehicle_cost or each.line_cost or each.sd_days for each in group)
        if len(group) > 1 and charges:
            ranked = sorted(group, key=lambda each: _terms(each, departures[each.row]))
            number |= {(each.offset, each.row): nth for nth, each in enumerate(ranked, 1)}
    return [replace(each, number=number.get((each.offset, each.row), 0)) for each in lanes]


def _terms(lane: Lane, departures: tuple[tuple[int, int], ...]) -> tuple[Any, ...]:
    """Return what ranks lanes of the same places and days."""
    money = lane.cost_per_unit, lane.cost_per_kg, lane.vehicle_cost
    sizes = lane.vehicle_capacity, lane.vehicle_kg, lane.line_cost, lane.sd_days
    days = [leaves for leaves, _ in departures], [arrives for _, arrives in departures]
    return *money, *sizes, *days, lane.travels


def lanes_ahead(timetables: list[RowTimes], hubs: Mapping[str, Any]) -> dict[str, list[LaneAhead]]:
    """Lanes from hubs, now or later, by region."""
    ahead: dict[str, list[LaneAhead]] = defaultdict(list)
    for times in timetables:
        if times.row["origin"] in hubs:
            ahead[times.row["destination"]].append(LaneAhead(times.row["origin"], times))
    return dict(ahead)


def closed_days(calendar: pd.DataFrame | None, as_of: pd.Timestamp) -> dict[str, frozenset[int]]:
    """Days from the day of the plan on which the docks of a place rest; '' names every place."""
    days: dict[str, set[int]] = defaultdict(set)
    for row in [] if calendar is None else rows_of(calendar):
        if str(row["event"]).strip().lower().startswith(CLOSED):
            place = row.get("region", "")
            days["" if pd.isna(place) else place].add((row["date"] - as_of).days)
    found = {place: frozenset(each) for place, each in days.items()}
    return defaultdict(frozenset, found)


def _weekdays(text: Any) -> frozenset[int]:
    """Weekdays that a text names, Monday 0; none for a blank."""
    words = re.split(r"[\s,;]+", "" if text is None or pd.isna(text) else str(text).lower())
    return frozenset(WEEK.index(word[:3]) for word in words if word)


def _is_limited(value: Any) -> bool:
    return number_of(value, math.inf) < math.inf


def number_of(value: Any, blank: float) -> float:
    """Return a number that may be absent or blank."""
    return blank if value is None or pd.isna(value) else float(value)


def span_of(row: Mapping[str, Any], as_of: pd.Timestamp) -> tuple[float, float]:
    """First and last day of a row with `from` and `to`, from the day of the plan."""
    first = -math.inf if pd.isna(row["from"]) else (row["from"] - as_of).days
    last = math.inf if pd.isna(row["to"]) else (row["to"] - as_of).days
    return first, last


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as plain Python values."""
    columns = {str(name): frame[name].tolist() for name in frame.columns}
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
