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
from foreship_foundation.telling.words import plural
from foreship_optimize.arrays import Sparse, parts
from foreship_optimize.decomposition.carried import CarriedPart, carry_items
from foreship_optimize.decomposition.price_search import (
    PriceSearch,
    no_prices,
    price_search_of,
    search_prices,
    target_gap,
)
from foreship_optimize.decomposition.pricing import PricingProblem, priced_items, pricing_problem_of
from foreship_optimize.decomposition.restricted_master import MasterSolution
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.limits import packs_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import Prices, lower_bound
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import (
    ContinuousSolution,
    exceeded,
    overdrawn,
    refuse_unreachable_minimums,
    unsolved,
)
from foreship_optimize.program.cost import CellsByDay, program_cost, worth_by_day
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.unit_groups.tiers import atoms_of, tiers_of
from foreship_optimize.program.unit_groups.units_by_day import cell_days_of, items_counted_by_day

__all__ = ["DecomposedSolution", "is_large", "solve_by_prices", "why_not_decomposed"]

SAMPLES = ((500, 1e-3), (5000, 1e-3))
"""size of each sample of items whose prices start the next search, and the gap it is solved to"""
FEWER = 4
"""a sample is drawn only where there are at least this many times more items than it holds"""
BY_DAY_CARRIED = 10_000
"""Pricing solves items counted by day of arrival only approximately. Up to this many moves, such
items are carried in the master, which solves them exactly; beyond it they are priced, and a gap may
remain."""


@dataclass(frozen=True)
class DecomposedSolution(ContinuousSolution):
    """The continuous answer of a decomposition, with the item plans that rounding starts from."""

    plans: tuple[Sparse, ...] = ()
    """units of each way in every pricing call of which the master uses a plan"""
    weight: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """share of each such call's plan in each group, (calls, groups)"""
    pricing: PricingProblem | None = None
    groups: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def is_large(instance: Instance) -> bool:
    """Whether enough items can be priced alone for column generation to pay."""
    many = int(priced_items(instance.problem, instance.limits).sum())
    return many > 0 and many >= instance.params.plan.decomposition_items


def why_not_decomposed(instance: Instance) -> list[str]:
    """Say why a program of many items is not decomposed; empty where there is nothing to say."""
    moved, least = (
        len(np.unique(instance.problem.moves.item)),
        instance.params.plan.decomposition_items,
    )
    if moved < least or is_large(instance):
        return []
    many = int(priced_items(instance.problem, instance.limits).sum())
    return [
        f"solved as one program, which takes longer: of {plural(moved, 'item')} with moves "
        f"{many} can be priced alone and {least} would be needed (plan.decomposition_items); "
        "redirects, exits and minimums hold the others together"
    ]


def solve_by_prices(
    instance: Instance, clock: Clock, start: Prices | None = None, gap: float | None = None
) -> ContinuousSolution:
    """Solve the continuous program by column generation; what `solve_continuous` also solves.

    Parameters
    ----------
    start
        Prices to start from; those of samples where None. Only what items share is read: limits
        and outcomes.
    gap
        Relative gap at which the search may end; the closer one of `target_gap` where None.

    Raises
    ------
    LimitsCannotHold
        If minimums contradict the limits.
    NoUsablePlan
        If time ends before the carried items have a plan that meets their minimums.
    """
    refuse_unreachable_minimums(instance)
    mine = priced_items(instance.problem, instance.limits)
    mine &= ~_carried_by_day(instance.problem, mine)
    return _searched(instance, mine, clock, start, gap)


def _carried_by_day(problem: ShippingProblem, mine: Bools) -> Bools:
    """Mark the items counted by day of arrival, if few enough to be carried in the master."""
    by_day = mine & items_counted_by_day(problem)
    few = np.count_nonzero(by_day[problem.moves.item]) <= BY_DAY_CARRIED
    return by_day if few else np.zeros_like(by_day)


def _searched(
    instance: Instance, mine: Bools, clock: Clock, known: Prices | None, gap: float | None
) -> DecomposedSolution:
    """Run the price search over the items marked in `mine`; the master carries all others."""
    problem, limits, plan = instance.problem, instance.limits, instance.params.plan
    part = carry_items(problem, limits, instance.risk, ~mine)
    pricing = pricing_problem_of(problem, limits, instance.risk, mine, plan.minimum_line_quantity)
    rng = np.random.default_rng(plan.seed)
    order = rng.permutation(len(pricing.items))
    if known is None:
        start = _start_prices(instance, pricing, part, order, clock)
    else:
        start = _of_shared(part, known.limits[part.rows[part.coupling]], known.outcomes)
    search = price_search_of(part, pricing, plan, order, clock)
    search_prices(search, start, target_gap(plan.gap, len(order)) if gap is None else gap)
    return _answer(instance, search)


def _start_prices(
    instance: Instance, pricing: PricingProblem, part: CarriedPart, order: Ints, clock: Clock
) -> Prices:
    """Take start prices from samples of the items, each under its share of the limits."""
    none = carry_items(
        instance.problem,
        instance.limits,
        instance.risk,
        np.zeros(len(instance.problem.items), bool),
    )
    prices = no_prices(none)
    for size, gap in SAMPLES:
        if len(order) < FEWER * size:
            break
        sample = none.share(size / len(order))
        search = price_search_of(sample, pricing, instance.params.plan, order[:size], clock)
        search_prices(search, prices, gap)
        prices = search.best or prices
    return _of_shared(part, prices.limits[none.coupling], prices.outcomes)


def _of_shared(part: CarriedPart, known: Floats, outcomes: Floats) -> Prices:
    """Return prices of what items share, all others 0."""
    shared = np.zeros(len(part.limits.words))
    shared[part.coupling] = known
    return replace(no_prices(part), limits=shared, outcomes=outcomes)


def _answer(instance: Instance, search: PriceSearch) -> DecomposedSolution:
    """Turn the best combination and the best prices into an answer of the continuous program."""
    part, pricing, combination = search.part, search.pricing, search.combination
    problem, least = instance.problem, instance.params.plan.minimum_line_quantity
    used = (
        np.flatnonzero((combination.weight > 0).any(axis=1)).tolist()
        if combination is not None
        else []
    )
    quantity = np.zeros(len(problem.moves.action))
    if combination is not None and np.isfinite(combination.cost):
        quantity[pricing.moves] = _combined_plans(search, combination, used)
        steps = combination.columns[: len(part.moves)]
        quantity[part.moves] = np.maximum(steps, 0.0) * packs_of(part.problem)
    faults = [*exceeded(instance, quantity), *overdrawn(instance, quantity)]
    if faults:
        words = "; ".join(faults)
        raise NoUsablePlan(f"no feasible plan when the search stopped: {words}")
    prices = _all_prices(instance, search)
    bound = lower_bound(problem, instance.limits, prices, instance.risk, least)
    by_day = _worth_by_day(instance, search, quantity, used)
    objective = program_cost(problem, quantity, least, by_day=by_day)
    carried = len(np.unique(part.problem.moves.item))
    size = {
        **search.size, "items_priced": len(pricing.items), "items_carried": carried,
        "rounds": search.rounds,
    }  # fmt: skip
    return DecomposedSolution(
        quantity, objective, bound, prices, search.termination, size,
        unsolved(search.termination) if combination is None else combination.outcome,
        tuple(search.plans[call] for call in used),
        combination.weight[used]
        if combination is not None and used
        else np.zeros((0, search.count)),
        pricing, search.groups,
    )  # fmt: skip


def _combined_plans(search: PriceSearch, combination: MasterSolution, used: list[int]) -> Floats:
    """Units of each way in the combination of the plans that the master uses."""
    item = search.pricing.item_of_way
    ways = np.zeros(len(item))
    for call in used:
        plan, weight = search.plans[call].dense(), combination.weight[call][search.groups]
        for part in parts(len(ways)):
            ways[part] += weight[item[part]] * plan[part]
    return ways


def _worth_by_day(
    instance: Instance, search: PriceSearch, quantity: Floats, used: list[int]
) -> Floats | None:
    """Worth of each cell counted by day in the combination; None where there is no such cell.

    Carried items are counted as the master's point says, priced ones as the plans that are mixed.
    """
    problem, line = instance.problem, instance.params.plan.minimum_line_quantity
    part, pricing, combination = search.part, search.pricing, search.combination
    cell_days = cell_days_of(problem)
    if combination is None or not np.isfinite(combination.cost) or not len(cell_days.cell):
        return None
    cells = CellsByDay.of(problem, cell_days, atoms_of(problem, line))
    group_of = np.full(len(problem.items), -1, dtype=np.int64)
    group_of[pricing.items[search.items]] = search.groups
    group = group_of[problem.cell_item]
    combined = np.where(group >= 0, 0.0, -np.inf)
    for call in used:
        plan = np.zeros(len(problem.moves.action))
        plan[pricing.moves] = search.plans[call].dense()
        combined += np.where(group >= 0, combination.weight[call][group], 0.0) * cells.worth(plan)
    tiers = tiers_of(part.problem, None, line, risky=part.risk.budget is not None)
    there = combination.columns[len(part.moves) :]
    combined[part.cells] = worth_by_day(part.problem, tiers, quantity[part.moves], there)
    return combined


def _all_prices(instance: Instance, search: PriceSearch) -> Prices:
    """Return the best prices over the whole problem, with the items' own prices of hub stock.

    Cells need none: where only ships touch a cell, the bound knows its worth in closed form.
    """
    part, pricing = search.part, search.pricing
    best = search.best or no_prices(part)
    prices = part.widened(best, instance.problem, len(instance.limits.words))
    known = np.flatnonzero(pricing.stock_row >= 0)
    if len(search.stock_price):
        prices.limits[pricing.stock_row[known]] = search.stock_price[known] / pricing.money
    return prices
