"""What an order truly costs from the hubs as they run down, and what a unit of the next plan costs.

Equations 3a to 3c of docs/value.md. A cheap hub with a few units sets no price: what counts is the
hub that serves when these are gone. Only items of which a hub may well be used up are looked at;
for all others the cheapest hub serves every order.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.paths.path_units import Units
from foreship_optimize.compiled import FEW_CELLS
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.economics import Economics, benefit_of, landed_from
from foreship_optimize.network.transport.next_plans import NextPlans, Period
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.network.unit_parcels import unit_parcels
from foreship_optimize.valuation.hub_rundown.rundown import RunDown, run_down
from foreship_optimize.valuation.unit_worth.net_demand import orders_at_hubs

__all__ = [
    "as_hubs_run_down",
    "cells_of_items",
    "least_missed",
    "refill_days",
    "scarce_items",
]


SCARCE_ABOVE: Final = 0.01
"""Chance of an empty hub above which it counts that hubs run down."""
BLOCK_PATHS: Final = 400_000
"""cells x scenarios read at a time: bounds memory, never changes an answer"""


def as_hubs_run_down(
    economics: Economics,
    served: DemandScenarios,
    wanted: DemandScenarios,
    cells: Cells,
    network: Network,
    days: Ints,
    scarce: Bools,
) -> Economics:
    """Credit orders with the parcel that truly serves them, and price the units of the next plans.

    Parameters
    ----------
    economics
        As if the cheapest hub with a unit served all.
    served, wanted
        What regions may serve, and all demand; the same where money is by the unit.
    days
        Day on which each item's hubs are next supplied, (I,), as of `refill_days`.
    scarce
        Items of which a hub may be used up by then, (I,), as of `scarce_items`.
    """
    direct, most = economics.direct_cost.copy(), economics.most_credit.copy()
    ran = run_down_of(cells)
    for block in _blocks_of_items(cells, scarce, served.scenarios):
        orders = _orders_until(served, wanted, cells, block, days[cells.item[block]])
        prices = unit_parcels(network, cells, block)
        for item, mine in _items_of(cells.item[block]):
            rows, cost, asked = block[mine], prices[mine], orders[mine]
            lost, stock = float(network.margin[item]), network.hub_stock[item].astype(np.float64)
            found = ran(stock, asked, cost, lost)
            credited = _mean_of(found.order - found.rent[least_missed(stock, found)], asked)
            reached = np.isfinite(direct[rows])
            direct[rows] = np.where(reached, credited, direct[rows])
            dearest = np.where(np.isfinite(cost), cost, lost).max(axis=1)
            most[rows] = np.where(reached, np.maximum(dearest, lost) - credited, 0.0)
    return replace(
        economics,
        direct_cost=direct,
        most_credit=most,
        benefit=benefit_of(cells, network, direct),
        next_plans=_next_plans_as_hubs_run_down(economics, wanted, cells, network),
    )


def least_missed(stock: Floats, found: RunDown) -> int:
    """Hub whose units are missed least of those that hold any: what others are measured against."""
    return int(np.where(stock > 0, found.rent.mean(axis=1), np.inf).argmin())


def _mean_of(money: Floats, orders: Floats) -> Floats:
    """Mean over paths by orders, shape (R,); the plain mean of a region without any."""
    total = orders.sum(axis=1, keepdims=True)
    weight = np.where(total > 0.0, orders, 1.0)
    return np.asarray((money * weight).sum(axis=1) / weight.sum(axis=1))


def _next_plans_as_hubs_run_down(
    economics: Economics, demand: DemandScenarios, cells: Cells, network: Network
) -> NextPlans:
    """Price the next plans' units from the hub that sends when the cheaper ones are used up."""
    plans = economics.next_plans
    days = np.full(len(network.items), min(plans.every, demand.horizon_days), dtype=np.int64)
    landed = [period.landed.copy() for period in plans.periods]

    def price_of(monday: int) -> Callable[[Ints], Floats]:
        return lambda rows: landed_from(cells, network, economics, monday, rows)

    prices = [price_of(period.plan * plans.every) for period in plans.periods]
    used_up = _used_up(demand, cells, network.hub_stock, days, prices)
    ran = run_down_of(cells)
    for block in _blocks_of_items(cells, np.any(used_up, axis=0), demand.scenarios):
        orders = demand.demand_until(block, int(days[0])).astype(np.float64)
        known: dict[int, tuple[Floats, Floats]] = {}
        for of_plan, price, chosen in zip(landed, prices, used_up, strict=True):
            costs = price(block)
            for item, mine in _items_of(cells.item[block]):
                if not chosen[item]:
                    continue
                cost, rows = costs[mine], block[mine]
                # most plans find an item's ways at the same cost as the plan before
                if item not in known or not np.array_equal(known[item][0], cost):
                    stock = network.hub_stock[item]
                    known[item] = cost, _landed_as_hubs_run_down(ran, stock, orders[mine], cost)
                of_plan[rows] = np.maximum(known[item][1], of_plan[rows])
    periods = [
        Period(period.plan, cost, period.lead_days, period.lying)
        for period, cost in zip(plans.periods, landed, strict=True)
    ]
    return NextPlans(periods, plans.review_weeks, plans.ahead)


def _blocks_of_items(cells: Cells, chosen: Bools, paths: int) -> Iterator[Ints]:
    """Yield the cells of chosen items, whole items at a time, sorted by item."""
    order = np.argsort(cells.item, kind="stable")
    return _whole_items(order[chosen[cells.item[order]]], cells.item, BLOCK_PATHS // paths)


def _items_of(item: Ints) -> Iterator[tuple[int, slice]]:
    """Return where the cells of each item stand, sorted by item."""
    ends = [*(np.flatnonzero(np.diff(item)) + 1).tolist(), len(item)]
    for first, last in itertools.pairwise([0, *ends]):
        yield int(item[first]), slice(first, last)


def _orders_until(
    served: DemandScenarios, wanted: DemandScenarios, cells: Cells, rows: Ints, days: Ints
) -> Floats:
    """Units that hubs are asked for by some cells, each until its own day, (B, S)."""
    orders = np.zeros((len(rows), served.scenarios))
    for day in np.unique(days).tolist():
        mine = np.flatnonzero(days == day)
        orders[mine] = orders_at_hubs(served, wanted, cells, rows[mine], day)
    return orders


def run_down_of(cells: Cells) -> Callable[[Floats, Floats, Floats, float], RunDown]:
    """Return what runs hubs down: on arrays, or for many cells compiled."""
    if len(cells) <= FEW_CELLS:
        return run_down
    from foreship_optimize.valuation.hub_rundown.rundown_loops import run_down_compiled

    return run_down_compiled


def _landed_as_hubs_run_down(
    run_down: Callable[[Floats, Floats, Floats, float], RunDown],
    stock: Ints,
    orders: Floats,
    cost: Floats,
) -> Floats:
    """Mean cost of an item's units by region as its hubs run down, (R,); -inf where none comes."""
    mean = np.full(len(cost), -np.inf)
    dearest = np.where(np.isfinite(cost), cost, -np.inf).max(axis=1)
    reached = np.flatnonzero(np.isfinite(dearest))
    if len(reached):
        lost = float(dearest[reached].max())
        found = run_down(stock.astype(float), orders[reached], cost[reached], lost)
        mean[reached] = np.minimum(_mean_of(found.order, orders[reached]), dearest[reached])
    return mean


def refill_days(network: Network, weeks: int, horizon_days: int) -> Ints:
    """Day on which each item's hubs are next supplied: its first inbound, else after `weeks`."""
    days = np.full(len(network.items), min(7 * weeks, horizon_days), dtype=np.int64)
    rows = network.inbound
    coming = (rows.place < len(network.hubs)) & (rows.day > 0)
    earliest = np.full(len(network.items), horizon_days, dtype=np.int64)
    np.minimum.at(earliest, rows.item[coming], rows.day[coming])
    known = np.zeros(len(network.items), dtype=bool)
    known[rows.item[coming]] = True
    return np.where(known, earliest, days)


def scarce_items(demand: DemandScenarios, cells: Cells, network: Network, days: Ints) -> Bools:
    """Items of which a hub is used up before the refill with a chance of more than 1 %.

    By its orders, and by what may be staged in vain. As much as the stock counts as using it up:
    one unit less then leaves an order to the next hub, or unserved. Regions ask their cheapest hub.
    """

    def price(rows: Ints) -> Floats:
        return unit_parcels(network, cells, rows)

    return np.asarray(_used_up(demand, cells, network.hub_stock, days, [price])[0])


def _used_up(
    demand: DemandScenarios,
    cells: Cells,
    stock: Ints,
    days: Ints,
    prices: Sequence[Callable[[Ints], Floats]],
) -> Bools:
    """Items of which a hub is used up within `days` by the cells it is cheapest for, (P, I).

    Demand is read once for all prices.
    """
    scarce = np.zeros((len(prices), len(stock)), dtype=bool)
    held = np.any(stock > 0, axis=1)
    for rows in _blocks_of_items(cells, held, demand.scenarios):
        drawn = _drawn_until(demand, rows, days[cells.item[rows]])
        for place, price in enumerate(prices):
            items, used = _used_up_at(price(rows), drawn, stock, cells.item[rows])
            scarce[place, items] = used
    return scarce


def _used_up_at(cost: Floats, drawn: Ints, stock: Ints, item: Ints) -> tuple[Ints, Bools]:
    """Items of some cells, and whether a hub is used up where cells ask the one of least cost."""
    there = stock[item]
    cost = np.where(there > 0, cost, np.inf)
    nearest = cost == cost.min(axis=1, keepdims=True)
    hub = np.where(nearest, there, -1).argmax(axis=1)
    serves = np.flatnonzero(np.isfinite(cost).any(axis=1))
    items, of_cell = np.unique(item, return_inverse=True)
    total = np.zeros((len(items) * stock.shape[1], drawn.shape[1]), dtype=np.int64)
    key = (of_cell * stock.shape[1] + hub)[serves]
    by_hub = np.argsort(key, kind="stable")
    keys, first = np.unique(key[by_hub], return_index=True)
    if len(keys):
        total[keys] = np.add.reduceat(drawn[serves[by_hub]], first, axis=0)
    here = stock[items]
    chance = np.mean(total.reshape(*here.shape, -1) >= here[:, :, None], axis=2)
    return items, np.any((chance > SCARCE_ABOVE) & (here > 0), axis=1)


def _drawn_until(demand: DemandScenarios, rows: Ints, days: Ints) -> Ints:
    """Units that leave hubs for cells, each until its own day, (B, S)."""
    drawn: Ints = np.zeros((len(rows), demand.scenarios), dtype=np.int64)
    for day in np.unique(days).tolist():
        mine = np.flatnonzero(days == day)
        drawn[mine] = _drawn(demand.demand_until(rows[mine], day))
    return drawn


def _drawn(wanted: Units) -> Ints:
    """Units that leave hubs for cells that want `wanted`, (B, S), path by path.

    What a plan stages leaves on every path: about the mean and a standard deviation.
    """
    staged = np.ceil(wanted.mean(axis=1) + wanted.std(axis=1)).astype(np.int64)
    return np.asarray(np.maximum(wanted, staged[:, None]))


def _whole_items(order: Ints, item: Ints, size: int) -> Iterator[Ints]:
    """Cut cells, sorted by item, into blocks of about `size` that hold whole items."""
    last = np.append(np.diff(item[order]) != 0, True)[: len(order)]
    first = 0
    for end in (np.flatnonzero(last) + 1).tolist():
        if end - first >= size or end == len(order):
            yield order[first:end]
            first = end


def cells_of_items(cells: Cells, chosen: Bools) -> Iterator[tuple[int, Ints]]:
    """Return the cells of each chosen item, item by item."""
    if not chosen.any():
        return
    order = np.argsort(cells.item, kind="stable")
    bounds = np.searchsorted(cells.item[order], np.arange(len(chosen) + 1))
    for item in np.flatnonzero(chosen).tolist():
        rows = order[bounds[item] : bounds[item + 1]]
        if len(rows):
            yield item, rows
