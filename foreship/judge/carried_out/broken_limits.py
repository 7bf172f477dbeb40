"""Limits that a plan breaks on the Monday on which it is carried out, one sentence each."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from foreship.judge.carried_out.departures import Departures
from foreship.judge.carried_out.state import State
from foreship.judge.network.network import Network
from foreship.judge.transport.timetable import NO_DEPARTURE
from foreship_foundation.actions import action_names
from foreship_foundation.arrays import Bools, Days, Floats, Ints
from foreship_foundation.telling.words import number

__all__ = ["broken_limits"]


TOLERANCE = 1e-6
DAY = np.timedelta64(1, "D")
SAME_MONEY = 1e-9
"""freights of a unit that differ by less are the same [money]"""


def broken_limits(
    network: Network, monday: np.datetime64, before: State, after: State, leaving: Departures
) -> list[str]:
    """Name lanes and regions filled beyond their volume, and docks beyond their units a day.

    A region may stay overfull.
    """
    lanes, places = network.lanes, network.locations.to_list()
    room, load = lanes.room_of(_used(network, monday)), _loads(network, monday, leaving)
    allowed = np.maximum(network.storage, before.volume(network))
    lying = after.volume(network)
    over_lane = np.flatnonzero(load > room + TOLERANCE)
    over_region = np.flatnonzero(lying > allowed + TOLERANCE)
    return [
        f"lane {places[lanes.origin[at]]} -> {places[lanes.destination[at]]} carries "
        f"{number(load[at])} of {number(room[at])}"
        for at in over_lane
    ] + [
        *(
            f"{places[at]} stores {number(lying[at])} of {number(allowed[at])}"
            for at in over_region
        ),
        *_over_a_day(network, before, leaving),
    ]


def _over_a_day(network: Network, before: State, leaving: Departures) -> list[str]:
    """Name the days on which a hub sends, or a region takes in, more units than it may.

    By the days told: nobody plans the late ones. What is due in a region anyhow takes its room
    first; more than all of it breaks nothing by itself.
    """
    count, places = len(network.regions), network.locations.to_list()
    if not (np.isfinite(network.picking).any() or np.isfinite(network.receiving).any()):
        return []
    told = []
    ships = np.isin(leaving.action.astype(str), action_names(origin="hub"))
    sent = _by_day(leaving.origin[ships] - count, leaving.ships[ships], leaving.quantity[ships])
    for (hub, day), units in sorted(sent.items()):
        if units > network.picking[hub]:
            told.append(
                f"{places[count + hub]} picks {units} of {number(network.picking[hub])} on {day}"
            )
    into = (leaving.destination >= 0) & (leaving.destination < count)
    due = _by_day(before.coming_to, before.coming_told, before.coming_units)
    taken = _by_day(leaving.destination[into], leaving.told[into], leaving.quantity[into])
    for (region, day), units in sorted(taken.items()):
        room = max(network.receiving[region] - due.get((region, day), 0), 0.0)
        if units > room:
            told.append(f"{places[region]} takes in {units} of {number(room)} on {day}")
    return told


def _by_day(place: Ints, day: Days, units: Ints) -> dict[tuple[int, np.datetime64], int]:
    """Add up units by place and day."""
    total: dict[tuple[int, np.datetime64], int] = defaultdict(int)
    for where, when, many in zip(place.tolist(), day, units.tolist(), strict=True):
        total[where, when.astype("datetime64[D]")] += many
    return total


def _used(network: Network, monday: np.datetime64) -> Bools:
    """Tell which lanes leave until the next review."""
    return np.asarray(network.timetable.first_arrival(monday) != NO_DEPARTURE)


def _loads(network: Network, monday: np.datetime64, leaving: Departures) -> Floats:
    """Return the volume on each of the lanes that a plan may use, all its departures together.

    A line that could as well mean another lane of the same days and freight fills that one too.
    """
    lanes, used = network.lanes, _used(network, monday)
    room, carrier = lanes.room_of(used), lanes.carried_by(used)
    moved = np.flatnonzero(leaving.lane >= 0)
    volume, of_line = leaving.quantity * network.volume[leaving.item], carrier[leaving.lane]
    load = np.bincount(of_line[moved], volume[moved], len(lanes.origin)).astype(np.float64)
    full = load > room + TOLERANCE
    for line in moved[full[of_line[moved]]].tolist():
        own = of_line[line]
        left = volume[line]
        for other in np.unique(carrier[_alike(network, monday, leaving, line)]).tolist():
            spill = min(left, load[own] - room[own], room[other] - load[other])
            if other != own and spill > 0.0:
                load[own] -= spill
                load[other] += spill
                left -= spill
    return load


def _alike(network: Network, monday: np.datetime64, leaving: Departures, line: int) -> Bools:
    """Tell which lanes a line may mean as well as its own: same days, same money."""
    lanes, own, departing = network.lanes, leaving.lane[line], network.timetable.of(monday)
    every = np.arange(len(lanes.origin))
    freight = network.freight(every, np.full(len(every), leaving.item[line]))
    same = np.abs(freight - freight[own]) <= SAME_MONEY
    for column in (
        lanes.origin,
        lanes.destination,
        lanes.vehicle_cost,
        lanes.vehicle_volume,
        lanes.vehicle_kg,
        lanes.line_cost,
    ):
        same &= column == column[own]
    with_it = monday + departing.day * DAY == leaving.ships[line]
    with_it &= monday + departing.lands * DAY == leaving.told[line]
    leaves = np.zeros(len(every), dtype=np.bool_)
    leaves[departing.lane[with_it]] = True
    return np.asarray(same & leaves)
