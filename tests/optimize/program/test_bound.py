"""The bound: below every plan whatever the prices, tight at the right ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_foundation.tables.declaration import NEVER
from foreship_optimize import risk
from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams, RiskParams
from foreship_optimize.planning import solve
from foreship_optimize.problem import LateUnits
from foreship_optimize.program import bound
from foreship_optimize.program.bound import (
    Prices,
    closeness,
    least_in_order,
    lower_bound,
    prices_from_duals,
    reduced_arcs,
)
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.formulation import AT_LEAST, AT_MOST
from foreship_optimize.program.instance import Instance
from foreship_optimize.risk import risk_of
from tests.clocks import endless
from tests.optimize.program_builder import Draft, two_hubs_three_regions
from tests.optimize.program_oracle import best_by_enumeration, draw
from tests.optimize.wild_prices import full_task, wild_prices

MONDAY = pd.Timestamp("2026-11-16")


def priced(instance: Instance, limits=None, minimums=None, cells=None, staged=None, outcomes=None):
    """Return prices by name of a row, place of a cell or outcome; nought where none is given."""
    rows, count = instance.limits.words.tolist(), len(instance.problem.cell_item)
    upper, lower = (
        [each.get(words, 0.0) for words in rows] for each in (limits or {}, minimums or {})
    )
    none = np.zeros(count)
    weights = np.zeros(instance.problem.need.shape[1]) if outcomes is None else np.array(outcomes)
    of_cells = (none if each is None else np.array(each, float) for each in (cells, staged))
    return Prices(np.array(upper), np.array(lower), *of_cells, weights, instance.risk.level)


def least(instance: Instance, **prices) -> float:
    """Evaluate the bound at some prices."""
    return lower_bound(instance.problem, instance.limits, priced(instance, **prices), instance.risk)


def one_cell(*, values=(10.0, 6.0), **more) -> Draft:
    """Draft a cell that a ship at 1.00 reaches from a hub that holds one unit."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1}
    draft.cell("R1", "A", list(values), **more)
    draft.ship("H1", "R1", "A", 1.0)
    return draft


@pytest.mark.parametrize(("price", "bound"), [(0.0, -14.0), (3.0, -11.0), (5.0, -9.0), (9.0, -9.0)])
def test_the_bound_at_prices_of_one_unit_by_hand(price: float, bound: float):
    """Units of 10 and 6 at 1 + the price; what lies at the hub is paid for once.

    The best plan ships one: -9. At 3 both units pay, 6 + 2 + 3; from 5 on only the first does.
    """
    assert least(full_task(one_cell()), limits={"hub stock of A at H1": price}) == pytest.approx(
        bound
    )


def test_what_is_required_is_paid_back():
    """A lock asks for one unit: at a price of 2 it lowers the way in by 2 and adds 2 again."""
    draft = one_cell(values=(0.5,))
    draft.lock("push", lambda a, o, d, i: True, at_least=1, at_most=3)
    instance = full_task(draft)
    assert least(instance) == pytest.approx(0.0)
    assert least(instance, minimums={"push": 0.5}) == pytest.approx(0.5)
    assert least(instance, minimums={"push": 2.0}) == pytest.approx(2.0 - 1.5)
    assert least(instance, limits={"push": 2.0}) == pytest.approx(-6.0)


def test_limits_without_a_side_have_no_price_there():
    """A price on a side that is infinite counts for nothing."""
    draft = one_cell(values=(10.0,))
    draft.lock("push", lambda a, o, d, i: True, at_least=1)
    instance = full_task(draft)
    assert least(instance, limits={"push": 7.0}) == pytest.approx(-9.0)
    assert least(instance, minimums={"hub stock of A at H1": 7.0}) == pytest.approx(-9.0)


@pytest.mark.parametrize(("worth", "bound"), [(5.0, 0.0), (-3.0, -2.0), (7.0, -1.0), (-1.0, 0.0)])
def test_a_cell_that_gives_keeps_its_price(worth: float, bound: float):
    """A unit on hand worth 6 that may leave for 1.00: kept 6 less its price, what its rank costs.

    At -3 the move costs 1 - 3 and the unit is not missed: 6 + 3 - 9 - 2.
    """
    draft = Draft()
    draft.cell("R1", "A", [], on_hand=[6.0])
    draft.move("markdown", "R1", "", "A", 1.0)
    assert least(full_task(draft), cells=[worth]) == pytest.approx(bound)


def redirecting(**more) -> Draft:
    """Draft two cells, R1 that a ship reaches and R2 that takes from it for .50."""
    draft = one_cell(values=(10.0, 6.0), on_hand=[8.0], **more)
    draft.cell("R2", "A", [9.0], need=[0, 1] if more else ())
    draft.move("redirect", "R1", "R2", "A", 0.5)
    return draft


def test_a_redirect_costs_what_its_cell_gives_up():
    """At 7 a unit in R1: arcs of 1.00 and .50, R2 worth 7.50; R1's units cost 7 - 8, - 10, + 1.

    8 kept less 7, a ship that brings 7 for 1.00 twice at most, one unit of R2 at 7.5 - 9.
    """
    instance = full_task(redirecting())
    arcs, cells = reduced_arcs(
        instance.problem, instance.limits, priced(instance, cells=[7.0, 0.0]), instance.risk
    )
    assert arcs == pytest.approx([1.0, 0.5]) and cells == pytest.approx([7.0, 7.5])
    expected = (8 - 7) + (1 - 7) * 1 + (7 - 8) + (7 - 10) + 0 + (7.5 - 9)
    assert least(instance, cells=[7.0, 0.0]) == pytest.approx(expected)


def risky(budget: float | None = 3.0) -> OptimizeParams:
    """Return settings of a risk budget over half the outcomes."""
    return OptimizeParams(risk=RiskParams(level=0.5, budget=budget))


def test_outcomes_have_their_weight():
    """Outcome 0 needs nothing and weighs 1.5: each arrival loses 2 x 1.5 there, the budget pays.

    Outcome 1 needs one unit and weighs .25: only the second is lost there. In all 1 + 3 - 10 and
    1 + 3 + .5 - 6, less 1.75 x 3. Without a budget the weights count for nothing.
    """
    draft = one_cell(need=[0, 1], loss=2.0)
    instance = full_task(draft, risky())
    assert least(instance, outcomes=[1.5, 0.25]) == pytest.approx(-6 - 1.5 - 1.75 * 3)
    free = full_task(draft, risky(None))
    assert least(free, outcomes=[1.5, 0.25]) == pytest.approx(-9.0 - 5.0)


def test_dearer_freight_is_lost_in_every_outcome():
    """The second hub's lane costs 2.00 more, so 2 x (1.5 + .25) beside it in risk."""
    draft = one_cell(need=[0, 1], loss=2.0)
    draft.stock["H2", "A"] = 1
    draft.ship("H2", "R1", "A", 3.0)
    instance = full_task(draft, risky())
    arcs, _ = reduced_arcs(
        instance.problem, instance.limits, priced(instance, outcomes=[1.5, 0.25]), instance.risk
    )
    assert arcs == pytest.approx([1.0, 3.0 + 2 * 1.75])


def test_arrivals_are_counted_apart_where_a_cell_also_gives():
    """R1 may get three lots, lost in outcome 0 at 2 x 1.5 and from the second on in 1 at 2 x .25.

    At -3.25 an arrival they cost 3 - 3.25, 3.5 - 3.25 and the same: only the first is worth it.
    The ship brings 7 - 3.25 for 1.00; R2's own arrival is lost in outcome 0, 1 x 1.5.
    """
    instance = full_task(redirecting(need=[0, 1], loss=2.0), risky())
    weights = {"outcomes": [1.5, 0.25], "cells": [7.0, 0.0]}
    base = (8 - 7) + (7 - 8) + (7 - 10) - 1.75 * 3 + min(0.0, 7.5 + 1.5 - 9)
    assert least(instance, **weights, staged=[-3.25, 9.0]) == pytest.approx(
        base + (1 - 7 + 3.25) + (3 - 3.25)
    )
    assert least(instance, **weights) == pytest.approx(base + (1 - 7))


def late_task(**more) -> Instance:
    """Two ways into a cell of units 10 and 8: at once for 2.00, on day 3 for 1.00.

    On day 3 the units are worth 8.50 and 7.00; the lane's own charge, 1.00 a unit, is only the
    program's.
    """
    draft = Draft()
    draft.stock = {("H1", "A"): 1, ("H2", "A"): 9}
    draft.cell("R1", "A", [10.0, 8.0], **more)
    draft.ship("H1", "R1", "A", 2.0)
    draft.ship("H2", "R1", "A", 1.0, lateness=1.0, lead=3)
    late = LateUnits(np.arange(2), np.full(2, 3), np.array([8.5, 7.0]), *np.zeros((3, 2)))
    problem = replace(draft.problem(), late=late)
    params = risky() if more else OptimizeParams()
    return Instance(problem, limits_of(problem), params, risk_of(problem, params.risk))


def test_units_of_several_days_are_taken_in_order():
    """Both at once -8 - 6; at a price of 1 for H1's one unit both on day 3, -7.5 - 6, less 1.

    A second unit at once behind a first on day 3 (-7.5 - 5 at that price) is no plan, and the
    bound does not count on one where it would pay: at 1.00 for H2's, -8 - 6 or -6.5 - 5.
    """
    instance = late_task()
    assert least(instance) == pytest.approx(-14.0)
    assert least(instance, limits={"hub stock of A at H1": 1.0}) == pytest.approx(-13.5 - 1.0)
    assert least(instance, limits={"hub stock of A at H2": 1.0}) == pytest.approx(-14.0 - 9.0)
    dear = {"hub stock of A at H1": 8.5, "hub stock of A at H2": 7.25}
    assert least(instance, limits=dear) == pytest.approx(-0.25 - 8.5 - 9 * 7.25)


def test_units_of_several_days_bear_their_risk():
    """At once 2 - 10 + 3 and, with a lane 1.00 dearer, 1.75 more; on day 3 1 - 8.5 + 3 and so on.

    Outcome 0 needs no unit and weighs 1.5, outcome 1 one and .25, each loses 2.00: both units
    come on day 3, -4.5 - 2.5, less 1.75 x 3.
    """
    instance = late_task(need=[0, 1], loss=2.0)
    assert least(instance, outcomes=[1.5, 0.25]) == pytest.approx(-4.5 - 2.5 - 1.75 * 3)
    cheap = {"hub stock of A at H2": 9.0}
    early = (3.75 - 10 + 3) + (3.75 - 8 + 3.5)
    assert least(instance, outcomes=[1.5, 0.25], limits=cheap) == pytest.approx(
        early - 1.75 * 3 - 9 * 9.0
    )


@pytest.mark.parametrize("seed", range(40))
def test_the_least_cost_in_order_against_all_ways(seed: int):
    """Of up to four units and three ways, against every choice of ways that never steps back."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 5, 3)
    cell = np.repeat([0, 2, 5], sizes)
    way_day = {each: rng.permutation([0, 2, 4]) for each in (0, 2, 5)}
    day = np.stack([way_day[each] for each in cell.tolist()])
    cost = np.round(rng.normal(0, 2, day.shape), 1)
    missing = rng.random(day.shape) < 0.2
    cost[missing] = np.inf
    day[:, 2] = np.where(rng.random() < 0.3, NEVER, day[:, 2])
    expected = 0.0
    for each in (0, 2, 5):
        mine = cost[cell == each]
        order = np.argsort(day[cell == each][0], kind="stable")
        totals = [0.0]
        for count in range(1, len(mine) + 1):
            totals += [
                sum(mine[rank, order[way]] for rank, way in enumerate(ways))
                for ways in combinations_with_replacement(range(3), count)
            ]
        expected += min(totals)
    assert least_in_order(cell, cost, day) == pytest.approx(expected)


def test_duals_become_prices_in_the_problems_own_money():
    """Money of the program is twice ours; upper sides are priced by what a unit more saves.

    A cell's rows of several days add up; what is of the wrong sign is nought; rows of the
    program's own (order, line, group, the risk budget) have no price of a limit.
    """
    draft = redirecting(need=[0, 1], loss=2.0)
    draft.freight_budget = 9.0
    draft.lock("push", lambda a, o, d, i: a == "ship", at_least=1, at_most=3)
    instance = full_task(draft, risky())
    words = instance.limits.words.tolist()
    hub, budget, push = (words.index(each) for each in
                         ("hub stock of A at H1", "freight budget", "push"))  # fmt: skip
    rows = [("balance", 0), ("balance by day", 0), ("balance", 1), ("staged", 0),
            (AT_LEAST, push), (AT_MOST, push), (AT_MOST, hub), (AT_MOST, budget),
            ("outcome", 0), ("outcome", 1), ("risk budget", 0), ("line", 0), ("group", 0),
            ("order", 0)]  # fmt: skip
    duals = np.array([6.0, 4.0, -8.0, 3.0, 5.0, 7.0, -12.0, -0.5, -4.0, 3.0, 99, 99, 99, 99.0])
    found = prices_from_duals(instance.problem, instance.limits, rows, duals, 2.0, 0.25)
    assert found.cells.tolist() == [5.0, -4.0] and found.staged.tolist() == [1.5, 0.0]
    assert found.minimums[push] == 2.5 and found.minimums.sum() == 2.5
    assert found.limits[hub] == 6.0 and found.limits[budget] == 0.5
    assert found.limits.sum() == 6.5  # the maximum's dual has the wrong sign
    assert found.outcomes == pytest.approx([8 / 3, 4 / 3])  # 1.5 of two outcomes: 2/3 each at most
    assert found.risk == pytest.approx(4.0) and found.level == 0.25


@pytest.mark.parametrize(
    ("weights", "level", "found"),
    [
        ([4.0, 0.0, 0.0, 0.0], 0.5, [2.0, 2 / 3, 2 / 3, 2 / 3]),
        ([4.0, 0.0, 0.0, 0.0], 0.75, [4.0, 0.0, 0.0, 0.0]),
        ([4.0, 0.0, 0.0, 0.0], 0.9, [4.0, 0.0, 0.0, 0.0]),  # one outcome is the least
        ([2.0, 2.0, 0.0, 0.0], 0.5, [2.0, 2.0, 0.0, 0.0]),
        ([1.0, 1.0, 1.0, 1.0], 0.0, [1.0, 1.0, 1.0, 1.0]),
        ([3.0, 1.0, 0.0, 0.0], 0.75, [3.0, 1.0, 0.0, 0.0]),
        ([3.0], 0.5, [3.0]),
        ([0.0, 0.0], 0.5, [0.0, 0.0]),
        ([], 0.5, []),
    ],
)
def test_weights_that_are_too_large_are_mixed_with_equal_ones(weights, level, found):
    """Until the largest is its share of the worst outcomes; the total stays."""
    assert bound._into_cone(np.array(weights), level) == pytest.approx(found)


def test_nothing_to_weigh_is_nought():
    """Without cells or moves the bound is 0."""
    assert bound._at(np.zeros(0), np.array([-1, 0])).tolist() == [0.0, 0.0]
    assert bound._at(np.array([5.0, 7.0]), np.array([-1, 1])).tolist() == [0.0, 7.0]


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.booleans())
def test_no_prices_whatever_give_a_bound_above_the_optimum(seed: int, wild: int, minimums: bool):
    """Weak duality: random prices, worths and weights never reach past the best plan."""
    draft, params = draw(seed, minimums=minimums)
    if not draft.cells:
        return
    instance = full_task(draft, params)
    best = best_by_enumeration(instance.problem, params)
    if best is not None and np.isfinite(best):
        for line in (1, params.plan.minimum_line_quantity):
            prices = wild_prices(instance, wild)
            bound = lower_bound(instance.problem, instance.limits, prices, instance.risk, line)
            assert bound <= best + 1e-9


@pytest.mark.sweep
def test_a_worth_of_arrivals_counted_apart_never_lifts_the_bound_past_the_optimum():
    """Where no outcome has a price, prices of arrivals in cells that also give still pay for it."""
    tried = 0
    for seed in range(400):
        draft, params = draw(seed)
        if not draft.moves:
            continue
        instance = full_task(draft, params)
        found = solve_continuous(instance, endless())
        staged = -np.abs(np.random.default_rng(seed).normal(0, 2, len(instance.problem.cell_item)))
        prices = replace(found.prices, staged=staged, outcomes=np.zeros_like(found.prices.outcomes))
        line = params.plan.minimum_line_quantity
        least = lower_bound(instance.problem, instance.limits, prices, instance.risk, line)
        assert least <= found.objective + 1e-6, seed
        tried += bool((instance.problem.moves.origin_cell >= 0).any())
    assert tried > 20


def test_the_solvers_prices_give_the_continuous_optimum():
    """At the duals of the continuous program the bound meets its objective."""
    for seed in range(60):
        draft, params = draw(seed)
        if not draft.moves:
            continue
        found = solve_continuous(full_task(draft, params), endless())
        assert found.bound == pytest.approx(found.objective, abs=1e-6), seed


def test_blocks_of_units_do_not_lift_the_bound():
    """With one tier a cell the continuous optimum is worse than the best plan; the bound is not."""
    draft = two_hubs_three_regions()
    instance = full_task(draft)
    rough = replace(instance.params.plan, maximum_blocks=1, integer_program_units=0)
    found = solve_continuous(replace(instance, params=OptimizeParams(plan=rough)), endless())
    assert found.objective > -40.0 + 1e-6
    assert found.bound <= -40.0 + 1e-9


def test_weights_of_outcomes_are_brought_into_their_cone():
    """No outcome weighs more than its share of the worst half; the total stays."""
    draft = Draft()
    draft.cell("R1", "A", [1], need=[0, 0, 0, 0])
    instance = full_task(draft)
    places = [("outcome", place) for place in range(4)]
    duals = -np.array([4.0, 0.0, 0.0, 0.0])
    weights = prices_from_duals(instance.problem, instance.limits, places, duals, 1.0, 0.5).outcomes
    assert weights.sum() == pytest.approx(4.0)
    assert weights.max() <= 2.0 + 1e-12


def test_moves_that_hang_in_the_balance_are_closest():
    """A unit worth just its cost is close; one worth much more, on a lane no dearer, is not."""
    draft = Draft()
    draft.stock = {("H1", "A"): 9, ("H1", "B"): 9}
    draft.cell("R1", "A", [1.0])
    draft.cell("R1", "B", [50.0])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R1", "B", 1.0)
    instance = full_task(draft)
    prices = Prices(np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(0), 0.95)
    close = closeness(instance.problem, instance.limits, prices, instance.risk)
    assert close.tolist() == pytest.approx([0.0, 49.0])


def test_a_pack_hangs_in_the_balance_as_a_whole():
    """Three units worth 5, 4 and 3 that cost 1.00 each: 3.00 a unit from the brink."""
    draft = Draft()
    draft.item("A", pack=3)
    draft.stock = {("H1", "A"): 3}
    draft.cell("R1", "A", [5.0, 4.0, 3.0])
    draft.ship("H1", "R1", "A", 1.0)
    instance = full_task(draft)
    assert closeness(
        instance.problem, instance.limits, priced(instance), instance.risk
    ) == pytest.approx([3.0])


@pytest.mark.sweep
@pytest.mark.parametrize("seeds", [20, pytest.param(60, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("free", [1, 3, 6])
def test_deciding_most_moves_beforehand_costs_little_and_breaks_nothing(free: int, seeds: int):
    """With few moves free the plan lies between rounding and the optimum, its bound below it.

    Twenty networks; sixty nightly.
    """
    total = np.zeros(3)
    for seed in range(200, 200 + seeds):
        draft, params = draw(seed)
        if not draft.moves:
            continue
        problem = draft.problem()
        best = best_by_enumeration(problem, params)
        if best is None:
            continue
        costs = []
        for units in (0, free):
            plan = replace(params.plan, integer_program_units=units)
            summary = solve(problem, replace(params, plan=plan), as_of=MONDAY).summary
            assert summary["bound"] <= best + 1e-6, seed
            costs.append(summary["objective"])
        assert best - 1e-6 <= costs[1] <= costs[0] + 1e-9, seed
        total += [costs[0], costs[1], best]
    assert total[1] <= total[0]


def test_units_weighed_a_few_at_a_time_give_the_same_bound(monkeypatch):
    """Memory is spared, not accuracy: any number of units and cells at once says the same."""
    for seed in range(20):
        draft, params = draw(seed)
        if not draft.cells:
            continue
        instance = full_task(draft, params)
        prices = wild_prices(instance, seed)
        quantity = np.arange(len(instance.problem.moves.action)) % 3
        said = []
        for at_once in (2, 10_000):
            monkeypatch.setattr(bound, "AT_ONCE", at_once)
            monkeypatch.setattr(risk, "AT_ONCE", at_once)
            losses = risk.loss_of_outcomes(instance.problem, instance.risk, quantity)
            said.append(
                [lower_bound(instance.problem, instance.limits, prices, instance.risk), *losses]
            )
        assert said[0] == pytest.approx(said[1], abs=1e-9)
