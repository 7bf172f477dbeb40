"""A day of orders, served one by one from the shelves of regions and hubs."""

from __future__ import annotations

from operator import mul

import numpy as np

from foreship.judge.account.fill import Fill
from foreship.judge.account.sales import Sales
from foreship.judge.network.network import Network
from foreship.judge.orders.book import Order, OrderDay
from foreship.judge.orders.gate import Served, serve_order
from foreship.judge.orders.parcels import Tariff
from foreship.judge.orders.retained import Retained
from foreship.judge.transport.parcel_routes import ParcelRoutes
from foreship_foundation.arrays import Floats, Ints

__all__ = ["serve_orders"]


def serve_orders(
    network: Network,
    on_hand: Ints,
    today: OrderDay,
    routes: ParcelRoutes,
    retained: Retained,
    earned: Floats | None = None,
) -> Sales:
    """Serve the orders of one day in their sequence, taking units from `on_hand` in place.

    What each cell's lines earned is added to `earned`, where given.
    """
    hubs = slice(len(network.regions), None)
    there = on_hand[today.region, today.item].tolist()
    shelves = on_hand[hubs, today.items].tolist()
    values, tariffs = retained.of(today.region, today.item), _tariffs(network, routes)
    days, tally = _days_to(network, routes), _Tally()
    for order in today.orders:
        has = [min(each) for each in zip(order.units, (there[c] for c in order.cells), strict=True)]
        if any(has):
            worth = [
                max(floor, landed - waiting * there[cell])
                for cell in order.cells
                for landed, waiting, floor in (values[cell],)
            ]
        else:
            worth = []
        tariff = tariffs[order.region]
        served = serve_order(order, has, worth, shelves, tariff)
        _take(order, served, there, shelves)
        if earned is not None:
            cells = today.region[order.cells], today.item[order.cells]
            np.add.at(earned, cells, _by_line(order, served, tariff))
        tally.count(order, has, served, tariff, days[order.region])
    on_hand[today.region, today.item] = there
    shape = (len(shelves), len(today.items))
    on_hand[hubs, today.items] = np.array(shelves, dtype=np.int64).reshape(shape)
    return tally.sales()


def _tariffs(network: Network, routes: ParcelRoutes) -> list[Tariff]:
    """Return the tariff of each region on the day of the routes."""
    first, further = routes.cost.tolist(), routes.further.tolist()
    return [
        Tariff(
            [
                (hub, one, more)
                for hub, (one, more) in enumerate(zip(first[at], further[at], strict=True))
                if one < np.inf
            ],
            float(network.last_mile[at]),
            float(network.last_mile_further[at]),
        )
        for at in range(len(network.regions))
    ]


def _days_to(network: Network, routes: ParcelRoutes) -> list[float]:
    """Return days of a parcel from the nearest hub of each region; NaN where no lane says any."""
    days = routes.days_of_nearest
    known = not np.isnan(network.lanes.direct_days).all()
    return np.nan_to_num(days).tolist() if known else np.full(len(days), np.nan).tolist()


def _take(order: Order, served: Served, there: list[int], shelves: list[list[int]]) -> None:
    """Take what an order gets from the shelves."""
    for cell, units in zip(order.cells, served.there, strict=bool(served.there)):
        there[cell] -= units
    for hub, parcel in served.parcels.sent:
        shelf = shelves[hub]
        for item, units in zip(order.items, parcel, strict=True):
            shelf[item] -= units


def _by_line(order: Order, served: Served, tariff: Tariff) -> list[float]:
    """Return what each line of an order earned; a parcel is shared by the units in it."""
    each = [0.0] * len(order.cells)
    carried = [(served.there, tariff.delivery(sum(served.there)))] if served.there else []
    prices = {hub: (first, further) for hub, first, further in tariff.hubs}
    for hub, parcel in served.parcels.sent:
        first, further = prices[hub]
        carried.append((parcel, first + further * (sum(parcel) - 1)))
    for units, cost in carried:
        a_unit = cost / sum(units)
        for line, (count, margin) in enumerate(zip(units, order.margins, strict=True)):
            each[line] += count * (margin - a_unit)
    return each


class _Tally:
    """Adds up the orders of a day."""

    def __init__(self) -> None:
        self.margin = self.parcels = self.last_mile = self.days = 0.0
        self.ordered = self.locally = self.from_hub = 0
        self.orders = self.lines = self.units_there = self.lines_there = self.orders_there = 0
        self.whole = self.one_parcel = self.splits = self.lost = self.sent = 0

    def count(
        self, order: Order, has: list[int], served: Served, tariff: Tariff, days: float
    ) -> None:
        """Add one order."""
        local, parcels = sum(served.there), served.parcels
        self.orders += 1
        self.lines += len(has)
        self.units_there += sum(has)
        self.lines_there += sum(map(int.__eq__, has, order.units))
        self.orders_there += has == order.units
        self.ordered += order.size
        self.locally += local
        self.from_hub += parcels.units
        self.sent += len(parcels.sent)
        self.parcels += parcels.cost
        self.margin += parcels.margin
        if local:
            self.last_mile += tariff.delivery(local)
            self.days += local * days
            self.margin += sum(map(mul, served.there, order.margins))
        if local == order.size:
            self.whole += 1
        elif not local and len(parcels.sent) == 1:
            self.one_parcel += 1
        elif local or parcels.sent:
            self.splits += 1
        else:
            self.lost += 1

    def sales(self) -> Sales:
        """Return the day."""
        fill = Fill(
            self.orders,
            self.lines,
            self.units_there,
            self.lines_there,
            self.orders_there,
            self.whole,
            self.one_parcel,
            self.splits,
            self.lost,
            self.sent,
        )
        return Sales(
            self.margin,
            self.parcels,
            self.last_mile,
            self.ordered,
            self.locally,
            self.from_hub,
            self.days,
            fill,
        )
