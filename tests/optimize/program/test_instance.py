"""The instance of a solve: cells that give units away, and what their stock is worth."""

from __future__ import annotations

from foreship_optimize.program.instance import LimitsCannotHold, gives_units, worth_on_hand
from tests.optimize.program_builder import Draft


def draft() -> Draft:
    """R1 holds two units, worth 6 and 2, and R2 one worth 5; only R1 has a way out."""
    draft = Draft()
    draft.stock = {("H1", "A"): 3}
    draft.cell("R1", "A", [1.0], on_hand=[6.0, 2.0])
    draft.cell("R2", "A", [4.0], on_hand=[5.0])
    draft.ship("H1", "R1", "A", 1.0)
    draft.move("redirect", "R1", "R2", "A", 0.5)
    return draft


def test_a_cell_gives_units_where_a_move_starts_in_it():
    """R1 is the origin of a redirect; R2 is only ever a destination."""
    assert gives_units(draft().problem()).tolist() == [True, False]


def test_only_stock_that_may_leave_is_counted_in_tiers():
    """6 + 2 lie where units may leave; R2's 5 stay whatever the plan, its arrival is not there."""
    assert worth_on_hand(draft().problem()) == 8.0


def test_limits_that_cannot_hold_say_so_and_bring_the_nearest_plan():
    """The words are the message; without a plan there is none."""
    failure = LimitsCannotHold("lock at_least 3 is out of reach")
    assert str(failure) == "lock at_least 3 is out of reach"
    assert failure.best is None
