"""The last vehicle leaves only where it earns its cost."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.vehicles.fixed import instance_of, with_vehicles
from foreship_optimize.vehicles.last_vehicle import with_better_vehicles
from tests.optimize.program_builder import Draft
from tests.optimize.vehicle_markets import charged, instance_at


def bettered(values: list[float], plan: int, vehicles: int, cost: float, size: float = 2.0):
    """Better a plan of one item whose next units earn `values` each, in vehicles of `size`."""
    draft = Draft()
    draft.stock["H", "A"] = 9
    draft.cell("R", "A", values)
    draft.ship("H", "R", "A", 0.0)
    draft.lanes = {("H", "R"): np.inf}
    stated = charged(draft.problem(), vehicle_cost=cost, vehicle_volume=size)
    instance = instance_at(stated)
    fixed = instance_of(instance, with_vehicles(stated, np.array([vehicles])))
    prices = solve_continuous(fixed, Clock(60)).prices
    return with_better_vehicles(fixed, prices, np.array([plan]), np.array([cost]))


@pytest.mark.parametrize(
    ("plan", "vehicles", "cost", "left", "paid"),
    [
        (3, 2, 3.5, 2, 1),  # the third and the fourth unit earn 3, their vehicle costs 3.50
        (3, 2, 1.5, 4, 2),  # here it earns its vehicle, and the fourth rides along
        (2, 1, 1.5, 4, 2),  # one vehicle more is earned by two units
        (2, 1, 12.0, 0, 0),  # none is
    ],
)
def test_vehicles_that_earn_their_cost_leave(plan, vehicles, cost, left, paid) -> None:
    """Units worth 6, 5, 2 and 1 in vehicles of two."""
    quantity, found = bettered([6.0, 5.0, 2.0, 1.0], plan, vehicles, cost)
    assert quantity.tolist() == [left]
    assert found.tolist() == [paid]
