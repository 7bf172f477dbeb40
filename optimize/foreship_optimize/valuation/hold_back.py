"""Hold-back: the sales elsewhere that are lost because a staged unit has left its hub.

Equation 15 of docs/value.md. Only items whose hubs may well run dry before they are refilled
are walked, unit by unit in the order a plan would take them; all others pay nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.economics import Economics
from foreship_optimize.network.places_and_lanes import Network
from foreship_optimize.valuation.net_demand import need_beyond_stock
from foreship_optimize.valuation.unit_values import UnitValues

__all__ = ["hold_back", "refill_days", "scarce_items", "walk"]


SCARCE_ABOVE: Final = 0.01
"""Chance of an empty hub above which an item's units are charged."""
BLOCK_PATHS: Final = 400_000


def hold_back(
    worth: UnitValues,
    arrival_day: Ints,
    demand: DemandScenarios,
    cells: Cells,
    network: Network,
    economics: Economics,
    refill_weeks: int,
) -> Floats:
    """Charge every arriving unit its hold-back o_k.

    Parameters
    ----------
    worth
        Units that may arrive, sorted by (cell, unit), before any hold-back.
    arrival_day
        Day of arrival of each cell, by cell.
    refill_weeks
        Weeks until hubs are refilled, for items without inbound.

    Returns
    -------
    o_k of each row of `worth` [money a unit], >= 0.
    """
    charge = np.zeros(len(worth.cell))
    days = refill_days(network, refill_weeks, demand.horizon_days)
    scarce = scarce_items(demand, cells, network, days)
    order = np.argsort(cells.item, kind="stable")
    bounds = np.searchsorted(cells.item[order], np.arange(len(network.items) + 1))
    for item in np.unique(cells.item[worth.cell][scarce[cells.item[worth.cell]]]).tolist():
        rows = order[bounds[item] : bounds[item + 1]]
        margin = _margin_elsewhere(rows, item, demand, network, economics)
        if margin > 0.0:
            at, padded = _units_of(worth, rows)
            needs = _needs(demand, cells, rows, arrival_day[rows], int(days[item]))
            cost = economics.cost[rows]
            stock = int(network.hub_stock[item].sum())
            charge[at] = walk(padded, cost, *needs, margin, stock)[padded > -np.inf]
    return charge


def walk(
    value: Floats, cost: Floats, until_refill: Ints, unserved: Ints, margin: float, stock: int
) -> Floats:
    """Stage the units of one item greedily, best first, and charge each at the plan so far.

    Parameters
    ----------
    value
        v_k before any charge, shape (cells, K), -inf beyond a cell's units.
    cost
        Cheapest lane into each cell.
    until_refill
        What each cell needs from its arrival to the refill, shape (cells, S); 0 where units arrive
        after the refill, and so serve nobody while the hub is empty.
    unserved
        Demand of all cells until the refill that finds no local unit, shape (S,).
    margin
        What an order elsewhere would earn.
    stock
        Units at the hubs.

    Returns
    -------
    o_k, shape (cells, K); units after the last one staged are charged at the final plan.
    """
    charge, taken = np.zeros_like(value), np.zeros(len(value), dtype=np.int64)
    every, last = np.arange(len(value)), value.shape[1] - 1
    share = margin / until_refill.shape[1]
    for staged in range(stock + 1):
        empty = (unserved >= stock - staged).astype(np.float64)
        unit = np.minimum(taken, last)
        idle = share * ((until_refill < unit[:, None] + 1) @ empty)
        gain = np.where(taken <= last, value[every, unit] - idle - cost, -np.inf)
        best = int(gain.argmax())
        if staged == stock or not gain[best] > 0.0:
            break
        charge[best, taken[best]] = idle[best]
        taken[best] += 1
        unserved = unserved - (until_refill[best] >= taken[best])
    for unit in range(last + 1):
        rest = taken <= unit
        charge[rest, unit] = share * ((until_refill[rest] < unit + 1) @ empty)
    return charge


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
    """Items that empty their hubs before the refill with a chance of more than 1 %.

    Demand equal to the stock counts as emptying: one unit staged in vain then leaves an order
    unserved.
    """
    stock = network.hub_stock.sum(axis=1)
    total = np.zeros((len(network.items), demand.scenarios), dtype=np.int64)
    mine = np.flatnonzero(stock[cells.item] > 0)
    size = max(1, BLOCK_PATHS // demand.scenarios)
    for day in np.unique(days).tolist():
        rows = mine[days[cells.item[mine]] == day]
        for start in range(0, len(rows), size):
            block = rows[start : start + size]
            np.add.at(total, cells.item[block], demand.demand_until(block, day))
    return np.asarray(((total >= stock[:, None]).mean(axis=1) > SCARCE_ABOVE) & (stock > 0))


def _units_of(worth: UnitValues, rows: Ints) -> tuple[Ints, Floats]:
    """Rows of `worth` of the cells given, and the units' values as a padded table (cells, K)."""
    start = np.searchsorted(worth.cell, rows, side="left")
    count = np.searchsorted(worth.cell, rows, side="right") - start
    unit = np.arange(int(count.max()))
    inside = unit[None, :] < count[:, None]
    at = np.where(inside, start[:, None] + unit[None, :], 0)
    return at[inside], np.where(inside, worth.value[at], -np.inf)


def _needs(
    demand: DemandScenarios, cells: Cells, rows: Ints, arrival: Ints, refill: int
) -> tuple[Ints, Ints]:
    """Needs of the cells from arrival to refill, and unserved demand of all cells until then."""
    until_refill: Ints = np.zeros((len(rows), demand.scenarios), dtype=np.int64)
    for day in np.unique(arrival[arrival < refill]).tolist():
        mine = np.flatnonzero(arrival == day)
        until_refill[mine] = need_beyond_stock(demand, cells, rows[mine], day, refill)[0]
    unserved = need_beyond_stock(demand, cells, rows, 0, refill)[0].sum(axis=0)
    return until_refill, unserved


def _margin_elsewhere(
    rows: Ints, item: int, demand: DemandScenarios, network: Network, economics: Economics
) -> float:
    """Mean margin of an order served by parcel, regions weighted by demand."""
    weight = demand.units[rows].sum(axis=(1, 2), dtype=np.float64)
    served = np.isfinite(economics.direct_cost[rows])
    if not weight[served].sum() > 0.0:
        return 0.0
    direct = float(np.average(economics.direct_cost[rows][served], weights=weight[served]))
    return float(network.margin[item]) - direct
