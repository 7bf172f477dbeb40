"""What a planner is told was left out: each thing in its own words, and silence without one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from foreship_optimize.params import PlanParams, RiskParams
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.small_network import STEADY, day, demand_of, lane, tables_of

DEMAND = demand_of({("R", "I"): [[3]] * 4})
NO_EXIT = replace(STEADY, exits=replace(STEADY.exits, allowed=()))
REASONS = {
    "a lane too slow": ({"lanes": [lane("H", "R", lead=28)]}, STEADY, "H -> R"),
    "no lane": ({"lanes": [lane("R", "H")]}, STEADY, "No open lane from a hub reaches R"),
    "overfull": (
        {"regions": [("R", 2.0, 2.0, "", 0, 0)], "stock": [("R", "I", 3), ("H", "I", 1)]},
        STEADY, "Region R is overfull: stock and inbound take 3 of 2",
    ),
    "over": ({"assortment": [("R", "I", day(-9), day(-1))]}, STEADY, "1 cell is over"),
    "stray stock": (
        {"assortment": [("S", "I", day(-9), day(9))], "stock": [("R", "I", 3)],
         "regions": [(name, np.inf, 2.0, "", 0, 0) for name in "RS"]},
        STEADY, "1 cell holds stock (3 units) outside the assortment",
    ),
    "no exit": ({}, NO_EXIT, "1 cell has no exit"),
    "long review": ({}, replace(STEADY, plan=PlanParams(review_weeks=5)), "less than review_weeks"),
    "long risk": (
        {}, replace(STEADY, risk=RiskParams(horizon_weeks=5)), "less than risk.horizon_weeks",
    ),
    "never pays": (
        {"lanes": [lane("H", "R", 9.0), lane("R", "H")]}, STEADY,
        "1 of 1 cell within reach: not even a first unit can pay",
    ),
    "no stock": ({"stock": []}, STEADY, "1 cell of the assortment cannot be reached"),
}  # fmt: skip


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_each_thing_left_out_is_said(reason: str):
    """One sentence names it, with its places or its count."""
    rows, params, words = REASONS[reason]
    notes = assemble(tables_of(**rows), DEMAND, day(0), params).notes
    assert any(words in note for note in notes), notes


def test_fast_movers_are_said_to_be_valued_in_blocks():
    """Three hundred a week: more than 128 units, valued in blocks."""
    tables = tables_of(stock=[("H", "I", 900)])
    notes = assemble(tables, demand_of({("R", "I"): [[300]] * 4}), day(0), STEADY).notes
    assert any("1 cell with over 128 units" in note for note in notes)


def test_where_nothing_is_left_out_nothing_is_said():
    """One hub, one lane, one cell that sells: no note."""
    assert assemble(tables_of(), DEMAND, day(0), STEADY).notes == ()


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        (lane("H", "R"), False),
        (lane("H", "R", capacity=9.0), True),
        (lane("H", "R", 1.5), True),
        (lane("H", "S"), True),
    ],
)
def test_a_slow_lane_that_is_no_cheaper_than_a_quick_one_goes_without_saying(beside, said: bool):
    """At 1.00 in four weeks, twice: told once, unless a lane in time has room and costs no more."""
    slow = [lane("H", "R", 1.0, 28), lane("H", "R", 1.0, 28, per_kg=0.5)]
    regions = [(name, np.inf, 2.0, "", 0, 0) for name in "RS"]
    tables = tables_of(lanes=[*slow, beside, lane("R", "H")], regions=regions)
    notes = assemble(tables, DEMAND, day(0), STEADY).notes
    told = [note for note in notes if "beyond the horizon" in note]
    assert [note.endswith("used: H -> R") for note in told] == [True] * said
