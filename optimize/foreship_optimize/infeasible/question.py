"""The moves that have a say in whether planner's minimums can hold, cut out of a problem.

A unit that is sent only takes room, stock and money from others. So the moves that a minimum names
matter, and those that make room for them; any other move stays at nought (docs/program.md, section
6). The cut does not depend on the size of the program, nor does what gives way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools, Ints
from foreship_optimize.limits import Limits, cell_units, free_storage, limits_of, packs_of
from foreship_optimize.params import PlanParams
from foreship_optimize.problem import LateUnits, ShippingProblem, Units
from foreship_optimize.program.presolve import cut, needed, reduce
from foreship_optimize.program.unit_groups.tiers import touched
from foreship_optimize.risk import Risk

__all__ = ["Question", "moves_in_question", "question_of", "with_places_asked_for"]

MOST_PLACES = 100_000
"""candidates that one minimum may ask for over all its cells"""


@dataclass(frozen=True)
class Question:
    """A problem cut down to the moves in question, with its limits."""

    problem: ShippingProblem
    limits: Limits
    risk: Risk
    moves: Ints
    """position in the whole problem of each move"""
    count: int
    """moves of the whole problem"""

    def widened(self, quantity: Ints) -> Ints:
        """Return units of all moves of the whole problem, 0 of those that are not in question."""
        every = np.zeros(self.count, dtype=np.int64)
        every[self.moves] = quantity
        return every


def question_of(problem: ShippingProblem, plan: PlanParams, risk: Risk) -> Question:
    """Presolve the problem, in lines of any size, and cut it down to the moves in question."""
    reduced = reduce(problem, replace(plan, minimum_line_quantity=1))
    mine = np.flatnonzero(moves_in_question(reduced.problem))
    lean = cut(reduced.problem, mine, cell_units(reduced.problem).count)
    moves = reduced.moves[mine]
    return Question(lean, limits_of(lean), risk.of(moves), moves, len(problem.moves.action))


def with_places_asked_for(problem: ShippingProblem) -> ShippingProblem:
    """Return the problem with as many candidates in each cell as a minimum asks for, worth nothing.

    Cells have no more candidates than stock can fill, so that without them stock that is lifted
    would have no place to go. Minimums over very many cells are left as they are.
    """
    moves, table, packs = problem.moves, cell_units(problem), packs_of(problem)
    more = np.zeros(len(problem.cell_item), dtype=np.int64)
    for lock in problem.locks:
        mine = lock.moves[moves.destination_cell[lock.moves] >= 0]
        cells, asked = moves.destination_cell[mine], np.ceil(lock.at_least / packs[mine])
        if lock.at_least * len(np.unique(cells)) <= MOST_PLACES:
            np.maximum.at(more, cells, (asked * packs[mine]).astype(np.int64))
    more = np.maximum(more - (table.count - table.on_hand), 0)
    cell = np.repeat(np.arange(len(more)), more)
    rank = np.arange(len(cell)) - np.repeat(np.cumsum(more) - more, more) + table.count[cell] + 1
    columns = {
        name: np.concatenate([column, np.zeros(len(cell), dtype=column.dtype)])
        for name, column in vars(problem.units).items()
    }
    columns["cell"][len(problem.units.cell) :] = cell
    columns["rank"][len(problem.units.cell) :] = rank
    order = np.lexsort((columns["rank"], columns["cell"]))
    units = Units(**{name: column[order] for name, column in columns.items()})
    return replace(problem, units=units, late=LateUnits.none())


def moves_in_question(problem: ShippingProblem) -> Bools:
    """Mark the moves that minimums name, and those that make room where these arrive, (M,).

    Room is made in a cell that takes a unit, and in a region whose storage is limited; a redirect
    that makes room takes it elsewhere, where other moves may have to make room in turn.
    """
    moves = problem.moves
    mark = needed(problem)
    limited = np.isfinite(free_storage(problem))
    leaves = np.flatnonzero(moves.origin_cell >= 0)
    origin = moves.origin_cell[leaves]
    while True:
        arrives = touched(problem, moves.destination_cell[mark])
        full = np.zeros(len(problem.regions), dtype=bool)
        full[problem.cell_region[arrives]] = True
        full &= limited
        more = leaves[(arrives[origin] | full[problem.cell_region[origin]]) & ~mark[leaves]]
        if not len(more):
            return mark
        mark[more] = True
