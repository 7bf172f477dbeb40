"""Solve a problem whose departures charge for vehicles or item lines.

First without whole vehicles, each unit paying its share of a full one: that gives the bound. Then
vehicles are decided on, and under what is paid for the problem is one like any other (docs/
program.md, section 13).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.decomposition.column_generation import (
    DecomposedSolution,
    is_large,
    solve_by_prices,
)
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.limits import Limits
from foreship_optimize.program.bound import Prices, first_lines, lower_bound
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import ContinuousSolution, solve_continuous
from foreship_optimize.program.departure_loads import (
    departures_of,
    fewest_vehicles,
    loads_of,
    spent,
    vehicles_filled,
)
from foreship_optimize.program.gap import relative_gap
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.vehicles.deciding import enough_vehicles, nearest_vehicles
from foreship_optimize.vehicles.fixed import instance_of, money_of_vehicles, with_vehicles
from foreship_optimize.vehicles.last_vehicle import MOST_MOVES, with_better_vehicles
from foreship_optimize.vehicles.poor_lines import without_poor_lines
from foreship_optimize.vehicles.shares import (
    by_volume_first,
    by_what_binds,
    least_lines,
    with_shares,
)
from foreship_optimize.vehicles.start_prices import start_prices
from foreship_optimize.vehicles.vehicle_search import with_vehicles_searched
from foreship_optimize.vehicles.whole_bound import WholeBound, priced_instance, whole_bound
from foreship_optimize.whole_units import exchanges
from foreship_optimize.whole_units.incumbent import find_incumbent
from foreship_optimize.whole_units.integer_program import (
    Incumbent,
    faults_of,
    plan_cost,
    solve_integer_program,
)

__all__ = ["shared_instance", "solve_departures"]


CLOSE = 5e-4
"""relative gap to which programs of many items are solved: whole vehicles part plan and bound by
more, and rounding and exchanges go on from there"""

ROUGH = 1e-2
"""the same of a program whose vehicles are decided on, or whose split is a first guess: neither
tells the bound"""

TRIES = 4
"""most times that a plan is made anew with less of the freight budget for its units"""


@dataclass(frozen=True)
class _Relaxed:
    """The answer without whole vehicles, each unit paying its share of a full one."""

    limits: Limits
    continuous: ContinuousSolution
    by_volume: Floats
    """part of a vehicle's cost that its volume pays, (L,)"""

    def start_of(self, instance: Instance, vehicle_cost: Floats) -> Prices:
        """Return these prices over the limits of another instance."""
        full = np.stack([self.by_volume, 1.0 - self.by_volume]) * vehicle_cost
        return start_prices(self.limits, self.continuous.prices, instance, full)


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
    shared = _relaxed(instance, clock)
    relaxed = shared.continuous
    bound = relaxed.bound
    plans: list[_Found] = []
    exact = _exactly(instance, relaxed, clock)
    if exact is not None:
        bound = max(bound, exact.bound)
        vehicles = _vehicles_of(instance, exact.quantity)
        try:
            plans.append(_planned(instance, vehicles, clock, exact, shared))
        except (LimitsCannotHold, NoUsablePlan):  # out of time: only its prices are missing
            plans.append(_priced_by_shares(instance, relaxed, exact))
    whole = None
    if exact is None and len(relaxed.quantity) <= MOST_MOVES:
        whole = _over_whole_numbers(instance, shared, clock)
        bound = max(bound, whole.bound)
    proven = exact is not None and relative_gap(exact.objective, bound) <= instance.params.plan.gap
    if not proven and not (plans and clock.is_over()):
        try:
            plans += _decided(instance, shared, clock, known, whole)
        except (LimitsCannotHold, NoUsablePlan):
            if not plans:
                raise
    best = min(plans, key=lambda each: each.cost)
    incumbent = Incumbent(best.quantity, best.cost, min(bound, best.cost), best.termination)
    continuous = replace(best.continuous, objective=relaxed.objective, bound=relaxed.bound)
    return best.instance, continuous, incumbent


def shared_instance(instance: Instance, clock: Clock) -> Instance:
    """Return the instance without whole vehicles, each unit paying its share of a full one.

    Its continuous optimum is the continuous objective of `solve_departures`.
    """
    return instance_of(instance, with_shares(instance.problem, _relaxed(instance, clock).by_volume))


def _relaxed(instance: Instance, clock: Clock) -> _Relaxed:
    """Solve without whole vehicles; again where volume and weight might part the cost better."""
    first = by_volume_first(instance.problem)
    guessed = bool(((first > 0.0) & (first < 1.0)).any())
    found = _with_shares(instance, first, clock, ROUGH if guessed else CLOSE)
    if not guessed or clock.is_over():
        return found
    second = by_what_binds(instance.problem, found.continuous.quantity)
    other = _with_shares(instance, second, clock, CLOSE, found)
    return max(found, other, key=lambda each: each.continuous.bound)


def _with_shares(
    instance: Instance,
    by_volume: Floats,
    clock: Clock,
    close: float,
    earlier: _Relaxed | None = None,
) -> _Relaxed:
    """Solve at the shares of vehicles and lines; the bound may count each cell's first line."""
    shared = instance_of(instance, with_shares(instance.problem, by_volume))
    vehicle_cost = departures_of(instance.problem).vehicle_cost
    start = None if earlier is None else earlier.start_of(shared, vehicle_cost)
    found = _continuous(shared, clock, start, close)
    bound = max(found.bound, _bound_of_lines(instance, shared, by_volume, found))
    return _Relaxed(shared.limits, replace(found, bound=bound), by_volume)


def _bound_of_lines(
    instance: Instance, shared: Instance, by_volume: Floats, found: ContinuousSolution
) -> float:
    """Bound that counts each cell's first line, -inf where none is paid (P27)."""
    lines = least_lines(instance.problem)
    if not lines.any():
        return -np.inf
    fewer = instance_of(instance, with_shares(instance.problem, by_volume, lines))
    if len(fewer.limits.words) != len(shared.limits.words):
        return -np.inf  # a budget that no unit spends from has no row, and prices are of rows
    known = fewer.problem, fewer.limits, found.prices, fewer.risk
    least = instance.params.plan.minimum_line_quantity
    return lower_bound(*known, least) + first_lines(*known, least, lines)


def _over_whole_numbers(instance: Instance, shared: _Relaxed, clock: Clock) -> WholeBound:
    """Bound the cost over whole numbers of vehicles, from the prices without these."""
    cost = departures_of(instance.problem).vehicle_cost
    prices = shared.start_of(priced_instance(instance, shared.by_volume), cost)
    loads = vehicles_filled(
        instance.problem, loads_of(instance.problem, shared.continuous.quantity)
    )
    return whole_bound(instance, shared.by_volume, prices, loads, shared.continuous.bound, clock)


def _continuous(
    instance: Instance, clock: Clock, start: Prices | None, close: float
) -> ContinuousSolution:
    """Solve a continuous program, by prices where it is large, then to a gap of `close`."""
    if not is_large(instance):
        return solve_continuous(instance, clock)
    gap = max(instance.params.plan.gap, close)
    return solve_by_prices(instance, clock, start, gap)


def _exactly(instance: Instance, relaxed: ContinuousSolution, clock: Clock) -> Incumbent | None:
    """Solve vehicles, lines and units together where they are few; None without a plan."""
    few = instance.params.plan.integer_program_units
    if len(instance.problem.moves.action) > few or clock.is_over():
        return None
    return solve_integer_program(instance, relaxed, clock)


def _decided(
    instance: Instance,
    shared: _Relaxed,
    clock: Clock,
    known: Ints | None,
    whole: WholeBound | None,
) -> list[_Found]:
    """Plan with the nearest whole vehicles; where these carry too little, with enough.

    Where items are priced, with enough first, and alone but where few moves share a freight budget:
    prices end sooner where there is room, and the search for last vehicles is quick.

    Raises
    ------
    LimitsCannotHold
        If limits hold with none of these.
    """
    relaxed = shared.continuous
    # what vehicles leave of a budget decides what units go, so that fewer may carry more
    limited = np.isfinite(instance.problem.freight_budget)
    large = is_large(instance) and not (limited and len(relaxed.quantity) <= MOST_MOVES)
    tried: list[Ints] = []
    plans: list[_Found] = []
    wanted = [nearest_vehicles(instance.problem, relaxed.quantity)]
    if whole is not None and whole.bound > relaxed.bound:
        wanted += [whole.vehicles]
    wanted += [enough_vehicles(instance.problem, relaxed.quantity)]
    wanted = wanted[::-1] if is_large(instance) else wanted
    wanted += [] if known is None else [_vehicles_of(instance, known)]
    wanted += [np.zeros_like(wanted[0])]
    clash: LimitsCannotHold | NoUsablePlan | None = None
    for vehicles in wanted:
        again = any((vehicles == other).all() for other in tried)
        paid = money_of_vehicles(instance.problem, vehicles)
        too_dear = paid > instance.problem.freight_budget
        enough = clock.is_over() or not vehicles.any() or large
        if again or too_dear or (plans and enough):
            continue
        tried.append(vehicles)
        try:
            plans.append(_planned(instance, vehicles, clock, None, shared, known))
        except (LimitsCannotHold, NoUsablePlan) as refused:
            clash = clash or refused
    nothing = np.zeros(len(relaxed.quantity), dtype=np.int64)
    if not plans and clock.is_over() and not faults_of(instance, nothing):
        empty = Incumbent(nothing, plan_cost(instance.problem, nothing), -np.inf, "time limit")
        plans.append(_priced_by_shares(instance, relaxed, empty))
    if not plans:
        raise clash or LimitsCannotHold("freight budget does not hold with any vehicle")
    return plans


def _priced_by_shares(instance: Instance, relaxed: ContinuousSolution, found: Incumbent) -> _Found:
    """Return a plan with the prices of the program without whole vehicles."""
    shared = with_shares(instance.problem, by_volume_first(instance.problem))
    return _Found(
        instance_of(instance, shared), relaxed, found.quantity, found.objective, found.termination
    )


def _vehicles_of(instance: Instance, quantity: Ints) -> Ints:
    """Fewest vehicles that carry a plan, (L,)."""
    return fewest_vehicles(instance.problem, loads_of(instance.problem, quantity))


def _planned(
    instance: Instance,
    vehicles: Ints,
    clock: Clock,
    exact: Incumbent | None,
    shared: _Relaxed,
    known: Ints | None = None,
) -> _Found:
    """Fill the vehicles decided on; the plan of the exact program stands where nothing is better.

    Raises
    ------
    LimitsCannotHold
        If the limits do not hold with these vehicles.
    """
    fixed = instance_of(instance, with_vehicles(instance.problem, vehicles))
    vehicle_cost = departures_of(instance.problem).vehicle_cost
    start = shared.start_of(fixed, vehicle_cost)
    if exact is not None:
        found, continuous = exact, _continuous(fixed, clock, start, ROUGH)
        return _Found(fixed, continuous, found.quantity, found.objective, found.termination)
    for _ in range(TRIES):
        continuous = _continuous(fixed, clock, start, ROUGH)
        usable = None if known is None or faults_of(fixed, known) else known
        try:
            found = find_incumbent(fixed, continuous, clock, usable)
            break
        except LimitsCannotHold as clash:
            smaller = _less_for_units(fixed, clash.best)
            if smaller is None or clock.is_over():
                raise
            fixed = smaller
    else:
        raise LimitsCannotHold("the freight budget does not hold with the vehicles decided on")
    quantity = without_poor_lines(instance, found.quantity)
    if not clock.is_over():
        quantity = _with_vehicles_tried(instance, fixed, continuous, quantity)
    faults = faults_of(instance, quantity)
    if faults:
        raise LimitsCannotHold(faults[0], quantity)
    cost = plan_cost(instance.problem, quantity)
    return _Found(fixed, continuous, quantity, cost, found.termination)


def _with_vehicles_tried(
    instance: Instance, fixed: Instance, continuous: ContinuousSolution, quantity: Ints
) -> Ints:
    """Try last vehicles and new ones, (M,); the plan stands where that betters nothing."""
    vehicle_cost = departures_of(instance.problem).vehicle_cost
    found, others = quantity, True
    if isinstance(continuous, DecomposedSolution) and continuous.pricing is not None:
        found = with_vehicles_searched(fixed, continuous, quantity, vehicle_cost)
        if faults_of(instance, found):  # item lines may spend more than the budget has
            found = quantity
        fixed = instance_of(
            instance, with_vehicles(instance.problem, _vehicles_of(instance, found))
        )
        # few moves are exchanged as well, and prices know no item line
        others = (
            len(continuous.pricing.moves) < len(quantity) or len(quantity) <= exchanges.MOST_MOVES
        )
        others |= bool((departures_of(instance.problem).line_cost > 0).any())
    if others and len(quantity) <= MOST_MOVES:
        found, _ = with_better_vehicles(fixed, continuous.prices, found, vehicle_cost)
    found = without_poor_lines(instance, found)
    before, after = (plan_cost(instance.problem, each) for each in (quantity, found))
    return quantity if faults_of(instance, found) or after > before else found


def _less_for_units(fixed: Instance, best: Ints | None) -> Instance | None:
    """Leave less of the freight budget to units, where a plan's item lines overspend it."""
    problem = fixed.problem
    if best is None or not (problem.departures.line_cost > 0).any():
        return None
    over = spent(problem, best) - problem.freight_budget
    left = problem.freight_budget - 1.05 * over
    if over <= 0.0 or left < 0.0:
        return None
    return replace(fixed, limits=instance_of(fixed, replace(problem, freight_budget=left)).limits)
