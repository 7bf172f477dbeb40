"""The bound of items in whole units: below every plan, met by the plan that it finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.decomposition.carried import CarriedPart, carry_items
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.program.bound import lower_bound
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.instance import Instance
from foreship_optimize.whole_units import pack_bound
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from foreship_optimize.whole_units.pack_bound import (
    bound_in_packs,
    item_minima,
    items_in_packs,
    pack_items_of,
)
from tests.clocks import endless
from tests.optimize.markets import with_redirects
from tests.optimize.program_builder import Draft
from tests.optimize.program_oracle import best_by_enumeration, draw
from tests.optimize.wild_prices import full_task, wild_prices


def all_items(instance: Instance) -> CarriedPart:
    """Return the whole problem as one part."""
    every = np.ones(len(instance.problem.items), dtype=bool)
    return carry_items(instance.problem, instance.limits, instance.risk, every)


def alone(instance: Instance) -> Instance:
    """Lift everything that items share: the least of every item is then that of the whole."""
    shared = all_items(instance).coupling
    most, least = instance.limits.at_most.copy(), instance.limits.at_least.copy()
    most[shared], least[shared] = np.inf, -np.inf
    limits = replace(instance.limits, at_most=most, at_least=least)
    problem = replace(
        instance.problem, storage=np.full(len(instance.problem.storage), np.inf), locks=(),
        lane_capacity=np.full(len(instance.problem.lane_capacity), np.inf),
    )  # fmt: skip
    return replace(
        instance, problem=problem, limits=limits, risk=replace(instance.risk, budget=None)
    )


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.booleans())
def test_no_prices_whatever_give_a_bound_above_the_best_plan(seed: int, wild: int, minimums: bool):
    """Random prices of what is shared and of what is not: never past the enumerated optimum."""
    draft, params = draw(seed, minimums=minimums)
    if not draft.moves:
        return
    instance = full_task(draft, params)
    best = best_by_enumeration(instance.problem, params)
    if best is None or not np.isfinite(best):
        return
    prices, line = wild_prices(instance, wild), params.plan.minimum_line_quantity
    known = lower_bound(instance.problem, instance.limits, prices, instance.risk, line)
    gain = item_minima(all_items(instance), prices, line).gain
    assert known + gain <= best + 1e-9
    assert gain >= 0.0


@pytest.mark.sweep
@pytest.mark.parametrize("wild", [False, True])
def test_where_nothing_is_shared_the_bound_is_the_best_plan(wild: bool):
    """Each item alone: least cost and plan are the enumerated optimum, whatever its prices."""
    closed, tried = 0, 0
    for seed in range(300):
        draft, params = draw(seed)
        if not draft.moves:
            continue
        instance = alone(full_task(draft, replace(params, risk=replace(params.risk, budget=None))))
        best = best_by_enumeration(
            instance.problem, replace(params, risk=replace(params.risk, budget=None))
        )
        if best is None:
            continue
        continuous = solve_continuous(instance, endless())
        prices = wild_prices(instance, seed) if wild else continuous.prices
        found = item_minima(all_items(instance), prices, params.plan.minimum_line_quantity)
        assert found.least.sum() <= best + 1e-9, seed
        if not found.exact.all():
            continue
        tried += 1
        assert found.least.sum() == pytest.approx(best, abs=1e-9), seed
        assert faults_of(instance, found.quantity) == []
        assert plan_cost(instance.problem, found.quantity) == pytest.approx(best, abs=1e-9)
        closed += bool(best > continuous.bound + 1e-6)
    assert tried > 150
    assert closed > 15  # equation 11 alone was below


@pytest.mark.parametrize("seed", range(20))
def test_every_way_draws_on_a_row_of_its_own_item(seed: int):
    """A lane from a hub that has nothing of the item is no way: it has no row to read."""
    draft, params = draw(seed)
    if not draft.moves:
        return
    instance = full_task(draft, params)
    part, line = all_items(instance), params.plan.minimum_line_quantity
    items = np.unique(part.problem.moves.item)
    written, ways, _ = pack_items_of(part, wild_prices(instance, seed), line, items, 1.0)
    ways_of_cell = np.diff(written.cell_ways)
    cells_of_item, rows_of_item = np.diff(written.item_cells), np.diff(written.item_rows)
    rows = np.repeat(np.repeat(rows_of_item, cells_of_item), ways_of_cell)
    assert len(ways) == len(written.way_row) == ways_of_cell.sum()
    assert ((written.way_row >= 0) & (written.way_row < rows)).all()


def pairs() -> Draft:
    """Three units at a hub, two cells that each want two worth 10 and 9; a line holds two."""
    draft = Draft()
    draft.item("A")
    draft.stock = {("H1", "A"): 3}
    draft.cell("R1", "A", [10, 9])
    draft.cell("R2", "A", [10, 9])
    draft.ship("H1", "R1", "A", 1.0)
    draft.ship("H1", "R2", "A", 1.0)
    return draft


def test_a_line_that_stock_cannot_fill_is_not_counted():
    """By hand: half a line more is worth 8.5 in equation 11; whole lines stop at 17."""
    instance = full_task(pairs(), OptimizeParams(plan=PlanParams(minimum_line_quantity=2)))
    found = solve_continuous(instance, endless())
    assert found.bound == pytest.approx(-25.5)
    assert bound_in_packs(instance, found) == pytest.approx(-17.0)


def test_a_search_without_nodes_or_options_is_still_a_bound(monkeypatch):
    """Cut short, the search says less and never too much; the cells' own best always counts."""
    instance = with_redirects(0, 1e6)
    found = solve_continuous(instance, endless())
    full = bound_in_packs(instance, found)
    for name, few in (("NODES", 1), ("NODES", 40), ("OPTIONS", 1), ("OPTIONS", 60)):
        monkeypatch.setattr(pack_bound, name, few)
        assert found.bound <= bound_in_packs(instance, found) <= full + 1e-9
        monkeypatch.undo()
    assert full > found.bound + 1e-6


def test_items_laid_out_together_or_apart_say_the_same(monkeypatch):
    """One item at a time or all at once: the same bound."""
    instance = with_redirects(1, 30.0)
    found = solve_continuous(instance, endless())
    assert found.prices.risk > 0
    whole = bound_in_packs(instance, found)
    monkeypatch.setattr(pack_bound, "ITEMS_AT_ONCE", 1)
    monkeypatch.setattr(pack_bound, "UNITS_AT_ONCE", 7)
    assert bound_in_packs(instance, found) == pytest.approx(whole, abs=1e-8)


def test_single_units_need_no_search():
    """Without packs and lines no item is marked: its least continuous plan is in whole units."""
    for seed in range(20):
        draft, _ = draw(seed)
        draft.items = {name: (volume, 1) for name, (volume, _) in draft.items.items()}
        if draft.moves:
            assert not items_in_packs(draft.problem(), 1).any()
            ships = draft.problem().moves.action == 0
            assert items_in_packs(draft.problem(), 2).any() == ships.any()
