"""From a shipping problem to a plan: relax limits if needed, presolve, solve, round, write down."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Ints
from foreship_optimize.account.writing import Solved, tell
from foreship_optimize.audit.auditor import audit
from foreship_optimize.decomposition.column_generation import is_large, solve_by_prices
from foreship_optimize.errors import LimitsConflict, NoUsablePlan
from foreship_optimize.infeasible.conflict import smallest_conflict
from foreship_optimize.infeasible.relaxation import Agreed, as_achieved, ways_out
from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams
from foreship_optimize.plan import Plan
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.instance import Clock, LimitsCannotHold, Task
from foreship_optimize.program.presolve import reduce
from foreship_optimize.risk import risk_of
from foreship_optimize.tables import complete
from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.whole_units.incumbent import rounds_badly, solve_whole
from foreship_optimize.whole_units.integer_program import Whole

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
        whole = complete(tables, params.economics)
        problem = assemble(whole, demand, as_of, params, obsolescence=obsolescence)
        plan = solve(problem, params, as_of=as_of, strict=strict)
        audit(whole, demand, as_of, plan.lines, plan.units, plan.summary, params)
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
    solved = find(problem, params, clock, strict=strict)
    quantity = np.zeros(len(problem.moves.action), dtype=np.int64)
    quantity[solved.reduced.moves] = solved.whole.quantity
    return tell(problem, params, solved, quantity, as_of)


def find(problem: ShippingProblem, params: OptimizeParams, clock: Clock, *, strict: bool) -> Solved:
    """Solve under the limits as stated, or relaxed as little as possible where not all can hold.

    Raises
    ------
    LimitsConflict
        If something must give way and `strict` is set.
    """
    stuck, last = None, None
    for agreed in ways_out(problem, params, clock):
        try:
            solved = solve_agreed(agreed, clock)
        except LimitsCannotHold as clash:
            stuck, last = clash, agreed
            continue
        if strict and solved.agreed.relaxed:
            raise _conflict(problem, params, solved.agreed, clock)
        return solved
    if last is None or stuck is None or stuck.best is None:
        raise NoUsablePlan(f"no plan keeps the limits: {stuck}")
    known = np.zeros(len(problem.moves.action), dtype=np.int64)
    known[reduce(last.problem, last.params.plan).moves] = stuck.best
    achieved = as_achieved(last, known)
    if strict:
        raise _conflict(problem, params, achieved, clock)
    return solve_agreed(achieved, clock, known)


def solve_agreed(agreed: Agreed, clock: Clock, known: Ints | None = None) -> Solved:
    """Presolve, solve the continuous program, round it; try column generation too for packs.

    `known` is a plan in whole units, over all moves, to fall back on.
    """
    reduced = reduce(agreed.problem, agreed.params.plan)
    risk = agreed.risk.of(reduced.moves)
    task = Task(reduced.problem, limits_of(reduced.problem), agreed.params, risk)
    continuous = solve_by_prices(task, clock) if is_large(task) else solve_continuous(task, clock)
    fallback = None if known is None else known[reduced.moves]
    whole = solve_whole(task, continuous, clock, fallback)
    if rounds_badly(task, continuous, whole) and not clock.is_over():
        whole = _better_by_prices(task, whole, clock)
    return Solved(agreed, reduced, task, continuous, whole)


def _better_by_prices(task: Task, found: Whole, clock: Clock) -> Whole:
    """Solve again by column generation; return the cheaper plan with the higher bound.

    If that second solve was cut short, its termination is the one reported.
    """
    try:
        other = solve_whole(task, solve_by_prices(task, clock), clock)
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
    problem: ShippingProblem, params: OptimizeParams, agreed: Agreed, clock: Clock
) -> LimitsConflict:
    """Name what would have to give way, and a minimal set of limits that conflict."""
    clash = smallest_conflict(problem, params, risk_of(problem, params.risk), clock)
    return LimitsConflict([*agreed.sentences, *clash])
