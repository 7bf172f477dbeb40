"""The problem once its vehicles are decided on: they are paid, and are limits like any other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_optimize.limits import in_whole_steps, limits_of, packs_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.departure_loads import departures_of
from foreship_optimize.program.instance import Instance

__all__ = ["instance_of", "money_of_vehicles", "with_vehicles"]


def with_vehicles(problem: ShippingProblem, vehicles: Ints) -> ShippingProblem:
    """Return the problem in which so many vehicles leave on each lane, and cost nothing more.

    The freight budget is what they leave of it. Lanes whose vehicles cost nothing have no such
    limit: they take as many as there is need of.

    Parameters
    ----------
    vehicles
        Whole vehicles of each lane, shape (L,).
    """
    departures = departures_of(problem)
    charged = departures.vehicle_cost > 0
    sunk = replace(
        departures,
        vehicle_cost=np.zeros(len(charged)),
        paid=np.where(charged, vehicles.astype(float), np.nan),
    )
    left = problem.freight_budget - money_of_vehicles(problem, vehicles)
    return replace(problem, departures=sunk, freight_budget=max(left, 0.0))


def money_of_vehicles(problem: ShippingProblem, vehicles: Ints) -> float:
    """Money of so many vehicles on each lane, (L,)."""
    return float(departures_of(problem).vehicle_cost @ vehicles)


def instance_of(instance: Instance, problem: ShippingProblem) -> Instance:
    """Return the instance of the same moves and units under the limits of another problem."""
    limits = in_whole_steps(limits_of(problem), packs_of(problem))
    return Instance(problem, limits, instance.params, instance.risk)
