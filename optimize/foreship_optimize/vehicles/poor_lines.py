"""Take out item lines whose units do not earn together what handling the line costs.

Plans of many items are put together by the unit, which says nothing of a line. A line is judged by
what its units earn in the whole plan; of the poor ones into one cell the poorest goes first: the
others may earn more without it.
"""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.limits import added
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.departure_loads import item_lines
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.moved_units import moved_units
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost

__all__ = ["without_poor_lines"]

ROUNDS = 6
"""most times that all lines are judged"""


def without_poor_lines(instance: Instance, quantity: Ints) -> Ints:
    """Return the plan without lines that cost more than they earn, shape (M,).

    Lines that a minimum counts stay.
    """
    problem, limits = instance.problem, instance.limits
    line = item_lines(problem)
    if not (line >= 0).any():
        return quantity
    asked = np.zeros(len(quantity), dtype=bool)
    asked[limits.move[np.isfinite(limits.at_least)[limits.row]]] = True
    cost = plan_cost(problem, quantity)
    for _ in range(ROUNDS):
        poor = _poorest(problem, quantity, line, asked)
        fewer = np.where(poor, 0, quantity)
        less = plan_cost(problem, fewer)
        # without a redirect its units need storage where they lie
        if not poor.any() or less >= cost or faults_of(instance, fewer):
            break
        quantity, cost = fewer, less
    return quantity


def _poorest(problem: ShippingProblem, quantity: Ints, line: Ints, asked: np.ndarray) -> np.ndarray:
    """Mark the moves of each cell's poorest line, where it costs more than it earns, (M,)."""
    moves = problem.moves
    gain = _gain_of_moves(problem, quantity)
    used = np.flatnonzero((quantity > 0) & (line >= 0))
    lines = int(line.max()) + 1
    earned = added(line[used], gain[used], lines)
    price = np.zeros(lines)
    price[line[used]] = problem.departures.line_cost[moves.lane[used]]
    loses = earned - price
    held = np.zeros(lines, dtype=bool)
    held[line[used[asked[used]]]] = True
    loses[held] = 0.0
    cell = np.maximum(moves.destination_cell[used], moves.origin_cell[used])
    worst = np.zeros(len(problem.cell_item))
    np.minimum.at(worst, cell, loses[line[used]])
    out = used[(loses[line[used]] < 0) & (loses[line[used]] <= worst[cell])]
    marked = np.zeros(len(quantity), dtype=bool)
    marked[out] = True
    # a line goes as a whole or stays
    whole = added(line[out], np.ones(len(out)), lines) == added(
        line[used], np.ones(len(used)), lines
    )
    marked[out[~whole[line[out]]]] = False
    return marked


def _gain_of_moves(problem: ShippingProblem, quantity: Ints) -> Floats:
    """What the units of each move earn, vehicles and lines aside, (M,) [money]."""
    moved = moved_units(problem, quantity)
    return added(moved.move, moved.worth - moved.cost + moved.shared, len(quantity))
