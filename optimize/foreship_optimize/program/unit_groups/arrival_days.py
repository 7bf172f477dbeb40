"""What a unit loses by arriving on another day than its cell's own, and bounds on that loss.

The program charges a late lane one amount a unit, `Moves.lateness` (equation 17 of docs/value.md);
the ledger values every unit on its own day of arrival, `ShippingProblem.late`. Where the two differ
for some unit of a cell, the program counts that cell by day (`units_by_day`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.problem import ShippingProblem

__all__ = [
    "OtherDays",
    "arrivals_on",
    "lateness_of_units",
    "lateness_spread",
    "least_lateness",
    "other_days_of",
    "worth_on_arrival",
]


@dataclass(frozen=True)
class OtherDays:
    """Other days than its own on which a cell's units are valued, one row a (cell, day), sorted."""

    cell: Ints
    of_move: Ints
    """row of each move's destination and day of arrival; -1 where there is none, shape (M,)"""
    of_row: Ints
    """row here of each row of `problem.late`, shape (L,)"""

    @classmethod
    def none(cls, problem: ShippingProblem) -> OtherDays:
        """Return no rows: every move is then charged its lateness."""
        index = np.empty(0, dtype=np.int64)
        none = np.broadcast_to(np.int64(-1), len(problem.moves.action))  # takes no memory
        return cls(index, none, index)


def other_days_of(problem: ShippingProblem) -> OtherDays:
    """Find the other days of every cell, and the moves that arrive on them."""
    moves, late = problem.moves, problem.late
    if not len(late.unit):
        return OtherDays.none(problem)
    days = int(max(late.day.max(), moves.lead_days.max(initial=0))) + 1
    row = problem.units.cell[late.unit].astype(np.int64) * days + late.day
    key, of_row = np.unique(row, return_inverse=True)
    wanted = moves.destination_cell.astype(np.int64) * days + moves.lead_days
    at = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
    named = (moves.destination_cell >= 0) & (key[at] == wanted)
    return OtherDays(key // days, np.where(named, at, -1), of_row)


def arrivals_on(problem: ShippingProblem, days: OtherDays) -> tuple[Ints, Floats]:
    """Day of each row, NEVER where no move comes, and what its moves are charged, else 0."""
    known = np.flatnonzero(days.of_move >= 0)
    entry = days.of_move[known]
    lead, charge = np.full(len(days.cell), NEVER), np.full(len(days.cell), np.inf)
    np.minimum.at(lead, entry, problem.moves.lead_days[known])
    np.minimum.at(charge, entry, problem.moves.lateness[known])
    return lead, np.where(lead < NEVER, charge, 0.0)


def worth_on_arrival(problem: ShippingProblem, unit: Ints, row: Ints) -> Floats:
    """Worth of units where they lie [money]; by row of `late` where `row` is not -1.

    Parameters
    ----------
    unit, row
        Positions in `problem.units` and `problem.late`, of one shape.
    """
    worth = problem.units.value[unit] if len(problem.units.value) else np.zeros(len(unit))
    if not len(problem.late.unit):
        return worth
    return np.where(row >= 0, problem.late.value[np.maximum(row, 0)], worth)


def lateness_of_units(problem: ShippingProblem, unit: Ints, row: Ints, move: Ints) -> Floats:
    """What each unit loses by its move's day of arrival [money]; below 0 where it gains."""
    known = problem.units.value[unit] if len(problem.units.value) else np.zeros(len(unit))
    return np.where(
        row >= 0, known - worth_on_arrival(problem, unit, row), problem.moves.lateness[move]
    )


def _lost(problem: ShippingProblem) -> Floats:
    """What each row of `late` loses against the cell's own day, (L,) [money]."""
    return np.asarray(problem.units.value[problem.late.unit] - problem.late.value)


def least_lateness(problem: ShippingProblem) -> Floats:
    """Least that any unit could lose on each move, (M,) [money]; at most the move's charge."""
    days, moves = other_days_of(problem), problem.moves
    least = np.full(len(days.cell), np.inf)
    np.minimum.at(least, days.of_row, _lost(problem))
    known = days.of_move >= 0
    charged = moves.lateness.copy()
    charged[known] = np.minimum(charged[known], least[days.of_move[known]])
    return charged


def lateness_spread(problem: ShippingProblem) -> Floats:
    """Range of the losses of a cell's units, summed over its other days, (C,) [money].

    A unit that leaves lets the arrivals behind it move up one rank: what they lose changes by no
    more than this.
    """
    days, moves = other_days_of(problem), problem.moves
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
