"""Which limits give way when not all can hold, by how much, and in which words.

An empty plan keeps every limit except a planner's minimum, so only minimums (`at_least`, `fix`) can
conflict with the rest. What gives way, first to last:

1. the minimum line quantity,
2. the budgets of freight and stock value, by as little money as possible,
3. the risk budget, by as little money as possible,
4. the planner's minimums, by as few units as possible.

Storage, lanes, capacities of exits, maximums and stock never give way: they are physical. The
planner is also told what raising a capacity instead would take and bring.

All is read from one plan in whole units of the moves that minimums name, the plan that misses as
little as it must: what it needs is what is given, so that nothing is left over for others.
"""

from __future__ import annotations

from dataclasses import replace

from foreship_foundation.arrays import Ints
from foreship_optimize.infeasible.alternatives import capacity_hints, with_reasons
from foreship_optimize.infeasible.elastic import TO_LOCKS, cheapest, least_violation, missing_least
from foreship_optimize.infeasible.giving_way import LimitRelaxation, as_planned, as_stated
from foreship_optimize.infeasible.question import Question, question_of
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.formulation import MINIMUMS, RISK, Soft

__all__ = ["least_relaxation", "plan_missing_least"]


def least_relaxation(
    problem: ShippingProblem, params: OptimizeParams, clock: Clock
) -> LimitRelaxation:
    """Relax limits by as little as minimums ask for, the least important first.

    Raises
    ------
    NoUsablePlan
        If time ends before it is known which locks can hold.
    """
    stated = as_stated(problem, params)
    question = question_of(problem, params.plan, stated.risk)
    plan = question.widened(plan_missing_least(question, params.plan, clock))
    relaxation = with_reasons(as_planned(stated, plan), clock)
    hints = capacity_hints(stated, relaxation, question, clock)
    return replace(relaxation, plan=plan, hints=hints)


def plan_missing_least(question: Question, plan: PlanParams, clock: Clock) -> Ints:
    """Find the plan in whole units that misses each kind of limits by as little as it must, (Q,).

    The most important kind is missed least, each other as little as those before it allow; of all
    such plans the cheapest is taken, in lines as stated if there is one.
    """
    order = ((MINIMUMS,), TO_LOCKS, (RISK,))
    found, most = missing_least(question, plan, order, clock)
    if plan.minimum_line_quantity > 1:
        in_lines = least_violation(question, plan, Soft(most), clock)
        if in_lines is not None:
            return in_lines
    return cheapest(question, plan, most, clock, found)
