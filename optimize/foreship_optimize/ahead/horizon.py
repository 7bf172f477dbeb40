"""The weeks after as arrays: what cells want plan by plan, what comes to them, and the ways in."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.arrays import parts
from foreship_optimize.compiled import FEW_CELLS
from foreship_optimize.demand import WEEK_DAYS, DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.economics import Economics, held_by
from foreship_optimize.network.transport.hub_lanes import from_hubs, full_vehicle_share, lane_cost
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.valuation.unit_worth.net_demand import StockWalk

__all__ = ["Horizon", "Ways", "plans_in", "reached_now", "read_horizon", "read_ways", "usual_lead"]


BLOCK_PATHS = 400_000
"""cells x scenarios walked in one block"""


@dataclass(frozen=True)
class Ways:
    """Ways of a unit into a cell, one row a (cell, lane, plan)."""

    cell: Ints
    """position in the cells of the horizon"""
    lane: Ints
    """row of `network.lanes` that carries it"""
    hub: Ints
    plan: Ints
    """0 is this plan"""
    window: Ints
    """of the cell in which it arrives; as many as there are plans: after the horizon"""
    cost: Floats
    """freight in full vehicles [money a unit]"""

    def rows(self, chosen: Ints | Bools) -> Ways:
        """Return some of the ways."""
        return Ways(*(getattr(self, each.name)[chosen] for each in fields(self)))


@dataclass(frozen=True)
class Horizon:
    """Cells that new units may come to, over the plans that the demand covers.

    Window t of a cell begins when units of plan t come by its usual lane, the cheapest of this
    Monday, and ends when those of the next plan do.
    """

    rows: Ints
    """position of each cell in the cells of the plan, shape (C,)"""
    region: Ints
    item: Ints
    volume: Floats
    lead_days: Ints
    """until the first window"""
    wanted: Ints
    """demand of each window, shape (C, T, S)"""
    supply: Floats
    """units that come without a plan: expected on hand at the first window, and inbound, (C, T)"""
    benefit: Floats
    holding: Floats
    """of a unit through a window [money]"""
    exit_cost: Floats
    landed: Floats
    """cheapest freight of a plan's unit [money]; inf where none can come, shape (C, T)"""
    ways: Ways

    @property
    def plans(self) -> int:
        """Plans looked at, this one among them."""
        return int(self.wanted.shape[1])

    def of_cells(self, chosen: Ints) -> Horizon:
        """Return some of the cells, ascending, and their ways."""
        place = np.full(len(self.rows), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        ways = self.ways.rows(place[self.ways.cell] >= 0)
        mine = {
            each.name: getattr(self, each.name)[chosen]
            for each in fields(self)
            if each.name != "ways"
        }
        return Horizon(**mine, ways=replace(ways, cell=place[ways.cell]))


def plans_in(horizon_days: int, review_weeks: int, weeks_ahead: int | None) -> int:
    """Plans of the horizon, this one among them: those whose windows the demand covers."""
    plans = max(1, horizon_days // (WEEK_DAYS * review_weeks))
    return plans if weeks_ahead is None else min(plans, 1 + weeks_ahead // review_weeks)


def read_horizon(
    network: Network,
    cells: Cells,
    demand: DemandScenarios,
    economics: Economics,
    review_weeks: int,
    plans: int,
    rows: Ints,
) -> Horizon:
    """Read what some cells want of later plans.

    Parameters
    ----------
    plans
        Plans looked at, this one among them.
    rows
        Positions in the cells, ascending. Where no lane leads to one now, its windows are weeks.
    """
    every, mine = WEEK_DAYS * review_weeks, cells.rows(rows)
    usual = usual_lead(network, mine)
    usual = np.where(usual < NEVER, usual, 0)
    wanted, supply = _windows(demand, cells, rows, usual, every, plans)
    ways = read_ways(network, mine, usual, every, plans)
    landed = np.full((len(rows), plans), np.inf)
    np.minimum.at(landed, (ways.cell, ways.plan), ways.cost)
    return Horizon(
        rows=rows,
        region=mine.region,
        item=mine.item,
        volume=network.volume[mine.item],
        lead_days=usual,
        wanted=wanted,
        supply=supply,
        benefit=economics.benefit[rows],
        holding=economics.holding[rows] * review_weeks,
        exit_cost=economics.exit_cost[rows],
        landed=landed,
        ways=ways,
    )


def reached_now(network: Network, cells: Cells) -> Ints:
    """Cells that some lane of this Monday leads to, from a hub that holds the item or will."""
    return np.flatnonzero(usual_lead(network, cells) < NEVER)


def usual_lead(network: Network, cells: Cells) -> Ints:
    """Days by the cheapest lane of this Monday from any hub; NEVER where none is open."""
    cost, lead = np.full(len(cells), np.inf), np.full(len(cells), NEVER, dtype=np.int64)
    supplied = held_by(network, None)
    for hub, table in from_hubs(network, 0):
        lane = table[cells.region]
        usable = supplied[cells.item, hub] & cells.stocked
        here = np.where(usable, lane_cost(network, lane, cells.item), np.inf)
        lead = np.where(here < cost, network.lanes.lead_days[lane], lead)
        cost = np.minimum(cost, here)
    return lead


def _windows(
    demand: DemandScenarios, cells: Cells, rows: Ints, usual: Ints, every: int, plans: int
) -> tuple[Ints, Floats]:
    """Demand of the windows, (C, T, S), and what comes without a plan, (C, T)."""
    wanted = np.zeros((len(rows), plans, demand.scenarios), dtype=_kind_of(demand))
    supply = np.zeros((len(rows), plans))
    walks = _awaiting(cells)[rows] | (len(rows) <= FEW_CELLS)
    for lead in np.unique(usual).tolist():
        starts = [min(lead + every * plan, demand.horizon_days) for plan in range(plans + 1)]
        same = np.flatnonzero(usual == lead)
        for part in parts(len(same), max(1, BLOCK_PATHS // demand.scenarios)):
            for write, chosen in ((_walk, walks), (_read, ~walks)):
                here = same[part][chosen[same[part]]]
                if len(here):
                    write(demand, cells, rows, here, (lead, starts), (wanted, supply))
    _add_inbound(supply, cells, rows, usual, every)
    return wanted, supply


def _kind_of(demand: DemandScenarios) -> type[np.signedinteger]:
    """Kind of number that holds the demand of all weeks together."""
    return np.int32 if demand.paths.dtype.itemsize <= 2 else np.int64


def _awaiting(cells: Cells) -> Bools:
    """Mark the cells into which something is on its way, (C,)."""
    mark = np.zeros(len(cells), dtype=bool)
    mark[cells.inbound_cell] = True
    if cells.late is not None:
        mark[cells.late.cell] = True
    return mark


def _walk(
    demand: DemandScenarios,
    cells: Cells,
    rows: Ints,
    here: Ints,
    days: tuple[int, list[int]],
    written: tuple[Ints, Floats],
) -> None:
    """Write the windows of some of the rows, whose stock is walked to the first one."""
    (lead, starts), (wanted, supply) = days, written
    walk = StockWalk(demand, cells, rows[here], (lead, *starts))
    walk.until(lead)
    supply[here, 0] = walk.stock.mean(axis=1)
    until = np.stack([walk.demand_until[day] for day in starts], axis=1)
    wanted[here] = np.diff(until, axis=1)


def _read(
    demand: DemandScenarios,
    cells: Cells,
    rows: Ints,
    here: Ints,
    days: tuple[int, list[int]],
    written: tuple[Ints, Floats],
) -> None:
    """Write the windows of many rows into which nothing is on its way: the same, compiled."""
    from foreship_optimize.ahead.window_loops import read_windows

    (lead, starts), (wanted, supply) = days, written
    stops = np.unique([lead, *starts])
    until = demand.until_days(rows[here], stops.tolist())
    first, places = int(np.searchsorted(stops, lead)), np.searchsorted(stops, starts)
    read_windows(until, first, places, cells.on_hand[rows[here]], here, wanted, supply)


def _add_inbound(supply: Floats, cells: Cells, rows: Ints, usual: Ints, every: int) -> None:
    """Count what is on its way and comes after the first window has begun."""
    place = np.full(len(cells), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    at = place[cells.inbound_cell]
    known = at >= 0
    after = cells.inbound_day[known] - usual[at[known]]
    window = np.where(after > 0, after // every, supply.shape[1])
    inside = window < supply.shape[1]
    units = cells.inbound_units[known][inside]
    np.add.at(supply, (at[known][inside], window[inside]), units.astype(np.float64))


def read_ways(network: Network, cells: Cells, usual: Ints, every: int, plans: int) -> Ways:
    """List every lane of every plan from a hub that holds the item, or has it coming."""
    found: list[Ways] = []
    supplied = held_by(network, None)
    for plan in range(plans):
        for hub, table in from_hubs(network, every * plan):
            lane = table[cells.region]
            cost = lane_cost(network, lane, cells.item)
            cost = cost + full_vehicle_share(network, lane, cells.item)
            usable = (lane >= 0) & supplied[cells.item, hub] & cells.stocked
            if plan == 0:
                usable &= network.hub_stock[cells.item, hub] > 0
            cell = np.flatnonzero(usable)
            later = np.maximum(network.lanes.lead_days[lane[cell]] - usual[cell], 0)
            window = np.minimum(plan + -(-later // every), plans)
            same = np.full(len(cell), hub), np.full(len(cell), plan)
            found.append(Ways(cell, lane[cell], same[0], same[1], window, cost[cell]))
    none = np.empty(0, dtype=np.int64)
    found.append(Ways(none, none, none, none, none, np.empty(0)))
    columns = (np.concatenate([getattr(way, each.name) for way in found]) for each in fields(Ways))
    joined = Ways(*columns)
    return joined.rows(np.lexsort((joined.plan, joined.lane, joined.cell)))
