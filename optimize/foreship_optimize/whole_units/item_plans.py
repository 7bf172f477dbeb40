"""Whole units from a decomposition: assign each item one of its plans, repair, fill, exchange.

The plans that pricing finds are in whole units already. The master gives each plan of a group a
share; the items of the group are assigned to its plans in those shares (docs/program.md, section
9).
"""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_foundation.telling.progress import report
from foreship_optimize.decomposition.column_generation import DecomposedSolution
from foreship_optimize.decomposition.pricing import PricingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.cost import program_cost
from foreship_optimize.program.gap import relative_gap
from foreship_optimize.program.instance import Instance
from foreship_optimize.whole_units.carried_rounding import CarriedRounding
from foreship_optimize.whole_units.local_search import exchange_pass, fill_steps, restore_limits
from foreship_optimize.whole_units.local_search_state import (
    SearchState,
    search_state_of,
    step_data_of,
)

__all__ = ["assign_item_plans", "incumbent_from_item_plans"]

GOLDEN = 0.6180339887498949
"""the golden ratio less 1: the fractional parts of its multiples are spread evenly over [0, 1)"""
PASSES = 8
"""most passes of the local search"""


def assign_item_plans(continuous: DecomposedSolution, instance: Instance) -> Ints:
    """Assign each item one plan of its group, in the shares that the master gives them, (W,).

    Items of a group are ordered by volume and assigned evenly along that order, so that each plan
    gets small and large items alike.
    """
    pricing = continuous.pricing
    assert pricing is not None
    count = len(pricing.items)
    calls = len(continuous.plans)
    rng = np.random.default_rng(instance.params.plan.seed)
    start = np.asarray(rng.random(continuous.weight.shape[1]))
    order = np.lexsort((np.arange(count), pricing.item_arrays.volume, continuous.groups))
    grouped = continuous.groups[order]
    edges = np.searchsorted(grouped, np.arange(len(start)))
    draw = np.zeros(count)
    draw[order] = (GOLDEN * (np.arange(count) - edges[grouped]) + start[grouped]) % 1.0
    reach = np.cumsum(continuous.weight, axis=0)[:, continuous.groups]
    chosen = (draw >= reach).sum(axis=0)  # calls: no plan at all
    of_way = chosen[pricing.item_of_way]
    quantity = np.zeros(len(pricing.moves), dtype=np.int64)
    for call in range(calls):
        mine = np.flatnonzero(of_way == call)
        quantity[mine] = continuous.plans[call].dense()[mine]
    return quantity


def incumbent_from_item_plans(
    continuous: DecomposedSolution, instance: Instance, clock: Clock | None = None
) -> Ints:
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
        return _incumbent_from_item_plans(continuous, instance, clock)
    except KeyboardInterrupt:
        clock.interrupt()
        return _incumbent_from_item_plans(
            continuous, instance, clock
        )  # what every plan needs, and nothing more


def _incumbent_from_item_plans(
    continuous: DecomposedSolution, instance: Instance, clock: Clock
) -> Ints:
    """Build the plan in the steps of `incumbent_from_item_plans`, as far as time allows, (M,)."""
    pricing = continuous.pricing
    assert pricing is not None
    carried = CarriedRounding.of(instance, continuous)
    plan = np.zeros(len(continuous.quantity), dtype=np.int64)
    plan[pricing.moves] = assign_item_plans(continuous, instance)
    plan = carried.rounded(plan, continuous.quantity)
    plan = carried.solved(plan, clock)
    plan = _improve_priced_items(continuous, instance, pricing, plan, clock)
    return carried.rounded(plan, plan)


def _improve_priced_items(
    continuous: DecomposedSolution,
    instance: Instance,
    pricing: PricingProblem,
    assigned: Ints,
    clock: Clock,
) -> Ints:
    """Repair, fill and improve the priced items; all other moves keep their units, (M,)."""
    line = instance.params.plan.minimum_line_quantity
    steps = step_data_of(instance, pricing, continuous.prices)
    state = search_state_of(instance, pricing, steps, assigned)
    restore_limits(steps, state, steps)
    fill_steps(steps, state)
    best, plan = state.quantity.copy(), instance.params.plan
    least = _cost(instance, pricing, assigned, state, line)
    try:
        for done in range(PASSES):
            report("Bettering whole units", done, PASSES)
            if relative_gap(least, continuous.bound) <= plan.gap or clock.is_over():
                break
            exchanged, holds = exchange_pass(steps, state)
            cost = _cost(instance, pricing, assigned, state, line)
            if holds and cost < least:
                best, least = state.quantity.copy(), cost
            if not exchanged:
                break
    except KeyboardInterrupt:
        clock.interrupt()
    found = assigned.copy()
    found[pricing.moves] = best
    return found


def _cost(
    instance: Instance, pricing: PricingProblem, assigned: Ints, state: SearchState, line: int
) -> float:
    """Cost of the plan with the priced items as they are in the search (equation 1) [money]."""
    quantity = assigned.astype(float)
    quantity[pricing.moves] = state.quantity
    return program_cost(instance.problem, quantity, line)
