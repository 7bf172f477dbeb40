"""The limits of the plans of a horizon: lanes, and what hubs hold until they are refilled."""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.ahead.horizon import Horizon
from foreship_optimize.ahead.horizon_program import Room
from foreship_optimize.network.places_and_lanes import Network

__all__ = ["KINDS", "LANE", "STOCK", "behind_limits", "limits_of", "room_of_lanes"]

KINDS = ("lane", "stock")
LANE, STOCK = range(len(KINDS))


def room_of_lanes(network: Network, every: int, plans: int) -> Floats:
    """Volume that each lane carries for a plan, inf = unlimited, (plans, lanes)."""
    return np.stack([network.lanes.room_on(every * plan) for plan in range(plans)])


def behind_limits(network: Network, region: Ints, room: Floats) -> Bools:
    """Mark the cells of these regions into which some later plan's lane has a limit, (C,)."""
    hubs = len(network.hubs)
    limited = np.isfinite(room[1:]).any(axis=0) & (room[1:] > 0.0).any(axis=0)
    ship = (network.lanes.origin < hubs) & (network.lanes.destination >= hubs)
    behind = np.zeros(len(network.regions), dtype=bool)
    behind[network.lanes.destination[limited & ship] - hubs] = True
    return np.asarray(behind[region])


def limits_of(
    horizon: Horizon, network: Network, room: Floats, others: Floats, refill: Ints, every: int
) -> Room:
    """List the limits that ways of these cells share.

    Parameters
    ----------
    room
        Of lanes, as `room_of_lanes`.
    others
        Volume by which cells that are not in the program use lanes, shaped alike.
    refill
        Day on which hubs are next supplied with each item, (I,).
    """
    ways = horizon.ways
    way = np.arange(len(ways.cell))
    limited = np.flatnonzero(np.isfinite(room[ways.plan, ways.lane]))
    lanes = len(network.lanes.origin)
    lane_key = ways.plan[limited] * lanes + ways.lane[limited]
    item = horizon.item[ways.cell]
    early = np.flatnonzero(every * ways.plan < refill[item])
    stock_key = item[early] * len(network.hubs) + ways.hub[early]
    lane_rows, of_lane = np.unique(lane_key, return_inverse=True)
    stock_rows, of_stock = np.unique(stock_key, return_inverse=True)
    plan, lane = lane_rows // max(lanes, 1), lane_rows % max(lanes, 1)
    hubs = max(len(network.hubs), 1)
    held = network.hub_stock[stock_rows // hubs, stock_rows % hubs]
    left = np.maximum(room[plan, lane] - others[plan, lane], 0.0)
    return Room(
        kind=np.repeat([LANE, STOCK], [len(lane_rows), len(stock_rows)]),
        plan=np.concatenate([plan, np.zeros_like(stock_rows)]),
        place=np.concatenate([lane, stock_rows % hubs]),
        most=np.concatenate([left, held.astype(np.float64)]),
        way=np.concatenate([way[limited], early]),
        row=np.concatenate([of_lane, len(lane_rows) + of_stock]),
        size=np.concatenate([horizon.volume[ways.cell[limited]], np.ones(len(early))]),
    )
