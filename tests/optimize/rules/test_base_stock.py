"""The simple policies: levels on paper, and lines that keep stock, packs, lanes and room."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from foreship_optimize.rules.base_stock import (
    LINE_COLUMNS,
    base_stock_levels,
    newsvendor_levels,
    seasonal_levels,
    ship_nothing,
    ship_up_to,
    trailing_demand,
)
from tests.optimize.small_network import STEADY, day, demand_of, item, lane, tables_of
from tests.optimize.table_builder import MONDAY, draw_tables, frame


def orders(*rows: tuple) -> pd.DataFrame:
    """Orders of R and I from (day, units)."""
    return frame("orders", [(day(on), "R", "I", units, 20.0, "") for on, units in rows])


def levels(units: int, region: str = "R", name: str = "I") -> pd.DataFrame:
    """Levels of one cell."""
    return pd.DataFrame({"region": [region], "item": [name], "units": [units]})


def sent(units: int, **rows) -> dict[str, int]:
    """Units by origin that a level asks for."""
    lines = ship_up_to(tables_of(**rows), levels(units), MONDAY)
    return dict(zip(lines["origin"], lines["quantity"], strict=True))


def test_shipping_nothing_is_a_typed_empty_plan():
    """No row, the columns of a plan."""
    lines = ship_nothing()
    assert lines.empty and list(lines.columns) == list(LINE_COLUMNS)


def test_trailing_demand_counts_weeks_without_an_order():
    """Over four weeks 2, 0, 4, 0: mean 1.5, variance (4 + 16 - 9) / 3; today is not known."""
    table = orders((-28, 2), (-14, 3), (-9, 1), (0, 99), (-29, 99))
    found = trailing_demand(table, MONDAY, 4)
    assert found.to_numpy().tolist() == [["R", "I", 1.5, pytest.approx(11 / 3)]]


def test_a_seasonal_level_covers_lead_time_and_review():
    """1.5 a week over a review and a lane of a week: 3; without lead time 1.5, rounded up to 2."""
    history = orders((-28, 2), (-14, 4))
    tables = tables_of(lanes=[lane("H", "R", 1.0, 7)])
    assert seasonal_levels(tables, history, MONDAY)["units"].tolist() == [3]
    assert seasonal_levels(tables_of(), history, MONDAY)["units"].tolist() == [2]


def test_base_stock_is_the_quantile_of_the_fitted_law():
    """Weeks of 1 each: Poisson; weeks of 8 and 0: negative binomial of the same two moments."""
    steady = orders(*((-7 * week, 1) for week in range(1, 14)))
    found = base_stock_levels(tables_of(), steady, MONDAY)["units"].tolist()
    assert found == [stats.poisson.ppf(0.95, 1.0)]
    lumpy = orders(*((-7 * week, 8) for week in range(1, 14, 2)))
    mean, variance = 8 * 7 / 13, (7 * 64 - 13 * (56 / 13) ** 2) / 12
    size = mean**2 / (variance - mean)
    level = stats.nbinom.ppf(0.95, size, size / (size + mean))
    assert base_stock_levels(tables_of(), lumpy, MONDAY)["units"].tolist() == [int(level)]


def test_the_newsvendor_stops_at_its_critical_ratio():
    """(b - c) / (b - c + h) = 2 / 2.1 = .952 of twenty paths 1 .. 20: the twentieth.

    At a lane of 2.95 the ratio is .05 / .15 = 1/3: the seventh. At 3.10 nothing pays.
    """
    demand = demand_of({("R", "I"): [list(range(1, 21))] * 4})
    for cost, units in ((1.0, 20), (2.95, 7), (3.1, 0)):
        tables = tables_of(lanes=[lane("H", "R", cost), lane("R", "H")])
        found = newsvendor_levels(tables, demand, MONDAY, STEADY)
        assert found["units"].tolist() == [units], cost


def test_the_newsvendor_ships_nothing_where_no_hub_can():
    """An empty hub: no cost is finite, no unit pays."""
    demand = demand_of({("R", "I"): [[5, 6]] * 4})
    found = newsvendor_levels(tables_of(stock=[]), demand, MONDAY, STEADY)
    assert found["units"].tolist() == [0]


def test_stock_and_everything_on_its_way_count_towards_the_level():
    """Level 9 with 2 on hand and 3 due in five weeks: 4 are sent; above the level none."""
    there = {"stock": [("H", "I", 50), ("R", "I", 2)], "inbound": [("R", "I", 3, day(35))]}
    assert sent(9, **there) == {"H": 4}
    assert sent(4, **there) == {}


def test_packs_are_rounded_to_the_nearest():
    """Of 9 lacking, packs of four: two go; of 10, three."""
    assert sent(9, items=[item(pack=4)]) == {"H": 8}
    assert sent(10, items=[item(pack=4)]) == {"H": 12}


def test_the_cheapest_hub_goes_first_as_far_as_stock_lanes_and_room_reach():
    """Three at the near hub, a far lane that carries four, a room of five: 3 and then 2."""
    two = {
        "hubs": [("G", 0, 0), ("H", 0, 0)],
        "lanes": [lane("G", "R", 1.0), lane("H", "R", 2.0, 3, capacity=4.0)],
        "stock": [("G", "I", 3), ("H", "I", 50)],
    }
    assert sent(20, **two) == {"G": 3, "H": 4}
    assert sent(20, **two, regions=[("R", 5.0, 2.0, "", 0, 0)]) == {"G": 3, "H": 2}


def test_scarce_stock_goes_to_the_larger_gap():
    """Two regions lack 5 and 2 of four units: they are sent 4 and 0, then 5 and 2 of seven."""
    regions = [("R", np.inf, 2.0, "", 0, 0), ("S", np.inf, 2.0, "", 0, 0)]
    want = pd.concat([levels(5), levels(2, "S")])
    for stock, expected in ((3, {"R": 3}), (7, {"R": 5, "S": 2})):
        tables = tables_of(regions=regions, lanes=[lane("H", "R"), lane("H", "S")],
                           stock=[("H", "I", stock)])  # fmt: skip
        lines = ship_up_to(tables, want, MONDAY)
        assert dict(zip(lines["destination"], lines["quantity"], strict=True)) == expected


def test_a_line_tells_its_day_and_its_money():
    """Three units over three days at .60 and .40 a kg of 1 kg: they arrive on Thursday for 3.00."""
    lanes = [lane("H", "R", 0.6, 3, per_kg=0.4)]
    line = ship_up_to(tables_of(lanes=lanes), levels(3), MONDAY).iloc[0]
    assert (line["ship_date"], line["arrival_date"]) == (MONDAY, day(3))
    assert line["cost"] == pytest.approx(3.0)


@pytest.mark.sweep
@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_lines_keep_every_limit_whatever_the_levels(seed: int):
    """Hub stock, packs, open lanes, lane and region volume, recounted from the tables."""
    tables, _, _ = draw_tables(seed)
    rng = np.random.default_rng(seed)
    cells = [(r, i) for r in tables["regions"]["region"] for i in tables["items"]["item"]]
    want = pd.DataFrame(cells, columns=["region", "item"])
    want["units"] = rng.integers(0, 12, len(want))
    lines = ship_up_to(tables, want, MONDAY)
    about = tables["items"].set_index("item")
    stock, inbound = tables["stock"], tables["inbound"]
    due = inbound[inbound["arrival_date"] <= MONDAY]
    held = pd.concat([stock, due]).groupby(["location", "item"])["quantity"].sum()
    left = lines.groupby(["origin", "item"])["quantity"].sum()
    assert all(units <= held[key] for key, units in left.items())
    assert (lines["quantity"] % lines["item"].map(about["pack_size"]) == 0).all()
    volume = lines["quantity"] * lines["item"].map(about["volume"])
    lanes = tables["lanes"]
    lanes = lanes[lanes["to"].isna()].set_index(["origin", "destination"])
    load = volume.groupby([lines["origin"], lines["destination"]]).sum()
    assert all(full <= lanes.loc[key, "capacity"] + 1e-6 for key, full in load.items())
    lies = pd.concat([stock, inbound])
    before = (lies["quantity"] * lies["item"].map(about["volume"])).groupby(lies["location"]).sum()
    room = tables["regions"].set_index("region")["capacity"]
    for region, full in volume.groupby(lines["destination"]).sum().items():
        assert full + before.get(region, 0.0) <= room[region] + 1e-6


def test_lines_of_a_rule_leave_when_their_lane_does():
    """Wednesdays of two weeks, three a day picked: three this week, two the next; arrival after."""
    tables = tables_of(lanes=[lane("H", "R", lead=2)])
    tables["lanes"]["departs"], tables["hubs"]["picking_units"] = ["Wed"], [3.0]
    levels = pd.DataFrame({"region": ["R"], "item": ["I"], "units": [5]})
    lines = ship_up_to(tables, levels, MONDAY, review_weeks=2)
    assert lines["quantity"].tolist() == [3, 2]
    assert (lines["ship_date"] - MONDAY).dt.days.tolist() == [2, 9]
    assert (lines["arrival_date"] - MONDAY).dt.days.tolist() == [4, 11]
    assert ship_up_to(tables, levels, MONDAY)["quantity"].tolist() == [3]
