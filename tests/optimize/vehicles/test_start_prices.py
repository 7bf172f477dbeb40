"""A program of vehicles starts where an earlier one ended."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.limits import limits_of
from foreship_optimize.program.bound import lower_bound
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.vehicles.fixed import instance_of, with_vehicles
from foreship_optimize.vehicles.shares import by_volume_first, with_shares
from foreship_optimize.vehicles.start_prices import start_prices
from tests.optimize.vehicle_markets import instance_at, two_lanes


@pytest.mark.parametrize("seed", range(6))
def test_vehicles_start_at_what_a_full_one_costs(seed: int) -> None:
    """Rows of both programs keep their price; rows of vehicles sum to what the vehicle costs."""
    instance = instance_at(two_lanes(seed))
    cost, split = instance.problem.departures.vehicle_cost, by_volume_first(instance.problem)
    shared = instance_of(instance, with_shares(instance.problem, split))
    prices = solve_continuous(shared, Clock(60)).prices
    fixed = instance_of(instance, with_vehicles(instance.problem, np.array([2, 2])))
    full = np.stack([split, 1.0 - split]) * cost
    started = start_prices(shared.limits, prices, fixed, full)
    mine = fixed.limits.are(("vehicle",))
    paid = np.bincount(fixed.limits.index[mine], started.limits[mine], minlength=2)
    known = {*zip(shared.limits.family, shared.limits.words, prices.limits, strict=True)}
    rows = zip(*(each[~mine] for each in (fixed.limits.family, fixed.limits.words)), strict=True)
    found = {*zip(*zip(*rows, strict=True), started.limits[~mine], strict=True)}
    assert paid == pytest.approx(cost)
    assert {each for each in found if each[2] > 0} == {each for each in known if each[2] > 0}


def test_any_start_gives_a_bound() -> None:
    """At the prices an earlier program left, the later one is bounded like at any."""
    instance = instance_at(two_lanes(0))
    split = by_volume_first(instance.problem)
    shared = instance_of(instance, with_shares(instance.problem, split))
    found = solve_continuous(shared, Clock(60))
    fixed = instance_of(instance, with_vehicles(instance.problem, np.array([1, 1])))
    full = np.stack([split, 1.0 - split]) * instance.problem.departures.vehicle_cost
    started = start_prices(shared.limits, found.prices, fixed, full)
    least = lower_bound(fixed.problem, limits_of(fixed.problem), started, fixed.risk)
    assert least <= solve_continuous(fixed, Clock(60)).objective + 1e-9
