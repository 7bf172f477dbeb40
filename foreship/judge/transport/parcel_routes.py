"""Parcels from hubs to regions: their price and their days, whether or not their lane is open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship.judge.transport.lanes import Lanes
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["ParcelRoutes"]


@dataclass(frozen=True)
class ParcelRoutes:
    """Which hub sends parcels to which region on one day, and at what price."""

    cost: Floats
    """of a parcel's first unit, shape (regions, hubs), inf without a lane"""
    further: Floats
    """of each further unit of it, shape (regions, hubs), inf without a lane"""
    days: Floats
    """until it arrives, shape (regions, hubs), NaN where unknown"""
    nearest: Ints
    """hubs of each region by cost, ties in hub order, shape (regions, hubs)"""

    @classmethod
    def of(cls, lanes: Lanes, regions: int, hubs: int, is_open: Bools) -> ParcelRoutes:
        """Read the rows of `lanes`; open ones tell the price of their pair before others."""
        cost, further = (np.full((regions, hubs), np.inf) for _ in range(2))
        days = np.full((regions, hubs), np.nan)
        serves = np.flatnonzero((lanes.origin >= regions) & (lanes.destination < regions))
        ranked = tuple(
            column[serves]
            for column in (lanes.direct_days, lanes.direct_further, lanes.direct_cost, ~is_open)
        )
        for lane in serves[np.lexsort(ranked)]:
            at = lanes.destination[lane], lanes.origin[lane] - regions
            if np.isinf(cost[at]):
                cost[at], days[at] = lanes.direct_cost[lane], lanes.direct_days[lane]
                further[at] = lanes.direct_further[lane]
        nearest = np.argsort(cost, axis=1, kind="stable").astype(np.int64)
        return cls(cost, further, days, nearest)

    @property
    def days_of_nearest(self) -> Floats:
        """Days of the cheapest parcel into each region, NaN where unknown, shape (regions,)."""
        return np.asarray(self.days[np.arange(len(self.days)), self.nearest[:, 0]])
