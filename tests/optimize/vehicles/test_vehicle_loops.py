"""The compiled search for vehicles says the same as plain Python, and leaves plan and rows true."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.program.clock import Clock
from foreship_optimize.vehicles import vehicle_loops
from foreship_optimize.vehicles.fixed import instance_of, with_vehicles
from foreship_optimize.vehicles.vehicle_search import lanes_of
from foreship_optimize.whole_units.local_search_state import search_state_of, step_data_of
from tests.optimize.plain_loops import plain
from tests.optimize.vehicle_markets import instance_at, two_lanes


def after_search(loops, seed: int) -> tuple[list, ...]:
    """Search from an empty plan with one vehicle a lane; what plan, rows and vehicles then are."""
    stated = two_lanes(seed)
    instance = instance_at(stated, decomposition_items=1)
    fixed = instance_of(instance, with_vehicles(stated, np.array([1, 1])))
    continuous = solve_by_prices(fixed, Clock(60))
    pricing = continuous.pricing
    steps = step_data_of(fixed, pricing, continuous.prices)
    nothing = np.zeros(len(stated.moves.action), dtype=np.int64)
    state = search_state_of(fixed, pricing, steps, nothing)
    lanes = lanes_of(fixed, pricing, steps, stated.departures.vehicle_cost)
    journal, loss = np.zeros((2, 1000), dtype=np.int64), state.loss.copy()
    counts = [
        int(search(steps, state, lanes, loss, journal))
        for search in (loops.change_vehicles, loops.swap_vehicles)
    ]
    plan = nothing.copy()
    plan[pricing.moves] = state.quantity
    used = fixed.limits.use(plan)[pricing.rows]
    np.testing.assert_allclose(state.used, used, atol=1e-9)
    assert (state.used <= steps.most + 1e-9).all()
    return counts, plan.tolist(), lanes.paid.tolist()


@pytest.fixture
def uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run all loops as plain Python: compiling takes longer than these small plans."""
    monkeypatch.setattr("numba.core.config.DISABLE_JIT", True)


@pytest.mark.usefixtures("uncompiled")
def test_what_rows_and_vehicles_hold_is_true_after_changes_and_what_was_undone() -> None:
    """Of five draws with weightless items and budgets; some of them change vehicles."""
    found = [after_search(vehicle_loops, seed) for seed in range(5)]
    assert sum(sum(counts) for counts, _, _ in found) > 0


@pytest.mark.nightly
def test_compiled_and_plain_loops_make_the_same_plan() -> None:
    """The same draws."""
    kept = plain(vehicle_loops)
    found = [after_search(vehicle_loops, seed) for seed in range(5)]
    assert found == [after_search(kept, seed) for seed in range(5)]
