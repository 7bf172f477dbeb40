"""The price decomposition: the continuous program of many items, solved item by item.

Prices of what items share are guessed, every item is solved at them, and a restricted master mixes
the plans so found into one that keeps every limit and says better prices. Every round gives a bound
(equation 13) and, once a master is solved, a usable plan (docs/program.md, section 9).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from optimize.bound import Prices, lower_bound
from optimize.carried import Carried, carry
from optimize.continuous import (
    Continuous,
    exceeded,
    overdrawn,
    refuse_unreachable_minimums,
    unsolved,
)
from optimize.errors import NoUsablePlan
from optimize.layers import items_by_day, layers_of
from optimize.lean import Sparse, parts
from optimize.limits import packs_of
from optimize.master import Master, Mix
from optimize.params import PlanParams
from optimize.pricing import Shelf, price, priced_items, stock_up
from optimize.problem import Bools, Floats, Ints, ShippingProblem
from optimize.program_cost import CellsByDay, program_cost, worth_by_day
from optimize.task import Clock, LimitsCannotHold, Task
from optimize.tiers import atoms_of, tiers_of

__all__ = ["Decomposed", "is_large", "solve_by_prices", "why_whole"]

GROUPS, MORE_GROUPS = 64, 96
"""groups of items, each of which has one column a round: fewer need more rounds, more make the
master slow, which counts for less where there are more than `FEW` items to be priced a round"""
SMOOTHING = 0.85
"""weight of the best prices so far beside the master's new ones"""
SAMPLES = ((500, 1e-3), (5000, 1e-3))
"""items of each sample whose prices start the next search, and the gap to which they are known"""
FEWER = 4
"""a sample is worth its while where it holds this many times fewer items than there are"""
FEW, CLOSER, CLOSE = 20_000, 4.0, 1.25
"""the gap is closed further than asked, so that whole units have more of it left: four times where
items are few and rounds cheap, else by a round or two"""
BY_DAY_CARRIED = 10_000
"""items with several days, which pricing does not solve to the end, are carried whole up to so many
moves of theirs: seldom a second of the master's time"""
PATIENCE, SLOW = 8, 0.7
"""where they are more they are priced, and the search ends when so many rounds have left more than
this share of the gap open"""
PARTS, ROUGH = 4, 3e-3
"""of more than `FEW` items one part in so many is priced a round, until mix and bound are so near:
prices of samples give a bound about as near as that, and what is missing is plans to mix"""
STRETCHED = (0.85, 1.15)
"""the first prices are tried this much lower and higher too"""


@dataclass(frozen=True)
class Decomposed(Continuous):
    """The continuous answer with what whole units are made from."""

    plans: tuple[Sparse, ...] = ()
    """units of each way in every call whose plans are in use"""
    weight: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """of each such call in each group"""
    shelf: Shelf | None = None
    groups: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass
class _Search:
    """Items that are searched together, and the best that is known of them."""

    part: Carried
    shelf: Shelf
    params: PlanParams
    items: Ints
    groups: Ints
    count: int
    clock: Clock
    bound: float = -np.inf
    best: Prices | None = None
    shelf_price: Floats = field(default_factory=lambda: np.zeros(0))
    mix: Mix | None = None
    """the cheapest mix; None before the first"""
    plans: list[Sparse] = field(default_factory=list)
    rounds: int = 0
    gaps: list[float] = field(default_factory=list)
    """between mix and bound, by round [money]"""
    termination: str = "time limit"
    size: dict[str, int] = field(default_factory=dict)


def is_large(task: Task) -> bool:
    """Whether enough items can be priced alone for the decomposition to be worth its while."""
    many = int(priced_items(task.problem, task.limits).sum())
    return many > 0 and many >= task.params.plan.decomposition_items


def why_whole(task: Task) -> list[str]:
    """Say why a program of many items is solved whole; nothing where few or priced."""
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
    """Solve the continuous program by prices; the same answer as `solve_continuous`, certified.

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
    """Mark the items with cells by day where they are few enough to be carried."""
    by_day = mine & items_by_day(problem, layers_of(problem))
    few = np.count_nonzero(by_day[problem.moves.item]) <= BY_DAY_CARRIED
    return by_day if few else np.zeros_like(by_day)


def _searched(task: Task, mine: Bools, clock: Clock) -> Decomposed:
    """Search the prices of what the items marked share, the others carried."""
    problem, limits, plan = task.problem, task.limits, task.params.plan
    part = carry(problem, limits, task.risk, ~mine)
    shelf = stock_up(problem, limits, task.risk, mine, plan.minimum_line_quantity)
    rng = np.random.default_rng(plan.seed)
    order = rng.permutation(len(shelf.items))
    start = _start_prices(task, shelf, part, order, clock)
    search = _search_of(part, shelf, plan, order, clock)
    _run(search, start, plan.gap / (CLOSER if len(order) <= FEW else CLOSE))
    return _answer(task, search)


def _search_of(
    part: Carried, shelf: Shelf, params: PlanParams, order: Ints, clock: Clock
) -> _Search:
    """Deal items out to groups, in the order given."""
    count = max(1, min(GROUPS if len(order) <= FEW else MORE_GROUPS, len(order)))
    groups = np.zeros(len(order), dtype=np.int64)
    groups[:] = np.arange(len(order)) % count
    by_item = np.argsort(order, kind="stable")  # memory is read in the order of items
    return _Search(part, shelf, params, order[by_item], groups[by_item], count, clock)


def _start_prices(task: Task, shelf: Shelf, part: Carried, order: Ints, clock: Clock) -> Prices:
    """Prices of samples of the items under their share of the limits; 0 where all are few."""
    none = carry(task.problem, task.limits, task.risk, np.zeros(len(task.problem.items), bool))
    prices = _no_prices(none)
    for size, gap in SAMPLES:
        if len(order) < FEWER * size:
            break
        sample = none.share(size / len(order))
        search = _search_of(sample, shelf, task.params.plan, order[:size], clock)
        _run(search, prices, gap)
        prices = search.best or prices
    shared = np.zeros(len(part.limits.words))
    shared[part.coupling] = prices.limits[none.coupling]
    return replace(_no_prices(part), limits=shared, outcomes=prices.outcomes)


def _no_prices(part: Carried) -> Prices:
    """All prices nought."""
    rows, cells = len(part.limits.words), len(part.problem.cell_item)
    scenarios = part.problem.need.shape[1]
    return Prices(np.zeros(rows), np.zeros(rows), np.zeros(cells), np.zeros(cells),
                  np.zeros(scenarios), part.risk.level)  # fmt: skip


def _run(search: _Search, start: Prices, gap: float) -> None:
    """Price, mix, price anew, until bound and plan meet; a time limit or Ctrl-C keeps the best."""
    try:
        master = Master(
            search.part, search.params, money=search.shelf.money, groups=search.count,
            time_limit=search.clock.left(),
        )  # fmt: skip
        for factor in (1.0, *STRETCHED):
            if not search.plans or not search.clock.is_over():
                _call(search, master, _scaled(start, factor))
        _improve(search, master, gap)
        search.size = master.size
    except KeyboardInterrupt:
        search.termination = "interrupted"


def _improve(search: _Search, master: Master, gap: float) -> None:
    """Alternate between the master and the items."""
    share = SMOOTHING
    while True:
        mix = master.solve(search.clock.left())
        asked = np.isfinite(search.part.limits.at_least).any()
        if mix.outcome.termination == "infeasible" and asked:
            raise LimitsCannotHold("the limits contradict each other")
        if search.mix is None or mix.cost <= search.mix.cost:
            search.mix = mix
        search.rounds += 1
        search.gaps.append(search.mix.cost - search.bound)
        if search.gaps[-1] <= gap * abs(search.bound) or _stalled(search):  # in any unit of money
            search.termination = "optimal"
            return
        if mix.prices is None or search.clock.is_over():
            over = search.clock.is_over() or mix.outcome.termination == "optimal"
            search.termination = "time limit" if over else mix.outcome.termination
            return
        prices = _mixed(search.best, mix.prices, share)
        if _is_rough(search) and _call_part(search, master, prices):
            continue
        new = _call(search, master, prices)
        if new == 0 and share == 0.0:
            search.termination = "optimal"  # no plan of any group betters the mix
            return
        share = SMOOTHING if new else 0.0


def _stalled(search: _Search) -> bool:
    """Whether items with several days, which are not priced to the end, hold the search up."""
    gaps = search.gaps
    if len(gaps) <= PATIENCE or not search.shelf.book.by_day.items[search.items].any():
        return False
    return gaps[-1] > SLOW * gaps[-1 - PATIENCE]


def _call(search: _Search, master: Master, prices: Prices) -> int:
    """Solve every item at the prices; keep the bound if it is better; count the columns added."""
    part, shelf = search.part, search.shelf
    shared = prices.limits[part.coupling]
    answer = price(shelf, shared, prices.outcomes, search.items, search.groups, search.count)
    bound = lower_bound(
        part.problem, part.limits, prices, part.risk, search.params.minimum_line_quantity
    )
    bound += answer.least / shelf.money
    if bound > search.bound:
        search.bound, search.best = bound, prices
        search.shelf_price = shelf.pool.shelf_price.copy()
    search.plans.append(Sparse.of(answer.quantity))
    return master.add(answer)


def _is_rough(search: _Search) -> bool:
    """Whether plans to mix are what many items lack, and not a better bound."""
    return len(search.items) > FEW and search.gaps[-1] > ROUGH * abs(search.bound)


def _call_part(search: _Search, master: Master, prices: Prices) -> int:
    """Solve the items of one group in `PARTS` at the prices; count the columns added."""
    shelf, shared = search.shelf, prices.limits[search.part.coupling]
    part = search.groups % PARTS == search.rounds % PARTS
    items, groups = search.items[part], search.groups[part]
    answer = price(shelf, shared, prices.outcomes, items, groups, search.count)
    mine = np.zeros(len(shelf.items), dtype=bool)
    mine[items] = True
    search.plans.append(Sparse.of(answer.quantity * mine[shelf.item_of_way]))
    return master.add(answer)


def _scaled(prices: Prices, factor: float) -> Prices:
    """All prices of what is shared times a factor: their cone stays."""
    return replace(prices, limits=prices.limits * factor, outcomes=prices.outcomes * factor)


def _mixed(old: Prices | None, new: Prices, share: float) -> Prices:
    """Mix `share` of the old prices with the new ones: both lie in a convex cone."""
    if old is None or share == 0.0:
        return new
    names = ("limits", "minimums", "cells", "staged", "outcomes")
    mixed = {n: share * getattr(old, n) + (1.0 - share) * getattr(new, n) for n in names}
    return replace(new, **mixed)


def _answer(task: Task, search: _Search) -> Decomposed:
    """Put the best mix and the best prices into the words of the continuous program."""
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
    objective = program_cost(problem, quantity, least, by_day=_worth_by_day(task, search, quantity))
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


def _mixed_plans(search: _Search, mix: Mix, used: list[int]) -> Floats:
    """Units of each way in the mix of the plans in use."""
    item = search.shelf.item_of_way
    ways = np.zeros(len(item))
    for call in used:
        plan, weight = search.plans[call].dense(), mix.weight[call][search.groups]
        for part in parts(len(ways)):
            ways[part] += weight[item[part]] * plan[part]
    return ways


def _worth_by_day(task: Task, search: _Search, quantity: Floats) -> Floats:
    """Worth of each cell with layers in the mix, the better of its units of lowest rank.

    Carried items are counted as the master's point says, priced ones as the plans that are mixed.
    """
    problem, line = task.problem, task.params.plan.minimum_line_quantity
    part, shelf, mix = search.part, search.shelf, search.mix
    layers = layers_of(problem)
    if not len(layers.cell):
        return np.zeros(len(problem.cell_item))
    cells = CellsByDay.of(problem, layers, atoms_of(problem, line))
    worth = cells.worth(quantity)
    if mix is None or not np.isfinite(mix.cost):
        return worth
    group_of = np.full(len(problem.items), -1, dtype=np.int64)
    group_of[shelf.items[search.items]] = search.groups
    group = group_of[problem.cell_item]
    mixed = np.where(group >= 0, 0.0, -np.inf)
    for call in np.flatnonzero((mix.weight > 0).any(axis=1)).tolist():
        plan = np.zeros(len(problem.moves.action))
        plan[shelf.moves] = search.plans[call].dense()
        mixed += np.where(group >= 0, mix.weight[call][group], 0.0) * cells.worth(plan)
    tiers = tiers_of(part.problem, None, line, risky=part.risk.budget is not None)
    there = mix.columns[len(part.moves) :]
    mixed[part.cells] = worth_by_day(part.problem, tiers, quantity[part.moves], there)
    return np.maximum(worth, mixed)


def _all_prices(task: Task, search: _Search) -> Prices:
    """Lay the best prices out over the whole problem, those of hub stock as the items found them.

    Cells need none: where only ships touch a cell, the bound knows its worth in closed form.
    """
    part, shelf = search.part, search.shelf
    best = search.best or _no_prices(part)
    prices = part.widened(best, task.problem, len(task.limits.words))
    known = np.flatnonzero(shelf.stock_row >= 0)
    if len(search.shelf_price):
        prices.limits[shelf.stock_row[known]] = search.shelf_price[known] / shelf.money
    return prices
