"""Laws of arrival by number: which lanes have the same, and what moves over them have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_optimize.network.transport.arrival_law import arrival_law
from foreship_optimize.network.transport.lane_laws import laws_of_lanes
from tests.optimize.small_network import demand_of, lane, read, tables_of


def test_lanes_share_a_law_where_lead_and_spread_are_the_same():
    """Leads 3, 3, 3 and 5 with sd 2, none, 2 and .1: three laws, two of them certain."""
    lanes = [lane("H", "R", cost, lead) for cost, lead in ((1, 3), (2, 3), (3, 3), (4, 5))]
    tables = tables_of(lanes=lanes)
    tables["lanes"]["lead_time_sd_days"] = [2.0, np.nan, 2.0, 0.1]
    found = laws_of_lanes(read(tables, demand_of({("R", "I"): [[1]]}))[0].lanes)
    assert found.of_lane.tolist() == [1, 0, 1, 2]
    assert (found.mean_day.tolist(), found.drawn.tolist()) == ([3, 3, 5], [False, True, False])
    assert found.law(1)[0].tolist() == arrival_law(3, 2.0)[0].tolist()
    assert found.of_moves(np.array([3, -1, 0])).tolist() == [2, -1, 1]


def test_what_leaves_later_is_drawn_from_the_day_it_leaves():
    """Out on Wednesday, two days: the law of two days, moved by two."""
    tables = tables_of(lanes=[lane("H", "R", 1.0, 4)])
    tables["lanes"]["lead_time_sd_days"] = [2.0]
    lanes = read(tables, demand_of({("R", "I"): [[1]]}))[0].lanes
    found = laws_of_lanes(replace(lanes, offset=np.array([2]), travel_days=np.array([2])))
    days, weights = arrival_law(2, 2.0)
    assert (found.days[0].tolist(), found.mean_day.tolist()) == ((days + 2).tolist(), [4])
    assert found.weights[0].tolist() == weights.tolist()


def test_what_would_come_on_a_closed_day_comes_on_the_next_open_one():
    """Lead 5, sd 1, the dock rests on days 5 and 6: their chances are those of day 7 too."""
    tables = tables_of(lanes=[lane("H", "R", 1.0, 5)])
    tables["lanes"]["lead_time_sd_days"] = [1.0]
    lanes = read(tables, demand_of({("R", "I"): [[1]]}))[0].lanes
    (open_law, moved) = (
        dict(zip(*(each.tolist() for each in laws_of_lanes(of).law(0)), strict=True))
        for of in (lanes, replace(lanes, closed=(frozenset({5, 6}),)))
    )
    assert set(moved) == set(open_law) - {5, 6}
    assert moved[7] == sum(open_law[day] for day in (5, 6, 7))
