"""The tables of a shipping network read anew, as plain dictionaries: no code of the product.

Defaults are those of docs/tables.md and docs/settings.md. Days are counted from `as_of`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tests.optimize.independent.arrival import Law, arrival_law

__all__ = ["Cell", "Exit", "Lane", "Lock", "Market", "Settings", "read_market"]

Key = tuple[str, str]
Paths = npt.NDArray[np.int64]

EXITS = {
    "redirect": "region",
    "markdown": "",
    "return": "hub",
    "give_away": "",
    "donate": "",
    "liquidate": "",
}
"""every exit, and the kind of place it leads to"""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USUAL_EXITS = ("redirect", "markdown", "return", "give_away")


@dataclass(frozen=True)
class Settings:
    """The settings that the mathematics reads, with the defaults of docs/settings.md."""

    holding_rate_per_year: float = 0.25
    lost_sale_share: float = 0.04
    lost_sale_share_per_day: float | None = None
    obsolescence_per_year: float = 0.0
    allowed: tuple[str, ...] = USUAL_EXITS
    markdown_share: float = 0.3
    return_handling: float = 0.5
    redirect_handling: float = 0.0
    recovery_share: float = 0.0
    risk_level: float = 0.95
    risk_budget: float | None = None
    risk_horizon_weeks: int = 4
    review_weeks: int = 1
    hub_refill_weeks: int = 1
    minimum_line_quantity: int = 1
    freight_budget: float | None = None
    stock_value_budget: float | None = None
    minimum_line_gain: float = 0.0
    change_cost: float = 0.0
    gap: float = 1e-4
    integer_program_units: int = 2000


@dataclass(frozen=True)
class Lane:
    """One row of `lanes`."""

    origin: str
    destination: str
    cost_per_unit: float
    cost_per_kg: float
    lead: int
    capacity: float
    direct_cost: float
    direct_days: float
    """that a parcel takes; NaN where it is not said"""
    first: float
    last: float
    row: int = 0
    """position in the table: departures of a row share its capacity"""
    departs: frozenset[int] = frozenset()
    """weekdays, Monday 0; none: the first on which the dock works"""
    offset: int = 0
    """days from the day of its plan to leaving; `lead` counts from that day too"""
    vehicle_cost: float = 0.0
    vehicle_volume: float = math.inf
    vehicle_kg: float = math.inf
    line_cost: float = 0.0
    sd: float = 0.0
    """of the days to arrival"""
    travel: int = 0
    """days on the way, docks aside"""
    rests: frozenset[int] = frozenset()
    """days on which the dock takes nothing in, from the day of its plan"""

    @property
    def parcel_days(self) -> float:
        """Days of a parcel, more than any where they are not said."""
        return math.inf if math.isnan(self.direct_days) else self.direct_days

    def is_open(self, day: int) -> bool:
        """Whether a unit may leave on that day."""
        return self.first <= day <= self.last

    @property
    def law(self) -> Law:
        """Days of arrival from the day of its plan, and the chance of each."""
        drawn = arrival_law(self.travel, self.sd)
        if drawn == ((self.travel, 1.0),):
            return ((self.lead, 1.0),)
        found: dict[int, float] = {}
        for day, chance in drawn:
            comes = next_open(self.offset + day, self.rests)
            found[comes] = found.get(comes, 0.0) + chance
        return tuple(sorted(found.items()))


@dataclass(frozen=True)
class Exit:
    """One row of `exits`; a blank item or region means any."""

    kind: str
    item: str
    region: str
    cost: float
    recovery: float
    capacity: float
    delay_weeks: float


@dataclass(frozen=True)
class Lock:
    """One row of `overrides` that still holds."""

    kind: str
    value: float
    region: str
    item: str
    origin: str

    @property
    def at_least(self) -> float:
        """Fewest units."""
        return self.value if self.kind in ("fix", "at_least") else 0.0

    @property
    def at_most(self) -> float:
        """Most units."""
        return {"forbid": 0.0, "at_least": math.inf}.get(self.kind, self.value)


@dataclass(frozen=True)
class Cell:
    """One region and item: what lies there, what comes, when it may be stocked."""

    region: str
    item: str
    on_hand: int
    coming: tuple[tuple[int, int], ...]
    """(day, units)"""
    windows: tuple[tuple[float, float], ...]
    """first and last days, in order"""
    stocked: bool
    paths: Paths
    """demand by day and scenario, shape (days, S)"""

    @property
    def key(self) -> Key:
        """Region and item."""
        return self.region, self.item

    def admits(self, day: int, length: int) -> bool:
        """Whether the assortment is open on some day of the `length` days from `day` on."""
        return any(first < day + length and day <= last for first, last in self.windows)

    def last_day_after(self, day: int) -> float:
        """Last day of the window open on `day`, else of the next one, else of the last."""
        ahead = [last for _, last in self.windows if last >= day]
        return ahead[0] if ahead else self.windows[-1][1]


@dataclass(frozen=True)
class Market:
    """Everything that a plan is made from."""

    settings: Settings
    items: Mapping[str, Mapping[str, float]]
    regions: Mapping[str, Mapping[str, float]]
    hubs: tuple[str, ...]
    lanes: tuple[Lane, ...]
    exits: tuple[Exit, ...]
    locks: tuple[Lock, ...]
    cells: Mapping[Key, Cell]
    hub_stock: Mapping[Key, int]
    """(hub, item): units that may leave today"""
    hub_inbound: Mapping[Key, tuple[tuple[int, int], ...]]
    """(hub, item): (day, units) still to come"""
    days: int
    scenarios: int
    weekday: int = 0
    """of `as_of`, Monday 0"""
    closed: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """days on which the docks of a place rest"""
    picking: Mapping[str, float] = field(default_factory=dict)
    """units that a hub may send on one day"""
    hub_rates: Mapping[str, float] = field(default_factory=dict)
    """share of unit cost a year that holding costs at a hub"""
    ahead: Mapping[tuple[str, int], float] = field(default_factory=dict)
    """what later plans pay for a scarce limit, as told: (limit, plan)"""
    cells_of: Mapping[str, list[Cell]] = field(default_factory=dict)
    """cells by item, in order of region"""
    floored: frozenset[Key] = frozenset()
    """cells into which a policy's floor asks for units"""

    def lanes_between(self, origins: Any, destinations: Any, day: int = 0) -> list[Lane]:
        """Departures of the plan of a day from one set of places to another: all are choices."""
        return [
            departure
            for lane in self.lanes
            if lane.origin in origins and lane.destination in destinations
            for departure in self.departures(lane, day)
        ]

    def departures(self, lane: Lane, plan: int) -> list[Lane]:
        """When a row leaves until the next review, and when what leaves is taken in (P28)."""
        rests = self.closed.get(lane.origin, frozenset())
        days = [
            day
            for day in range(plan, plan + 7 * self.settings.review_weeks)
            if day not in rests and (not lane.departs or (self.weekday + day) % 7 in lane.departs)
        ]
        by_day = math.isfinite(self.picking.get(lane.origin, math.inf)) or (
            math.isfinite(self.regions.get(lane.destination, {}).get("receiving", math.inf))
        )
        if not lane.departs and not by_day:
            days = days[:1]
        takes = self.closed.get(lane.destination, frozenset())
        return [
            replace(
                lane,
                offset=day - plan,
                lead=next_open(day + lane.lead, takes) - plan,
                travel=lane.lead,
                rests=frozenset(each - plan for each in takes),
            )
            for day in days
            if lane.is_open(day)
        ]

    def stock_of(self, item: str) -> dict[str, int]:
        """Units of an item at every hub."""
        return {hub: self.hub_stock.get((hub, item), 0) for hub in self.hubs}

    def parcels(self) -> dict[Key, float]:
        """(hub, region): parcel cost by the lanes open today, else by any of the pair."""
        return {pair: row.direct_cost for pair, row in self._parcel_rows().items()}

    def _parcel_rows(self) -> dict[Key, Lane]:
        """(hub, region): the row that tells what a parcel costs, and how long it takes."""
        found: dict[Key, Lane] = {}
        pairs = {(lane.origin, lane.destination) for lane in self.lanes if lane.origin in self.hubs}
        for hub, region in pairs:
            rows = [row for row in self.lanes if (row.origin, row.destination) == (hub, region)]
            lanes = [row for row in rows if row.is_open(0)] or rows
            found[hub, region] = min(lanes, key=lambda lane: (lane.direct_cost, lane.parcel_days))
        return found

    def lost(self, region: str, item: str) -> float:
        """Share of buyers who do not wait for a parcel (equation 34)."""
        stated, per_day = self.items[item]["lost"], self.settings.lost_sale_share_per_day
        if not math.isnan(stated):
            return stated
        rows = [row for (_, place), row in self._parcel_rows().items() if place == region]
        cheapest = min(rows, key=lambda row: (row.direct_cost, row.origin), default=None)
        if per_day is None or cheapest is None or math.isnan(cheapest.direct_days):
            return self.settings.lost_sale_share
        return 1.0 - (1.0 - per_day) ** cheapest.direct_days

    def holding(self, region: str, item: str) -> float:
        """What a week in a region costs more than one at the hub of its cheapest lane (35)."""
        facts = self.items[item]
        at_hub = facts["hub_holding"]
        if math.isnan(at_hub):
            lanes = self.lanes_between(set(self.hubs), {region})
            cheapest = min(
                lanes, key=lambda lane: (self.freight(lane, item), lane.origin), default=None
            )
            rate = 0.0 if cheapest is None else self.hub_rates.get(cheapest.origin, 0.0)
            at_hub = rate * facts["unit_cost"] / 52.0
        return max(0.0, facts["holding"] - at_hub)

    def freight(self, lane: Lane, item: str) -> float:
        """Cost of a unit on a lane."""
        return lane.cost_per_unit + lane.cost_per_kg * self.items[item]["weight_kg"]

    def dearer(self, lane: Lane, item: str, plan: int) -> float:
        """What a unit of a later plan pays for scarce room (equation 33)."""
        told = self.ahead
        by_volume = told.get((f"lane {lane.origin} -> {lane.destination}", plan), 0.0)
        by_unit = told.get((f"picking at {lane.origin}", plan), 0.0)
        by_unit += told.get((f"receiving at {lane.destination}", plan), 0.0)
        return by_volume * self.items[item]["volume"] + by_unit

    def lying(self, region: str, item: str, plan: int) -> float:
        """What a unit pays for scarce storage from that plan to the next (equation 33a)."""
        price = self.ahead.get((f"storage of {region}", plan), 0.0)
        return price * self.items[item]["volume"]

    def exit_row(self, kind: str, region: str, item: str) -> Exit | None:
        """Most specific row of an exit: item and region, item, region, any."""
        for wanted in ((item, region), (item, ""), ("", region), ("", "")):
            for row in self.exits:
                if row.kind == kind and (row.item, row.region) == wanted:
                    return row
        return None

    def exit_cost(self, row: Exit, region: str, item: str) -> float:
        """Cost of an exit of a region beside its lane, less what it recovers (equation 5)."""
        facts, settings = self.items[item], self.settings
        cost = row.cost + self.holding(region, item) * row.delay_weeks
        gone = EXITS[row.kind] == "" and row.kind != "markdown"
        recovery = row.recovery
        if math.isnan(recovery):
            recovery = settings.recovery_share * facts["unit_cost"] if gone else 0.0
        if row.kind == "markdown":
            cost += settings.markdown_share * facts["price"]
        if gone:
            cost += facts["unit_cost"]
        return cost - recovery


def next_open(day: int, rests: frozenset[int]) -> int:
    """First day from that one on which a dock works."""
    while day in rests:
        day += 1
    return day


def _or(value: Any, default: float) -> float:
    """Return a number, or the default where the cell is blank."""
    return default if value is None or pd.isna(value) else float(value)


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _rows(tables: Mapping[str, pd.DataFrame], name: str) -> list[dict[str, Any]]:
    return tables[name].to_dict("records") if name in tables else []


def _day(value: Any, as_of: pd.Timestamp, default: float) -> float:
    return default if value is None or pd.isna(value) else (pd.Timestamp(value) - as_of).days


def read_market(
    tables: Mapping[str, pd.DataFrame],
    daily: Mapping[Key, Paths],
    as_of: pd.Timestamp,
    settings: Settings,
) -> Market:
    """Read frames of the contract and the demand of every day.

    Parameters
    ----------
    daily
        Demand of each cell by day and scenario, shape (days, S).
    """
    days, scenarios = next(iter(daily.values())).shape
    items = {row["item"]: _item(row, settings) for row in _rows(tables, "items")}
    regions = {
        row["region"]: {
            "capacity": _or(row.get("capacity"), math.inf),
            "last_mile": _or(row.get("last_mile_cost"), 0.0),
            "receiving": _or(row.get("receiving_units"), math.inf),
        }
        for row in _rows(tables, "regions")
    }
    hubs = tuple(sorted(row["hub"] for row in _rows(tables, "hubs")))
    stock, coming = _stock_and_inbound(tables, as_of)
    cells = _cells(tables, daily, as_of, regions, stock, coming, np.zeros((days, scenarios), int))
    here = {
        key: stock.get(key, 0) + sum(units for day, units in coming.get(key, []) if day == 0)
        for key in stock.keys() | coming.keys()
        if key[0] in hubs
    }
    cells_of: dict[str, list[Cell]] = {item: [] for item in items}
    for key in sorted(cells):
        cells_of[key[1]].append(cells[key])
    return Market(
        settings=settings,
        items=items,
        regions=regions,
        hubs=hubs,
        lanes=tuple(_lane(at, row, as_of) for at, row in enumerate(_rows(tables, "lanes"))),
        exits=_exits(tables, settings),
        locks=_locks(tables, as_of),
        cells=cells,
        hub_stock={key: units for key, units in here.items() if units > 0},
        hub_inbound={
            key: tuple((day, units) for day, units in rows if day > 0)
            for key, rows in coming.items()
            if key[0] in hubs
        },
        days=days,
        scenarios=scenarios,
        weekday=as_of.weekday(),
        closed=_closed(tables, as_of, [*hubs, *regions]),
        picking={
            row["hub"]: _or(row.get("picking_units"), math.inf) for row in _rows(tables, "hubs")
        },
        hub_rates={
            row["hub"]: _or(row.get("holding_rate_per_year"), 0.0) for row in _rows(tables, "hubs")
        },
        cells_of=cells_of,
    )


def _item(row: Mapping[str, Any], settings: Settings) -> dict[str, float]:
    """Facts of an item; its margin is net of what customers send back (equation 4a)."""
    cost, price = float(row["unit_cost"]), float(row["price"])
    back = _or(row.get("customer_return_share"), 0.0) * price
    weekly = cost * settings.holding_rate_per_year / 52.0
    return {
        "price": price,
        "unit_cost": cost,
        "margin": price - cost - back,
        "volume": _or(row.get("volume"), 1.0),
        "weight_kg": _or(row.get("weight_kg"), 0.0),
        "pack": int(_or(row.get("pack_size"), 1)),
        "holding": _or(row.get("holding_cost_per_week"), weekly),
        "hub_holding": _or(row.get("hub_holding_cost_per_week"), math.nan),
        "lost": _or(row.get("lost_sale_share"), math.nan),
    }


def _lane(at: int, row: Mapping[str, Any], as_of: pd.Timestamp) -> Lane:
    cost = float(row["cost_per_unit"])
    return Lane(
        origin=row["origin"],
        destination=row["destination"],
        cost_per_unit=cost,
        cost_per_kg=_or(row.get("cost_per_kg"), 0.0),
        lead=int(row["lead_time_days"]),
        capacity=_or(row.get("capacity"), math.inf),
        direct_cost=_or(row.get("direct_cost"), cost),
        direct_days=_or(row.get("direct_days"), math.nan),
        first=_day(row.get("from"), as_of, -math.inf),
        last=_day(row.get("to"), as_of, math.inf),
        row=at,
        departs=frozenset(DAYS.index(word[:3].lower()) for word in _words(row.get("departs"))),
        vehicle_cost=_or(row.get("vehicle_cost"), 0.0),
        vehicle_volume=_or(row.get("vehicle_capacity"), math.inf),
        vehicle_kg=_or(row.get("vehicle_kg"), math.inf),
        line_cost=_or(row.get("line_cost"), 0.0),
        sd=_or(row.get("lead_time_sd_days"), 0.0),
    )


def _words(value: Any) -> list[str]:
    return _text(value).replace(",", " ").replace(";", " ").split()


def _closed(
    tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp, places: list[str]
) -> dict[str, frozenset[int]]:
    """Days on which each place takes nothing in and sends nothing; a blank is every place."""
    found: dict[str, set[int]] = {place: set() for place in places}
    for row in _rows(tables, "calendar"):
        if _text(row["event"]).strip().lower().startswith(("closed", "closure")):
            for place in [_text(row.get("region"))] if _text(row.get("region")) else places:
                found[place].add(int(_day(row["date"], as_of, 0)))
    return {place: frozenset(days) for place, days in found.items()}


def _exits(tables: Mapping[str, pd.DataFrame], settings: Settings) -> tuple[Exit, ...]:
    """Rows of `exits`, or the exits of the settings where there is no table."""
    rows = _rows(tables, "exits")
    if rows:
        return tuple(
            Exit(
                row["exit"],
                _text(row.get("item")),
                _text(row.get("region")),
                _or(row.get("cost"), 0.0),
                _or(row.get("recovery"), 0.0),
                _or(row.get("capacity"), math.inf),
                _or(row.get("delay_weeks"), 0.0),
            )
            for row in rows
        )
    handling = {"return": settings.return_handling, "redirect": settings.redirect_handling}
    return tuple(
        Exit(kind, "", "", handling.get(kind, 0.0), math.nan, math.inf, 0.0)
        for kind in settings.allowed
    )


def _locks(tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp) -> tuple[Lock, ...]:
    return tuple(
        Lock(
            row["kind"],
            float(row["value"]),
            _text(row.get("region")),
            _text(row.get("item")),
            _text(row.get("origin")),
        )
        for row in _rows(tables, "overrides")
        if pd.Timestamp(row["expires"]) >= as_of
    )


def _stock_and_inbound(
    tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp
) -> tuple[dict[Key, int], dict[Key, list[tuple[int, int]]]]:
    stock: dict[Key, int] = {}
    for row in _rows(tables, "stock"):
        key = row["location"], row["item"]
        stock[key] = stock.get(key, 0) + int(row["quantity"])
    coming: dict[Key, list[tuple[int, int]]] = {}
    for row in _rows(tables, "inbound"):
        day = max(0, int(_day(row["arrival_date"], as_of, 0)))
        if row["quantity"]:
            coming.setdefault((row["location"], row["item"]), []).append(
                (day, int(row["quantity"]))
            )
    return stock, coming


def _cells(
    tables: Mapping[str, pd.DataFrame],
    daily: Mapping[Key, Paths],
    as_of: pd.Timestamp,
    regions: Mapping[str, Any],
    stock: Mapping[Key, int],
    coming: Mapping[Key, list[tuple[int, int]]],
    nothing: Paths,
) -> dict[Key, Cell]:
    """Cells of the assortment, else of the demand, and all with stock or inbound."""
    rows = _rows(tables, "assortment")
    windows: dict[Key, list[tuple[float, float]]] = {}
    for row in rows:
        window = _day(row.get("from"), as_of, -math.inf), _day(row.get("to"), as_of, math.inf)
        windows.setdefault((row["region"], row["item"]), []).append(window)
    chosen = set(windows) if rows else set(daily)
    held = {key for key in (*stock, *coming) if key[0] in regions}
    held = {key for key in held if stock.get(key, 0) > 0 or coming.get(key)}
    cells = {}
    for key in chosen | held:
        mine = _merged(windows.get(key, [(-math.inf, math.inf)]))
        cells[key] = Cell(
            region=key[0],
            item=key[1],
            on_hand=stock.get(key, 0),
            coming=tuple(sorted(coming.get(key, []))),
            windows=mine,
            stocked=key in chosen and mine[-1][1] >= 0,
            paths=np.asarray(daily.get(key, nothing)),
        )
    return cells


def _merged(windows: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Windows in order, those joined that overlap or touch."""
    found: list[tuple[float, float]] = []
    for first, last in sorted(windows):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return tuple(found)
