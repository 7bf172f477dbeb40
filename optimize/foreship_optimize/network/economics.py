"""What a sale, a week of holding, an exit and a lane are worth in each cell (equations 4 to 7).

All results are arrays over the cells, in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace

import numpy as np

from foreship_foundation.actions import exit_names
from foreship_foundation.arrays import Bools, Floats, Ids, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.exits import ExitBook
from foreship_optimize.network.regional_terms import WEEKS_PER_YEAR, holding_of, lost_share_of
from foreship_optimize.network.transport.hub_lanes import (
    from_hubs,
    full_vehicle_share,
    lane_cost,
    lanes_by_region,
)
from foreship_optimize.network.transport.next_plans import (
    MOST_PLANS,
    AheadPrices,
    NextPlans,
    Period,
)
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.network.unit_parcels import unit_parcels
from foreship_optimize.params import OptimizeParams

__all__ = ["Economics", "held_by", "price_cells", "weekly_closing"]


@dataclass(frozen=True)
class Economics:
    """Money and lanes of each cell [money a unit unless stated]."""

    benefit: Floats
    """b, equation 4: what a sale from staging adds"""
    holding: Floats
    """h: a week-end in the region, beyond what it costs at a hub (equation 35)"""
    exit_cost: Floats
    """e, equation 5: the cheapest exit but a redirect"""
    exit_name: Ids
    """its name, '' where the cell has none and the unit is written off"""
    cost: Floats
    """c: the cheapest usable lane from a hub that holds the item; inf without one"""
    cheapest_lane: Floats
    """the same over all open lanes, those too late for the horizon too"""
    arrival_day: Ints
    """earliest arrival over those lanes, from `as_of`; NEVER without one"""
    next_plans: NextPlans
    """c_next, equation 7: landed cost of a unit of each plan ahead, and the days they come on"""
    direct_cost: Floats
    """parcel cost from the cheapest hub that holds the item; inf where none does. Where hubs run
    down: of the hub that serves then (equation 3c)"""
    most_credit: Floats
    """most that an order may be worth beyond `direct_cost` on some path (equation 15); 0 where hubs
    do not run down"""
    closing: Floats
    """d, equation 6: weekly chance that the cell closes without notice"""

    def rows(self, index: Ints) -> Economics:
        """Return the same of some of the cells."""
        names = (each.name for each in fields(self) if each.name != "next_plans")
        mine = {name: getattr(self, name)[index] for name in names}
        return replace(self, **mine, next_plans=self.next_plans.rows(index))


def weekly_closing(per_year: float) -> float:
    """Equation 6: the chance d of closing in a week, from the chance in a year."""
    return float(1.0 - (1.0 - per_year) ** (1.0 / WEEKS_PER_YEAR))


def price_cells(
    cells: Cells,
    network: Network,
    exits: ExitBook,
    params: OptimizeParams,
    obsolescence_per_year: float,
    horizon_days: int,
    ahead: AheadPrices | None = None,
) -> Economics:
    """Price a sale, an unsold unit and the lanes of every cell.

    Parameters
    ----------
    ahead
        What later plans pay for scarce room; absent: nothing is scarce.
    """
    closing = np.full(len(cells), weekly_closing(obsolescence_per_year))
    exit_cost, exit_name = _cheapest_exit(cells, network, exits)
    cost, arrival = _cheapest_arrival(cells, network, horizon_days)
    cheapest, _ = _cheapest_arrival(cells, network, NEVER)
    direct = _direct_cost(cells, network, params.plan.review_weeks)
    review_weeks = params.plan.review_weeks
    next_plans = _next_plans(cells, network, closing, exit_cost, review_weeks, ahead)
    return Economics(
        benefit=benefit_of(cells, network, direct),
        holding=holding_of(network, cells.region, cells.item),
        exit_cost=exit_cost,
        exit_name=exit_name,
        cost=cost,
        cheapest_lane=cheapest,
        arrival_day=arrival,
        next_plans=next_plans,
        direct_cost=direct,
        most_credit=np.zeros(len(cells)),
        closing=closing,
    )


def benefit_of(cells: Cells, network: Network, direct: Floats) -> Floats:
    """Equation 4: what staging a unit ahead adds to its sale.

    An order that no hub can serve is lost without the staged unit: its whole margin is the gain.
    """
    last_mile = network.last_mile[cells.region]
    margin = network.margin[cells.item] - last_mile
    served = np.isfinite(direct)
    lost = np.where(served, lost_share_of(network, cells.region, cells.item), 1.0)
    saved = np.where(served, direct, 0.0) - last_mile
    return np.asarray((1.0 - lost) * saved + lost * margin)


def _cheapest_exit(cells: Cells, network: Network, exits: ExitBook) -> tuple[Floats, Ids]:
    """Equation 5: the cheapest exit of each cell; without any the unit is written off."""
    back = _cheapest_lane_back(cells, network)
    options = [
        (kind, exits.cost_of(kind, cells.region, cells.item)[0] + back)
        for kind in exit_names(destination="hub")
    ]
    options += [
        (kind, exits.cost_of(kind, cells.region, cells.item)[0])
        for kind in exit_names(destination="")
    ]
    costs = np.stack([cost for _, cost in options])
    names = np.array([name for name, _ in options], dtype=object)
    best = costs.argmin(axis=0)
    cost = costs.min(axis=0)
    none = np.isinf(cost)
    written_off = network.unit_cost[cells.item]
    return np.where(none, written_off, cost), np.where(none, "", names[best]).astype(object)


def _cheapest_lane_back(cells: Cells, network: Network) -> Floats:
    """Cheapest lane of each cell back to a hub; inf without one."""
    lanes, hubs = network.lanes_between("region", "hub"), len(network.hubs)
    back = np.full(len(cells), np.inf)
    ends = network.lanes.destination[lanes], network.lanes.origin[lanes] - hubs
    for _, table in lanes_by_region(network, lanes, *ends):
        back = np.minimum(back, lane_cost(network, table[cells.region], cells.item))
    return back


def _cheapest_arrival(cells: Cells, network: Network, horizon: int) -> tuple[Floats, Ints]:
    """Cheapest lane now and earliest arrival, over the hubs that hold the item."""
    cost = np.full(len(cells), np.inf)
    day = np.full(len(cells), NEVER, dtype=np.int64)
    for hub, table in from_hubs(network, 0):
        lane = table[cells.region]
        lead = network.lanes.lead_days[lane]
        usable = (lane >= 0) & (lead < horizon) & (network.hub_stock[cells.item, hub] > 0)
        cost = np.where(usable, np.minimum(cost, lane_cost(network, lane, cells.item)), cost)
        day = np.where(usable, np.minimum(day, lead), day)
    return cost, day


def _next_plans(
    cells: Cells,
    network: Network,
    closing: Floats,
    exit_cost: Floats,
    review_weeks: int,
    ahead: AheadPrices | None,
) -> NextPlans:
    """Follow the lanes from hubs through the plans ahead: equation 7 for each run of plans."""
    every = 7 * review_weeks
    periods = [
        Period(
            plan,
            *_landed_at(cells, network, closing, exit_cost, every, plan, ahead),
            _lying(cells, network, plan, ahead),
        )
        for plan in _plans_of_change(network, every, ahead)
    ]
    return NextPlans(periods, review_weeks, ahead)


def _lying(cells: Cells, network: Network, plan: int, ahead: AheadPrices | None) -> Floats:
    """What a unit pays for scarce storage from that plan to the next, by cell."""
    if ahead is None:
        return np.zeros(len(cells))
    return ahead.lying(plan, cells.region, network.volume[cells.item])


def _plans_of_change(network: Network, every: int, ahead: AheadPrices | None) -> list[int]:
    """Plans ahead that find other lanes from hubs, or other prices, than the one before, and 1."""
    lanes, hubs = network.lanes, len(network.hubs)
    ship = (lanes.origin < hubs) & (lanes.destination >= hubs)
    days = np.concatenate([lanes.first_day[ship], lanes.last_day[ship] + 1])
    days = days[(days > every) & (days <= every * MOST_PLANS)]
    dearer = [] if ahead is None else ahead.plans_of_change
    return sorted({1, *dearer, *(-(-days // every)).tolist()})


def _landed_at(
    cells: Cells,
    network: Network,
    closing: Floats,
    exit_cost: Floats,
    every: int,
    plan: int,
    ahead: AheadPrices | None,
) -> tuple[Floats, Ints]:
    """Cheapest landed cost at a plan, by cell, inf without one, and the least lead time."""
    landed = np.full(len(cells), np.inf)
    least = np.full(len(cells), NEVER, dtype=np.int64)

    money = closing, exit_cost
    scarce = _scarce(cells, network, ahead, plan)
    for _, cost, days in _landed_by_lane(cells, network, *money, every * plan, scarce):
        landed = np.minimum(landed, cost)
        least = np.minimum(least, np.where(np.isfinite(cost), days, NEVER))
    return landed, least


def _scarce(
    cells: Cells, network: Network, ahead: AheadPrices | None, plan: int
) -> Callable[[int, Ints], Floats | float]:
    """Return what a unit of a plan pays for scarce room, by its hub and the lanes of the cells."""

    def pays(hub: int, lane: Ints) -> Floats | float:
        if ahead is None:
            return 0.0
        return ahead.dearer(plan, lane, hub, cells.region, network.volume[cells.item])

    return pays


def freight_from(cells: Cells, network: Network, rows: Ints) -> Floats:
    """Cheapest lane open now from each hub into some cells, (rows, hubs); inf without one."""
    cost, item = np.full((len(rows), len(network.hubs)), np.inf), cells.item[rows]
    for hub, table in from_hubs(network, 0):
        price = lane_cost(network, table[cells.region[rows]], item)
        cost[:, hub] = np.minimum(cost[:, hub], price)
    return np.where(cells.stocked[rows][:, None], cost, np.inf)


def landed_from(
    cells: Cells, network: Network, economics: Economics, day: int, rows: Ints
) -> Floats:
    """Landed cost of a unit that each hub sends on a plan's day, (rows, hubs); inf where it cannot.

    It pays for scarce room of that plan, as those of `economics.next_plans` do.
    """
    landed, some = np.full((len(rows), len(network.hubs)), np.inf), cells.rows(rows)
    money = economics.closing[rows], economics.exit_cost[rows]
    plans = economics.next_plans
    scarce = _scarce(some, network, plans.ahead, day // plans.every)
    for hub, cost, _ in _landed_by_lane(some, network, *money, day, scarce):
        landed[:, hub] = np.minimum(landed[:, hub], cost)
    return landed


def landed_by(cells: Cells, network: Network, economics: Economics, rows: Ints, day: int) -> Floats:
    """Cheapest landed cost of a next plan's unit that arrives by `day`, (rows,); inf without one.

    Where hubs run down it is no less than what a unit of that plan costs then.
    """
    plans, best = economics.next_plans, np.full(len(rows), np.inf)
    money, some = (economics.closing[rows], economics.exit_cost[rows]), cells.rows(rows)
    for period in plans.periods:
        monday = period.plan * plans.every
        if monday > day:
            break
        scarce = _scarce(some, network, plans.ahead, period.plan)
        for _, cost, days in _landed_by_lane(some, network, *money, monday, scarce):
            truly = np.where(np.isfinite(cost), np.maximum(cost, period.landed[rows]), np.inf)
            best = np.where(monday + days <= day, np.minimum(best, truly), best)
    return best


def _landed_by_lane(
    cells: Cells,
    network: Network,
    closing: Floats,
    exit_cost: Floats,
    day: int,
    scarce: Callable[[int, Ints], Floats | float] = lambda _hub, _lane: 0.0,
) -> Iterator[tuple[int, Floats, Ints]]:
    """Equations 7 and 33, c_next = (c + D e) / (1 - D), by lanes then open from hubs then stocked.

    Yields a hub, the landed cost of each cell's unit (inf where it cannot come) and its lead time.

    Parameters
    ----------
    scarce
        What a unit pays for scarce room, by its hub and the lanes of the cells.
    """
    supplied = held_by(network, None)
    for hub, table in from_hubs(network, day):
        lane = table[cells.region]
        usable = (lane >= 0) & supplied[cells.item, hub] & cells.stocked
        days = network.lanes.lead_days[lane]
        lead = closing_over_days(closing, days)
        freight = lane_cost(network, lane, cells.item) + scarce(hub, lane)
        freight = freight + full_vehicle_share(network, lane, cells.item)
        cost = (freight + lead * exit_cost) / (1.0 - lead)
        yield hub, np.where(usable, np.maximum(cost, -exit_cost), np.inf), days


def closing_over_days(closing: Floats, days: Ints | int) -> Floats:
    """Chance D that a cell closes within that many days."""
    return np.asarray(1.0 - (1.0 - closing) ** (np.asarray(days) / 7.0))


def held_by(network: Network, before_day: int | None) -> Bools:
    """Mark the hubs that hold an item or will receive it (before that day), (items, hubs)."""
    held = network.hub_stock > 0
    rows = network.inbound
    mine = rows.place < len(network.hubs)
    if before_day is not None:
        mine &= rows.day < before_day
    held[rows.item[mine], rows.place[mine]] = True
    return np.asarray(held)


def _direct_cost(cells: Cells, network: Network, review_weeks: int) -> Floats:
    """Parcel cost from the cheapest hub that holds the item, else from one that will."""
    now = _cheapest_parcel(cells, network, network.hub_stock > 0)
    soon = _cheapest_parcel(cells, network, held_by(network, 7 * review_weeks))
    return np.where(np.isfinite(now), now, soon)


def _cheapest_parcel(cells: Cells, network: Network, held: Bools) -> Floats:
    """Cheapest parcel over the hubs that have the item; inf where none has it."""
    direct = np.full(len(cells), np.inf)
    parcels = unit_parcels(network, cells, np.arange(len(cells)))
    for hub in range(len(network.hubs)):
        price = np.where(held[cells.item, hub], parcels[:, hub], np.inf)
        direct = np.minimum(direct, price)
    return direct
