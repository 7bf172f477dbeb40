"""A replay unit by unit in plain Python: slow, obvious, and written without the judge's code."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pandas as pd

WEEK = pd.Timedelta(days=7)
DAY = pd.Timedelta(days=1)
Line = tuple[str, str, str, str, int, pd.Timestamp]
"""action, origin, destination, item, units and the day on which they leave"""
Plan = Callable[[dict, list], list[Line]]


class Referee:
    """Walks every unit of a world through weeks, one buyer after the other."""

    def __init__(self, tables: dict[str, pd.DataFrame], settings: Any, waits: dict) -> None:
        self.tables, self.settings, self.waits = tables, settings, waits
        self.items = tables["items"].set_index("item").to_dict("index")
        self.regions = tables["regions"].set_index("region").to_dict("index")
        self.hubs = sorted(tables["hubs"]["hub"])
        lanes = tables["lanes"].to_dict("records")
        self.lanes = {(lane["origin"], lane["destination"]): lane for lane in lanes}
        self.shelf: dict[tuple[str, str], int] = defaultdict(int)
        for row in tables["stock"].itertuples():
            self.shelf[row.location, row.item] += row.quantity
        self.road = [
            (row.arrival_date, row.location, row.item, row.quantity)
            for row in tables["inbound"].itertuples()
        ]
        orders = tables["orders"].groupby(["date", "region", "item"])["quantity"].sum()
        self.wanted: dict[pd.Timestamp, dict[tuple[str, str], int]] = defaultdict(dict)
        for (day, region, item), quantity in orders.to_dict().items():
            self.wanted[day][region, item] = quantity
        calendar = tables["calendar"]
        shut = calendar[calendar["event"].str.lower().str.startswith(("closed", "closure"))]
        self.closed = set(zip(shut["date"], shut["region"], strict=True))
        self.opening = dict(self.shelf)
        self.money: dict[str, float] = defaultdict(float)

    def land(self, day: pd.Timestamp) -> None:
        """Put what is due on its shelf."""
        for lot in [lot for lot in self.road if lot[0] <= day]:
            self.road.remove(lot)
            self.shelf[lot[1], lot[2]] += lot[3]

    def refill(self, monday: pd.Timestamp, cover: float, trailing: int) -> None:
        """Fill the hubs up to their part of the cover."""
        orders = self.tables["orders"]
        past = orders[orders["date"] < monday]
        lived = math.ceil((monday - orders["date"].min()) / WEEK) if len(past) else trailing
        weeks = min(trailing, lived)
        recent = past[past["date"] >= monday - trailing * WEEK]
        for item in self.items:
            mean = recent[recent["item"] == item]["quantity"].sum() / weeks
            target = math.ceil(round(cover * mean, 9))
            for hub, part in self.split(item, target).items():
                self.shelf[hub, item] = max(self.shelf[hub, item], part)

    def split(self, item: str, target: int) -> dict[str, int]:
        """Split a target over hubs as the opening stock was."""
        held = {hub: self.opening.get((hub, item), 0) for hub in self.hubs}
        if not sum(held.values()):
            held = {h: sum(self.opening.get((h, i), 0) for i in self.items) for h in self.hubs}
        if not sum(held.values()):
            held = dict.fromkeys(self.hubs, 1)
        exact = {hub: target * held[hub] / sum(held.values()) for hub in self.hubs}
        whole = {hub: math.floor(round(part, 9)) for hub, part in exact.items()}
        by_rest = sorted(self.hubs, key=lambda hub: (round(whole[hub] - exact[hub], 9), hub))
        for hub in by_rest[: target - sum(whole.values())]:
            whole[hub] += 1
        return whole

    def works(self, place: str, day: pd.Timestamp) -> bool:
        """Tell whether the dock of a place works."""
        return not {(day, place), (day, "")} & self.closed

    def departures(self, origin: str, destination: str, monday: pd.Timestamp) -> list[pd.Timestamp]:
        """Return the days of a week on which a lane leaves."""
        days = [monday + number * DAY for number in range(7)]
        days = [day for day in days if self.works(origin, day)]
        named = self.lanes[origin, destination].get("departs", "").split()
        return [day for day in days if day.day_name()[:3] in named] if named else days[:1]

    def pay_vehicles(self, lines: list[Line]) -> None:
        """Pay whole vehicles and item lines, departure by departure."""
        loads: dict[tuple, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for action, origin, destination, item, quantity, day in lines:
            if action in ("ship", "redirect", "return"):
                loads[origin, destination, day][item] += quantity
        for (origin, destination, _), units in loads.items():
            lane = self.lanes[origin, destination]
            volume = sum(many * self.items[item]["volume"] for item, many in units.items())
            weight = sum(many * self.items[item]["weight_kg"] for item, many in units.items())
            vehicles = 1
            while (
                vehicles * lane.get("vehicle_capacity", math.inf) < volume - 1e-6
                or vehicles * lane.get("vehicle_kg", math.inf) < weight - 1e-6
            ):
                vehicles += 1
            self.money["freight"] += vehicles * lane.get("vehicle_cost", 0.0)
            self.money["freight"] += len(units) * lane.get("line_cost", 0.0)

    def depart(self, lines: list[Line]) -> None:
        """Send the plan's units off, one by one."""
        self.pay_vehicles(lines)
        for action, origin, destination, item, quantity, day in lines:
            about = self.items[item]
            for _ in range(quantity):
                assert self.shelf[origin, item] > 0
                self.shelf[origin, item] -= 1
                if action in ("ship", "redirect", "return"):
                    lane = self.lanes[origin, destination]
                    self.money["freight"] += lane["cost_per_unit"]
                    self.money["freight"] += lane["cost_per_kg"] * about["weight_kg"]
                    due = day + lane["lead_time_days"] * DAY
                    while not self.works(destination, due):
                        due += DAY
                    self.road.append((due, destination, item, 1))
                self.money["exits"] += {
                    "ship": 0.0,
                    "redirect": self.settings.redirect_handling,
                    "return": self.settings.return_handling,
                    "markdown": self.settings.markdown_share * about["price"],
                    "give_away": about["unit_cost"] * (1 - self.settings.recovery_share),
                }[action]

    def sell(self, day: pd.Timestamp) -> None:
        """Let the day's buyers come, one by one."""
        for (region, item), quantity in sorted(self.wanted[day].items()):
            about = self.items[item]
            for number in range(quantity):
                if self.shelf[region, item] > 0:
                    self.shelf[region, item] -= 1
                    self.money["last_mile"] += self.regions[region]["last_mile_cost"]
                    self.money["served_locally"] += 1
                elif self.waits[day, region, item, number] and (hub := self.find(region, item)):
                    self.shelf[hub, item] -= 1
                    self.money["parcels"] += self.lanes[hub, region]["direct_cost"]
                    self.money["served_from_hub"] += 1
                else:
                    self.money["lost"] += 1
                    continue
                self.money["margin"] += about["price"] - about["unit_cost"]

    def find(self, region: str, item: str) -> str | None:
        """Return the cheapest hub that has the item."""
        able = [h for h in self.hubs if (h, region) in self.lanes and self.shelf[h, item] > 0]
        return min(able, key=lambda h: (self.lanes[h, region]["direct_cost"], h), default=None)

    def sunday(self) -> None:
        """Charge holding on what lies in regions."""
        for (place, item), quantity in self.shelf.items():
            if place in self.regions:
                about = self.items[item]
                self.money["holding"] += quantity * about["holding_cost_per_week"]

    def play(
        self, mondays: list[pd.Timestamp], policy: Plan, cover: float, trailing: int
    ) -> dict[str, float]:
        """Play the weeks; return money and units by name."""
        for monday in mondays:
            self.land(monday)
            self.refill(monday, cover, trailing)
            self.depart(policy(self.shelf, self.road))
            for day in range(7):
                self.land(monday + day * DAY)
                self.sell(monday + day * DAY)
            self.sunday()
        return dict(self.money)
