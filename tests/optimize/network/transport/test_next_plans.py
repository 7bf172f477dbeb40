"""The plans ahead: what they send at what cost, and when it comes."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.network.transport.next_plans import NextPlans
from tests.optimize.small_network import day, demand_of, lane, priced, tables_of

ROW = np.array([0])


def plans(*lanes) -> NextPlans:
    """The plans ahead of one cell R of four weeks, whose hub H has plenty."""
    tables = tables_of(lanes=list(lanes), stock=[("H", "I", 99)])
    return priced(tables, demand_of({("R", "I"): [[1]] * 4})).next_plans


def test_a_lane_that_always_runs_brings_units_every_week():
    """Three days after each Monday, always at 1."""
    ahead = plans(lane("H", "R", 1.0, 3))
    assert ahead.steady
    assert [ahead.after(ROW, np.array([on]))[0][0] for on in (0, 3, 9, 10, 11)] == [
        10,
        10,
        10,
        17,
        17,
    ]
    assert ahead.landed(ROW, np.array([1])).tolist() == [1.0]


def test_a_lane_that_rests_a_week_is_not_closed_for_ever():
    """Open today and again in two weeks, dearer: the next units come then and cost that."""
    ahead = plans(lane("H", "R", 1.0, 3, end=day(0)), lane("H", "R", 2.0, 3, start=day(14)))
    arrival, plan = ahead.after(ROW, np.array([3]))
    assert (arrival[0], plan[0]) == (17, 2)
    assert [ahead.landed(ROW, np.array([each]))[0] for each in (1, 2, 9)] == [np.inf, 2.0, 2.0]


def test_a_lane_that_ends_brings_nothing_more():
    """Open on this Monday and the next alone."""
    ahead = plans(lane("H", "R", 1.0, 0, end=day(7)))
    assert ahead.after(ROW, np.array([0]))[0].tolist() == [7]
    assert ahead.after(ROW, np.array([7]))[0].tolist() == [NEVER]
    assert np.isinf(ahead.landed(ROW, np.array([2]))[0])


@pytest.mark.parametrize("dear", [7, 14])
def test_one_dear_monday_is_dear_alone(dear: int):
    """Twenty on that Monday, 1 on all others."""
    ahead = plans(
        lane("H", "R", 1.0, end=day(dear - 1)),
        lane("H", "R", 20.0, start=day(dear), end=day(dear)),
        lane("H", "R", 1.0, start=day(dear + 1)),
    )
    cost = [ahead.landed(ROW, np.array([plan]))[0] for plan in (1, 2, 3)]
    assert cost == [20.0 if 7 * plan == dear else 1.0 for plan in (1, 2, 3)]
