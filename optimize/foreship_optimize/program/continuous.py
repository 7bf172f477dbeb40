"""The continuous program: its optimal plan, the price of every limit, and a certified bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats
from foreship_foundation.telling.progress import report
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.program import solver
from foreship_optimize.program.bound import Prices, lower_bound, prices_from_duals
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.cost import program_cost, program_losses, units_there, worth_by_day
from foreship_optimize.program.formulation import Model, build, most_of_each_move
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.program.solving import solved
from foreship_optimize.program.unit_groups.tiers import Tiers, tiers_of
from foreship_optimize.risk import mean_of_worst

__all__ = [
    "ContinuousSolution",
    "exceeded",
    "overdrawn",
    "solve_continuous",
    "unsolved",
]

POINT_NOISE = 1e-6
"""a solver's point may miss a limit by this, relative; whole units are then checked exactly"""


@dataclass(frozen=True)
class ContinuousSolution:
    """The answer of the continuous program."""

    quantity: Floats
    objective: float
    bound: float
    prices: Prices
    termination: str
    size: dict[str, int]
    outcome: solver.Outcome


def solve_continuous(instance: Instance, clock: Clock) -> ContinuousSolution:
    """Solve the continuous program, price every limit, and compute the bound ourselves."""
    problem, limits, plan = instance.problem, instance.limits, instance.params.plan
    refuse_unreachable_minimums(instance)
    tiers = _tiers(instance)
    model = build(problem, limits, tiers, plan, risk=instance.risk)
    size = sizes(model, len(tiers.cell))
    if not model.moves:
        return _nothing_to_move(instance, size)
    report("Solving the program", 0, 0)
    outcome = solved(model, plan, clock)
    minimums = np.isfinite(limits.at_least).any()
    if outcome.termination == "infeasible" and minimums:
        raise LimitsCannotHold("the limits contradict each other")
    if not outcome.has_solution:
        raise NoUsablePlan(f"no feasible plan when the solver stopped: {outcome.termination}")
    count = len(model.moves)
    quantity = outcome.columns[:count] * model.packs
    refuse_unusable_point(instance, model, outcome)
    prices = _no_prices(instance)
    if outcome.duals is not None:
        rows = list(model.rows.values())
        prices = prices_from_duals(
            problem, limits, rows, outcome.duals, model.money, instance.risk.level
        )
    bound = lower_bound(problem, limits, prices, instance.risk, plan.minimum_line_quantity)
    by_day = worth_by_day(problem, tiers, quantity, outcome.columns[count:])
    objective = program_cost(problem, quantity, plan.minimum_line_quantity, by_day=by_day)
    return ContinuousSolution(
        quantity, objective, bound, prices, outcome.termination, size, outcome
    )


def _tiers(instance: Instance) -> Tiers:
    """Return the tiers that the continuous program counts units in."""
    plan = instance.params.plan
    risky = instance.risk.budget is not None
    return tiers_of(instance.problem, plan.maximum_blocks, plan.minimum_line_quantity, risky=risky)


def refuse_unreachable_minimums(instance: Instance) -> None:
    """Raise LimitsCannotHold if a minimum asks for more than lies at its moves' origins."""
    able = instance.limits.use(most_of_each_move(instance.problem))
    short = np.flatnonzero(able < instance.limits.at_least)
    if len(short):
        raise LimitsCannotHold(f"{instance.limits.words[short[0]]} is out of reach")


def refuse_unusable_point(instance: Instance, model: Model, outcome: solver.Outcome) -> None:
    """Raise NoUsablePlan unless the solver's point keeps every limit; a status proves nothing."""
    count, point = len(model.moves), outcome.columns
    faults = []
    if len(point) != len(model.variables) or not np.isfinite(point).all():
        raise NoUsablePlan("the solver's point is not a number for every variable")
    upper = np.array([np.inf if v.upBound is None else v.upBound for v in model.moves + model.kept])
    inside = point[: len(upper)]
    if (inside < -POINT_NOISE).any() or (inside > upper + POINT_NOISE * (1 + upper)).any():
        faults.append("a quantity is outside its range")
    quantity = point[:count] * model.packs
    faults += exceeded(instance, quantity)
    faults += _unbalanced(instance, quantity, inside[count:])
    if faults:
        raise NoUsablePlan("the solver's point is not feasible: " + "; ".join(faults))


def exceeded(instance: Instance, quantity: Floats) -> list[str]:
    """Name the first few limits that a continuous plan exceeds."""
    limits = instance.limits
    used = limits.use(quantity)
    scale = POINT_NOISE * np.maximum(
        1.0, np.where(np.isfinite(limits.at_most), limits.at_most, 1.0)
    )
    over = (used > limits.at_most + scale) | (used < limits.at_least - scale)
    return [f"{words} does not hold" for words in limits.words[over][:5]]


def overdrawn(instance: Instance, quantity: Floats) -> list[str]:
    """Say whether a continuous plan exceeds the risk budget as the program counts it (9)."""
    budget, line = instance.risk.budget, instance.params.plan.minimum_line_quantity
    if budget is None:
        return []
    losses = program_losses(instance.problem, instance.risk, quantity, line)
    over = mean_of_worst(losses, instance.risk.level) > budget + POINT_NOISE * max(1.0, budget)
    return ["the risk budget does not hold"] if over else []


def _unbalanced(instance: Instance, quantity: Floats, kept: Floats) -> list[str]:
    """Cells in which on hand + arrivals - moved away differs from the units there."""
    problem, tiers = instance.problem, _tiers(instance)
    flow, cells = units_there(problem, quantity), len(problem.cell_item)
    there = np.bincount(tiers.cell, kept, cells) if len(kept) == len(tiers.cell) else flow
    wrong = np.abs(flow - there) > POINT_NOISE * np.maximum(1.0, np.abs(there)) * 10
    return ["units appear or vanish in a cell"] if wrong.any() else []


def _no_prices(instance: Instance) -> Prices:
    """Return prices that are all 0; the bound they give is valid but weak."""
    rows, cells = len(instance.limits.words), len(instance.problem.cell_item)
    scenarios = instance.problem.need.shape[1]
    return Prices(
        np.zeros(rows), np.zeros(rows), np.zeros(cells), np.zeros(cells), np.zeros(scenarios),
        instance.risk.level,
    )  # fmt: skip


def _nothing_to_move(instance: Instance, size: dict[str, int]) -> ContinuousSolution:
    """Answer a problem in which no unit may or need move: the empty plan is optimal."""
    return ContinuousSolution(
        np.zeros(0), 0.0, 0.0, _no_prices(instance), "optimal", size, unsolved("optimal")
    )


def unsolved(termination: str) -> solver.Outcome:
    """Return the outcome of a solve that was not run."""
    version = solver.refuse_blocked_solver()
    return solver.Outcome(
        termination, True, 0.0, 0.0, 0.0, "HiGHS", version, np.zeros(0), np.zeros(0)
    )


def sizes(model: Model, tiers: int) -> dict[str, int]:
    """Count rows, columns and tiers of the continuous program."""
    return {"rows": len(model.rows), "columns": len(model.variables), "tiers": tiers,
            "nonzeros": model.nonzeros}  # fmt: skip
