"""Which departure a line of a plan means, from what the line says of its way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foreship.judge.network.network import Network
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["Told", "departure_of"]


class Told(NamedTuple):
    """What lines say of their way, NaN where one does not, shape (N,) each."""

    ships: Floats
    """day on which it leaves, from the Monday of the plan"""
    days: Floats
    """day of its arrival, from the Monday of the plan"""
    paid: Floats
    """freight of a unit, with its part of vehicle and line [money]"""
    units: Floats
    """of the line, never NaN"""
    number: Floats
    """of its lane among those of the same places and days, 0 where it names none"""

    def rows(self, chosen: Bools) -> Told:
        """Return what some of the lines say."""
        return Told(
            self.ships[chosen],
            self.days[chosen],
            self.paid[chosen],
            self.units[chosen],
            self.number[chosen],
        )


def departure_of(
    network: Network,
    origin: Ints,
    destination: Ints,
    item: Ints,
    monday: np.datetime64,
    told: Told,
) -> tuple[Ints, Ints]:
    """Return lane and day of the departure that each line means, -1 where there is none.

    Of the departures between its places on the day on which it ships, or on any if it says
    none, those of its day of arrival come first, of these the one of its number; then, in full
    vehicles, the nearest freight if it tells one, or else the cheapest; then the first.
    """
    departing, width = network.timetable.of(monday), len(network.locations)
    stands = _standing(network, monday)
    lanes, day, lands = (column[stands] for column in departing)
    number = np.zeros(len(lanes), dtype=np.int64)
    if told.number.any():
        number = network.lanes.numbers(lanes, day, lands)
    pairs = network.lanes.origin[lanes] * width + network.lanes.destination[lanes]
    order = np.argsort(pairs, kind="stable")
    lanes, day, lands, pairs = lanes[order], day[order], lands[order], pairs[order]
    number = number[order]
    first = np.searchsorted(pairs, origin * width + destination)
    count = np.searchsorted(pairs, origin * width + destination, side="right") - first
    line = np.repeat(np.arange(len(origin)), count)
    at = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(len(line))
    another = ~np.isnan(told.ships[line]) & (day[at] != told.ships[line])
    line, at = line[~another], at[~another]
    freight = network.freight(lanes[at], item[line]) + network.vehicle_share(lanes[at], item[line])
    freight = freight + network.lanes.line_cost[lanes[at]] / told.units[line]
    late = lands[at] != told.days[line]
    off = np.where(np.isnan(told.paid[line]), freight, np.abs(freight - told.paid[line]))
    other = (told.number[line] > 0) & (number[at] != told.number[line])
    order = np.lexsort((day[at], lanes[at], off, other, late, line))
    best = order[np.append(True, np.diff(line[order]) != 0)[: len(order)]]
    lane, ships = (np.full(len(origin), -1, dtype=np.int64) for _ in range(2))
    lane[line[best]], ships[line[best]] = lanes[at[best]], day[at[best]]
    return lane, ships


def _standing(network: Network, monday: np.datetime64) -> Bools:
    """Tell which departures of a plan stand for the rows of their terms that leave that day."""
    departing = network.timetable.of(monday)
    stands = np.zeros(len(departing.lane), dtype=np.bool_)
    every = np.arange(len(network.lanes.origin))
    for day in np.unique(departing.day):
        today = departing.day == day
        leaves = np.zeros(len(every), dtype=np.bool_)
        leaves[departing.lane[today]] = True
        stands[today] = (network.lanes.carried_by(leaves) == every)[departing.lane[today]]
    return stands
