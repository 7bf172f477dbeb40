"""What may be lost, and the chances it rests on: walks through stock and paths, on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from foreship_optimize.audit import risk
from foreship_optimize.audit.books import Lane
from foreship_optimize.audit.risk import Paths, chances_match_demand, worst_outcomes_match
from foreship_optimize.params import PlanParams, RiskParams
from tests.optimize.audit_books import MONDAY, PARAMS, Demand, books, exit_row, line, lock

CELL = ("R1", "A")


def day(days: int) -> pd.Timestamp:
    """Return the day so many days after the plan's Monday."""
    return MONDAY + pd.Timedelta(days=days)


def need(demand: Demand, start: int, end: int, cell=CELL, **changes) -> list[int]:
    """What the days start..end want beyond stock, by scenario."""
    return Paths(books(**changes), demand, [cell]).need(cell, start, end).tolist()


SEVEN = Demand({CELL: [[7, 14, 0], [7, 0, 7], [7, 7, 7], [7, 7, 7]]})
"""one, two and no units a day in the first week"""


def test_demand_that_finds_no_stock_is_needed():
    """Two lie there and one comes on Thursday, the third day from now: of seven, four are needed.

    Demand before the one that comes takes the two; the one serves the next, and the rest is
    needed. In the second scenario 14 - 3, in the third none.
    """
    assert need(SEVEN, 0, 7) == [4, 11, 0]
    assert need(SEVEN, 0, 7, coming={}) == [5, 12, 0]
    assert need(SEVEN, 0, 7, on_hand={}, coming={}) == [7, 14, 0]


def test_need_begins_with_its_window():
    """Days before it use the stock up, but what they want more does not count; nor what is later.

    From day 7 on the first scenario has nothing left, the third all three, of which seven in the
    second week leave four.
    """
    assert need(SEVEN, 7, 14) == [7, 0, 4]
    assert need(SEVEN, 5, 7) == [2, 4, 0]
    assert need(SEVEN, 2, 4, on_hand={CELL: 2}) == [1, 3, 0]
    assert need(SEVEN, 0, 0) == [0, 0, 0]


def test_units_land_on_their_day():
    """Without a date or overdue they are there; on the last day of a window they come too late."""
    for lots in ([(pd.NaT, 3)], [(day(-5), 3)], [(MONDAY, 1), (pd.NaT, 2)]):
        assert need(SEVEN, 0, 7, on_hand={}, coming={CELL: lots}) == [4, 11, 0]
    assert need(SEVEN, 0, 7, on_hand={}, coming={CELL: [(day(7), 3)]}) == [7, 14, 0]
    assert need(SEVEN, 0, 7, on_hand={}, coming={CELL: [(day(6), 3)]}) == [6, 12, 0]
    two = [(day(1), 1), (day(1), 1)]
    assert need(SEVEN, 0, 7, on_hand={}, coming={CELL: two}) == [5, 12, 0]
    later = {CELL: [(day(8), 2)]}
    assert need(SEVEN, 7, 14, on_hand={}, coming=later) == [5, 0, 5]


def test_a_demand_that_began_before_the_plan_is_cut_there():
    """Paths from three days ago: three of the first week's seven are over."""
    early = Demand({CELL: [[7], [7]]}, day(-3))
    assert need(early, 0, 4, on_hand={}, coming={}) == [4]
    assert need(early, 0, 11, on_hand={}, coming={}) == [11]


def test_cells_without_paths_need_nothing():
    """A cell that no path speaks of sells nothing, in every scenario."""
    assert need(SEVEN, 0, 7, ("R9", "A")) == [0, 0, 0]


@pytest.mark.parametrize("together", [1, 2, 256])
def test_cells_are_walked_in_groups(monkeypatch, together: int):
    """Each cell's own stock and paths, however many are read at a time, in any order of asking."""
    monkeypatch.setattr(risk, "TOGETHER", together)
    cells = {("R1", "A"): [[7]], ("R1", "B"): [[14]], ("R2", "A"): [[21]]}
    coming = {("R2", "A"): [(day(2), 4)], ("R1", "B"): [(day(2), 1)]}
    paths = Paths(books(coming=coming), Demand(cells), cells)
    for _ in range(2):
        found = [paths.need(cell, 0, 7).tolist() for cell in cells]
        assert found == [[5], [13], [17]]
        assert paths.need(("R1", "B"), 0, 1).tolist() == [2]
    some = Paths(books(coming=coming), Demand(cells), {("R2", "A")})
    assert some.need(("R2", "A"), 0, 7).tolist() == [17], "others need not be asked for"


SHIP = line("ship", "H1", "R1", "A", 4)
RISK = RiskParams(level=0.5, budget=None, horizon_weeks=2)


def losses(lines: list, demand: Demand, cvar: float, params: RiskParams = RISK, **changes):
    """What the check of the worst outcomes says."""
    about = {"on_hand": {}, "coming": {}} | changes
    found = books(params=replace(PARAMS, risk=params), **about)
    return list(worst_outcomes_match(found, lines, demand, {"cvar": cvar}))


SLOW = Demand({CELL: [[1, 3, 9, 0], [0, 0, 9, 0]]})
"""units in two weeks: 1, 3, 18, 0"""


def test_the_mean_of_the_worst_outcomes_is_recomputed():
    """Four sent; 3, 1, 0 and 4 are left over, at 1.50 in + .2 holding + 1.00 back, 2.70 each.

    The worse half of the outcomes: (4 + 3) / 2 units. Two lines of one cell add up.
    """
    true = 3.5 * 2.7
    assert losses([SHIP], SLOW, true) == []
    (fault,) = losses([SHIP], SLOW, true + 0.01)
    assert fault == "cvar 9.46 is 9.45"
    three, one = (line("ship", "H1", "R1", "A", units) for units in (3, 1))
    assert losses([three, one, line("markdown", "R1", "", "A", 9)], SLOW, true) == []


def test_what_is_needed_is_no_gain_and_counts_from_the_first_day():
    """All outcomes together: 3, 1, 0 and 4 left over, on average 2. Of 8, seven a week need 7."""
    assert losses([SHIP], SLOW, 2.0 * 2.7, replace(RISK, level=0.0)) == []
    week = Demand({CELL: [[7], [7]]})
    eight = line("ship", "H1", "R1", "A", 8)
    assert losses([eight], week, 1.5 + 0.1 + 1.0, replace(RISK, horizon_weeks=1)) == []


@pytest.mark.parametrize(("more", "faults"), [(9e-7, 0), (1.5e-6, 1)])
def test_a_small_budget_is_kept_to_a_millionth_of_one(more: float, faults: int):
    """Half a unit of money and a millionth, not twice that."""
    lines = [line("redirect", "R1", "R2", "A", 1, cost=1.0 + 0.5 + more)]
    found = books(
        on_hand={("R1", "A"): 1}, coming={}, hub_stock={},
        params=replace(PARAMS, risk=replace(RISK, budget=0.5)),
    )  # fmt: skip
    every = Demand({("R2", "A"): [[9], [9]]})
    said = list(worst_outcomes_match(found, lines, every, {"cvar": 0.5 + more}))
    assert len(said) == faults


def test_freight_above_the_cheapest_way_in_is_lost_in_every_outcome():
    """Four from H2 cost .25 a unit more than H1's lane: 1.00 more, whatever comes."""
    dear = line("ship", "H2", "R1", "A", 4)
    assert losses([dear], SLOW, 3.5 * 2.7 + 1.0) == []
    assert losses([dear], SLOW, 3.5 * 2.7 + 1.0, hub_stock={("H2", "A"): 9}) != []


def test_the_budget_holds():
    """9.45 passes a budget of 9.45 and, where it gave way by .45, of 9.00; not one of 9.44."""
    for budget, relaxed, faults in ((9.45, {}, 0), (9.44, {}, 1), (9.0, {"risk budget": 0.45}, 0),
                                    (9.0, {"risk budget": 0.44}, 1)):  # fmt: skip
        params = replace(RISK, budget=budget)
        found = losses([SHIP], SLOW, 9.45, params, relaxed=relaxed)
        assert len(found) == faults and all("risk budget: 9.45 of" in each for each in found)
    assert losses([SHIP], SLOW, 9.45, replace(RISK, budget=9.45 - 9e-6)) == []
    assert len(losses([SHIP], SLOW, 9.45, replace(RISK, budget=9.45 - 1.1e-5))) == 1


@pytest.mark.parametrize(
    ("level", "mean"), [(0.0, 2.5), (0.5, 3.5), (0.75, 4.0), (0.6, (4 + 0.6 * 3) / 1.6), (0.9, 4.0)]
)
def test_the_last_of_the_worst_counts_with_its_fraction(level: float, mean: float):
    """Losses 1..4: the worst 1.6 outcomes weigh 4 fully and 3 by .6; the worst .4 is 4 alone."""
    assert risk.mean_of_worst(np.array([2.0, 4.0, 1.0, 3.0]), level) == pytest.approx(mean)


def test_a_lost_unit_costs_its_way_in_its_holding_and_its_way_out():
    """1.50 in, two weeks of .1, and the cheapest of going back (.5 + .5), 6.00 down or 9.00 given.

    Where nothing leads back the markdown; without any exit it is written off at 10.00; an exit
    that pays is no gain.
    """

    def lost(**changes) -> float:
        params = changes.pop("params", replace(PARAMS, risk=RISK))
        return risk._loss_of_a_unit(books(params=params, **changes), CELL)

    assert lost() == pytest.approx(2.7)
    lanes = {("H1", "R1"): [Lane(1.0, 0.25, 2, 8.0)]}
    assert lost(lanes=lanes) == pytest.approx(1.7 + 6.0)
    gift = {("give_away", "", ""): exit_row(0.25, 9.0)}
    assert lost(exits=gift) == pytest.approx(1.7 + 1.25)
    assert lost(exits={("donate", "", ""): exit_row(0.25, 9.5)}) == pytest.approx(1.7 + 0.75)
    assert lost(exits={("redirect", "", ""): exit_row(0.0)}) == pytest.approx(1.7 + 10.0)
    assert lost(exits={("markdown", "", ""): exit_row(0.0, 99.0)}) == pytest.approx(1.7)
    home = {("H1", "R1"): lanes["H1", "R1"], ("R1", "H1"): [Lane(0.5, 0.0, 2, 1.0)],
            ("R1", "H2"): [Lane(0.9, 0.0, 1, 1.0), Lane(0.2, 0.0, 2, 1.0)]}  # fmt: skip
    assert lost(lanes=home) == pytest.approx(1.7 + 0.7)
    home["H1", "R1"] = [*lanes["H1", "R1"], Lane(0.25, 0.5, 5, 8.0)]
    assert lost(lanes=home) == pytest.approx(1.45 + 0.7)


def test_without_a_ship_the_cheapest_redirect_is_the_way_in():
    """On from R1 for .75 + .25, where A lies; a lock does not make it dearer; else nothing."""
    cell, empty = ("R2", "A"), {"hub_stock": {}}
    assert risk._cheapest_way_in(books(), CELL) == pytest.approx(1.5)
    assert risk._cheapest_way_in(books(**empty), cell) == pytest.approx(1.0)
    forbidden = {"overrides": [lock("forbid", 0.0, origin="R1")]}
    assert risk._cheapest_way_in(books(**empty, **forbidden), cell) == pytest.approx(1.0)
    assert risk._cheapest_way_in(books(**empty, on_hand={}), cell) == 0.0
    assert risk._cheapest_way_in(books(**empty, on_hand={("R1", "A"): 0}), cell) == 0.0
    assert risk._cheapest_way_in(books(**empty, horizon_days=1), cell) == 0.0


def test_redirects_that_a_plan_could_use():
    """Cost and lead; not where a lock forbids them, and only if use is asked about."""
    cell = ("R2", "A")
    assert risk._redirects(books(), cell) == [(1.0, 1)]
    locked = books(overrides=[lock("forbid", 0.0, origin="R1")])
    assert risk._redirects(locked, cell) == []
    assert risk._redirects(locked, cell, usable=False) == [(1.0, 1)]
    none = books(exits={("markdown", "", ""): exit_row(0.0)})
    assert risk._redirects(none, cell) == []
    assert risk._redirects(books(lanes={}), cell) == []


def test_dearer_freight_is_against_ways_that_could_be_used():
    """H2's 1.75 against H1's 1.50; where H1 is forbidden against itself; others pay nothing."""
    dear = line("ship", "H2", "R1", "A", 2)
    assert risk._dearer(books(), dear) == pytest.approx(0.25)
    assert risk._dearer(books(overrides=[lock("forbid", 0.0, origin="H1")]), dear) == 0.0
    assert risk._dearer(books(), line("ship", "H1", "R1", "A", 2)) == 0.0
    assert risk._dearer(books(), replace(dear, cost=0.1)) == 0.0
    assert risk._dearer(books(), line("markdown", "R1", "", "A", 1)) == 0.0
    assert risk._dearer(books(), replace(dear, quantity=0)) == 0.0
    moved = line("redirect", "R1", "R2", "A", 1, cost=1.5)
    assert risk._dearer(books(hub_stock={}), moved) == pytest.approx(0.5)
    assert risk._dearer(books(hub_stock={}, on_hand={}), moved) == pytest.approx(1.5)


COLUMNS = ["region", "item", "unit", "planned", "p"]


def chances(lines: list, rows: list[tuple], demand: Demand, **changes) -> list[str]:
    """What the check of the chances says of planned units."""
    table = pd.DataFrame([("R1", "A", *row) for row in rows], columns=COLUMNS)
    about = {"on_hand": {}, "coming": {}} | changes
    return list(chances_match_demand(books(**about), lines, demand, table))


WEEKS = Demand({CELL: [[7, 14, 0, 0], [0, 7, 7, 0], [0, 0, 0, 0], [0, 0, 0, 0]]})


def test_a_chance_is_the_share_of_paths_that_need_the_unit_in_its_window():
    """From H1 two days on, for a week: 5 of the first path, 10 + 2, 2, none.

    The window closes a week after the earliest way in, H2's, would bring the next plan's units:
    on day 8, so that days 2 to 8 want 5, 10 + 1, 1 and 0.
    """
    one = replace(SHIP, quantity=1)
    assert chances([one], [(1, 1, 0.75)], WEEKS) == []
    (fault,) = chances([one], [(1, 1, 0.5)], WEEKS)
    assert fault == "units: unit 1 of ('R1', 'A') has p 0.5, the paths say 0.75"
    assert chances([SHIP], [(1, 1, 0.75), (2, 1, 0.5), (3, 1, 0.5), (4, 1, 0.5)], WEEKS) == []
    assert len(chances([SHIP], [(1, 1, 0.7), (2, 1, 0.1)], WEEKS)) == 1
    assert len(chances([SHIP], [(1, 1, 0.75), (2, 1, 0.75)], WEEKS)) == 1
    assert chances([SHIP], [(1, 0, 0.1)], WEEKS) == []
    assert chances([one], [(1, 1, 0.75 + 9e-10)], WEEKS) == []
    assert len(chances([one], [(1, 1, 0.75 + 2e-9)], WEEKS)) == 1


def test_ranks_of_units_on_hand_are_told_by_the_ledger():
    """With two there, the arrival is the third: its chance is that of one more unit needed.

    Days 0 to 2 leave 0, 0, 2 and 2 of them; days 2 to 8 then want 5, 11 and nothing more.
    """
    there = {"on_hand": {CELL: 2}}
    one = replace(SHIP, quantity=1)
    assert chances([one], [(3, 1, 0.5)], WEEKS, **there) == []
    assert len(chances([one], [(3, 1, 0.75)], WEEKS, **there)) == 1
    gone = [one, line("markdown", "R1", "", "A", 1)]
    assert chances(gone, [(2, 1, 0.1)], WEEKS, **there) == []


def test_late_arrivals_have_the_window_of_their_own_day():
    """H1 takes nine days, H2 one: the window after the next, days 9 to 15.

    With reviews every second week it is still the first, days 9 to 15 as well.
    """
    lanes = {("H1", "R1"): [Lane(1.0, 0.25, 9, 8.0)], ("H2", "R1"): [Lane(1.75, 0.0, 1, np.inf)]}
    demand = Demand({CELL: [[0, 0], [0, 7], [7, 0], [0, 0]]})
    one = replace(SHIP, quantity=1, arrival_date=day(9))
    assert chances([one], [(1, 1, 1.0)], demand, lanes=lanes) == []
    only = {"lanes": {("H1", "R1"): lanes["H1", "R1"]}}
    last = Demand({CELL: [[0, 0], [0, 0], [0, 7], [0, 0]]})
    assert chances([one], [(1, 1, 0.5)], last, **only) == []
    early = Demand({CELL: [[0, 0], [2, 7], [0, 0], [0, 0]]})
    assert chances([one], [(1, 1, 1.0)], early, lanes=lanes) == []
    params = replace(PARAMS, plan=PlanParams(review_weeks=2))
    third = Demand({CELL: [[0, 0], [0, 0], [7, 0], [0, 0]]})
    assert chances([one], [(1, 1, 0.5)], third, lanes=lanes, params=params) == []
    assert chances([replace(one, arrival_date=day(16))], [(1, 1, 0.5)], third, lanes=lanes,
                   params=params) == []  # fmt: skip


def test_the_usual_way_is_the_earliest_ship_else_the_earliest_redirect():
    """H2 takes one day to R1; without hubs R2 is a day from R1; without any way, none."""
    assert risk._usual_lead(books(), CELL) == 1
    assert risk._usual_lead(books(), ("R2", "A")) == 3
    assert risk._usual_lead(books(hub_stock={}), ("R2", "A")) == 1
    assert risk._usual_lead(books(hub_stock={}), CELL) == 0
