"""A problem whose vehicles are decided on is one like any other."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.limits import limits_of
from foreship_optimize.vehicles.fixed import instance_of, money_of_vehicles, with_vehicles
from tests.optimize.program_builder import Draft
from tests.optimize.vehicle_markets import charged, instance_at, vehicle_market


def one_lane(**stated):
    """A of volume 2 and B without volume, from H to R, with a freight budget of 25."""
    draft = Draft()
    for item, volume in (("A", 2.0), ("B", 0.0)):
        draft.item(item, volume)
        draft.stock["H", item] = 5
        draft.cell("R", item, [9.0] * 5)
        draft.ship("H", "R", item, 1.0)
    draft.lanes = {("H", "R"): np.inf}
    draft.freight_budget = 25.0
    return charged(draft.problem(), **{"vehicle_cost": 10.0, "vehicle_volume": 3.0, **stated})


@pytest.mark.parametrize(
    ("plan", "vehicles", "fits"),
    [
        ([1, 5], 1, True),
        ([2, 0], 1, False),
        ([2, 0], 2, True),
        ([0, 1], 0, False),
        ([0, 0], 0, True),
    ],
)
def test_what_travels_fits_into_what_is_paid(plan, vehicles, fits) -> None:
    """3 of volume a vehicle; without one not even a unit without volume travels."""
    fixed = with_vehicles(one_lane(), np.array([vehicles]))
    limits = limits_of(fixed)
    mine = limits.are(("vehicle",))
    used = limits.use(np.array(plan))
    assert bool((used[mine] <= limits.at_most[mine] + limits.tolerance()[mine]).all()) == fits
    assert set(limits.unit[mine]) == {"vehicles"}
    assert limits.words[mine][0] == "vehicle H -> R on Mon"


def test_vehicles_leave_less_of_the_freight_budget() -> None:
    """Two for 20 leave 5 of 25; three cost more than there is."""
    problem = one_lane()
    assert with_vehicles(problem, np.array([2])).freight_budget == 5.0
    assert money_of_vehicles(problem, np.array([3])) == 30.0
    assert with_vehicles(problem, np.array([3])).freight_budget == 0.0


def test_a_lane_whose_vehicles_cost_nothing_has_no_such_limit() -> None:
    """It takes as many as there is need of."""
    fixed = with_vehicles(one_lane(vehicle_cost=0.0, line_cost=1.0), np.array([0]))
    assert not limits_of(fixed).are(("vehicle",)).any()


def test_the_instance_keeps_moves_settings_and_risk() -> None:
    """Only the limits are those of the problem given."""
    instance = instance_at(vehicle_market(2))
    lanes = len(instance.problem.lane_origin)
    fixed = instance_of(instance, with_vehicles(instance.problem, np.ones(lanes, dtype=np.int64)))
    assert fixed.params is instance.params and fixed.risk is instance.risk
    assert len(fixed.limits.words) > len(instance.limits.words)
