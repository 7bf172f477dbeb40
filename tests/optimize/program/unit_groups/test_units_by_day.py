"""Lanes that arrive on several days: plans by hand, against all plans, in every path to a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams
from foreship_optimize.planning import make_plan
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import lower_bound
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.cost import program_cost
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.presolve import reduce
from foreship_optimize.program.unit_groups.units_by_day import cell_days_of
from foreship_optimize.risk import risk_of
from foreship_optimize.valuation.assembly import assemble
from foreship_optimize.whole_units.integer_program import plan_cost
from foreship_optimize.whole_units.working_plan import WorkingPlan
from tests.clocks import endless
from tests.optimize.program_oracle import feasible_plans
from tests.optimize.several_days import (
    PATHS,
    against_all_plans,
    as_asked,
    draw_several_days,
    forced,
    own_costs,
)
from tests.optimize.small_network import STEADY, demand_of, lane, tables_of
from tests.optimize.table_builder import MONDAY


def thursday(fast: int = 2):
    """Seven sure sales a week; a lane at once for 2.00 with few units, one on Thursday for 1.00."""
    tables = tables_of(
        hubs=[("H1", np.nan, np.nan), ("H2", np.nan, np.nan)],
        lanes=[lane("H1", "R", 2.0), lane("H2", "R", 1.0, lead=3), lane("R", "H1")],
        stock=[("H1", "I", fast), ("H2", "I", 9)],
    )
    return tables, demand_of({("R", "I"): [[7]] * 6})


@pytest.mark.parametrize("path", sorted(PATHS))
def test_a_cheap_late_lane_is_used_where_its_units_sell_all_the_same(path: str):
    """Four on Thursday for 1.00 gain 4 x (3 - 1) = 8; two at once gain 2, and two behind them 4.

    The next unit is not worth it: a fifth on Thursday finds nobody (.9 - 1), and one at once would
    push a unit of Thursday's behind the last sale: 3 - 2 - (3 - .9).
    """
    tables, demand = thursday()
    with forced(path):
        plan = make_plan(tables, demand, MONDAY, as_asked(STEADY, path))
    assert plan.lines["origin"].tolist() == ["H2"]
    assert plan.lines["quantity"].tolist() == [4]
    assert plan.summary["objective"] == pytest.approx(-8.0)
    assert plan.summary["bound"] == pytest.approx(-8.0, abs=1e-6)
    following = plan.units[plan.units["planned"] == 0]
    assert following["binding"].tolist() == ["not worth it"]
    assert following["expected_gain"].tolist() == pytest.approx([-0.1])


def test_a_cell_is_worth_its_units_by_layer():
    """Of seven sure sales four are left on Thursday: there the fifth to seventh lose 2.1 each."""
    tables, demand = thursday()
    problem = assemble(tables, demand, MONDAY, STEADY)
    cell_days = cell_days_of(problem)
    assert cell_days.cell.tolist() == [0, 0]
    late = problem.moves.lateness[problem.moves.lead_days == 3][0]
    more = cell_days.more()[: cell_days.start[1]]
    assert more[:7] == pytest.approx([-late] * 4 + [2.1 - late] * 3)


def test_units_that_all_lose_the_same_need_no_layers():
    """Where every kept unit loses its lane's charge, the charge is the whole truth."""
    tables, _ = thursday()
    problem = assemble(tables, demand_of({("R", "I"): [[1]] * 6}), MONDAY, STEADY)
    assert len(problem.late.unit)
    assert not cell_days_of(reduce(problem, STEADY.plan).problem).inside.any()


def test_late_units_that_no_best_plan_sends_need_no_layers():
    """Thursday's lane at 2.95 pays for four of seven sure sales; of the others nothing is kept."""
    tables, demand = thursday()
    tables["lanes"].loc[tables["lanes"]["origin"] == "H2", "cost_per_unit"] = 2.95
    problem = assemble(tables, demand, MONDAY, STEADY)
    lean = reduce(problem, STEADY.plan).problem
    days = lean.late.day == 3
    assert (problem.late.day == 3).sum() > days.sum() == 4
    assert lean.units.rank[lean.late.unit[days]].tolist() == [1, 2, 3, 4]


def test_units_beyond_the_candidates_gain_nothing_by_day():
    """Of two at once and nine on Thursday a cell holds eight: three cost 1.00 and their charge.

    The fourth given up is the eighth there, who sells for .90 after all.
    """
    tables, demand = thursday()
    problem = assemble(tables, demand, MONDAY, STEADY)
    working = WorkingPlan(problem, limits_of(problem), STEADY.plan, risk_of(problem, STEADY.risk))
    assert list(working.count) == [8]
    working.start(np.array([2, 9]))
    charge = problem.moves.lateness[1]
    assert working.gain(1, -4) / working.scale == pytest.approx(3 * (1.0 + charge) + 1.0 - 0.9)


@pytest.mark.sweep
def test_the_program_costs_a_plan_as_the_ledger_does():
    """Every feasible plan of random networks costs the same in the program and by its units."""
    seen = 0
    for seed in range(20):
        tables, demand, params = draw_several_days(seed)
        problem = assemble(tables, demand, MONDAY, params)
        plans = feasible_plans(problem, params)
        if plans is None or not len(plans):
            continue
        seen += 1
        some = plans[:: max(1, len(plans) // 20)]
        for plan, cost in zip(some, own_costs(problem, some), strict=True):
            assert program_cost(problem, plan.astype(float), 1) == pytest.approx(cost, abs=1e-9)
            assert plan_cost(problem, plan) == pytest.approx(cost, abs=1e-9)
    assert seen >= 10


@pytest.mark.sweep
@pytest.mark.parametrize("path", sorted(PATHS))
def test_plans_by_several_days_against_all_plans(path: str):
    """Of 12 random networks the exact plan is the best of all plans; rounding loses little."""
    assert_near_the_best(range(100), path, networks=12)


@pytest.mark.nightly
@pytest.mark.parametrize("path", sorted(PATHS))
@pytest.mark.parametrize("block", range(5))
def test_hundreds_of_networks_with_several_days_against_all_plans(path: str, block: int):
    """The same over 2,500 networks, a planner's minimum in every third."""
    seeds = range(10_000 + 2_000 * block, 12_000 + 2_000 * block)
    assert_near_the_best(seeds, path, networks=500, minimums=True)


def assert_near_the_best(seeds, path: str, *, networks: int, minimums: bool = False) -> None:
    """Hold plans against the best of all plans; one path is exact, the others lose a little."""
    best, lost, seen = 0.0, 0.0, 0
    for seed in seeds:
        found = held_against_all(seed, path, minimums=minimums and seed % 3 == 0)
        if found is None:
            continue
        best, lost, seen = best - found[0], lost + found[1], seen + 1
        if path == "whole":
            assert found[1] == pytest.approx(0.0, abs=1e-6), seed
        if seen == networks:
            break
    assert seen == networks
    assert lost <= 0.02 * best


def held_against_all(seed: int, path: str, *, minimums: bool) -> tuple[float, float] | None:
    """Return least cost and what the plan costs more; None where there is nothing to try."""
    found = against_all_plans(seed, path, minimums=minimums)
    if found is None:
        return None
    best, summary = found
    assert not summary["relaxed"], seed
    assert summary["bound"] <= best + 1e-6 * max(1.0, abs(best)), seed
    assert summary["objective"] >= best - 1e-6 * max(1.0, abs(best)), seed
    return best, summary["objective"] - best


@pytest.mark.sweep
def test_the_continuous_program_and_its_bound_meet():
    """By weak duality the bound at the solver's prices is the continuous optimum, by day or not."""
    met = 0
    for seed in range(30):
        problem, params = _reduced(seed)
        if not cell_days_of(problem).inside.any() or not len(problem.moves.action):
            continue
        params = replace(params, risk=replace(params.risk, budget=None))
        instance = Instance(problem, limits_of(problem), params, risk_of(problem, params.risk))
        found = solve_continuous(instance, endless())
        line = params.plan.minimum_line_quantity
        bound = lower_bound(problem, instance.limits, found.prices, instance.risk, line)
        assert bound == found.bound
        assert bound <= found.objective + 1e-6
        met += found.objective - bound <= 1e-6 * max(1.0, abs(bound))
    assert met >= 10


def _reduced(seed: int) -> tuple[ShippingProblem, OptimizeParams]:
    tables, demand, params = draw_several_days(seed, items=2)
    return reduce(assemble(tables, demand, MONDAY, params), params.plan).problem, params
