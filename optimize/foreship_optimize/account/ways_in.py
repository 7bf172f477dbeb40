"""What one more unit would earn on every way into a cell, beside a finished plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.limits import cell_units
from foreship_optimize.program.unit_groups.arrival_days import lateness_of_units
from foreship_optimize.whole_units.working_plan import WorkingPlan

__all__ = ["WaysIn", "next_ranks", "ways_in"]


@dataclass(frozen=True)
class WaysIn:
    """One more unit on each move into a cell, shape (W,), best first within each cell."""

    move: Ints
    cell: Ints
    late: Ints
    """row of `problem.late` that values the unit on its arrival; -1 where `problem.units` does"""
    cost: Floats
    """lane and exit, the worth given up where it lay, what later arrivals lose by it, and the
    move's lateness where `late` has no row [money]"""
    gain: Floats
    """what the plan would earn more with it [money]"""


def next_ranks(working: WorkingPlan) -> Ints:
    """Position in `problem.units` of the next unit of each cell; -1 without one, shape (C,)."""
    table = cell_units(working.problem)
    there = np.array(working.there, dtype=np.int64)
    return np.where(there < table.count, table.start + there, -1)


def ways_in(working: WorkingPlan) -> WaysIn:
    """Work out what the next unit of each cell would earn, way by way.

    Ways from hubs that hold none of the item are left out. So are those on which a unit would leave
    one tier of a hub's stock that is used up, while the other has units left: the hub is not empty,
    its next unit only costs more.
    """
    problem, following = working.problem, next_ranks(working)
    moves = problem.moves
    into = np.flatnonzero((moves.destination_cell >= 0) & _told(working))
    into = into[following[moves.destination_cell[into]] >= 0]
    cell = moves.destination_cell[into].astype(np.int64)
    unit = following[cell]
    late = problem.late.find(unit, moves.lead_days[into])
    lost = lateness_of_units(problem, unit, late, into)
    aside = _pushed(working, into, unit, lost) + _given_up(working, into)
    worth = problem.units.value[unit] - lost if len(into) else lost
    gain = worth - moves.charged[into] - aside
    cost = moves.charged[into] + aside + np.where(late >= 0, 0.0, moves.lateness[into])
    order = np.lexsort((into, -gain, cell))
    return WaysIn(into[order], cell[order], late[order], cost[order], gain[order])


def _pushed(working: WorkingPlan, into: Ints, unit: Ints, lost: Floats) -> Floats:
    """Worth that later arrivals lose when one more unit arrives before them, shape (W,) [money].

    A unit that comes before others takes a lower rank, and each of them the next one.
    """
    problem, pushed = working.problem, np.zeros(len(into))
    by_day = np.array(working.cell_day, dtype=np.int64)[into] >= 0
    comes = np.array(working.come, dtype=np.int64)[problem.moves.destination_cell[into]] > 0
    for place in np.flatnonzero(by_day & comes).tolist():
        move = int(into[place])
        alone = float(problem.units.value[unit[place]] - lost[place])
        added = working.gain_by_day(working.into[move], working.cell_day[move], 1) / working.scale
        pushed[place] = alone - (added - float(problem.moves.lateness[move]))
    return pushed


def _given_up(working: WorkingPlan, into: Ints) -> Floats:
    """Worth of the unit on hand that each redirect would take away, shape (W,) [money].

    0 where nothing is left to take: that is a limit, and no matter of worth.
    """
    problem = working.problem
    given_up, start = np.zeros(len(into)), cell_units(problem).start
    redirects = np.flatnonzero(problem.moves.origin_cell[into] >= 0)
    cell = problem.moves.origin_cell[into][redirects]
    there = np.array(working.there, dtype=np.int64)[cell]
    some = there > 0
    given_up[redirects[some]] = problem.units.value[start[cell[some]] + there[some] - 1]
    by_day = np.array(working.inside, dtype=bool)[cell]
    for place, at in zip(redirects[by_day].tolist(), cell[by_day].tolist(), strict=True):
        given_up[place] = -working.gain_by_day(at, -1, -1) / working.scale
    return given_up


def _told(working: WorkingPlan) -> Bools:
    """Mark the moves but ships from no stock, and from a used up tier of a hub with more, (M,)."""
    problem = working.problem
    hubs, hub = np.unique(problem.hubs.astype(str), return_inverse=True)
    told = np.ones(len(problem.moves.action), dtype=bool)
    ships = np.flatnonzero(problem.moves.from_hub)
    item, origin = problem.moves.item[ships], problem.moves.origin_hub[ships]
    held = np.zeros((len(problem.items), len(problem.hubs)), dtype=np.int64)
    np.add.at(held, (problem.supply_item, problem.supply_hub), problem.supply_units)
    left = held.copy()
    np.subtract.at(left, (item, origin), np.array(working.quantity, dtype=np.int64)[ships])
    both = np.zeros((len(problem.items), len(hubs)), dtype=np.int64)
    for tier, place in enumerate(hub.tolist()):
        both[:, place] += np.maximum(left[:, tier], 0)
    empty = (left[item, origin] < 1) & (both[item, hub[origin]] >= 1)
    told[ships] = (held[item, origin] > 0) & ~empty
    return told
