"""When the units of a later plan may first come, and what they cost, from the judge's lanes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foreship.judge.network import Network
from foreship.judge.state import State
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["NextArrivals", "next_arrivals", "supplied"]


WEEK_DAYS = 7
NEVER = np.iinfo(np.int64).max
LONG = NEVER // 2
"""lead time without a lane; days can be added to it"""


@dataclass(frozen=True)
class NextArrivals:
    """The first units of a later plan in some cells, shape (cells,)."""

    day: Ints
    """of their arrival, from the Monday of the plan"""
    landed: Floats
    """what the cheapest of that later plan costs to land [money a unit]; inf where none comes"""


def next_arrivals(
    network: Network,
    before: State,
    monday: np.datetime64,
    cells: tuple[Ints, Ints],
    usual: Ints,
    after: Ints,
    review_weeks: int,
    sight_weeks: int,
) -> NextArrivals:
    """Look through the whole calendar of lanes from hubs that hold the item or have it coming.

    Parameters
    ----------
    before
        Where every unit was when the plan of `monday` was made.
    cells
        Region and item of each cell.
    usual
        Day, from `monday`, on which the first units of its own plan may come, by cell.
    after
        Day after which the next arrival is looked for, by cell, `usual` or later.
    review_weeks
        From one plan to the next.
    sight_weeks
        No arrival beyond these weeks is waited for: it is then expected `review_weeks` after the
        usual one, and nothing lands.
    """
    every = WEEK_DAYS * review_weeks
    expected = usual + every * ((after - usual) // every + 1)
    last = np.maximum(expected, WEEK_DAYS * sight_weeks)
    day, landed = np.full(len(after), NEVER), np.full(len(after), np.inf)
    for plan, (lead, cost) in _plans(
        network, before, monday, cells, every, int(last.max(initial=0))
    ):
        comes = np.where(np.isfinite(cost), plan + lead, NEVER)
        sooner = (comes > after) & (comes <= last) & (comes < day)
        day, landed = np.where(sooner, comes, day), np.where(sooner, cost, landed)
    return NextArrivals(np.where(day < NEVER, day, expected), landed)


def supplied(network: Network, state: State) -> Bools:
    """Mark the hubs that hold an item or have it coming, shape (hubs, items)."""
    first = len(network.regions)
    held = state.on_hand[first:] > 0
    coming = state.coming_to >= first
    held[state.coming_to[coming] - first, state.coming_item[coming]] = True
    return np.asarray(held)


def _plans(
    network: Network,
    before: State,
    monday: np.datetime64,
    cells: tuple[Ints, Ints],
    every: int,
    last: int,
) -> Iterator[tuple[int, tuple[Ints, Floats]]]:
    """Yield the day of each later plan, and lead time and cost of its first and cheapest units.

    Plans that find the same lanes open send the same, and are looked at once.
    """
    lanes, holds = network.lanes, supplied(network, before)
    seen: dict[bytes, tuple[Ints, Floats]] = {}
    for plan in range(every, last + 1, every):
        is_open = lanes.open_on(monday + np.timedelta64(plan, "D"))
        if is_open.tobytes() not in seen:
            seen[is_open.tobytes()] = _first_and_cheapest(network, holds, is_open, cells)
        yield plan, seen[is_open.tobytes()]


def _first_and_cheapest(
    network: Network, holds: Bools, is_open: Bools, cells: tuple[Ints, Ints]
) -> tuple[Ints, Floats]:
    """Return the least lead time and the least cost over open lanes, inf without one."""
    lanes, count, (region, item) = network.lanes, len(network.regions), cells
    lead, cost = np.full(len(region), LONG), np.full(len(region), np.inf)
    ships = is_open & (lanes.origin >= count) & (lanes.destination < count)
    for lane in np.flatnonzero(ships & np.isin(lanes.destination, region)):
        mine = np.flatnonzero(region == lanes.destination[lane])
        mine = mine[holds[lanes.origin[lane] - count, item[mine]]]
        lead[mine] = np.minimum(lead[mine], lanes.lead_days[lane])
        cost[mine] = np.minimum(cost[mine], network.freight(np.full_like(mine, lane), item[mine]))
    return lead, cost
