"""The bound over whole numbers of vehicles is below the best plan, and often above the shares'."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.program.bound import bound_by_region, lower_bound
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.departure_loads import loads_of, vehicles_filled
from foreship_optimize.vehicles.fixed import instance_of
from foreship_optimize.vehicles.shares import by_volume_first, with_shares
from foreship_optimize.vehicles.start_prices import start_prices
from foreship_optimize.vehicles.whole_bound import priced_instance, whole_bound
from tests.optimize.vehicle_markets import best_of_all, instance_at, two_lanes, vehicle_market


def bounds_of(problem):
    """Return the instance, the bound of the program with shares, and that over whole numbers."""
    instance = instance_at(problem)
    split = by_volume_first(problem)
    shared = instance_of(instance, with_shares(problem, split))
    found = solve_continuous(shared, Clock(60))
    full = np.stack([split, 1.0 - split]) * problem.departures.vehicle_cost
    prices = start_prices(shared.limits, found.prices, priced_instance(instance, split), full)
    loads = vehicles_filled(problem, loads_of(problem, found.quantity))
    return (
        instance,
        found.bound,
        whole_bound(instance, split, prices, loads, found.bound, Clock(60)),
    )


def test_no_plan_costs_less_than_the_bound_and_it_closes_part_of_the_gap() -> None:
    """Budgets, capacities, lines, weightless items, vehicles of one size, both or none."""
    open_before = open_after = 0.0
    for seed in range(12):
        instance, shares, whole = bounds_of(two_lanes(seed))
        best = best_of_all(instance)
        assert whole.bound <= best + 1e-9
        assert (whole.vehicles >= 0).all()
        open_before += best - shares
        open_after += best - max(shares, whole.bound)
    assert open_after <= 0.85 * open_before


@pytest.mark.parametrize("draw", [two_lanes, vehicle_market])
def test_regions_and_the_constant_make_the_whole_bound(draw) -> None:
    """Equation 11 apart by region is equation 11."""
    for seed in range(4):
        instance = instance_at(draw(seed))
        known = instance.problem, instance.limits, solve_continuous(instance, Clock(60)).prices
        constant, regions = bound_by_region(*known, instance.risk)
        together = lower_bound(*known, instance.risk)
        assert constant + regions.sum() == pytest.approx(together, abs=1e-9)
        assert (regions <= 1e-12).all() and regions.any()
