"""When the limits cannot all hold: which ones give way, by how much, and in which words.

Shipping nothing keeps every limit but a planner's minimum, so only minimums can make a problem
infeasible. What gives way, first to last: the minimum line quantity, the risk budget, then planner's
minimums. Capacities of storage and lanes hold, for nothing can be stacked where there is no room;
stock always holds. What raising a capacity instead would take is said beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optimize import solver
from optimize.errors import LimitsConflict, NoUsablePlan
from optimize.formulation import Risk, Soft, build
from optimize.limits import Limits, limits_of
from optimize.params import OptimizeParams
from optimize.presolve import tiers_of
from optimize.problem import Floats, ShippingProblem
from optimize.task import Clock

__all__ = ["Agreed", "agree_on_limits"]


@dataclass(frozen=True)
class Agreed:
    """The problem with limits that can all hold, and what gave way."""

    problem: ShippingProblem
    params: OptimizeParams
    risk: Risk
    relaxed: tuple[dict[str, Any], ...] = ()
    """limit, family, stated, kept, amount, unit, words: one each limit that gave way"""
    sentences: tuple[str, ...] = ()


def agree_on_limits(
    problem: ShippingProblem, params: OptimizeParams, clock: Clock, *, strict: bool
) -> Agreed:
    """Find limits that can all hold, giving way as little as possible.

    Raises
    ------
    LimitsConflict
        If something must give way and `strict` is set.
    """
    risk = Risk(params.risk.level, params.risk.budget)
    agreed = Agreed(problem, params, risk)
    if not any(lock.at_least > 0 for lock in problem.locks):
        return agreed
    return agreed
