"""Limits that a plan breaks: volumes on lanes and in regions, to float noise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.buyers import Buyers
from foreship.judge.carried_out.state import opening_state
from foreship.judge.network.network import Network
from foreship.judge.simulate import Morning, play_week
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, date, frame, inbound, lane, plan, world


@pytest.mark.parametrize(("less", "broken"), [(0.0, 0), (9e-7, 0), (1e-5, 2)])
def test_limits_are_kept_to_float_noise(less: float, broken: int):
    """Six of volume on a lane and in a region of six, less a millionth or more."""
    lanes = pd.DataFrame([lane("H1", "R1", 1.0, 1, capacity=6.0 - less)])
    regions = world()["regions"].assign(capacity=[6.0 - less, np.inf])
    stock = frame("location item quantity", [("H1", "L", 3), ("R1", "K", 1)])
    tables = world(lanes=lanes, regions=regions, stock=stock)
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    morning = Morning(MONDAY, opening_state(network, tables), 0)
    lines = plan(("ship", "H1", "R1", "L", 2), ("give_away", "R1", "", "K", 1))
    *_, said = play_week(network, morning, buyers, lines)
    assert len(said) == broken


def test_broken_limits_are_named():
    """Lane and storage volumes beyond their limits are told; what lay there already is not."""
    lanes = pd.DataFrame([lane("H1", "R1", 1.0, 1, capacity=5.0)])
    regions = world()["regions"].assign(capacity=[5.0, 1.0])
    stock = frame("location item quantity", [("H1", "L", 3), ("R2", "L", 2)])
    tables = world(lanes=lanes, regions=regions, stock=stock)
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    morning = Morning(MONDAY, opening_state(network, tables), 0)
    lines = plan(("ship", "H1", "R1", "L", 2))
    *_, broken = play_week(network, morning, buyers, lines)
    assert broken == ["lane H1 -> R1 carries 6 of 5", "R1 stores 6 of 5"]


def test_each_of_two_lanes_has_its_own_room():
    """Lamps (volume 3) from H1 to R1: a truck and an express, each with room for one.

    A line tells its lane by its day. One of each fits, two on the truck do not; a second row with
    the truck's terms carries with it, and a lane that costs a lamp the same takes what is over.
    """
    rows = [lane("H1", "R1", 1.0, 4, capacity=3.0), lane("H1", "R1", 2.0, 1, capacity=3.0)]
    again = lane("H1", "R1", 1.0, 4, capacity=3.0, **{"from": date(-7)})
    by_weight = lane("H1", "R1", 0.5, 4, capacity=3.0, cost_per_kg=0.5)

    def said(lanes: list, *days: int) -> list[str]:
        tables = world(
            lanes=pd.DataFrame(lanes), stock=frame("location item quantity", [("H1", "L", 3)])
        )
        network = Network.from_tables(tables, EXITS)
        buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
        morning = Morning(MONDAY, opening_state(network, tables), 0)
        lines = plan(*[("ship", "H1", "R1", "L", 1)] * len(days))
        lines["arrival_date"] = [date(day) for day in days]
        return play_week(network, morning, buyers, lines)[2]

    assert said(rows, 1, 4) == []
    assert said(rows, 4, 4) == ["lane H1 -> R1 carries 6 of 3"]
    assert said([*rows, again], 4, 4) == []
    assert said([*rows, by_weight], 4, 4) == []
    assert said([*rows, by_weight], 4, 4, 4) == ["lane H1 -> R1 carries 6 of 3"]


def said_of(lines: pd.DataFrame, **changes) -> list[str]:
    """Return the limits that a plan breaks in the small world with some tables replaced."""
    tables = world(**changes)
    network = Network.from_tables(tables, EXITS)
    buyers = Buyers.from_orders(tables["orders"], network, MONDAY, 1)
    *_, broken = play_week(
        network, Morning(MONDAY, opening_state(network, tables), 0), buyers, lines
    )
    return broken


def test_a_dock_has_a_limit_a_day():
    """H1 picks 4 a day, R1 takes in 5, of which 2 are due on Thursday anyhow; R2 and H2 any.

    What is shipped on Monday lands on Wednesday; redirects are taken in, returns are not picked.
    """
    limits = {
        "hubs": world()["hubs"].assign(picking_units=[4.0, np.inf]),
        "regions": world()["regions"].assign(receiving_units=[5.0, np.nan]),
        "lanes": pd.DataFrame(
            [lane("H1", "R1", 1.0, 2), lane("H1", "R2", 1.0, 2), lane("R2", "R1", 1.0, 1),
             lane("R1", "H1", 1.0, 1)]
        ),
        "stock": frame(
            "location item quantity", [("H1", "K", 20), ("R2", "K", 20), ("R1", "K", 20)]
        ),
        "inbound": inbound(("R1", "L", 2, 3)),
    }  # fmt: skip
    to_one, to_other = ("ship", "H1", "R1", "K", 3), ("ship", "H1", "R2", "K", 1)
    back = ("return", "R1", "H1", "K", 9)
    assert said_of(plan(to_one, to_other, back), **limits) == []
    one_more = plan(to_one, ("ship", "H1", "R2", "K", 2))
    assert said_of(one_more, **limits) == ["H1 picks 5 of 4 on 2026-03-02"]
    spread = one_more.assign(ship_date=[date(0), date(4)])
    assert said_of(spread, **limits) == []
    moved = plan(to_one, ("redirect", "R2", "R1", "K", 3))
    assert said_of(moved.assign(ship_date=[date(0), date(1)]), **limits) == [
        "R1 takes in 6 of 5 on 2026-03-04"
    ]
    assert said_of(moved.assign(ship_date=[date(0), date(0)]), **limits) == []
    thursday = plan(("ship", "H1", "R1", "K", 4)).assign(ship_date=[date(1)])
    assert said_of(thursday, **limits) == ["R1 takes in 4 of 3 on 2026-03-05"]


def test_all_departures_of_a_plan_share_the_capacity_of_their_lane():
    """Three kettles on Tuesday and three on Friday are six of five."""
    row = lane("H1", "R1", 1.0, 2, capacity=5.0, departs="Tue Fri")
    lines = plan(*[("ship", "H1", "R1", "K", 3)] * 2).assign(ship_date=[date(1), date(4)])
    assert said_of(lines, lanes=pd.DataFrame([row])) == ["lane H1 -> R1 carries 6 of 5"]
    assert said_of(lines.assign(quantity=[3, 2]), lanes=pd.DataFrame([row])) == []
