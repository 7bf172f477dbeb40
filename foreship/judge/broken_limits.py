"""Limits that a plan breaks on the Monday on which it is carried out, one sentence each."""

from __future__ import annotations

import numpy as np

from foreship.judge.departures import Departures
from foreship.judge.network import Network
from foreship.judge.state import State
from foreship_foundation.arrays import Floats

__all__ = ["broken_limits"]


TOLERANCE = 1e-6
SAME_MONEY = 1e-9
"""freights of a unit that differ by less are the same [money]"""


def broken_limits(
    network: Network, monday: np.datetime64, before: State, after: State, leaving: Departures
) -> list[str]:
    """Name lanes and regions filled beyond their volume; a region may stay overfull."""
    lanes, places = network.lanes, network.locations.to_list()
    room, load = lanes.room_on(monday), _loads(network, monday, leaving)
    allowed = np.maximum(network.storage, before.volume(network))
    lying = after.volume(network)
    over_lane = np.flatnonzero(load > room + TOLERANCE)
    over_region = np.flatnonzero(lying > allowed + TOLERANCE)
    return [
        f"lane {places[lanes.origin[at]]} -> {places[lanes.destination[at]]} carries "
        f"{load[at]:g} of {room[at]:g}"
        for at in over_lane
    ] + [f"{places[at]} stores {lying[at]:g} of {allowed[at]:g}" for at in over_region]


def _loads(network: Network, monday: np.datetime64, leaving: Departures) -> Floats:
    """Return the volume on each lane.

    A line that could as well mean another lane of the same days and freight fills that one too.
    """
    lanes, room = network.lanes, network.lanes.room_on(monday)
    moved = np.flatnonzero(leaving.lane >= 0)
    volume = leaving.quantity * network.volume[leaving.item]
    load = np.bincount(leaving.lane[moved], volume[moved], len(lanes.origin)).astype(np.float64)
    full = load > room + TOLERANCE
    carrier = lanes.carried_by(monday)
    for line in moved[full[leaving.lane[moved]]].tolist():
        own = leaving.lane[line]
        same = carrier == np.arange(len(carrier))
        for column in (lanes.origin, lanes.destination, lanes.lead_days):
            same &= column == column[own]
        freight = network.freight(np.arange(len(same)), np.full(len(same), leaving.item[line]))
        same &= np.abs(freight - freight[own]) <= SAME_MONEY
        left = volume[line]
        for other in np.flatnonzero(same).tolist():
            spill = min(left, load[own] - room[own], room[other] - load[other])
            if other != own and spill > 0.0:
                load[own] -= spill
                load[other] += spill
                left -= spill
    return load
