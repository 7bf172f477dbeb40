"""Last vehicles in plans of many ships: the same search as `last_vehicle`, in compiled loops."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.decomposition.column_generation import DecomposedSolution
from foreship_optimize.decomposition.pricing import PricingProblem
from foreship_optimize.program.instance import Instance
from foreship_optimize.whole_units.integer_program import plan_cost
from foreship_optimize.whole_units.local_search import exchange_pass
from foreship_optimize.whole_units.local_search_state import (
    StepData,
    search_state_of,
    step_data_of,
)

__all__ = ["Lanes", "lanes_of", "with_vehicles_searched"]

PASSES = 4
"""most times that all departures are tried"""
ROUNDS = 3
"""most times that vehicles, and then steps, are exchanged"""
LITTLE = 1e-4
"""a round that lowers the cost by less than this part of it is the last"""
MOST_STEPS = 200_000
"""most steps of one trial"""


class Lanes(NamedTuple):
    """The departures whose vehicles are decided on, and the ways by departure, cell and stock."""

    way_edges: Ints
    ways: Ints
    row_edges: Ints
    rows: Ints
    """of each departure's vehicles, positions in `SearchState.used`"""
    paid: Floats
    """vehicles, changed in place"""
    cost: Floats
    """of a vehicle, in scaled money"""
    money: Floats
    """the same in the problem's own"""
    left: Floats
    """of the freight budget once vehicles are paid, changed in place, shape (1,)"""
    budget_row: int
    """row of it, -1 where no unit spends of it"""
    mate_edges: Ints
    mates: Ints
    """departures that go to the same place"""
    cell_ways: Ints
    stock_edges: Ints
    stock_ways: Ints


def with_vehicles_searched(
    fixed: Instance, continuous: DecomposedSolution, quantity: Ints, vehicle_cost: Floats
) -> Ints:
    """Take out last vehicles that do not earn their cost, and add those that do, (M,).

    Only priced items change; carried ones keep their units.

    Parameters
    ----------
    fixed
        The instance of the vehicles decided on.
    quantity
        A plan in whole units that keeps its limits, shape (M,).
    vehicle_cost
        Of a whole vehicle, shape (L,) [money].
    """
    from foreship_optimize.vehicles.vehicle_loops import change_vehicles, swap_vehicles

    pricing = continuous.pricing
    assert pricing is not None
    steps = step_data_of(fixed, pricing, continuous.prices)
    steps = steps._replace(most=steps.most.copy())
    state = search_state_of(fixed, pricing, steps, quantity)
    lanes = lanes_of(fixed, pricing, steps, vehicle_cost)
    journal, loss = np.zeros((2, MOST_STEPS), dtype=np.int64), state.loss.copy()
    best, least = quantity, plan_cost(fixed.problem, quantity) + float(lanes.paid @ lanes.money)
    for _ in range(ROUNDS):
        for _ in range(PASSES):
            if not int(change_vehicles(steps, state, lanes, loss, journal)):
                break
        swap_vehicles(steps, state, lanes, loss, journal)
        _, holds = exchange_pass(steps, state)
        found = quantity.copy()
        found[pricing.moves] = state.quantity
        cost = plan_cost(fixed.problem, found) + float(lanes.paid @ lanes.money)
        little = least - cost <= LITTLE * abs(cost)
        if holds and cost < least:
            best, least = found, cost
        if little:
            break
    return best


def lanes_of(
    fixed: Instance, pricing: PricingProblem, steps: StepData, vehicle_cost: Floats
) -> Lanes:
    """Write down the departures with vehicles, in the order of the problem's lanes."""
    rows, moves = pricing.rows, pricing.moves
    limits, problem = fixed.limits, fixed.problem
    family, index = limits.family[rows], limits.index[rows]
    mine = np.flatnonzero(family == "vehicle")
    charged, of_row = np.unique(index[mine], return_inverse=True)
    place = np.full(len(problem.lane_origin) + 1, -1, dtype=np.int64)
    place[charged] = np.arange(len(charged))
    lane = place[problem.moves.lane[moves]]
    ways = np.flatnonzero(lane >= 0)
    ways = ways[np.argsort(lane[ways], kind="stable")]
    budget = np.flatnonzero(limits.words[rows] == "freight budget")
    ends = problem.lane_destination[charged].astype(str)
    same = ends[:, None] == ends[None, :]
    np.fill_diagonal(same, False)
    mate_edges = np.concatenate([[0], np.cumsum(same.sum(axis=1))])
    mates = np.flatnonzero(same) % len(charged)
    stock_ways = np.argsort(steps.stock, kind="stable")
    stocks = int(steps.stock.max(initial=-1)) + 1
    return Lanes(
        way_edges=np.searchsorted(lane[ways], np.arange(len(charged) + 1)),
        ways=ways,
        row_edges=np.searchsorted(np.sort(of_row), np.arange(len(charged) + 1)),
        rows=mine[np.argsort(of_row, kind="stable")],
        paid=problem.departures.paid[charged].copy(),
        cost=vehicle_cost[charged] * pricing.money,
        money=vehicle_cost[charged].copy(),
        left=np.array([problem.freight_budget]),
        budget_row=int(budget[0]) if len(budget) else -1,
        mate_edges=mate_edges,
        mates=mates,
        cell_ways=np.searchsorted(steps.cell, np.arange(len(steps.cell_first))),
        stock_edges=np.searchsorted(steps.stock[stock_ways], np.arange(stocks + 1)),
        stock_ways=stock_ways,
    )
