"""Leave out moves that another lane between the same places always beats (docs/program.md, 6a).

A lane without a limit that is cheaper and earlier takes every unit of a dearer, later one. A unit
that arrives earlier pushes later arrivals back by one rank each, so that every step from one day to
the next is passed by one unit at most; all of them together lose no more than the sum, over these
steps, of the most that any unit gains by the later day. Where the later lane costs more by that
much, no plan needs it, and without it no limit is used more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.network.moves import MoveRows
from foreship_optimize.network.transport.places_and_lanes import Network
from foreship_optimize.valuation.inputs import Reach
from foreship_optimize.valuation.late_units import LateUnitValues
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["without_beaten"]

NOISE: Final = 1e-9
"""a unit worth more by less than this, relative, is worth the same"""
ENDS: Final = ("action", "origin_hub", "origin_cell", "destination_hub", "destination_cell", "exit")


def without_beaten(
    network: Network,
    moves: MoveRows,
    arrivals: UnitValues,
    reach: Reach,
    late: list[LateUnitValues],
) -> tuple[MoveRows, list[LateUnitValues]]:
    """Drop the moves that another of the same ends beats, and the units valued for them alone.

    Parameters
    ----------
    moves
        In canonical order: those of the same ends and item stand side by side.
    arrivals, late
        Units on the day that their cell is valued for, and on every other day.
    """
    group = _same_ends(moves)
    if not len(group) or group[-1] == len(group) - 1:
        return moves, late
    gain = _gain_by_day(moves, arrivals, reach, late)
    kept = moves.rows(~_beaten(network, moves, group, gain))
    return kept, _on_days_of(kept, late)


def _same_ends(moves: MoveRows) -> Ints:
    """Number the moves by their ends, exit and item, which their cells name, (M,)."""
    starts = np.zeros(len(moves), dtype=bool)
    for name in ENDS:
        column = getattr(moves, name)
        starts[1:] |= column[1:] != column[:-1]
    return np.cumsum(starts)


def _gain_by_day(
    moves: MoveRows, arrivals: UnitValues, reach: Reach, late: list[LateUnitValues]
) -> Floats:
    """Sum up, over the days of a cell up to a move's, what any unit gains at most by a day, (M,).

    0 for moves that bring a unit into no cell [money].
    """
    own = np.arange(len(arrivals.cell))
    place = np.concatenate([own, *(each.place for each in late)])
    day = [reach.day[arrivals.cell], *(np.full(len(each.place), each.day) for each in late)]
    lost = np.concatenate([np.zeros(len(own)), *(each.lost for each in late)])
    order = np.lexsort((np.concatenate(day), place))
    place, days, lost = place[order], np.concatenate(day)[order], lost[order]
    noise = NOISE * np.maximum(1.0, np.abs(arrivals.value[place[1:]]))
    rise = np.where(place[1:] == place[:-1], lost[:-1] - lost[1:], 0.0)
    rise = np.where(rise > noise, rise, 0.0)
    width = int(max(days.max(initial=0), moves.lead_days.max(initial=0))) + 1
    key = arrivals.cell[place].astype(np.int64) * width + days
    known, entry = np.unique(key, return_inverse=True)
    most = np.zeros(len(known))
    np.maximum.at(most, entry[1:], rise)
    total = np.cumsum(most)
    wanted = moves.destination_cell.astype(np.int64) * width + moves.lead_days
    at = np.searchsorted(known, wanted)
    valued = (moves.destination_cell >= 0) & (np.append(known, -1)[at] == wanted)
    # where several laws bring units on one day, none is known to be the better
    twice = (place[1:] == place[:-1]) & (days[1:] == days[:-1])
    valued &= ~np.isin(moves.destination_cell, arrivals.cell[place[1:][twice]])
    found = np.where(valued, np.append(total, 0.0)[at], np.nan)  # nothing is known of other days
    return np.where(moves.destination_cell >= 0, found, 0.0)


def _beaten(network: Network, moves: MoveRows, group: Ints, gain: Floats) -> Bools:
    """Mark the moves that another one of their group beats (equation 6a), (M,)."""
    carries = _lanes_that_carry(network, moves)
    beaten = np.zeros(len(moves), dtype=bool)
    for apart in range(1, int(np.bincount(group).max())):
        first = np.flatnonzero(group[apart:] == group[:-apart])
        second = first + apart
        for one, other in ((first, second), (second, first)):
            days = moves.lead_days[one] - moves.lead_days[other]
            money = moves.cost[one] - moves.cost[other]
            leaves = moves.destination_cell[one] < 0  # worth the same on any day
            lost = np.where(leaves, 0.0, gain[other] - gain[one])
            wins = carries(one, other) & (money + lost <= 0.0)
            wins &= leaves | (days <= 0)
            equal = carries(other, one) & (money == 0.0)
            wins &= ~equal | (days < 0) | ((days == 0) & (one < other))
            beaten[other[wins]] = True
    return beaten


def _lanes_that_carry(network: Network, moves: MoveRows) -> Callable[[Ints, Ints], Bools]:
    """Tell of pairs of moves whether the one can take all units of the other, limits as they are.

    It needs room of its own, or shares the other's; a vehicle or a line of it must cost nothing;
    and where its places have a limit by the day it meets no day but those of the other.
    """
    lanes, lane, hubs = network.lanes, moves.lane, len(network.hubs)
    on_lane, group = lane >= 0, np.where(lane >= 0, lanes.group_on(0)[lane], -1)
    free = on_lane & (lanes.vehicle_cost[lane] == 0.0) & (lanes.line_cost[lane] == 0.0)
    unlimited = np.isinf(lanes.room_on(0)[lane])
    leaves, arrives = np.where(on_lane, lanes.offset[lane], 0), moves.lead_days
    picked = np.isfinite(np.append(network.picking, np.inf)[moves.origin_hub])
    region = np.where(moves.destination_cell >= 0, lanes.destination[lane] - hubs, -1)
    taken_in = np.isfinite(np.append(network.receiving, np.inf)[region])

    def carries(one: Ints, other: Ints) -> Bools:
        shares = unlimited[one] | (group[one] == group[other])
        same_days = ~picked[one] | (leaves[one] == leaves[other])
        same_days &= ~taken_in[one] | (arrives[one] == arrives[other])
        return np.asarray(free[one] & shares & same_days)

    return carries


def _on_days_of(moves: MoveRows, late: list[LateUnitValues]) -> list[LateUnitValues]:
    """Keep the units of cells that a move still reaches on their day."""
    found = []
    for each in late:
        cells = moves.destination_cell[moves.lead_days == each.day]
        kept = each.rows(np.isin(each.worth.cell, cells))
        if len(kept.place):
            found.append(kept)
    return found
