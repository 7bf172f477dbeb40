"""When the limits cannot all hold: which ones give way, by how much, and in which words.

Shipping nothing keeps every limit but a planner's minimum, so only minimums (`at_least`, `fix`) can
contradict the rest. What gives way, first to last:

1. the minimum line quantity,
2. the budgets of freight and stock value, by as little money as can be,
3. the risk budget, by as little as can be,
4. the planner's minimums, by as few units as can be.

Storage, lanes, exits' capacities and maximums hold, for nothing can be stacked where there is no
room; stock always holds. What raising a capacity instead would take and bring is said beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from optimize import solver
from optimize.continuous import solve_continuous
from optimize.errors import NoUsablePlan
from optimize.formulation import Model, Soft, build, most_of_each_move
from optimize.limits import Limits, free_storage, limits_of, volume_before
from optimize.outcomes import Risk, risk_of
from optimize.params import OptimizeParams
from optimize.presolve import reduce
from optimize.problem import Floats, Ints, Lock, ShippingProblem
from optimize.task import Clock, LimitsCannotHold, Task
from optimize.tiers import tiers_of

__all__ = ["Agreed", "as_achieved", "ways_out"]

SPENDING = ("freight_budget", "stock_value_budget")
"""the problem's budgets, in the order of the rows of their family"""
WHOLE = 1e-6
"""a shortfall of less than this share of a unit is float noise"""


@dataclass(frozen=True)
class Agreed:
    """The problem under limits that can all hold, and what gave way."""

    problem: ShippingProblem
    params: OptimizeParams
    risk: Risk
    relaxed: tuple[dict[str, Any], ...] = ()
    """limit, family, stated, kept, amount, unit, words: one each limit that gave way"""
    hints: tuple[str, ...] = ()
    """what raising a capacity instead would take"""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything that gave way, and what could be done instead."""
        return (*(str(each["words"]) for each in self.relaxed), *self.hints)


def ways_out(problem: ShippingProblem, params: OptimizeParams, clock: Clock) -> Iterator[Agreed]:
    """Yield the problem as stated, then with ever more limits given way, least important first."""
    agreed = Agreed(problem, params, risk_of(problem, params.risk))
    yield agreed
    if not any(lock.at_least > 0 for lock in problem.locks):
        return
    if params.plan.minimum_line_quantity > 1:
        agreed = without_minimum_line(agreed)
        yield agreed
    if _spends(agreed.problem):
        raised = with_least_spending(agreed, clock)
        if raised is not None and raised is not agreed:
            agreed = raised
            yield agreed
    if agreed.risk.budget is not None:
        raised = with_least_budget(agreed, clock)
        if raised is not None:
            yield raised
    lowered = with_least_shortfall(agreed, clock)
    if _spends(lowered.problem):
        lowered = with_least_spending(lowered, clock) or lowered
    if lowered.risk.budget is not None:
        lowered = with_least_budget(lowered, clock) or lowered
    yield replace(lowered, hints=instead(problem, lowered, clock))


def without_minimum_line(agreed: Agreed) -> Agreed:
    """Let lines be as short as they need to be."""
    stated = agreed.params.plan.minimum_line_quantity
    plan = replace(agreed.params.plan, minimum_line_quantity=1)
    words = f"the minimum line quantity of {stated} gives way to the locks: shorter lines are sent"
    told = _told("minimum line quantity", "line", stated, 1, "units", words)
    return replace(
        agreed, params=replace(agreed.params, plan=plan), relaxed=(*agreed.relaxed, told)
    )


def with_least_spending(agreed: Agreed, clock: Clock) -> Agreed | None:
    """Raise the budgets of freight and stock value by the least money that the locks ask for.

    None if the locks clash anyway.
    """
    found = _elastic(agreed, Soft(families=("budget",)), clock)
    if found is None:
        return None
    if not found.short:
        return agreed
    problem, told = agreed.problem, []
    for row, over in sorted(found.short.items()):
        words, field = str(found.limits.words[row]), SPENDING[int(found.limits.index[row])]
        stated = float(found.limits.at_most[row])
        least = (stated + over) * (1.0 + 1e-9)
        problem = replace(problem, **{field: least})
        sentence = (
            f"the {words} of {stated:,.2f} cannot hold with the locks: "
            f"it is raised by {over:,.2f} to {least:,.2f}"
        )
        told.append(_told(words, "budget", stated, least, "money", sentence))
    return replace(agreed, problem=problem, relaxed=(*agreed.relaxed, *told))


def _spends(problem: ShippingProblem) -> bool:
    """Whether a budget of freight or stock value is set."""
    return any(np.isfinite(getattr(problem, name)) for name in SPENDING)


def with_least_budget(agreed: Agreed, clock: Clock) -> Agreed | None:
    """Raise the risk budget to the least loss that the locks allow; None if locks clash anyway."""
    stated = agreed.risk.budget or 0.0
    found = _elastic(agreed, Soft(risk=True), clock)
    if found is None:
        return None
    least = found.objective * (1.0 + 1e-9)
    if least <= stated:
        return agreed
    words = (
        f"the risk budget of {stated:,.2f} cannot hold with the locks: "
        f"it is raised by {least - stated:,.2f} to {least:,.2f}"
    )
    told = _told("risk budget", "risk budget", stated, least, "money", words)
    risk = replace(agreed.risk, budget=least)
    return replace(agreed, risk=risk, relaxed=(*agreed.relaxed, told))


def with_least_shortfall(agreed: Agreed, clock: Clock) -> Agreed:
    """Lower planner's minimums by the fewest units that make room."""
    unlimited = replace(agreed.problem, **dict.fromkeys(SPENDING, np.inf))
    found = _elastic(replace(agreed, problem=unlimited), Soft(minimums=True), clock)
    if found is None:
        raise NoUsablePlan("time ended before it was known which locks can hold")
    kept = {
        int(found.limits.index[row]): float(found.limits.at_least[row]) - short
        for row, short in found.short.items()
    }
    return _lowered(agreed, kept)


def as_achieved(agreed: Agreed, quantity: Ints) -> Agreed:
    """Lower the minimums to what a whole-unit plan reaches, units of all moves given."""
    kept = {
        index: float(quantity[np.unique(lock.moves)].sum())
        for index, lock in enumerate(agreed.problem.locks)
        if lock.at_least > 0
    }
    return _lowered(agreed, kept)


def _lowered(agreed: Agreed, kept: dict[int, float]) -> Agreed:
    """Return the problem with some locks' minimums lowered to whole units, each one told."""
    locks, told = list(agreed.problem.locks), []
    for index, least in sorted(kept.items()):
        lock, whole = locks[index], float(np.floor(least + WHOLE))
        if whole >= lock.at_least:
            continue
        words = (
            f"lock {lock.name}: {whole:g} of {lock.at_least:g} units can be sent"
            f"{_because(agreed.problem, lock)}"
        )
        short = _told(lock.name, "lock", lock.at_least, whole, "units", words)
        told.append(short)
        locks[index] = replace(lock, at_least=whole)
    problem = replace(agreed.problem, locks=tuple(locks))
    return replace(agreed, problem=problem, relaxed=(*agreed.relaxed, *told))


def _told(
    limit: str, family: str, stated: float, kept: float, unit: str, words: str
) -> dict[str, Any]:
    """Tell of a limit that gave way, as `summary.json` says it."""
    amount = abs(float(kept) - float(stated))
    return {"limit": limit, "family": family, "stated": float(stated), "kept": float(kept),
            "amount": amount, "unit": unit, "words": words}  # fmt: skip


def _because(problem: ShippingProblem, lock: Lock) -> str:
    """Name what alone makes a minimum impossible, without any solver; else nothing."""
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


def instead(problem: ShippingProblem, lowered: Agreed, clock: Clock) -> tuple[str, ...]:
    """Say which capacities would have to grow for every lock to hold, and what that is worth."""
    locks = [each for each in lowered.relaxed if each["family"] == "lock"]
    if not locks:
        return ()
    stated = replace(lowered, problem=problem)
    found = _elastic(stated, Soft(families=("storage", "lane")), clock)
    if found is None or not found.short:
        return ()
    grown = _grown(problem, found)
    gain = _objective(lowered, clock) - _objective(replace(stated, problem=grown), clock)
    worth = f"worth {gain:,.2f}" if gain >= 0 else f"at a cost of {-gain:,.2f}"
    growth = " and ".join(
        f"raise {found.limits.words[row]} by {amount:,.4g}"
        for row, amount in sorted(found.short.items())
    )
    count = f"{len(locks)} lock{'s' if len(locks) > 1 else ''}"
    return (f"{growth} ({worth}) or drop {count}",)


def _grown(problem: ShippingProblem, found: _Elastic) -> ShippingProblem:
    """Return the problem with capacities raised by what they are short of."""
    storage, lanes = problem.storage.copy(), problem.lane_capacity.copy()
    full, free = volume_before(problem), free_storage(problem)
    for row, amount in found.short.items():
        index = int(found.limits.index[row])
        if found.limits.family[row] == "storage":
            storage[index] = full[index] + free[index] + amount * (1.0 + 1e-9)
        else:
            lanes[index] += amount * (1.0 + 1e-9)
    return replace(problem, storage=storage, lane_capacity=lanes)


def _objective(agreed: Agreed, clock: Clock) -> float:
    """Least cost of the continuous program, or nought where it cannot be had."""
    try:
        return solve_continuous(_task(agreed), clock).objective
    except (NoUsablePlan, LimitsCannotHold):
        return 0.0


def _task(agreed: Agreed) -> Task:
    reduced = reduce(agreed.problem, agreed.params.plan)
    risk = agreed.risk.of(reduced.moves)
    return Task(reduced.problem, limits_of(reduced.problem), agreed.params, risk)


@dataclass(frozen=True)
class _Elastic:
    """The least by which soft limits must be missed."""

    objective: float
    """in money for budgets, else in units or volume"""
    limits: Limits
    short: dict[int, float]
    """shortfall of each row of `limits` that is missed"""


def _elastic(agreed: Agreed, soft: Soft, clock: Clock) -> _Elastic | None:
    """Miss the soft limits by as little as can be; None if the hard ones clash or time ended.

    In whole units where the program is small, so that packs are seen.
    """
    plan = replace(agreed.params.plan, minimum_line_quantity=1)
    reduced = reduce(agreed.problem, plan)
    problem, limits = reduced.problem, limits_of(reduced.problem)
    risk = replace(agreed.risk.of(reduced.moves), budget=None)
    whole = len(problem.moves.action) <= plan.integer_program_units
    tiers = tiers_of(problem, None if whole else plan.maximum_blocks, risky=soft.risk)
    model = build(problem, limits, tiers, plan, risk=risk, integer=whole, soft=soft)
    outcome = solver.run(
        model.program, model.variables,
        time_limit=clock.left(), threads=plan.threads, seed=plan.seed,
    )  # fmt: skip
    if not outcome.has_solution or outcome.objective is None:
        return None
    scale = model.money if soft.risk else 1.0
    return _Elastic(outcome.objective / scale, limits, _missed(model, limits, outcome.columns))


def _missed(model: Model, limits: Limits, columns: Floats) -> dict[int, float]:
    """Read the slacks that are not nought; those of budgets are in scaled money."""
    count = len(model.slacks)
    values = columns[len(columns) - count :] if count else np.zeros(0)
    scale = {"budget": model.money}
    return {
        row: float(value) / scale.get(str(limits.family[row]), 1.0)
        for row, value in zip(model.slack_of, values.tolist(), strict=True)
        if value > WHOLE
    }
