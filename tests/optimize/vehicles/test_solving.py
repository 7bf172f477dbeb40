"""Plans whose lanes are paid by the vehicle and the line, against trying every plan."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foreship_optimize.program.clock import Clock
from foreship_optimize.program.named import named_program
from foreship_optimize.vehicles.solving import shared_instance, solve_departures
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from tests.optimize.program_builder import Draft
from tests.optimize.read_by_highs import optimum_of
from tests.optimize.vehicle_markets import best_of_all, charged, instance_at, two_lanes


@pytest.mark.parametrize("seed", range(12))
def test_the_exact_program_finds_the_best_plan_of_all(seed: int) -> None:
    """Two lanes, three items, budgets and weightless items: cost and bound are the enumerated."""
    instance = instance_at(two_lanes(seed))
    best = best_of_all(instance)
    _, continuous, found = solve_departures(instance, Clock(60))
    assert found.objective == pytest.approx(best, abs=1e-6)
    assert found.bound == pytest.approx(best, abs=1e-5)
    assert continuous.bound <= best + 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_the_program_at_shares_has_the_continuous_optimum(seed: int, tmp_path: Path) -> None:
    """Written to a file and read by HiGHS, to a millionth."""
    instance = instance_at(two_lanes(seed))
    _, continuous, _ = solve_departures(instance, Clock(60))
    program = named_program(shared_instance(instance, Clock(60)))
    assert optimum_of(program.to_file(tmp_path / "plan.lp")) == pytest.approx(
        continuous.objective, abs=1e-6
    )


@pytest.mark.sweep
def test_where_vehicles_are_decided_the_bound_holds_and_little_is_lost() -> None:
    """The same draws without the exact program: never past the best plan, near it in the mean."""
    best, cost = [], []
    for seed in range(12):
        instance = instance_at(two_lanes(seed), integer_program_units=0)
        fixed, _, found = solve_departures(instance, Clock(60))
        best.append(best_of_all(instance))
        cost.append(found.objective)
        assert found.bound <= best[-1] + 1e-9
        assert faults_of(instance, found.quantity) == []
        assert found.objective == pytest.approx(plan_cost(instance.problem, found.quantity))
        assert fixed.problem.departures.vehicle_cost.tolist() == [0.0, 0.0]
    assert np.sum(cost) <= 0.8 * np.sum(best)


def test_where_items_are_priced_plans_start_with_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """24 units fill 2.4 vehicles of ten, three are paid, not two."""
    monkeypatch.setattr("numba.core.config.DISABLE_JIT", True)
    draft = Draft()
    draft.cell("R", "A", [4.0] * 24)
    draft.stock["H", "A"] = 24
    draft.ship("H", "R", "A", 0.0)
    draft.lanes = {("H", "R"): np.inf}
    problem = charged(draft.problem(), vehicle_cost=5.0, vehicle_volume=10.0)
    instance = instance_at(problem, integer_program_units=0, decomposition_items=1)
    fixed, _, found = solve_departures(instance, Clock(60))
    assert fixed.problem.departures.paid.tolist() == [3.0]
    assert found.objective == pytest.approx(15.0 - 96.0)


@pytest.mark.parametrize(("line_cost", "bound"), [(7.5, 0.0), (5.0, -2.0), (1.0, -6.0)])
def test_the_bound_counts_a_line_before_its_first_unit(line_cost: float, bound: float) -> None:
    """Units worth 4, 2 and 1 earn 7 together: nothing after a line of 7.50, 2 after one of 5."""
    draft = Draft()
    draft.cell("R", "A", [4.0, 2.0, 1.0])
    draft.stock["H", "A"] = 9
    draft.ship("H", "R", "A", 0.0)
    draft.lanes = {("H", "R"): np.inf}
    instance = instance_at(charged(draft.problem(), line_cost=line_cost), integer_program_units=0)
    _, continuous, found = solve_departures(instance, Clock(60))
    assert continuous.bound == pytest.approx(bound, abs=1e-9)
    assert found.objective == pytest.approx(bound, abs=1e-9)
