"""Leave out moves that another lane between the same places always beats.

A lane without a limit that costs no more and arrives no later takes every unit of a dearer, later
one, as long as no unit of the cell is worth more by arriving later: then each place in the order of
arrivals is filled no later than before, and no limit is used more. What is left out changes nothing
in the plan.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from foreship_foundation.arrays import Bools, Ints
from foreship_optimize.network.moves import MoveRows
from foreship_optimize.network.places_and_lanes import Network
from foreship_optimize.valuation.inputs import Reach
from foreship_optimize.valuation.late_units import LateUnitValues
from foreship_optimize.valuation.unit_values import UnitValues

__all__ = ["without_beaten"]

NOISE: Final = 1e-9
"""a later arrival worth more by less than this, relative, is worth the same"""
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
    kept = moves.rows(~_beaten(network, moves, group, _earlier_is_better(arrivals, reach, late)))
    return kept, _on_days_of(kept, late)


def _same_ends(moves: MoveRows) -> Ints:
    """Number the moves by their ends, exit and item, which their cells name, (M,)."""
    starts = np.zeros(len(moves), dtype=bool)
    for name in ENDS:
        column = getattr(moves, name)
        starts[1:] |= column[1:] != column[:-1]
    return np.cumsum(starts)


def _earlier_is_better(arrivals: UnitValues, reach: Reach, late: list[LateUnitValues]) -> Bools:
    """Mark the cells in which no unit is worth more on a later day than on an earlier one, (C,)."""
    own = np.arange(len(arrivals.cell))
    place = np.concatenate([own, *(each.place for each in late)])
    day = np.concatenate(
        [reach.day[arrivals.cell], *(np.full(len(each.place), each.day) for each in late)]
    )
    lost = np.concatenate([np.zeros(len(own)), *(each.lost for each in late)])
    order = np.lexsort((day, place))
    place, lost = place[order], lost[order]
    noise = NOISE * np.maximum(1.0, np.abs(arrivals.value[place[1:]]))
    rises = (place[1:] == place[:-1]) & (lost[1:] < lost[:-1] - noise)
    better = np.ones(len(reach.day), dtype=bool)
    better[arrivals.cell[place[1:][rises]]] = False
    return better


def _beaten(network: Network, moves: MoveRows, group: Ints, earlier_is_better: Bools) -> Bools:
    """Mark the moves that another one of their group beats, (M,)."""
    lane = moves.lane
    unlimited = (lane >= 0) & np.isinf(network.lanes.room_on(0)[lane])
    into = moves.destination_cell
    in_time = np.where(into >= 0, earlier_is_better[into], True)
    beaten = np.zeros(len(moves), dtype=bool)
    for apart in range(1, int(np.bincount(group).max())):
        first = np.flatnonzero(group[apart:] == group[:-apart])
        second = first + apart
        for one, other in ((first, second), (second, first)):
            days = moves.lead_days[one] - moves.lead_days[other]
            money = moves.cost[one] - moves.cost[other]
            wins = unlimited[one] & (money <= 0.0)
            # what leaves the cells is worth the same on any day
            wins &= (into[one] < 0) | (days == 0) | ((days < 0) & in_time[one])
            equal = unlimited[other] & (money == 0.0)
            wins &= ~equal | (days < 0) | ((days == 0) & (one < other))
            beaten[other[wins]] = True
    return beaten


def _on_days_of(moves: MoveRows, late: list[LateUnitValues]) -> list[LateUnitValues]:
    """Keep the units of cells that a move still reaches on their day."""
    found = []
    for each in late:
        cells = moves.destination_cell[moves.lead_days == each.day]
        kept = each.rows(np.isin(each.worth.cell, cells))
        if len(kept.place):
            found.append(kept)
    return found
