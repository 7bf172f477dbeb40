"""A replay by order in plain Python: dictionaries and loops, written without the judge's code."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import numpy as np
import pandas as pd

from tests.foreship.judge.splitmix import splitmix
from tests.foreship.slow_referee import WEEK, Referee

__all__ = ["OrderReferee"]

NAMELESS = 0x6E616D656C657373


def bits(name: str) -> int:
    """64 bits of a name."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "little")


class OrderReferee(Referee):
    """The unit referee, but that it lets orders come, one after the other."""

    def __init__(self, tables: dict[str, pd.DataFrame], exits: Any, seed: int, weeks: int) -> None:
        super().__init__(tables, exits, {})
        self.seed, self.weeks = seed, weeks

    def baskets(self, day: pd.Timestamp) -> list[dict[str, Any]]:
        """Return the orders of a day, in their sequence."""
        found: dict[Any, dict[str, Any]] = {}
        number = int((day - pd.Timestamp(0)).days)
        seen: dict[tuple[str, str], int] = {}
        rows = self.tables["orders"]
        for row in sorted(
            rows[rows["date"] == day].to_dict("records"), key=lambda r: r["quantity"]
        ):
            region, item = row["region"], row["item"]
            key, mark = (region, row["order_id"]), bits(row["order_id"])
            if not row["order_id"]:
                running = seen.get((region, item), 0)
                seen[region, item] = running + 1
                key = (region, item, running)
                mark = splitmix(splitmix(number ^ NAMELESS) ^ bits(region))
                mark = splitmix(splitmix(mark ^ bits(item)) ^ running)
            basket = found.setdefault(key, {"region": region, "mark": mark, "wants": {}})
            basket["wants"][item] = basket["wants"].get(item, 0) + row["quantity"]
        for basket in found.values():
            drawn = splitmix(number ^ splitmix(self.seed))
            drawn = splitmix(splitmix(drawn ^ bits(basket["region"])) ^ basket["mark"])
            wants = basket["wants"]
            lost = sum(q * self.items[item]["lost_sale_share"] for item, q in wants.items())
            basket["a"] = lost / sum(wants.values())
            basket["waits"] = (drawn >> 11) / 2**53 >= basket["a"]
        return sorted(found.values(), key=lambda each: (each["mark"], each["region"]))

    def sell(self, day: pd.Timestamp) -> None:
        """Let the orders of a day come."""
        for basket in self.baskets(day):
            self.let_in(basket, day - pd.Timedelta(days=day.weekday()))

    def let_in(self, basket: dict[str, Any], monday: pd.Timestamp) -> None:
        """Serve one order by the gate."""
        region, wants = basket["region"], basket["wants"]
        here = {item: min(q, self.shelf[region, item]) for item, q in wants.items()}
        whole = here == wants
        self.count("orders", 1)
        self.count("lines", len(wants))
        self.count("units_there", sum(here.values()))
        self.count("lines_there", sum(here[item] == wants[item] for item in wants))
        self.count("orders_there", whole)
        worth = {item: self.worth(region, item, monday) for item in wants}
        alone = self.parcels(region, wants)
        if whole:
            there = self.margin(wants) - self.delivery(region, wants)
            saving = there - (1 - basket["a"]) * self.earned(alone, region)
            if saving > sum(q * worth[item] for item, q in wants.items()):
                self.carry_out(region, wants, wants, [])
                return
        if not basket["waits"]:
            self.carry_out(region, wants, {}, [])
            return
        ways = [(self.earned(alone, region), {}, alone)]
        for part in (here, self.dear_to_send(region, wants, here, worth, alone)):
            if 0 < sum(part.values()) < sum(wants.values()):
                rest = self.parcels(region, {item: wants[item] - part[item] for item in wants})
                kept = sum(q * worth[item] for item, q in part.items())
                money = self.earned(rest, region) + self.margin(part) - kept
                ways.append((money - self.delivery(region, part), part, rest))
        best = max(range(len(ways)), key=lambda at: (ways[at][0], -at))
        self.carry_out(region, wants, ways[best][1], ways[best][2])

    def dear_to_send(self, region, wants, here, worth, parcels):
        """Return the units there that are cheaper there, or that the first parcel lacks."""
        if not parcels:
            return here
        hub, carried = parcels[0]
        further = self.lanes[hub, region]["direct_further"]
        at_home = self.regions[region]["last_mile_further"]
        part = {}
        for item in wants:
            lacking = wants[item] - carried.get(item, 0)
            part[item] = here[item] if at_home + worth[item] < further else min(here[item], lacking)
        return part

    def parcels(self, region: str, wants: dict[str, int]) -> list[tuple[str, dict[str, int]]]:
        """Return hub and units of each parcel."""
        sent: list[tuple[str, dict[str, int]]] = []
        emptied: set[tuple[str, str]] = set()
        while True:
            offers = []
            for hub in self.hubs:
                if (hub, region) not in self.lanes:
                    continue
                can = {
                    item: 0 if (hub, item) in emptied else min(q, self.shelf[hub, item])
                    for item, q in wants.items()
                }
                lane, units = self.lanes[hub, region], sum(can.values())
                if units:
                    price = lane["direct_cost"] + lane["direct_further"] * (units - 1)
                    offers.append((-units, price, hub, can))
            if not offers:
                return sent
            _, _, hub, can = min(offers, key=lambda each: each[:3])
            sent.append((hub, can))
            # of what it sent in part it has no more: it is not asked again
            wants = {item: q - can[item] for item, q in wants.items() if q > can[item]}
            emptied |= {(hub, item) for item in wants}

    def margin(self, units: dict[str, int]) -> float:
        """Return what units earn before any parcel."""
        return sum(
            q * (self.items[item]["price"] - self.items[item]["unit_cost"])
            for item, q in units.items()
        )

    def price(self, hub: str, region: str, units: dict[str, int]) -> float:
        """Return the price of a parcel."""
        lane = self.lanes[hub, region]
        return lane["direct_cost"] + lane["direct_further"] * (sum(units.values()) - 1)

    def earned(self, parcels: list[tuple[str, dict[str, int]]], region: str) -> float:
        """Return margin less parcels."""
        return sum(self.margin(units) - self.price(hub, region, units) for hub, units in parcels)

    def delivery(self, region: str, units: dict[str, int]) -> float:
        """Return the price of a delivery from the region."""
        about, size = self.regions[region], sum(units.values())
        return about["last_mile_cost"] + about["last_mile_further"] * (size - 1) if size else 0.0

    def worth(self, region: str, item: str, monday: pd.Timestamp) -> float:
        """Return what the last unit of a pile is worth."""
        about = self.items[item]

        def freight(origin: str, end: str) -> float:
            lane = self.lanes.get((origin, end))
            if lane is None:
                return np.inf
            return lane["cost_per_unit"] + lane["cost_per_kg"] * about["weight_kg"]

        rid = min(
            self.settings.markdown_share * about["price"],
            about["unit_cost"] * (1 - self.settings.recovery_share),
            *(self.settings.return_handling + freight(region, hub) for hub in self.hubs),
        )
        landed = min(freight(hub, region) for hub in self.hubs)
        rows = self.tables["orders"]
        past = rows[(rows["date"] < monday) & (rows["date"] >= monday - self.weeks * WEEK)]
        sold = past[(past["region"] == region) & (past["item"] == item)]["quantity"].sum()
        before = rows[rows["date"] < monday]["date"]
        lived = -((before.min() - monday) // WEEK) if len(before) else self.weeks
        if not sold or landed == np.inf:
            return -rid
        wait = self.shelf[region, item] * min(self.weeks, lived) / sold
        return max(-rid, landed - about["holding_cost_per_week"] * wait)

    def carry_out(self, region, wants, part, parcels) -> None:
        """Take units from shelves, and count."""
        for item, q in part.items():
            self.shelf[region, item] -= q
        for hub, units in parcels:
            for item, q in units.items():
                self.shelf[hub, item] -= q
            self.money["parcels"] += self.price(hub, region, units)
            self.money["margin"] += self.margin(units)
        local, size = sum(part.values()), sum(wants.values())
        sent = sum(sum(units.values()) for _, units in parcels)
        self.money["last_mile"] += self.delivery(region, part)
        self.money["margin"] += self.margin(part)
        self.money["served_locally"] += local
        self.money["served_from_hub"] += sent
        self.money["lost"] += size - local - sent
        self.count("parcels_sent", len(parcels))
        whole, lost = local == size, not local and not parcels
        one = not local and len(parcels) == 1
        self.count("orders_whole_there", whole)
        self.count("orders_lost", lost)
        self.count("orders_one_parcel", one)
        self.count("splits", not (whole or lost or one))

    def count(self, name: str, number: int) -> None:
        """Add to a count."""
        self.money[name] += int(number)
