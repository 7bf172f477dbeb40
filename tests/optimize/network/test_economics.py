"""What a sale, an exit and a lane are worth: every formula on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.network.economics import closing_over_days, price_cells, weekly_closing
from foreship_optimize.network.exits import read_exits
from foreship_optimize.params import ExitParams, OptimizeParams
from foreship_optimize.tables import complete
from tests.optimize.small_network import STEADY, day, demand_of, item, lane, read, tables_of

DEMAND = demand_of({("R", "I"): [[1]] * 4})


def priced(params: OptimizeParams = STEADY, yearly: float = 0.0, **rows):
    """Price the one cell of some tables, for a horizon of four weeks."""
    tables = tables_of(**rows)
    network, cells = read(tables, DEMAND, params)
    return price_cells(
        cells, network, read_exits(tables["exits"], network, params.exits), params, yearly, 28
    )


def test_a_sale_adds_only_what_staging_adds():
    """Equation 4: (1 - l)(5 - 2) + l (20 - 10 - 2) for l = 0, 1/4 and 1."""
    for lost, benefit in ((0.0, 3.0), (0.25, 0.75 * 3 + 0.25 * 8), (1.0, 8.0)):
        found = priced(items=[item(lost=lost)]).benefit
        assert found == pytest.approx([benefit])


def test_customers_returns_lower_the_margin_and_not_what_a_parcel_saves():
    """Equation 4a: a quarter comes back, 3 to handle, half sold again: 10 - (20 + 3 - 5) / 4."""
    tables = tables_of(items=[item(lost=0.5)])
    tables["items"]["customer_return_share"] = 0.25
    economics = replace(
        STEADY.economics, customer_return_handling=3.0, customer_return_resold_share=0.5
    )
    filled = complete(tables, economics)
    assert filled["items"]["margin"].tolist() == pytest.approx([5.5])
    params = replace(STEADY, economics=economics)
    network, cells = read(tables, DEMAND, params)
    exits = read_exits(tables["exits"], network, params.exits)
    found = price_cells(cells, network, exits, params, 0.0, 28)
    assert found.benefit == pytest.approx([0.5 * 3 + 0.5 * (5.5 - 2)])


def test_without_a_hub_that_holds_the_item_the_whole_margin_is_the_gain():
    """An empty hub serves nobody: 20 - 10 - 2, no lane in, nothing arrives, the parcel has no cost.

    What the hub is about to receive within the review serves again: 5 - 2.
    """
    empty = priced(stock=[])
    assert empty.benefit == pytest.approx([8.0])
    assert np.isinf(
        [empty.cost[0], empty.direct_cost[0], empty.next_plans.periods[0].landed[0]]
    ).all()
    assert empty.arrival_day[0] == NEVER
    soon = priced(stock=[], inbound=[("H", "I", 4, day(6))])
    assert soon.benefit == pytest.approx([3.0])
    late = priced(stock=[], inbound=[("H", "I", 4, day(7))])
    assert late.benefit == pytest.approx([8.0])
    assert late.next_plans.periods[0].landed == pytest.approx([1.0])


def test_a_lane_costs_by_unit_and_by_weight():
    """0.60 + 0.40 a kg, an item of 1 kg: 1.00; the dearer hub sets neither cost nor parcel."""
    found = priced(
        hubs=[("H", 0, 0), ("G", 0, 0)],
        lanes=[lane("H", "R", 0.6, per_kg=0.4), lane("G", "R", 3.0, direct=4.0), lane("R", "H")],
        stock=[("H", "I", 1), ("G", "I", 1)],
    )
    assert found.cost == pytest.approx([1.0])
    assert found.direct_cost == pytest.approx([4.0])


def test_every_region_has_its_own_lanes_to_and_from_every_hub():
    """Two hubs, two regions and an item of 2 kg: each cell's cheapest way in, back and by parcel.

    In from H and G: 1 + 2 x .5 and 3 for R, 4 and 2.5 for S; back to G for .2 and to H for .3;
    parcels 5 and 6 to R, 7 and 4 to S.
    """
    heavy = (*item()[:4], 2.0, *item()[5:])
    tables = tables_of(
        items=[heavy],
        regions=[(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("R", "S")],
        hubs=[("H", 0, 0), ("G", 0, 0)],
        lanes=[
            lane("H", "R", 1.0, 2, per_kg=0.5), lane("G", "R", 3.0, 1, direct=6.0),
            lane("H", "S", 4.0, 4, direct=7.0), lane("G", "S", 2.5, 5, direct=4.0),
            lane("R", "H", 0.9), lane("R", "G", 0.2), lane("S", "H", 0.3), lane("S", "G", 0.8),
        ],
        stock=[("H", "I", 1), ("G", "I", 1)],
    )  # fmt: skip
    network, cells = read(tables, demand_of({(r, "I"): [[1]] * 4 for r in ("R", "S")}), STEADY)
    exits = read_exits(tables["exits"], network, STEADY.exits)
    found = price_cells(cells, network, exits, STEADY, 0.0, 28)
    assert found.cost == pytest.approx([2.0, 2.5])
    assert found.arrival_day.tolist() == [1, 4]
    assert found.exit_cost == pytest.approx([0.7, 0.8])
    assert found.direct_cost == pytest.approx([5.0, 4.0])
    assert found.next_plans.periods[0].landed == pytest.approx([2.0, 2.5])
    assert found.holding == pytest.approx([0.1, 0.1])


def test_rows_of_one_pair_are_alternatives():
    """A truck at 1 in six days, an express at 2.5 in one: the cheapest, the earliest, each way.

    The parcel costs what the cheaper open row says; the one that opens next week, cheapest of
    all, counts for what is sent then alone.
    """
    truck, express = lane("H", "R", 1.0, 6, direct=5.0), lane("H", "R", 2.5, 1, direct=4.0)
    rows = [
        truck, express, lane("H", "R", 0.5, 6, direct=3.0, start=day(7)),
        lane("R", "H", 0.9), lane("R", "H", 0.4, start=day(-7), end=day(0)),
    ]  # fmt: skip
    for order in (rows, rows[::-1]):
        found = priced(lanes=order)
        assert found.cost == pytest.approx([1.0]) == found.cheapest_lane
        assert found.arrival_day.tolist() == [1]
        assert found.exit_cost == pytest.approx([0.9])
        assert found.direct_cost == pytest.approx([4.0])
        assert found.next_plans.periods[0].landed == pytest.approx([0.5])


@pytest.mark.parametrize(("lead", "arrives"), [(0, 0), (3, 3), (27, 27), (28, NEVER), (90, NEVER)])
def test_a_lane_arrives_on_its_day_or_beyond_the_horizon_never(lead: int, arrives: int):
    """At once, on a Thursday, on the last day; a lane of four weeks and more earns nothing."""
    found = priced(lanes=[lane("H", "R", 1.0, lead), lane("R", "H")])
    assert found.arrival_day.tolist() == [arrives]
    assert np.isinf(found.cost[0]) == (arrives == NEVER)
    assert found.cheapest_lane == pytest.approx([1.0])


@pytest.mark.parametrize(
    ("start", "end", "now", "then"),
    [(None, -1, False, False), (None, 0, True, False), (0, None, True, True),
     (1, None, False, True), (7, 7, False, True), (8, None, False, False)],
)  # fmt: skip
def test_a_lane_with_dates_is_open_between_them(start, end, now: bool, then: bool):
    """`from` and `to` are both days on which the lane runs; c_next looks at the next Monday."""
    dates = {name: day(value) for name, value in (("start", start), ("end", end))
             if value is not None}  # fmt: skip
    found = priced(lanes=[lane("H", "R", 1.0, **dates), lane("R", "H")])
    assert np.isfinite(found.cost[0]) == now
    assert np.isfinite(found.next_plans.periods[0].landed[0]) == then


def test_the_cheapest_exit_is_named():
    """Equation 5: back 1 + .5; markdown 30 % of 20; given away 10 less a tenth got back."""
    every = ("return", "markdown", "give_away")
    for allowed, cost, name in (
        (every, 1.5, "return"),
        (("markdown", "give_away"), 6.0, "markdown"),
        (("give_away",), 9.0, "give_away"),
        ((), 10.0, ""),
    ):
        exits = ExitParams(allowed=allowed, return_handling=0.5, recovery_share=0.1)
        found = priced(replace(STEADY, exits=exits))
        assert found.exit_cost == pytest.approx([cost])
        assert found.exit_name.tolist() == [name]


def test_rows_of_the_exits_table_replace_the_settings():
    """The row of item and region holds: .2 handling + 30 % of 20 + two weeks of .1 - 7 back."""
    rows = [
        ("markdown", "", "", 0.0, 0.0, np.inf, 0.0),
        ("markdown", "I", "R", 0.2, 7.0, np.inf, 2.0),
    ]
    found = priced(exits=rows)
    assert found.exit_cost == pytest.approx([0.2 + 6.0 + 0.2 - 7.0])
    assert found.exit_name.tolist() == ["markdown"]


def test_landed_cost_of_the_next_unit_pays_for_cells_that_close():
    """Equation 7 with a lane of a week: (c + D e) / (1 - D), D a week of a yearly half."""
    params = replace(STEADY, economics=replace(STEADY.economics, obsolescence_per_year=None))
    found = priced(params, 0.5, lanes=[lane("H", "R", 1.0, 7), lane("R", "H")])
    d = 1 - 0.5 ** (1 / 52)
    assert found.closing == pytest.approx([d])
    assert found.next_plans.periods[0].landed == pytest.approx([(1.0 + d * 1.5) / (1 - d)])


@settings(max_examples=60)
@given(st.floats(0.0, 0.999), st.integers(0, 52))
def test_weekly_chances_multiply_to_the_yearly_one(yearly: float, weeks: int):
    """Equation 6: alive after 52 weeks is 1 - D; so many weeks are so many days by seven."""
    weekly = weekly_closing(yearly)
    assert (1 - weekly) ** 52 == pytest.approx(1 - yearly)
    over = closing_over_days(np.array([weekly]), 7 * weeks)
    assert over == pytest.approx([1 - (1 - weekly) ** weeks])


def test_the_next_unit_travels_in_a_full_vehicle_and_this_one_in_what_is_paid():
    """Equation 33: freight 1, and a hundredth of a vehicle for 50; units of now pay freight."""
    tables = tables_of()
    tables["lanes"]["vehicle_cost"], tables["lanes"]["vehicle_capacity"] = [50.0, 0.0], 100.0
    network, cells = read(tables, DEMAND, STEADY)
    exits = read_exits(tables["exits"], network, STEADY.exits)
    found = price_cells(cells, network, exits, STEADY, 0.0, 28)
    assert found.next_plans.periods[0].landed == pytest.approx([1.5])
    assert found.cost == pytest.approx([1.0])
