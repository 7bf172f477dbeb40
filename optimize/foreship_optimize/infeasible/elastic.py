"""The elastic program: the least by which soft limits must be missed for the hard ones to hold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Floats
from foreship_optimize.limits import Limits, limits_of
from foreship_optimize.params import OptimizeParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.formulation import Model, Soft, build
from foreship_optimize.program.presolve import reduce
from foreship_optimize.program.solving import solved
from foreship_optimize.program.tiers import tiers_of
from foreship_optimize.risk import Risk

__all__ = ["WHOLE", "Elastic", "least_violation"]

WHOLE = 1e-6
"""a shortfall of less than this share of a unit is float noise"""


@dataclass(frozen=True)
class Elastic:
    """By how much each soft limit is missed when all are missed as little as possible."""

    objective: float
    """in money for budgets, else in units or volume"""
    limits: Limits
    short: dict[int, float]
    """shortfall of each row of `limits` that is missed"""


def least_violation(
    problem: ShippingProblem, params: OptimizeParams, risk: Risk, soft: Soft, clock: Clock
) -> Elastic | None:
    """Miss the soft limits by as little as possible; None if hard limits conflict or time ended.

    In whole units where the program is small, so that packs are seen.
    """
    plan = replace(params.plan, minimum_line_quantity=1)
    reduced = reduce(problem, plan)
    problem, limits = reduced.problem, limits_of(reduced.problem)
    risk = replace(risk.of(reduced.moves), budget=None)
    whole = len(problem.moves.action) <= plan.integer_program_units
    tiers = tiers_of(problem, None if whole else plan.maximum_blocks, risky=soft.risk)
    model = build(problem, limits, tiers, plan, risk=risk, integer=whole, soft=soft)
    outcome = solved(model, plan, clock)
    if not outcome.has_solution or outcome.objective is None:
        return None
    scale = model.money if soft.risk else 1.0
    return Elastic(outcome.objective / scale, limits, _missed(model, limits, outcome.columns))


def _missed(model: Model, limits: Limits, columns: Floats) -> dict[int, float]:
    """Read the slacks that are not nought; those of rows in money are in scaled money."""
    count = len(model.slacks)
    values = columns[len(columns) - count :] if count else np.zeros(0)
    in_money = limits.in_money
    return {
        row: float(value) / (model.money if in_money[row] else 1.0)
        for row, value in zip(model.slack_of, values.tolist(), strict=True)
        if value > WHOLE
    }
