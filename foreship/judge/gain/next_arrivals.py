"""When the units of a later plan may first come, and what they cost, from the judge's lanes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship.judge.network.network import Network
from foreship.judge.transport.timetable import NO_DEPARTURE
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["NextArrivals", "Supply", "next_arrivals"]


WEEK_DAYS = 7
NEVER = np.iinfo(np.int64).max
LONG = NEVER // 2
"""lead time without a lane; days can be added to it"""
ALL_OF_IT = 1e-9
"""of a demand: when less is left, it is served"""


@dataclass(frozen=True)
class Supply:
    """What hubs have for a later plan, and what regions then want of it."""

    holds: Bools
    """hubs that hold the item or have it coming, shape (hubs, items)"""
    stock: Floats
    """units after a refill, shape (hubs, items)"""
    wanted: Floats
    """mean units from one plan to the next, above 0, shape (regions, items)"""


@dataclass(frozen=True)
class NextArrivals:
    """The first units of a later plan in some cells, shape (cells,)."""

    day: Ints
    """of their arrival, from the Monday of the plan"""
    landed: Floats
    """what one unit more costs to land by that later plan [money]; inf where none comes"""


def next_arrivals(
    network: Network,
    supply: Supply,
    monday: np.datetime64,
    cells: tuple[Ints, Ints],
    usual: Ints,
    after: Ints,
    review_weeks: int,
    sight_weeks: int,
) -> NextArrivals:
    """Look through the whole calendar of lanes from hubs that hold the item or have it coming.

    Parameters
    ----------
    cells
        Region and item of each cell.
    usual
        Day, from `monday`, on which the first units of its own plan may come, by cell.
    after
        Day after which the next arrival is looked for, by cell, `usual` or later.
    review_weeks
        From one plan to the next.
    sight_weeks
        No arrival beyond these weeks is waited for: it is then expected `review_weeks` after the
        usual one, and nothing lands.
    """
    every = WEEK_DAYS * review_weeks
    expected = usual + every * ((after - usual) // every + 1)
    last = np.maximum(expected, WEEK_DAYS * sight_weeks)
    day, landed = np.full(len(after), NEVER), np.full(len(after), np.inf)
    seen: dict[bytes, tuple[Ints, Floats]] = {}
    for plan in range(every, int(last.max(initial=0)) + 1, every):
        arrives = network.timetable.first_arrival(monday + np.timedelta64(plan, "D"))
        if arrives.tobytes() not in seen:
            seen[arrives.tobytes()] = _landing(network, supply, arrives)
        lead, cost = (each[cells] for each in seen[arrives.tobytes()])
        comes = plan + lead
        sooner = (comes > after) & (comes <= last) & (comes < day)
        day, landed = np.where(sooner, comes, day), np.where(sooner, cost, landed)
    return NextArrivals(np.where(day < NEVER, day, expected), landed)


def _landing(network: Network, supply: Supply, arrives: Ints) -> tuple[Ints, Floats]:
    """Return the least lead time and the cost of one unit more, shape (regions, items) each.

    `arrives` is the earliest arrival by lane, from the plan's Monday. What a unit more costs has
    its part of a full vehicle in it.
    """
    lanes, count = network.lanes, len(network.regions)
    shape = (count, len(network.hubs), len(network.items))
    lead, cost = np.full(shape, LONG), np.full(shape, np.inf)
    every = np.arange(shape[2])
    for lane in np.flatnonzero(
        (arrives != NO_DEPARTURE) & (lanes.origin >= count) & (lanes.destination < count)
    ):
        at = lanes.destination[lane], lanes.origin[lane] - count
        lead[at] = np.minimum(lead[at], arrives[lane])
        same = np.full_like(every, lane)
        paid = network.freight(same, every) + network.vehicle_share(same, every)
        cost[at] = np.minimum(cost[at], paid)
    lead = np.where(supply.holds, lead, LONG).min(axis=1)
    return lead, _one_more(np.where(supply.holds, cost, np.inf), supply)


def _one_more(cost: Floats, supply: Supply) -> Floats:
    """Return what one unit more costs to land, shape (regions, items) (equation 12b).

    Each region asks its cheapest hub; a hub that is asked for more than it has gives each the same
    share, and the rest asks its next one. The hub that serves the last of a region sets the cost;
    where all are used up, the dearest.

    Parameters
    ----------
    cost
        Of a unit on the cheapest lane, shape (regions, hubs, items), inf without one.
    """
    order = np.argsort(cost, axis=1, kind="stable")
    stock, wanted = supply.stock.astype(np.float64), supply.wanted.copy()
    paid = np.full(wanted.shape, np.inf)
    for turn in range(cost.shape[1]):
        hub = order[:, turn]
        price = np.take_along_axis(cost, hub[:, None], axis=1)[:, 0]
        asks = (wanted > ALL_OF_IT * supply.wanted) & np.isfinite(price)
        paid = np.where(asks, price, paid)
        asked = np.zeros_like(stock)
        every = np.broadcast_to(np.arange(stock.shape[1]), hub.shape)
        np.add.at(asked, (hub, every), np.where(asks, wanted, 0.0))
        share = np.minimum(stock / np.where(asked > 0.0, asked, np.inf), 1.0)
        given = np.where(asks, wanted * share[hub, every], 0.0)
        wanted = wanted - given
        np.subtract.at(stock, (hub, every), given)
    return paid
