"""From the tables of a plan to past orders, what keeping units costs, and credits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.economics import Economics, held_by
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.orders.baskets import Keeping
from foreship_optimize.orders.coming_orders import (
    coming_orders,
    deal_units,
    needed_now,
    units_by_day,
)
from foreship_optimize.orders.credit import (
    Credit,
    Seen,
    credited,
    seen_units,
    worth_serving_share,
)
from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.orders.parcel_share import further_share
from foreship_optimize.orders.past_orders import (
    BelievedOrders,
    PastOrders,
    given_orders,
    in_one_window,
    past_orders,
)
from foreship_optimize.orders.serving import Gated, through_the_gate
from foreship_optimize.orders.stock_search.need_law import need_law, sampled_law
from foreship_optimize.orders.stock_search.search import best_plan
from foreship_optimize.orders.stock_search.settling import Settling
from foreship_optimize.orders.stock_search.stocking import Stocking
from foreship_optimize.orders.walk import walk
from foreship_optimize.params import PlanParams

__all__ = ["OrdersRead", "read_orders", "retained_worth"]


class Known(NamedTuple):
    """What is known where the very orders that come are."""

    sent: Ints
    """units to send to each cell, (C,)"""
    order: Ints
    """orders that need units of this plan, by their place among all that come, (O,)"""
    served: DemandScenarios
    """demand of the orders that regions serve"""


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
    worth_share: Floats
    """F: part of the units ordered that stand in orders worth serving, by cell, (C,)"""
    known: Known | None = None
    """what is known of the orders that come, if these are"""

    def plan(self) -> Ints:
        """Return the units to send to each cell, (C,)."""
        return self.settling.plan() if self.known is None else self.known.sent

    def credits_at(self, credit: Credit, most: Ints) -> OrderCredits:
        """Name the cells that a credit speaks of, and how many units may be sent to each."""
        network, cells = self.network, self.cells
        region, item = network.regions[cells.region], network.items[cells.item]
        served = None if self.known is None else self.known.served
        parts = (credit.share, credit.net, most, self.further, self.worth_share)
        return OrderCredits(region, item, *parts, served)


def read_orders(
    orders: pd.DataFrame | BelievedOrders,
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
        The table `orders`, of which those before `as_of` are read, or what is believed in its
        place.
    demand
        Paths of all demand of the cells.

    Raises
    ------
    ValueError
        For believed orders of no window, or that are not those of `demand`.
    """
    retained = retained_worth(economics, len(cells))
    held = held_at_hubs(network, plan.review_weeks)
    keeping = keeping_of(network, cells, economics, retained, plan.review_weeks)
    ground = _Ground(network, cells, economics, retained, held, keeping)
    if not isinstance(orders, BelievedOrders):
        past = past_orders(orders, network, as_of, plan)
        return _as_a_law(ground, past, demand, plan, plan.order_prior_units)
    if orders.periods is not None:
        given = given_orders(orders.orders, network, orders.periods)
        return _as_a_law(ground, given, demand, plan, 0.0)
    coming = coming_orders(orders.orders, network, demand, as_of)
    return _as_they_come(ground, coming, demand, orders.left_out)


@dataclass(frozen=True)
class _Ground:
    """What orders are read on."""

    network: Network
    cells: Cells
    economics: Economics
    retained: Floats
    held: Bools
    keeping: Keeping

    def gated(self, orders: PastOrders) -> Gated:
        """Return those worth serving from their region."""
        return through_the_gate(orders, self.network, self.cells, self.held, self.retained)

    def cell(self, orders: PastOrders) -> Ints:
        """Cell of each line, -1 where it is none, (L,)."""
        return self.cells.find(orders.region[orders.order], orders.item, len(self.network.items))


def _as_a_law(
    ground: _Ground, past: PastOrders, demand: DemandScenarios, plan: PlanParams, prior: float
) -> OrdersRead:
    """Read windows of orders as what is usually bought together."""
    gated, cell = ground.gated(past), ground.cell(past)
    stocking = Stocking(
        need_law(demand, plan.review_weeks),
        ground.keeping,
        ground.retained,
        plan.payback_weeks / plan.review_weeks,
    )
    seen = seen_units(past, cell, ground.cells.item, prior)
    settling = Settling(gated.baskets, past.count, seen, stocking)
    further = further_share(past, cell, seen)
    worth = worth_serving_share(gated.baskets, past.count, seen)
    return OrdersRead(ground.network, ground.cells, past, settling, gated.order, further, worth)


def _as_they_come(
    ground: _Ground, coming: PastOrders, demand: DemandScenarios, left_out: Ints
) -> OrdersRead:
    """Serve the very orders that come; those that need units of this plan are its sample."""
    cells, every = ground.cells, ground.gated(coming)
    kept = ~np.isin(every.order, left_out)
    baskets, position = every.baskets.where(kept), every.order[kept]
    dealt = deal_units(baskets, cells, ground.economics, ground.keeping)
    wants, mine = needed_now(baskets, dealt)
    keeping = replace(ground.keeping, lying=dealt.left)
    sent = best_plan(wants, keeping)
    whole = walk(wants, keeping.lying + sent).served
    served = dealt.served.copy()
    served[mine] = whole
    found = credited(wants, np.ones(1), keeping.lying + sent)
    # an order that is served takes part for certain: its units are all that is seen
    seen = Seen(found.served + found.lacking, cells.item, 0.0)
    stocking = Stocking(sampled_law(wants, len(cells)), keeping, ground.retained)
    cell = ground.cell(coming)
    further = further_share(coming, cell, seen_units(coming, cell, cells.item, 0.0))
    asked = np.zeros(len(coming), dtype=bool)
    asked[position[mine]] = True
    return OrdersRead(
        ground.network, cells, in_one_window(coming.where(asked)),
        Settling(wants, np.ones(1), seen, stocking), np.arange(len(mine)), further,
        worth_serving_share(wants, np.ones(1), seen), Known(sent, position[mine], units_by_day(
            ground.network, cells, demand.weeks[0], demand.horizon_days, baskets, served
        )),
    )  # fmt: skip


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
