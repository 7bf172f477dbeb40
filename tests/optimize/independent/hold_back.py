"""Hold-back (equation 15 of docs/value.md): the sales elsewhere that a staged unit costs."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from tests.optimize.independent.market import Cell, Key, Market
from tests.optimize.independent.worth import Floats, Worth, demand_until, money_of, need_and_left

__all__ = ["hold_back", "refill_day"]


def refill_day(market: Market, item: str) -> int:
    """Day on which the item's hubs are next supplied."""
    coming = [
        day for (_, held), rows in market.hub_inbound.items() if held == item for day, _ in rows
    ]
    weeks = 7 * market.settings.hub_refill_weeks
    return min([market.days, *coming]) if coming else min(weeks, market.days)


def hold_back(
    market: Market, item: str, worth: Mapping[Key, Worth], day: Mapping[Key, int]
) -> dict[Key, Floats]:
    """Charge o_k of every unit that may arrive, by cell.

    Parameters
    ----------
    worth
        Arrivals of the item's cells before any charge.
    day
        Earliest day of arrival of each cell.
    """
    cells = market.cells_of[item]
    free = {key: np.zeros(len(units.value)) for key, units in worth.items()}
    stock = sum(units for (_, held), units in market.hub_stock.items() if held == item)
    refill = refill_day(market, item)
    total = sum((demand_until(cell, refill) for cell in cells), start=np.zeros(market.scenarios))
    if stock == 0 or not (total >= stock).mean() > 0.01:
        return free
    margin = margin_elsewhere(market, item)
    if not margin > 0.0 or not worth:
        return free
    wants = {
        cell.key: need_and_left(cell, day[cell.key], [refill])[0][0]
        if day.get(cell.key, math.inf) < refill
        else np.zeros(market.scenarios, dtype=np.int64)
        for cell in cells
    }
    unserved = sum(need_and_left(cell, 0, [refill])[0][0] for cell in cells)
    cost = {cell.key: cheapest_ship(market, cell) for cell in cells}
    return _walk(worth, wants, np.asarray(unserved), cost, margin, stock, market.scenarios)


def _walk(
    worth: Mapping[Key, Worth],
    wants: Mapping[Key, np.ndarray],
    unserved: np.ndarray,
    cost: Mapping[Key, float],
    margin: float,
    stock: int,
    scenarios: int,
) -> dict[Key, Floats]:
    """Stage units greedily, best first, each charged at the plan so far."""
    taken = dict.fromkeys(sorted(worth), 0)
    charge = {key: np.zeros(len(units.value)) for key, units in worth.items()}

    def idle(key: Key, unit: int, staged: int) -> float:
        """Equation 15 of the unit-th unit, 1, 2, .."""
        lies = (wants[key] < unit) & (unserved >= stock - staged)
        return margin * float(lies.sum()) / scenarios

    staged = 0
    while staged < stock:
        gains = {
            key: worth[key].value[done] - idle(key, done + 1, staged) - cost[key]
            for key, done in taken.items()
            if done < len(worth[key].value)
        }
        best = max(gains, key=lambda key: gains[key], default=None)
        if best is None or not gains[best] > 0.0:
            break
        charge[best][taken[best]] = idle(best, taken[best] + 1, staged)
        taken[best] += 1
        unserved = unserved - (wants[best] >= taken[best])
        staged += 1
    for key, done in taken.items():
        for unit in range(done, len(charge[key])):
            charge[key][unit] = idle(key, unit + 1, staged)
    return charge


def margin_elsewhere(market: Market, item: str) -> float:
    """Mean margin of an order served by parcel, regions weighted by their demand."""
    weights, costs = [], []
    for cell in market.cells_of[item]:
        direct = money_of(market, cell).direct
        if math.isfinite(direct):
            weights.append(float(cell.paths.sum()))
            costs.append(direct)
    if not sum(weights) > 0.0:
        return 0.0
    return market.items[item]["margin"] - float(np.average(costs, weights=weights))


def cheapest_ship(market: Market, cell: Cell) -> float:
    """Cheapest lane into a cell from a hub that holds the item, in time for the horizon."""
    hubs = {hub for hub, held in market.hub_stock if held == cell.item}
    lanes = market.lanes_between(hubs, {cell.region})
    costs = [market.freight(lane, cell.item) for lane in lanes if lane.lead < market.days]
    return min(costs, default=math.inf)
