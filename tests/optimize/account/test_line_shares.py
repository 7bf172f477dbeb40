"""What a cell's units earn is shared by its lines in a way that names have no say in."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.planning import solve
from tests.optimize.lifted_limits import drawn
from tests.optimize.program_builder import Draft
from tests.optimize.table_builder import MONDAY


def plan_of(hubs: dict[str, tuple[int, float, int]], values=(10.0, 8.0, 6.0, 4.0, 1.0)):
    """Plan one cell from hubs given as units, cost and days."""
    draft = Draft()
    draft.cell("R1", "A", list(values), p=[0.9, 0.7, 0.5, 0.3, 0.1])
    for hub, (units, cost, days) in hubs.items():
        draft.stock[hub, "A"] = units
        draft.ship(hub, "R1", "A", cost, lead=days)
    return solve(draft.problem(), as_of=MONDAY)


def told(lines: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Gain a unit and chance of the lines of each hub."""
    each = lines.assign(gain=lines["expected_gain"] / lines["quantity"]).set_index("origin")
    return {
        str(hub): (round(row["gain"], 9), row["purchase_probability"])
        for hub, row in each.iterrows()
    }


def test_lines_of_one_day_earn_the_mean_of_their_units_less_their_own_cost():
    """Four units worth 28 in all come from two hubs: 7 each, less 2 or 2.5; the last has .3."""
    lines = plan_of({"H1": (2, 2.0, 0), "H2": (2, 2.5, 0)}).lines
    assert told(lines) == {"H1": (5.0, 0.3), "H2": (4.5, 0.3)}


def test_an_earlier_day_takes_the_units_of_lower_rank():
    """Two come on Monday, worth 18, and two on Wednesday, worth 10."""
    lines = plan_of({"H1": (2, 2.0, 2), "H2": (2, 2.5, 0)}).lines
    assert told(lines) == {"H1": (3.0, 0.3), "H2": (6.5, 0.7)}


@pytest.mark.parametrize("names", [("H1", "H2"), ("H2", "H1"), ("Z", "A")])
def test_equal_sources_have_equal_lines_whatever_their_names(names: tuple[str, str]):
    """Three and one unit at the same terms: as much a unit, and the same chance."""
    lines = plan_of({names[0]: (3, 2.0, 0), names[1]: (1, 2.0, 0)}).lines
    assert told(lines) == {names[0]: (5.0, 0.3), names[1]: (5.0, 0.3)}
    assert lines["expected_gain"].sum() == pytest.approx(20.0)


def test_a_source_split_in_two_leaves_the_other_line_as_it_was():
    """Two of four units come from elsewhere: what H2 says of its own does not change."""
    one = plan_of({"H1": (3, 2.0, 0), "H2": (1, 2.5, 0)}).lines
    two = plan_of({"H0": (1, 2.0, 0), "H1": (2, 2.0, 0), "H2": (1, 2.5, 0)}).lines
    assert told(two)["H2"] == told(one)["H2"]
    assert told(two)["H0"] == told(two)["H1"] == told(one)["H1"]


def test_units_taken_from_one_cell_give_up_the_mean_of_them_all():
    """Worth 3 and 1 where they lay, one each is redirected for 1: both lines are charged 2."""
    draft = Draft()
    draft.cell("R0", "A", [], on_hand=[3.0, 1.0])
    for region in ("R1", "R2"):
        draft.cell(region, "A", [9.0])
        draft.move("redirect", "R0", region, "A", 1.0)
    plan = solve(draft.problem(), as_of=MONDAY)
    assert plan.lines["expected_gain"].tolist() == pytest.approx([6.0, 6.0])
    sent = plan.units[plan.units["planned"] == 1]
    assert sent["expected_gain"].tolist() == pytest.approx([6.0, 6.0])


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_lines_add_up_to_the_objective_and_a_margin_has_the_sign_of_the_last_unit(seed: int):
    """Sum over lines = - objective; below its break-even a unit sent loses."""
    problem, params = drawn(seed)
    plan = solve(problem, params, as_of=MONDAY)
    lines = plan.lines
    assert lines["expected_gain"].sum() == pytest.approx(-plan.summary["objective"], abs=1e-9)
    into = lines[lines["action"].isin(["ship", "redirect"])]
    alone = into[~into.duplicated(["destination", "item"], keep=False)]
    for row in alone[(alone["action"] == "ship") & (alone["quantity"] == 1)].itertuples():
        assert (row.expected_gain >= -1e-9) == (row.purchase_probability >= row.break_even - 1e-9)
