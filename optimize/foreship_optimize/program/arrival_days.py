"""What arriving on another day than the cell's costs: each unit's own loss, and what bounds it.

The program charges a late lane one amount a unit, `Moves.lateness` (equation 17 of docs/value.md);
the ledger takes every unit for what it is worth on its own arrival, `ShippingProblem.late`. Where
the two differ for some unit of a cell, the program counts by day too (`layers`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.declaration import NEVER
from foreship_optimize.problem import ShippingProblem

__all__ = [
    "Days",
    "arrivals_on",
    "days_of",
    "least_lateness",
    "own_lateness",
    "own_worth",
    "spread",
]


@dataclass(frozen=True)
class Days:
    """The other days on which units of a cell are valued, one entry a (cell, day), sorted."""

    cell: Ints
    of_move: Ints
    """entry of each move's destination and arrival; -1 where there is none, shape (M,)"""
    of_row: Ints
    """entry of each row of `problem.late`, shape (L,)"""

    @classmethod
    def none(cls, problem: ShippingProblem) -> Days:
        """Return no such day: every move is charged its lateness."""
        index = np.empty(0, dtype=np.int64)
        none = np.broadcast_to(np.int64(-1), len(problem.moves.action))  # takes no memory
        return cls(index, none, index)


def days_of(problem: ShippingProblem) -> Days:
    """Find the other days of every cell, and the moves that arrive on them."""
    moves, late = problem.moves, problem.late
    if not len(late.unit):
        return Days.none(problem)
    days = int(max(late.day.max(), moves.lead_days.max(initial=0))) + 1
    row = problem.units.cell[late.unit].astype(np.int64) * days + late.day
    key, of_row = np.unique(row, return_inverse=True)
    wanted = moves.destination_cell.astype(np.int64) * days + moves.lead_days
    at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    named = (moves.destination_cell >= 0) & (key[at] == wanted)
    return Days(key // days, np.where(named, at, -1), of_row)


def arrivals_on(problem: ShippingProblem, days: Days) -> tuple[Ints, Floats]:
    """Day of each entry of `Days`, NEVER where no move comes; what a move is charged, 0 then."""
    known = np.flatnonzero(days.of_move >= 0)
    entry = days.of_move[known]
    lead, charge = np.full(len(days.cell), NEVER), np.full(len(days.cell), np.inf)
    np.minimum.at(lead, entry, problem.moves.lead_days[known])
    np.minimum.at(charge, entry, problem.moves.lateness[known])
    return lead, np.where(lead < NEVER, charge, 0.0)


def own_worth(problem: ShippingProblem, unit: Ints, row: Ints) -> Floats:
    """Worth of units where they lie [money], on their own arrival where `row` of `late` is not -1.

    Parameters
    ----------
    unit, row
        Positions in `problem.units` and `problem.late`, of one shape.
    """
    worth = problem.units.value[unit] if len(problem.units.value) else np.zeros(len(unit))
    if not len(problem.late.unit):
        return worth
    return np.where(row >= 0, problem.late.value[np.maximum(row, 0)], worth)


def own_lateness(problem: ShippingProblem, unit: Ints, row: Ints, move: Ints) -> Floats:
    """Worth that each unit loses by its move's arrival [money]; below 0 where it gains by it."""
    known = problem.units.value[unit] if len(problem.units.value) else np.zeros(len(unit))
    return np.where(row >= 0, known - own_worth(problem, unit, row), problem.moves.lateness[move])


def _lost(problem: ShippingProblem) -> Floats:
    """Worth that each row of `late` loses against the cell's own day, (L,) [money]."""
    return np.asarray(problem.units.value[problem.late.unit] - problem.late.value)


def least_lateness(problem: ShippingProblem) -> Floats:
    """Least that any unit could lose on each move, (M,) [money]: its charge, or less."""
    days, moves = days_of(problem), problem.moves
    least = np.full(len(days.cell), np.inf)
    np.minimum.at(least, days.of_row, _lost(problem))
    known = days.of_move >= 0
    charged = moves.lateness.copy()
    charged[known] = np.minimum(charged[known], least[days.of_move[known]])
    return charged


def spread(problem: ShippingProblem) -> Floats:
    """How far the losses of a cell's units differ, summed over its other days, (C,) [money].

    A unit that leaves lets the arrivals behind it move up one rank: what they lose changes by no
    more than this.
    """
    days, moves = days_of(problem), problem.moves
    low, high = np.full(len(days.cell), np.inf), np.full(len(days.cell), -np.inf)
    known = np.flatnonzero(days.of_move >= 0)
    for place, lost in (
        (days.of_row, _lost(problem)),
        (days.of_move[known], moves.lateness[known]),
    ):
        np.minimum.at(low, place, lost)
        np.maximum.at(high, place, lost)
    total = np.zeros(len(problem.cell_item))
    np.add.at(total, days.cell, high - low)
    return total
