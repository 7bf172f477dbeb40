"""A finished plan looked at again: only its own cells are valued, and nothing is lost by that."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimize.planning import make_plan
from optimize.second_look import look_again
from tests.optimize.table_builder import MONDAY, draw_tables


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_on_its_own_paths_a_plan_is_worth_what_it_promised(seed: int):
    """Gain, CVaR and objective come out as stated, though cells without a line are left out."""
    tables, demand, params = draw_tables(seed)
    plan = make_plan(tables, demand, MONDAY, params)
    look = look_again(tables, demand, MONDAY, params, plan.lines)
    sent = plan.units[plan.units["planned"] == 1]
    assert look.gain == pytest.approx(float(sent["expected_gain"].sum()))
    assert look.cvar == pytest.approx(plan.summary["cvar"])
    assert look.objective == pytest.approx(plan.summary["objective"])
