"""Compiled: hubs run down through the paths of one item (equations 3a and 3b of docs/value.md).

What `rundown` does for all paths at once with arrays, path by path: sums over regions are taken in
the same order, so that both find the same numbers.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.compiled import helper, loop
from foreship_optimize.valuation.hub_rundown.rundown import NEXT_TO_NONE, RunDown

__all__ = ["ItemPaths", "item_paths", "run_down_compiled", "run_down_paths"]


class ItemPaths(NamedTuple):
    """Hubs and orders of one item, and what they are worth: R regions, H hubs, S paths."""

    stock: Ints
    """units at each hub, (H,)"""
    orders: Floats
    """orders of each region that its own stock does not serve, (S, R)"""
    cost: Floats
    """of serving an order from each hub, and last without one, (R, H + 1); inf: cannot be"""
    dearness: Floats
    """sum of a hub's finite costs, (H,): of hubs that cost the same the fuller is asked first"""
    asked: Bools
    """orders whose worth is asked for, (S, R)"""
    rent: Floats
    """found: what one more unit at a hub saves, (S, H)"""
    missed: Floats
    """found: what one unit less costs, (S, H)"""
    order: Floats
    """found: what one order less saves where that is asked for, (S, R)"""
    turn: Ints
    """scratch: hubs of each region in the order in which it asks them, (R, H + 1)"""
    asks: Ints
    """scratch: hub that each region asks in each phase, (H + 1, R)"""
    place: Ints
    """scratch: how far each region has come in `turn`, (R,)"""
    awake: Ints
    """scratch: regions with orders, or whose worth is asked for, (R,)"""
    share: Floats
    """scratch: part of the orders that come in each phase, (H + 1,)"""
    dry: Ints
    """scratch: phase at whose end a hub is empty, (H,); -1 for never"""
    left: Floats
    """scratch: units left, (H,)"""
    load: Floats
    """scratch: orders that ask each hub, (H,)"""
    saved: Floats
    """scratch: what one more unit at each hub saves, (2, H)"""


def item_paths(stock: Ints, orders: Floats, cost: Floats, lost: float) -> ItemPaths:
    """Lay an item out for the loops; `orders` is (R, S) and `cost` (R, H), as in `run_down`."""
    (regions, hubs), paths = cost.shape, orders.shape[1]
    priced = np.concatenate([cost, np.full((regions, 1), lost)], axis=1)
    return ItemPaths(
        stock=np.array(stock, dtype=np.int64),
        orders=np.array(orders.T, dtype=np.float64, order="C"),
        cost=np.ascontiguousarray(priced, dtype=np.float64),
        dearness=np.where(np.isfinite(cost), cost, 0.0).sum(axis=0),
        asked=np.ones((paths, regions), dtype=bool),
        rent=np.zeros((paths, hubs)),
        missed=np.zeros((paths, hubs)),
        order=np.zeros((paths, regions)),
        turn=np.zeros((regions, hubs + 1), dtype=np.int64),
        asks=np.zeros((hubs + 1, regions), dtype=np.int64),
        place=np.zeros(regions, dtype=np.int64),
        awake=np.zeros(regions, dtype=np.int64),
        share=np.zeros(hubs + 1),
        dry=np.zeros(hubs, dtype=np.int64),
        left=np.zeros(hubs),
        load=np.zeros(hubs),
        saved=np.zeros((2, hubs)),
    )


def run_down_compiled(stock: Floats, orders: Floats, cost: Floats, lost: float) -> RunDown:
    """Do what `run_down` does, to the bit: worth compiling for many items."""
    from foreship_optimize.structs import Struct

    item = item_paths(stock.astype(np.int64), orders, cost, lost)
    run_down_item(Struct(item))
    # laid out as the arrays of `run_down` are, so that means over them are the same too
    return RunDown(*(np.ascontiguousarray(each.T) for each in (item.rent, item.missed, item.order)))


@loop
def run_down_item(item):
    """Run the hubs of one item down."""
    run_down_paths(item)


@helper
def run_down_paths(item):
    """Fill in `rent`, `missed` and `order` for the stock and the orders as they are now."""
    _take_turns(item)
    for path in range(len(item.orders)):
        awake = _wake(item, path)
        phases, last = _cut_into_phases(item, path, awake)
        _find_rents(item, path, awake, phases, last)
        for place in range(awake):
            region = item.awake[place]
            if item.asked[path, region]:
                item.order[path, region] = _worth_of_order(item, path, region, phases)


@helper
def _take_turns(item):
    """Order the hubs of every region: cheapest first, then the fuller, then the less dear one."""
    hubs = len(item.stock)
    for region in range(len(item.turn)):
        count = 0
        for hub in range(hubs):
            if not np.isfinite(item.cost[region, hub]):
                continue
            place = count
            while place > 0 and _asked_before(item, region, hub, item.turn[region, place - 1]):
                item.turn[region, place] = item.turn[region, place - 1]
                place -= 1
            item.turn[region, place] = hub
            count += 1
        item.turn[region, count:] = hubs


@helper
def _asked_before(item, region, hub, other):
    """Whether a region asks a hub before another, of a lower number."""
    if item.cost[region, hub] != item.cost[region, other]:
        return item.cost[region, hub] < item.cost[region, other]
    if item.stock[hub] != item.stock[other]:
        return item.stock[hub] > item.stock[other]
    return item.dearness[hub] < item.dearness[other]


@helper
def _wake(item, path):
    """List the regions that count on a path; return how many."""
    count = 0
    for region in range(item.orders.shape[1]):
        if item.orders[path, region] > 0.0 or item.asked[path, region]:
            item.awake[count] = region
            item.place[region] = 0
            count += 1
    return count


@helper
def _cut_into_phases(item, path, awake):
    """Cut the time at every moment at which a hub is used up.

    Returns how many parts there are, and the last one in which orders come.
    """
    hubs, rest, last = len(item.stock), 1.0, -1
    for hub in range(hubs):
        item.left[hub] = max(float(item.stock[hub]), NEXT_TO_NONE)
        item.dry[hub] = -1
    for phase in range(hubs + 1):
        _ask(item, path, awake, phase)
        share = rest
        for hub in range(hubs):
            if item.dry[hub] < 0 and item.load[hub] > 0.0:
                share = min(share, item.left[hub] / item.load[hub])
        goes_on = False
        for hub in range(hubs):
            if item.dry[hub] < 0:
                if item.load[hub] > 0.0 and item.left[hub] / item.load[hub] <= share:
                    item.dry[hub], goes_on = phase, True
                else:
                    item.left[hub] -= item.load[hub] * share
                    goes_on = goes_on or item.left[hub] <= 0.0
        item.share[phase] = share
        if last < 0 and share >= rest:
            last = phase
        if not goes_on:
            return phase + 1, last
        rest -= share
    return hubs + 1, last


@helper
def _ask(item, path, awake, phase):
    """Let every region ask its first hub that has the unit, and add their orders up by hub."""
    hubs = len(item.stock)
    item.load[:] = 0.0
    for place in range(awake):
        region = item.awake[place]
        hub = item.turn[region, item.place[region]]
        while hub < hubs and item.dry[hub] >= 0:
            item.place[region] += 1
            hub = item.turn[region, item.place[region]]
        item.asks[phase, region] = hub
        if hub < hubs:
            item.load[hub] += item.orders[path, region]


@helper
def _find_rents(item, path, awake, phases, last):
    """Fill in the rents of the hubs that run dry, from the last to the first.

    Where the last order takes the last unit, one less is missed and one more saves nothing.
    """
    item.rent[path, :] = 0.0
    item.missed[path, :] = 0.0
    for phase in range(phases - 2, -1, -1):
        item.saved[:] = 0.0
        item.load[:] = 0.0
        for place in range(awake):
            region = item.awake[place]
            units, hub = item.orders[path, region], item.asks[phase, region]
            if units > 0.0 and hub < len(item.stock) and item.dry[hub] == phase:
                _add_saved(item, path, region, phase, units)
        for hub in range(len(item.stock)):
            if item.dry[hub] == phase and item.load[hub] > 0.0:
                item.missed[path, hub] += max(item.saved[1, hub] / item.load[hub], 0.0)
                if phase < last:
                    item.rent[path, hub] += max(item.saved[0, hub] / item.load[hub], 0.0)


@helper
def _add_saved(item, path, region, phase, units):
    """Add what a region's orders save if their hub holds one more unit."""
    hub, other = item.asks[phase, region], item.asks[phase + 1, region]
    further, now = item.cost[region, other], item.cost[region, hub]
    rent, missed = 0.0, 0.0
    if other < len(item.stock):
        rent, missed = item.rent[path, other], item.missed[path, other]
    item.load[hub] += units
    item.saved[0, hub] += units * ((further + rent) - now)
    item.saved[1, hub] += units * ((further + missed) - now)


@helper
def _worth_of_order(item, path, region, phases):
    """Return the cost of an order of a region, and the rent of the hubs that serve it."""
    worth = 0.0
    for phase in range(phases):
        hub = item.asks[phase, region]
        rent = 0.0 if hub == len(item.stock) else item.rent[path, hub]
        worth += item.share[phase] * (item.cost[region, hub] + rent)
    return worth
