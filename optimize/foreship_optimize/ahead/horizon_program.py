"""The program over the weeks after: expected flows of every plan under the room there is.

Equation 30 of docs/program.md. Units that lie in a cell through a window fill tiers, of which each
sells with its own chance; what does not sell lies there in the next window.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.ahead.horizon import Horizon
from foreship_optimize.ahead.tiers_ahead import Tiers, tiers_of
from foreship_optimize.program.solver import Rows

__all__ = ["HorizonProgram", "Room", "build"]


@dataclass(frozen=True)
class Room:
    """Limits of the plans of a horizon, one row each: sum of size x units <= most."""

    plan: Ints
    """-1 for the stock of a hub, which several plans share"""
    place: Ints
    """position in `Rooms.most`, -1 for the stock of a hub and storage"""
    region: Ints
    """whose storage it is, -1 for other limits"""
    most: Floats
    way: Ints
    """ways that use a row: the way of each entry"""
    row: Ints
    """the row of each entry"""
    size: Floats
    """what a unit on the way uses of it"""
    kept: Ints
    """row that what lies in a cell through a window uses, -1 for none, shape (C, T)"""


@dataclass(frozen=True)
class HorizonProgram:
    """Minimise cost x over 0 <= x <= most and rows: first balances of cells, then limits."""

    cost: Floats
    most: Floats
    rows: Rows
    ways: slice
    """columns of the ways"""
    limits: slice
    """rows of the limits"""
    tiers: Tiers


def build(horizon: Horizon, room: Room) -> HorizonProgram:
    """Write the program down.

    Columns: tiers, what lies beyond them, what leaves, ways, and what is left in the end, in a
    first part that the next period sells and a rest. Rows: balance of each cell and window, and one
    after the last window; then the limits.
    """
    tiers = tiers_of(horizon.wanted)
    cells, windows = horizon.supply.shape
    ways, every = horizon.ways, np.arange(cells * windows)
    cell, window = every // windows, every % windows
    ends = np.arange(cells)
    most = _most_units(horizon)
    sizes = np.array([len(tiers.cell), len(every), len(every), len(ways.cell), cells, cells])
    first = np.concatenate([[0], np.cumsum(sizes)])
    held = horizon.holding

    def balance(of_cell: Ints, in_window: Ints) -> Ints:
        """Row of a cell's balance in a window, the one after the last among them."""
        return np.asarray(of_cell * (windows + 1) + in_window)

    unsold = 1.0 - tiers.chance
    parts = [
        (balance(tiers.cell, tiers.window), first[0] + np.arange(sizes[0]), np.ones(sizes[0])),
        (balance(tiers.cell, tiers.window + 1), first[0] + np.arange(sizes[0]), -unsold),
        (balance(cell, window), first[1] + every, np.ones(len(every))),
        (balance(cell, window + 1), first[1] + every, -np.ones(len(every))),
        (balance(cell, window), first[2] + every, np.ones(len(every))),
        (balance(ways.cell, ways.window), first[3] + np.arange(sizes[3]), -np.ones(sizes[3])),
        (balance(ends, windows + 0 * ends), first[4] + ends, np.ones(cells)),
        (balance(ends, windows + 0 * ends), first[5] + ends, np.ones(cells)),
        (cells * (windows + 1) + room.row, first[3] + room.way, room.size),
    ]
    of_tier, of_rest = room.kept[tiers.cell, tiers.window], room.kept.ravel()
    fills, rests = np.flatnonzero(of_tier >= 0), np.flatnonzero(of_rest >= 0)
    limit, volume = cells * (windows + 1), horizon.volume
    parts += [
        (limit + of_tier[fills], first[0] + fills, volume[tiers.cell[fills]]),
        (limit + of_rest[rests], first[1] + rests, volume[cell[rests]]),
    ]
    row, column, value = (np.concatenate(each) for each in zip(*parts, strict=True))
    supply = np.hstack([horizon.supply, np.zeros((cells, 1))]).ravel()
    free = np.full(len(room.most), -np.inf)
    cost = np.concatenate(
        [
            unsold * held[tiers.cell] - tiers.chance * horizon.benefit[tiers.cell],
            held[cell],
            horizon.exit_cost[cell],
            ways.cost,
            -_worth_in_the_end(horizon),
            horizon.exit_cost,
        ]
    )
    mean = horizon.wanted.mean(axis=(1, 2))
    upper = [tiers.units, most[cell], most[cell], most[ways.cell], np.minimum(mean, most), most]
    return HorizonProgram(
        cost=cost,
        most=np.concatenate(upper),
        rows=Rows(row, column, value, np.append(supply, free), np.append(supply, room.most)),
        ways=slice(int(first[3]), int(first[4])),
        limits=slice(cells * (windows + 1), cells * (windows + 1) + len(room.most)),
        tiers=tiers,
    )


def _most_units(horizon: Horizon) -> Floats:
    """Units that no plan has reason to exceed in a cell: all that comes, and all that is wanted."""
    wanted = horizon.wanted.max(axis=2, initial=0).sum(axis=1)
    return np.asarray(horizon.supply.sum(axis=1) + wanted + 1.0)


def _worth_in_the_end(horizon: Horizon) -> Floats:
    """Worth of a unit that the first period after the horizon sells: one less to send, c - h w."""
    after = horizon.landed[:, -1]
    known = np.isfinite(after)
    kept = np.where(known, after, 0.0) - horizon.holding
    return np.where(known, np.maximum(kept, -horizon.exit_cost), -horizon.exit_cost)
