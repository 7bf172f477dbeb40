"""Which limits give way when not all can hold, by how much, and in which words.

An empty plan keeps every limit except a planner's minimum, so only minimums (`at_least`, `fix`) can
conflict with the rest. What gives way, first to last:

1. the minimum line quantity,
2. the budgets of freight and stock value, by as little money as possible,
3. the risk budget, by as little money as possible,
4. the planner's minimums, by as few units as possible.

Storage, lanes, capacities of exits, maximums and stock never give way: they are physical. The
planner is also told what raising a capacity instead would take and bring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.infeasible.elastic import WHOLE, Elastic, least_violation
from foreship_optimize.limits import Limits, families_where, limits_of, with_most
from foreship_optimize.params import OptimizeParams
from foreship_optimize.problem import Lock, ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.formulation import Soft, most_of_each_move
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.program.presolve import reduce
from foreship_optimize.risk import Risk, risk_of

__all__ = ["LimitRelaxation", "limit_relaxations", "lowered_to_plan"]

HAIR = 1e-4
"""Units by which a lowered minimum stays below what can be reached. Whole units meet it all the
same, and the price of another limit is then what more of it brings, not what the lock demands."""


@dataclass(frozen=True)
class LimitRelaxation:
    """The problem under limits that can all hold, and what gave way for that."""

    problem: ShippingProblem
    params: OptimizeParams
    risk: Risk
    relaxed: tuple[dict[str, Any], ...] = ()
    """limit, family, stated, kept, amount, unit, words: one each limit that gave way"""
    hints: tuple[str, ...] = ()
    """what raising a capacity instead would take and bring"""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Sentences on everything that gave way, and on what could be done instead."""
        return (*(str(each["words"]) for each in self.relaxed), *self.hints)


def limit_relaxations(
    problem: ShippingProblem, params: OptimizeParams, clock: Clock
) -> Iterator[LimitRelaxation]:
    """Yield the problem as stated, then with ever more limits relaxed, least important first."""
    relaxation = LimitRelaxation(problem, params, risk_of(problem, params.risk))
    yield relaxation
    if not any(lock.at_least > 0 for lock in problem.locks):
        return
    if params.plan.minimum_line_quantity > 1:
        relaxation = without_minimum_line(relaxation)
        yield relaxation
    if _spends(relaxation.problem):
        raised = with_least_spending(relaxation, clock)
        if raised is not None and raised is not relaxation:
            relaxation = raised
            yield relaxation
    if relaxation.risk.budget is not None:
        raised = with_least_budget(relaxation, clock)
        if raised is not None:
            yield raised
    lowered = with_least_shortfall(relaxation, clock)
    if _spends(lowered.problem):
        lowered = with_least_spending(lowered, clock) or lowered
    if lowered.risk.budget is not None:
        lowered = with_least_budget(lowered, clock) or lowered
    yield replace(lowered, hints=capacity_hints(problem, lowered, clock))


def without_minimum_line(relaxation: LimitRelaxation) -> LimitRelaxation:
    """Lower the minimum line quantity to one unit."""
    stated = relaxation.params.plan.minimum_line_quantity
    plan = replace(relaxation.params.plan, minimum_line_quantity=1)
    words = f"the minimum line quantity of {stated} gives way to the locks: shorter lines are sent"
    told = _relaxed_limit("minimum line quantity", "line", stated, 1, "units", words)
    return replace(
        relaxation,
        params=replace(relaxation.params, plan=plan),
        relaxed=(*relaxation.relaxed, told),
    )


def with_least_spending(relaxation: LimitRelaxation, clock: Clock) -> LimitRelaxation | None:
    """Raise the budgets of freight and stock value as little as the locks allow.

    None if the locks clash anyway.
    """
    found = _least_violation(relaxation, Soft(families=families_where(yields="to locks")), clock)
    if found is None:
        return None
    if not found.short:
        return relaxation
    most, told = found.limits.at_most.copy(), []
    for row, over in sorted(found.short.items()):
        words, stated = str(found.limits.words[row]), float(found.limits.at_most[row])
        least = (stated + over) * (1.0 + 1e-9)
        most[row] = least
        sentence = (
            f"the {words} of {stated:,.2f} cannot hold with the locks: "
            f"it is raised by {over:,.2f} to {least:,.2f}"
        )
        family, unit = str(found.limits.family[row]), str(found.limits.unit[row])
        told.append(_relaxed_limit(words, family, stated, least, unit, sentence))
    problem = with_most(relaxation.problem, found.limits, sorted(found.short), most)
    return replace(relaxation, problem=problem, relaxed=(*relaxation.relaxed, *told))


def _budgets(limits: Limits) -> list[int]:
    """Rows that give way to locks."""
    return [int(row) for row in np.flatnonzero(limits.are(families_where(yields="to locks")))]


def _capacities(limits: Limits) -> list[int]:
    """Rows that hold, and are said to give way instead of locks, were they raised."""
    return [int(row) for row in np.flatnonzero(limits.are(families_where(yields="instead")))]


def _spends(problem: ShippingProblem) -> bool:
    """Whether there are limits that give way to locks."""
    return bool(_budgets(limits_of(problem)))


def _unlimited(problem: ShippingProblem, rows: Callable[[Limits], list[int]]) -> ShippingProblem:
    """Return the problem without some of its limits."""
    limits = limits_of(problem)
    return with_most(problem, limits, rows(limits), np.full(len(limits.words), np.inf))


def with_least_budget(relaxation: LimitRelaxation, clock: Clock) -> LimitRelaxation | None:
    """Raise the risk budget as little as the locks allow; None if locks conflict anyway."""
    stated = relaxation.risk.budget or 0.0
    found = _least_violation(relaxation, Soft(risk=True), clock)
    if found is None:
        return None
    least = found.objective * (1.0 + 1e-9)
    if least <= stated:
        return relaxation
    words = (
        f"the risk budget of {stated:,.2f} cannot hold with the locks: "
        f"it is raised by {least - stated:,.2f} to {least:,.2f}"
    )
    told = _relaxed_limit("risk budget", "risk budget", stated, least, "money", words)
    risk = replace(relaxation.risk, budget=least)
    return replace(relaxation, risk=risk, relaxed=(*relaxation.relaxed, told))


def with_least_shortfall(relaxation: LimitRelaxation, clock: Clock) -> LimitRelaxation:
    """Lower planner's minimums by the fewest units that make the limits hold."""
    unlimited = replace(relaxation, problem=_unlimited(relaxation.problem, _budgets))
    found = _least_violation(unlimited, Soft(minimums=True), clock)
    if found is None:
        raise NoUsablePlan("time ended before it was known which locks can hold")
    kept = {
        int(found.limits.index[row]): float(found.limits.at_least[row]) - short
        for row, short in found.short.items()
    }
    return _lowered(relaxation, kept)


def lowered_to_plan(relaxation: LimitRelaxation, quantity: Ints) -> LimitRelaxation:
    """Lower the minimums to what a plan in whole units reaches; units are of all moves."""
    kept = {
        index: float(quantity[np.unique(lock.moves)].sum())
        for index, lock in enumerate(relaxation.problem.locks)
        if lock.at_least > 0
    }
    return _lowered(relaxation, kept)


def _lowered(relaxation: LimitRelaxation, kept: dict[int, float]) -> LimitRelaxation:
    """Return the problem with some locks' minimums lowered to whole units, and say so."""
    locks, told = list(relaxation.problem.locks), []
    for index, least in sorted(kept.items()):
        lock, whole = locks[index], float(np.floor(least + WHOLE))
        if whole >= lock.at_least:
            continue
        words = (
            f"lock {lock.name}: {whole:g} of {lock.at_least:g} units can be sent"
            f"{_why_impossible(relaxation.problem, lock)}"
        )
        short = _relaxed_limit(lock.name, "lock", lock.at_least, whole, "units", words)
        told.append(short)
        locks[index] = replace(lock, at_least=max(whole - HAIR, 0.0))
    problem = replace(relaxation.problem, locks=tuple(locks))
    return replace(relaxation, problem=problem, relaxed=(*relaxation.relaxed, *told))


def _relaxed_limit(
    limit: str, family: str, stated: float, kept: float, unit: str, words: str
) -> dict[str, Any]:
    """Describe a limit that gave way, in the form of `summary.json`."""
    amount = abs(float(kept) - float(stated))
    return {"limit": limit, "family": family, "stated": float(stated), "kept": float(kept),
            "amount": amount, "unit": unit, "words": words}  # fmt: skip


def _why_impossible(problem: ShippingProblem, lock: Lock) -> str:
    """Name the single reason that makes a minimum impossible, if there is an obvious one."""
    mine = np.unique(lock.moves)
    if len(mine) == 0:
        return ": no open lane, or no stock at its origin"
    if lock.at_most < lock.at_least:
        return f": at most {lock.at_most:g} may be sent"
    alone = replace(problem, locks=())
    limits = limits_of(alone)
    able = most_of_each_move(problem)
    ceilings = []
    for row in range(len(limits.words)):
        part = np.isin(mine, limits.move[limits.row == row])
        if limits.family[row] == "hub stock" and part.all():
            ceilings.append((float(limits.at_most[row]), str(limits.words[row])))
    ceilings.append((float(able[mine].sum()), "stock at the origins"))
    most, words = min(ceilings)
    return f": {words} is {most:g}" if most < lock.at_least else ""


def capacity_hints(
    problem: ShippingProblem, lowered: LimitRelaxation, clock: Clock
) -> tuple[str, ...]:
    """Say which capacities would have to grow for the locks to hold, and what that is worth.

    Where stock is short too, this is said for as many units of the locks as stock allows.
    """
    locks = [each for each in lowered.relaxed if each["family"] == "lock"]
    if not locks:
        return ()
    kept, soft = limits_of(lowered.problem), Soft(families=families_where(yields="instead"))
    wanted = replace(lowered, problem=with_most(problem, kept, _budgets(kept), kept.at_most))
    found = _least_violation(wanted, soft, clock)
    short_of_stock = found is None
    if found is None:
        wanted = _as_far_as_stock_goes(wanted, clock)
        found = _least_violation(wanted, soft, clock)
    if found is None or not found.short:
        return ()
    grown = _grown(wanted.problem, found)
    gain = _objective(lowered, clock) - _objective(replace(wanted, problem=grown), clock)
    worth = f"worth {gain:,.2f}" if gain >= 0 else f"at a cost of {-gain:,.2f}"
    growth = " and ".join(
        f"raise {found.limits.words[row]} by {amount:,.4g}"
        for row, amount in sorted(found.short.items())
    )
    count = f"{len(locks)} lock{'s' if len(locks) > 1 else ''}"
    if not short_of_stock:
        return (f"{growth} ({worth}) or drop {count}",)
    asked = sum(lock.at_least for lock in problem.locks)
    met = sum(lock.at_least for lock in wanted.problem.locks)
    return (
        f"{growth} ({worth}) for {met:,g} of the {asked:,g} units that locks ask for, as far as "
        f"stock goes, or drop {count}",
    )


def _as_far_as_stock_goes(wanted: LimitRelaxation, clock: Clock) -> LimitRelaxation:
    """Lower the minimums only as far as stock forces it, room and lanes being unlimited."""
    roomy = replace(wanted, problem=_unlimited(wanted.problem, _capacities))
    locks = with_least_shortfall(roomy, clock).problem.locks
    return replace(wanted, problem=replace(wanted.problem, locks=locks))


def _grown(problem: ShippingProblem, found: Elastic) -> ShippingProblem:
    """Return the problem with storage and lanes raised by what is missing."""
    most = found.limits.at_most.copy()
    for row, amount in found.short.items():
        most[row] += amount * (1.0 + 1e-9)
    return with_most(problem, found.limits, list(found.short), most)


def _objective(relaxation: LimitRelaxation, clock: Clock) -> float:
    """Least cost of the continuous program, or 0 where it has no answer."""
    try:
        return solve_continuous(_instance(relaxation), clock).objective
    except (NoUsablePlan, LimitsCannotHold):
        return 0.0


def _least_violation(relaxation: LimitRelaxation, soft: Soft, clock: Clock) -> Elastic | None:
    """Miss the soft limits by as little as possible."""
    return least_violation(relaxation.problem, relaxation.params, relaxation.risk, soft, clock)


def _instance(relaxation: LimitRelaxation) -> Instance:
    reduced = reduce(relaxation.problem, relaxation.params.plan)
    risk = relaxation.risk.of(reduced.moves)
    return Instance(reduced.problem, limits_of(reduced.problem), relaxation.params, risk)
