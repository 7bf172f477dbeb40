"""Room of regions in the weeks after: what lies there through each window, and what may."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.ahead.horizon import Horizon
from foreship_optimize.ahead.horizon_program import Room
from foreship_optimize.ahead.unpriced import Unpriced
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.transport.places_and_lanes import Network

__all__ = ["Storage", "resting_cells", "volume_of", "with_storage"]


@dataclass(frozen=True)
class Storage:
    """Volume of each region and plan, shape (T, R) each."""

    most: Floats
    """that fits: the region's capacity, or what lies there whatever plans do; inf = unlimited"""
    resting: Floats
    """of units that no plan adds to: they lie there until they sell"""

    def full(self, flows: Unpriced, region: Ints) -> Bools:
        """Mark where later plans would leave more than fits, (T, R)."""
        lying = self.resting + volume_of(flows, region, self.most.shape)
        beyond = np.asarray(lying > self.most * (1.0 + 1e-9))
        beyond[0] = False
        return beyond

    def left(self, others: Unpriced, region: Ints, idle: Floats) -> Floats:
        """Volume for some cells beside the flows of others, no less than what lies there idle."""
        beside = self.resting + volume_of(others, region, self.most.shape)
        return np.maximum(self.most - beside, idle)


def volume_of(flows: Unpriced, region: Ints, shape: tuple[int, ...]) -> Floats:
    """Sum the volume that flows leave in every region through each window, (T, R)."""
    there = np.zeros(shape)
    np.add.at(there.T, region, flows.there * flows.volume[:, None])
    return there


def resting_cells(network: Network, cells: Cells, rows: Ints) -> Ints:
    """Cells of regions with a capacity in which units lie, or come, and that are not among some."""
    holds = cells.on_hand > 0
    holds[cells.inbound_cell] = True
    holds[rows] = False
    return np.flatnonzero(holds & np.isfinite(network.capacity[cells.region]))


def with_storage(room: Room, horizon: Horizon, left: Floats) -> Room:
    """Add a limit a window and region: what lies there through the window (equation 30).

    Parameters
    ----------
    left
        Volume that these cells may use, inf = unlimited, shape (T, R).
    """
    cells, plans = horizon.supply.shape
    fills = (horizon.volume > 0.0)[:, None] & np.isfinite(left[:, horizon.region].T)
    key = np.arange(plans)[None, :] * left.shape[1] + horizon.region[:, None]
    rows, of_cell = np.unique(key[fills], return_inverse=True)
    kept = np.full((cells, plans), -1, dtype=np.int64)
    kept[fills] = len(room.most) + of_cell
    none = np.full(len(rows), -1)
    return replace(
        room,
        plan=np.concatenate([room.plan, rows // left.shape[1]]),
        place=np.concatenate([room.place, none]),
        region=np.concatenate([room.region, rows % left.shape[1]]),
        most=np.concatenate([room.most, left.ravel()[rows]]),
        kept=kept,
    )
