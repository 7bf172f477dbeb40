"""Whole units: the exact program where it is small, the rounded continuous plan elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from optimize import solver
from optimize.basket import Basket
from optimize.continuous import Continuous
from optimize.formulation import build
from optimize.ledger import moved_units
from optimize.limits import cell_units
from optimize.presolve import line_minimum, tiers_of
from optimize.problem import Ints, ShippingProblem
from optimize.rounding import whole_units
from optimize.summary import relative_gap, totals_of
from optimize.task import Clock, LimitsCannotHold, Task, worth_on_hand

__all__ = ["Whole", "cost_of", "faults_of", "solve_whole"]

NODES = 20_000
"""branch-and-bound nodes of a whole-unit program; counted, so that reruns stop at the same place"""


@dataclass(frozen=True)
class Whole:
    """The whole-unit answer and the best bound known."""

    quantity: Ints
    objective: float
    bound: float
    termination: str


def solve_whole(
    task: Task, continuous: Continuous, clock: Clock, known: Ints | None = None
) -> Whole:
    """Find whole units: the exact program where it is small, else the rounded continuous plan.

    The better of both is taken; either way the plan is checked limit by limit in whole units.

    Parameters
    ----------
    known
        A whole-unit plan to fall back on where rounding finds none.

    Raises
    ------
    LimitsCannotHold
        If no plan found keeps every limit; it carries the nearest one.
    """
    plan = task.params.plan
    rounded = _rounded(task, continuous)
    if known is not None and faults_of(task, rounded):
        rounded = known
    best = Whole(rounded, cost_of(task.problem, rounded), continuous.bound, continuous.termination)
    feasible = not faults_of(task, rounded)
    count = len(task.problem.moves.action)
    proven = feasible and relative_gap(best.objective, best.bound) <= 1e-12
    if 0 < count <= plan.integer_program_units and not proven:
        exact = solve_exactly(task, continuous, clock)
        if exact is not None and (not feasible or exact.objective <= best.objective + 1e-12):
            best, feasible = exact, True
        elif exact is not None:
            best = replace(best, bound=max(best.bound, min(exact.bound, best.objective)))
    if not feasible:
        raise LimitsCannotHold(faults_of(task, rounded)[0], rounded)
    return replace(best, bound=min(best.bound, best.objective))


def _rounded(task: Task, continuous: Continuous) -> Ints:
    """Round the continuous plan, or fill from nothing where rounding does worse than nothing."""
    starts = (continuous.quantity, np.zeros(len(continuous.quantity)))
    for start in starts:
        found = whole_units(
            task.problem, task.limits, task.params.plan, task.risk, start, continuous.prices
        )
        if cost_of(task.problem, found) <= 0.0 or np.isfinite(task.limits.at_least).any():
            break
    return found


def solve_exactly(task: Task, continuous: Continuous, clock: Clock) -> Whole | None:
    """Solve the program in whole units; None if the solver leaves no feasible plan."""
    problem, plan = task.problem, task.params.plan
    tiers = tiers_of(problem, None)
    model = build(problem, task.limits, tiers, plan, risk=task.risk, integer=True)
    outcome = solver.run(
        model.program, model.variables,
        time_limit=clock.left(), threads=plan.threads, seed=plan.seed,
        mip_rel_gap=plan.gap, mip_max_nodes=NODES,
    )  # fmt: skip
    point = outcome.columns[: len(model.moves)]
    if not outcome.has_solution or not np.isfinite(point).all() or len(point) != len(model.moves):
        return None
    steps = np.rint(point).astype(np.int64)
    quantity = steps * model.packs
    if np.abs(point - steps).max(initial=0.0) > 1e-4 or faults_of(task, quantity):
        return None
    objective = cost_of(problem, quantity)
    base = worth_on_hand(problem)
    claimed = (outcome.bound or -np.inf) / model.money + base
    noise = 1e-9 * max(1.0, abs(objective))
    bound = continuous.bound if claimed > objective + 1e-6 * max(1.0, abs(objective)) else claimed
    bound = max(continuous.bound, bound - noise)
    return Whole(quantity, objective, bound, outcome.termination)


def cost_of(problem: ShippingProblem, quantity: Ints) -> float:
    """Return the objective of a whole-unit plan (equation 1)."""
    moved = moved_units(problem, quantity)
    return float(sum(totals_of(problem, quantity, moved).values()))


def faults_of(task: Task, quantity: Ints) -> list[str]:
    """Everything a whole-unit plan breaks, checked exactly; empty if it may be shipped."""
    problem, limits = task.problem, task.limits
    used, noise = limits.use(quantity), limits.tolerance()
    broken = (used > limits.at_most + noise) | (used < limits.at_least - noise)
    faults = [f"{words} does not hold" for words in limits.words[broken]]
    basket = Basket(problem, limits, task.params.plan, task.risk)
    basket.restore(quantity)
    there = np.array(basket.there)
    if (there < 0).any() or (there > cell_units(problem).count).any():
        faults.append("a cell holds fewer units than none or more than its candidates")
    if (quantity < 0).any() or (quantity % basket.pack_array).any():
        faults.append("a quantity is negative or breaks a pack")
    small = (quantity > 0) & (quantity < line_minimum(problem, task.params.plan))
    if small.any():
        faults.append("a line is below the minimum line quantity")
    if task.risk.broken_by(basket.loss):
        faults.append("the risk budget does not hold")
    return faults
