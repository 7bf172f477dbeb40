"""Column generation: solve the continuous program of many items one item at a time.

Each round prices what items share, solves every item at those prices (the pricing problem), and
lets a restricted master combine the plans found so far into one that keeps every limit; its duals
are the next prices. Every round gives a bound (equation 13) and, once a master is solved, a usable
plan (docs/program.md, section 9).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.arrays import Sparse, parts
from foreship_optimize.decomposition.carried import Carried, carry
from foreship_optimize.decomposition.price_search import Search, aim_of, no_prices, run, search_of
from foreship_optimize.decomposition.pricing import Shelf, priced_items, stock_up
from foreship_optimize.decomposition.restricted_master import Mix
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.limits import packs_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import Prices, lower_bound
from foreship_optimize.program.continuous import (
    Continuous,
    exceeded,
    overdrawn,
    refuse_unreachable_minimums,
    unsolved,
)
from foreship_optimize.program.cost import CellsByDay, program_cost, worth_by_day
from foreship_optimize.program.instance import Clock, Task
from foreship_optimize.program.tiers import atoms_of, tiers_of
from foreship_optimize.program.units_by_day import items_by_day, layers_of

__all__ = ["Decomposed", "is_large", "solve_by_prices", "why_whole"]

SAMPLES = ((500, 1e-3), (5000, 1e-3))
"""size of each sample of items whose prices start the next search, and the gap it is solved to"""
FEWER = 4
"""a sample is drawn only where there are at least this many times more items than it holds"""
BY_DAY_CARRIED = 10_000
"""Pricing solves items counted by day of arrival only approximately. Up to this many moves, such
items are carried in the master, which solves them exactly; beyond it they are priced, and a gap may
remain."""


@dataclass(frozen=True)
class Decomposed(Continuous):
    """The continuous answer of a decomposition, with the item plans that rounding starts from."""

    plans: tuple[Sparse, ...] = ()
    """units of each way in every pricing call of which the master uses a plan"""
    weight: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """share of each such call's plan in each group, (calls, groups)"""
    shelf: Shelf | None = None
    groups: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def is_large(task: Task) -> bool:
    """Whether enough items can be priced alone for column generation to pay."""
    many = int(priced_items(task.problem, task.limits).sum())
    return many > 0 and many >= task.params.plan.decomposition_items


def why_whole(task: Task) -> list[str]:
    """Say why a program of many items is not decomposed; empty where there is nothing to say."""
    moved, least = len(np.unique(task.problem.moves.item)), task.params.plan.decomposition_items
    if moved < least or is_large(task):
        return []
    many = int(priced_items(task.problem, task.limits).sum())
    return [
        f"solved as one program, which takes longer: of {moved} items with moves {many} can be "
        f"priced alone and {least} would be needed (plan.decomposition_items); redirects, exits "
        "and minimums hold the others together"
    ]


def solve_by_prices(task: Task, clock: Clock) -> Continuous:
    """Solve the continuous program by column generation; what `solve_continuous` also solves.

    Raises
    ------
    LimitsCannotHold
        If minimums contradict the limits.
    NoUsablePlan
        If time ends before the carried items have a plan that meets their minimums.
    """
    refuse_unreachable_minimums(task)
    mine = priced_items(task.problem, task.limits)
    mine &= ~_carried_by_day(task.problem, mine)
    return _searched(task, mine, clock)


def _carried_by_day(problem: ShippingProblem, mine: Bools) -> Bools:
    """Mark the items counted by day of arrival, if few enough to be carried in the master."""
    by_day = mine & items_by_day(problem)
    few = np.count_nonzero(by_day[problem.moves.item]) <= BY_DAY_CARRIED
    return by_day if few else np.zeros_like(by_day)


def _searched(task: Task, mine: Bools, clock: Clock) -> Decomposed:
    """Run the price search over the items marked in `mine`; the master carries all others."""
    problem, limits, plan = task.problem, task.limits, task.params.plan
    part = carry(problem, limits, task.risk, ~mine)
    shelf = stock_up(problem, limits, task.risk, mine, plan.minimum_line_quantity)
    rng = np.random.default_rng(plan.seed)
    order = rng.permutation(len(shelf.items))
    start = _start_prices(task, shelf, part, order, clock)
    search = search_of(part, shelf, plan, order, clock)
    run(search, start, aim_of(plan.gap, len(order)))
    return _answer(task, search)


def _start_prices(task: Task, shelf: Shelf, part: Carried, order: Ints, clock: Clock) -> Prices:
    """Take start prices from samples of the items, each under its share of the limits."""
    none = carry(task.problem, task.limits, task.risk, np.zeros(len(task.problem.items), bool))
    prices = no_prices(none)
    for size, gap in SAMPLES:
        if len(order) < FEWER * size:
            break
        sample = none.share(size / len(order))
        search = search_of(sample, shelf, task.params.plan, order[:size], clock)
        run(search, prices, gap)
        prices = search.best or prices
    shared = np.zeros(len(part.limits.words))
    shared[part.coupling] = prices.limits[none.coupling]
    return replace(no_prices(part), limits=shared, outcomes=prices.outcomes)


def _answer(task: Task, search: Search) -> Decomposed:
    """Turn the best combination and the best prices into an answer of the continuous program."""
    part, shelf, mix = search.part, search.shelf, search.mix
    problem, least = task.problem, task.params.plan.minimum_line_quantity
    used = np.flatnonzero((mix.weight > 0).any(axis=1)).tolist() if mix is not None else []
    quantity = np.zeros(len(problem.moves.action))
    if mix is not None and np.isfinite(mix.cost):
        quantity[shelf.moves] = _mixed_plans(search, mix, used)
        steps = mix.columns[: len(part.moves)]
        quantity[part.moves] = np.maximum(steps, 0.0) * packs_of(part.problem)
    faults = [*exceeded(task, quantity), *overdrawn(task, quantity)]
    if faults:
        words = "; ".join(faults)
        raise NoUsablePlan(f"no feasible plan when the search stopped: {words}")
    prices = _all_prices(task, search)
    bound = lower_bound(problem, task.limits, prices, task.risk, least)
    by_day = _worth_by_day(task, search, quantity, used)
    objective = program_cost(problem, quantity, least, by_day=by_day)
    carried = len(np.unique(part.problem.moves.item))
    size = {
        **search.size, "items_priced": len(shelf.items), "items_carried": carried,
        "rounds": search.rounds,
    }  # fmt: skip
    return Decomposed(
        quantity, objective, bound, prices, search.termination, size,
        unsolved(search.termination) if mix is None else mix.outcome,
        tuple(search.plans[call] for call in used),
        mix.weight[used] if mix is not None and used else np.zeros((0, search.count)),
        shelf, search.groups,
    )  # fmt: skip


def _mixed_plans(search: Search, mix: Mix, used: list[int]) -> Floats:
    """Units of each way in the combination of the plans that the master uses."""
    item = search.shelf.item_of_way
    ways = np.zeros(len(item))
    for call in used:
        plan, weight = search.plans[call].dense(), mix.weight[call][search.groups]
        for part in parts(len(ways)):
            ways[part] += weight[item[part]] * plan[part]
    return ways


def _worth_by_day(task: Task, search: Search, quantity: Floats, used: list[int]) -> Floats | None:
    """Worth of each cell counted by day in the combination; None where there is no such cell.

    Carried items are counted as the master's point says, priced ones as the plans that are mixed.
    """
    problem, line = task.problem, task.params.plan.minimum_line_quantity
    part, shelf, mix = search.part, search.shelf, search.mix
    layers = layers_of(problem)
    if mix is None or not np.isfinite(mix.cost) or not len(layers.cell):
        return None
    cells = CellsByDay.of(problem, layers, atoms_of(problem, line))
    group_of = np.full(len(problem.items), -1, dtype=np.int64)
    group_of[shelf.items[search.items]] = search.groups
    group = group_of[problem.cell_item]
    mixed = np.where(group >= 0, 0.0, -np.inf)
    for call in used:
        plan = np.zeros(len(problem.moves.action))
        plan[shelf.moves] = search.plans[call].dense()
        mixed += np.where(group >= 0, mix.weight[call][group], 0.0) * cells.worth(plan)
    tiers = tiers_of(part.problem, None, line, risky=part.risk.budget is not None)
    there = mix.columns[len(part.moves) :]
    mixed[part.cells] = worth_by_day(part.problem, tiers, quantity[part.moves], there)
    return mixed


def _all_prices(task: Task, search: Search) -> Prices:
    """Return the best prices over the whole problem, with the items' own prices of hub stock.

    Cells need none: where only ships touch a cell, the bound knows its worth in closed form.
    """
    part, shelf = search.part, search.shelf
    best = search.best or no_prices(part)
    prices = part.widened(best, task.problem, len(task.limits.words))
    known = np.flatnonzero(shelf.stock_row >= 0)
    if len(search.shelf_price):
        prices.limits[shelf.stock_row[known]] = search.shelf_price[known] / shelf.money
    return prices
