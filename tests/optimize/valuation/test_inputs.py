"""What the valuation starts from: possible moves, and the ways into each cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.network.cells import Cells
from foreship_optimize.params import EconomicsParams, OptimizeParams, PlanParams
from foreship_optimize.valuation.inputs import (
    Inputs,
    Reach,
    possible_moves,
    reach_of,
    read_inputs,
)
from tests.optimize.small_network import STEADY, day, demand_of, item, lane, tables_of
from tests.optimize.table_builder import MONDAY


def inputs(params: OptimizeParams = STEADY, *, lanes=None, pack: int = 1, **rows) -> Inputs:
    """Read R and S, which both sell I; H has five, R two on hand."""
    tables = tables_of(
        items=[item("I", pack=pack)],
        regions=[(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("R", "S")],
        lanes=lanes or [lane("H", "R", 1.0, 3), lane("H", "S", 4.0, 2), lane("R", "H", 1.0)],
        **({"stock": [("H", "I", 5), ("R", "I", 2)]} | rows),
    )
    demand = demand_of({(name, "I"): [[1, 2]] * 4 for name in ("R", "S")})
    return read_inputs(tables, demand, MONDAY, params, obsolescence=0.3)


def test_a_cell_is_reached_by_its_earliest_and_its_cheapest_ship():
    """R from H in three days at 1, S in two at 4; two of the seven units there are lie in R."""
    found = inputs()
    reach = reach_of(found, possible_moves(found))
    assert reach.day.tolist() == [3, 2]
    assert reach.cost.tolist() == [1.0, 4.0]
    assert reach.most.tolist() == [7 - 2 + 1, 7 + 1]
    assert reach.forced.tolist() == [0, 0]


def test_a_dear_fast_lane_and_a_cheap_slow_one_give_one_of_each():
    """Two hubs into R: the day of the fast lane, the cost of the slow one."""
    lanes = [lane("H", "R", 3.0, 1), lane("J", "R", 1.0, 5)]
    hubs = [("H", np.nan, np.nan), ("J", np.nan, np.nan)]
    found = inputs(lanes=lanes, hubs=hubs, stock=[("H", "I", 1), ("J", "I", 1)])
    reach = reach_of(found, possible_moves(found))
    assert (reach.day.tolist(), reach.cost.tolist()) == ([1, NEVER], [1.0, np.inf])


def test_a_cell_of_redirects_alone_is_valued_for_them():
    """S only from R, where two lie: a day away at .75."""
    rule = [("redirect", "", "", 0.0, 0.0, np.inf, 0.0)]
    found = inputs(lanes=[lane("H", "R", 1.0, 3), lane("R", "S", 0.75, 1)], exits=rule)
    reach = reach_of(found, possible_moves(found))
    assert (reach.day.tolist(), reach.cost.tolist()) == ([3, 1], [1.0, 0.75])
    assert found.redirect_cost.tolist() == [np.inf, 0.75]


@pytest.mark.parametrize(("pack", "line", "step"), [(1, 1, 1), (4, 1, 4), (4, 6, 6), (1, 3, 3)])
def test_units_travel_in_packs_or_lines(pack: int, line: int, step: int):
    """Whichever is larger, and one step more than there is may be asked about."""
    params = replace(STEADY, plan=PlanParams(minimum_line_quantity=line))
    found = inputs(params, pack=pack)
    reach = reach_of(found, possible_moves(found))
    assert reach.step.tolist() == [step, step]
    assert reach.most.tolist() == [5 + step, 7 + step]


def test_a_lock_forces_units_and_forbids_moves():
    """Three must go to S, whatever they are worth; nothing may go to R."""
    rows = [
        ("at_least", 3.0, "fair", "Anna", pd.NaT, "S", "I", ""),
        ("forbid", np.nan, "snow", "Anna", pd.NaT, "R", "I", "H"),
    ]
    found = inputs(overrides=rows)
    moves = possible_moves(found)
    reach = reach_of(found, moves)
    assert reach.forced.tolist() == [0, 3]
    assert reach.day.tolist() == [NEVER, 2]
    assert (reach.fewest.tolist(), reach.asked.tolist()) == ([0, 3], [False, True])


def test_a_stated_obsolescence_replaces_the_measured_one():
    """A cell closes in a week with 1 - .7^(1/52) where nothing is stated, never where 0 is."""
    measured = inputs(replace(STEADY, economics=EconomicsParams(lost_sale_share=0.0)))
    assert measured.economics.closing == pytest.approx(1.0 - 0.7 ** (1 / 52))
    assert inputs().economics.closing.tolist() == [0.0, 0.0]


def test_another_day_of_arrival_changes_nothing_else():
    """The cells, their money and the valuer's review stay."""
    found = inputs(replace(STEADY, plan=PlanParams(review_weeks=2)))
    other = found.reached_on(np.array([9, 9]))
    assert other.economics.arrival_day.tolist() == [9, 9]
    assert other.economics.benefit is found.economics.benefit
    assert isinstance(other.cells, Cells) and other.cells is found.cells
    assert other.valuer.review_weeks == 2


def test_what_was_left_out_is_told_in_one_list():
    """An inbound row that was due, and a lock that has run out."""
    found = inputs(
        inbound=[("H", "I", 1, day(-2))],
        overrides=[("at_most", 3.0, "fair", "Anna", day(-1), "S", "I", "")],
    )
    assert len(found.notes) == 2
    assert "was due by 2026-11-16" in found.notes[0]


def test_a_unit_of_the_next_plan_that_is_there_in_time_bounds_what_another_is_worth():
    """Next Monday's fast lane comes for 3 on day 8, the cheap one for 1 on day 12."""
    lanes = [lane("H", "R", 3.0, 1), lane("H", "R", 1.0, 5)]
    found = inputs(lanes=lanes)
    cell = np.array([0, 0])
    assert [found.landed_by(cell, on).tolist() for on in (6, 7, 8, 11, 12)] == [
        [np.inf] * 2, [np.inf] * 2, [3.0] * 2, [3.0] * 2, [1.0] * 2,
    ]  # fmt: skip


def test_a_reach_is_cut_to_whole_steps_and_what_locks_ask_for():
    """Packs of 4: of 5 units two packs, and one more is valued; never beyond supply or locks."""
    four, none = np.full(4, 4), np.zeros(4, dtype=np.int64)
    reach = Reach(
        day=none, cost=np.ones(4), step=four, pack=four, most=np.array([44, 44, 44, 8]),
        forced=np.array([0, 20, 0, 0]), asked=np.array([False, False, True, False]), fewest=none,
        law=none,
        cap=np.array([44, 44, 44, 8]),
    )  # fmt: skip
    some, nothing = reach.at_most(np.full(4, 5)), reach.at_most(none)
    assert some.most.tolist() == [12, 24, 44, 8]
    assert some.cap.tolist() == [8, 20, 44, 8]
    assert nothing.most.tolist() == [4, 24, 44, 4]
    assert nothing.cap.tolist() == [0, 20, 44, 0]
