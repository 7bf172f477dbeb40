"""Several lanes between two places: each is a way of its own, and one always beaten is none."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.plan import Plan
from foreship_optimize.planning import make_plan, solve
from foreship_optimize.valuation import assembly
from foreship_optimize.valuation.assembly import assemble
from tests.optimize.departing_networks import with_days
from tests.optimize.overlapping_lanes import beside, dearer_and_later, shuffled
from tests.optimize.program_oracle import feasible_plans
from tests.optimize.several_days import as_asked, draw_several_days, forced, own_costs
from tests.optimize.small_network import STEADY, day, demand_of, lane, tables_of
from tests.optimize.table_builder import MONDAY, draw_tables

FIVE = demand_of({("R", "I"): [[5] * 4] * 4})
"""five a week in R, for sure: a sale from staging saves 5 - 2, a unit more is worth nothing now"""
FREE = lane("R", "H")


def planned(*lanes: tuple, demand=FIVE, **tables) -> Plan:
    """Plan the one cell of R over some lanes."""
    return make_plan(tables_of(lanes=[*lanes, FREE], **tables), demand, MONDAY, STEADY)


def told(plan: Plan) -> list[tuple[int, int, float]]:
    """Quantity, days and cost of each line."""
    days = (plan.lines["arrival_date"] - plan.lines["ship_date"]).dt.days
    return list(zip(plan.lines["quantity"], days, plan.lines["cost"], strict=True))


def test_the_cheaper_contract_goes_first_and_the_rest_over_the_dearer():
    """Three at 1.00 fit, two more pay 1.50: 3 x 2.00 + 2 x 1.50 = 9.00.

    The limit is named by its days and cost: one more there saves .50.
    """
    plan = planned(lane("H", "R", 1.0, capacity=3.0), lane("H", "R", 1.5))
    assert told(plan) == [(3, 0, 3.0), (2, 0, 3.0)]
    assert plan.summary["objective"] == pytest.approx(-9.0)
    (price,) = plan.summary["shadow_prices"]
    assert price["limit"] == "lane H -> R (0 days at 1)"
    assert price["price"] == pytest.approx(0.5)


def test_truck_beside_express():
    """Five are wanted this week and five the next: the express brings four at 1.50 today.

    One on the truck, which arrives next Monday, costs .50 where next week's express costs 1.50.
    """
    paths = demand_of({("R", "I"): [[5] * 4] * 2 + [[0] * 4] * 2})
    truck, express = (lane("H", "R", 0.5, 7, capacity=1.0), lane("H", "R", 1.5, capacity=4.0))
    plan = planned(truck, express, demand=paths)
    assert told(plan) == [(4, 0, 6.0), (1, 7, 0.5)]
    assert plan.summary["objective"] == pytest.approx(-(4 * 1.5 + 1.0))
    assert plan.inbound["arrival_date"].tolist() == [day(7)]


@pytest.mark.parametrize("other", [{"start": day(-3)}, {"direct": 9.0}, {}])
def test_rows_with_the_same_terms_carry_together_on_one_line(other: dict):
    """Two rows with room for two each, and a dearer one: four on one line, one on another."""
    same = lane("H", "R", 1.0, capacity=2.0)
    again = lane("H", "R", 1.0, capacity=2.0, **other)
    plan = planned(same, again, lane("H", "R", 1.5))
    assert told(plan) == [(4, 0, 4.0), (1, 0, 1.5)]


def test_lanes_that_cost_an_item_the_same_have_one_line():
    """Two with room for two, one of them by weight: an item of 1 kg pays 1.00 on both."""
    by_weight = lane("H", "R", 0.5, capacity=2.0, per_kg=0.5)
    plan = planned(lane("H", "R", 1.0, capacity=2.0), by_weight, lane("H", "R", 1.5))
    assert told(plan) == [(4, 0, 4.0), (1, 0, 1.5)]


def test_a_lock_of_an_origin_is_about_all_its_lanes():
    """At most three from H, whichever way; at least seven, where five would pay."""
    lanes = lane("H", "R", 1.0, capacity=2.0), lane("H", "R", 1.5)

    def locked(kind: str, units: float) -> list[tuple[int, int, float]]:
        lock = (kind, units, "trial", "Anna", pd.NaT, "R", "I", "H")
        return told(planned(*lanes, overrides=[lock]))

    assert locked("at_most", 3.0) == [(2, 0, 2.0), (1, 0, 1.5)]
    assert locked("at_least", 7.0) == [(2, 0, 2.0), (5, 0, 7.5)]
    assert locked("forbid", 0.0) == []


def test_what_leaves_a_region_takes_the_cheapest_lane_with_room():
    """Five lie in R, where nobody buys: two go home for .10, three for .15, a line for each lane.

    To wait a week for the cheap lane would cost .10 of holding.
    """
    ways = lane("R", "H", 0.1, 5, capacity=2.0), lane("R", "H", 0.15, 1), lane("H", "R")
    tables = tables_of(lanes=list(ways), stock=[("R", "I", 5)])
    exits = [("return", "", "", 0.0, 9.0, np.inf, 0.0)]
    tables |= {"exits": tables_of(exits=exits)["exits"]}
    plan = make_plan(tables, demand_of({("R", "I"): [[0] * 4] * 4}), MONDAY, STEADY)
    assert set(plan.lines["action"]) == {"return"}
    cost = plan.lines["cost"] / plan.lines["quantity"]
    assert plan.lines["quantity"].tolist() == [3, 2]
    assert (cost - cost.min()).tolist() == pytest.approx([0.05, 0.0])


@pytest.mark.parametrize(
    ("other", "moves"),
    [
        (lane("H", "R", 1.5, 3), 1),  # dearer and later
        (lane("H", "R", 1.5, 1), 2),  # dearer, but there first
        (lane("H", "R", 0.5, 3), 2),  # later, but cheaper
        (lane("H", "R", 1.0, 2, per_kg=0.25), 1),  # dearer by its weight
        (lane("H", "R", 1.0, 2, capacity=9.0), 1),  # the same, with less room
        (lane("H", "R", 1.0, 2, per_kg=-0.0), 1),  # the same
    ],
)
def test_a_lane_that_another_always_beats_is_no_move(other: tuple, moves: int):
    """Beside one at 1.00 in two days without a limit; where that has one, both are kept."""
    for rows in ([lane("H", "R", 1.0, 2), other], [other, lane("H", "R", 1.0, 2)]):
        problem = assemble(tables_of(lanes=rows), FIVE, MONDAY, STEADY)
        assert len(problem.moves.action) == moves
    limited = [lane("H", "R", 1.0, 2, capacity=4.0), other]
    problem = assemble(tables_of(lanes=limited), FIVE, MONDAY, STEADY)
    same_terms = other[2:5] == (1.0, 2, 0.0)
    assert len(problem.moves.action) == (1 if same_terms else 2)
    assert same_terms == (len(problem.lane_capacity) == 1)


def test_a_later_lane_stays_where_its_day_gains_more_than_it_costs():
    """Nothing is wanted before next week: a week of holding costs .10, the later lane .05 more."""
    paths = demand_of({("R", "I"): [[0] * 4, [5] * 4, [0] * 4, [0] * 4]})
    for more, moves in ((0.05, 2), (0.15, 1)):
        rows = [lane("H", "R", 1.0), lane("H", "R", 1.0 + more, 7), FREE]
        locked = [("at_least", 3.0, "trial", "Anna", pd.NaT, "R", "I", "")]
        tables = tables_of(lanes=rows, overrides=locked)
        assert len(assemble(tables, paths, MONDAY, STEADY).moves.action) == moves


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [0, 1, 2, 5])
def test_the_order_of_rows_changes_nothing(seed: int):
    """Every table shuffled: the same lines, units and summary to the byte."""
    tables, demand, params = draw_tables(seed)
    tables["lanes"] = beside(tables["lanes"], seed)
    plan, other = (
        make_plan(each, demand, MONDAY, params) for each in (tables, shuffled(tables, seed))
    )
    pd.testing.assert_frame_equal(plan.lines, other.lines, check_exact=True)
    pd.testing.assert_frame_equal(plan.units, other.units, check_exact=True)
    assert plan.summary == other.summary


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5])
def test_a_dearer_and_later_lane_changes_nothing(seed: int):
    """Beside lanes without a limit, most of them get one that costs more and takes longer."""
    tables, demand, params = draw_tables(seed)
    more = {**tables, "lanes": dearer_and_later(tables["lanes"], seed)}
    plan, other = (make_plan(each, demand, MONDAY, params) for each in (tables, more))
    pd.testing.assert_frame_equal(plan.lines, other.lines, check_exact=True)
    # what lies between units nobody sends may be added up in another order
    pd.testing.assert_frame_equal(plan.units, other.units, rtol=1e-12)


@pytest.mark.sweep
@pytest.mark.parametrize("path", ["whole", "prices"])
def test_plans_over_several_lanes_against_all_plans(path: str):
    """Networks of two or three hubs, every plan tried: within its gap, the bound never above."""
    tried = 0
    for seed in range(14):
        tables, demand, params = draw_several_days(seed, items=2)
        tables["lanes"] = beside(tables["lanes"], seed, 0.5)
        problem = assemble(tables, demand, MONDAY, params)
        plans = feasible_plans(problem, params)
        if plans is None or not len(plans):
            continue
        tried += 1
        best = float(own_costs(problem, plans).min())
        with forced(path):
            summary = solve(problem, as_asked(params, path), as_of=MONDAY).summary
        assert summary["bound"] <= best + 1e-6 * max(1.0, abs(best))
        gap = max(summary["gap"], 1e-6) if path == "whole" else np.inf
        assert summary["objective"] - best <= gap * max(1.0, abs(best))
    assert tried >= 5


def on_weekdays(*rows: tuple[tuple, str], **columns: list) -> dict[str, pd.DataFrame]:
    """Return tables of lanes that leave on weekdays; H may pick, R take in so much a day."""
    tables = tables_of(lanes=[*(row for row, _ in rows), FREE], **columns.pop("tables", {}))
    tables["lanes"]["departs"] = [*(words for _, words in rows), ""]
    tables["hubs"]["picking_units"] = columns.get("picking", [np.inf])
    tables["regions"]["receiving_units"] = columns.get("receiving", [np.inf])
    return tables


def leaving(tables: dict[str, pd.DataFrame]) -> list[tuple[int, int]]:
    """Quantity and day of leaving of each line of the plan of five a week in R."""
    lines = make_plan(tables, FIVE, MONDAY, STEADY).lines
    return list(zip(lines["quantity"], (lines["ship_date"] - MONDAY).dt.days, strict=True))


def test_without_limits_a_row_leaves_on_its_first_day():
    """Of Tuesday and Friday the earlier takes all, though the row has room for five alone."""
    row = lane("H", "R", capacity=5.0)
    assert leaving(on_weekdays((row, "Tue Fri"))) == [(5, 1)]
    problem = assemble(on_weekdays((row, "Tue Fri")), FIVE, MONDAY, STEADY)
    assert problem.ship_day()[problem.moves.from_hub].tolist() == [1]


@pytest.mark.parametrize("limit", [{"picking": [2.0]}, {"receiving": [2.0]}])
def test_units_wait_for_a_day_that_has_room(limit: dict):
    """Two a day: five of the week need three days, the earliest of a lane without named days."""
    assert leaving(on_weekdays((lane("H", "R"), ""), **limit)) == [(2, 0), (2, 1), (1, 2)]


def test_inbound_of_a_day_is_taken_in_first():
    """One comes on Tuesday, where two may be taken in: two on Monday, one on Tuesday, one later."""
    inbound = {"inbound": [("R", "I", 1, day(1))]}
    tables = on_weekdays((lane("H", "R"), ""), receiving=[2.0], tables=inbound)
    assert leaving(tables) == [(2, 0), (1, 1), (1, 2)]


def test_what_a_day_picks_has_a_price():
    """A unit more on Wednesday is worth what a sale there saves, less its lane."""
    tables = on_weekdays((lane("H", "R"), "Wed"), picking=[2.0])
    plan = make_plan(tables, FIVE, MONDAY, STEADY)
    (price,) = plan.summary["shadow_prices"]
    assert price["limit"] == "picking at H on Wed"
    assert price["price"] == pytest.approx(2.0)
    assert price["words"].startswith("one more unit of picking at H on Wed is worth")


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [0, 1, 8])
def test_over_days_no_plan_is_lost_and_no_bound_lies_above_the_best(seed: int):
    """Random networks of weekdays, resting docks and limits by the day; every plan is audited.

    With every departure of a row the best plan is no better; by prices its bound is none the less.
    """
    tables, demand, params = draw_tables(seed, sizes=(2, 2, 3))
    tables = with_days(tables, seed)
    best = make_plan(tables, demand, MONDAY, params).summary
    with mock.patch.object(assembly, "without_beaten", lambda *given: (given[1], given[4])):
        all_of_them = make_plan(tables, demand, MONDAY, params).summary
    assert best["objective"] == pytest.approx(all_of_them["objective"], abs=1e-6)
    few = replace(params.plan, integer_program_units=0, decomposition_items=1, largest_gap=9.0)
    with forced("prices"):
        priced = make_plan(tables, demand, MONDAY, replace(params, plan=few)).summary
    assert priced["bound"] <= best["objective"] + 1e-6 <= priced["objective"] + 2e-6
