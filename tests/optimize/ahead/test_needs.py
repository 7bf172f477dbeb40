"""What hubs will need by week: the plan's lines, later sends and parcels, on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.tables.output_files import NEEDS
from foreship_optimize.ahead.needs import needs_of
from foreship_optimize.planning import make_plan
from tests.optimize.small_network import STEADY, day, demand_of, item, lane, tables_of
from tests.optimize.table_builder import MONDAY


def needs(paths, params=STEADY, **rows) -> pd.DataFrame:
    tables, demand = tables_of(**rows), demand_of(paths)
    plan = make_plan(tables, demand, MONDAY, params)
    return needs_of(tables, demand, MONDAY, params, 0.0, plan)


def test_what_is_sent_ahead_is_needed_in_the_week_it_leaves():
    """Three a week that are known: the hub sends three each Monday, from 50 that lie there."""
    found = needs({("R", "I"): [[3]] * 4})
    assert list(found.columns) == list(NEEDS.names)
    assert found["week"].tolist() == [day(7 * week) for week in range(4)]
    assert found["mean"].tolist() == found["sent"].tolist() == found["q50"].tolist() == [3.0] * 4
    assert found["stock"].tolist() == [50.0, 47.0, 44.0, 41.0]


def test_what_lies_in_the_region_is_not_needed_and_inbound_comes_to_the_hub():
    """Four there serve the first week and a third of the second; 20 more come on the tenth day."""
    found = needs(
        {("R", "I"): [[3]] * 4},
        stock=[("H", "I", 5), ("R", "I", 4)],
        inbound=[("H", "I", 20, day(10))],
    )
    assert found["mean"].tolist() == pytest.approx([2.0, 3.0, 3.0])
    assert found["week"].tolist() == [day(7), day(14), day(21)]
    assert found["stock"].tolist() == pytest.approx([5.0, 23.0, 20.0])


def test_what_no_plan_sends_goes_by_parcel_to_those_who_wait():
    """No lane takes shipments: all is parcels; of lost buyers, a quarter, none is needed."""
    closed = lane("H", "R", end=day(-1))
    found = needs({("R", "I"): [[4, 8]] * 2}, lanes=[closed], items=[item(lost=0.25)])
    assert found["sent"].tolist() == [0.0, 0.0]
    assert found["mean"].tolist() == pytest.approx([4.5, 4.5])
    assert found["q05"].tolist() == [3.0, 3.0] and found["q95"].tolist() == [6.0, 6.0]


def test_the_hub_of_a_priced_lane_sends_what_was_priced():
    """Six a week are built up for a peak of 20; what the fourth week lacks goes by parcel."""
    paths = {("R", "I"): [[2], [2], [2], [20], [2]]}
    found = needs(paths, lanes=[lane("H", "R", capacity=6.0), lane("R", "H")])
    assert found["sent"].tolist() == pytest.approx([6.0, 6.0, 6.0, 6.0, 2.0])
    assert found["mean"].tolist() == pytest.approx([6.0, 6.0, 6.0, 8.0, 2.0])


def test_a_hub_of_each_region_needs_what_its_region_takes_and_items_are_apart():
    """R's cheap hub is G, Q's H; I and K do not mix, whatever the blocks."""
    rows = {
        "items": [item("I"), item("K")],
        "hubs": [("G", 0, 0), ("H", 0, 0)],
        "regions": [(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("Q", "R")],
        "lanes": [lane("G", "R", 0.5), lane("H", "R", 1.0), lane("G", "Q", 1.0),
                  lane("H", "Q", 0.5), lane("Q", "H"), lane("R", "H")],
        "stock": [(hub, name, 90) for hub in ("G", "H") for name in ("I", "K")],
    }  # fmt: skip
    paths = {("Q", "I"): [[1]] * 3, ("Q", "K"): [[2]] * 3, ("R", "I"): [[3]] * 3,
             ("R", "K"): [[4]] * 3}  # fmt: skip
    found = needs(paths, **rows)
    by_pair = found.groupby(["hub", "item"])["mean"].unique().map(list).to_dict()
    assert by_pair == {("G", "I"): [3.0], ("G", "K"): [4.0], ("H", "I"): [1.0], ("H", "K"): [2.0]}
    off = replace(STEADY, plan=replace(STEADY.plan, weeks_ahead=0))
    pd.testing.assert_frame_equal(found, needs(paths, off, **rows))


def test_a_cell_that_two_hubs_fill_needs_of_each_what_it_sends():
    """G holds one unit, H the other two of this week."""
    found = needs(
        {("R", "I"): [[3]] * 3},
        hubs=[("G", 0, 0), ("H", 0, 0)],
        lanes=[lane("G", "R", 0.5), lane("H", "R", 1.0), lane("R", "H")],
        stock=[("G", "I", 1), ("H", "I", 90)],
    )
    first = found[found["week"] == MONDAY].set_index("hub")["sent"]
    assert first.to_dict() == {"G": 1.0, "H": 2.0}


def test_where_nobody_orders_nothing_is_needed():
    """Paths on which nobody orders anything: the table has its columns and no row."""
    found = needs({("R", "I"): [[0]] * 2})
    assert len(found) == 0 and list(found.columns) == list(NEEDS.names)
