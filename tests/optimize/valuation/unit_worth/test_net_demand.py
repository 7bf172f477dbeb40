"""Need beyond what lies and comes: by hand, and against a walk day by day."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foreship_optimize.valuation.unit_worth.net_demand import (
    StockWalk,
    need_beyond_stock,
    orders_at_hubs,
)
from tests.optimize.small_network import day, demand_of, lane, read, tables_of

ONE = np.array([0])


def walked(on_hand: int, inbound: list[tuple[int, int]], paths, start: int, end: int):
    """Need and leftovers of the days start..end for stock and (day, units) on the way."""
    demand = demand_of({("R", "I"): paths})
    stock = [("H", "I", 50)] + ([("R", "I", on_hand)] if on_hand else [])
    coming = [("R", "I", units, day(on)) for on, units in inbound]
    cells = read(tables_of(stock=stock, inbound=coming), demand)[1]
    need, left = need_beyond_stock(demand, cells, ONE, start, end)
    return need[0].tolist(), left[0].tolist()


def test_what_lies_there_serves_first_and_what_comes_later_is_left():
    """7 a week, 5 on hand, 3 due on day 9: of two weeks 2 and then 4 find nothing, none is left."""
    weeks = [[7], [7], [0]]
    assert walked(5, [(7, 3)], weeks, 0, 7) == ([2], [3])
    assert walked(5, [(7, 3)], weeks, 0, 14) == ([6], [0])
    assert walked(5, [(7, 3)], weeks, 7, 14) == ([4], [0])


def test_demand_that_found_nothing_does_not_wait():
    """Ten wanted in the first week, ten units due in the second: they lie, the ten are gone."""
    assert walked(0, [(7, 10)], [[10], [0]], 0, 14) == ([10], [10])


def test_inbound_on_a_thursday_serves_from_thursday_on():
    """7 a week: 3 before Thursday find nothing, the 4 of Thursday on take 4 of the 6 that land."""
    assert walked(0, [(3, 6)], [[7]], 0, 7) == ([3], [2])


def test_inbound_due_on_the_day_counts_and_the_day_after_the_end_is_left():
    """A unit due today serves; one due on the first day after the window is only left."""
    assert walked(0, [(0, 2)], [[2]], 0, 7) == ([0], [0])
    assert walked(0, [(7, 2)], [[2], [0]], 0, 7) == ([2], [2])


@pytest.mark.sweep
def test_demand_between_days_is_read_from_those_that_were_named():
    """Whole weeks of 7, 14 and 21 units, and two weeks at a time, which are no neighbours."""
    demand = demand_of({("R", "I"): [[7], [14], [21]]})
    cells = read(tables_of(stock=[("H", "I", 50)]), demand)[1]
    walk = StockWalk(demand, cells, ONE, (0, 7, 14, 21))
    assert walk.demand_between([0, 7, 14, 21])[0, :, 0].tolist() == [7, 14, 21]
    assert walk.demand_between([7, 21, 21])[0, :, 0].tolist() == [35, 0]


@pytest.mark.sweep
@settings(max_examples=30)
@given(
    st.integers(0, 10**6),
    st.integers(0, 6),
    st.lists(st.tuples(st.integers(0, 25), st.integers(1, 4)), max_size=3),
    st.integers(0, 20),
    st.integers(0, 8),
)
def test_a_walk_day_by_day_finds_the_same(seed, on_hand, inbound, start, length):
    """Need, leftovers and units: nothing appears or vanishes on any path."""
    paths = np.random.default_rng(seed).poisson(2.0, (3, 5))
    demand, end = demand_of({("R", "I"): paths}), min(start + length, 21)
    start = min(start, end)
    need, left = walked(on_hand, inbound, paths, start, end)
    for path in range(5):
        until = [int(demand.demand_until(ONE, each)[0, path]) for each in range(end + 1)]
        stock, unmet = on_hand, 0
        for today in range(end):
            stock += sum(units for on, units in inbound if on == today)
            wanted = until[today + 1] - until[today]
            unmet += max(wanted - stock, 0) if today >= start else 0
            stock = max(stock - wanted, 0)
        later = sum(units for on, units in inbound if on >= end)
        assert need[path] == unmet
        assert left[path] == stock + later


def test_drawn_inbound_lands_on_each_path_on_its_own_day():
    """Five units due in four days, with a sd of 2: need and leftovers as a walk a path finds them.

    One unit a day is wanted; what lands after day 7 is left, and no unit is lost.
    """
    demand = demand_of({("R", "I"): [[7] * 40] * 3})
    tables = tables_of(lanes=[lane("H", "R", 1.0, 4)], inbound=[("R", "I", 5, day(4))])
    tables["lanes"]["lead_time_sd_days"] = [2.0]
    cells = read(tables, demand)[1]
    landed = cells.late.landings(demand, ONE)
    need, left = need_beyond_stock(demand, cells, ONE, 0, 7)
    wanted = np.diff([demand.demand_until(ONE, each)[0] for each in range(8)], axis=0)
    assert len(set(landed.day.tolist())) > 3 and landed.path.tolist() != list(range(40))
    for path, on in zip(landed.path.tolist(), landed.day.tolist(), strict=True):
        stock, unmet = 0, 0
        for today in range(7):
            stock += 5 * (on == today)
            unmet += max(wanted[today, path] - stock, 0)
            stock = max(stock - wanted[today, path], 0)
        assert (need[0, path], left[0, path]) == (unmet, stock + 5 * (on >= 7))


def test_what_a_region_does_not_serve_goes_to_hubs_whatever_lies_there():
    """Five on hand, 7 wanted: hubs get 2 by the unit, and 7 where nothing is served.

    Of 6 that the region may serve one finds nothing, and one more is not its to serve.
    """
    cells = read(tables_of(stock=[("H", "I", 50), ("R", "I", 5)]), demand_of({("R", "I"): [[7]]}))[
        1
    ]
    wanted, some, none = (demand_of({("R", "I"): [[units]]}) for units in (7, 6, 0))
    found = [orders_at_hubs(each, wanted, cells, ONE, 7).item() for each in (wanted, some, none)]
    assert found == [2, 1 + 1, 7]
