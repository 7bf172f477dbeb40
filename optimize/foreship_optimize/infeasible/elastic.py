"""The elastic program: the least by which soft limits must be missed for the hard ones to hold.

It is solved in whole units over the moves in question alone, so that packs are seen whatever the
size of the whole program.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.infeasible.question import Question
from foreship_optimize.limits import Limits, families_where
from foreship_optimize.params import PlanParams
from foreship_optimize.problem import LateUnits
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.formulation import MINIMUMS, RISK, Model, Soft, build
from foreship_optimize.program.solving import solved
from foreship_optimize.program.unit_groups.tiers import tiers_of
from foreship_optimize.risk import loss_of_outcomes, mean_of_worst

__all__ = [
    "FEW",
    "INSTEAD",
    "NODES",
    "TO_LOCKS",
    "WHOLE",
    "cheapest",
    "least_violation",
    "missed_by",
    "missing_least",
    "overshoot",
]

Missed: TypeAlias = dict[tuple[str, ...], float]
"""by how much kinds of limits are missed in all"""
TO_LOCKS, INSTEAD = families_where(yields="to locks"), families_where(yields="instead")
"""families that are raised for locks, and those of which raising is only spoken"""

WHOLE = 1e-6
"""a shortfall of less than this share of a unit is float noise"""
FEW, NODES = 1_000, 500
"""moves up to which an elastic program is solved to the end, but for so many branch-and-bound
nodes; beyond, one node is searched first. Counted, so that reruns stop at the same place"""
CHEAPEST = 2_500
"""most moves of which the cheapest plan is sought among those that miss limits least"""
FREE = 5_000
"""most moves whose whole units are searched: beyond, those that the continuous program leaves in
whole steps keep them"""


def least_violation(
    question: Question, plan: PlanParams, soft: Soft, clock: Clock, known: Ints | None = None
) -> Ints | None:
    """Find a plan in whole units that misses the soft limits by as little as asked.

    Parameters
    ----------
    known
        A plan to better, shape (Q,).

    Returns
    -------
    Units of each move in question, shape (Q,); None if hard limits conflict, or none was found
    before time or nodes ended.
    """
    if soft.least:  # what units are worth has no part in it, nor has their day of arrival
        question = replace(question, problem=replace(question.problem, late=LateUnits.none()))
    if np.isinf(soft.most.get((RISK,), 0.0)) and RISK not in soft.least:
        question = replace(question, risk=replace(question.risk, budget=None))
    fixed = None
    if len(question.moves) > FREE:
        _, point = _solved(question, plan, soft, clock)
        if point is None:
            return None
        fixed = _decided(point)
    model, point = _solved(question, plan, soft, clock, whole=True, fixed=fixed, known=known)
    if point is None:
        return None
    return np.asarray(np.rint(point).astype(np.int64) * model.packs)


def missing_least(
    question: Question, plan: PlanParams, order: tuple[tuple[str, ...], ...], clock: Clock
) -> tuple[Ints, Missed]:
    """Miss kinds of limits as little as possible, in this order, in lines of any size.

    Returns
    -------
    A plan, (Q,), and by how much it misses each kind.
    """
    free = replace(plan, minimum_line_quantity=1)
    found, most = None, dict.fromkeys(order, np.inf)
    for kinds in order:
        if found is None or missed_by(question, kinds, found) > 0:
            better = least_violation(question, free, Soft(most, kinds), clock, found)
            found = _better(question, kinds, found, better)
        if found is None:
            raise NoUsablePlan("time ended before it was known which locks can hold")
        most[kinds] = missed_by(question, kinds, found) * (1.0 + 1e-9)
    assert found is not None
    return found, most


def _better(
    question: Question, kinds: tuple[str, ...], found: Ints | None, other: Ints | None
) -> Ints | None:
    """Return the plan that misses limits of some kinds by less: a search may end early."""
    plans = [each for each in (found, other) if each is not None]
    return min(plans, key=lambda each: missed_by(question, kinds, each), default=None)


def cheapest(question: Question, plan: PlanParams, most: Missed, clock: Clock, known: Ints) -> Ints:
    """Find the cheapest plan that misses limits by no more than a known one, in lines of any size.

    Returns
    -------
    Units of each move in question, shape (Q,); the known ones where it is not found, or not sought
    because moves are many.
    """
    if len(question.moves) > CHEAPEST:
        return known
    free = replace(plan, minimum_line_quantity=1)
    found = least_violation(question, free, Soft(most), clock, known)
    return known if found is None else found


def missed_by(question: Question, kinds: tuple[str, ...], plan: Ints) -> float:
    """Add up by how much a plan misses all limits of some kinds [units, volume or money]."""
    over, under = overshoot(question.limits, plan)
    missed = float(over[question.limits.are(kinds)].sum())
    if MINIMUMS in kinds:
        missed += float(under.sum())
    if RISK in kinds and question.risk.budget is not None:
        losses = loss_of_outcomes(question.problem, question.risk, plan)
        if question.risk.broken_by(losses):
            missed += mean_of_worst(losses, question.risk.level) - question.risk.budget
    return missed


def overshoot(limits: Limits, plan: Ints) -> tuple[Floats, Floats]:
    """By how much a plan exceeds each upper side and falls short of each lower one, (R,)."""
    used, noise = limits.use(plan), limits.tolerance()
    over, under = used - limits.at_most, limits.at_least - used
    return np.where(over > noise, over, 0.0), np.where(under > noise, under, 0.0)


def _solved(
    question: Question, plan: PlanParams, soft: Soft, clock: Clock, *,
    whole: bool = False, fixed: Floats | None = None, known: Ints | None = None,
) -> tuple[Model, Floats | None]:  # fmt: skip
    """Write the elastic program down and solve it; steps of each move, None without a plan."""
    tiers = tiers_of(
        question.problem,
        None if whole else plan.maximum_blocks,
        plan.minimum_line_quantity,
        risky=question.risk.budget is not None,
    )
    model = build(
        question.problem, question.limits, tiers, plan,
        risk=question.risk, integer=whole, fixed=fixed, soft=soft,
    )  # fmt: skip
    for nodes in (NODES,) if len(model.moves) <= FEW or not whole else (1, NODES):
        options = {"mip_rel_gap": 0.0 if soft.least else plan.gap, "mip_max_nodes": nodes}
        outcome = solved(model, plan, clock, known, **(options if whole else {}))
        point = outcome.columns[: len(model.moves)]
        if outcome.has_solution and len(point) == len(model.moves) and np.isfinite(point).all():
            return model, point
        if outcome.termination != "node limit" or clock.is_over():
            break
    return model, None


def _decided(steps: Floats) -> Floats:
    """Steps at which moves stay; NaN for free ones: those not whole first, then the used, (M,)."""
    fraction = np.abs(steps - np.rint(steps)) > WHOLE
    decided = np.floor(steps + WHOLE)
    decided[np.lexsort((steps <= WHOLE, ~fraction))[:FREE]] = np.nan
    return np.asarray(decided)
