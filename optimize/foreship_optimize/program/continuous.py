"""The continuous program: its optimal plan, the price of every limit, and a certified bound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.program import solver
from foreship_optimize.program.bound import Prices, lower_bound, prices_from_duals
from foreship_optimize.program.cost import program_cost, program_losses, units_there, worth_by_day
from foreship_optimize.program.formulation import Model, build, most_of_each_move
from foreship_optimize.program.instance import Clock, LimitsCannotHold, Task
from foreship_optimize.program.solving import solved
from foreship_optimize.program.tiers import Tiers, tiers_of
from foreship_optimize.risk import mean_of_worst

__all__ = [
    "Continuous",
    "exceeded",
    "overdrawn",
    "solve_continuous",
    "unsolved",
]

POINT_NOISE = 1e-6
"""a solver's point may miss a limit by this, relative; whole units are then checked exactly"""


@dataclass(frozen=True)
class Continuous:
    """The answer of the continuous program."""

    quantity: Floats
    objective: float
    bound: float
    prices: Prices
    termination: str
    size: dict[str, int]
    outcome: solver.Outcome


def solve_continuous(task: Task, clock: Clock) -> Continuous:
    """Solve the continuous program, price every limit, and compute the bound ourselves."""
    problem, limits, plan = task.problem, task.limits, task.params.plan
    refuse_unreachable_minimums(task)
    tiers = _tiers(task)
    model = build(problem, limits, tiers, plan, risk=task.risk)
    size = sizes(model, len(tiers.cell))
    if not model.moves:
        return _nothing_to_move(task, size)
    outcome = solved(model, plan, clock)
    minimums = np.isfinite(limits.at_least).any()
    if outcome.termination == "infeasible" and minimums:
        raise LimitsCannotHold("the limits contradict each other")
    if not outcome.has_solution:
        raise NoUsablePlan(f"no feasible plan when the solver stopped: {outcome.termination}")
    count = len(model.moves)
    quantity = outcome.columns[:count] * model.packs
    refuse_unusable_point(task, model, outcome)
    prices = _no_prices(task)
    if outcome.duals is not None:
        rows = list(model.rows.values())
        prices = prices_from_duals(
            problem, limits, rows, outcome.duals, model.money, task.risk.level
        )
    bound = lower_bound(problem, limits, prices, task.risk, plan.minimum_line_quantity)
    by_day = worth_by_day(problem, tiers, quantity, outcome.columns[count:])
    objective = program_cost(problem, quantity, plan.minimum_line_quantity, by_day=by_day)
    return Continuous(quantity, objective, bound, prices, outcome.termination, size, outcome)


def _tiers(task: Task) -> Tiers:
    """Return the tiers that the continuous program counts units in."""
    plan = task.params.plan
    risky = task.risk.budget is not None
    return tiers_of(task.problem, plan.maximum_blocks, plan.minimum_line_quantity, risky=risky)


def refuse_unreachable_minimums(task: Task) -> None:
    """Raise LimitsCannotHold if a minimum asks for more than lies at its moves' origins."""
    able = task.limits.use(most_of_each_move(task.problem))
    short = np.flatnonzero(able < task.limits.at_least)
    if len(short):
        raise LimitsCannotHold(f"{task.limits.words[short[0]]} is out of reach")


def refuse_unusable_point(task: Task, model: Model, outcome: solver.Outcome) -> None:
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
    faults += exceeded(task, quantity)
    faults += _unbalanced(task, quantity, inside[count:])
    if faults:
        raise NoUsablePlan("the solver's point is not feasible: " + "; ".join(faults))


def exceeded(task: Task, quantity: Floats) -> list[str]:
    """Name the first few limits that a continuous plan exceeds."""
    limits = task.limits
    used = limits.use(quantity)
    scale = POINT_NOISE * np.maximum(
        1.0, np.where(np.isfinite(limits.at_most), limits.at_most, 1.0)
    )
    over = (used > limits.at_most + scale) | (used < limits.at_least - scale)
    return [f"{words} does not hold" for words in limits.words[over][:5]]


def overdrawn(task: Task, quantity: Floats) -> list[str]:
    """Say whether a continuous plan exceeds the risk budget as the program counts it (9)."""
    budget, line = task.risk.budget, task.params.plan.minimum_line_quantity
    if budget is None:
        return []
    losses = program_losses(task.problem, task.risk, quantity, line)
    over = mean_of_worst(losses, task.risk.level) > budget + POINT_NOISE * max(1.0, budget)
    return ["the risk budget does not hold"] if over else []


def _unbalanced(task: Task, quantity: Floats, kept: Floats) -> list[str]:
    """Cells in which on hand + arrivals - moved away differs from the units there."""
    problem, tiers = task.problem, _tiers(task)
    flow, cells = units_there(problem, quantity), len(problem.cell_item)
    there = np.bincount(tiers.cell, kept, cells) if len(kept) == len(tiers.cell) else flow
    wrong = np.abs(flow - there) > POINT_NOISE * np.maximum(1.0, np.abs(there)) * 10
    return ["units appear or vanish in a cell"] if wrong.any() else []


def _no_prices(task: Task) -> Prices:
    """Return prices that are all 0; the bound they give is valid but weak."""
    rows, cells = len(task.limits.words), len(task.problem.cell_item)
    scenarios = task.problem.need.shape[1]
    return Prices(
        np.zeros(rows), np.zeros(rows), np.zeros(cells), np.zeros(cells), np.zeros(scenarios),
        task.risk.level,
    )  # fmt: skip


def _nothing_to_move(task: Task, size: dict[str, int]) -> Continuous:
    """Answer a problem in which no unit may or need move: the empty plan is optimal."""
    return Continuous(np.zeros(0), 0.0, 0.0, _no_prices(task), "optimal", size, unsolved("optimal"))


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
