"""The elastic program: the least by which soft limits must be missed for the hard ones to hold.

It is solved in whole units over the moves in question alone, so that packs are seen whatever the
size of the whole program.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.infeasible.question import Question, question_of
from foreship_optimize.limits import Limits, limits_of, packs_of
from foreship_optimize.params import OptimizeParams
from foreship_optimize.problem import LateUnits, ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.formulation import MINIMUMS, RISK, Model, Soft, build
from foreship_optimize.program.solving import solved
from foreship_optimize.program.tiers import tiers_of
from foreship_optimize.risk import Risk, loss_of_outcomes, mean_of_worst

__all__ = ["WHOLE", "least_violation", "missed_by"]

WHOLE = 1e-6
"""a shortfall of less than this share of a unit is float noise"""
NODES = 500
"""branch-and-bound nodes of an elastic program; counted, so that reruns stop at the same place"""
FREE = 5_000
"""most moves whose whole units are searched: beyond, those that the continuous program leaves in
whole steps keep them"""


def least_violation(
    problem: ShippingProblem, params: OptimizeParams, risk: Risk, soft: Soft, clock: Clock
) -> Ints | None:
    """Find a plan in whole units that misses the soft limits by as little as asked.

    Only moves that minimums name, and those that make room for them, carry anything.

    Parameters
    ----------
    risk
        With its budget, over all moves.

    Returns
    -------
    Units of each move, shape (M,); None if hard limits conflict or time ended.
    """
    question = question_of(problem, params.plan)
    lean = question.problem
    if soft.least:  # what units are worth has no part in it, nor has their day of arrival
        lean = replace(lean, late=LateUnits.none())
    if RISK in soft.kinds and RISK not in soft.least and np.isinf(_most(soft, RISK)):
        risk = replace(risk, budget=None)
    found = _whole(replace(question, problem=lean), params, risk.of(question.moves), soft, clock)
    return None if found is None else question.widened(found)


def missed_by(problem: ShippingProblem, risk: Risk, kinds: tuple[str, ...], plan: Ints) -> float:
    """Add up by how much a plan misses all limits of some kinds [units, volume or money]."""
    limits, missed = limits_of(problem), 0.0
    over, under = overshoot(limits, plan)
    missed += float(over[limits.are(kinds)].sum())
    if MINIMUMS in kinds:
        missed += float(under.sum())
    if RISK in kinds and risk.budget is not None:
        losses = loss_of_outcomes(problem, risk, plan)
        if risk.broken_by(losses):
            missed += mean_of_worst(losses, risk.level) - risk.budget
    return missed


def overshoot(limits: Limits, plan: Ints) -> tuple[Floats, Floats]:
    """By how much a plan exceeds each upper side and falls short of each lower one, (R,)."""
    used, noise = limits.use(plan), limits.tolerance()
    over, under = used - limits.at_most, limits.at_least - used
    return np.where(over > noise, over, 0.0), np.where(under > noise, under, 0.0)


def _most(soft: Soft, kind: str) -> float:
    """Most by which limits of a kind may be missed in all."""
    return min((most for kinds, most in soft.most.items() if kind in kinds), default=0.0)


def _whole(
    question: Question, params: OptimizeParams, risk: Risk, soft: Soft, clock: Clock
) -> Ints | None:
    """Solve in whole units; with many moves, only those are free that are not whole without."""
    fixed = None
    if len(question.moves) > FREE:
        model, point = _solved(question, params, risk, soft, clock)
        if point is None:
            return None
        fixed = _decided(question.problem, point)
    model, point = _solved(question, params, risk, soft, clock, whole=True, fixed=fixed)
    if point is None:
        return None
    return np.asarray(np.rint(point).astype(np.int64) * model.packs)


def _solved(
    question: Question, params: OptimizeParams, risk: Risk, soft: Soft, clock: Clock, *,
    whole: bool = False, fixed: Floats | None = None,
) -> tuple[Model, Floats | None]:  # fmt: skip
    """Write the elastic program down and solve it; steps of each move, None without a plan."""
    problem, plan = question.problem, params.plan
    tiers = tiers_of(
        problem,
        None if whole else plan.maximum_blocks,
        plan.minimum_line_quantity,
        risky=risk.budget is not None,
    )
    model = build(
        problem, limits_of(problem), tiers, plan, risk=risk, integer=whole, fixed=fixed, soft=soft
    )
    options = {"mip_rel_gap": 0.0 if soft.least else plan.gap, "mip_max_nodes": NODES}
    outcome = solved(model, plan, clock, **(options if whole else {}))
    point = outcome.columns[: len(model.moves)]
    usable = outcome.has_solution and len(point) == len(model.moves) and np.isfinite(point).all()
    return model, point if usable else None


def _decided(problem: ShippingProblem, steps: Floats) -> Floats:
    """Steps at which moves stay; NaN for free ones: those not whole first, then the used, (M,)."""
    fraction = np.abs(steps - np.rint(steps)) > WHOLE
    order = np.lexsort((packs_of(problem), steps <= WHOLE, ~fraction))
    decided = np.floor(steps + WHOLE)
    decided[order[:FREE]] = np.nan
    return np.asarray(decided)
