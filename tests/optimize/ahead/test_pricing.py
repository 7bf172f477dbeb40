"""A known peak is built up before its lane is full, and nothing changes where no room is scarce."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.ahead import pricing
from foreship_optimize.ahead.pricing import price_ahead
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.params import OptimizeParams
from foreship_optimize.planning import make_plan
from foreship_optimize.valuation.inputs import read_inputs
from tests.optimize.small_network import STEADY, demand_of, item, lane, tables_of
from tests.optimize.table_builder import MONDAY

PEAK = (3, 3, 3, 3, 2, 20)
LOOKS_AT_THIS_WEEK = replace(STEADY, plan=replace(STEADY.plan, weeks_ahead=0))


def market(there: int = 0, room: float = 6.0) -> dict[str, pd.DataFrame]:
    """One cell whose buyers do not wait, behind a lane of so much room a week."""
    lying = [("R", "I", there)] if there else []
    return tables_of(
        items=[item(lost=1.0)],
        lanes=[lane("H", "R", capacity=room), lane("R", "H")],
        stock=[("H", "I", 500), *lying],
    )


def coming(weekly: tuple[int, ...]) -> DemandScenarios:
    return demand_of({("R", "I"): np.array(weekly)[:, None]})


def served_week_by_week(params: OptimizeParams, weekly: tuple[int, ...] = PEAK) -> int:
    """Units served of a demand that is known, planned anew each Monday."""
    there = served = 0
    for week in range(len(weekly)):
        plan = make_plan(market(there), coming(weekly[week:]), MONDAY, params)
        there += int(plan.lines["quantity"].sum())
        sold = min(there, weekly[week])
        there, served = there - sold, served + sold
    return served


@pytest.mark.sweep
def test_a_known_peak_is_served_whole_from_what_was_built_up():
    """Six a week for six weeks serve 34 units; who looks at no later week serves 20 of them."""
    assert served_week_by_week(STEADY) == 34
    assert served_week_by_week(LOOKS_AT_THIS_WEEK) == 20


def test_room_before_the_peak_is_dearer_week_by_week_by_what_a_unit_costs_that_waits():
    """Of 36 there are two to spare, so the first lane is free: .1 of holding a week, and sooner."""
    ahead = price_ahead(market(), coming(PEAK), MONDAY, STEADY, 0.0)
    price = ahead.prices.lanes[:, 0]
    assert price[0] == 0.0
    assert np.diff(price) == pytest.approx([0.108] * 5)
    assert ahead.sends["units"].tolist() == pytest.approx([6.0] * 5)
    waits = 1 + 4 + 7 + 10 + 14
    assert ahead.figures["objective"] == pytest.approx(-34 * 8 + 34 * 1 + 0.1 * waits)
    assert abs(ahead.figures["gap"]) <= 1e-9


def test_where_even_all_room_is_too_little_a_unit_of_room_is_worth_a_sale():
    """29 are wanted by the fourth week, 24 can come: 8 of a sale less 1 of freight."""
    ahead = price_ahead(market(), coming((3, 3, 3, 20, 3, 2)), MONDAY, STEADY, 0.0)
    price = ahead.prices.lanes[:, 0]
    assert price[3] == pytest.approx(7.0 + 3 * 0.008)
    assert price[4:].tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("tables", "weekly"),
    [(market(room=np.inf), PEAK), (market(room=20.0), PEAK), (market(), (6, 6, 6, 6))],
)
def test_where_no_later_week_is_scarce_nothing_is_priced_and_the_plan_is_the_same(tables, weekly):
    """No limit, one that is never reached, and one that is just enough."""
    assert price_ahead(tables, coming(weekly), MONDAY, STEADY, 0.0) is None
    found = make_plan(tables, coming(weekly), MONDAY, STEADY)
    plain = make_plan(tables, coming(weekly), MONDAY, LOOKS_AT_THIS_WEEK)
    pd.testing.assert_frame_equal(found.lines, plain.lines)
    assert found.summary.keys() == plain.summary.keys() and found.ahead is None


def test_a_plan_tells_what_later_weeks_pay_and_send():
    """The summary names the lane and the week, the dearest first."""
    plan = make_plan(market(), coming(PEAK), MONDAY, STEADY)
    told = plan.summary["ahead"]["prices"]
    assert told[0]["limit"] == "lane H -> R" and told[0]["week"] == "2026-12-21"
    assert [each["price"] for each in told] == pytest.approx([0.54, 0.432, 0.324, 0.216, 0.108])
    assert plan.sends_ahead["week"].tolist() == [
        MONDAY + pd.Timedelta(days=7 * week) for week in range(1, 6)
    ]


def test_a_dock_that_picks_too_little_in_the_week_of_the_peak_is_built_up_to_as_a_lane_is():
    """Two departures a week at three units each: the hub is scarce, no lane is."""
    tables = market(room=np.inf)
    tables["lanes"]["departs"] = ["Mon Thu", ""]
    tables["hubs"]["picking_units"] = 3.0
    ahead = price_ahead(tables, coming(PEAK), MONDAY, STEADY, 0.0)
    assert {each["limit"] for each in ahead.figures["prices"]} == {"picking at H"}
    assert ahead.prices.picking[1:, 0].min() > 0.0 and not ahead.prices.lanes.any()


def test_a_price_makes_later_units_dearer_in_every_cell_of_the_lane():
    """Plans 1, 3 and 5 pay freight and price; after the last priced plan freight is all."""
    ahead = price_ahead(market(), coming(PEAK), MONDAY, STEADY, 0.0)
    economics = read_inputs(
        market(), coming(PEAK), MONDAY, STEADY, 0.0, None, ahead.prices
    ).economics
    cost = [float(economics.next_plans.landed(np.array([0]), np.array([plan]))[0])
            for plan in (1, 3, 5, 6, 40)]  # fmt: skip
    assert cost == pytest.approx([1.108, 1.324, 1.54, 1.0, 1.0])


def by_order(there: int = 0) -> dict[str, pd.DataFrame]:
    """The same cell with orders of one unit, three a week, and a tariff that tells orders apart."""
    tables = market(there)
    days = [MONDAY - pd.Timedelta(days=7 * week - at) for week in range(1, 27) for at in range(3)]
    ids = [f"o{at}" for at in range(len(days))]
    orders = {"date": days, "region": "R", "item": "I", "quantity": 1, "order_id": ids}
    return tables | {
        "lanes": tables["lanes"].assign(direct_further=2.5),
        "orders": pd.DataFrame(orders),
    }


def test_by_the_order_prices_enter_as_far_as_they_are_beyond_those_of_this_plan():
    """Nine a week behind room for six: every week is as scarce as this one. A peak is not."""
    steady = coming((9, 9, 9, 9))
    by_unit = price_ahead(market(), steady, MONDAY, STEADY, 0.0)
    assert by_unit.prices.lanes[1:, 0].min() > 6.0
    ahead = price_ahead(market(), steady, MONDAY, STEADY, 0.0, by_order=True)
    assert not ahead.prices.lanes.any() and ahead.figures["prices"] == []
    of_peak = [
        price_ahead(market(), coming(PEAK), MONDAY, STEADY, 0.0, by_order=told).prices.lanes
        for told in (False, True)
    ]
    np.testing.assert_array_equal(*of_peak)


def test_by_the_order_a_peak_is_built_up_and_steady_scarcity_changes_no_line():
    """The first lane is filled before the peak; where all weeks are alike the lines stay."""
    shipped = [
        int(make_plan(by_order(), coming(PEAK), MONDAY, params).lines["quantity"].sum())
        for params in (STEADY, LOOKS_AT_THIS_WEEK)
    ]
    assert shipped == [6, 3]
    found, plain = (
        make_plan(by_order(), coming((9, 9, 9, 9)), MONDAY, params)
        for params in (STEADY, LOOKS_AT_THIS_WEEK)
    )
    assert "orders" in found.summary
    pd.testing.assert_frame_equal(found.lines, plain.lines)


@pytest.mark.parametrize(
    ("most", "words"),
    [("MOST_TIERS", "1 cell uses it, more than are priced"),
     ("MOST_ITERATIONS", "ended without prices")],
)  # fmt: skip
def test_a_plan_says_why_scarce_weeks_are_not_priced(monkeypatch, most, words):
    """Too much to be priced, and a program that did not end, are told apart."""
    monkeypatch.setattr(pricing, most, 0)
    found = make_plan(market(), coming(PEAK), MONDAY, STEADY)
    assert found.ahead is None and "ahead" not in found.summary
    assert [note for note in found.notes if words in note]
