"""May it be shipped: each check passes what just keeps its limit and names what just breaks it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.audit import limits
from foreship_optimize.audit.books import Lane
from foreship_optimize.params import PlanParams
from tests.optimize.audit_books import (
    EVERY,
    GIFT,
    ITEMS,
    MARKDOWN,
    MONDAY,
    PARAMS,
    REDIRECT,
    RETURN,
    SHIP,
    books,
    exit_row,
    line,
    lock,
)


def planned(**plan) -> dict:
    """Return the change of the books that sets some of the plan's settings."""
    return {"params": replace(PARAMS, plan=PlanParams(**plan))}


def said(check, lines: list, **changes) -> list[str]:
    """Run one check of `lines` against the books."""
    return list(check(books(**changes), lines))


@pytest.mark.parametrize("check", limits.LIMIT_CHECKS)
def test_a_good_plan_passes_every_check(check):
    """Two of A from H1, and one of each of the two that lie in R1, one way or another."""
    assert said(check, [SHIP, REDIRECT, MARKDOWN]) == []
    assert said(check, [SHIP, RETURN, GIFT]) == []
    assert said(check, []) == []


def test_all_fifteen_checks_are_run():
    """None is forgotten in the list that the audit goes through."""
    own = {value for value in vars(limits).values()
           if callable(value) and getattr(value, "__module__", "") == limits.__name__}  # fmt: skip
    assert set(limits.LIMIT_CHECKS) == own - {limits._volume, limits._joined}
    assert len(limits.LIMIT_CHECKS) == 15


def test_every_place_is_of_the_kind_that_its_action_needs():
    """Ships leave hubs, all others regions; returns go to hubs; a markdown goes nowhere."""
    assert said(limits.everything_named_exists, EVERY) == []
    wrong = {
        "unknown item": [replace(SHIP, item="?")],
        "unknown origin": [replace(SHIP, origin="R1"), replace(REDIRECT, origin="H1"),
                           replace(RETURN, origin="H1"), replace(GIFT, origin="?")],
        "unknown destination": [
            replace(SHIP, destination="H2"), replace(REDIRECT, destination="H1"),
            replace(RETURN, destination="R2"), replace(MARKDOWN, destination="R2"),
            replace(GIFT, destination="H1"), replace(SHIP, destination=""),
        ],
    }  # fmt: skip
    for words, lines in wrong.items():
        found = said(limits.everything_named_exists, lines)
        assert [each.partition(":")[0] for each in found] == [words] * len(lines)
    both = said(limits.everything_named_exists, [replace(SHIP, item="?", origin="?"), SHIP])
    assert len(both) == 1


def test_ships_are_whole_packs_and_no_line_is_empty():
    """B comes in threes; a redirect of B need not."""
    lines = [line("ship", "H1", "R1", "B", 3), line("redirect", "R1", "R2", "B", 2)]
    assert said(limits.whole_packs, lines) == []
    for quantity in (2, 4):
        (fault,) = said(limits.whole_packs, [line("ship", "H1", "R1", "B", quantity)])
        assert fault.endswith("not a multiple of its pack of 3")
    (fault,) = said(limits.whole_packs, [replace(REDIRECT, quantity=0), REDIRECT])
    assert fault.endswith("fewer than one unit")
    assert said(limits.whole_packs, [replace(SHIP, item="?")]) == []


def test_ships_carry_the_minimum_line_or_what_was_said():
    """Two pass a minimum of two, one does not, unless the minimum gave way by one."""
    one = replace(SHIP, quantity=1)
    assert said(limits.whole_packs, [SHIP], **planned(minimum_line_quantity=2)) == []
    (fault,) = said(limits.whole_packs, [one], **planned(minimum_line_quantity=2))
    assert fault.endswith("below the minimum line of 2")
    relaxed = {"relaxed": {"minimum line quantity": 1.0}}
    assert said(limits.whole_packs, [one], **planned(minimum_line_quantity=2), **relaxed) == []
    assert said(limits.whole_packs, [one], **planned(minimum_line_quantity=3), **relaxed)
    assert said(limits.whole_packs, [REDIRECT], **planned(minimum_line_quantity=2)) == []


def test_lines_leave_today_on_open_lanes_and_arrive_after_their_lead():
    """Two days from H1 to R1; a markdown arrives where it is, today."""
    check, later = limits.lanes_open_and_dates_right, MONDAY + pd.Timedelta(days=1)
    assert said(check, EVERY) == []
    assert "leaves on" in said(check, [replace(SHIP, ship_date=later)])[0]
    early = said(check, [replace(SHIP, arrival_date=later), replace(GIFT, arrival_date=later)])
    assert len(early) == 2 and all("arrives on" in each for each in early)
    none = replace(SHIP, origin="H2", destination="R2")
    assert said(check, [none, SHIP])[0].endswith("no open lane")
    assert len(said(check, [none, replace(SHIP, arrival_date=MONDAY)])) == 2


TWO = {("H1", "R1"): [Lane(3.0, 0.0, 1, 4.0), Lane(1.0, 0.25, 2, 8.0)]}
EXPRESS = replace(SHIP, arrival_date=MONDAY + pd.Timedelta(days=1), cost=6.0)
"""two of A at 3.00 in a day, beside `SHIP` at 1.50 in two"""


def test_a_line_is_on_the_lane_whose_day_and_cost_it_tells():
    """Truck beside express: either day is right, a third is not; each lane has its own room.

    Room for 4 on the express and 8 on the truck: 4 and 8 of A fit, of the express 5 do not.
    """
    check = limits.lanes_open_and_dates_right
    assert said(check, [SHIP, EXPRESS], lanes=TWO) == []
    (fault,) = said(check, [replace(SHIP, arrival_date=MONDAY)], lanes=TWO)
    assert "not 1 day or 2 days after" in fault
    four, five = (replace(EXPRESS, quantity=units, cost=3.0 * units) for units in (4, 5))
    eight = replace(SHIP, quantity=8, cost=12.0)
    assert said(limits.lanes_hold, [four, eight], lanes=TWO) == []
    assert said(limits.lanes_hold, [five, eight], lanes=TWO) == ["lane H1 -> R1: 5 of 4"]
    budget = planned(freight_budget=24.0)
    assert said(limits.budgets_hold, [four, eight], lanes=TWO, **budget) == []
    assert len(said(limits.budgets_hold, [five, eight], lanes=TWO, **budget)) == 1


def test_lines_that_could_be_on_either_lane_share_their_room():
    """A (2 kg) costs 2.00 on both lanes of a day, B (1 kg) 2.00 and 1.50: B tells, A does not.

    Room for 6 on each: 2 of B (4) on the first leave room for 8 of A on both, not for 9.
    """
    lanes = {("H1", "R1"): [Lane(2.0, 0.0, 2, 6.0), Lane(1.0, 0.5, 2, 6.0, row=1)]}
    b = replace(line("ship", "H1", "R1", "B", 2), cost=4.0)
    a, more = (replace(SHIP, quantity=units, cost=2.0 * units) for units in (8, 9))
    assert said(limits.lanes_hold, [a, b], lanes=lanes) == []
    assert said(limits.lanes_hold, [more, b], lanes=lanes) == ["lane H1 -> R1: 13 of 12"]
    full = replace(b, quantity=4, cost=8.0)
    assert said(limits.lanes_hold, [full], lanes=lanes) == ["lane H1 -> R1: 8 of 6"]


def test_what_goes_one_way_on_one_lane_is_one_line():
    """Twice the same is told, whatever the quantity; another exit, lane or way is another line."""
    check = limits.lines_are_apart
    nine = replace(SHIP, quantity=9, cost=13.5)
    (fault,) = said(check, [SHIP, REDIRECT, nine])
    assert fault.endswith("a line is there twice")
    assert said(check, [MARKDOWN, GIFT, MARKDOWN])
    assert said(check, [REDIRECT, replace(REDIRECT, exit="x")]) == []
    assert said(check, [SHIP, EXPRESS], lanes=TWO) == []
    assert len(said(check, [SHIP, EXPRESS, nine], lanes=TWO)) == 1


def test_hubs_send_no_more_than_lies_there():
    """Five of A from H1 in two lines pass, six do not; what leaves regions is not counted."""
    three = replace(SHIP, quantity=3)
    assert said(limits.hub_stock_holds, [SHIP, three, *[RETURN] * 9]) == []
    assert said(limits.hub_stock_holds, [three, three]) == ["hub H1 sends 6 of A, holds 5"]
    unheld = line("ship", "H2", "R1", "B", 1)
    assert said(limits.hub_stock_holds, [unheld]) == ["hub H2 sends 1 of B, holds 0"]


@pytest.mark.parametrize("away", [REDIRECT, RETURN, MARKDOWN, GIFT])
def test_regions_give_no_more_than_lies_there(away):
    """Two of A lie in R1: two leave, a third may not, whatever becomes of it."""
    assert said(limits.stock_on_hand_holds, [away, away, replace(SHIP, origin="R1")]) == []
    assert said(limits.stock_on_hand_holds, [away, away, GIFT]) == [
        "region R1 moves 3 of A away, holds 2"
    ]
    other = replace(away, item="B")
    assert said(limits.stock_on_hand_holds, [other]) == ["region R1 moves 1 of B away, holds 0"]


def test_what_lies_in_comes_to_and_goes_to_a_region_fits():
    """Room for 10 in R1, where 2 lie and 1 comes: 3 of B (2 each) and 1 of A fit, 2 of A do not.

    What leaves makes room. A region that is over its room takes nothing, and may stay so.
    """
    b, one = line("ship", "H1", "R1", "B", 3), replace(SHIP, quantity=1)
    assert said(limits.storage_holds, [b, one]) == []
    assert said(limits.storage_holds, [b, SHIP]) == ["storage of R1: 11 of 10"]
    for away in (REDIRECT, RETURN, MARKDOWN, GIFT):
        assert said(limits.storage_holds, [b, SHIP, away]) == []
    small = {"regions": {"R1": {"capacity": 1.0}, "R2": {"capacity": 0.5}}}
    assert said(limits.storage_holds, [one, GIFT], **small) == []
    assert said(limits.storage_holds, [one], **small) == ["storage of R1: 4 of 3"]
    assert said(limits.storage_holds, [REDIRECT], **small) == ["storage of R2: 1 of 0.5"]
    assert said(limits.storage_holds, [replace(SHIP, destination="?")], **small) == []
    noise = {"regions": {"R1": {"capacity": 10 - 9e-6}, "R2": {"capacity": np.inf}}}
    assert said(limits.storage_holds, [b, one], **noise) == []
    noise["regions"]["R1"]["capacity"] = 10 - 2e-5
    assert len(said(limits.storage_holds, [b, one], **noise)) == 1


def test_what_travels_on_a_lane_fits_on_it():
    """Room for 8 from H1 to R1: 3 of B and 2 of A; lines of one lane add up, others do not."""
    b = line("ship", "H1", "R1", "B", 3)
    assert said(limits.lanes_hold, [b, SHIP, MARKDOWN, line("ship", "H1", "R2", "A", 9)]) == []
    over = said(limits.lanes_hold, [b, SHIP, replace(SHIP, quantity=1)])
    assert over == ["lane H1 -> R1: 9 of 8"]
    unknown = replace(SHIP, origin="H2", destination="R2", quantity=99)
    assert said(limits.lanes_hold, [unknown]) == []
    assert said(limits.lanes_hold, [replace(SHIP, item="?", quantity=99)]) == []
    tight = {"lanes": {("H1", "R1"): [Lane(1.0, 0.0, 2, 8 - 7e-6)]}}
    assert said(limits.lanes_hold, [b, SHIP], **tight) == []
    tight["lanes"]["H1", "R1"] = [Lane(1.0, 0.0, 2, 8 - 9e-6)]
    assert len(said(limits.lanes_hold, [b, SHIP], **tight)) == 1


@pytest.mark.parametrize(("more", "faults"), [(9e-7, 0), (1.5e-6, 1)])
def test_small_limits_are_kept_to_a_millionth_of_one(more: float, faults: int):
    """Half a unit of room or of lane takes half a unit and a millionth, not twice that."""
    small = {"A": ITEMS["A"] | {"volume": 0.5 + more}}
    room = {"regions": {"R1": {"capacity": 10.0}, "R2": {"capacity": 0.5}}}
    assert len(said(limits.storage_holds, [REDIRECT], items=small, **room)) == faults
    narrow = {"lanes": {("R1", "R2"): [Lane(0.75, 0.0, 1, 0.5)]}}
    assert len(said(limits.lanes_hold, [REDIRECT], items=small, **narrow)) == faults


def test_budgets_count_what_is_sent_ahead():
    """Two ships at 1.50 and a redirect at .75 + .25 cost 4.00, move 30.00; exits cost neither."""
    lines = [MARKDOWN, replace(SHIP, item="?"), SHIP, REDIRECT, RETURN]
    assert said(limits.budgets_hold, lines, **planned(freight_budget=4.0)) == []
    assert said(limits.budgets_hold, lines, **planned(stock_value_budget=30.0)) == []
    both = planned(freight_budget=3.9, stock_value_budget=29.0)
    assert said(limits.budgets_hold, lines, **both) == [
        "freight budget: 4 of 3.9", "stock value budget: 30 of 29",
    ]  # fmt: skip
    relaxed = {"relaxed": {"freight budget": 0.1, "stock value budget": 0.5}}
    assert said(limits.budgets_hold, lines, **both, **relaxed) == ["stock value budget: 30 of 29.5"]
    close = planned(freight_budget=4.0 - 3e-6, stock_value_budget=30 - 2e-5)
    assert said(limits.budgets_hold, lines, **close) == []
    beyond = planned(freight_budget=4.0 - 6e-6, stock_value_budget=30 - 5e-5)
    assert len(said(limits.budgets_hold, lines, **beyond)) == 2


def test_freight_that_pays_does_not_pay_for_other_freight():
    """A redirect that gains 9.75 counts as free; a lane that is not there costs no freight."""
    gains = {"exits": {("redirect", "", ""): exit_row(0.0, 10.5)}}
    assert said(limits.budgets_hold, [REDIRECT], **gains, **planned(freight_budget=0.0)) == []
    assert said(limits.budgets_hold, [SHIP, REDIRECT], **gains, **planned(freight_budget=2.9))
    nowhere = replace(SHIP, origin="H2", destination="R2")
    assert said(limits.budgets_hold, [nowhere], **planned(freight_budget=0.0)) == []
    assert said(limits.budgets_hold, [nowhere], **planned(stock_value_budget=19.0))


def test_units_go_only_to_cells_of_the_assortment():
    """A may be stocked in R1 alone: ships there pass, a redirect to R2 does not."""
    only = {"assortment": {("R1", "A"): [(0, 99)]}}
    assert said(limits.assortment_holds, [SHIP, MARKDOWN, RETURN], **only) == []
    (fault,) = said(limits.assortment_holds, [REDIRECT], **only)
    assert fault.endswith("not in the assortment")
    assert said(limits.assortment_holds, [replace(SHIP, item="B")], **only)
    assert said(limits.assortment_holds, [REDIRECT]) == []


def test_exits_exist_under_their_action():
    """A gift may be a donation where the table has one; a redirect is a redirect."""
    assert said(limits.exits_exist, EVERY) == []
    (fault,) = said(limits.exits_exist, [replace(REDIRECT, exit="markdown")])
    assert "is not one of" in fault
    (fault,) = said(limits.exits_exist, [replace(GIFT, exit="donate")])
    assert fault.endswith("exit donate does not exist here")
    table = {"exits": {("donate", "", "A"): exit_row(0.0)}}
    assert said(limits.exits_exist, [replace(GIFT, exit="donate"), SHIP], **table) == []
    (fault,) = said(limits.exits_exist, [GIFT], **table)
    assert fault.endswith("exit give_away does not exist here")
    assert said(limits.exits_exist, [replace(GIFT, item="?", exit="?")]) == []


def test_exits_take_no_more_than_their_capacity():
    """Three gifts of any item in R1: two of A and one of B pass, one more does not.

    The row of item A alone is another exit, with room of its own; ships use none.
    """
    table = {"exits": {("give_away", "R1", ""): exit_row(0.0, capacity=3.0)}}
    two, b = replace(GIFT, quantity=2), replace(GIFT, item="B")
    assert said(limits.exits_hold, [two, b, replace(SHIP, exit="give_away")], **table) == []
    table["exits"]["give_away", "R1", ""] |= {"item": "", "region": "R1", "exit": "give_away"}
    assert said(limits.exits_hold, [two, b, b], **table) == ["exit give_away R1: 4 units of 3"]
    table["exits"]["give_away", "", "A"] = exit_row(0.0, capacity=2.0)
    assert said(limits.exits_hold, [two, b, b, b], **table) == []
    assert said(limits.exits_hold, [two]) == []


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        (lock("fix", 3.0), False), (lock("fix", 2.0), True), (lock("fix", 4.0), True),
        (lock("at_least", 3.0), False), (lock("at_least", 4.0), True),
        (lock("at_least", 1.0), False),
        (lock("at_most", 3.0), False), (lock("at_most", 2.0), True), (lock("at_most", 9.0), False),
        (lock("forbid", 9.0), True), (lock("forbid", 0.0, "R9"), False),
        (lock("at_most", 2.0, region="R1"), False), (lock("at_most", 1.0, region="R1"), True),
        (lock("at_most", 1.0, region="R2"), False), (lock("at_most", 0.0, region="R2"), True),
        (lock("at_most", 2.0, origin="H1"), False), (lock("at_most", 1.0, origin="H1"), True),
        (lock("forbid", 0.0, item="B"), False), (lock("forbid", 0.0, item="A"), True),
    ],
)  # fmt: skip
def test_locks_hold_for_what_they_name(rule: dict, broken: bool):
    """Two ships from H1 to R1 and a redirect to R2, all of A; what leaves for good never counts."""
    found = said(limits.locks_hold, [SHIP, REDIRECT, MARKDOWN, RETURN], overrides=[rule])
    assert len(found) == broken


def test_a_lock_may_be_missed_by_what_was_said():
    """One that asks for five and gave way by two is kept by three, and by no fewer."""
    rule, words = lock("at_least", 5.0, "R1", "A"), "at_least 5 of A to R1"
    gave = {"overrides": [rule], "relaxed": {words: 2.0}}
    three = replace(SHIP, quantity=3)
    assert said(limits.locks_hold, [three], **gave) == []
    assert said(limits.locks_hold, [SHIP], **gave) == [f"lock {words}: 2 units"]
    any_item = lock("fix", 5.0)
    assert said(limits.locks_hold, [SHIP], overrides=[any_item]) == [
        "lock fix 5 of any item to any region: 2 units"
    ]


def test_an_unknown_item_has_no_volume():
    """It is told by name, not by the room it takes."""
    assert limits._volume(books(), "B") == ITEMS["B"]["volume"]
    assert limits._volume(books(), "?") == 0.0


def test_a_line_leaves_on_a_day_of_its_lane():
    """One lane of Tuesday and Friday, two days: both pass; Monday, and Tuesday's day do not."""
    lanes = {("H1", "R1"): [Lane(1.0, 0.25, 3, 8.0, 1), Lane(1.0, 0.25, 6, 8.0, 4)]}

    def faults(leaves: int, arrives: int) -> list[str]:
        days = [MONDAY + pd.Timedelta(days=day) for day in (leaves, arrives)]
        told = replace(SHIP, ship_date=days[0], arrival_date=days[1])
        return said(limits.lanes_open_and_dates_right, [told], lanes=lanes)

    assert faults(1, 3) == [] == faults(4, 6)
    (fault,) = faults(0, 3)
    assert f"leaves on {MONDAY}, not" in fault and str(MONDAY + pd.Timedelta(days=4)) in fault
    (fault,) = faults(4, 3)
    assert fault.endswith(f"not 6 days after {MONDAY}")


def test_departures_of_one_row_share_its_room():
    """Eight volume on Tuesday and Friday together: five and three of A pass, not four."""
    lanes = {("H1", "R1"): [Lane(1.0, 0.25, 3, 8.0, 1), Lane(1.0, 0.25, 6, 8.0, 4)]}

    def on(day: int, units: int):
        dates = [MONDAY + pd.Timedelta(days=each) for each in (day, day + 2)]
        return replace(SHIP, quantity=units, ship_date=dates[0], arrival_date=dates[1])

    assert said(limits.lanes_hold, [on(1, 5), on(4, 3)], lanes=lanes) == []
    assert said(limits.lanes_hold, [on(1, 5), on(4, 4)], lanes=lanes) == ["lane H1 -> R1: 9 of 8"]


def test_a_hub_picks_no_more_than_it_may_on_a_day():
    """Two of A and two more from H1 on Monday, where three may be picked; on another day they may.

    Returns to the hub are not picked.
    """
    hubs = {"H1": {"picking_units": 3.0}, "H2": {}}
    two = replace(SHIP, quantity=2)
    assert said(limits.hubs_pick, [two, RETURN, RETURN], hubs=hubs) == []
    later = replace(two, ship_date=MONDAY + pd.Timedelta(days=1))
    assert said(limits.hubs_pick, [two, later], hubs=hubs) == []
    assert said(limits.hubs_pick, [two, two], hubs=hubs) == [
        f"hub H1 picks 4 units on {MONDAY}, may pick 3"
    ]


def test_a_region_takes_in_no_more_than_it_may_on_a_day():
    """R1 takes in three a day; one inbound comes on day 3, and four on day 1, overdue ones on 0."""
    regions = {"R1": {"capacity": 99.0, "receiving_units": 3.0}, "R2": {"capacity": 99.0}}
    later = MONDAY + pd.Timedelta(days=3)
    coming = {("R1", "A"): [(later, 1), (later - pd.Timedelta(days=2), 4), (pd.NaT, 1)]}
    changed = {"regions": regions, "coming": coming}

    def faults(day: int, units: int) -> list[str]:
        told = replace(SHIP, quantity=units, arrival_date=MONDAY + pd.Timedelta(days=day))
        return said(limits.regions_receive, [told], **changed)

    assert faults(2, 3) == [] == faults(3, 2) == faults(0, 2)
    assert faults(2, 4) and faults(3, 3) and faults(1, 1) and faults(0, 3)
    assert faults(3, 3)[0].endswith("may take in 2")
