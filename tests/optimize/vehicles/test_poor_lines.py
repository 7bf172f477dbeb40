"""Item lines stay only where their units earn what the line costs."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.vehicles.poor_lines import without_poor_lines
from foreship_optimize.whole_units.integer_program import plan_cost
from tests.optimize.program_builder import Draft
from tests.optimize.vehicle_markets import charged, instance_at


def two_ways(cost: float, at_least: float = 0.0):
    """Cell R of A, units worth 6, 4, 1 and 1, by H1 and H2; lines of `cost`."""
    draft = Draft()
    draft.cell("R", "A", [6.0, 4.0, 1.0, 1.0])
    for hub in ("H1", "H2"):
        draft.stock[hub, "A"] = 9
        draft.ship(hub, "R", "A", 0.0)
        draft.lanes[hub, "R"] = np.inf
    if at_least:
        draft.lock("enough", lambda a, o, d, i: o == "H2", at_least=at_least)
    return instance_at(charged(draft.problem(), line_cost=cost))


@pytest.mark.parametrize(
    ("cost", "plan", "left"),
    [
        (3.0, [2, 2], [2, 0]),  # the second way brings units worth 1 and 1
        (1.5, [2, 2], [2, 2]),
        (7.0, [1, 1], [0, 0]),  # without one the other earns 6, still less than 7
        (5.0, [1, 1], [1, 0]),  # without one the other earns 6
    ],
)
def test_lines_that_earn_less_than_they_cost_are_taken_out(cost, plan, left) -> None:
    """The poorest of a cell first; the plan never costs more than before."""
    instance, before = two_ways(cost), np.array(plan)
    found = without_poor_lines(instance, before)
    assert found.tolist() == left
    assert plan_cost(instance.problem, found) <= plan_cost(instance.problem, before)


def test_lines_that_a_minimum_asks_for_stay() -> None:
    """Two units by H2 are required, whatever their line costs."""
    assert without_poor_lines(two_ways(3.0, 2.0), np.array([2, 2])).tolist() == [2, 2]


def test_without_a_line_cost_the_plan_stays() -> None:
    """There is nothing to judge."""
    plan = np.array([2, 2])
    assert without_poor_lines(two_ways(0.0), plan) is plan
