"""Orders that are known to come: which of them regions will serve whole, and on which day.

Section 9 of docs/value.md, "Orders that are known". Nothing is a share here: an order is served or
it is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.demand import WEEK_DAYS, DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.economics import Economics
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.orders.baskets import Baskets, Keeping
from foreship_optimize.orders.past_orders import PERIOD, PastOrders, given_orders

__all__ = ["Dealt", "coming_orders", "deal_units", "needed_now", "units_by_day"]


@dataclass(frozen=True)
class Dealt:
    """Orders worth serving that come, once what lies there is dealt to them: O orders, L lines."""

    served: Bools
    """orders that regions can serve whole if every plan sends what is missing, (O,)"""
    missing: Ints
    """units of each line that this plan has to send, (L,): no later one is there in time"""
    left: Ints
    """units of each cell that no order took, (C,)"""

    @property
    def lines(self) -> Bools:
        """Mark the lines of which this plan has to send some, (L,)."""
        return self.missing > 0


def coming_orders(
    orders: pd.DataFrame, network: Network, demand: DemandScenarios, as_of: pd.Timestamp
) -> PastOrders:
    """Read orders that come, a window a day from `as_of` to the horizon of `demand`.

    Raises
    ------
    ValueError
        Where `demand` is no single path that holds all of them.
    """
    days = (orders["date"] - as_of).dt.days.to_numpy()
    seen = (days >= 0) & (days < demand.horizon_days)
    lines = orders[seen].assign(**{PERIOD: days[seen]})
    _check_path(lines, demand)
    return given_orders(lines, network, demand.horizon_days)


def _check_path(lines: pd.DataFrame, demand: DemandScenarios) -> None:
    """Refuse a demand that wants less of some cell and week than its orders do."""
    by_week = lines.assign(week=lines[PERIOD] // WEEK_DAYS).groupby(["region", "item", "week"])
    told = by_week["quantity"].sum().reset_index()
    cells = pd.MultiIndex.from_arrays([demand.region, demand.item])
    at = cells.get_indexer(pd.MultiIndex.from_frame(told[["region", "item"]]))
    wanted = demand.totals[at, told["week"].to_numpy()]
    if demand.scenarios != 1 or (wanted < told["quantity"].to_numpy())[at >= 0].any():
        raise ValueError("orders that come must be those of a single path of demand")


def deal_units(baskets: Baskets, cells: Cells, money: Economics, keeping: Keeping) -> Dealt:
    """Deal what lies there, or is due, to the orders in their sequence; find what is missing.

    What is missing of a line has to arrive before its order: an order that comes too early for one
    of its lines is not served and takes nothing.

    Parameters
    ----------
    baskets
        Orders worth serving with a window a day.
    """
    every, sends = np.arange(len(cells)), np.isfinite(keeping.dearer)
    arrival = np.where(sends, money.arrival_day, NEVER)
    following, _ = money.next_plans.after(every, arrival)
    left, due = cells.on_hand.copy(), np.argsort(cells.inbound_day, kind="stable")
    served = np.zeros(len(baskets.period), dtype=bool)
    missing = np.zeros(len(baskets.cell), dtype=np.int64)
    landed = 0
    for order, day in enumerate(baskets.period.tolist()):
        while landed < len(due) and cells.inbound_day[due[landed]] <= day:
            left[cells.inbound_cell[due[landed]]] += cells.inbound_units[due[landed]]
            landed += 1
        lines = slice(baskets.first[order], baskets.first[order + 1])
        there, units = baskets.cell[lines], baskets.units[lines]
        lacks = np.maximum(units - left[there], 0)
        if (arrival[there][lacks > 0] > day).any():
            continue
        served[order] = True
        left[there] -= units - lacks
        missing[lines] = np.where(following[there] > day, lacks, 0)
    return Dealt(served, missing, left)


def needed_now(baskets: Baskets, dealt: Dealt) -> tuple[Baskets, Ints]:
    """Return what this plan has to send for orders, in one window, and which orders these are."""
    lines = dealt.lines
    order = np.unique(baskets.order[lines])
    sizes = np.bincount(baskets.order[lines], minlength=len(baskets.period))[order]
    wants = Baskets(
        period=np.zeros(len(order), dtype=np.int64),
        first=np.append(0, np.cumsum(sizes)),
        cell=baskets.cell[lines],
        units=dealt.missing[lines],
        saving=baskets.saving[order],
        weight=np.ones(1),
    )
    return wants, order


def units_by_day(
    network: Network, cells: Cells, start: np.datetime64, days: int, baskets: Baskets, served: Bools
) -> DemandScenarios:
    """Add up the units of orders that regions serve: a certain path with known days.

    Parameters
    ----------
    baskets
        Orders with a window a day.
    served
        Those of them that are served, (O,).
    """
    daily = np.zeros((len(cells), days), dtype=np.int64)
    mine = served[baskets.order]
    day = baskets.period[baskets.order]
    np.add.at(daily, (baskets.cell[mine], day[mine]), baskets.units[mine])
    region, item = network.regions[cells.region], network.items[cells.item]
    return DemandScenarios.on_days(region, item, start, daily)
