"""The limits of the plans of a horizon: lanes, docks, and hub stock until it is refilled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.ahead.horizon import Horizon, Ways
from foreship_optimize.ahead.horizon_program import Room
from foreship_optimize.network.transport.places_and_lanes import Network

__all__ = ["Rooms", "behind_limits", "limits_of", "rooms_of", "users_of"]


@dataclass(frozen=True)
class Rooms:
    """Room of each plan at every place: rows of `network.lanes`, then hubs, then regions."""

    most: Floats
    """volume of lanes, units at docks, inf = unlimited; shape (T, L + H + R)"""
    group: Ints
    """lane whose room each lane of a plan shares, -1 where it carries nothing, (T, L)"""
    hub: Ints
    """position of each lane's hub, (L,)"""
    region: Ints
    """position of each lane's region, (L,)"""
    hubs: int

    @property
    def lanes(self) -> int:
        """Rows of `network.lanes`."""
        return len(self.hub)

    def places(self, plan: Ints, lane: Ints) -> Ints:
        """Positions of the three places that a unit on a lane uses, (N, 3)."""
        docks = self.lanes + self.hub[lane], self.lanes + self.hubs + self.region[lane]
        return np.stack([self.group[plan, lane], *docks], axis=1)

    def uses(self, flag: Bools, plan: Ints, lane: Ints) -> Bools:
        """Tell which units use a place that is marked in its plan, (N,)."""
        return np.asarray(flag[plan[:, None], self.places(plan, lane)].any(axis=1))

    def add_load(self, load: Floats, plan: Ints, lane: Ints, units: Floats, volume: Floats) -> None:
        """Add what units on lanes use of every place to a load, shaped as `most`, in order."""
        sizes = np.stack([units * volume, units, units], axis=1)
        np.add.at(load, (plan[:, None], self.places(plan, lane)), sizes)


def rooms_of(network: Network, every: int, plans: int) -> Rooms:
    """Read the room of each plan; docks have it on each day on which lanes leave or arrive."""
    lanes, hubs = network.lanes, len(network.hubs)
    group = np.stack([lanes.group_on(every * plan) for plan in range(plans)])
    hub = np.clip(lanes.origin, 0, max(hubs - 1, 0))
    region = np.clip(lanes.destination - hubs, 0, max(len(network.regions) - 1, 0))
    most = []
    for plan in range(plans):
        first = group[plan] == np.arange(len(hub))
        carried = np.where(first, lanes.room_on(every * plan), np.inf)
        used = network.lanes_between("hub", "region", every * plan)
        leaves = _per_plan(network.picking, hub[used], lanes.offset[used])
        arrives = _per_plan(network.receiving, region[used], lanes.lead_days[used])
        taken = _inbound(network, every * plan, every)
        most.append(np.concatenate([carried, leaves, np.maximum(arrives - taken, 0.0)]))
    return Rooms(np.stack(most), group, hub, region, hubs)


def _per_plan(a_day: Floats, place: Ints, day: Ints) -> Floats:
    """Units of a plan at each place: those of a day, on each of its days."""
    days = np.unique(np.stack([place, day]), axis=1)[0]
    count = np.bincount(days, minlength=len(a_day))
    limited = np.isfinite(a_day)
    return np.where(limited, np.where(limited, a_day, 0.0) * count, np.inf)


def _inbound(network: Network, first: int, days: int) -> Floats:
    """Units that are on their way and come to each region on some days, (R,)."""
    rows, hubs = network.inbound, len(network.hubs)
    here = (rows.place >= hubs) & (rows.day >= first) & (rows.day < first + days)
    taken = np.bincount(rows.place[here] - hubs, rows.quantity[here], len(network.regions))
    return taken.astype(np.float64)


def users_of(rooms: Rooms, ways: Ways, flag: Bools, cells: int) -> Bools:
    """Mark the cells that some way leads into over a place that is marked in its plan, (C,)."""
    uses = np.zeros(cells, dtype=bool)
    uses[ways.cell[rooms.uses(flag, ways.plan, ways.lane)]] = True
    return uses


def behind_limits(network: Network, rooms: Rooms, every: int) -> Bools:
    """Mark the regions that some later plan reaches over a limit, or whose storage is one, (R,)."""
    behind = np.zeros(len(network.regions), dtype=bool)
    for plan in range(1, len(rooms.most)):
        lane = network.lanes_between("hub", "region", every * plan)
        limited = rooms.uses(np.isfinite(rooms.most), np.full(len(lane), plan), lane)
        behind[rooms.region[lane[limited]]] = True
        behind[rooms.region[lane]] |= np.isfinite(network.capacity[rooms.region[lane]])
    return behind


def limits_of(
    horizon: Horizon, network: Network, rooms: Rooms, others: Floats, refill: Ints, every: int
) -> Room:
    """List the limits that ways of these cells share: places of plans, then stock of hubs.

    Parameters
    ----------
    others
        What cells that are not in the program use of every place, shaped as `rooms.most`.
    refill
        Day on which hubs are next supplied with each item, (I,).
    """
    ways, places = horizon.ways, rooms.most.shape[1]
    volume, one = horizon.volume[ways.cell], np.ones(len(ways.cell))
    key = ways.plan[:, None] * places + rooms.places(ways.plan, ways.lane)
    sizes = np.stack([volume, one, one], axis=1)
    way, kind = np.nonzero(np.isfinite(rooms.most.ravel()[key]))
    rows, of_place = np.unique(key[way, kind], return_inverse=True)
    item, hubs = horizon.item[ways.cell], max(len(network.hubs), 1)
    early = np.flatnonzero(every * ways.plan < refill[item])
    stocks, of_stock = np.unique(item[early] * hubs + ways.hub[early], return_inverse=True)
    left = np.maximum(rooms.most.ravel()[rows] - others.ravel()[rows], 0.0)
    held = network.hub_stock[stocks // hubs, stocks % hubs].astype(np.float64)
    none = np.full(len(stocks), -1)
    return Room(
        plan=np.concatenate([rows // places, none]),
        place=np.concatenate([rows % places, none]),
        region=np.full(len(rows) + len(stocks), -1),
        most=np.concatenate([left, held]),
        way=np.concatenate([way, early]),
        row=np.concatenate([of_place, len(rows) + of_stock]),
        size=np.concatenate([sizes[way, kind], np.ones(len(early))]),
        kept=np.full(horizon.supply.shape, -1),
    )
