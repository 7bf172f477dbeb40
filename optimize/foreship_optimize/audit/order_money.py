"""What an order earns from its region and from hubs, told by the audit from the tables alone."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from foreship_foundation.actions import exit_names
from foreship_optimize.audit.books import Books, Lane
from foreship_optimize.audit.past_orders import PastOrder

__all__ = ["OrderMoney", "read_order_money"]

WEEKS_PER_YEAR = 52.0


@dataclass(frozen=True)
class OrderMoney:
    """Tariffs, hubs that can serve, and what a unit in a region is worth at the next review."""

    books: Books
    parcels: dict[tuple[str, str], tuple[float, float]]
    """first and further unit of a parcel, by (hub, region)"""
    deliveries: dict[str, tuple[float, float]]
    """first and further unit of a delivery from the region's own stock"""
    holds: dict[str, set[str]]
    """items that each hub serves: it has them, or where no hub has, it will before the next
    review"""
    ways: dict[str, list[tuple[str, Mapping[str, Any], int]]]
    """departures into each region of the next plan: hub, row of `lanes`, days to arrival"""
    lanes_back: dict[str, list[Lane]]
    """lanes of each region to hubs"""
    cells: dict[tuple[str, str], bool]
    """region and item of every cell of the plan, and whether new units may come there"""
    closing: float
    """weekly chance that a cell closes without notice"""
    days_saved: dict[str, float] = field(default_factory=dict)
    """days that the cheapest parcel into each region takes, where `lanes` says it"""
    _worth: dict[tuple[str, str], float] = field(default_factory=dict)
    """what `worth` was asked before"""

    def net_saving(self, order: PastOrder) -> float:
        """What serving the whole order there earns beyond its units' worth, s^ [money].

        -inf where its region cannot have it whole, for a line is no cell of the plan.
        """
        if any((order.region, item) not in self.cells for item in order.units):
            return -math.inf
        margin = math.fsum(self._margin(item) * units for item, units in order.units.items())
        there = margin - _cost(self.deliveries[order.region], order.size)
        saving = there - (1.0 - self._impatience(order)) * self.earned_from_hubs(order)
        return saving - math.fsum(
            units * self.worth((order.region, item)) for item, units in order.units.items()
        )

    def earned_from_hubs(self, order: PastOrder) -> float:
        """Margin of what hubs have of the order, less its parcels: A [money].

        Of hubs that have all that is left the cheapest, else the one that has most of it, sends a
        parcel; then the rest goes in the same way.
        """
        left, earned = dict(order.units), 0.0
        while left:
            offers = [
                (-sum(part.values()), _cost(tariff, sum(part.values())), hub, part)
                for hub, tariff in self._parcels_to(order.region)
                if (part := {item: n for item, n in left.items() if item in self.holds[hub]})
            ]
            if not offers:
                break
            _, price, _, part = min(offers, key=lambda each: each[:3])
            earned += math.fsum(self._margin(item) * n for item, n in part.items()) - price
            left = {item: n for item, n in left.items() if item not in part}
        return earned

    def worth(self, cell: tuple[str, str]) -> float:
        """Retained value w of a unit there: what the next plan's would cost, 0 without [money]."""
        if cell not in self._worth:
            landed = self._landed_next(cell) if self.cells.get(cell) else math.inf
            self._worth[cell] = landed if math.isfinite(landed) else 0.0
        return self._worth[cell]

    def dearer(self, cell: tuple[str, str]) -> float:
        """What a unit sent now costs beyond its worth if no order takes it; inf without a lane."""
        if not self.cells.get(cell):
            return math.inf
        horizon = self.books.horizon_days
        costs = [cost for _, cost, lead in self.books.landed(cell) if lead < horizon]
        return max(min(costs, default=math.inf) - self.worth(cell), 0.0)

    def _landed_next(self, cell: tuple[str, str]) -> float:
        """Cheapest landed cost of a next plan's unit, equation 7; inf where none can come."""
        (region, item), landed = cell, math.inf
        leaving = self.exit_cost(cell)
        about = self.books.items[item]
        for hub, row, lead in self.ways.get(region, ()):
            if (hub, item) in self.books.supplied:
                cost = row["cost_per_unit"] + row["cost_per_kg"] * about["weight_kg"]
                cost += _in_full_vehicles(row, about)
                closes = 1.0 - (1.0 - self.closing) ** (lead / 7.0)
                landed = min(landed, max((cost + closes * leaving) / (1.0 - closes), -leaving))
        return landed

    def exit_cost(self, cell: tuple[str, str]) -> float:
        """Cheapest exit of a unit there but a redirect; its cost where it has none: equation 5."""
        region, item = cell
        back = [self.books.freight(lane, item) for lane in self.lanes_back.get(region, ())]
        ways = {name: min(back, default=math.inf) for name in exit_names(destination="hub")}
        ways |= dict.fromkeys(exit_names(destination=""), 0.0)
        costs = [(self.books.exit_cost(name, region, item), lane) for name, lane in ways.items()]
        known = [cost + lane for cost, lane in costs if cost is not None and math.isfinite(lane)]
        return min(known, default=float(self.books.items[item]["unit_cost"]))

    def _margin(self, item: str) -> float:
        return float(self.books.items[item]["margin"])

    def _impatience(self, order: PastOrder) -> float:
        """Chance that the buyer does not wait: the mean over the units."""
        lost = (units * self._lost_share(order.region, i) for i, units in order.units.items())
        return math.fsum(lost) / order.size

    def _lost_share(self, region: str, item: str) -> float:
        """Share lost without the item there: as stated, else by the days saved, else the usual."""
        about = self.books.items[item]
        per_day = getattr(self.books.params.economics, "lost_sale_share_per_day", None)
        days = self.days_saved.get(region, math.nan)
        if per_day is None or about.get("lost_sale_share_stated", True) or math.isnan(days):
            return float(about["lost_sale_share"])
        return float(1.0 - (1.0 - per_day) ** days)

    def _parcels_to(self, region: str) -> list[tuple[str, tuple[float, float]]]:
        return [(hub, tariff) for (hub, to), tariff in self.parcels.items() if to == region]


def read_order_money(
    books: Books, tables: Mapping[str, pd.DataFrame], demand: Any, obsolescence: float
) -> OrderMoney:
    """Read the tariffs of orders.

    Parameters
    ----------
    tables
        Filled and typed, `direct_further` and `last_mile_further` too.
    demand
        Scenarios with arrays `region` and `item`, (C,).
    obsolescence
        Chance a year that a cell closes without notice, where the settings do not state it.
    """
    stated = books.params.economics.obsolescence_per_year
    yearly = obsolescence if stated is None else float(stated)
    days = 7 * int(books.params.plan.review_weeks)
    return OrderMoney(
        books=books,
        parcels=_parcels(tables["lanes"], books),
        deliveries={
            name: (float(row["last_mile_cost"]), float(row["last_mile_further"]))
            for name, row in books.regions.items()
        },
        holds=_holds(tables["inbound"], books, books.as_of + pd.Timedelta(days=days)),
        ways=_ways(books, days),
        lanes_back=_lanes_back(books),
        cells=_cells(tables["assortment"], books, demand),
        closing=1.0 - (1.0 - yearly) ** (1.0 / WEEKS_PER_YEAR),
        days_saved=_days_saved(tables["lanes"], books),
    )


def _cost(tariff: tuple[float, float], units: int) -> float:
    """Cost of one parcel or delivery of so many units; nothing for none."""
    first, further = tariff
    return first + further * (units - 1) if units else 0.0


def _in_full_vehicles(row: Mapping[str, Any], about: Mapping[str, Any]) -> float:
    """What a unit adds on a lane whose vehicles are full; 0 where none is paid [money]."""
    cost = float(row.get("vehicle_cost", 0.0))
    if math.isnan(cost) or not cost:
        return 0.0
    room, load = (float(row.get(name, math.inf)) for name in ("vehicle_capacity", "vehicle_kg"))
    volume = 0.0 if math.isnan(room) else about["volume"] / room
    return cost * max(volume, 0.0 if math.isnan(load) else about["weight_kg"] / load)


def _runs(row: Any, day: pd.Timestamp) -> bool:
    started = pd.isna(row["from"]) or row["from"] <= day
    return bool(started and (pd.isna(row["to"]) or day <= row["to"]))


def _parcels(lanes: pd.DataFrame, books: Books) -> dict[tuple[str, str], tuple[float, float]]:
    """Cheapest parcel of each pair over its rows open now, else over all its rows."""
    now: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    ever: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for row in lanes.to_dict("records"):
        pair = row["origin"], row["destination"]
        if pair[0] in books.hubs and pair[1] in books.regions:
            tariff = float(row["direct_cost"]), float(row["direct_further"])
            ever[pair].append(tariff)
            if _runs(row, books.as_of):
                now[pair].append(tariff)
    return {pair: min(now.get(pair) or rows) for pair, rows in sorted(ever.items())}


def _days_saved(lanes: pd.DataFrame, books: Books) -> dict[str, float]:
    """Days of the cheapest parcel into each region: of each hub the row that tells its price."""
    parcels: dict[str, dict[str, tuple[bool, float, float, float]]] = defaultdict(dict)
    for row in lanes.to_dict("records"):
        hub, region = row["origin"], row["destination"]
        if hub in books.hubs and region in books.regions:
            days = float(row.get("direct_days", math.nan))
            price, more = float(row["direct_cost"]), float(row["direct_further"])
            known = math.inf if math.isnan(days) else days
            told = (not _runs(row, books.as_of), price, more, known)
            parcels[region][hub] = min(told, parcels[region].get(hub, told))
    cheapest = {
        region: min((told[1], hub, told[3]) for hub, told in by_hub.items())[2]
        for region, by_hub in parcels.items()
    }
    return {region: days for region, days in cheapest.items() if math.isfinite(days)}


def _holds(inbound: pd.DataFrame, books: Books, until: pd.Timestamp) -> dict[str, set[str]]:
    """Items on hand at each hub; of those that no hub has, the ones due there before a day."""
    holds: dict[str, set[str]] = {hub: set() for hub in sorted(books.hubs)}
    now = {(hub, item) for (hub, item), units in books.hub_stock.items() if units > 0}
    somewhere = {item for _, item in now}
    soon = {
        (row["location"], row["item"])
        for row in inbound.to_dict("records")
        if row["quantity"] > 0 and row["arrival_date"] < until
    }
    for hub, item in now | {each for each in soon if each[1] not in somewhere}:
        if hub in holds:
            holds[hub].add(item)
    return holds


def _lanes_back(books: Books) -> dict[str, list[Lane]]:
    """Open lanes from each region to hubs."""
    back: dict[str, list[Lane]] = defaultdict(list)
    for (origin, destination), lanes in books.lanes.items():
        if destination in books.hubs:
            back[origin].extend(lanes)
    return dict(back)


def _cells(assortment: pd.DataFrame, books: Books, demand: Any) -> dict[tuple[str, str], bool]:
    """Cells of the assortment, or without one of the demand, and those with units there."""
    if books.assortment is None:
        chosen = dict.fromkeys(zip(demand.region, demand.item, strict=True), True)
    else:
        rows = zip(assortment["region"], assortment["item"], strict=True)
        chosen = {cell: cell in books.assortment for cell in rows}
    there = {cell: False for cell, units in books.on_hand.items() if units > 0}
    coming = {cell: False for cell, rows in books.coming.items() if any(n > 0 for _, n in rows)}
    return there | coming | chosen


def _ways(books: Books, plan: int) -> dict[str, list[tuple[str, Mapping[str, Any], int]]]:
    """Departures from hubs of the plan of a day, by region, with their days to arrival."""
    ways: dict[str, list[tuple[str, Mapping[str, Any], int]]] = defaultdict(list)
    for region, lanes in books.ahead.items():
        for lane in lanes:
            row = lane.times.row
            leads = [lead for _, lead in lane.times.departures(plan)]
            ways[region] += [(lane.hub, row, lead) for lead in leads]
    return dict(ways)
