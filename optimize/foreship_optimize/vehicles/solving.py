"""Solve a problem whose departures charge for vehicles or item lines.

First without whole vehicles, each unit paying its share of a full one: that gives the bound. Then
vehicles are decided on, and under what is paid for the problem is one like any other (docs/
program.md, section 13).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_optimize.decomposition.column_generation import is_large, solve_by_prices
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import ContinuousSolution, solve_continuous
from foreship_optimize.program.departure_loads import departures_of, fewest_vehicles, loads_of
from foreship_optimize.program.gap import relative_gap
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.vehicles.deciding import enough_vehicles, nearest_vehicles
from foreship_optimize.vehicles.fixed import instance_of, money_of_vehicles, with_vehicles
from foreship_optimize.vehicles.last_vehicle import MOST_MOVES, with_better_vehicles
from foreship_optimize.vehicles.shares import by_volume_first, by_what_binds, with_shares
from foreship_optimize.whole_units.incumbent import find_incumbent
from foreship_optimize.whole_units.integer_program import (
    Incumbent,
    faults_of,
    plan_cost,
    solve_integer_program,
)

__all__ = ["solve_departures"]


@dataclass(frozen=True)
class _Found:
    """A plan in whole units with true cost, and the program of its vehicles."""

    instance: Instance
    continuous: ContinuousSolution
    quantity: Ints
    cost: float
    termination: str


def solve_departures(
    instance: Instance, clock: Clock, known: Ints | None = None
) -> tuple[Instance, ContinuousSolution, Incumbent]:
    """Find the plan of least cost, with its vehicles and lines, and a bound on any plan's cost.

    Parameters
    ----------
    known
        A whole-unit plan that keeps every limit, where one is known, (M,).

    Returns
    -------
    instance
        With the vehicles of the plan paid for: their limits are rows like any other.
    continuous
        Its continuous answer, whose prices are those of these rows, under the bound of the program
        without whole vehicles.
    incumbent
        The plan, its true cost, and the best bound.

    Raises
    ------
    LimitsCannotHold, NoUsablePlan
    """
    relaxed = _relaxed(instance, clock)
    bound, plans = relaxed.bound, []
    exact = _exactly(instance, relaxed, clock)
    if exact is not None:
        bound = max(bound, exact.bound)
        plans.append(_planned(instance, _vehicles_of(instance, exact.quantity), clock, exact))
    if exact is None or relative_gap(exact.objective, bound) > instance.params.plan.gap:
        plans += _decided(instance, relaxed, clock, known)
    best = min((each for each in plans if each is not None), key=lambda each: each.cost)
    incumbent = Incumbent(best.quantity, best.cost, min(bound, best.cost), best.termination)
    continuous = replace(best.continuous, objective=relaxed.objective, bound=relaxed.bound)
    return best.instance, continuous, incumbent


def _relaxed(instance: Instance, clock: Clock) -> ContinuousSolution:
    """Solve without whole vehicles; again where volume and weight might part the cost better."""
    first = by_volume_first(instance.problem)
    found = _continuous(instance_of(instance, with_shares(instance.problem, first)), clock)
    second = by_what_binds(instance.problem, found.quantity)
    if (second == first).all() or clock.is_over():
        return found
    other = _continuous(instance_of(instance, with_shares(instance.problem, second)), clock)
    return max(found, other, key=lambda each: each.bound)


def _continuous(instance: Instance, clock: Clock) -> ContinuousSolution:
    """Solve a continuous program, by prices where it is large."""
    return (
        solve_by_prices(instance, clock)
        if is_large(instance)
        else solve_continuous(instance, clock)
    )


def _exactly(instance: Instance, relaxed: ContinuousSolution, clock: Clock) -> Incumbent | None:
    """Solve vehicles, lines and units together where they are few; None without a plan."""
    few = instance.params.plan.integer_program_units
    if len(instance.problem.moves.action) > few or clock.is_over():
        return None
    return solve_integer_program(instance, relaxed, clock)


def _decided(
    instance: Instance, relaxed: ContinuousSolution, clock: Clock, known: Ints | None
) -> list[_Found]:
    """Plan with the nearest whole vehicles; where these carry too little, with enough.

    Raises
    ------
    LimitsCannotHold
        If limits hold with none of these.
    """
    tried: list[Ints] = []
    plans: list[_Found] = []
    wanted = [nearest_vehicles(instance.problem, relaxed.quantity)]
    wanted += [enough_vehicles(instance.problem, relaxed.quantity)]
    wanted += [] if known is None else [_vehicles_of(instance, known)]
    wanted += [np.zeros_like(wanted[0])]
    clash: LimitsCannotHold | NoUsablePlan | None = None
    for vehicles in wanted:
        again = any((vehicles == other).all() for other in tried)
        spent = money_of_vehicles(instance.problem, vehicles)
        too_dear = spent > instance.problem.freight_budget
        if again or too_dear or (plans and (clock.is_over() or not vehicles.any())):
            continue
        tried.append(vehicles)
        try:
            plans.append(_planned(instance, vehicles, clock, None, known))
        except (LimitsCannotHold, NoUsablePlan) as refused:
            clash = clash or refused
    if not plans and clash is not None:
        raise clash
    return plans


def _vehicles_of(instance: Instance, quantity: Ints) -> Ints:
    """Fewest vehicles that carry a plan, (L,)."""
    return fewest_vehicles(instance.problem, loads_of(instance.problem, quantity))


def _planned(
    instance: Instance,
    vehicles: Ints,
    clock: Clock,
    exact: Incumbent | None,
    known: Ints | None = None,
) -> _Found:
    """Fill the vehicles decided on; the plan of the exact program stands where nothing is better.

    Raises
    ------
    LimitsCannotHold
        If the limits do not hold with these vehicles.
    """
    fixed = instance_of(instance, with_vehicles(instance.problem, vehicles))
    continuous = _continuous(fixed, clock)
    if exact is not None:
        return _Found(fixed, continuous, exact.quantity, exact.objective, exact.termination)
    start = None if known is None or faults_of(fixed, known) else known
    found = find_incumbent(fixed, continuous, clock, start)
    quantity = found.quantity
    if len(quantity) <= MOST_MOVES and not clock.is_over():
        vehicle_cost = departures_of(instance.problem).vehicle_cost
        quantity, _ = with_better_vehicles(fixed, continuous.prices, quantity, vehicle_cost)
    faults = faults_of(instance, quantity)
    if faults:
        raise LimitsCannotHold(faults[0], quantity)
    cost = plan_cost(instance.problem, quantity)
    return _Found(fixed, continuous, quantity, cost, found.termination)
