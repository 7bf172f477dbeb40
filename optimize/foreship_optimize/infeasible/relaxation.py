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

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.infeasible.conflict import stops
from foreship_optimize.infeasible.elastic import FEW, WHOLE, least_violation, missed_by, overshoot
from foreship_optimize.infeasible.question import Question, question_of
from foreship_optimize.limits import Limits, families_where, limits_of, with_most
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.problem import Lock, ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.formulation import MINIMUMS, RISK, Soft, most_of_each_move
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.program.presolve import reduce
from foreship_optimize.program.tiers import line_minimum
from foreship_optimize.risk import Risk, loss_of_outcomes, mean_of_worst, risk_of

__all__ = ["LimitRelaxation", "as_stated", "least_relaxation"]

HAIR = 1e-4
"""Units by which a lowered minimum stays below what can be reached. Whole units meet it all the
same, and the price of another limit is then what more of it brings, not what the lock demands."""
SEARCHED = 20
"""most locks for which it is searched what stands against them"""
TO_LOCKS, INSTEAD = families_where(yields="to locks"), families_where(yields="instead")
"""families that are raised for locks, and those of which raising is only spoken"""


@dataclass(frozen=True)
class LimitRelaxation:
    """The problem under limits that can all hold, and what gave way for that."""

    problem: ShippingProblem
    params: OptimizeParams
    risk: Risk
    plan: Ints | None = None
    """units of each move in a plan that keeps these limits, where one is known, (M,)"""
    relaxed: tuple[dict[str, Any], ...] = ()
    """limit, family, stated, kept, amount, unit, words: one each limit that gave way"""
    hints: tuple[str, ...] = ()
    """what raising a capacity instead would take and bring"""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences on everything that gave way, and on what could be done instead."""
        return (*(str(each["words"]) for each in self.relaxed), *self.hints)


def as_stated(problem: ShippingProblem, params: OptimizeParams) -> LimitRelaxation:
    """Return the problem under its limits as they are stated."""
    return LimitRelaxation(problem, params, risk_of(problem, params.risk))


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
    relaxation = _with_reasons(_as_planned(stated, plan), clock)
    hints = capacity_hints(stated, relaxation, question, clock)
    return replace(relaxation, plan=plan, hints=hints)


def plan_missing_least(question: Question, plan: PlanParams, clock: Clock) -> Ints:
    """Find the plan in whole units that misses each kind of limits by as little as it must, (Q,).

    The most important kind is missed least, each other as little as those before it allow; of all
    such plans the cheapest is taken, in lines as stated if there is one.
    """
    order = ((MINIMUMS,), TO_LOCKS, (RISK,))
    found, most = _missing_least(question, plan, order, clock)
    for line in dict.fromkeys((plan.minimum_line_quantity, 1)):
        if line == 1 and len(question.moves) > FEW:
            break  # of very many moves the cheapest are dear to find
        in_lines = replace(plan, minimum_line_quantity=line)
        known = found if line == 1 else None
        cheapest = least_violation(question, in_lines, Soft(most), clock, known)
        if cheapest is not None:
            return cheapest
    return found


def _missing_least(
    question: Question, plan: PlanParams, order: tuple[tuple[str, ...], ...], clock: Clock
) -> tuple[Ints, dict[tuple[str, ...], float]]:
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


def _as_planned(stated: LimitRelaxation, plan: Ints) -> LimitRelaxation:
    """Relax limits by what a plan misses them by, the least important first."""
    relaxation = stated
    for give_way in (_line_given_up, _budgets_raised, _risk_budget_raised, _minimums_lowered):
        relaxation = give_way(relaxation, plan)
    return relaxation


def _line_given_up(relaxation: LimitRelaxation, plan: Ints) -> LimitRelaxation:
    """Lower the minimum line quantity to one unit if the plan has shorter lines."""
    stated = relaxation.params.plan.minimum_line_quantity
    short = (plan > 0) & (plan < line_minimum(relaxation.problem, stated))
    if not short.any():
        return relaxation
    words = f"the minimum line quantity of {stated} gives way to the locks: shorter lines are sent"
    told = _relaxed_limit("minimum line quantity", "line", stated, 1, "units", words)
    params = replace(
        relaxation.params, plan=replace(relaxation.params.plan, minimum_line_quantity=1)
    )
    return replace(relaxation, params=params, relaxed=(*relaxation.relaxed, told))


def _budgets_raised(relaxation: LimitRelaxation, plan: Ints) -> LimitRelaxation:
    """Raise the budgets of freight and stock value to what the plan spends."""
    limits = limits_of(relaxation.problem)
    over, _ = overshoot(limits, plan)
    most, told = limits.at_most.copy(), []
    rows = np.flatnonzero((over > 0) & limits.are(TO_LOCKS)).tolist()
    for row in rows:
        words, stated = str(limits.words[row]), float(limits.at_most[row])
        most[row] = (stated + over[row]) * (1.0 + 1e-9)
        sentence = (
            f"the {words} of {stated:,.2f} cannot hold with the locks: "
            f"it is raised by {over[row]:,.2f} to {most[row]:,.2f}"
        )
        family, unit = str(limits.family[row]), str(limits.unit[row])
        told.append(_relaxed_limit(words, family, stated, most[row], unit, sentence))
    problem = with_most(relaxation.problem, limits, rows, most)
    return replace(relaxation, problem=problem, relaxed=(*relaxation.relaxed, *told))


def _risk_budget_raised(relaxation: LimitRelaxation, plan: Ints) -> LimitRelaxation:
    """Raise the risk budget to what the plan loses in its worst outcomes."""
    stated = relaxation.risk.budget
    losses = loss_of_outcomes(relaxation.problem, relaxation.risk, plan)
    if stated is None or not relaxation.risk.broken_by(losses):
        return relaxation
    least = mean_of_worst(losses, relaxation.risk.level) * (1.0 + 1e-9)
    words = (
        f"the risk budget of {stated:,.2f} cannot hold with the locks: "
        f"it is raised by {least - stated:,.2f} to {least:,.2f}"
    )
    told = _relaxed_limit("risk budget", "risk budget", stated, least, "money", words)
    risk = replace(relaxation.risk, budget=least)
    return replace(relaxation, risk=risk, relaxed=(*relaxation.relaxed, told))


def _minimums_lowered(relaxation: LimitRelaxation, plan: Ints) -> LimitRelaxation:
    """Lower the locks' minimums to what the plan sends, in whole units, and say so."""
    locks, told = list(relaxation.problem.locks), []
    for index, lock in enumerate(locks):
        whole = float(plan[np.unique(lock.moves)].sum())
        if whole >= lock.at_least:
            continue
        words = f"lock {lock.name}: {whole:g} of {lock.at_least:g} units can be sent"
        told.append(_relaxed_limit(lock.name, "lock", lock.at_least, whole, "units", words))
        locks[index] = replace(lock, at_least=max(whole - HAIR, 0.0), lowered_from=lock.at_least)
    problem = replace(relaxation.problem, locks=tuple(locks))
    return replace(relaxation, problem=problem, relaxed=(*relaxation.relaxed, *told))


def _relaxed_limit(
    limit: str, family: str, stated: float, kept: float, unit: str, words: str
) -> dict[str, Any]:
    """Describe a limit that gave way, in the form of `summary.json`."""
    amount = abs(float(kept) - float(stated))
    return {"limit": limit, "family": family, "stated": float(stated), "kept": float(kept),
            "amount": amount, "unit": unit, "words": words}  # fmt: skip


def _with_reasons(relaxation: LimitRelaxation, clock: Clock) -> LimitRelaxation:
    """Say of each lock that was lowered what stands against it."""
    told, problem = list(relaxation.relaxed), relaxation.problem
    places = [place for place, each in enumerate(told) if each["family"] == "lock"]
    lowered = [at for at, lock in enumerate(problem.locks) if lock.lowered_from is not None]
    limits, able = limits_of(problem), most_of_each_move(problem)
    searched = 0
    for place, index in zip(places, lowered, strict=True):
        reason = _plain_reason(problem.locks[index], limits, able)
        if not reason and searched < SEARCHED:
            reason = _searched_reason(relaxation, index, clock)
            searched += 1
        told[place] = {**told[place], "words": f"{told[place]['words']}{reason}"}
    return replace(relaxation, relaxed=tuple(told))


def _plain_reason(lock: Lock, limits: Limits, able: Ints) -> str:
    """Say that a lock has no move, or which stock it takes all of; '' where it is neither."""
    mine, kept = np.unique(lock.moves), np.ceil(lock.at_least)
    if len(mine) == 0:
        forbids = " and ".join(f"lock {name}" for name in lock.forbidden_by)
        return f": {forbids} forbids it" if forbids else ": no open lane, or no stock at its origin"
    used = limits.row[np.isin(limits.move, mine)]
    rows, count = np.unique(used[limits.family[used] == "hub stock"], return_counts=True)
    if len(rows) == 1 and count[0] == len(mine) and limits.at_most[rows[0]] <= kept:
        return f": {limits.words[rows[0]]} is {limits.at_most[rows[0]]:g}"
    return f": stock at the origins is {able[mine].sum():g}" if able[mine].sum() <= kept else ""


def _searched_reason(relaxation: LimitRelaxation, index: int, clock: Clock) -> str:
    """Name the limits that make a minimum impossible beside all that holds; '' if not known."""
    locks = list(relaxation.problem.locks)
    locks[index] = replace(locks[index], at_least=float(locks[index].lowered_from or 0.0))
    wanted = replace(relaxation.problem, locks=tuple(locks))
    against = stops(wanted, relaxation.params, relaxation.risk, index, clock)
    return f" because of {' and '.join(against)}" if against else ""


def capacity_hints(
    stated: LimitRelaxation, relaxation: LimitRelaxation, question: Question, clock: Clock
) -> tuple[str, ...]:
    """Say which capacities would have to grow for the locks to hold, and what that is worth.

    Where stock is short too, this is said for as many units of the locks as stock allows.
    """
    lowered = [each for each in relaxation.relaxed if each["family"] == "lock"]
    if not lowered:
        return ()
    order = ((MINIMUMS,), INSTEAD, TO_LOCKS, (RISK,))
    try:
        found, missed = _missing_least(question, stated.params.plan, order, clock)
    except NoUsablePlan:
        return ()
    plan = question.widened(found)
    limits = limits_of(stated.problem)
    over, under = overshoot(limits, plan)
    growing = np.flatnonzero((over > 0) & limits.are(INSTEAD)).tolist()
    if not growing:
        return ()
    roomy = with_most(stated.problem, limits, growing, limits.at_most + over * (1.0 + 1e-9))
    grown = _as_planned(replace(stated, problem=roomy), plan)
    gain = _objective(relaxation, clock) - _objective(grown, clock)
    worth = f"worth {gain:,.2f}" if gain >= 0 else f"at a cost of {-gain:,.2f}"
    raised = [f"raise {limits.words[row]} by {over[row]:,.4g}" for row in growing]
    raised += [f"raise the {words} by {amount:,.2f}" for words, amount in _money_given(grown)]
    growth = f"{' and '.join(raised)} ({worth})"
    if missed[MINIMUMS,] > WHOLE:
        asked = sum(lock.at_least for lock in stated.problem.locks)
        growth += (
            f" for {asked - float(under.sum()):,g} of the {asked:,g} units that locks ask for, as "
            "far as stock goes"
        )
    return (f"{growth}{_or_drop(stated, relaxation, clock)}",)


def _money_given(grown: LimitRelaxation) -> list[tuple[str, float]]:
    """List the budgets that gave way, and by how much."""
    return [
        (str(each["limit"]), float(each["amount"]))
        for each in grown.relaxed
        if each["unit"] == "money"
    ]


def _or_drop(stated: LimitRelaxation, relaxation: LimitRelaxation, clock: Clock) -> str:
    """Say that the rest could hold without the locks that were lowered, if it could."""
    locks = relaxation.problem.locks
    kept = tuple(
        replace(lock, at_least=0.0) if lock.lowered_from is not None else lock for lock in locks
    )
    count = sum(lock.lowered_from is not None for lock in locks)
    plan = stated.params.plan
    without = question_of(replace(stated.problem, locks=kept), plan, stated.risk)
    if least_violation(without, plan, Soft(), clock) is None:
        return ""
    return f" or drop {count} lock{'s' if count > 1 else ''}"


def _objective(relaxation: LimitRelaxation, clock: Clock) -> float:
    """Least cost of the continuous program, or 0 where it has no answer."""
    try:
        return solve_continuous(_instance(relaxation), clock).objective
    except (NoUsablePlan, LimitsCannotHold):
        return 0.0


def _instance(relaxation: LimitRelaxation) -> Instance:
    reduced = reduce(relaxation.problem, relaxation.params.plan)
    risk = relaxation.risk.of(reduced.moves)
    return Instance(reduced.problem, limits_of(reduced.problem), relaxation.params, risk)
