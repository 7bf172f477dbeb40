"""What orders tell the program: which demand a region serves, and what a sale there is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats, Ids, Ints
from foreship_optimize.demand import DemandScenarios

__all__ = ["OrderCredits"]


@dataclass(frozen=True)
class OrderCredits:
    """By cell, what past orders say of units that lie there; cells sorted by (region, item)."""

    region: Ids
    """(C,)"""
    item: Ids
    """(C,)"""
    share: Floats
    """f: chance that a unit ordered stands in an order that the region serves, (C,)"""
    net: Floats
    """e: what a unit sold from the region earns beyond its worth if it stays, (C,) [money]"""
    most: Ints
    """units that may be sent to each cell: those of the plan that settled, (C,)"""
    further: Floats
    """part of the units ordered that pay as further ones of their parcels, (C,)"""
    worth_serving: Floats
    """F: chance that a unit ordered stands in an order that is worth serving there, whole or not
    with this plan, (C,)"""
    served: DemandScenarios | None = None
    """the demand of the orders that regions serve, where these are known; absent: `share` says"""

    def effective(self, demand: DemandScenarios) -> DemandScenarios:
        """Return the demand of the orders that regions serve (section 9 of docs/value.md)."""
        if self.served is not None:
            return self.served
        return demand.taking_part(self._of(demand.region, demand.item, self.share))

    def servable(self, demand: DemandScenarios) -> DemandScenarios:
        """Return the demand of the orders that some plan may let regions serve (equation 30)."""
        if self.served is not None:
            return self.served
        return demand.taking_part(self._of(demand.region, demand.item, self.worth_serving))

    def net_of(self, region: Ids, item: Ids) -> Floats:
        """Return e of some cells; 0 where nothing is known."""
        return self._of(region, item, self.net)

    def most_of(self, region: Ids, item: Ids) -> Ints:
        """Return how many units may be sent to some cells; 0 where nothing is known."""
        return self._of(region, item, self.most.astype(np.float64)).astype(np.int64)

    def further_of(self, region: Ids, item: Ids) -> Floats:
        """Return which part pays as further units in some cells; 0 where nothing is known."""
        return self._of(region, item, self.further)

    def _of(self, region: Ids, item: Ids, values: Floats) -> Floats:
        same = len(region) == len(self.region)
        if same and (region == self.region).all() and (item == self.item).all():
            return values
        known = pd.MultiIndex.from_arrays([self.region, self.item])
        at = known.get_indexer(pd.MultiIndex.from_arrays([region, item]))
        found = np.zeros(len(region))
        found[at >= 0] = values[at[at >= 0]]
        return found
