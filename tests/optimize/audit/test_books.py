"""The audit's own look-ups: what lies where, which lanes run, what an exit costs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.audit.books import Lane, arrivals_of, close, read_books, read_lines
from foreship_optimize.params import ExitParams, PlanParams
from tests.optimize.audit_books import ITEMS, MONDAY, PARAMS, Demand, books, exit_row, line, lock
from tests.optimize.table_builder import COLUMNS, frame


def day(days: int) -> pd.Timestamp:
    """Return the day so many days after the plan's Monday."""
    return MONDAY + pd.Timedelta(days=days)


def read(**rows: list[tuple]):
    """Read books of tables that are empty but for the rows named."""
    tables = {name: frame(name, rows.get(name, [])) for name in COLUMNS}
    return read_books(tables, Demand({("R", "I"): [[1]] * 4}), MONDAY, PARAMS, {})


HUB = [("H", np.nan, np.nan)]


def test_stock_lies_at_hubs_and_in_regions_and_what_is_due_at_a_hub_counts():
    """Two rows of one place add up; inbound to a hub counts when it is due, or has no date.

    Inbound to a region is kept with its day.
    """
    found = read(
        hubs=HUB,
        stock=[("H", "I", 3), ("H", "I", 2), ("R", "I", 4)],
        inbound=[("H", "I", 1, MONDAY), ("H", "J", 7, day(-3)), ("H", "I", 10, day(1)),
                 ("H", "I", 20, pd.NaT), ("R", "I", 5, day(2)), ("R", "I", 6, day(4))],
    )  # fmt: skip
    assert found.hub_stock == {("H", "I"): 26, ("H", "J"): 7}
    assert found.on_hand == {("R", "I"): 4}
    assert found.coming == {("R", "I"): [(day(2), 5), (day(4), 6)]}
    assert set(found.hubs) == {"H"} and found.relaxed == {}
    assert found.horizon_days == 28


def test_days_ahead_begin_with_the_plan():
    """A demand whose first week began three days before the plan covers three days less."""
    tables = {name: frame(name) for name in COLUMNS}
    demand = Demand({("R", "I"): [[1]] * 4}, day(-3))
    summary = {"relaxed": [{"limit": "lane H -> R", "amount": 2}]}
    found = read_books(tables, demand, MONDAY, PARAMS, summary)
    assert found.horizon_days == 25
    assert found.relaxed == {"lane H -> R": 2.0}


def test_lanes_run_between_their_dates():
    """The first and the last day both count; only lanes that run today are there."""
    way = (1.5, 2, 0.25, 8.0, 5.0, np.nan)
    found = read(lanes=[
        ("H", "R1", *way, MONDAY, pd.NaT), ("H", "R2", *way, day(1), pd.NaT),
        ("H", "R3", *way, pd.NaT, MONDAY), ("H", "R4", *way, pd.NaT, day(-1)),
        ("H", "R5", *way, pd.NaT, pd.NaT),
    ])  # fmt: skip
    assert found.lanes == {("H", name): [Lane(1.5, 0.25, 2, 8.0)] for name in ("R1", "R3", "R5")}


def test_rows_of_one_pair_are_alternatives_and_those_with_the_same_terms_carry_together():
    """An express, and a truck in two rows with room for 5 and 7: two lanes, by days and cost."""
    truck, express = ("H", "R", 1.0, 6, 0.0), ("H", "R", 2.5, 1, 0.0)
    dates = (5.0, np.nan, pd.NaT, pd.NaT)
    rows = [(*truck, 5.0, *dates), (*express, np.inf, *dates),
            (*truck, 7.0, 9.0, np.nan, day(-3), pd.NaT)]  # fmt: skip
    for order in (rows, rows[::-1]):
        assert read(lanes=order).lanes == {
            ("H", "R"): [Lane(2.5, 0.0, 1, np.inf), Lane(1.0, 0.0, 6, 12.0, row=1)]
        }


def test_a_line_tells_its_lane_by_its_day_and_its_cost():
    """Of three lanes two take a day; A (2 kg) costs 2 on the first and 2.5 on the second.

    A day that none takes leaves all three, a cost that none has the two of the day.
    """
    slow, light, heavy = Lane(1.0, 0.0, 4, np.inf), Lane(2.0, 0.0, 1, 9.0), Lane(0.5, 1.0, 1, 9.0)
    found = books(lanes={("H1", "R1"): [light, heavy, slow]})
    tomorrow = line("ship", "H1", "R1", "A", 2, arrival_date=day(1))
    assert found.lanes_of(replace(tomorrow, cost=4.0)) == [light]
    assert found.lanes_of(replace(tomorrow, cost=5.0)) == [heavy]
    assert found.lanes_of(replace(tomorrow, cost=2.0)) == [light, heavy]
    assert found.lanes_of(replace(tomorrow, arrival_date=day(9), cost=2.0)) == [slow]
    assert found.lanes_of(replace(tomorrow, arrival_date=day(9), cost=9.0)) == [light, heavy, slow]
    assert found.lanes_of(replace(tomorrow, destination="R2")) == []


def test_cells_are_open_until_the_last_day_of_the_assortment():
    """Days are counted from the plan; no date is as far as can be; without a table all may."""
    assert read().assortment is None
    found = read(assortment=[
        ("R", "I", day(3), day(20)), ("R", "J", pd.NaT, pd.NaT), ("R", "K", pd.NaT, day(-1)),
        ("R", "L", pd.NaT, MONDAY),
    ])  # fmt: skip
    assert found.assortment == {
        ("R", "I"): [(3, 20)], ("R", "J"): [(-np.inf, np.inf)], ("R", "L"): [(-np.inf, 0)]
    }  # fmt: skip


def test_expired_locks_are_gone():
    """A lock holds through its last day; one without an end holds."""
    rows = [("forbid", 0.0, "", "", expires, "", name, "") for expires, name in
            ((day(-1), "A"), (MONDAY, "B"), (pd.NaT, "C"))]  # fmt: skip
    assert [each["item"] for each in read(overrides=rows).overrides] == ["B", "C"]


def test_rows_of_the_exits_table_are_found_by_what_they_name():
    """Each row stands under its exit, region and item."""
    found = read(exits=[("markdown", "I", "R", 1.0, 0.5, 9.0, 2.0)])
    assert found.exits["markdown", "R", "I"]["capacity"] == 9.0


def test_without_a_table_exits_cost_what_the_settings_say():
    """Return .5 + nothing; redirect .25; markdown .3 x 20; given away 10 less a tenth."""
    found = books()
    costs = {kind: found.exit_cost(kind, "R1", "A") for kind in
             ("return", "redirect", "markdown", "give_away", "donate")}  # fmt: skip
    assert costs == pytest.approx(
        {"return": 0.5, "redirect": 0.25, "markdown": 6.0, "give_away": 9.0, "donate": None}
    )
    closed = books(params=replace(PARAMS, exits=ExitParams(allowed=())))
    assert closed.exit_cost("return", "R1", "A") is None


def test_with_a_table_only_its_exits_exist():
    """Handling, what it recovers and holding over its delay: 2 + 6 - 1 + 3 x .1; 1 + 10 - 1."""
    rows = {
        ("markdown", "R1", "A"): exit_row(2.0, 1.0, 3.0),
        ("donate", "", ""): exit_row(1.0),
        ("liquidate", "", ""): exit_row(1.0, 4.0),
        ("redirect", "", ""): exit_row(0.75),
    }
    found = books(exits=rows)
    assert found.exit_cost("markdown", "R1", "A") == pytest.approx(7.3)
    assert found.exit_cost("donate", "R1", "A") == pytest.approx(10.0)
    assert found.exit_cost("liquidate", "R1", "A") == pytest.approx(7.0)
    assert found.exit_cost("redirect", "R1", "A") == pytest.approx(0.75)
    assert found.exit_cost("return", "R1", "A") is None
    assert found.exit_cost("markdown", "R2", "A") is None


def test_the_most_specific_row_of_an_exit_holds():
    """Region and item, then item, then region, then any."""
    rows = {("markdown", *key): exit_row(cost) for cost, key in
            ((1.0, ("R1", "A")), (2.0, ("", "A")), (3.0, ("R1", "")), (4.0, ("", "")))}  # fmt: skip
    found = books(exits=rows)
    costs = [found.exit_row("markdown", region, item)["cost"] for region, item in
             (("R1", "A"), ("R2", "A"), ("R1", "B"), ("R2", "B"))]  # fmt: skip
    assert costs == [1.0, 2.0, 3.0, 4.0]


def test_ways_into_a_cell_start_at_hubs_that_hold_the_item():
    """A comes to R1 from both hubs, B from H1 alone; nothing comes where no lane goes."""
    found = books()
    assert found.landed(("R1", "A")) == [("H1", 1.5, 2), ("H2", 1.75, 1)]
    assert found.landed(("R1", "B")) == [("H1", 1.25, 2)]
    assert found.landed(("R2", "A")) == [("H1", 2.0, 3)]
    assert found.landed(("R1", "A")) is found.landed(("R1", "A"))
    assert books(hub_stock={("H1", "A"): 0}).landed(("R1", "A")) == []


def test_usable_ways_are_in_time_and_not_forbidden():
    """H1 takes two days, H2 one; a lock on one origin, item or region forbids what it names."""
    cell = ("R1", "A")
    assert books().usable(cell) == [(1.5, 2), (1.75, 1)]
    assert books(horizon_days=2).usable(cell) == [(1.75, 1)]
    assert books(overrides=[lock("forbid", 0.0, origin="H1")]).usable(cell) == [(1.75, 1)]


@pytest.mark.parametrize(
    ("rule", "forbidden"),
    [
        (lock("forbid", 5.0), True),
        (lock("forbid", 0.0, "R1", "A", "H1"), True),
        (lock("forbid", 0.0, "R2"), False),
        (lock("forbid", 0.0, item="B"), False),
        (lock("forbid", 0.0, origin="H2"), False),
        (lock("at_most", 0.0), True),
        (lock("at_most", 1.0), False),
        (lock("fix", 0.0), True),
        (lock("fix", 2.0), False),
        (lock("at_least", 0.0), False),
    ],
)
def test_what_a_lock_forbids(rule: dict, forbidden: bool):
    """A lock that lets nothing pass: `forbid`, or at most or exactly none."""
    assert books(overrides=[rule]).forbidden("H1", ("R1", "A")) == forbidden
    assert not books().forbidden("H1", ("R1", "A"))


@pytest.mark.parametrize(
    ("span", "lead", "met"),
    [
        (None, 27, True), (None, 28, False),
        ((0, 10), 10, True), ((0, 10), 11, False),
        ((5, 99), 0, True), ((6, 99), 0, True), ((7, 99), 0, False), ((7, 99), 1, True),
    ],
)  # fmt: skip
def test_units_must_meet_demand(span, lead: int, met: bool):
    """Before the horizon ends, before the cell is over, and in a window that reaches its start."""
    open_cells = None if span is None else {("R1", "A"): [span]}
    assert books(assortment=open_cells).in_time(("R1", "A"), lead) == met
    if span == (7, 99):
        two = replace(PARAMS, plan=PlanParams(review_weeks=2))
        assert books(assortment=open_cells, params=two).in_time(("R1", "A"), lead)


def test_a_limit_is_spared_by_its_own_name_whoever_stated_it():
    """Not by a region that begins alike, nor by a lock on one hub alone."""
    lock = "at_least 4 of A to R1"
    other = {"at_least 4 of A to R10 (Anna)": 3.0, "at_least 4 of A to R1 from H (Anna)": 1.0}
    assert books(relaxed=other).spare(lock) == 0.0
    assert books(relaxed={**other, f"{lock} (Bob: fair)": 2.0}).spare(lock) == 2.0
    assert books(relaxed={**other, lock: 2.5}).spare(lock) == 2.5


def test_money_agrees_within_a_millionth_of_the_larger():
    """Of one unit where amounts are small, of `size` where that is larger still."""
    assert close(1e6, 1e6 + 0.9) and not close(1e6, 1e6 + 1.2)
    assert close(0.0, 9e-7) and not close(0.0, 2e-6)
    assert close(0.0, 9e-4, size=1000.0) and not close(0.0, 2e-3, size=1000.0)
    assert close(-1e6 - 0.9, -1e6)


def test_arrivals_take_ranks_behind_what_is_kept():
    """Two lie in R1, one leaves: the first arrival is rank 2, the earliest first; else rank 1.

    A redirect counts where it goes and where it comes from.
    """
    lines = [
        line("ship", "H1", "R1", "A", 2),
        line("ship", "H2", "R1", "A", 1),
        line("redirect", "R1", "R2", "A", 1),
        line("ship", "H1", "R2", "B", 3),
    ]
    assert arrivals_of(books(), lines) == {
        ("R1", "A"): {2: 1, 3: 2, 4: 2}, ("R2", "A"): {1: 1}, ("R2", "B"): {1: 3, 2: 3, 3: 3}
    }  # fmt: skip
    gone = [line("markdown", "R1", "", "A", 2), line("ship", "H2", "R1", "A", 1)]
    assert arrivals_of(books(), gone) == {("R1", "A"): {1: 1}}
    wrong = [line("ship", "H1", "R1", "A", -2)]
    assert arrivals_of(books(), wrong) == {("R1", "A"): {}}


def test_lines_are_read_as_they_stand():
    """A row becomes a line, and a line says where it goes."""
    one = line("ship", "H1", "R1", "A", 2)
    table = pd.DataFrame([vars(one)])
    assert read_lines(table) == [one]
    assert str(one) == "ship 2 A H1 -> R1"
    assert str(line("markdown", "R1", "", "A", 1)) == "markdown 1 A R1"
    assert math.isclose(one.cost, 3.0)


def test_holding_is_what_a_region_costs_more_than_the_hub_of_its_cheapest_lane():
    """A from H1 for 1.50, from H2 for 1.75: .10 less 10 x .26 / 52; what B states goes before."""
    hubs = {"H1": {"holding_rate_per_year": 0.26}, "H2": {"holding_rate_per_year": 2.0}}
    items = {**ITEMS, "B": ITEMS["B"] | {"hub_holding_cost_per_week": 0.15}}
    found = books(hubs=hubs, items=items)
    assert found.holding("R1", "A") == pytest.approx(0.05)
    assert found.holding("R1", "B") == pytest.approx(0.05)
    assert books().holding("R1", "A") == pytest.approx(0.1)
