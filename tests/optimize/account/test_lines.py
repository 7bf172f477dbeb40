"""The lines of a plan: ranks, order, types, and what is still under way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.departures import Departures
from foreship_optimize.planning import solve
from foreship_optimize.problem import Moves
from tests.optimize.program_builder import Draft, two_hubs_three_regions
from tests.optimize.table_builder import MONDAY


def test_earlier_arrivals_take_the_lower_ranks():
    """Of two lines into a cell the one that arrives first gets the more valuable unit."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1, ("H2", "A"): 1}
    draft.cell("R1", "A", [9, 5])
    draft.ship("H1", "R1", "A", 1.0, lead=5, lateness=0.5)
    draft.ship("H2", "R1", "A", 2.0, lead=1)
    lines = solve(draft.problem(), as_of=MONDAY).lines.set_index("origin")
    assert lines.loc["H2", "expected_gain"] == pytest.approx(9 - 2)
    assert lines.loc["H1", "expected_gain"] == pytest.approx(5 - 1 - 0.5)
    assert lines.loc["H1", "cost"] == pytest.approx(1.0)


def test_lines_are_sorted_and_typed_as_the_contract_says():
    """Sorted by action, origin, destination, item; whole quantities; midnight dates."""
    lines = solve(two_hubs_three_regions().problem(), as_of=MONDAY).lines
    keys = list(zip(lines["action"], lines["origin"], lines["destination"], lines["item"],
                    strict=True))  # fmt: skip
    assert keys == sorted(keys)
    assert lines["quantity"].dtype == np.int64
    assert lines["ship_date"].eq(MONDAY).all()
    assert not lines.isna().to_numpy().any()


def test_what_arrives_the_same_day_is_not_under_way():
    """Only lines that arrive later than they leave are handed to the next run, summed."""
    draft = Draft()
    draft.stock = {("H1", "A"): 1, ("H2", "A"): 1, ("H1", "B"): 1}
    draft.cell("R1", "A", [9, 8])
    draft.cell("R1", "B", [9])
    draft.ship("H1", "R1", "A", 1.0, lead=3)
    draft.ship("H2", "R1", "A", 1.0, lead=3)
    draft.ship("H1", "R1", "B", 1.0, lead=0)
    inbound = solve(draft.problem(), as_of=MONDAY).inbound
    assert list(inbound.columns) == ["location", "item", "quantity", "arrival_date"]
    assert inbound.to_numpy().tolist() == [["R1", "A", 2, MONDAY + pd.Timedelta(days=3)]]


def test_lines_leave_on_the_day_of_their_departure():
    """One on Monday and one on Wednesday that arrives on the same Thursday: two lines, two dates.

    What arrives after the day of the plan is under way, though it leaves and arrives on one day.
    """
    draft = Draft()
    draft.stock = {("H1", "A"): 2}
    draft.cell("R1", "A", [9, 8])
    draft.ship("H1", "R1", "A", 1.0, lead=3)
    problem = draft.problem()
    twice = {name: np.repeat(getattr(problem.moves, name), 2)
             for name in problem.moves.__dataclass_fields__}  # fmt: skip
    days = replace(Departures.none().filled(2, 1), day=np.array([0, 3]))
    problem = replace(
        problem,
        moves=Moves(**twice | {"lane": np.arange(2)}),
        departures=days,
        lane_origin=np.array(["H1"] * 2, dtype=object),
        lane_destination=np.array(["R1"] * 2, dtype=object),
        lane_capacity=np.ones(2),
    )
    plan = solve(problem, as_of=MONDAY)
    assert (plan.lines["ship_date"] - MONDAY).dt.days.tolist() == [0, 3]
    assert plan.lines["quantity"].tolist() == [1, 1]
    assert plan.inbound["quantity"].tolist() == [2]
