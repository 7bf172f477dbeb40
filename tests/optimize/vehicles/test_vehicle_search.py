"""In plans of many ships, too, the last vehicle leaves only where it earns its cost."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.decomposition.column_generation import DecomposedSolution, solve_by_prices
from foreship_optimize.program.clock import Clock
from foreship_optimize.vehicles.fixed import instance_of, with_vehicles
from foreship_optimize.vehicles.solving import solve_departures
from foreship_optimize.vehicles.vehicle_search import with_vehicles_searched
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from tests.optimize.program_builder import Draft
from tests.optimize.vehicle_markets import best_of_all, charged, instance_at, two_lanes


@pytest.fixture(autouse=True)
def uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run all loops as plain Python: compiling takes longer than these small plans."""
    monkeypatch.setattr("numba.core.config.DISABLE_JIT", True)


def searched(stated, plan: list[int], vehicles: list[int]) -> list[int]:
    """Search the vehicles of a plan whose items are priced."""
    instance = instance_at(stated, decomposition_items=1)
    fixed = instance_of(instance, with_vehicles(stated, np.array(vehicles)))
    continuous = solve_by_prices(fixed, Clock(60))
    assert isinstance(continuous, DecomposedSolution)
    cost = stated.departures.vehicle_cost
    return with_vehicles_searched(fixed, continuous, np.array(plan), cost).tolist()


@pytest.mark.parametrize(
    ("plan", "vehicles", "cost", "left"),
    [
        (3, 2, 3.5, 2),  # the third and the fourth unit earn 3, their vehicle costs 3.50
        (3, 2, 1.5, 4),  # here it earns its vehicle, and the fourth rides along
        (2, 1, 1.5, 4),  # one vehicle more is earned by two units
        (2, 1, 12.0, 0),  # none is
    ],
)
def test_vehicles_that_earn_their_cost_leave(plan, vehicles, cost, left) -> None:
    """Units worth 6, 5, 2 and 1 in vehicles of two."""
    draft = Draft()
    draft.stock["H", "A"] = 9
    draft.cell("R", "A", [6.0, 5.0, 2.0, 1.0])
    draft.ship("H", "R", "A", 0.0)
    draft.lanes = {("H", "R"): np.inf}
    stated = charged(draft.problem(), vehicle_cost=cost, vehicle_volume=2.0)
    assert searched(stated, [plan], [vehicles]) == [left]


def two_hubs(costs: list[float], room: float, **stated):
    """Cell R of A, four units worth 5, by H1 or H2 in vehicles of two; stock of both."""
    draft = Draft()
    draft.cell("R", "A", [5.0] * 4)
    draft.freight_budget = room
    for hub in ("H1", "H2"):
        draft.stock[hub, "A"] = 4
        draft.ship(hub, "R", "A", 0.0)
        draft.lanes[hub, "R"] = np.inf
    return charged(draft.problem(), vehicle_cost=costs, vehicle_volume=2.0, **stated)


def test_units_of_a_last_vehicle_go_by_the_room_left_elsewhere() -> None:
    """Three by H1 and one by H2 take three vehicles, two and two take two."""
    assert searched(two_hubs([4.0, 4.0], np.inf), [3, 1], [2, 1]) == [2, 2]


def test_a_vehicle_leaves_on_the_departure_where_it_is_cheaper() -> None:
    """Each of H1 costs 7, each of H2 six less: neither one less nor one more pays alone."""
    assert searched(two_hubs([7.0, 1.0], np.inf), [4, 0], [2, 0]) == [0, 4]


def test_the_freight_budget_pays_for_no_vehicle_more() -> None:
    """A second vehicle of 4 would earn 10, but only 6 may be spent."""
    assert searched(two_hubs([4.0, 4.0], 6.0), [2, 0], [1, 0]) == [2, 0]


@pytest.mark.sweep
def test_plans_found_by_prices_keep_all_limits_and_are_near_the_best() -> None:
    """Two lanes, three items, budgets and item lines: of the best plans' gain .5 % is lost."""
    best, cost = [], []
    for seed in range(12):
        instance = instance_at(two_lanes(seed), integer_program_units=0, decomposition_items=1)
        _, _, found = solve_departures(instance, Clock(60))
        best.append(best_of_all(instance))
        cost.append(found.objective)
        assert faults_of(instance, found.quantity) == []
        assert found.bound <= best[-1] + 1e-9
        assert found.objective == pytest.approx(plan_cost(instance.problem, found.quantity))
    assert np.sum(cost) <= 0.995 * np.sum(best)
