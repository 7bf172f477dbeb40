"""A step that fits nowhere is let in where others make room for less."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.params import OptimizeParams
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.whole_units.exchanges import with_exchanges
from foreship_optimize.whole_units.integer_program import faults_of, plan_cost
from tests.optimize.program_builder import Draft
from tests.optimize.program_oracle import draw, feasible_plans
from tests.optimize.working_plans import working_plan_of


def exchanged(draft: Draft, plan: list[int], params: OptimizeParams | None = None) -> list[int]:
    """Better a plan by exchanges."""
    _, instance = working_plan_of(draft, params)
    prices = solve_continuous(instance, Clock(60)).prices
    return with_exchanges(instance, prices, np.array(plan)).tolist()


def overfull(cost: float) -> Draft:
    """Draw a region of 3 that one unit of B fills; a small unit of A would earn 5 there."""
    draft = Draft()
    draft.item("A", 0.5)
    draft.item("B", 3.0)
    draft.cell("R", "A", [5.0])
    draft.cell("R", "B", [], on_hand=[2.0])
    draft.stock["H", "A"] = 1
    draft.storage["R"] = 3.0
    draft.ship("H", "R", "A", 0.0)
    draft.move("markdown", "R", "", "B", cost)
    return draft


@pytest.mark.parametrize(("cost", "plan"), [(2.5, [1, 1]), (3.5, [0, 0])])
def test_a_unit_on_hand_leaves_for_one_that_is_worth_more(cost: float, plan: list[int]) -> None:
    """B is worth 2 and leaves at a cost: 4.50 in all is less than the 5 of A, 5.50 is more."""
    assert exchanged(overfull(cost), [0, 0]) == plan
    assert exchanged(overfull(cost), [1, 1]) == plan


def full_of_one() -> Draft:
    """Draw a region of 1 with a unit of A that may leave at 1, while another may come at 2."""
    draft = Draft()
    draft.cell("R", "A", [5.0, 5.0], on_hand=[5.0])
    draft.stock["H", "A"] = 1
    draft.storage["R"] = 1.0
    draft.ship("H", "R", "A", 2.0)
    draft.move("markdown", "R", "", "A", 1.0)
    return draft


def test_what_leaves_only_for_its_like_to_come_stays() -> None:
    """Both steps lose alone, or do not fit: 3 are paid for the same unit in the same place."""
    assert exchanged(full_of_one(), [1, 1]) == [0, 0]


def two_ways(worth: float) -> Draft:
    """Draw a unit of A that comes by H1 or, at 1 more, by H2, and one of B by H1, which takes 1."""
    draft = Draft()
    draft.cell("R", "A", [worth])
    draft.cell("R", "B", [3.0])
    draft.stock = {("H1", "A"): 1, ("H1", "B"): 1, ("H2", "A"): 1}
    draft.lanes = {("H1", "R"): 1.0}
    draft.ship("H1", "R", "A", 0.0)
    draft.ship("H1", "R", "B", 0.0)
    draft.ship("H2", "R", "A", 1.0)
    return draft


def test_a_unit_comes_by_another_way_where_that_makes_room_for_others() -> None:
    """A comes by the full lane of H1, by which alone B can; by H2 it costs 1 more, B earns 3."""
    assert exchanged(two_ways(5.0), [1, 0, 0]) == [0, 1, 1]


def test_what_a_minimum_asks_for_may_come_another_way() -> None:
    """One of A has to come, by H1, whose lane B would use for more; H2 is dearer by 1."""
    draft = two_ways(-2.0)
    draft.lock("one of A", lambda a, o, d, i: i == "A", at_least=1.0)
    assert exchanged(draft, [1, 0, 0]) == [0, 1, 1]


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_stays_within_its_limits_and_never_costs_more(seed: int) -> None:
    """From any plan of draws with every kind of limit."""
    draft, params = draw(seed)
    _, instance = working_plan_of(draft, params)
    plans = feasible_plans(instance.problem, params) if draft.cells else None
    if plans is None or not len(plans):
        return
    prices = solve_continuous(instance, Clock(60)).prices
    start = np.array(plans[seed % len(plans)])
    found = with_exchanges(instance, prices, start)
    assert faults_of(instance, found) == []
    assert plan_cost(instance.problem, found) <= plan_cost(instance.problem, start) + 1e-9
