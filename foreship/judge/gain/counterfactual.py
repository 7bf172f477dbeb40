"""The counterfactual of a plan: what cells would have seen had it sent them nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.state import State
from foreship.judge.network.network import Network
from foreship.judge.transport.timetable import NO_DEPARTURE
from foreship_foundation.actions import exit_names
from foreship_foundation.arrays import Floats, Ints

__all__ = ["Counterfactual", "WaysIn", "counterfactual_of", "landing_by_week", "ways_in"]


DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Counterfactual:
    """Some cells, day by day, had the plan sent them nothing; shape (cells, days) each."""

    unmet: Ints
    """demand of that day that found neither stock nor an earlier arrival"""
    left: Ints
    """units there, and on their way there, at the end of that day"""

    def need(self, cell: Ints, start: Ints, end: Ints) -> Ints:
        """Return how much more days start..end - 1 would have wanted (equation 10), as `cell`."""
        total = np.pad(np.cumsum(self.unmet, axis=1), ((0, 0), (1, 0)))
        needed: Ints = total[cell, end] - total[cell, start]
        return needed


def counterfactual_of(
    network: Network,
    before: State,
    buyers: Buyers,
    monday: np.datetime64,
    cells: tuple[Ints, Ints],
    days: int,
) -> Counterfactual:
    """Walk cells through `days` days from `monday` with the stock and inbound before the plan.

    Demand that finds nothing does not wait: it is served by a hub or not at all.

    Parameters
    ----------
    cells
        Region and item of each cell, every cell once.
    """
    region, item = cells
    place = np.full((len(network.regions), len(network.items)), -1, dtype=np.int64)
    place[region, item] = np.arange(len(region))
    landing = _landing(before, place, monday, days)
    stock, coming = before.on_hand[region, item].copy(), landing.sum(axis=1)
    unmet, left = (np.zeros((len(region), days), dtype=np.int64) for _ in range(2))
    for day in range(days):
        stock, coming = stock + landing[:, day], coming - landing[:, day]
        today = buyers.on(monday + day * DAY)
        row = place[today.region, today.item]
        wanted = np.zeros(len(region), dtype=np.int64)
        wanted[row[row >= 0]] = today.quantity[row >= 0]
        unmet[:, day] = np.maximum(wanted - stock, 0)
        stock = np.maximum(stock - wanted, 0)
        left[:, day] = stock + coming
    return Counterfactual(unmet, left)


def _landing(before: State, place: Ints, monday: np.datetime64, days: int) -> Ints:
    """Units under way by cell and day of landing; the last column collects all later days."""
    landing = np.zeros((int(place.max(initial=-1)) + 1, days + 1), dtype=np.int64)
    lots = np.flatnonzero(before.coming_to < len(place))
    cell = place[before.coming_to[lots], before.coming_item[lots]]
    lots, cell = lots[cell >= 0], cell[cell >= 0]
    due = np.clip((before.coming_on[lots] - monday) // DAY, 0, days).astype(np.int64)
    np.add.at(landing, (cell, due), before.coming_units[lots])
    return landing


def landing_by_week(
    network: Network, before: State, monday: np.datetime64, cells: tuple[Ints, Ints], weeks: int
) -> Ints:
    """Return units that lie in cells on a Monday, and what lands in each week from it on.

    Parameters
    ----------
    cells
        Region and item of each cell, every cell once.

    Returns
    -------
    Shape (cells, weeks), the first week with what lies there; what comes later is left out.
    """
    region, item = cells
    place = np.full((len(network.regions), len(network.items)), -1, dtype=np.int64)
    place[region, item] = np.arange(len(region))
    landing = _landing(before, place, monday, 7 * weeks)[:, :-1]
    found: Ints = landing.reshape(len(region), weeks, 7).sum(axis=2)
    found[:, 0] += before.on_hand[region, item]
    return found


@dataclass(frozen=True)
class WaysIn:
    """How a unit may come into each cell on one Monday, shape (regions, items) each."""

    cost: Floats
    """cheapest lane from a hub that holds the item, without one the cheapest redirect; else 0"""
    lead: Ints
    """days until the earliest of them arrives, wait for its departure and all; 0 without any"""


def _cheapest_handling(network: Network, region: Ints, item: Ints) -> Floats:
    """Return the cheapest handling of units that go to another region, NaN where none may."""
    cost = np.full(len(item), np.nan)
    for kind in exit_names(destination="region"):
        cost = np.fmin(cost, network.exits.handling(kind, region, item))
    return cost


def ways_in(network: Network, before: State, monday: np.datetime64) -> WaysIn:
    """Read the departures from `monday` on against the stock of that morning."""
    arrives = network.timetable.first_arrival(monday)
    lanes, count = network.lanes, len(network.regions)
    shape = (count, len(network.items))
    every = np.arange(shape[1])
    held = before.on_hand > 0
    cost, lead = np.full((2, *shape), np.inf), np.full((2, *shape), np.inf)
    for lane in np.flatnonzero((arrives != NO_DEPARTURE) & (lanes.destination < count)):
        origin, region = lanes.origin[lane], lanes.destination[lane]
        price = lanes.cost_per_unit[lane] + lanes.cost_per_kg[lane] * network.weight
        redirects = int(origin < count)
        if redirects:
            price = price + _cheapest_handling(network, np.full_like(every, origin), every)
        usable = held[origin] & ~np.isnan(price)
        best, first = cost[redirects, region], lead[redirects, region]
        np.minimum(best, price, out=best, where=usable)
        np.minimum(first, float(arrives[lane]), out=first, where=usable)
    shipped = np.isfinite(cost[0])
    best, first = np.where(shipped, cost[0], cost[1]), np.where(shipped, lead[0], lead[1])
    reached = np.isfinite(best)
    return WaysIn(np.where(reached, best, 0.0), np.where(reached, first, 0.0).astype(np.int64))
