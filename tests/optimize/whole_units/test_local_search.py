"""The local search: exchanges better a plan, and every limit holds after them."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.program.clock import Clock
from foreship_optimize.whole_units import item_plans
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from foreship_optimize.whole_units.item_plans import incumbent_from_item_plans
from tests.clocks import endless
from tests.optimize.markets import unlocked


@pytest.mark.sweep
def test_exchanges_lose_less_and_keep_every_limit(monkeypatch):
    """Over eight markets no plan is worse for exchanges, a quarter of what was lost is won back."""
    lost = np.zeros((2, 8))
    for seed in range(8):
        instance = unlocked(seed)
        found = solve_by_prices(instance, endless())
        for place, passes in enumerate((0, item_plans.PASSES)):
            with monkeypatch.context() as changed:
                changed.setattr(item_plans, "PASSES", passes)
                quantity = incumbent_from_item_plans(found, instance)
            assert faults_of(instance, quantity) == []
            lost[place, seed] = plan_cost(instance.problem, quantity) - found.bound
    assert (lost[1] <= lost[0] + 1e-9).all()
    assert lost[1].sum() <= 0.75 * lost[0].sum()


def test_time_that_is_over_leaves_out_the_exchanges(monkeypatch):
    """After the time limit the plan is the one assigned, repaired and filled."""
    instance = unlocked(0)
    found = solve_by_prices(instance, endless())
    over = incumbent_from_item_plans(found, instance, Clock(0.0))
    monkeypatch.setattr(item_plans, "PASSES", 0)
    assert over.tobytes() == incumbent_from_item_plans(found, instance).tobytes()
