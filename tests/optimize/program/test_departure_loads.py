"""Loads of departures, the vehicles they take, and how their cost is shared."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.program.departure_loads import (
    fewest_vehicles,
    freight_of_departures,
    freight_shares,
    item_lines,
    loads_of,
    most_arriving,
    spent,
)
from foreship_optimize.program.moved_units import moved_units, totals_of
from foreship_optimize.whole_units.integer_program import plan_cost
from tests.optimize.program_builder import Draft
from tests.optimize.vehicle_markets import charged


def two_items(**stated):
    """Items A (volume 2) and B (volume 1) to one region; A ships for 1, B for 0.50."""
    draft = Draft()
    for item, volume, cost in (("A", 2.0, 1.0), ("B", 1.0, 0.5)):
        draft.item(item, volume)
        draft.stock["H", item] = 9
        draft.cell("R", item, [9.0] * 9)
        draft.ship("H", "R", item, cost)
    draft.lanes = {("H", "R"): np.inf}
    return charged(draft.problem(), **{"vehicle_cost": 10.0, **stated})


@pytest.mark.parametrize(
    ("plan", "stated", "vehicles"),
    [
        ([1, 1], {"vehicle_volume": 3.0}, 1),
        ([2, 0], {"vehicle_volume": 3.0}, 2),
        ([0, 0], {"vehicle_volume": 3.0}, 0),
        ([9, 9], {}, 1),
        ([1, 1], {"vehicle_volume": 3.0, "vehicle_kg": 1.0, "weight_kg": [0.2, 2.3]}, 3),
        ([0, 3], {"vehicle_volume": 0.3 * 10, "vehicle_kg": 0.3, "weight_kg": [0.0, 0.1]}, 1),
    ],
)
def test_the_fewest_vehicles_carry_the_tighter_of_volume_and_weight(plan, stated, vehicles) -> None:
    """Full, one unit over, nothing, without a size, by weight, and 3 x 0.1 in 0.3."""
    problem = two_items(**stated)
    quantity = np.array(plan, dtype=np.int64)
    assert fewest_vehicles(problem, loads_of(problem, quantity)).tolist() == [vehicles]
    assert freight_of_departures(problem, quantity) == (10.0 * vehicles, 0.0)


def test_vehicles_and_lines_are_terms_of_the_objective() -> None:
    """Two of A and one of B: two vehicles of 3 for 20, two lines for 3; units 2.50, worth 27."""
    problem, plan = two_items(vehicle_volume=3.0, line_cost=1.5), np.array([2, 1], dtype=np.int64)
    totals = totals_of(problem, plan, moved_units(problem, plan))
    assert totals["vehicles"] == 20.0
    assert totals["lines"] == 3.0
    assert plan_cost(problem, plan) == pytest.approx(2.5 + 20.0 + 3.0 - 27.0)
    assert spent(problem, plan) == pytest.approx(25.5)


def test_a_problem_without_departures_has_no_such_terms() -> None:
    """What is not stated is not shown."""
    problem, plan = two_items(vehicle_cost=0.0), np.array([2, 1], dtype=np.int64)
    assert not {"vehicles", "lines"} & set(totals_of(problem, plan, moved_units(problem, plan)))


@pytest.mark.parametrize(
    ("stated", "each"),
    [
        ({"vehicle_volume": 3.0}, [8.0, 4.0]),
        ({"vehicle_volume": 9.0, "vehicle_kg": 2.0, "weight_kg": [0.5, 1.0]}, [2.5, 5.0]),
        ({}, [10.0 / 3, 10.0 / 3]),
    ],
)
def test_a_vehicle_is_shared_by_what_fills_it(stated, each) -> None:
    """By volume, by weight, and by units where it has no size; a line of 1.50 by its units."""
    problem, plan = two_items(line_cost=1.5, **stated), np.array([2, 1], dtype=np.int64)
    share = freight_shares(problem, plan)
    assert share.tolist() == pytest.approx([each[0] + 0.75, each[1] + 1.5])
    assert share @ plan == pytest.approx(sum(freight_of_departures(problem, plan)))


def test_moves_of_an_item_on_a_departure_are_one_line() -> None:
    """A return of A by two exits is one line; where lines cost nothing there is none."""
    draft = Draft()
    draft.cell("R", "A", [], on_hand=[1.0, 0.5])
    draft.stock["H", "A"] = 1
    for cost in (1.0, 2.0):
        draft.move("return", "R", "H", "A", cost)
    draft.lanes = {("R", "H"): np.inf}
    assert item_lines(charged(draft.problem(), line_cost=1.0)).tolist() == [0, 0]
    assert item_lines(charged(draft.problem())).tolist() == [-1, -1]


def test_what_lies_in_a_cell_that_gives_nothing_leaves_less_room_for_arrivals() -> None:
    """Of 4 candidates 3 lie there: one can come; where one may leave, as many as before."""
    draft = Draft()
    draft.stock["H", "A"] = 9
    draft.cell("R", "A", [1.0], on_hand=[4.0, 3.0, 2.0])
    draft.ship("H", "R", "A", 0.5)
    assert most_arriving(draft.problem()).tolist() == [1]
    draft.move("give_away", "R", "", "A", 0.5)
    assert most_arriving(draft.problem()).max() == 4
