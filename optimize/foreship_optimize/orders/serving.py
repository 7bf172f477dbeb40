"""What serving a past order costs from hubs, what it saves from its region, and the gate.

Equations 22 and 23 of docs/value.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints, Numbers
from foreship_foundation.orders.tariffs import parcel_cost
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.regional_terms import lost_share_of
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.orders.baskets import Baskets
from foreship_optimize.orders.past_orders import PastOrders

__all__ = ["FromHubs", "Gated", "from_hubs", "through_the_gate"]


class FromHubs(NamedTuple):
    """Each order served by parcels, O orders."""

    margin: Floats
    """of the units that hubs have [money]"""
    parcels: Floats
    """what its parcels cost [money]"""


class Gated(NamedTuple):
    """Which past orders are worth serving from their region, if everything is there."""

    baskets: Baskets
    """those that are"""
    order: Ints
    """position of each of them among all past orders, (O,)"""
    saving: Floats
    """net saving of every past order that the region could stock whole, else -inf"""


def from_hubs(past: PastOrders, network: Network, held: Bools) -> FromHubs:
    """Send the parcels of each order: one hub that has all, else the one that has most.

    Parameters
    ----------
    held
        Hubs that have each item, (items, hubs).

    Returns
    -------
    Money of each order as if hubs had plenty of what they hold.
    """
    orders, order = len(past), past.order
    margin, parcels = np.zeros(orders), np.zeros(orders)
    left = np.asarray(held[past.item].any(axis=1))
    margin += np.bincount(
        order, np.where(left, past.units * network.margin[past.item], 0.0), orders
    )
    first, further = network.parcel_cost[past.region], network.parcel_further[past.region]
    for _ in range(held.shape[1]):
        if not left.any():
            break
        has = held[past.item] & left[:, None]
        units = np.stack([np.bincount(order, past.units * mine, orders) for mine in has.T], axis=1)
        cost = parcel_cost(first, further, units)
        cost[units == 0] = np.inf
        best = _next_hub(units, cost)
        sends = np.isfinite(cost[np.arange(orders), best])
        parcels += np.where(sends, cost[np.arange(orders), best], 0.0)
        lost = left & ~sends[order]
        margin -= np.bincount(
            order, np.where(lost, past.units * network.margin[past.item], 0), orders
        )
        left &= ~(has[np.arange(len(order)), best[order]] | lost)
    return FromHubs(margin, parcels)


def _next_hub(units: Numbers, cost: Floats) -> Ints:
    """Hub that sends next, (O,): the one that has most of what is left, of these the cheapest.

    A hub that has all of it has most.
    """
    reaches = np.where(np.isfinite(cost), units, 0.0)
    most = reaches.max(axis=1, keepdims=True)
    return np.asarray(np.where(reaches == most, cost, np.inf).argmin(axis=1))


def through_the_gate(
    past: PastOrders, network: Network, cells: Cells, held: Bools, retained: Floats
) -> Gated:
    """Find the orders that save more from their region than the units they take are worth there.

    Parameters
    ----------
    retained
        w, worth of a unit that stays in its cell, (C,) [money].
    """
    order, count = past.order, len(past)
    cell = cells.find(past.region[order], past.item, len(network.items))
    units = past.units_of_order
    hubs = from_hubs(past, network, held)
    total = network.margin[past.item] * past.units
    impatient = lost_share_of(network, past.region[order], past.item)
    lost = np.bincount(order, impatient * past.units, count) / units
    first, further = network.last_mile[past.region], network.last_mile_further[past.region]
    there = np.bincount(order, total, count) - parcel_cost(first, further, units)
    gross = there - (1.0 - lost) * (hubs.margin - hubs.parcels)
    worth = np.where(cell >= 0, past.units * retained[cell], np.inf)
    saving = gross - np.bincount(order, worth, count)
    kept = np.flatnonzero(saving > 0.0)
    lines = np.flatnonzero(saving[order] > 0.0)
    sizes = np.diff(past.first)[kept]
    baskets = Baskets(
        period=past.period[kept],
        first=np.append(0, np.cumsum(sizes)),
        cell=cell[lines],
        units=past.units[lines],
        saving=saving[kept],
        weight=past.weight,
    )
    return Gated(baskets, kept, saving)
