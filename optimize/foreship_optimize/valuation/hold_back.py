"""Hold-back: what others lose because a staged unit has left its hub.

Equation 15 of docs/value.md. Only items of which a hub may well run dry before it is refilled are
walked, unit by unit in the order a plan would take them; all others pay nothing.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.economics import Economics, freight_from, parcel_costs
from foreship_optimize.network.places_and_lanes import Network
from foreship_optimize.valuation.net_demand import need_beyond_stock
from foreship_optimize.valuation.parcels import cells_of_items, refill_days, scarce_items
from foreship_optimize.valuation.rundown import RunDown, run_down
from foreship_optimize.valuation.unit_values import UnitValues

__all__ = ["HoldBack", "ItemHubs", "hold_back", "walk"]


MOST_LOOKS: Final = 64
"""How often at most hubs are run down anew while an item's units are staged."""


class HoldBack(NamedTuple):
    """What units are charged for leaving their hubs."""

    units: Floats
    """o_k of each candidate that comes from its cell's source, below 0 where it saves more than its
    cell's orders are credited with [money]"""
    rent: Floats
    """mean rent of each item's hubs under the plan walked, shape (items, hubs) [money]"""


class ItemHubs(NamedTuple):
    """The hubs of one item and the cells that they serve: C cells, H hubs, S paths."""

    stock: Ints
    """units at each hub, (H,)"""
    freight: Floats
    """cheapest lane from each hub into each cell, (C, H); inf without one"""
    parcel: Floats
    """parcel cost of each cell's orders from each hub, (C, H); inf without one"""
    lost: float
    """what an order that no hub serves would earn"""
    credited: Floats
    """what each cell's orders are taken to cost, (C,); inf where no hub serves it"""
    source: Ints
    """hub that each cell's units are reckoned from, (C,)"""
    orders: Floats
    """demand of each cell until the refill that its own stock does not serve, (C, S)"""
    until_refill: Ints
    """what each cell needs from its arrival to the refill, (C, S); 0 where units arrive after it"""


def hold_back(
    worth: UnitValues,
    arrival_day: Ints,
    demand: DemandScenarios,
    cells: Cells,
    network: Network,
    economics: Economics,
    refill_weeks: int,
) -> HoldBack:
    """Charge every arriving unit its hold-back o_k.

    Parameters
    ----------
    worth
        Units that may arrive, sorted by (cell, unit), before any hold-back.
    arrival_day
        Day of arrival of each cell, by cell.
    refill_weeks
        Weeks until hubs are refilled, for items without inbound.
    """
    charge, rents = np.zeros(len(worth.cell)), np.zeros(network.hub_stock.shape)
    days = refill_days(network, refill_weeks, demand.horizon_days)
    scarce = scarce_items(demand, cells, network, days)
    wanted = np.zeros(len(scarce), dtype=bool)
    wanted[cells.item[worth.cell]] = True
    for item, rows in cells_of_items(cells, scarce & wanted):
        at, padded = _units_of(worth, rows)
        hubs = _hubs_of(
            item, rows, arrival_day[rows], int(days[item]), demand, cells, network, economics
        )
        each, rents[item] = walk(padded, hubs)
        charge[at] = each[padded > -np.inf]
    return HoldBack(charge, rents)


def walk(value: Floats, hubs: ItemHubs) -> tuple[Floats, Floats]:
    """Stage the units of one item greedily, best first, and charge each at the plan so far.

    Parameters
    ----------
    value
        v_k before any charge, shape (C, K), -inf beyond a cell's units.

    Returns
    -------
    o_k, shape (C, K); units after the last one staged are charged at the final plan. And the mean
    rent of each hub at the final plan, (H,).
    """
    charge, taken = np.zeros_like(value), np.zeros(len(value), dtype=np.int64)
    every, last = np.arange(len(value)), value.shape[1] - 1
    stock, orders = hubs.stock.copy(), hubs.orders.copy()
    looks = max(1, int(min(np.isfinite(value).sum(), stock.sum())) // MOST_LOOKS)
    for staged in range(int(stock.sum()) + 1):
        if staged % looks == 0:
            now = run_down(stock.astype(np.float64), orders, hubs.parcel, hubs.lost)
        unit = np.minimum(taken, last)
        owed = _owed(hubs, now, unit)
        gain = np.where(taken <= last, value[every, unit], -np.inf)[:, None] - owed - hubs.freight
        gain = np.where(stock > 0, gain, -np.inf)
        cell, hub = np.unravel_index(int(gain.argmax()), gain.shape)
        if not gain[cell, hub] > 0.0:
            break
        charge[cell, taken[cell]] = owed[cell, hubs.source[cell]]
        taken[cell] += 1
        stock[hub] -= 1
        orders[cell] -= hubs.until_refill[cell] >= taken[cell]
    now = run_down(stock.astype(np.float64), orders, hubs.parcel, hubs.lost)
    for unit in range(last + 1):
        rest = np.flatnonzero(taken <= unit)
        owed = _owed(hubs, now, np.full(len(value), unit))
        charge[rest, unit] = owed[rest, hubs.source[rest]]
    return charge, now.rent.mean(axis=1)


def _owed(hubs: ItemHubs, now: RunDown, unit: Ints) -> Floats:
    """Equation 15: what one more unit of each cell costs others, by the hub it leaves, (C, H).

    Parameters
    ----------
    unit
        Units of each cell that are staged before it, (C,).
    """
    sold = hubs.until_refill > unit[:, None]
    paths = sold.shape[1]
    served = np.isfinite(hubs.credited)[:, None]
    more = np.where(served, now.order - np.where(served, hubs.credited[:, None], 0.0), 0.0)
    credit = np.where(sold, more, 0.0).sum(axis=1)
    rent = sold @ now.rent.T + (~sold) @ now.missed.T
    return np.asarray((rent - credit[:, None]) / paths)


def _hubs_of(
    item: int,
    rows: Ints,
    arrival: Ints,
    refill: int,
    demand: DemandScenarios,
    cells: Cells,
    network: Network,
    economics: Economics,
) -> ItemHubs:
    """Gather what the walk needs of an item's hubs and cells."""
    until_refill: Ints = np.zeros((len(rows), demand.scenarios), dtype=np.int64)
    for day in np.unique(arrival[arrival < refill]).tolist():
        mine = np.flatnonzero(arrival == day)
        until_refill[mine] = need_beyond_stock(demand, cells, rows[mine], day, refill)[0]
    orders = need_beyond_stock(demand, cells, rows, 0, refill)[0]
    return ItemHubs(
        stock=network.hub_stock[item],
        freight=freight_from(cells, network, rows),
        parcel=parcel_costs(network)[cells.region[rows]],
        lost=float(network.margin[item]),
        credited=economics.direct_cost[rows],
        source=economics.source[rows],
        orders=orders.astype(np.float64),
        until_refill=until_refill,
    )


def _units_of(worth: UnitValues, rows: Ints) -> tuple[Ints, Floats]:
    """Rows of `worth` of the cells given, and the units' values as a padded table (cells, K)."""
    start = np.searchsorted(worth.cell, rows, side="left")
    count = np.searchsorted(worth.cell, rows, side="right") - start
    unit = np.arange(int(count.max()))
    inside = unit[None, :] < count[:, None]
    at = np.where(inside, start[:, None] + unit[None, :], 0)
    return at[inside], np.where(inside, worth.value[at], -np.inf)
