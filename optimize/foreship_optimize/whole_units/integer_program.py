"""The integer program, and the check of a whole-unit plan against every limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.telling.progress import report
from foreship_optimize.limits import SLACK, added, cell_units, packs_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import closeness
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import ContinuousSolution
from foreship_optimize.program.departure_loads import spent
from foreship_optimize.program.formulation import build
from foreship_optimize.program.instance import Instance, worth_on_hand
from foreship_optimize.program.moved_units import moved_units, totals_of
from foreship_optimize.program.solving import solved
from foreship_optimize.program.unit_groups.tiers import line_minimum, tiers_of
from foreship_optimize.risk import loss_of_outcomes

__all__ = ["Incumbent", "faults_of", "plan_cost", "solve_integer_program"]

NODES, PARTIAL_NODES = 100, 1
"""branch-and-bound nodes of the whole-unit program, and of one in which most moves are decided;
counted, so that reruns stop at the same place (docs/program.md, section 5, has what they buy)"""

NODES_OF_VEHICLES = 10_000
"""the same where vehicles or lines are paid for: they part the program far more than whole units"""

NEARLY_WHOLE = 1e-4
"""a number of steps this close to a whole number is taken for it"""


@dataclass(frozen=True)
class Incumbent:
    """The incumbent: the best plan in whole units, with the best bound known."""

    quantity: Ints
    objective: float
    bound: float
    termination: str


def solve_integer_program(
    instance: Instance, continuous: ContinuousSolution, clock: Clock, free: Bools | None = None
) -> Incumbent | None:
    """Solve the program in whole units; None if the solver leaves no feasible plan.

    With more moves than `integer_program_units`, only the moves closest to changing are free. All
    others keep the whole steps of the continuous plan, and so does the bound.

    Parameters
    ----------
    free
        Moves that are free whatever their number, all others kept, shape (M,).
    """
    problem, plan = instance.problem, instance.params.plan
    if free is None:
        fixed = fixed_steps(instance, continuous)
    else:
        fixed = np.where(free, np.nan, _whole_steps(instance, continuous))
    searched = fixed is None or free is not None
    risky = instance.risk.budget is not None
    tiers = tiers_of(problem, None, plan.minimum_line_quantity, risky=risky)
    model = build(
        problem, instance.limits, tiers, plan, risk=instance.risk, integer=True, fixed=fixed
    )
    report("Solving in whole units", 0, 0)
    outcome = solved(
        model,
        plan,
        clock,
        mip_rel_gap=plan.gap,
        mip_max_nodes=_nodes(problem) if searched else PARTIAL_NODES,
    )
    point = outcome.columns[: len(model.moves)]
    if not outcome.has_solution or not np.isfinite(point).all() or len(point) != len(model.moves):
        return None
    steps = np.rint(point).astype(np.int64)
    quantity = steps * model.packs
    if np.abs(point - steps).max(initial=0.0) > NEARLY_WHOLE or faults_of(instance, quantity):
        return None
    objective = plan_cost(problem, quantity)
    if fixed is not None:
        return Incumbent(quantity, objective, continuous.bound, outcome.termination)
    claimed = -np.inf if outcome.bound is None else outcome.bound / model.money
    bound = _credible(claimed + worth_on_hand(problem), objective)
    return Incumbent(quantity, objective, max(continuous.bound, bound), outcome.termination)


def _nodes(problem: ShippingProblem) -> int:
    """Branch-and-bound nodes of a search in which all moves are free."""
    return NODES_OF_VEHICLES if problem.departures.charged else NODES


def _credible(claimed: float, objective: float) -> float:
    """Take the solver's bound, less float noise, unless its own plan disproves it."""
    size = max(1.0, abs(objective))
    return -np.inf if claimed > objective + 1e-6 * size else claimed - 1e-9 * size


def fixed_steps(instance: Instance, continuous: ContinuousSolution) -> Floats | None:
    """Steps at which moves are fixed, NaN for the free moves; None if all are free."""
    count, free = len(instance.problem.moves.action), instance.params.plan.integer_program_units
    if count <= free:
        return None
    steps = continuous.quantity / packs_of(instance.problem)
    whole = _whole_steps(instance, continuous)
    close = closeness(
        instance.problem,
        instance.limits,
        continuous.prices,
        instance.risk,
        instance.params.plan.minimum_line_quantity,
    )
    close = np.where(np.abs(steps - np.rint(steps)) > NEARLY_WHOLE, -1.0, close)
    whole[np.argsort(close, kind="stable")[:free]] = np.nan
    return whole


def _whole_steps(instance: Instance, continuous: ContinuousSolution) -> Floats:
    """Steps of the continuous plan, rounded down, (M,)."""
    return np.asarray(np.floor(continuous.quantity / packs_of(instance.problem) + NEARLY_WHOLE))


def plan_cost(problem: ShippingProblem, quantity: Ints) -> float:
    """Cost of a whole-unit plan, with each unit valued on its own day of arrival."""
    return float(sum(totals_of(problem, quantity, moved_units(problem, quantity)).values()))


def faults_of(instance: Instance, quantity: Ints) -> list[str]:
    """Name everything that a whole-unit plan breaks; empty if it may be shipped."""
    problem, limits = instance.problem, instance.limits
    used, noise = limits.use(quantity), limits.tolerance()
    broken = (used > limits.at_most + noise) | (used < limits.at_least - noise)
    faults = [f"{words} does not hold" for words in limits.words[broken]]
    moves, table, cells = problem.moves, cell_units(problem), len(problem.cell_item)
    into, outof = moves.destination_cell >= 0, moves.origin_cell >= 0
    there = table.on_hand + added(moves.destination_cell[into], quantity[into].astype(float), cells)
    there -= added(moves.origin_cell[outof], quantity[outof].astype(float), cells)
    if (there < 0).any() or (there > table.count).any():
        faults.append("a cell holds fewer units than none or more than its candidates")
    if (quantity < 0).any() or (quantity % packs_of(problem)).any():
        faults.append("a quantity is negative or breaks a pack")
    small = (quantity > 0) & (
        quantity < line_minimum(problem, instance.params.plan.minimum_line_quantity)
    )
    if small.any():
        faults.append("a line is below the minimum line quantity")
    if problem.departures.charged and spent(problem, quantity) > problem.freight_budget * (
        1 + SLACK
    ):
        faults.append("freight budget does not hold")
    losses = loss_of_outcomes(problem, instance.risk, quantity)
    if instance.risk.broken_by(losses):
        faults.append("the risk budget does not hold")
    return faults
