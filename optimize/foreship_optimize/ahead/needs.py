"""What hubs will need by week: what later plans send from them, and parcels, with quantiles.

Equation 32 of docs/program.md. Cells are walked path by path, plan by plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.tables.output_files import NEEDS, QUANTILES
from foreship_optimize.ahead.horizon import Horizon, plans_in, read_horizon
from foreship_optimize.ahead.unpriced import cheapest_ways, levels_of
from foreship_optimize.compiled import FEW_CELLS
from foreship_optimize.demand import WEEK_DAYS, DemandScenarios
from foreship_optimize.network.cells import align_demand
from foreship_optimize.network.economics import held_by
from foreship_optimize.network.regional_terms import lost_share_of
from foreship_optimize.network.transport.places_and_lanes import Network, codes_of
from foreship_optimize.network.unit_parcels import unit_parcels
from foreship_optimize.params import OptimizeParams
from foreship_optimize.plan import Plan
from foreship_optimize.valuation.inputs import Ground, read_ground

__all__ = ["needs_of"]

BLOCK_NUMBERS = 10_000_000
"""cells x plans x paths walked at a time"""


@dataclass(frozen=True)
class _Decided:
    """Units that are decided on or priced, whatever the path."""

    units: Floats
    """into each cell, less those out of it; NaN where a level decides, (C, T)"""
    cell: Ints
    """of each send from a hub, and its plan, hub and units"""
    plan: Ints
    hub: Ints
    sent: Floats

    def rows(self, chosen: Ints) -> _Decided:
        """Return some of the cells, renumbered by place."""
        place = np.full(len(self.units), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        mine = place[self.cell] >= 0
        sends = place[self.cell[mine]], self.plan[mine], self.hub[mine], self.sent[mine]
        return _Decided(self.units[chosen], *sends)


def needs_of(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    obsolescence: float,
    plan: Plan,
) -> pd.DataFrame:
    """Walk the plan and the expected later ones through the paths; sum what leaves each hub.

    Parameters
    ----------
    tables, demand, as_of, params, obsolescence
        What the plan was made from.
    plan
        Its lines are what this week sends; where later weeks are priced, its `sends_ahead` are what
        they send. Other cells are filled up to what pays by the cheapest lane.

    Returns
    -------
    Columns of `needs.parquet`, by hub, item and week.
    """
    credits_used = plan.order_credits
    served = demand if credits_used is None else credits_used.effective(demand)
    ground = read_ground(tables, served, as_of, params, obsolescence)
    review, network, cells = params.plan.review_weeks, ground.network, ground.cells
    wanted_of_all = None if served is demand else align_demand(demand, cells, network, as_of)[0]
    plans = plans_in(ground.wanted.horizon_days, review, None)
    economics, decided = ground.economics(), _decided(ground, plan, as_of, plans, review)
    parcel_hub = _parcel_hub(ground)
    frames = []
    for rows in _whole_items(cells.item, BLOCK_NUMBERS // (plans * demand.scenarios)):
        horizon = read_horizon(network, cells, ground.wanted, economics, review, plans, rows)
        wanted = horizon.wanted
        if wanted_of_all is not None:
            again = read_horizon(network, cells, wanted_of_all, economics, review, plans, rows)
            wanted = again.wanted
        needed, sent = _walked(horizon, wanted, network, decided.rows(rows), parcel_hub[rows])
        frames.append(_summed_up(network, np.unique(horizon.item), needed, sent, as_of, review))
    columns = list(NEEDS.names)
    if not frames:
        return pd.DataFrame(columns=columns)
    return pd.concat(frames, ignore_index=True).sort_values(columns[:3], ignore_index=True)[columns]


def _whole_items(item: Ints, size: int) -> Iterator[Ints]:
    """Cut cells into blocks of about `size` that hold whole items, ascending within each."""
    order = np.argsort(item, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(item[order])) + 1, len(order))
    first = 0
    for end in ends.tolist():
        if end - first >= size or end == len(order):
            yield np.sort(order[first:end])
            first = end


def _decided(ground: Ground, plan: Plan, as_of: pd.Timestamp, plans: int, review: int) -> _Decided:
    """Read the lines of the plan, and what priced later plans send."""
    network, cells = ground.network, ground.cells
    units = np.full((len(cells), plans), np.nan)
    units[:, 0] = 0.0
    names = ["origin", "destination", "item"]
    moved = plan.lines[names].assign(plan=0, units=plan.lines["quantity"].astype(float))
    if plan.sends_ahead is not None:
        week = (plan.sends_ahead["week"] - as_of).dt.days // (WEEK_DAYS * review)
        ahead = plan.sends_ahead[names].assign(plan=week, units=plan.sends_ahead["units"])
        moved = pd.concat([moved, ahead], ignore_index=True)
    item, when = codes_of(moved["item"], network.items), moved["plan"].to_numpy(np.int64)
    ends = (
        cells.find(codes_of(moved[end], network.regions), item, len(network.items))
        for end in ("origin", "destination")
    )
    amount = moved["units"].to_numpy(np.float64)
    out_of, into = ends
    # a cell that is priced sends nothing in the weeks that are not named
    units[np.unique(into[(when > 0) & (into >= 0)]), 1:] = 0.0
    for cell, sign in ((out_of, -1.0), (into, 1.0)):
        known = cell >= 0
        np.add.at(units, (cell[known], when[known]), sign * amount[known])
    hub = codes_of(moved["origin"], network.hubs)
    ships = (hub >= 0) & (into >= 0)
    return _Decided(units, into[ships], when[ships], hub[ships], amount[ships])


def _parcel_hub(ground: Ground) -> Ints:
    """Hub of the cheapest parcel to each cell, of hubs that have the item or will; -1 without."""
    network, cells = ground.network, ground.cells
    price = unit_parcels(network, cells, np.arange(len(cells)))
    held = held_by(network, None)[cells.item]
    price = np.where(held | ~held.any(axis=1, keepdims=True), price, np.inf)
    if not price.shape[1]:
        return np.full(len(cells), -1, dtype=np.int64)
    return np.where(np.isfinite(price).any(axis=1), price.argmin(axis=1), -1)


def _walked(
    horizon: Horizon, wanted: Ints, network: Network, decided: _Decided, parcel_hub: Ints
) -> tuple[Floats, Floats]:
    """Units that leave each hub, by plan, hub, item and path, and the mean of those for regions.

    Parameters
    ----------
    wanted
        All demand; what regions may serve of it is the horizon's.
    """
    plans, paths = wanted.shape[1:]
    items, item = np.unique(horizon.item, return_inverse=True)
    needed = np.zeros((plans, len(network.hubs), len(items), paths))
    sent = np.zeros(needed.shape[:3])
    levels, (way_hub, _) = levels_of(horizon), cheapest_ways(horizon)
    waits = 1.0 - lost_share_of(network, horizon.region, horizon.item)
    there = np.zeros((len(horizon.rows), paths))
    asked = np.flatnonzero(parcel_hub >= 0)
    for plan in range(plans):
        by_level = np.isnan(decided.units[:, plan]) & (way_hub[:, plan] >= 0)
        level = np.where(by_level, levels[:, plan], -1.0)
        units = np.nan_to_num(decided.units[:, plan])
        sends, mine = np.flatnonzero(by_level), decided.plan == plan
        decides = decided.hub[mine], item[decided.cell[mine]]
        # orders that take part fall on days by themselves: a window may hold one that all does not
        weekly = horizon.supply[:, plan], level, units, horizon.wanted[:, plan], wanted[:, plan]
        more, parcels = _week(*weekly, waits, there)
        _add(needed[plan], way_hub[sends, plan], item[sends], more, sends)
        np.add.at(sent[plan], decides, decided.sent[mine])
        sent[plan] += needed[plan].mean(axis=2)
        np.add.at(needed[plan], decides, decided.sent[mine, None])
        _add(needed[plan], parcel_hub[asked], item[asked], parcels, asked)
    return needed, sent


def _week(
    supply: Floats,
    level: Floats,
    decided: Floats,
    served: Ints,
    wanted: Ints,
    waits: Floats,
    there: Floats,
) -> tuple[Floats, Floats]:
    """Walk one week as `walk_week` says; return units that plans send, and parcels, (C, S) each."""
    if len(there) > FEW_CELLS:
        from foreship_optimize.ahead.needs_loops import walk_week

        more, parcels = np.empty_like(there), np.empty_like(there)
        walk_week(supply, level, decided, served, wanted, waits, there, more, parcels)
        return more, parcels
    there += supply[:, None]
    up_to = np.maximum(level[:, None] - there, 0.0)
    more = np.where(level[:, None] >= 0.0, up_to, decided[:, None])
    lies = np.maximum(there + more, 0.0)
    sold = np.minimum(lies, served)
    there[:] = lies - sold
    return more, np.maximum(wanted - sold, 0) * waits[:, None]


def _add(total: Floats, hub: Ints, item: Ints, units: Floats, rows: Ints) -> None:
    """Add paths of some cells up by hub and item into `total`, (H, I, S).

    Parameters
    ----------
    units
        Of every cell and path, (C, S).
    rows
        Cells that are added, of `hub` and `item`.
    """
    if not len(hub):
        return
    key = hub.astype(np.int64) * total.shape[1] + item
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.append(True, np.diff(key[order]) != 0))
    if len(units) > FEW_CELLS:
        from foreship_optimize.ahead.needs_loops import add_groups

        flat, ends = total.reshape(-1, total.shape[2]), np.append(first, len(order))
        add_groups(flat, key[order][first], rows[order], ends, units)
        return
    at = np.divmod(key[order][first], total.shape[1])
    total[at] += np.add.reduceat(units[rows[order]], first, axis=0)


def _summed_up(
    network: Network, items: Ints, needed: Floats, sent: Floats, as_of: pd.Timestamp, review: int
) -> pd.DataFrame:
    """Mean and quantiles of what leaves each hub, and what is expected there before."""
    mean, every = needed.mean(axis=3), WEEK_DAYS * review
    plan, hub, item = np.nonzero(mean > 0.0)
    ordered = np.sort(needed[plan, hub, item], axis=1)
    at = [max(int(np.ceil(level * ordered.shape[1] - 1e-9)) - 1, 0) for level in QUANTILES]
    stock = _expected_stock(network, items, mean, every)
    columns = {
        "hub": network.hubs[hub],
        "item": network.items[items[item]],
        "week": as_of + pd.to_timedelta(every * plan, unit="D"),
        "stock": stock[plan, hub, item],
        "mean": mean[plan, hub, item],
        "sent": sent[plan, hub, item],
    }
    shares = {
        f"q{round(100 * level):02d}": ordered[:, place]
        for level, place in zip(QUANTILES, at, strict=True)
    }
    return pd.DataFrame(columns | shares)


def _expected_stock(network: Network, items: Ints, mean: Floats, every: int) -> Floats:
    """Stock of each hub before each week: what is there and comes by then, less what left, >= 0."""
    plans, hubs, _ = mean.shape
    comes = np.zeros((plans, hubs, len(network.items)))
    rows = network.inbound
    mine = (rows.place < hubs) & (rows.day > 0) & (rows.day <= every * (plans - 1))
    week = -(-rows.day[mine] // every)
    np.add.at(comes, (week, rows.place[mine], rows.item[mine]), rows.quantity[mine])
    comes[0] += network.hub_stock.T
    stock, left = np.zeros_like(mean), np.zeros(mean.shape[1:])
    for plan in range(plans):
        stock[plan] = left + comes[plan][:, items]
        left = np.maximum(stock[plan] - mean[plan], 0.0)
    return stock
