"""Small markets whose lanes are paid by the vehicle and the line; the best plan of all."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np

from foreship_optimize.departures import Departures
from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.formulation import most_of_each_move
from foreship_optimize.program.instance import Instance
from foreship_optimize.risk import risk_of
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from tests.optimize.markets import market
from tests.optimize.program_builder import Draft


def charged(problem: ShippingProblem, **stated) -> ShippingProblem:
    """State columns of the departures, one number for all lanes or one a lane."""
    filled = Departures.none().filled(len(problem.lane_origin), len(problem.items))
    columns = {
        name: np.broadcast_to(np.asarray(value), getattr(filled, name).shape).astype(float)
        for name, value in stated.items()
    }
    return replace(problem, departures=replace(filled, **columns))


def instance_at(problem: ShippingProblem, **plan) -> Instance:
    """Collect the limits of a problem, as the recipe does."""
    params = OptimizeParams(plan=PlanParams(**{"gap": 1e-6, **plan}))
    return Instance(problem, limits_of(problem), params, risk_of(problem, params.risk))


def two_lanes(seed: int) -> ShippingProblem:
    """Draw one hub, two regions, three items, and what vehicles and lines of both lanes cost."""
    rng = np.random.default_rng(seed)
    draft = Draft()
    for item in ("A", "B", "C"):
        draft.item(item, float(rng.choice([0.5, 1.0, 2.0])))
        draft.stock["H", item] = int(rng.integers(1, 4))
        for region in ("R1", "R2"):
            values = np.sort(rng.uniform(0, 9, int(rng.integers(1, 3))))[::-1].tolist()
            draft.cell(region, item, values)
            draft.ship("H", region, item, float(rng.uniform(0, 2)))
    draft.lanes = {("H", "R1"): np.inf, ("H", "R2"): float(rng.choice([3.0, np.inf]))}
    draft.freight_budget = float(rng.choice([9.0, np.inf]))
    return charged(
        draft.problem(),
        vehicle_cost=rng.uniform(0, 7, 2).round(1),
        vehicle_volume=rng.choice([1.5, 2.0, 3.0, np.inf], 2),
        vehicle_kg=rng.choice([2.0, 4.0, np.inf], 2),
        weight_kg=rng.choice([0.0, 0.5, 1.0], 3),
        line_cost=rng.choice([0.0, 0.7, 1.5], 2),
    )


def best_of_all(instance: Instance) -> float:
    """Cost of the best plan in whole units, found by trying every one."""
    problem = instance.problem
    best = np.inf
    for plan in product(*(range(most + 1) for most in most_of_each_move(problem).tolist())):
        quantity = np.array(plan, dtype=np.int64)
        if not faults_of(instance, quantity):
            best = min(best, plan_cost(problem, quantity))
    return best


def vehicle_market(seed: int, *, items: int = 8, regions: int = 3) -> ShippingProblem:
    """Draw a market of several hubs with limits, all of whose lanes are paid by the vehicle."""
    rng = np.random.default_rng([seed, 7])
    draft = market(seed, items=items, regions=regions)
    for action, origin, destination, *_ in draft.moves:
        if action == "ship":
            draft.lanes.setdefault((origin, destination), np.inf)
    lanes = len(draft.lanes)
    return charged(
        draft.problem(),
        vehicle_cost=rng.choice([2.0, 5.0, 8.0], lanes),
        vehicle_volume=rng.choice([2.0, 3.0, 5.0, np.inf], lanes),
        vehicle_kg=rng.choice([2.0, 4.0, np.inf], lanes),
        weight_kg=rng.choice([0.2, 0.5, 1.0], items),
        line_cost=rng.choice([0.0, 0.0, 0.8], lanes),
    )
