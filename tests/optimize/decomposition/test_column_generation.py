"""The decomposition: the whole program's answer, a certificate, and always a usable plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.decomposition import column_generation, price_search
from foreship_optimize.decomposition.column_generation import (
    is_large,
    solve_by_prices,
    why_not_decomposed,
)
from foreship_optimize.decomposition.pricing import priced_items
from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.planning import solve
from foreship_optimize.problem import OwnLimits, ShippingProblem
from foreship_optimize.program.continuous import exceeded, solve_continuous
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.program.presolve import reduce
from foreship_optimize.program.unit_groups.units_by_day import items_counted_by_day
from foreship_optimize.risk import risk_of
from foreship_optimize.valuation.assembly import assemble
from tests.clocks import endless
from tests.optimize.markets import instance_of, large, market
from tests.optimize.program_builder import resized, scaled
from tests.optimize.program_oracle import best_by_enumeration, draw
from tests.optimize.several_days import draw_several_days

MONDAY = pd.Timestamp("2026-11-16")
MORE = ((2, 40), (25, 12))
"""items and networks of the nightly run"""


def both(instance: Instance):
    """Solve by either path; what a refusal says counts as the answer."""
    answers = []
    for path in (solve_continuous, solve_by_prices):
        try:
            answers.append(path(instance, endless()))
        except LimitsCannotHold as clash:
            answers.append(str(clash))
    return answers


def assert_same(instance: Instance, seed: int) -> None:
    """Run to the end, the two paths agree to 1e-6 and the bound meets the plan."""
    whole, parts = both(instance)
    if isinstance(whole, str) or isinstance(parts, str):
        assert whole == parts, seed
        return
    assert parts.objective == pytest.approx(whole.objective, abs=1e-6), seed
    assert parts.bound == pytest.approx(parts.objective, abs=1e-6), seed
    assert parts.bound <= whole.objective + 1e-9, seed
    assert not exceeded(instance, parts.quantity), seed


@pytest.mark.sweep
@pytest.mark.parametrize("start", range(0, 300, 50))
def test_tiny_instances_with_every_family_agree_to_the_end(start: int):
    """Redirects, exits, minimums, packs, risk: carried or priced, the answer is the whole LP's."""
    for seed in range(start, start + 50):
        draft, params = draw(seed, minimums=seed % 3 == 0, spending=seed % 2 == 0)
        if draft.cells:
            assert_same(instance_of(draft, params), seed)


@pytest.mark.parametrize("seed", range(12))
def test_markets_of_ships_agree_to_the_end(seed: int):
    """Most of many items are priced, and the combination is the linear program's optimum."""
    risk = RiskParams(level=0.5, budget=[None, 6.0][seed % 2])
    plan = PlanParams(minimum_line_quantity=1 + seed % 3, gap=0.0)
    instance = instance_of(market(seed, items=25), OptimizeParams(risk=risk, plan=plan))
    assert_same(instance, seed)


@pytest.mark.parametrize("seed", range(4))
def test_limits_of_ones_own_are_priced_as_all_shared_ones_are(seed: int):
    """Two weighted limits over all items that bind: the whole program's optimum, kept to."""
    rng = np.random.default_rng([seed, 7])
    risk = RiskParams(level=0.5, budget=[None, 6.0][seed % 2])
    problem = market(seed, items=25).problem()
    moves = problem.moves
    weight = np.stack([rng.uniform(0.0, 3.0, len(moves.action)), 1.0 * (moves.item % 3 == 0)])
    params = OptimizeParams(risk=risk, plan=PlanParams(gap=0.0, decomposition_items=1))
    free = solve_continuous(of_problem(problem, params), endless())
    used = weight[:, reduce(problem, params.plan).moves] @ free.quantity
    own = OwnLimits(("kilograms", "a third"), ("kg", "units"), 0.6 * used, weight)
    instance = of_problem(replace(problem, own=own), params)
    assert is_large(instance)
    assert_same(instance, seed)
    found = solve_by_prices(instance, endless())
    assert found.objective > free.objective + 1e-6
    left = instance.problem.own.most - instance.problem.own.weight @ found.quantity
    assert (left >= -1e-6).all() and (left < 1e-6).any()


def of_problem(problem: ShippingProblem, params: OptimizeParams) -> Instance:
    """Leave out what cannot pay and collect the limits, as the recipe does."""
    reduced = reduce(problem, params.plan)
    risk = risk_of(problem, params.risk).of(reduced.moves)
    return Instance(reduced.problem, limits_of(reduced.problem), params, risk)


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("items", "networks"),
    [(2, 16), (25, 4), *(pytest.param(*each, marks=pytest.mark.nightly) for each in MORE)],
)
def test_items_on_several_days_agree_to_the_end(items: int, networks: int):
    """Networks whose lanes arrive on several days, the other items priced: the LP's optimum."""
    seen = 0
    for seed in range(networks):
        minimums = seed % 3 == 0
        tables, demand, params = draw_several_days(seed, regions=3, items=items, minimums=minimums)
        problem = reduce(assemble(tables, demand, MONDAY, params), params.plan).problem
        instance = Instance(problem, limits_of(problem), params, risk_of(problem, params.risk))
        seen += bool((priced_items(problem, instance.limits) & items_counted_by_day(problem)).any())
        if len(problem.moves.action):
            assert_same(instance, seed)
    assert seen >= networks // 3


@pytest.mark.sweep
def test_many_items_on_several_days_are_priced(monkeypatch: pytest.MonkeyPatch):
    """Where they are more than the master carries, plan and bound enclose the optimum."""
    monkeypatch.setattr(column_generation, "BY_DAY_CARRIED", 0)
    for seed in (1, 4, 7, 16):
        tables, demand, params = draw_several_days(seed, regions=3, items=25)
        problem = reduce(assemble(tables, demand, MONDAY, params), params.plan).problem
        instance = Instance(problem, limits_of(problem), params, risk_of(problem, params.risk))
        best, found = (
            solve_continuous(instance, endless()).objective,
            solve_by_prices(instance, endless()),
        )
        assert found.size["items_carried"] < len(np.unique(problem.moves.item))
        assert found.bound - 1e-6 <= best <= found.objective + 1e-6, seed


@pytest.mark.parametrize("seed", range(4))
def test_within_the_certified_gap_of_the_whole_program(seed: int):
    """Stopped early, plan and bound enclose the whole LP's optimum, within the gap asked for."""
    instance = large(seed)
    best = solve_continuous(instance, endless()).objective
    found = solve_by_prices(instance, endless())
    assert found.bound <= best + 1e-6 * abs(best)
    assert found.objective >= best - 1e-6 * abs(best)
    assert (found.objective - found.bound) / abs(found.bound) <= 1e-3
    assert found.termination == "optimal"
    assert not exceeded(instance, found.quantity)


def test_a_sample_starts_the_prices_without_changing_the_answer(monkeypatch):
    """With prices from a sample the bound and the plan still enclose the optimum."""
    monkeypatch.setattr(column_generation, "SAMPLES", ((10, 1e-2), (40, 1e-3)))
    test_within_the_certified_gap_of_the_whole_program(0)


@pytest.mark.parametrize("seed", range(4))
def test_many_items_are_priced_a_part_at_a_time(monkeypatch: pytest.MonkeyPatch, seed: int):
    """Some rounds price a quarter of the groups; bound and plan enclose the optimum."""
    priced, sizes = price_search.solve_pricing, []

    def counted(pricing, rows, outcomes, items, groups, count):
        sizes.append(len(items))
        return priced(pricing, rows, outcomes, items, groups, count)

    monkeypatch.setattr(price_search, "solve_pricing", counted)
    monkeypatch.setattr(price_search, "FEW", 100)
    test_within_the_certified_gap_of_the_whole_program(seed)
    many = max(sizes)
    assert many / 8 < min(sizes) <= many / 2
    assert sizes[:3] == [many] * 3


def test_same_bytes_every_time():
    """Two runs give the same plan, prices and bound to the bit."""
    instance = large(1)
    one, other = solve_by_prices(instance, endless()), solve_by_prices(instance, endless())
    assert one.quantity.tobytes() == other.quantity.tobytes()
    assert one.prices.limits.tobytes() == other.prices.limits.tobytes()
    assert (one.objective, one.bound) == (other.objective, other.bound)


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_money_in_another_unit_gives_the_same_plan(factor: float):
    """Cents or millions: the same quantities."""
    instance = large(2)
    risk = replace(
        instance.risk, budget=instance.risk.budget * factor, dearer=instance.risk.dearer * factor
    )
    other = replace(instance, problem=scaled(instance.problem, factor), risk=risk)
    one, two = solve_by_prices(instance, endless()), solve_by_prices(other, endless())
    assert two.quantity == pytest.approx(one.quantity, abs=1e-6)


@pytest.mark.parametrize("factor", [1e-3, 1e3])
def test_volumes_in_another_unit_give_the_same_plan(factor: float):
    """Litres or thousands of cubic metres: the same units move."""
    instance = large(2)
    problem = resized(instance.problem, factor)
    other = replace(instance, problem=problem, limits=limits_of(problem))
    one, two = solve_by_prices(instance, endless()), solve_by_prices(other, endless())
    assert two.quantity == pytest.approx(one.quantity, abs=1e-6)


def test_the_number_of_priced_items_chooses_the_path():
    """At the setting the items are priced, above it the program is solved whole."""
    instance = large(0)
    many = int(priced_items(instance.problem, instance.limits).sum())
    for least, parted in ((many, True), (many + 1, False), (0, True)):
        plan = replace(instance.params.plan, decomposition_items=least)
        forced = replace(instance, params=replace(instance.params, plan=plan))
        assert is_large(forced) is parted


def test_many_items_solved_whole_are_told_why():
    """Where items would be enough but too few can be priced, the reason is a note; else nothing."""
    drafts = [each for each in (draw(seed) for seed in range(60)) if each[0].cells]
    tasks = [instance_of(draft, params) for draft, params in drafts]
    counts = [
        (
            len(np.unique(each.problem.moves.item)),
            int(priced_items(each.problem, each.limits).sum()),
        )
        for each in tasks
    ]
    place = next(at for at, (moved, many) in enumerate(counts) if 0 < many < moved)
    instance, (moved, many) = tasks[place], counts[place]
    for least, told in ((many, False), (moved, True), (moved + 1, False)):
        plan = replace(instance.params.plan, decomposition_items=least)
        words = why_not_decomposed(replace(instance, params=replace(instance.params, plan=plan)))
        assert bool(words) is told
        assert not told or f"of {moved} items with moves {many} can be priced" in words[0]


@pytest.mark.parametrize("seed", range(0, 120, 4))
def test_whole_units_from_prices_are_the_optimum_of_tiny_instances(seed: int):
    """Forced through the decomposition, the exact program still finds the enumerated optimum."""
    draft, params = draw(seed)
    if not draft.cells:
        return
    problem = draft.problem()
    params = replace(params, plan=replace(params.plan, decomposition_items=0))
    best = best_by_enumeration(problem, params)
    if best is None:
        return
    summary = solve(problem, params, as_of=MONDAY).summary
    assert summary["objective"] == pytest.approx(best, abs=1e-6)
    assert summary["bound"] <= best + 1e-9
    assert np.isfinite(summary["continuous_gap"])
