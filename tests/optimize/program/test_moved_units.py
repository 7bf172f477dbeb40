"""The units that a plan moves: their ranks where they arrive and where they leave, their money."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_foundation.actions import action_names
from foreship_optimize.program.moved_units import (
    at_places,
    moved_units,
    totals_of,
    units_by_cell,
)
from tests.optimize.program_builder import Draft


def draft() -> Draft:
    """R1 has units worth 9 and 2 on hand and takes arrivals worth 1; R2 takes 8, 7 and 3.

    Ships to R2 take two days from H1 at 1.00 and five from H2 at 0.50, a redirect a day at 0.25.
    """
    draft = Draft()
    draft.stock = {("H1", "A"): 5, ("H2", "A"): 5}
    draft.cell("R1", "A", [1.0], on_hand=[9.0, 2.0])
    draft.cell("R2", "A", [8.0, 7.0, 3.0])
    draft.ship("H1", "R2", "A", 1.0, lead=2)
    draft.ship("H2", "R2", "A", 0.5, lateness=0.1, lead=5)
    draft.move("redirect", "R1", "R2", "A", 0.25, lead=1)
    return draft


def test_ranks_go_to_the_earliest_and_the_last_unit_on_hand_leaves():
    """One unit each way: the redirect comes first (8), then H1 (7), then H2 (3); R1 gives its 2.

    Moves are in order of action, so H1, H2, redirect; units of the problem are R1's three, then
    R2's three.
    """
    problem = draft().problem()
    moved = moved_units(problem, np.array([1, 1, 1]))
    assert moved.move.tolist() == [0, 1, 2]
    assert moved.arrives.tolist() == [4, 5, 3]
    assert moved.leaves.tolist() == [-1, -1, 1]
    assert moved.worth.tolist() == [7.0, 3.0, 8.0]
    assert moved.cost.tolist() == pytest.approx([1.0, 0.5 + 0.1, 0.25 + 2.0])


def test_of_two_on_one_day_the_cheaper_takes_the_lower_rank():
    """Both arrive on day 2; the one at 0.50 is bought first."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1, ("H2", "A"): 1}
    draft.cell("R1", "A", [8.0, 7.0])
    draft.ship("H1", "R1", "A", 1.0, lead=2)
    draft.ship("H2", "R1", "A", 0.5, lead=2)
    assert moved_units(draft.problem(), np.array([1, 1])).arrives.tolist() == [1, 0]


def test_terms_of_the_money_by_hand():
    """Two ships (1 + 0.5), a redirect (.25), lateness .1, 2 given up, 8 + 7 + 3 there: -14.15."""
    problem, quantity = draft().problem(), np.array([1, 1, 1])
    totals = totals_of(problem, quantity, moved_units(problem, quantity))
    assert totals["lateness"] == pytest.approx(0.1)
    assert totals["value_given_up"] == pytest.approx(2.0)
    assert totals["value_of_arrivals"] == pytest.approx(-18.0)
    assert sum(totals.values()) == pytest.approx(1.5 + 0.25 + 0.1 + 2.0 - 18.0)
    assert len(totals) == len(action_names()) + 4


def test_units_are_counted_by_cell_and_minus_one_is_no_cell():
    """Three and one go to cell 2, four to cell 0, five to none."""
    counted = units_by_cell(np.array([3, 4, 5, 1]), np.array([2, 0, -1, 2]), 4)
    assert counted.tolist() == [4, 0, 4, 0]


def test_nothing_moved_is_no_rows():
    """The empty plan costs nothing, and reading from an empty table is no error."""
    problem = draft().problem()
    moved = moved_units(problem, np.zeros(3, dtype=np.int64))
    assert len(moved.move) == 0
    assert set(totals_of(problem, np.zeros(3, dtype=np.int64), moved).values()) == {0.0}
    assert at_places(np.zeros(0), np.array([-1, -1])).tolist() == [0, 0]
