"""Whole units from a decomposition: assign each item one of its plans, repair, fill, exchange.

The plans that pricing finds are in whole units already. The master gives each plan of a group a
share; the items of the group are assigned to its plans in those shares (docs/program.md, section
9).
"""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_optimize.decomposition.column_generation import Decomposed
from foreship_optimize.decomposition.pricing import Shelf
from foreship_optimize.program.cost import program_cost
from foreship_optimize.program.gap import relative_gap
from foreship_optimize.program.instance import Clock, Task
from foreship_optimize.whole_units.carried_rounding import Beside
from foreship_optimize.whole_units.local_search import brought_under, filled, one_pass
from foreship_optimize.whole_units.local_search_state import State, state_of, steps_of

__all__ = ["dealt_plans", "settled"]

GOLDEN = 0.6180339887498949
"""the golden ratio less 1: the fractional parts of its multiples are spread evenly over [0, 1)"""
PASSES = 8
"""most passes of the local search"""


def dealt_plans(continuous: Decomposed, task: Task) -> Ints:
    """Assign each item one plan of its group, in the shares that the master gives them, (W,).

    Items of a group are ordered by volume and assigned evenly along that order, so that each plan
    gets small and large items alike.
    """
    shelf = continuous.shelf
    assert shelf is not None
    count = len(shelf.items)
    calls = len(continuous.plans)
    rng = np.random.default_rng(task.params.plan.seed)
    start = np.asarray(rng.random(continuous.weight.shape[1]))
    order = np.lexsort((np.arange(count), shelf.book.volume, continuous.groups))
    grouped = continuous.groups[order]
    edges = np.searchsorted(grouped, np.arange(len(start)))
    draw = np.zeros(count)
    draw[order] = (GOLDEN * (np.arange(count) - edges[grouped]) + start[grouped]) % 1.0
    reach = np.cumsum(continuous.weight, axis=0)[:, continuous.groups]
    chosen = (draw >= reach).sum(axis=0)  # calls: no plan at all
    of_way = chosen[shelf.item_of_way]
    quantity = np.zeros(len(shelf.moves), dtype=np.int64)
    for call in range(calls):
        mine = np.flatnonzero(of_way == call)
        quantity[mine] = continuous.plans[call].dense()[mine]
    return quantity


def settled(continuous: Decomposed, task: Task, clock: Clock | None = None) -> Ints:
    """Whole units of every move: dealt plans, under the limits, filled up, bettered, (M,).

    Carried items are rounded first, against the plans assigned to the others. The priced items are
    then brought under the limits and improved by local search; last, carried items are filled
    again.

    Parameters
    ----------
    clock
        Where time is over, the plan is not bettered any more. Ctrl-C ends it: the plan so far is
        kept, or dealt anew where there was none.

    Returns
    -------
    A plan in whole units. It may miss minimums of carried items, or exceed limits where carried
    items use too much: the caller must check.
    """
    clock = clock or Clock(np.inf)
    try:
        return _settled(continuous, task, clock)
    except KeyboardInterrupt:
        clock.interrupt()
        return _settled(continuous, task, clock)  # what every plan needs, and nothing more


def _settled(continuous: Decomposed, task: Task, clock: Clock) -> Ints:
    """Build the plan in the steps of `settled`, as far as time allows, (M,)."""
    shelf = continuous.shelf
    assert shelf is not None
    beside = Beside.of(task, continuous)
    plan = np.zeros(len(continuous.quantity), dtype=np.int64)
    plan[shelf.moves] = dealt_plans(continuous, task)
    plan = beside.rounded(plan, continuous.quantity)
    plan = beside.solved(plan, clock)
    plan = _settled_beside(continuous, task, shelf, plan, clock)
    return beside.rounded(plan, plan)


def _settled_beside(
    continuous: Decomposed, task: Task, shelf: Shelf, dealt: Ints, clock: Clock
) -> Ints:
    """Repair, fill and improve the priced items; all other moves keep their units, (M,)."""
    line = task.params.plan.minimum_line_quantity
    steps = steps_of(task, shelf, continuous.prices)
    state = state_of(task, shelf, steps, dealt)
    brought_under(steps, state, steps)
    filled(steps, state)
    best, plan = state.quantity.copy(), task.params.plan
    least = _cost(task, shelf, dealt, state, line)
    try:
        for _ in range(PASSES):
            if relative_gap(least, continuous.bound) <= plan.gap or clock.is_over():
                break
            exchanged, holds = one_pass(steps, state)
            cost = _cost(task, shelf, dealt, state, line)
            if holds and cost < least:
                best, least = state.quantity.copy(), cost
            if not exchanged:
                break
    except KeyboardInterrupt:
        clock.interrupt()
    found = dealt.copy()
    found[shelf.moves] = best
    return found


def _cost(task: Task, shelf: Shelf, dealt: Ints, state: State, line: int) -> float:
    """Cost of the plan with the priced items as they are in the search (equation 1) [money]."""
    quantity = dealt.astype(float)
    quantity[shelf.moves] = state.quantity
    return program_cost(task.problem, quantity, line)
