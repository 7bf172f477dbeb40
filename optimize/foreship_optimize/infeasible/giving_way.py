"""Limits that give way by what one plan in whole units misses them by, and how that is said.

What the plan needs is what is given, so that nothing is left over for others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_foundation.telling.words import number
from foreship_optimize.infeasible.elastic import TO_LOCKS, overshoot
from foreship_optimize.limits import limits_of, with_most
from foreship_optimize.params import OptimizeParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.departure_loads import spent
from foreship_optimize.program.unit_groups.tiers import line_minimum
from foreship_optimize.risk import Risk, loss_of_outcomes, mean_of_worst, risk_of

__all__ = ["LimitRelaxation", "as_planned", "as_stated"]

HAIR = 1e-4
"""Units by which a lowered minimum stays below what can be reached. Whole units meet it all the
same, and the price of another limit is then what more of it brings, not what the lock demands."""


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


def as_planned(stated: LimitRelaxation, plan: Ints) -> LimitRelaxation:
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
    if relaxation.problem.departures.charged:  # vehicles and lines are in no row
        freight = np.flatnonzero(limits.words == "freight budget")
        spends = spent(relaxation.problem, plan) - limits.at_most[freight]
        over[freight] = np.maximum(over[freight], spends)
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
        words = (
            f"lock {lock.name}: {number(whole)} of {number(lock.at_least)} "
            f"{'unit' if lock.at_least == 1 else 'units'} can be sent"
        )
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
