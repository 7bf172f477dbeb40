"""What a sale, an exit and a unit of a later plan are worth in a cell (equations 3a to 7)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tests.optimize.independent.hubs_run_down import (
    lost_or_parcel,
    mean_by_orders,
    missed_least,
    run_down_paths,
)
from tests.optimize.independent.market import EXITS, Cell, Key, Lane, Market
from tests.optimize.independent.net_demand import Counts, demand_until, need_and_left

__all__ = [
    "Money",
    "cheapest_exit",
    "cheapest_parcel",
    "closing_over",
    "holders",
    "in_full_vehicles",
    "money_of_cells",
    "refill_day",
    "runs_dry",
    "sale",
]

PLANS = 12
"""plans looked ahead: no lane of a random network opens or closes later"""


@dataclass(frozen=True)
class Money:
    """Money of a cell [a unit]."""

    benefit: float
    landed: tuple[float, ...]
    """c_next at plan 1, 2, ..; the last one for ever"""
    comes: tuple[tuple[int, int, float], ...]
    """(day, plan, landed cost) of the first arrival of each later plan, in order"""
    lanes: tuple[tuple[int, float], ...]
    """(day, landed cost) of the units of every lane of each later plan, its c_next at least"""
    exit: float
    holding: float
    closing: float
    direct: float
    """parcel cost; infinite where nobody serves"""
    lying: tuple[float, ...]
    """what a unit pays for storage from plan 0, 1, 2, .. to the next; 0 after the last one"""

    def landed_at(self, plan: int) -> float:
        """Equation 7 at a plan, 1, 2, .."""
        return self.landed[min(plan, len(self.landed)) - 1]

    def cheapest_by(self, day: int) -> float:
        """Cheapest unit of a later plan that is there by a day."""
        return min((cost for comes, cost in self.lanes if comes <= day), default=math.inf)


def closing_over(closing: float, weeks: float) -> float:
    """Chance that a cell closes within so many weeks."""
    return 1.0 - (1.0 - closing) ** weeks


def money_of_cells(market: Market) -> dict[Key, Money]:
    """Money of every cell."""
    closing = 1.0 - (1.0 - market.settings.obsolescence_per_year) ** (1.0 / 52.0)  # 6
    found = {}
    for item in market.items:
        cells = market.cells_of[item]
        direct = parcels_that_serve(market, item)
        exits = {cell.key: cheapest_exit(market, cell) for cell in cells}
        landed = [
            landed_as_hubs_run_down(market, item, plan, closing, exits)
            for plan in range(1, PLANS + 1)
        ]
        for cell in cells:
            found[cell.key] = Money(
                benefit=sale(market, cell, direct[cell.key]),
                landed=tuple(each[cell.key] for each in landed),
                comes=tuple(sorted(_later_arrivals(market, cell, landed))),
                lanes=tuple(
                    (day, max(cost, costs[cell.key]))
                    for plan, costs in enumerate(landed, start=1)
                    for _, day, cost in landed_from(market, cell, plan, closing, exits[cell.key])
                ),
                exit=exits[cell.key],
                holding=market.holding(cell.region, item),
                closing=closing,
                direct=direct[cell.key],
                lying=tuple(market.lying(cell.region, item, plan) for plan in range(PLANS)),
            )
    return found


def sale(market: Market, cell: Cell, direct: float) -> float:
    """Equation 4: what a sale from staging adds."""
    facts, last_mile = market.items[cell.item], market.regions[cell.region]["last_mile"]
    if math.isinf(direct):
        return facts["margin"] - last_mile
    lost = market.lost(cell.region, cell.item)
    return (1.0 - lost) * (direct - last_mile) + lost * (facts["margin"] - last_mile)


def cheapest_exit(market: Market, cell: Cell) -> float:
    """Equation 5: the cheapest exit but a redirect; written off at its cost without any."""
    back = [
        market.freight(lane, cell.item)
        for lane in market.lanes_between({cell.region}, set(market.hubs))
    ]
    costs = []
    for kind, leads_to in EXITS.items():
        row = market.exit_row(kind, cell.region, cell.item)
        if row is None or leads_to == "region":
            continue
        lane = 0.0 if leads_to == "" else min(back, default=math.inf)
        costs.append(market.exit_cost(row, cell.region, cell.item) + lane)
    best = min(costs, default=math.inf)
    return market.items[cell.item]["unit_cost"] if math.isinf(best) else best


def holders(market: Market, item: str, before: float) -> set[str]:
    """Hubs that hold an item, or will before that day."""
    found = {hub for hub, held in market.hub_stock if held == item}
    found |= {
        hub
        for (hub, held), rows in market.hub_inbound.items()
        if held == item and any(day < before for day, _ in rows)
    }
    return found


# parcels: equations 3a to 3c


def parcels_that_serve(market: Market, item: str) -> dict[Key, float]:
    """Parcel cost of the orders of each cell, as the item's hubs run down (equation 3c)."""
    cells = market.cells_of[item]
    direct = {cell.key: cheapest_parcel(market, cell) for cell in cells}
    stock, price = market.stock_of(item), market.parcels()
    refill = refill_day(market, item)
    if not runs_dry(market, item, refill, lambda cell, hub: price.get((hub, cell.region))):
        return direct
    orders = {cell.region: need_and_left(cell, 0, [refill])[0][0] for cell in cells}
    margin = market.items[item]["margin"]
    runs = run_down_paths(stock, orders, lost_or_parcel(price, margin))
    least = missed_least(stock, runs)
    for cell in cells:
        if math.isfinite(direct[cell.key]):
            money = [run.order[cell.region] - run.rent[least] for run in runs]
            direct[cell.key] = mean_by_orders(money, orders[cell.region])
    return direct


def cheapest_parcel(market: Market, cell: Cell) -> float:
    """Parcel cost from the cheapest hub that holds the item, else from one that soon will."""
    price = market.parcels()
    for before in (1, 7 * market.settings.review_weeks):
        costs = [
            price[hub, cell.region]
            for hub in holders(market, cell.item, before)
            if (hub, cell.region) in price
        ]
        if costs:
            return min(costs)
    return math.inf


def refill_day(market: Market, item: str) -> int:
    """Day on which the item's hubs are next supplied."""
    coming = [
        day for (_, held), rows in market.hub_inbound.items() if held == item for day, _ in rows
    ]
    weeks = 7 * market.settings.hub_refill_weeks
    return min([market.days, *coming]) if coming else min(weeks, market.days)


def runs_dry(
    market: Market, item: str, day: int, price: Callable[[Cell, str], float | None]
) -> bool:
    """Whether a hub is used up by then, with more than 1 %, by the cells it is cheapest for."""
    stock = {hub: units for hub, units in market.stock_of(item).items() if units > 0}
    asked = {hub: np.zeros(market.scenarios, dtype=np.int64) for hub in stock}
    for cell in market.cells_of[item]:
        costs = {hub: price(cell, hub) for hub in stock}
        able = {hub: cost for hub, cost in costs.items() if cost is not None}
        if able:
            hub = min(able, key=lambda each: (able[each], -stock[each]))
            asked[hub] = asked[hub] + _drawn(demand_until(cell, day))
    return any((asked[hub] >= units).mean() > 0.01 for hub, units in stock.items())


def _drawn(wanted: Counts) -> Counts:
    """Units that leave a hub on each path: its orders, or what a plan may stage in vain."""
    return np.maximum(wanted, math.ceil(wanted.mean() + wanted.std()))


# units of later plans: equation 7


def landed_from(
    market: Market, cell: Cell, plan: int, closing: float, exit_cost: float
) -> list[tuple[str, int, float]]:
    """Hub, day and landed cost of each departure that a later plan may use (equations 7, 33).

    A later plan is taken to fill its vehicles: each unit pays its part of a full one. For room that
    is scarce then it pays what is told.
    """
    if not cell.stocked:
        return []
    monday = 7 * market.settings.review_weeks * plan
    hubs = holders(market, cell.item, math.inf)
    found = []
    for lane in market.lanes_between(hubs, {cell.region}, monday):
        lead = closing_over(closing, lane.lead / 7.0)
        freight = market.freight(lane, cell.item) + in_full_vehicles(market, lane, cell.item)
        freight += market.dearer(lane, cell.item, plan)
        cost = (freight + lead * exit_cost) / (1.0 - lead)
        found.append((lane.origin, monday + lane.lead, max(cost, -exit_cost)))
    return found


def in_full_vehicles(market: Market, lane: Lane, item: str) -> float:
    """What a unit adds where the vehicles of a lane are full (equation 33)."""
    facts = market.items[item]
    part = max(facts["volume"] / lane.vehicle_volume, facts["weight_kg"] / lane.vehicle_kg)
    return lane.vehicle_cost * part


def landed_as_hubs_run_down(
    market: Market, item: str, plan: int, closing: float, exits: Mapping[Key, float]
) -> dict[Key, float]:
    """c_next of each cell at a plan: the cheapest hub, or those that send when it is used up."""
    cells, stock = market.cells_of[item], market.stock_of(item)
    price: dict[tuple[str, str], float] = {}
    for cell in cells:
        for hub, _, cost in landed_from(market, cell, plan, closing, exits[cell.key]):
            price[hub, cell.region] = min(cost, price.get((hub, cell.region), math.inf))
    by_cell = {
        cell.key: [cost for (_, region), cost in price.items() if region == cell.region]
        for cell in cells
    }
    landed = {key: min(costs, default=math.inf) for key, costs in by_cell.items()}
    period = min(7 * market.settings.review_weeks, market.days)
    if not runs_dry(market, item, period, lambda cell, hub: price.get((hub, cell.region))):
        return landed
    reached = [cell for cell in cells if by_cell[cell.key]]
    orders = {cell.region: demand_until(cell, period) for cell in reached}
    dearest = max(price.values())
    runs = run_down_paths(stock, orders, lost_or_parcel(price, dearest))
    for cell in reached:
        mean = mean_by_orders([run.order[cell.region] for run in runs], orders[cell.region])
        landed[cell.key] = max(landed[cell.key], min(mean, max(by_cell[cell.key])))
    return landed


def _later_arrivals(
    market: Market, cell: Cell, landed: list[dict[Key, float]]
) -> list[tuple[int, int, float]]:
    found = []
    for plan, costs in enumerate(landed, start=1):
        days = [day for _, day, _ in landed_from(market, cell, plan, 0.0, 0.0)]
        if days:
            found.append((min(days), plan, costs[cell.key]))
    return found
