"""The limit that stops the next unit of each cell, in a planner's words."""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Ids
from foreship_foundation.tables.output_files import ALSO, NOT_WORTH_IT
from foreship_optimize.account.stopped_steps import what_stops
from foreship_optimize.account.unit_ledger import NextUnit
from foreship_optimize.account.ways_in import WaysIn, ways_in
from foreship_optimize.limits import Limits
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.whole_units.working_plan import WORTH_IT, WorkingPlan

__all__ = ["next_units"]


def next_units(working: WorkingPlan, limits: Limits) -> NextUnit:
    """Find for each cell the way in for one more unit, and name what stops it there.

    `not worth it` where the unit costs more than it is worth even on its best way in, limits aside.
    Else the way that the fewest limits stop is told, the best of them, with all of these.
    """
    problem, ways = working.problem, ways_in(working)
    cells = len(problem.cell_item)
    cost, late = np.zeros(cells), np.full(cells, -1, dtype=np.int64)
    words = _without_way(problem)
    first = np.flatnonzero(np.diff(ways.cell, prepend=-1))
    chosen, told = first.copy(), np.full(len(first), NOT_WORTH_IT, dtype=object)
    pays = ways.gain * working.scale > WORTH_IT
    for place in np.flatnonzero(pays[first]).tolist():
        chosen[place], told[place] = _least_stopped(working, limits, ways, int(first[place]), pays)
    home = ways.cell[chosen]
    cost[home], late[home], words[home] = ways.cost[chosen], ways.late[chosen], told
    return NextUnit(cost, late, words)


def _least_stopped(
    working: WorkingPlan, limits: Limits, ways: WaysIn, first: int, pays: np.ndarray
) -> tuple[int, str]:
    """Find the paying way of a cell that the fewest limits stop, the best of them, and these."""
    best, fewest, place = first, [""], first
    while place < len(ways.cell) and ways.cell[place] == ways.cell[first] and pays[place]:
        stopped = what_stops(working, limits, int(ways.move[place]))
        if place == first or len(stopped) < len(fewest):
            best, fewest = place, stopped
        if len(fewest) == 1:
            break
        place += 1
    return best, ALSO.join(fewest)


def _without_way(problem: ShippingProblem) -> Ids:
    """Words for cells that no move reaches: no hub holds the item, or no lane is of use."""
    stocked = np.zeros(len(problem.items), dtype=bool)
    stocked[problem.supply_item] = True
    return np.where(stocked[problem.cell_item], "no usable lane", "hub stock").astype(object)
