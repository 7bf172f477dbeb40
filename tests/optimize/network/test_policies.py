"""Levels of every kind of policy, by hand: one hub with 6 units, two regions, two weeks known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.bounds import MOST_UNITS
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import OptimizeParams
from foreship_optimize.valuation.inputs import read_inputs
from tests.optimize.asked_case import policies
from tests.optimize.table_builder import COLUMNS, MONDAY, frame

WEEKS = np.datetime64(MONDAY, "D") + 7 * np.arange(2)
# R wants 1, 2, 3, 4 in the first week and 2 in the second; S wants 6 and 1
UNITS = np.array([[[1, 2, 3, 4], [2, 2, 2, 2]], [[6] * 4, [1] * 4]])


def levels(*rows: tuple, lead: int = 0):
    """Return what rows ask of (R, A) and (S, A): 2 lie in R, one more comes; 6 at the hub."""
    tables = {name: frame(name) for name in COLUMNS}
    about = (10.0, 5.0, 1.0, 0.0, "toys", 1, 0.1, 0.3, pd.NaT)
    tables["items"] = frame("items", [("A", *about)])
    tables["regions"] = frame("regions", [(r, np.inf, 1.0, "", 0, 0) for r in "RS"])
    tables["hubs"] = frame("hubs", [("H", 0, 0)])
    way = (1.0, lead, 0.0, np.inf, 6.0, np.nan, pd.NaT, pd.NaT)
    tables["lanes"] = frame("lanes", [("H", r, *way) for r in "RS"])
    tables["stock"] = frame("stock", [("H", "A", 6), ("R", "A", 2)])
    tables["inbound"] = frame("inbound", [("R", "A", 1, MONDAY + pd.Timedelta(days=2))])
    tables["policies"] = policies(*rows)
    demand = DemandScenarios(
        np.array(["R", "S"], object), np.array(["A", "A"], object), WEEKS, UNITS
    )
    return read_inputs(tables, demand, MONDAY, OptimizeParams(), 0.0).policies


@pytest.mark.parametrize(
    ("kind", "value", "lead", "floor"),
    [
        ("minimum", 4.0, 0, [4, 4]),
        ("presentation", 1.0, 0, [4, 7]),  # means 2.5 and 6 of the week until the next plan's units
        ("presentation", 1.0, 2, [6, 8]),  # two weeks then: 4.5 and 7
        ("cover_weeks", 1.5, 0, [4, 7]),  # 2.5 + 1 and 6 + .5
        ("cover_weeks", 3.0, 0, [7, 8]),  # the second week repeats
        ("service", 0.5, 0, [2, 6]),
        ("service", 0.51, 0, [3, 6]),
        ("service", 0.0, 0, [0, 0]),
        # R has enough with 3; S needs 6 of the 6 there: nothing is scarce
        ("fair_share", 1.0, 0, [0, 0]),
        # two weeks: R needs 1.5 more, S 7, together above 6
        ("fair_share", 1.0, 2, [3 + 1, 4]),
    ],
)
def test_each_kind_by_hand(kind: str, value: float, lead: int, floor: list[int]) -> None:
    """Floors of R and S; what lies there and comes is counted in."""
    found = levels((kind, value), lead=lead)
    assert found.floor.tolist() == floor
    assert found.lying.tolist() == [3, 0]
    assert found.ceiling.tolist() == [MOST_UNITS] * 2


def test_the_most_specific_row_holds_and_the_largest_floor() -> None:
    """Item and region before all; of two kinds the one that asks for more is named."""
    found = levels(("minimum", 9.0), ("minimum", 1.0, "R", "A"), ("cover_weeks", 1.0, "R"))
    assert found.floor.tolist() == [3, 9]
    assert found.floor_row.tolist() == [2, 0]
    assert found.wanted.tolist() == [0, 9]


def test_a_ceiling_counts_what_lies_and_comes() -> None:
    """Of 5 in R three are there; a category row is about its items alone."""
    found = levels(("maximum", 5.0, "", "", "toys"), ("maximum", 1.0, "S", "", "tools"))
    assert found.room.tolist() == [2, 5]
    assert str(found.words[0]) == "policy maximum 5 of category toys in any region (Anna: shelf)"


def test_no_row_that_holds_asks_for_nothing() -> None:
    """Without a table, and where every row has expired."""
    assert levels() is None
