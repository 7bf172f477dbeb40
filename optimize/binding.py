"""Which limit stops the next unit of each cell, in a planner's words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimize.basket import Basket
from optimize.limits import Limits, cell_units
from optimize.outcomes import Risk
from optimize.params import PlanParams
from optimize.problem import Floats, Ids, Ints, ShippingProblem

__all__ = ["NextUnit", "next_units"]


@dataclass(frozen=True)
class NextUnit:
    """The cheapest way in for one unit more of each cell, and what stops it, shape (C,)."""

    cost: Floats
    """lane, exit and lateness [money]; 0 where no way leads in"""
    binding: Ids


def next_units(
    problem: ShippingProblem, limits: Limits, params: PlanParams, risk: Risk, quantity: Ints
) -> NextUnit:
    """Name what stops the next unit of each cell.

    `not worth it` where even the cheapest way in costs more than the unit is worth; else the
    first limit that the cheapest paying way meets.
    """
    moves, table = problem.moves, cell_units(problem)
    cells = len(table.count)
    cost = moves.cost + moves.lateness
    into = np.flatnonzero(moves.destination_cell >= 0)
    order = into[np.lexsort((into, cost[into], moves.destination_cell[into]))]
    home = moves.destination_cell[order]
    first = np.concatenate([[True], home[1:] != home[:-1]]) if len(home) else np.zeros(0, bool)
    cheapest = np.zeros(cells)
    cheapest[home[first]] = cost[order[first]]
    stocked = np.zeros(len(problem.items), dtype=bool)
    stocked[problem.supply_item] = True
    words = np.where(stocked[problem.cell_item], "no usable lane", "hub stock").astype(object)
    words[home] = "not worth it"
    basket = Basket(problem, limits, params, risk)
    basket.restore(quantity)
    there = np.array(basket.there, dtype=np.int64)
    has_next = there < table.count
    following = np.where(has_next, table.start + np.minimum(there, table.count - 1), 0)
    worth = problem.units.value[following] if len(problem.units.value) else np.zeros(cells)
    pays = has_next[home] & (worth[home] > cost[order])
    seen = set()
    for place in np.flatnonzero(pays).tolist():
        cell = int(home[place])
        if cell not in seen:
            seen.add(cell)
            words[cell] = _stopped_by(basket, limits, int(order[place]))
    return NextUnit(cheapest, words)


def _stopped_by(basket: Basket, limits: Limits, move: int) -> str:
    """Find the first limit that a single unit, then a whole step, of a paying move meets."""
    for units in (1, basket.step(move)):
        row = basket.blocked_by(move, units)
        if row is not None:
            if units > 1 and row >= 0 and limits.family[row] == "hub stock":
                return "pack size"
            return _words(limits, row)
    return "pack size" if basket.step(move) > 1 else "gap of the solver"


def _words(limits: Limits, row: int) -> str:
    """Name a limit in the ledger's words."""
    if row < 0:
        return "risk budget"
    family, words = str(limits.family[row]), str(limits.words[row])
    if family == "hub stock":
        return "hub stock"
    return f"lock {words}" if family == "lock" else words
