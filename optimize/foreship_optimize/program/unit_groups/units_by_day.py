"""Cells whose units must be counted by day of arrival, because late units lose different amounts.

A cell-day is a cell with one of its days of arrival. With n_j units there by day d_j, n_1 <= n_2 <=
.., the units between n_(j-1) and n_j are worth what they are on day d_j. The cell is then worth the
sum over its days of what its first n_j units are worth more on day d_j than on the next day
(equation 1a of docs/program.md). In all other cells one charge a move says the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.limits import cell_units
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.unit_groups.arrival_days import OtherDays, arrivals_on, other_days_of

__all__ = ["CellDays", "cell_days_of", "items_counted_by_day", "worth_on_last_day"]

NOISE = 1e-9
"""differences of losses below this are float noise, relative to the largest worth"""


@dataclass(frozen=True)
class CellDays:
    """The cells counted by day of arrival, one row a (cell, day), sorted."""

    cell: Ints
    """cell of each row, shape (E,)"""
    of_move: Ints
    """row that each move arrives in; -1 in all other cells, shape (M,)"""
    start: Ints
    """where the worths of each row begin, and the end, (E + 1,)"""
    worth: Floats
    """of each unit of the cell on that day, the moves' lateness added back [money]"""
    inside: Bools
    """True for cells counted by day, shape (C,)"""

    def is_last(self) -> Bools:
        """Mark the last day of each cell, (E,)."""
        return np.asarray(np.diff(self.cell, append=-1) != 0)

    def more(self) -> Floats:
        """Worth of each unit on its day beyond its worth on the cell's next day, as `worth`."""
        size = np.diff(self.start)
        behind = np.repeat(np.where(self.is_last(), 0, size), size)
        place = np.arange(len(self.worth)) + behind
        return np.where(behind > 0, self.worth - self.worth[place], self.worth)


def cell_days_of(problem: ShippingProblem) -> CellDays:
    """Find the cells in which one charge a move is wrong for some unit, with their days."""
    days = other_days_of(problem)
    lead, charge = arrivals_on(problem, days)
    on_day = problem.late.value + charge[days.of_row]  # the moves' lateness added back
    inside = _wrong_somewhere(problem, days, lead, on_day)
    if not inside.any():
        none = np.zeros(0, dtype=np.int64)
        nowhere = np.broadcast_to(np.int64(-1), len(problem.moves.action))  # takes no memory
        return CellDays(none, nowhere, np.zeros(1, dtype=np.int64), np.zeros(0), inside)
    cell, of_day, of_move = _numbered(problem, days, lead, inside)
    table, late = cell_units(problem), problem.late
    size = table.count[cell]
    start = np.concatenate([[0], np.cumsum(size)])
    unit = np.arange(start[-1]) - np.repeat(start[:-1] - table.start[cell], size)
    worth = problem.units.value[unit]
    rows = np.flatnonzero(of_day[days.of_row] >= 0)
    cell_day = of_day[days.of_row[rows]]
    worth[start[cell_day] + late.unit[rows] - table.start[cell[cell_day]]] = on_day[rows]
    return CellDays(cell, of_move, start, worth, inside)


def _wrong_somewhere(
    problem: ShippingProblem, days: OtherDays, lead: Ints, on_day: Floats
) -> Bools:
    """Mark the cells in which some unit loses another amount than its move is charged, (C,)."""
    inside = np.zeros(len(problem.cell_item), dtype=bool)
    value = problem.units.value
    scale = NOISE * max(1.0, float(np.abs(value).max(initial=0.0)))
    wrong = np.abs(on_day - value[problem.late.unit]) > scale
    wrong &= lead[days.of_row] < NEVER
    inside[days.cell[days.of_row[wrong]]] = True
    return inside


def _numbered(
    problem: ShippingProblem, days: OtherDays, lead: Ints, inside: Bools
) -> tuple[Ints, Ints, Ints]:
    """Cell of every row of the result; the row of each entry of `OtherDays` and of each move."""
    moves, into = problem.moves, problem.moves.destination_cell
    own = np.flatnonzero((days.of_move < 0) & (into >= 0) & inside[into])
    own_day = np.full(len(inside), NEVER)
    np.minimum.at(own_day, into[own], moves.lead_days[own])
    with_own = np.flatnonzero(own_day < NEVER)
    entry = np.flatnonzero(inside[days.cell] & (lead < NEVER))
    cell = np.concatenate([days.cell[entry], with_own])
    order = np.lexsort((np.concatenate([lead[entry], own_day[with_own]]), cell))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    of_day = np.full(len(days.cell) + 1, -1, dtype=np.int64)  # the last answers for -1
    of_day[entry] = place[: len(entry)]
    of_cell = np.full(len(inside), -1, dtype=np.int64)
    of_cell[with_own] = place[len(entry) :]
    of_move = of_day[days.of_move]
    of_move[own] = of_cell[into[own]]
    return cell[order], of_day, of_move


def items_counted_by_day(problem: ShippingProblem) -> Bools:
    """Mark the items of which some cell is counted by day."""
    mark = np.zeros(len(problem.items), dtype=bool)
    mark[problem.cell_item[cell_days_of(problem).inside]] = True
    return mark


def worth_on_last_day(problem: ShippingProblem, cell_days: CellDays) -> Floats:
    """Worth of every unit; in cells counted by day, its worth on the last day, (U,) [money]."""
    if not len(cell_days.cell):
        return problem.units.value
    worth = problem.units.value.copy()
    last = np.flatnonzero(cell_days.is_last())
    size, begin = np.diff(cell_days.start)[last], cell_units(problem).start[cell_days.cell[last]]
    before = np.repeat(np.cumsum(size) - size, size)
    place = np.arange(int(size.sum())) - before
    of_cell_day = place + np.repeat(cell_days.start[last], size)
    worth[place + np.repeat(begin, size)] = cell_days.worth[of_cell_day]
    return worth
