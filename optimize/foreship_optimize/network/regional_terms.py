"""What depends on the region beside the item: who waits for a parcel, and what holding adds.

Equations 34 and 35 of docs/value.md.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.network.transport.hub_lanes import from_hubs, lane_cost
from foreship_optimize.network.transport.places_and_lanes import Network

__all__ = ["WEEKS_PER_YEAR", "holding_of", "lost_share_of"]


WEEKS_PER_YEAR: Final = 52.0


def lost_share_of(network: Network, region: Ints, item: Ints) -> Floats:
    """Equation 34: l, share of orders lost without the item in the region, shape (B,).

    By the days that its region saves over a parcel, where the settings say what a day is worth and
    `lanes` how long parcels take; what the item states goes before it.
    """
    share, per_day = network.lost_share[item], network.lost_share_per_day
    if np.isnan(per_day):
        return np.asarray(share)
    days = network.parcel_days[region]
    by_days = 1.0 - (1.0 - per_day) ** np.where(np.isnan(days), 0.0, days)
    known = ~network.lost_share_stated[item] & ~np.isnan(days)
    return np.asarray(np.where(known, by_days, share))


def holding_of(network: Network, region: Ints, item: Ints) -> Floats:
    """Equation 35: h, what a week in the region costs more than one at the hub, shape (B,)."""
    here, at_hub = network.holding[item], network.hub_holding[item]
    stated = ~np.isnan(at_hub)
    if not (stated.any() or (network.hub_holding_rate > 0.0).any()):
        return np.asarray(here)
    weekly = network.hub_holding_rate / WEEKS_PER_YEAR
    hub = _cheapest_hub(network, region, item)
    by_rate = np.where(hub >= 0, weekly[hub], 0.0) * network.unit_cost[item]
    return np.asarray(np.maximum(here - np.where(stated, at_hub, by_rate), 0.0))


def _cheapest_hub(network: Network, region: Ints, item: Ints) -> Ints:
    """Hub of the cheapest lane open now into each cell, whatever it holds; -1 without one."""
    cost, hub = np.full(len(item), np.inf), np.full(len(item), -1, dtype=np.int64)
    for place, table in from_hubs(network, 0):
        here = lane_cost(network, table[region], item)
        better: Bools = here < cost
        cost, hub = np.where(better, here, cost), np.where(better, place, hub)
    return hub
