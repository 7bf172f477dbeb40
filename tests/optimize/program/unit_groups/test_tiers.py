"""Units laid out in atoms, tiers and lots: nothing lost, nothing counted twice, packs whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.planning import solve
from foreship_optimize.program.unit_groups.tiers import atoms_of, line_minimum, lots_of, tiers_of
from tests.optimize.program_builder import Draft, one_cell

MONDAY = pd.Timestamp("2026-11-16")


@pytest.mark.parametrize("minimum", [1, 4, 5])
def test_the_minimum_line_is_rounded_up_to_whole_packs(minimum: int):
    """A minimum of 4 in packs of 3 is a line of 6."""
    least = line_minimum(one_cell([1], pack=3).problem(), minimum)
    assert least.tolist() == [{1: 3, 4: 6, 5: 6}[minimum]]


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=40),
    st.integers(1, 6),
    st.integers(0, 3),
)
def test_tiers_hold_every_unit_once_and_average_it(values, blocks, lies):
    """At most `blocks` tiers a cell; widths and worth add up; means fall with rank."""
    values = sorted(map(float, values), reverse=True)
    draft = Draft()
    draft.stock = {("H1", "A"): 99}
    draft.cell("R1", "A", values[lies:], on_hand=values[:lies])
    draft.ship("H1", "R1", "A", 0.0)
    problem = draft.problem()
    tiers = tiers_of(problem, blocks)
    arrivals = problem.units.value[~problem.units.on_hand]
    assert len(tiers.cell) <= blocks
    assert tiers.width.sum() == len(arrivals)
    assert (tiers.width * tiers.value).sum() == pytest.approx(arrivals.sum())
    assert (np.diff(tiers.value) <= 1e-12).all()
    single = tiers_of(problem, None)
    assert len(np.unique(arrivals)) == len(single.cell)


def test_arrivals_are_counted_apart_where_units_also_leave():
    """A cell that gives units away has one lot an arrival, and no tier stands for it."""
    draft = one_cell([5, 4, 4])
    assert lots_of(draft.problem(), tiers_of(draft.problem(), None)).tier.tolist() == [0, 1]
    draft.cell("R1", "A", [5, 4], on_hand=[9])
    draft.move("give_away", "R1", "", "A", 1.0)
    lots = lots_of(draft.problem(), tiers_of(draft.problem(), None))
    assert lots.tier.tolist() == [-1, -1, -1]
    assert lots.ahead.tolist() == [0, 1, 2]


def test_equal_arrivals_stand_apart_where_losses_are_limited():
    """Two units of one worth share a tier, but not if the first is less likely to be lost."""
    problem = one_cell([5, 5, 4]).problem()
    assert tiers_of(problem, None).width.tolist() == [2, 1]
    assert tiers_of(problem, None, risky=True).width.tolist() == [1, 1, 1]
    assert len(tiers_of(problem, 2, risky=True).cell) == 2


def test_a_cell_reached_in_packs_takes_packs():
    """Seven arrivals in packs of three: two atoms of three; the seventh can never come."""
    atoms = atoms_of(one_cell([9, 8, 7, 6, 5, 4, 3], pack=3).problem(), 1)
    assert atoms.first.tolist() == [0, 3] and atoms.width.tolist() == [3, 3]
    assert tiers_of(one_cell([9, 8, 7, 6, 5, 4, 3], pack=3).problem(), None).value.tolist() == [
        8.0, 5.0,
    ]  # fmt: skip


def test_the_minimum_line_comes_first_and_packs_after_it():
    """A minimum line of four in packs of two: an atom of four, then of two."""
    atoms = atoms_of(one_cell([9.0] * 9, pack=2).problem(), 4)
    assert atoms.width.tolist() == [4, 2, 2]


def test_a_cell_that_redirects_reach_takes_single_units():
    """A redirect moves one unit, so the cell's units stay single although ships go in packs."""
    draft = one_cell([9, 8, 7], pack=3)
    draft.cell("R2", "A", [], on_hand=[1])
    draft.move("redirect", "R2", "R1", "A", 0.5)
    assert atoms_of(draft.problem(), 1).width.tolist() == [1, 1, 1, 1]


def test_packs_in_the_program_bring_the_bound_down_to_what_packs_can_earn():
    """A pack of two worth 9 + 1 at a cost of 2 each: the bound is 6, not the 7 of half a pack."""
    draft = one_cell([9, 1], pack=2)
    rounded = OptimizeParams(plan=PlanParams(integer_program_units=0))
    summary = solve(draft.problem(), rounded, as_of=MONDAY).summary
    assert summary["objective"] == pytest.approx(-6.0)
    assert summary["bound"] == pytest.approx(-6.0)


def test_stock_beside_whole_packs_is_worth_nothing():
    """Three units at the hub are one pack of two; a fourth brings another pack."""
    draft = one_cell([9, 9, 8, 8], pack=2)
    draft.stock = {("H1", "A"): 3}
    rounded = OptimizeParams(plan=PlanParams(integer_program_units=0))
    problem = draft.problem()
    summary = solve(problem, rounded, as_of=MONDAY).summary
    assert summary["objective"] == pytest.approx(-14.0)
    assert summary["bound"] == pytest.approx(-14.0)
    fourth = replace(problem, supply_units=problem.supply_units + 1)
    assert solve(fourth, rounded, as_of=MONDAY).summary["objective"] == pytest.approx(-26.0)


@pytest.mark.parametrize(("pack", "floor", "first"), [(1, 4, 4), (6, 4, 6), (6, 13, 18), (1, 0, 0)])
def test_a_tier_begins_behind_a_floor_however_few_there_are(pack: int, floor: int, first: int):
    """Thirty units in two tiers: the worth of 4 in packs of 6 is that of the first pack alone."""
    worth = [100.0 * (rank < floor) + 30.0 - rank for rank in range(30)]
    problem = one_cell(worth, pack=pack).problem()
    problem = replace(problem, floor_rank=np.array([floor]))
    tiers = tiers_of(problem, 2)
    starts = problem.units.rank[tiers.first] - 1
    assert first in starts.tolist() and len(starts) <= 3
    bonus = (np.array(worth) > 50.0).astype(float)
    above = np.add.reduceat(bonus, starts)[starts >= first]
    assert tiers.width.sum() == 30 and (not floor or above.tolist() == [0.0] * len(above))
