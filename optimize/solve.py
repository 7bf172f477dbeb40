"""From a shipping problem to a plan: agree on limits, leave out, solve, round, tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from optimize.continuous import solve_continuous
from optimize.diagnose import agree_on_limits
from optimize.limits import limits_of
from optimize.params import OptimizeParams
from optimize.plan import Plan
from optimize.presolve import reduce
from optimize.problem import ShippingProblem
from optimize.task import Clock, Task
from optimize.tell import tell
from optimize.whole import solve_whole

__all__ = ["make_plan", "solve"]


def make_plan(
    tables: Mapping[str, pd.DataFrame],
    demand: Any,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    *,
    obsolescence: float = 0.0,
    strict: bool = False,
) -> Plan:
    """Assemble the problem, solve it, and let the audit judge the plan.

    Parameters
    ----------
    tables
        Typed tables of the contract by name.
    demand
        `DemandScenarios`: units a cell, week and scenario.
    as_of
        The Monday the plan is made for.
    obsolescence
        Chance a year that a selling cell closes without notice, in [0, .999].
    strict
        Raise instead of relaxing limits that cannot all hold.

    Raises
    ------
    TableFault, LimitsConflict, NoUsablePlan, SolverRefused, AuditFailed
    """
    from optimize.assemble import assemble  # noqa: PLC0415 - its libraries are not the solver's
    from optimize.audit import audit  # noqa: PLC0415

    problem = assemble(tables, demand, as_of, params, obsolescence=obsolescence)
    plan = solve(problem, params, as_of=as_of, strict=strict)
    audit(tables, demand, as_of, plan.lines, plan.units, plan.summary)
    return plan


def solve(
    problem: ShippingProblem,
    params: OptimizeParams | None = None,
    *,
    as_of: pd.Timestamp,
    strict: bool = False,
) -> Plan:
    """Find the plan of least cost, with a certified bound (docs/program.md).

    Raises
    ------
    LimitsConflict
        If the limits cannot all hold and `strict` is set.
    NoUsablePlan
        If time ended, or the solver failed, before a feasible plan was there.
    """
    params = params or OptimizeParams()
    clock = Clock(params.plan.time_limit_seconds)
    agreed = agree_on_limits(problem, params, clock, strict=strict)
    reduced = reduce(agreed.problem, agreed.params.plan)
    task = Task(reduced.problem, limits_of(reduced.problem), agreed.params, agreed.risk)
    continuous = solve_continuous(task, clock)
    answer = solve_whole(task, continuous, clock)
    quantity = np.zeros(len(problem.moves.action), dtype=np.int64)
    quantity[reduced.moves] = answer.quantity
    return tell(problem, params, agreed, task, continuous, answer, quantity, reduced.counts, as_of)
