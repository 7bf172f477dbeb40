"""From a shipping problem to a plan: relax limits if needed, presolve, solve, round, write down."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from foreship_optimize.account.writing import SolveResult, write_plan
from foreship_optimize.audit.auditor import audit
from foreship_optimize.decomposition.column_generation import is_large, solve_by_prices
from foreship_optimize.errors import LimitsConflict, NoUsablePlan
from foreship_optimize.infeasible.conflict import smallest_conflict
from foreship_optimize.infeasible.giving_way import LimitRelaxation, as_stated
from foreship_optimize.infeasible.relaxation import least_relaxation
from foreship_optimize.limits import in_whole_steps, limits_of, packs_of
from foreship_optimize.params import OptimizeParams
from foreship_optimize.plan import Plan
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.program.presolve import reduce
from foreship_optimize.risk import risk_of
from foreship_optimize.tables import complete
from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.whole_units.incumbent import find_incumbent, rounding_falls_short
from foreship_optimize.whole_units.integer_program import Incumbent

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
    """Assemble the problem, solve it, and audit the plan.

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
    with _no_search_for_garbage():
        incumbent = complete(tables, params.economics)
        problem = assemble(incumbent, demand, as_of, params, obsolescence=obsolescence)
        plan = solve(problem, params, as_of=as_of, strict=strict)
        audit(incumbent, demand, as_of, plan.lines, plan.units, plan.summary, params)
    return plan


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Switch off Python's search for reference cycles, slow with so many live objects."""
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


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
    result = solve_or_relax(problem, params, clock, strict=strict)
    quantity = np.zeros(len(problem.moves.action), dtype=np.int64)
    quantity[result.reduced.moves] = result.incumbent.quantity
    return write_plan(problem, params, result, quantity, as_of)


def solve_or_relax(
    problem: ShippingProblem, params: OptimizeParams, clock: Clock, *, strict: bool
) -> SolveResult:
    """Solve under the limits as stated, or relaxed as little as possible where not all can hold.

    Raises
    ------
    LimitsConflict
        If something must give way and `strict` is set.
    """
    try:
        return solve_relaxed(as_stated(problem, params), clock)
    except LimitsCannotHold:
        relaxation = least_relaxation(problem, params, clock)
    if strict and relaxation.relaxed:
        raise _conflict(problem, params, relaxation, clock)
    try:
        return solve_relaxed(relaxation, clock)
    except LimitsCannotHold as clash:
        raise NoUsablePlan(f"no plan keeps the limits: {clash}") from clash


def solve_relaxed(relaxation: LimitRelaxation, clock: Clock) -> SolveResult:
    """Presolve, solve the continuous program, round it; try column generation too for packs."""
    reduced = reduce(relaxation.problem, relaxation.params.plan)
    risk = relaxation.risk.of(reduced.moves)
    limits = in_whole_steps(limits_of(reduced.problem), packs_of(reduced.problem))
    instance = Instance(reduced.problem, limits, relaxation.params, risk)
    continuous = (
        solve_by_prices(instance, clock)
        if is_large(instance)
        else solve_continuous(instance, clock)
    )
    known = None if relaxation.plan is None else relaxation.plan[reduced.moves]
    incumbent = find_incumbent(instance, continuous, clock, known)
    if rounding_falls_short(instance, continuous, incumbent) and not clock.is_over():
        incumbent = _better_by_prices(instance, incumbent, clock)
    return SolveResult(relaxation, reduced, instance, continuous, incumbent)


def _better_by_prices(instance: Instance, found: Incumbent, clock: Clock) -> Incumbent:
    """Solve again by column generation; return the cheaper plan with the higher bound.

    If that second solve was cut short, its termination is the one reported.
    """
    try:
        other = find_incumbent(instance, solve_by_prices(instance, clock), clock)
    except (LimitsCannotHold, NoUsablePlan):
        return replace(found, termination="time limit") if clock.is_over() else found
    except KeyboardInterrupt:
        clock.interrupt()
        return replace(found, termination="interrupted")
    best = min(found, other, key=lambda plan: plan.objective)
    if other.termination in ("interrupted", "time limit"):
        best = replace(best, termination=other.termination)
    return replace(best, bound=min(best.objective, max(found.bound, other.bound)))


def _conflict(
    problem: ShippingProblem, params: OptimizeParams, relaxation: LimitRelaxation, clock: Clock
) -> LimitsConflict:
    """Name what would have to give way, and a minimal set of limits that conflict."""
    clash = smallest_conflict(problem, params, risk_of(problem, params.risk), clock)
    return LimitsConflict([*relaxation.sentences, *clash])
