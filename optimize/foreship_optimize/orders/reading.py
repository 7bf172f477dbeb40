"""From the tables of a plan to past orders, what keeping units costs, and credits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.economics import Economics, held_by
from foreship_optimize.network.places_and_lanes import Network
from foreship_optimize.orders.baskets import Keeping
from foreship_optimize.orders.credit import Credit, seen_units
from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.orders.parcel_share import further_share
from foreship_optimize.orders.past_orders import PERIOD, PastOrders, given_orders, past_orders
from foreship_optimize.orders.serving import through_the_gate
from foreship_optimize.orders.stock_search.need_law import need_law
from foreship_optimize.orders.stock_search.settling import Settling
from foreship_optimize.orders.stock_search.stocking import Stocking
from foreship_optimize.params import PlanParams

__all__ = ["OrdersRead", "read_orders", "retained_worth"]


@dataclass(frozen=True)
class OrdersRead:
    """Past orders on the network of a plan."""

    network: Network
    cells: Cells
    past: PastOrders
    settling: Settling
    worth_serving: Ints
    """orders that are worth serving from their region, among all of `past`"""
    further: Floats
    """part of the units ordered that pay as further ones of their parcels, by cell, (C,)"""

    def credits_at(self, credit: Credit, most: Ints) -> OrderCredits:
        """Name the cells that a credit speaks of, and how many units may be sent to each."""
        network, cells = self.network, self.cells
        region, item = network.regions[cells.region], network.items[cells.item]
        return OrderCredits(region, item, credit.share, credit.net, most, self.further)


def read_orders(
    orders: pd.DataFrame,
    network: Network,
    cells: Cells,
    demand: DemandScenarios,
    economics: Economics,
    plan: PlanParams,
    as_of: pd.Timestamp,
) -> OrdersRead:
    """Read past orders, find which are worth serving from a region, and what that hangs on.

    Parameters
    ----------
    orders
        The table `orders`; with a column `period` its windows are those numbers, and all orders
        are read, whatever their dates.
    demand
        Paths of all demand of the cells.
    """
    given = PERIOD in orders.columns
    past = given_orders(orders, network) if given else past_orders(orders, network, as_of, plan)
    retained = retained_worth(economics, len(cells))
    held = held_at_hubs(network, plan.review_weeks)
    gated = through_the_gate(past, network, cells, held, retained)
    cell = cells.find(past.region[past.order], past.item, len(network.items))
    prior = 0.0 if given else plan.order_prior_units
    stocking = Stocking(
        need_law(demand, plan.review_weeks),
        keeping_of(network, cells, economics, retained, plan.review_weeks),
        retained,
        plan.payback_weeks / plan.review_weeks,
    )
    seen = seen_units(past, cell, cells.item, prior)
    settling = Settling(gated.baskets, past.count, seen, stocking, past.turn[gated.order])
    further = further_share(past, cell, seen)
    return OrdersRead(network, cells, past, settling, gated.order, further)


def retained_worth(economics: Economics, cells: int) -> Floats:
    """w: worth of a unit that stays in its cell, what one of the next plan costs to land, (C,).

    0 where no next plan can send one.
    """
    every = np.arange(cells)
    landed = economics.next_plans.landed(every, np.ones(cells, dtype=np.int64))
    return np.where(np.isfinite(landed), landed, 0.0)


def held_at_hubs(network: Network, review_weeks: int) -> Bools:
    """Mark the hubs that serve orders of an item: that hold it, or else will, (items, hubs)."""
    now = network.hub_stock > 0
    soon = held_by(network, 7 * review_weeks)
    return np.where(now.any(axis=1, keepdims=True), now, soon)


def keeping_of(
    network: Network, cells: Cells, money: Economics, retained: Floats, review_weeks: int
) -> Keeping:
    """Gather what lies in cells when units arrive, and what more units cost there."""
    dearer = np.where(np.isfinite(money.cost), np.maximum(money.cost - retained, 0.0), np.inf)
    room = np.full(len(network.regions), np.inf)
    limited = np.isfinite(network.capacity)
    room[limited] = np.maximum(network.capacity - _volume_there(network, cells), 0.0)[limited]
    return Keeping(
        lying=lying_on_arrival(cells, money.arrival_day),
        idle=money.holding * review_weeks,
        dearer=np.where(cells.stocked, dearer, np.inf),
        region=cells.region,
        item=cells.item,
        volume=network.volume[cells.item],
        room=room,
        supply=network.hub_stock.sum(axis=1),
    )


def lying_on_arrival(cells: Cells, arrival_day: Ints) -> Ints:
    """Units on hand, and those due by the day on which new ones may arrive, (C,)."""
    due = cells.inbound_day <= arrival_day[cells.inbound_cell]
    lying = cells.on_hand.copy()
    np.add.at(lying, cells.inbound_cell[due], cells.inbound_units[due])
    return lying


def _volume_there(network: Network, cells: Cells) -> Floats:
    units = cells.on_hand.copy()
    np.add.at(units, cells.inbound_cell, cells.inbound_units)
    volume = units * network.volume[cells.item]
    return np.bincount(cells.region, volume, len(network.regions)).astype(np.float64)
