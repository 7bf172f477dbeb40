"""The restricted master: rows of outcomes are written only where an outcome is among the worst."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.decomposition.carried import carry_items
from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.decomposition.pricing import PricedPlans
from foreship_optimize.decomposition.restricted_master import RestrictedMaster
from foreship_optimize.params import PlanParams
from foreship_optimize.problem import Need
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.cost import program_losses
from foreship_optimize.risk import mean_of_worst
from foreship_optimize.whole_units.integer_program import faults_of
from foreship_optimize.whole_units.item_plans import incumbent_from_item_plans
from tests.clocks import endless
from tests.optimize.markets import mixed, with_redirects
from tests.optimize.program_builder import Draft
from tests.optimize.wild_prices import full_task


@pytest.mark.parametrize("part", [0.7, 0.999, 1.001])
@pytest.mark.parametrize("seed", range(4))
def test_rows_of_outcomes_written_late_give_the_whole_programs_optimum(seed: int, part: float):
    """Just below and above what the plan without a budget loses: the whole program's optimum."""
    free = with_redirects(seed, 1e6)
    quantity = solve_continuous(free, endless()).quantity
    most = mean_of_worst(program_losses(free.problem, free.risk, quantity, 2), 0.5)
    instance = replace(free, risk=replace(free.risk, budget=part * most))
    whole, parts = solve_continuous(instance, endless()), solve_by_prices(instance, endless())
    assert parts.objective == pytest.approx(whole.objective, abs=1e-6)
    assert parts.bound == pytest.approx(whole.objective, abs=1e-6)
    assert faults_of(instance, incumbent_from_item_plans(parts, instance)) == []
    if part < 1.0:
        assert parts.prices.risk > 0


@pytest.mark.parametrize(("budget", "bound"), [(40.0, True), (1e6, False)])
def test_few_outcomes_have_a_row(monkeypatch, budget: float, bound: bool):
    """Of 60 outcomes only the worst of a combination get rows; none where the budget is loose."""
    masters, start = [], RestrictedMaster.__init__

    def watched(master, *words, **more):
        start(master, *words, **more)
        masters.append(master)

    monkeypatch.setattr(RestrictedMaster, "__init__", watched)
    instance = mixed(3, budget=budget)
    need = instance.problem.need
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.permuted(need.rows, axis=1) for _ in range(10)], axis=1)
    more = Need(rows, need.place)
    instance = replace(instance, problem=replace(instance.problem, need=more),
                   risk=replace(instance.risk, level=0.95))  # fmt: skip
    assert (solve_by_prices(instance, endless()).prices.risk > 0) is bound
    written = [kind for kind in masters[-1]._kinds if kind[0] == "outcome"]
    assert (0 < len(written) < 45) if bound else not written
    assert len(set(written)) == len(written)


def test_two_plans_are_mixed_until_the_room_is_full():
    """By hand: plans at -8 and -5 of one group use 2 and 1 of a room of 1.5.

    Half of each costs -6.5. A volume more would take the dearer half to the other plan: worth 3.
    A plan that uses more and gains no more than its room is worth is not added.
    """
    draft = Draft()
    draft.stock = {("H1", "A"): 2}
    draft.cell("R1", "A", [9.0, 8.0])
    draft.ship("H1", "R1", "A", 1.0)
    draft.storage = {"R1": 1.5}
    task = full_task(draft)
    none = np.zeros(len(task.problem.items), dtype=bool)
    part = carry_items(task.problem, task.limits, task.risk, none)
    master = RestrictedMaster(part, PlanParams(), money=1.0, groups=1, time_limit=60.0)

    def plan(cost: float, room: float) -> PricedPlans:
        nobody = np.zeros((1, 0))
        return PricedPlans(0.0, np.zeros(1, np.int32), np.array([cost]), np.array([[room]]), nobody)

    assert master.solve(60.0).cost == pytest.approx(0.0)
    assert (master.add(plan(-8.0, 2.0)), master.add(plan(-5.0, 1.0))) == (1, 1)
    found = master.solve(60.0)
    assert found.cost == pytest.approx(-6.5)
    assert found.weight == pytest.approx(np.array([[0.5], [0.5]]))
    assert found.prices.limits == pytest.approx([3.0])
    assert master.add(plan(-7.9, 2.0)) == 0
    assert master.add(plan(-8.1, 2.0)) == 1
