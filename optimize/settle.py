"""Whole units from a decomposition: every item takes one of its plans, then drop and fill.

An item's plan at any prices is in whole units already. The mix of the master gives each plan of a
group a share; items are dealt out to the plans in those shares (docs/program.md, section 9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from optimize.beside import Beside
from optimize.continuous import program_cost
from optimize.decompose import Decomposed
from optimize.formulation import GRID
from optimize.limits import added, cell_units, packs_of
from optimize.outcomes import loss_of_outcomes
from optimize.polish import brought_under, filled, one_pass
from optimize.pricing import Shelf
from optimize.problem import Floats, Ints
from optimize.summary import relative_gap
from optimize.task import Clock, Task
from optimize.tiers import line_minimum

if TYPE_CHECKING:
    from optimize.settling import State, Steps

__all__ = ["dealt_plans", "settled"]

GOLDEN = 0.6180339887498949
"""fractional parts of its multiples spread evenly"""
PASSES = 8
"""most passes of exchanges"""


def dealt_plans(continuous: Decomposed, task: Task) -> Ints:
    """Let every item take one plan of its group, in the shares of the master's mix, (W,).

    Items of a group are ordered by volume, and shares are drawn evenly along that order, so that
    each plan gets a like mix of small and large.
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
        quantity[mine] = continuous.plans[call][mine]
    return quantity


def settled(continuous: Decomposed, task: Task, clock: Clock | None = None) -> Ints:
    """Whole units of every move: dealt plans, under the limits, filled up, bettered, (M,).

    Carried items are rounded first, beside the dealt plans; the priced ones are then settled in
    what the carried ones leave, and the carried ones filled up once more.

    Parameters
    ----------
    clock
        Where time is over, the plan is not bettered any more. Ctrl-C ends it: the plan so far is
        kept, or dealt anew where there was none.

    Returns
    -------
    A plan that may miss minimums of carried items, or limits where these take too much: the caller
    must look.
    """
    clock = clock or Clock(np.inf)
    try:
        return _settled(continuous, task, clock)
    except KeyboardInterrupt:
        clock.interrupt()
        return _settled(continuous, task, clock)  # what every plan needs, and nothing more


def _settled(continuous: Decomposed, task: Task, clock: Clock) -> Ints:
    """Whole units of every move, as good as time allows, (M,)."""
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
    """Settle the priced items; the other moves of the plan stay, (M,)."""
    line = task.params.plan.minimum_line_quantity
    steps = _steps(continuous, task, shelf)
    state = _state(task, shelf, steps, dealt)
    brought_under(steps, state, steps)
    filled(steps, state)
    best = _with(dealt, shelf, state)
    least, plan = program_cost(task.problem, best.astype(float), line), task.params.plan
    try:
        for _ in range(PASSES):
            if relative_gap(least, continuous.bound) <= plan.gap or clock.is_over():
                break
            exchanged, holds = one_pass(steps, state, shelf, continuous.prices)
            other = _with(dealt, shelf, state)
            cost = program_cost(task.problem, other.astype(float), line)
            if holds and cost < least:
                best, least = other, cost
            if not exchanged:
                break
    except KeyboardInterrupt:
        clock.interrupt()
    return best


def _with(plan: Ints, shelf: Shelf, state: State) -> Ints:
    """Put the settled ways in their moves' places of a plan, (M,)."""
    quantity = plan.copy()
    quantity[shelf.moves] = state.quantity
    return quantity


def _steps(continuous: Decomposed, task: Task, shelf: Shelf) -> Steps:
    """Write down what steps use and bring, in the order of the shelf's ways."""
    from optimize.settling import Steps

    problem, limits, book, risk = task.problem, task.limits, shelf.book, task.risk
    # 32 bits a number where there are as many as ways: they are what settling takes its memory for
    cell_of_way = np.repeat(np.arange(len(book.cell_loss)), np.diff(book.cell_ways))
    cell_of_way = cell_of_way.astype(np.int32)
    cells = np.zeros(len(book.cell_loss), dtype=np.int64)
    cells[cell_of_way] = problem.moves.destination_cell[shelf.moves]
    table, money = cell_units(problem), shelf.money
    lies, count = table.on_hand[cells], table.count[cells] - table.on_hand[cells]
    first = np.concatenate([[0], np.cumsum(count)])
    place = np.arange(first[-1]) - np.repeat(first[:-1] - table.start[cells] - lies, count)
    prices = continuous.prices
    weight = limits.coefficient * prices.limits[limits.row]
    priced = added(limits.move, weight, len(problem.moves.action))[shelf.moves] * money
    del weight
    active = np.flatnonzero(prices.outcomes) if shelf.limited else np.zeros(0, dtype=np.int64)
    size = max((1.0 - risk.level) * book.need.shape[1], 1e-9)
    worst = min(int(size + 1e-9), book.need.shape[1])
    rest = size - worst if size - worst > 1e-12 else 0.0
    budget = np.inf
    if risk.budget is not None:
        budget = (risk.budget + 1e-9 * max(1.0, risk.budget)) * size * money
    shelf_start = book.item_shelves[shelf.item_of_way]
    return Steps(
        cell_of_way, (shelf_start + book.way_shelf).astype(np.int32),
        *_uses(shelf, cell_of_way), book.way_cost,
        priced + book.way_dearer * prices.risk, book.way_dearer,
        book.way_dearer * prices.risk,
        packs_of(problem)[shelf.moves].astype(np.int32),
        line_minimum(problem, task.params.plan.minimum_line_quantity)[shelf.moves].astype(np.int32),
        first, book.cell_loss, np.round(problem.units.value[place] * money, GRID), book.need,
        active, prices.outcomes[active], (limits.at_most + limits.tolerance())[shelf.rows],
        budget, worst, rest, book.cell_layers, book.way_layer, book.layer_sums, book.sums,
    )  # fmt: skip


def _uses(shelf: Shelf, cell_of_way: Ints) -> tuple[Ints, Ints, Floats]:
    """List the shared rows of each way: where its entries start, and of each its row and use."""
    book, volume = shelf.book, shelf.book.volume[shelf.item_of_way]
    lane, storage = book.way_lane, book.cell_storage[cell_of_way]
    order = np.argsort(shelf.extra_way, kind="stable")
    extra, its_row = shelf.extra_way[order], shelf.extra_row[order]
    # a budget's use is in scaled money in the shelf, in the problem's own in its limits
    its_use = shelf.extra_use[order] * (shelf.row_money / shelf.money)[its_row]
    both = (lane >= 0).astype(np.int64) + (storage >= 0)
    first = np.zeros(len(lane) + 1, dtype=np.int64)
    np.cumsum(both + np.bincount(extra, minlength=len(lane)), out=first[1:])
    row, use = np.empty(first[-1], dtype=np.int64), np.empty(first[-1])
    shift = np.zeros(len(lane), dtype=np.int64)
    for rows in (lane, storage):
        known = np.flatnonzero(rows >= 0)
        place = first[known] + shift[known]
        row[place], use[place] = rows[known], volume[known]
        shift[known] += 1
    ordinal = np.arange(len(extra)) - np.searchsorted(extra, extra)
    place = first[extra] + both[extra] + ordinal
    row[place], use[place] = its_row, its_use
    return first.astype(np.int32), row.astype(np.int32), use


def _state(task: Task, shelf: Shelf, steps: Steps, plan: Ints) -> State:
    """Take a plan over, the priced ways in whole packs and lines that are long enough."""
    from optimize.settling import State

    quantity = plan[shelf.moves] // steps.pack * steps.pack
    quantity = np.where(quantity >= steps.least, quantity, 0)
    there = added(steps.cell, quantity.astype(float), len(shelf.book.cell_loss)).astype(np.int64)
    drawn = added(steps.shelf, quantity.astype(float), len(shelf.book.shelf_units))
    whole = plan.copy()
    whole[shelf.moves] = quantity
    loss: Floats = np.zeros(shelf.book.need.shape[1])
    if shelf.limited:
        loss = loss_of_outcomes(task.problem, task.risk, whole) * shelf.money
    left = shelf.book.shelf_units - drawn.astype(np.int64)
    layered = np.flatnonzero(steps.layer >= 0)
    come = added(steps.layer[layered], quantity[layered].astype(float), len(steps.layer_sums))
    used = task.limits.use(whole)[shelf.rows]
    return State(quantity, there, left, used, loss, come.astype(np.int64))
