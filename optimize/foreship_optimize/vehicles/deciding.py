"""How many vehicles leave on each departure, from what a plan without whole vehicles sends.

Where a departure's worth falls evenly with its load, the nearest whole number is the best one.
"""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.departure_loads import departures_of, loads_of, vehicles_filled

__all__ = ["enough_vehicles", "nearest_vehicles"]

LEAST_LOAD = 1.0 / 3.0
"""a departure with this part of one vehicle keeps it"""
NOISE = 1e-6
"""a load this little above whole vehicles fits into them: a solver's points are no truer"""


def nearest_vehicles(problem: ShippingProblem, quantity: Floats) -> Ints:
    """Round the vehicles that a plan fills to the nearest whole number, shape (L,).

    Departures between the same places share what they have less than a whole vehicle of: the one
    that has most of it gets the first vehicle.

    Parameters
    ----------
    quantity
        Units of each move, shape (M,); they need not be whole.
    """
    filled = _filled(problem, quantity)
    whole = np.floor(filled + NOISE)
    rest = np.maximum(filled - whole, 0.0)
    ends = np.array(
        [f"{a}\n{b}" for a, b in zip(problem.lane_origin, problem.lane_destination, strict=True)],
        dtype=str,
    )
    _, together = np.unique(ends, return_inverse=True)
    shared = np.bincount(together, rest)
    base = np.bincount(together, whole)
    more = np.where(base > 0, np.floor(shared + 0.5), np.floor(shared + 1.0 - LEAST_LOAD))
    order = np.lexsort((np.arange(len(rest)), -rest, together))
    place = np.empty(len(rest), dtype=np.int64)
    place[order] = np.arange(len(rest)) - np.searchsorted(together[order], together[order])
    return np.asarray(whole + (place < more[together]), dtype=np.int64)


def enough_vehicles(problem: ShippingProblem, quantity: Floats) -> Ints:
    """Vehicles for all that a plan sends, shape (L,)."""
    return np.asarray(np.ceil(_filled(problem, quantity) - NOISE), dtype=np.int64)


def _filled(problem: ShippingProblem, quantity: Floats) -> Floats:
    """Load of each lane in vehicles; whatever travels in one without a size fills it, (L,)."""
    loads, departures = loads_of(problem, quantity), departures_of(problem)
    filled = vehicles_filled(problem, loads)
    boundless = np.isinf(departures.vehicle_volume) & np.isinf(departures.vehicle_kg)
    some = loads.units > NOISE
    return np.where(some & (boundless | (filled <= NOISE)), 1.0, filled)
