"""On which day departures land, and what was under way before the first plan."""

from __future__ import annotations

import numpy as np

from foreship.judge.network.network import Network
from foreship.judge.transport.lateness import days_on_the_way, days_still_on_the_way
from foreship_foundation.arrays import Days, Ints

__all__ = ["arrivals", "still_to_come"]

DAY = np.timedelta64(1, "D")


def arrivals(network: Network, lane: Ints, ships: Days) -> tuple[Days, Days]:
    """Return on which day each departure should arrive, and on which it does.

    Either is a working day of its destination (docs/replay.md, equations 26 and 27).
    """
    lanes, of = network.lanes, network.timetable
    place, lead, sd = lanes.destination[lane], lanes.lead_days[lane], lanes.sd_days[lane]
    told = of.lands_on(place, ships + lead * DAY)
    if not (sd > 0).any():
        return told, told
    drawn = network.roads.drawn(ships, lanes.origin[lane], place, lead, lanes.number[lane])
    return told, of.lands_on(place, ships + days_on_the_way(lead, sd, drawn) * DAY)


def still_to_come(
    network: Network, place: Ints, item: Ints, told: Days, monday: np.datetime64 | None
) -> Days:
    """Return on which day each lot lands that was under way before the first plan.

    It is late by the law of the cheapest lane from a hub into its region, given that it has not
    come before `monday`; what comes to hubs, or where no lane leads, keeps its day.
    """
    usual = network.lanes.usual(len(network.regions), network.weight)
    to_region = place < len(network.regions)
    lane = np.where(to_region, usual[np.where(to_region, place, 0), item], -1)
    late = np.flatnonzero((lane >= 0) & (network.lanes.sd_days[lane] > 0))
    if not len(late):
        return told
    place, lane = place[late], lane[late]
    lead, sd = network.lanes.lead_days[lane], network.lanes.sd_days[lane]
    ships = told[late] - lead * DAY
    drawn = network.roads.drawn(ships, np.full_like(place, -1), place, lead, 0 * lane)
    past = np.full_like(lane, -1)
    if monday is not None:
        past = np.maximum((monday.astype("datetime64[D]") - ships) // DAY - 1, -1)
    days = days_still_on_the_way(lead, sd, drawn, past.astype(np.int64))
    lands = told.copy()
    lands[late] = network.timetable.lands_on(place, ships + days * DAY)
    return lands
