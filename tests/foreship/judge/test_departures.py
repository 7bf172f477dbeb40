"""What a plan sends off: checked line by line, and at the tables' own costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.departures import PlanRefused, read_plan
from foreship.judge.network import Network
from foreship.judge.state import opening_state
from tests.foreship.played_weeks import EXITS, replay
from tests.foreship.small_world import MONDAY, lane, orders, plan, world


def test_impossible_plans_are_refused_with_all_their_faults():
    """A plan that names what does not exist or is not there is refused line by line."""
    network = Network.from_tables(world(), EXITS)
    lines = plan(
        ("teleport", "H1", "R1", "K", 1),
        ("ship", "H9", "R1", "K", 1),
        ("ship", "H1", "R1", "X", 1),
        ("ship", "H1", "R1", "K", -1),
        ("ship", "R1", "R2", "K", 1),
        ("redirect", "R2", "R1", "K", 1),
    )
    with pytest.raises(PlanRefused) as refused:
        read_plan(network, lines, MONDAY)
    said = {fault.split(": ")[1] for fault in refused.value.faults}
    assert said == {
        "unknown action",
        "unknown origin",
        "unknown item",
        "quantity is not a whole number above 0",
        "goes the wrong way",
        "no open lane",
    }
    too_many = plan(("ship", "H1", "R1", "K", 9))
    with pytest.raises(PlanRefused, match="H1 has 8 of K, the plan moves 9"):
        opening_state(network, world()).depart(network, read_plan(network, too_many, MONDAY))


def test_closed_lanes_take_no_shipment_but_parcels_go():
    """Ships need a lane open that day, both ends counted; parcels take the open row's price."""
    tuesday, thursday = pd.Timestamp("2026-03-03"), pd.Timestamp("2026-03-05")
    season = {"from": tuesday, "to": thursday}
    lanes = pd.DataFrame(
        [
            lane("H1", "R1", 1.0, 1, direct_cost=9.0, **season),
            lane("H1", "R1", 2.0, 2, direct_cost=4.0, **{"from": thursday + pd.Timedelta(days=1)}),
        ]
    )
    buying = orders(*[(day, "R1", "K", 1) for day in range(5)])
    (ledger,), _, network = replay(world(lanes=lanes, orders=buying), [plan()])
    assert ledger.parcels == pytest.approx(4 + 9 + 9 + 9 + 4)
    lines = plan(("ship", "H1", "R1", "K", 1))
    with pytest.raises(PlanRefused, match="no open lane"):
        read_plan(network, lines, MONDAY)
    for day, freight in ((1, 1.0), (3, 1.0), (4, 2.0)):
        leaving = read_plan(network, lines, MONDAY + np.timedelta64(day, "D"))
        assert leaving.freight.tolist() == [freight]


def test_plan_costs_are_not_believed():
    """Costs and dates written in a plan change nothing."""
    tables = world(orders=orders((3, "R1", "K", 1)))
    lines = plan(("ship", "H1", "R1", "K", 1))
    lies = lines.assign(cost=0.0, arrival_date=pd.Timestamp(MONDAY), expected_gain=1e9)
    assert replay(tables, [lines])[0] == replay(tables, [lies])[0]
