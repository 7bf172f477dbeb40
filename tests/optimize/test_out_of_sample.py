"""A finished plan looked at again: only its own cells are valued, and nothing is lost by that."""

from __future__ import annotations

from dataclasses import astuple, replace
from unittest.mock import patch

import numpy as np
import pytest

from foreship_optimize.out_of_sample import cells_into, cvar_out_of_sample, value_out_of_sample
from foreship_optimize.planning import make_plan
from foreship_optimize.valuation import assembly, block_worth
from tests.optimize.overlapping_lanes import beside
from tests.optimize.table_builder import MONDAY, draw_tables, plan_of

FEW = [*range(4), *(pytest.param(seed, marks=pytest.mark.sweep) for seed in range(4, 40))]
"""four networks; forty in the sweep"""


@pytest.mark.parametrize("seed", [*FEW, 5475])
def test_cells_and_days_that_lines_do_not_use_change_nothing(seed: int):
    """CVaR and objective are those of an assembly in which every cell and day is valued."""
    tables, demand, params = draw_tables(seed)
    lines = plan_of(seed).lines
    lean = value_out_of_sample(tables, demand, MONDAY, params, lines)
    with (
        patch.object(assembly, "_bears_on", lambda inputs, _: np.ones(len(inputs.cells), bool)),
        patch.object(block_worth, "_used_by", lambda _inputs, moves, _: np.ones(len(moves), bool)),
    ):
        whole = value_out_of_sample(tables, demand, MONDAY, params, lines)
    assert astuple(lean) == pytest.approx(astuple(whole))


@pytest.mark.parametrize("seed", [3, 7, 11, 95, 5475])
def test_a_plan_looked_at_on_its_own_paths_is_worth_what_it_promised(seed: int):
    """What the plan's ledger and summary say comes out again.

    With 95 a late lane pays for no unit, but brings two in the place of two that are redirected.
    """
    tables, demand, params = draw_tables(seed)
    plan = plan_of(seed)
    look = value_out_of_sample(tables, demand, MONDAY, params, plan.lines, ahead=plan.ahead)
    sent = plan.units[plan.units["planned"] == 1]
    assert len(sent)
    assert look.cvar == pytest.approx(plan.summary["cvar"])
    assert look.objective == pytest.approx(plan.summary["objective"])


@pytest.mark.parametrize("seed", [5, 6])
def test_lines_of_several_lanes_between_two_places_are_told_apart(seed: int):
    """Up to three rows a pair, most with little room: the plan is worth what it promised."""
    tables, demand, params = draw_tables(seed)
    lanes = beside(tables["lanes"], seed)
    narrow = np.random.default_rng(seed).integers(1, 6, len(lanes)).astype(float)
    tables["lanes"] = lanes.assign(capacity=narrow)
    plan = make_plan(tables, demand, MONDAY, params)
    ends = ["action", "origin", "destination", "item", "exit"]
    assert plan.lines.duplicated(ends).any()
    look = value_out_of_sample(tables, demand, MONDAY, params, plan.lines, ahead=plan.ahead)
    assert look.objective == pytest.approx(plan.summary["objective"])
    assert look.cvar == pytest.approx(plan.summary["cvar"])


@pytest.mark.parametrize("seed", FEW)
def test_the_cvar_alone_is_that_of_the_whole_look(seed: int):
    """On other paths of the cells that lines end in, and of no others, each path thrice."""
    tables, demand, params = draw_tables(seed)
    plan = plan_of(seed)
    shuffled = np.random.default_rng(seed).permuted(demand.units, axis=2)
    other = replace(demand, paths=np.repeat(shuffled, 3, axis=2))
    rows = cells_into(demand.region, demand.item, plan.lines)
    part = other.of_cells(demand.region[rows], demand.item[rows], rows, 0)
    given = (tables, demand, part, MONDAY, params, plan.lines, plan.summary["cvar"])
    whole = value_out_of_sample(tables, other, MONDAY, params, plan.lines)
    assert cvar_out_of_sample(*given) == pytest.approx(whole.cvar)


def test_lanes_alike_in_days_are_told_apart_by_their_number():
    """Lorries and vans of the same days: each line is valued on its own, and the money agrees.

    Without the number some line is taken to be on another lane than it is.
    """
    tables, demand, params = draw_tables(5)
    lanes = beside(tables["lanes"], 5)
    rng = np.random.default_rng(5)
    charges = {"vehicle_cost": [0.0, 2.0, 5.0], "line_cost": [0.0, 0.3]}
    drawn = {name: rng.choice(each, len(lanes)) for name, each in charges.items()}
    lanes = lanes.assign(capacity=rng.integers(1, 6, len(lanes)).astype(float), **drawn)
    tables = tables | {"lanes": lanes}
    plan = make_plan(tables, demand, MONDAY, params)
    assert plan.lines["lane"].max() > 1
    told, untold = (
        value_out_of_sample(tables, demand, MONDAY, params, lines, ahead=plan.ahead).objective
        for lines in (plan.lines, plan.lines.drop(columns="lane"))
    )
    assert told == pytest.approx(plan.summary["objective"], rel=1e-12)
    assert untold != pytest.approx(told)
