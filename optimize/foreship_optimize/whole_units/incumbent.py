"""The incumbent: the best plan in whole units, by rounding and by the integer program."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.decomposition.column_generation import DecomposedSolution
from foreship_optimize.decomposition.pricing import priced_items
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import ContinuousSolution
from foreship_optimize.program.gap import relative_gap
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.program.unit_groups.tiers import line_minimum
from foreship_optimize.whole_units.exchanges import MOST_MOVES, with_exchanges
from foreship_optimize.whole_units.integer_program import (
    Incumbent,
    faults_of,
    plan_cost,
    solve_integer_program,
)
from foreship_optimize.whole_units.item_plans import incumbent_from_item_plans
from foreship_optimize.whole_units.pack_bound import bound_in_packs
from foreship_optimize.whole_units.rounding import round_to_whole_units

__all__ = ["find_incumbent", "rounding_falls_short"]

FEW = 20_000
"""moves up to which all may be free in the search for a missed minimum"""
STEPPED = 0.03
"""share of moves in packs or lines of items that can be priced, from which a second solve by column
generation pays"""


def find_incumbent(
    instance: Instance, continuous: ContinuousSolution, clock: Clock, known: Ints | None = None
) -> Incumbent:
    """Find the incumbent: round the continuous plan, then improve it by the integer program.

    The cheaper plan is taken; either way it is checked limit by limit in whole units.

    Parameters
    ----------
    known
        A whole-unit plan that keeps every limit, for where rounding finds none.

    Raises
    ------
    LimitsCannotHold
        If no plan found keeps every limit; it carries the nearest one.
    """
    plan = instance.params.plan
    continuous = _with_pack_bound(instance, continuous, clock)
    rounded = _rounded(instance, continuous, clock)
    if known is not None and rounded.faults:
        rounded = _rounded_around(instance, continuous, known)
    if plan.integer_program_units == 0 and not isinstance(continuous, DecomposedSolution):
        rounded = _exchanged(instance, continuous, rounded)
    best = Incumbent(rounded.quantity, rounded.cost, continuous.bound, continuous.termination)
    if clock.interrupted:
        best = replace(best, termination="interrupted")
    feasible = not rounded.faults
    proven = feasible and relative_gap(best.objective, best.bound) <= plan.gap
    if _needs_integer_program(instance, continuous) and not proven:
        exact = solve_integer_program(instance, continuous, clock)
        if exact is not None and (not feasible or exact.objective <= best.objective + 1e-12):
            best, feasible = exact, True
        elif exact is None and clock.is_over() and not clock.interrupted:
            best = replace(best, termination="time limit")
        elif exact is not None:
            best = replace(best, bound=max(best.bound, min(exact.bound, best.objective)))
    if not feasible:
        rescued = _repaired_minimums(instance, continuous, clock)
        best, feasible = (best, False) if rescued is None else (rescued, True)
    if not feasible:
        raise LimitsCannotHold(rounded.faults[0], rounded.quantity)
    return replace(best, bound=min(best.bound, best.objective))


def rounding_falls_short(
    instance: Instance, continuous: ContinuousSolution, whole: Incumbent
) -> bool:
    """Whether packs or lines may have kept the rounded plan of one program far from the bound.

    Rounding step by step adds a pack only where it pays by itself. Column generation compares whole
    plans of an item, and so may find better ones.
    """
    problem, plan = instance.problem, instance.params.plan
    proven = relative_gap(whole.objective, whole.bound) <= plan.gap
    small = len(problem.moves.action) <= plan.integer_program_units
    if proven or small or isinstance(continuous, DecomposedSolution):
        return False
    priced = priced_items(problem, instance.limits)[problem.moves.item]
    stepped = priced & (line_minimum(problem, plan.minimum_line_quantity) > 1)
    return bool(stepped.mean() >= STEPPED)


def _repaired_minimums(
    instance: Instance, continuous: ContinuousSolution, clock: Clock
) -> Incumbent | None:
    """Search for a plan that meets the minimums that rounding missed; None if there is none.

    First only items that a minimum names are free, then all where moves are few.
    """
    limits, moves = instance.limits, instance.problem.moves
    asked = np.isfinite(limits.at_least)
    named = np.zeros(len(instance.problem.items), dtype=bool)
    named[moves.item[limits.move[asked[limits.row]]]] = True
    every = np.ones(len(moves.item), dtype=bool)
    for free in (named[moves.item], every)[: 2 if len(every) <= FEW else 1]:
        if asked.any() and not clock.is_over():
            found = solve_integer_program(instance, continuous, clock, free)
            if found is not None:
                return found
    return None


def _with_pack_bound(
    instance: Instance, continuous: ContinuousSolution, clock: Clock
) -> ContinuousSolution:
    """Return the continuous answer with the higher bound that packs and lines allow.

    Where all moves are free, the integer program has a bound of its own.
    """
    small = len(instance.problem.moves.action) <= instance.params.plan.integer_program_units
    if clock.is_over() or (small and not isinstance(continuous, DecomposedSolution)):
        return continuous
    try:
        return replace(continuous, bound=bound_in_packs(instance, continuous))
    except KeyboardInterrupt:
        clock.interrupt()
        return continuous


def _needs_integer_program(instance: Instance, continuous: ContinuousSolution) -> bool:
    """Whether to run the integer program; after a decomposition only with all moves free."""
    moves, free = len(instance.problem.moves.action), instance.params.plan.integer_program_units
    return (
        free > 0 and moves > 0 and (moves <= free or not isinstance(continuous, DecomposedSolution))
    )


class _CheckedPlan(NamedTuple):
    """A plan in whole units, with its cost and the limits it breaks."""

    quantity: Ints
    cost: float
    faults: list[str]


def _checked(instance: Instance, quantity: Ints) -> _CheckedPlan:
    """Work out what a plan in whole units costs and which limits it breaks."""
    return _CheckedPlan(
        quantity, plan_cost(instance.problem, quantity), faults_of(instance, quantity)
    )


def _rounded(instance: Instance, continuous: ContinuousSolution, clock: Clock) -> _CheckedPlan:
    """Round the continuous plan; after a decomposition settle it, and round where that fails."""
    if isinstance(continuous, DecomposedSolution):
        found = _checked(instance, incumbent_from_item_plans(continuous, instance, clock))
        if not found.faults:
            return found
    return _checked(instance, _rounded_by_steps(instance, continuous))


def _exchanged(
    instance: Instance, continuous: ContinuousSolution, rounded: _CheckedPlan
) -> _CheckedPlan:
    """Better a rounded plan by exchanges, where moves are few and nothing else betters it."""
    if rounded.faults or len(rounded.quantity) > MOST_MOVES:
        return rounded
    found = _checked(instance, with_exchanges(instance, continuous.prices, rounded.quantity))
    return rounded if found.faults or found.cost > rounded.cost else found


def _rounded_around(
    instance: Instance, continuous: ContinuousSolution, known: Ints
) -> _CheckedPlan:
    """Round step by step around a plan that keeps every limit; it stands where that fails."""
    found = _checked(instance, _stepped(instance, continuous, continuous.quantity, known))
    return _checked(instance, known) if found.faults else found


def _rounded_by_steps(instance: Instance, continuous: ContinuousSolution) -> Ints:
    """Round step by step; where that costs more than an empty plan, fill from nothing instead."""
    starts = (continuous.quantity, np.zeros(len(continuous.quantity)))
    for start in starts:
        found = _stepped(instance, continuous, start)
        if plan_cost(instance.problem, found) <= 0.0 or np.isfinite(instance.limits.at_least).any():
            break
    return found


def _stepped(
    instance: Instance, continuous: ContinuousSolution, start: Floats, known: Ints | None = None
) -> Ints:
    """Round a plan step by step, at the prices of the continuous one, (M,)."""
    return round_to_whole_units(
        instance.problem,
        instance.limits,
        instance.params.plan,
        instance.risk,
        start,
        continuous.prices,
        known=known,
    )
