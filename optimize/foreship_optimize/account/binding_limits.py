"""The limit that stops the next unit of each cell, in a planner's words."""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.account.unit_ledger import NextUnit
from foreship_optimize.limits import Limits, cell_units, family_of
from foreship_optimize.params import PlanParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.arrival_days import lateness_of_units
from foreship_optimize.risk import Risk
from foreship_optimize.whole_units.working_plan import WorkingPlan

__all__ = ["next_units"]


def next_units(
    problem: ShippingProblem, limits: Limits, params: PlanParams, risk: Risk, quantity: Ints
) -> NextUnit:
    """Find for each cell the best way in for one more unit, and name what stops it.

    `not worth it` where even the cheapest way in, what the unit and those that come after it lose
    by its arrival included, costs more than the unit is worth; else the first limit that the
    cheapest paying way meets.
    """
    moves, table = problem.moves, cell_units(problem)
    cells = len(table.count)
    working = WorkingPlan(problem, limits, params, risk)
    working.restore(quantity)
    there = np.array(working.there, dtype=np.int64)
    has_next = there < table.count
    following = np.where(has_next, table.start + np.minimum(there, table.count - 1), -1)
    late, lost = _arrivals(problem, following)
    cost = moves.charged + lost
    pushed = _pushed(working, following)
    cost += pushed
    into = np.flatnonzero(moves.destination_cell >= 0)
    order = into[np.lexsort((into, cost[into], moves.destination_cell[into]))]
    home = moves.destination_cell[order]
    first = np.concatenate([[True], home[1:] != home[:-1]]) if len(home) else np.zeros(0, bool)
    cheapest, row = np.zeros(cells), np.full(cells, -1, dtype=np.int64)
    landed = moves.charged + np.where(late >= 0, 0.0, moves.lateness) + pushed
    cheapest[home[first]] = landed[order[first]]
    row[home[first]] = late[order[first]]
    stocked = np.zeros(len(problem.items), dtype=bool)
    stocked[problem.supply_item] = True
    words = np.where(stocked[problem.cell_item], "no usable lane", "hub stock").astype(object)
    words[home] = "not worth it"
    worth = (
        problem.units.value[np.maximum(following, 0)]
        if len(problem.units.value)
        else np.zeros(cells)
    )
    pays = has_next[home] & (worth[home] > cost[order])
    seen = set()
    for place in np.flatnonzero(pays).tolist():
        cell = int(home[place])
        if cell not in seen:
            seen.add(cell)
            words[cell] = _stopped_by(working, limits, int(order[place]))
    return NextUnit(cheapest, row, words)


def _pushed(working: WorkingPlan, following: Ints) -> Floats:
    """Worth that later arrivals lose when one more unit arrives before them, by move, (M,) [money].

    A unit that comes before others takes a lower rank, and each of them the next one.
    """
    problem = working.problem
    lost = _arrivals(problem, following)[1]
    pushed = np.zeros(len(lost))
    for move, cell_day in enumerate(working.cell_day):
        if (
            cell_day >= 0
            and working.come[working.into[move]]
            and following[working.into[move]] >= 0
        ):
            known = float(problem.units.value[following[working.into[move]]])
            alone = known - float(problem.moves.charged[move] + lost[move])
            pushed[move] = alone - working.gain(move, 1) / working.scale
    return pushed


def _arrivals(problem: ShippingProblem, following: Ints) -> tuple[Ints, Floats]:
    """Row of `problem.late` of the unit that each move would bring next, and what it loses."""
    moves = problem.moves
    unit = np.full(len(moves.action), -1, dtype=np.int64)
    into = moves.destination_cell >= 0
    unit[into] = following[moves.destination_cell[into]]
    late = problem.late.find(unit, moves.lead_days)
    every = np.arange(len(moves.action))
    return late, lateness_of_units(problem, np.maximum(unit, 0), late, every)


def _stopped_by(working: WorkingPlan, limits: Limits, move: int) -> str:
    """Find the first limit that a single unit, then a whole step, of a paying move would exceed."""
    for units in (1, working.step(move)):
        row = working.blocked_by(move, units)
        if row is not None:
            if units > 1 and row >= 0 and limits.family[row] == "hub stock":
                return "pack size"
            return _words(limits, row)
    return "pack size" if working.step(move) > 1 else "gap of the solver"


def _words(limits: Limits, row: int) -> str:
    """Name a limit as the ledger does."""
    if row < 0:
        return "risk budget"
    return family_of(limits.family[row]).binding.format(words=limits.words[row])
