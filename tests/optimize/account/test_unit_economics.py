"""Gain, loss and break-even of a unit."""

from __future__ import annotations

import pytest

from foreship_optimize.planning import solve
from tests.optimize.program_builder import Draft
from tests.optimize.table_builder import MONDAY


def test_gain_loss_and_break_even_of_a_line_by_hand():
    """V = 4 at p = 0.5 with b = 5 and c = 1: gain 4, loss 4 - 2*3 = -2, break-even -2/(4-2)."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1}
    draft.cell("R1", "A", [4])
    draft.ship("H1", "R1", "A", 1.0)
    plan = solve(draft.problem(), as_of=MONDAY)
    unit, line = plan.units.iloc[0], plan.lines.iloc[0]
    assert (unit["gain"], unit["loss"]) == (pytest.approx(4.0), pytest.approx(-2.0))
    assert line["expected_gain"] == pytest.approx(3.0)
    assert line["break_even"] == pytest.approx(-1.0)
    assert line["exit"] == "give_away"


def test_a_unit_sure_to_be_bought_earns_its_worth():
    """At p = 1 the gain is v - c, whatever the unsold unit would be worth."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1}
    draft.cell("R1", "A", [4], p=[1.0])
    draft.ship("H1", "R1", "A", 1.0)
    unit = solve(draft.problem(), as_of=MONDAY).units.iloc[0]
    assert unit["p"] == 1.0
    assert unit["gain"] == unit["expected_gain"] == pytest.approx(3.0)
