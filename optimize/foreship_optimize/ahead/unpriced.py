"""What plans would send if no room were scarce, in closed form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.ahead.horizon import Horizon
from foreship_optimize.ahead.rooms import Rooms
from foreship_optimize.arrays import parts, short, shortest
from foreship_optimize.compiled import FEW_CELLS

__all__ = ["Unpriced", "cheapest_ways", "exceeded", "levels_of", "load_of", "unpriced_flows"]

AT_ONCE = 20_000
"""cells whose ways are looked at together: bounds memory, never changes an answer"""


@dataclass(frozen=True)
class Unpriced:
    """Expected units of each plan, each by the cheapest lane, and what lies there after them."""

    sent: Floats
    """shape (C, T)"""
    there: Floats
    """shape (C, T)"""
    idle: Floats
    """what would lie there if no plan sent anything, shape (C, T)"""
    hub: Ints
    """that sends them, -1 without one, shape (C, T)"""
    lane: Ints
    """row of `network.lanes` that carries them, -1 without one, shape (C, T)"""
    volume: Floats
    """of a unit, shape (C,)"""

    @classmethod
    def joined(cls, parts: Sequence[Unpriced]) -> Unpriced:
        """Join the flows of blocks of cells."""
        return cls(
            *(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(cls))
        )

    def unsent(self) -> Unpriced:
        """Return what lies there if no plan sends anything."""
        return replace(self, sent=np.zeros_like(self.sent), there=self.idle)

    def of_cells(self, chosen: Ints) -> Unpriced:
        """Return the flows of some cells."""
        return Unpriced(*(getattr(self, each.name)[chosen] for each in fields(self)))


def levels_of(horizon: Horizon) -> Ints:
    """Equation 30a: units that plans fill each cell up to where nothing is scarce, (C, T).

    The k-th pays while p_k (b - c' + h w) >= c - c' + h w, with c' what one of the next plan costs.
    """
    after = np.hstack([horizon.landed[:, 1:], horizon.landed[:, -1:]])
    after = np.where(np.isfinite(after), after, horizon.landed)
    with np.errstate(invalid="ignore"):
        charge = horizon.landed - after + horizon.holding[:, None]
        gain = horizon.benefit[:, None] - after + horizon.holding[:, None]
    pays = np.isfinite(charge) & (gain > 0.0) & (charge <= gain)
    ratio = np.where(pays, np.maximum(charge, 0.0) / np.where(pays, gain, 1.0), 2.0)
    paths = horizon.wanted.shape[2]
    # p_k >= ratio where at least that many paths want k: the level is an order statistic
    fewest = np.maximum(np.ceil(ratio * paths - 1e-9).astype(np.int64), 1)
    return _order_statistics(horizon.wanted, np.where(fewest <= paths, paths - fewest, -1))


def _order_statistics(wanted: Ints, at: Ints) -> Ints:
    """Demand of each window that at least `at` paths do not exceed, 0 where `at` is -1, (C, T)."""
    if len(wanted) > FEW_CELLS:
        from foreship_optimize.ahead.window_loops import count_levels

        level = np.zeros(at.shape, dtype=np.int64)
        count_levels(wanted, at, level)
        return level
    # short numbers are sorted by radix, many times as fast
    ordered = np.sort(shortest(wanted), axis=2, kind="stable")
    found = np.take_along_axis(ordered, np.maximum(at, 0)[:, :, None], axis=2)[:, :, 0]
    return np.where(at >= 0, found.astype(np.int64), 0)


def unpriced_flows(horizon: Horizon, levels: Ints) -> Unpriced:
    """Fill every cell up to its level plan by plan, on expected stock."""
    open_way = np.isfinite(horizon.landed)
    sent, there = _filled(horizon, np.where(open_way, levels, 0))
    _, idle = _filled(horizon, np.zeros_like(levels))
    return Unpriced(sent, there, idle, *cheapest_ways(horizon), horizon.volume)


def _filled(horizon: Horizon, levels: Ints) -> tuple[Floats, Floats]:
    """Units that come plan by plan, up to a level, and what then lies there, (C, T) each."""
    sent, there = np.zeros(levels.shape), np.zeros(levels.shape)
    if len(levels) > FEW_CELLS:
        from foreship_optimize.ahead.window_loops import fill_cells

        fill_cells(levels, horizon.supply, horizon.wanted, sent, there)
        return sent, there
    left = np.zeros(len(levels))
    for plan in range(levels.shape[1]):
        lying = left + horizon.supply[:, plan]
        sent[:, plan] = np.maximum(levels[:, plan] - lying, 0.0)
        there[:, plan] = lying + sent[:, plan]
        unsold = there[:, plan, None] - horizon.wanted[:, plan]
        left = np.maximum(unsold, 0.0).mean(axis=1)
    return sent, there


def cheapest_ways(horizon: Horizon) -> tuple[Ints, Ints]:
    """Hub and lane of the cheapest way of each cell and plan, -1 without one, (C, T) each."""
    ways = horizon.ways
    hub, lane = (np.full(horizon.landed.shape, -1, dtype=np.int64) for _ in range(2))
    cheapest = ways.cost <= horizon.landed[ways.cell, ways.plan]
    # of equal ones the first: the last one written
    some = ways.rows(np.flatnonzero(cheapest)[::-1])
    hub[some.cell, some.plan], lane[some.cell, some.plan] = some.hub, some.lane
    return short(hub), short(lane)


def load_of(flows: Unpriced, rooms: Rooms) -> Floats:
    """What the flows use of every place, shaped as `rooms.most`."""
    load = np.zeros(rooms.most.shape)
    for some in parts(len(flows.volume), AT_ONCE):
        cell, plan = np.nonzero(flows.lane[some] >= 0)
        lane, units = flows.lane[some][cell, plan], flows.sent[some][cell, plan]
        rooms.add_load(load, plan, lane, units, flows.volume[some][cell])
    return load


def exceeded(load: Floats, room: Floats) -> Bools:
    """Mark the places of later plans that the flows would fill beyond their room."""
    beyond = load > room * (1.0 + 1e-9)
    beyond[0] = False
    return np.asarray(beyond)
