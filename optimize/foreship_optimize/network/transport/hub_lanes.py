"""Lanes as tables by hub and region, and what a unit costs on them."""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.network.transport.places_and_lanes import Network

__all__ = ["from_hubs", "full_vehicle_share", "lane_cost", "lanes_by_region"]


def lane_cost(network: Network, lane: Ints, item: Ints) -> Floats:
    """Cost of one unit on a lane, by the unit and by the kg; inf where the lane is -1."""
    lanes = network.lanes
    if not len(lanes.origin):
        return np.full(len(item), np.inf)
    cost = lanes.cost_per_unit[lane] + lanes.cost_per_kg[lane] * network.weight_kg[item]
    return np.where(lane >= 0, cost, np.inf)


def full_vehicle_share(network: Network, lane: Ints, item: Ints) -> Floats:
    """What one unit adds on a lane whose vehicles are full: F max(v / V, kg / K) [money]."""
    lanes = network.lanes
    if not lanes.vehicle_cost.any():
        return np.zeros(len(item))
    volume = network.volume[item] / lanes.vehicle_volume[lane]
    part = np.maximum(volume, network.weight_kg[item] / lanes.vehicle_kg[lane])
    return np.asarray(lanes.vehicle_cost[lane] * part)


def lanes_by_region(
    network: Network, lanes: Ints, hub: Ints, region: Ints
) -> list[tuple[int, Ints]]:
    """Tables of some lanes: a hub, and its lane to or from each region, -1 where it has none.

    A hub has as many tables as it has lanes to or from one region, and at least one.

    Parameters
    ----------
    lanes, hub, region
        Positions of lanes, and the hub and the region of each.
    """
    order = np.lexsort((lanes, region, hub))
    lanes, hub, region = lanes[order], hub[order], region[order]
    pair = hub * len(network.regions) + region
    nth = np.arange(len(pair)) - np.searchsorted(pair, pair)
    tables = []
    for place in range(len(network.hubs)):
        for turn in range(int(nth[hub == place].max(initial=0)) + 1):
            mine = (hub == place) & (nth == turn)
            table = np.full(len(network.regions), -1, dtype=np.int64)
            table[region[mine]] = lanes[mine]
            tables.append((place, table))
    return tables


def from_hubs(network: Network, day: int) -> list[tuple[int, Ints]]:
    """Tables of the lanes from hubs that are open on that day."""
    hubs, lanes = len(network.hubs), network.lanes
    if not len(lanes.origin):
        return []
    used = network.lanes_between("hub", "region", day)
    return lanes_by_region(network, used, lanes.origin[used], lanes.destination[used] - hubs)
