"""The units that a whole-unit plan moves, each with its rank and worth, and their money by term.

A cell's stock is used in order of rank: what is kept of the units on hand first, then arrivals,
earlier arrivals first and cheaper ones first among them. Units moved away give up the highest
ranks on hand, and each of them the mean worth of these. Every unit sent is taken for what it is
worth on its own day of arrival.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.actions import ACTIONS
from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.limits import added, cell_units
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.departure_loads import freight_of_departures, freight_shares
from foreship_optimize.program.unit_groups.arrival_days import lateness_of_units, worth_on_arrival

__all__ = [
    "MovedUnits",
    "at_places",
    "mean_of_group",
    "moved_units",
    "totals_of",
    "units_by_cell",
]


@dataclass(frozen=True)
class MovedUnits:
    """One row for each moved unit, in order of move, then of the units of the move."""

    move: Ints
    arrives: Ints
    """position in `problem.units` of the unit it becomes; -1 where it leaves the network"""
    leaves: Ints
    """position in `problem.units` of the unit given up; -1 where it comes from a hub"""
    late: Ints
    """row of `problem.late` that values it on its own arrival; -1 where `problem.units` does"""
    cost: Floats
    """lane, exit, `shared` and `given_up`, and the move's lateness where `late` has no row
    [money]"""
    shared: Floats
    """its share of the vehicles and the item line it travels with (P26) [money]"""
    given_up: Floats
    """mean worth of the units taken from its cell; 0 where it comes from a hub [money]"""
    worth: Floats
    """of the unit where it arrives, on its own arrival; 0 where it leaves the network [money]"""


def moved_units(problem: ShippingProblem, quantity: Ints) -> MovedUnits:
    """Find the rank of every moved unit in the cell it arrives in and in the one it leaves."""
    moves, table = problem.moves, cell_units(problem)
    away = units_by_cell(quantity, moves.origin_cell, len(table.count))
    used = np.flatnonzero(quantity)  # few of all moves carry anything
    amount, cost = quantity[used], (moves.charged + moves.lateness)[used]
    arriving = np.lexsort((cost, moves.lead_days[used]))
    arrives = _ranks(amount, moves.destination_cell[used], arriving)
    start = table.start + table.on_hand - away
    leaves = _ranks(amount, moves.origin_cell[used], np.lexsort((cost,)))
    last = table.start + table.on_hand - 1
    move = np.repeat(used, amount)
    into, outof = moves.destination_cell[move], moves.origin_cell[move]
    unit_in = np.where(into >= 0, at_places(start, into) + arrives, -1)
    unit_out = np.where(outof >= 0, at_places(last, outof) - leaves, -1)
    given_up = np.where(outof >= 0, at_places(problem.units.value, unit_out), 0.0)
    given_up = mean_of_group(outof, given_up)
    late = problem.late.find(unit_in, moves.lead_days[move])
    landed = moves.charged[move] + np.where(late >= 0, 0.0, moves.lateness[move])
    shared = freight_shares(problem, quantity)[move]
    worth = np.where(into >= 0, worth_on_arrival(problem, np.maximum(unit_in, 0), late), 0.0)
    return MovedUnits(
        move, unit_in, unit_out, late, landed + shared + given_up, shared, given_up, worth
    )


def mean_of_group(group: Ints, amount: Floats) -> Floats:
    """Mean of the amounts of each group, by member; 0 where the group is -1."""
    _, member = np.unique(group, return_inverse=True)
    size = np.bincount(member)
    mean = added(member, amount, len(size)) / np.maximum(size, 1)
    return np.where(group >= 0, mean[member], 0.0) if len(group) else np.zeros(0)


def units_by_cell(quantity: Ints, cell: Ints, cells: int) -> Ints:
    """Count units by cell; -1 names no cell."""
    named = cell >= 0
    return np.bincount(cell[named], quantity[named], cells).astype(np.int64)


def at_places(values: np.ndarray, place: Ints) -> np.ndarray:
    """Read values at places; where the place is -1, any value, for the caller to mask."""
    return values[np.maximum(place, 0)] if len(values) else np.zeros(len(place), dtype=np.int64)


def _ranks(quantity: Ints, cell: Ints, order: Ints) -> Ints:
    """Place 0, 1, .. of each moved unit among those of its cell, with moves taken in `order`."""
    order = order[np.argsort(cell[order], kind="stable")]
    amount, home = quantity[order], cell[order]
    before = np.cumsum(amount) - amount
    first = np.concatenate([[True], home[1:] != home[:-1]]) if len(home) else np.zeros(0, bool)
    base = before - np.maximum.accumulate(np.where(first, before, 0)) if len(home) else before
    start = np.zeros(len(quantity), dtype=np.int64)
    start[order] = base
    inside = np.arange(int(quantity.sum())) - np.repeat(np.cumsum(quantity) - quantity, quantity)
    return np.repeat(start, quantity) + inside


def totals_of(problem: ShippingProblem, quantity: Ints, moved: MovedUnits) -> dict[str, float]:
    """Terms of the objective (equation 1), with each unit valued on its own day of arrival.

    They sum to the objective, `vehicles` and `lines` among them where any are paid for; `lateness`
    is what the units sent lose by not arriving on their
    cells' earliest day, below 0 where they gain by it [money].
    """
    moves, worth = problem.moves, problem.units.value
    totals = {
        each.term: float(moves.cost[moves.action == place] @ quantity[moves.action == place])
        for place, each in enumerate(ACTIONS)
    }
    unit = np.maximum(moved.arrives, 0)
    totals["hub_rent"] = float(moves.rent @ quantity)
    totals["lateness"] = float(lateness_of_units(problem, unit, moved.late, moved.move).sum())
    totals["value_given_up"] = float(worth[moved.leaves[moved.leaves >= 0]].sum())
    totals["value_of_arrivals"] = -float(worth[moved.arrives[moved.arrives >= 0]].sum())
    if problem.departures.charged:
        totals["vehicles"], totals["lines"] = freight_of_departures(problem, quantity)
    return {term: value + 0.0 for term, value in totals.items()}
