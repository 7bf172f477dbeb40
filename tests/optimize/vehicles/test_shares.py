"""Shares of vehicles and lines: no plan pays less."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.limits import limits_of
from foreship_optimize.program.departure_loads import freight_of_departures
from foreship_optimize.program.formulation import most_of_each_move
from foreship_optimize.vehicles.shares import (
    by_volume_first,
    by_what_binds,
    shares_of,
    with_shares,
)
from tests.optimize.vehicle_markets import two_lanes, vehicle_market


@pytest.mark.parametrize("draw", [two_lanes, vehicle_market])
def test_no_plan_pays_less_than_its_shares(draw) -> None:
    """Whatever travels within the capacities, however volume and weight part the cost."""
    paid = 0.0
    for seed in range(40):
        problem, rng = draw(seed), np.random.default_rng(seed)
        limits = limits_of(problem)
        for _ in range(10):
            share = shares_of(problem, rng.uniform(0, 1, len(problem.lane_origin)))
            most = most_of_each_move(problem) * (rng.random(len(share)) < 0.3)
            free = problem.moves.destination_cell
            quantity = np.minimum(rng.integers(0, most + 1), most)
            table = np.bincount(problem.units.cell)
            quantity = np.where(free >= 0, np.minimum(quantity, table[free]), quantity)
            rows = limits.are(("lane",))
            if (limits.use(quantity) > limits.at_most)[rows].any():
                continue
            whole = sum(freight_of_departures(problem, quantity))
            assert share @ quantity <= whole + 1e-9
            paid += share @ quantity
    assert paid > 0.0


def test_units_pay_their_shares_and_departures_nothing() -> None:
    """The problem with shares is one without vehicles, at dearer moves."""
    problem = vehicle_market(1)
    split = by_volume_first(problem)
    dearer = with_shares(problem, split)
    assert not dearer.departures.charged
    assert dearer.moves.cost - problem.moves.cost == pytest.approx(shares_of(problem, split))
    assert (dearer.moves.cost >= problem.moves.cost).all()


def test_the_split_goes_by_what_is_limited_and_then_by_what_binds() -> None:
    """Only volume, only weight, both, neither; then a plan that is full by volume alone."""
    problem = vehicle_market(0)
    departures = problem.departures
    volume, kg = np.isfinite(departures.vehicle_volume), np.isfinite(departures.vehicle_kg)
    first = by_volume_first(problem)
    assert (first[volume & ~kg] == 1.0).all() and (first[~volume] == 0.0).all()
    assert (first[volume & kg] == 0.5).all() and (volume & kg).any()
    then = by_what_binds(problem, np.ones(len(problem.moves.action)))
    assert set(then[volume & kg]) <= {0.0, 0.5, 1.0}
    assert (then[~(volume & kg)] == first[~(volume & kg)]).all()
