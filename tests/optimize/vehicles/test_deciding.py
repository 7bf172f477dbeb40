"""How many vehicles leave, from loads that need not be whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.vehicles.deciding import enough_vehicles, nearest_vehicles
from tests.optimize.program_builder import Draft
from tests.optimize.vehicle_markets import charged


def lanes_of(loads: list[float], *, size: float = 10.0, together: bool = False):
    """One item and one lane for each load, all between the same places where `together`."""
    draft = Draft()
    draft.stock["H", "A"] = 99
    for place in range(len(loads)):
        draft.cell(f"R{place}", "A", [9.0] * 50)
        draft.ship("H", f"R{place}", "A", 1.0)
        draft.lanes["H", f"R{place}"] = np.inf
    problem = charged(draft.problem(), vehicle_cost=10.0, vehicle_volume=size)
    if together:
        places = np.array(["R0"] * len(loads), dtype=object)
        problem = replace(problem, lane_destination=places)
    return problem, np.array(loads)


@pytest.mark.parametrize(
    ("loads", "together", "vehicles"),
    [
        ([14.0, 16.0, 4.0, 3.0], False, [1, 2, 1, 0]),
        ([10.0 + 1e-8], False, [1]),
        ([3.0, 2.0, 4.0], True, [0, 0, 1]),
        ([3.0, 6.0, 8.0], True, [0, 1, 1]),
        ([12.0, 13.0], True, [1, 2]),
    ],
)
def test_loads_are_rounded_and_what_is_less_than_a_vehicle_is_joined(
    loads, together, vehicles
) -> None:
    """Vehicles of 10: a third of one is kept; between the same places remainders are added up."""
    assert nearest_vehicles(*lanes_of(loads, together=together)).tolist() == vehicles


def test_enough_vehicles_carry_everything() -> None:
    """Part of one is one; a solver's noise is none."""
    assert enough_vehicles(*lanes_of([14.0, 0.0, 20.0 + 1e-8, 0.1])).tolist() == [2, 0, 2, 1]


def test_a_vehicle_without_a_size_carries_all() -> None:
    """One where anything travels."""
    assert enough_vehicles(*lanes_of([14.0, 0.0], size=np.inf)).tolist() == [1, 0]
    assert nearest_vehicles(*lanes_of([0.2, 0.0], size=np.inf)).tolist() == [1, 0]
