"""What stands against a lock that was lowered, and what could be done instead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_foundation.telling.words import listed, number, plural
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.infeasible.conflict import stops
from foreship_optimize.infeasible.elastic import (
    INSTEAD,
    TO_LOCKS,
    WHOLE,
    cheapest,
    least_violation,
    missing_least,
    overshoot,
)
from foreship_optimize.infeasible.giving_way import LimitRelaxation, as_planned
from foreship_optimize.infeasible.question import Question, question_of
from foreship_optimize.limits import Limits, limits_of, with_most
from foreship_optimize.problem import Lock
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.formulation import MINIMUMS, RISK, Soft, most_of_each_move
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.program.presolve import reduce

__all__ = ["capacity_hints", "with_reasons"]

SEARCHED, NAMED = 20, 3
"""most locks for which it is searched what stands against them, and most limits named for one"""


def with_reasons(relaxation: LimitRelaxation, clock: Clock) -> LimitRelaxation:
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
        words = f"{told[place]['words']}{reason}{_and_forbids(problem.locks[index])}"
        told[place] = {**told[place], "words": words}
    return replace(relaxation, relaxed=tuple(told))


def _and_forbids(lock: Lock) -> str:
    """Name the locks that forbid some of what a lock could count, where it has moves left."""
    names = [f"lock {name}" for name in lock.forbidden_by]
    return (
        f"; {listed(names)} {'holds' if len(names) == 1 else 'hold'}"
        if names and len(lock.moves)
        else ""
    )


def _plain_reason(lock: Lock, limits: Limits, able: Ints) -> str:
    """Say that a lock has no move, or which stock it takes all of; '' where it is neither."""
    mine, kept = np.unique(lock.moves), np.ceil(lock.at_least)
    if len(mine) == 0:
        names = [f"lock {name}" for name in lock.forbidden_by]
        forbids = f"{listed(names)} {'forbids' if len(names) == 1 else 'forbid'} it"
        return f": {forbids}" if names else ": no open lane, or no stock at its origin"
    used = limits.row[np.isin(limits.move, mine)]
    rows, count = np.unique(used[limits.family[used] == "hub stock"], return_counts=True)
    if len(rows) == 1 and count[0] == len(mine) and limits.at_most[rows[0]] <= kept:
        return f": {limits.words[rows[0]]} is {number(limits.at_most[rows[0]])}"
    able_there = able[mine].sum()
    return f": stock at the origins is {number(able_there)}" if able_there <= kept else ""


def _searched_reason(relaxation: LimitRelaxation, index: int, clock: Clock) -> str:
    """Name the limits that make a minimum impossible beside all that holds; '' if not known."""
    locks = list(relaxation.problem.locks)
    locks[index] = replace(locks[index], at_least=float(locks[index].lowered_from or 0.0))
    wanted = replace(relaxation.problem, locks=tuple(locks))
    against = stops(wanted, relaxation.params, relaxation.risk, index, clock)
    return f" because of {listed(against, most=NAMED)}" if against else ""


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
        found, missed = missing_least(question, stated.params.plan, order, clock)
    except NoUsablePlan:
        return ()
    plan = question.widened(cheapest(question, stated.params.plan, missed, clock, found))
    limits = limits_of(stated.problem)
    over, under = overshoot(limits, plan)
    growing = np.flatnonzero((over > 0) & limits.are(INSTEAD)).tolist()
    if not growing:
        return ()
    roomy = with_most(stated.problem, limits, growing, limits.at_most + over * (1.0 + 1e-9))
    grown = as_planned(replace(stated, problem=roomy), plan)
    gain = _objective(relaxation, clock) - _objective(grown, clock)
    worth = f"worth {gain:,.2f}" if gain >= 0 else f"at a cost of {-gain:,.2f}"
    raised = [f"raise {limits.words[row]} by {number(over[row], 4)}" for row in growing]
    raised += [f"raise the {words} by {amount:,.2f}" for words, amount in _money_given(grown)]
    growth = f"{listed(raised)} ({worth})"
    if missed[MINIMUMS,] > WHOLE:
        asked = sum(lock.at_least for lock in stated.problem.locks)
        growth += (
            f" for {number(asked - float(under.sum()))} of {number(asked)} that locks ask for, as "
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
    return f" or drop {plural(count, 'lock')}"


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
