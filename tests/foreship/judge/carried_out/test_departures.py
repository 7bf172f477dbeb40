"""A plan's lines as the judge reads them: dates, freight and exits of its own, faults by line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.account.freight import bill_of, freight_of
from foreship.judge.carried_out.broken_limits import broken_limits
from foreship.judge.carried_out.departures import NOWHERE, PlanRefused, read_plan
from foreship.judge.carried_out.state import opening_state
from foreship.judge.network.network import Network
from foreship_optimize.planning import make_plan
from foreship_optimize.tables import complete
from tests.foreship.played_weeks import EXITS, replay
from tests.foreship.small_world import MONDAY, frame, lane, orders, plan, world
from tests.optimize.overlapping_lanes import beside
from tests.optimize.table_builder import MONDAY as FIRST_DAY
from tests.optimize.table_builder import draw_tables

MONDAY_OF_TABLES = np.datetime64(FIRST_DAY, "D")
NO_RETURNS = frame("date region item quantity")

GOOD = plan(
    ("ship", "H1", "R1", "K", 2),
    ("redirect", "R1", "R2", "L", 1),
    ("return", "R1", "H1", "K", 3),
    ("markdown", "R2", "", "L", 4),
    ("give_away", "R1", "", "K", 5),
    ("ship", "H2", "R2", "K", 0),
)


def read(lines: pd.DataFrame):
    """Read a plan of the small world."""
    return read_plan(Network.from_tables(world(), EXITS), lines, MONDAY)


def test_every_line_has_its_way_its_day_and_its_costs() -> None:
    """Freight by the unit and kg, handling beside it, arrival after the lane's days; 0 units: none.

    A kettle from H1 costs 1 + 2 x .25; a lamp marked down .3 x 30, a kettle given away .75 x 6.
    """
    found = read(GOOD)
    assert found.action.tolist() == GOOD["action"].tolist()[:5]
    assert found.origin.tolist() == [2, 0, 0, 1, 0]
    assert found.destination.tolist() == [0, 1, 2, NOWHERE, NOWHERE]
    assert found.item.tolist() == [0, 1, 0, 1, 0]
    assert found.quantity.tolist() == [2, 1, 3, 4, 5]
    assert ((found.arrival - MONDAY) // np.timedelta64(1, "D")).tolist() == [2, 1, 2, 0, 0]
    assert found.freight == pytest.approx([1.5, 0.75, 0.5, 0.0, 0.0])
    assert found.exit_cost == pytest.approx([0.0, 0.2, 0.5, 9.0, 4.5])
    assert (found.lane >= 0).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        (("ship", "H1", "R9", "K", 1), {"unknown destination", "no open lane"}),
        (("redirect", "R1", "", "K", 1), {"unknown destination", "no open lane"}),
        (("return", "R1", "H9", "K", 1), {"unknown destination", "no open lane"}),
        (("return", "R1", "R2", "K", 1), {"goes the wrong way"}),
        (("redirect", "R1", "H1", "K", 1), {"goes the wrong way"}),
        (("ship", "H1", "R1", "K", 1.5), {"quantity is not a whole number above 0"}),
        (("ship", "H1", "R1", "K", 0.5), {"quantity is not a whole number above 0"}),
        (("markdown", "H1", "", "K", 1), {"goes the wrong way"}),
        (("markdown", "R9", "", "K", 1), {"unknown origin"}),
        (("ship", "H1", "R1", "X", 1), {"unknown item"}),
        (("return", "R2", "H1", "K", 1), {"no open lane"}),
    ],
)
def test_a_line_that_cannot_be_is_refused_by_name(line, faults: set[str]) -> None:
    """One line among good ones; what it says stands in the error."""
    lines = pd.concat([GOOD.iloc[:5], plan(line)], ignore_index=True)
    with pytest.raises(PlanRefused, match="the plan cannot be carried out:\nline 5: ") as refused:
        read(lines)
    assert {each.split(": ")[1] for each in refused.value.faults} == faults
    assert str(refused.value).endswith(refused.value.faults[-1])


def test_a_gift_takes_the_cheapest_exit_unless_one_is_named() -> None:
    """Only those that the settings allow exist; a name that means none leaves the choice."""
    gift = plan(("give_away", "R1", "", "K", 1))
    assert read(gift.assign(exit="")).exit_cost == pytest.approx([4.5])
    assert read(gift.assign(exit="give_away")).exit_cost == pytest.approx([4.5])
    with pytest.raises(PlanRefused, match="no such exit"):
        read(gift.assign(exit="donate"))


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


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [2, 5, 6, 8])
def test_a_plan_over_several_lanes_is_carried_out_as_it_was_meant(seed: int):
    """Random networks with up to three rows a pair: costs, days and loads are those of the plan."""
    tables, demand, params = draw_tables(seed)
    lanes = beside(tables["lanes"], seed)
    narrow = np.random.default_rng(seed).integers(1, 6, len(lanes)).astype(float)
    tables |= {"lanes": lanes.assign(capacity=narrow), "inbound": tables["inbound"].iloc[:0]}
    plan = make_plan(tables, demand, FIRST_DAY, params)
    whole = {**complete(tables, params.economics), "lanes": tables["lanes"], "returns": NO_RETURNS}
    network = Network.from_tables(whole, params.exits)
    leaving = read_plan(network, plan.lines, MONDAY_OF_TABLES)
    paid = (leaving.freight + leaving.exit_cost) * leaving.quantity
    assert paid == pytest.approx(plan.lines["cost"].to_numpy())
    told = plan.lines["arrival_date"].to_numpy().astype("datetime64[D]")
    assert (leaving.arrival == told).all()
    before = opening_state(network, whole)
    after = before.depart(network, leaving)
    assert broken_limits(network, MONDAY_OF_TABLES, before, after, leaving) == []


def with_departures(tables: dict[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """Draw weekdays, vehicles and item lines of lanes, limits of docks and days without any."""
    rng = np.random.default_rng(seed)
    lanes = beside(tables["lanes"], seed)
    rows = len(lanes)
    lanes = lanes.assign(
        capacity=rng.integers(1, 6, rows).astype(float),
        departs=rng.choice(["", "Tue", "Mon Thu", "Wed Fri"], rows),
        vehicle_cost=rng.choice([0.0, 2.0, 5.0], rows),
        vehicle_capacity=rng.choice([3.0, 6.0, np.inf], rows),
        vehicle_kg=rng.choice([4.0, np.inf], rows),
        line_cost=rng.choice([0.0, 0.3], rows),
    )
    hubs, regions = tables["hubs"], tables["regions"]
    places = [*hubs["hub"], *regions["region"], ""]
    days = FIRST_DAY + pd.to_timedelta(rng.integers(0, 12, 5), unit="D")
    closed = {"date": days, "event": "closed", "region": rng.choice(places, 5)}
    return tables | {
        "lanes": lanes,
        "hubs": hubs.assign(picking_units=rng.choice([3.0, np.inf], len(hubs))),
        "regions": regions.assign(receiving_units=rng.choice([4.0, np.inf], len(regions))),
        "calendar": pd.DataFrame(closed).drop_duplicates(),
    }


@pytest.mark.sweep
@pytest.mark.parametrize("seed", [3, 4, 5, 8, 9, 16])
def test_a_plan_over_departures_is_carried_out_as_it_was_meant(seed: int):
    """Random lanes with weekdays and vehicles: the judge reads of the tables what the plan did.

    Days of leaving and landing, all freight with its vehicles and lines, and no limit is broken.
    """
    tables, demand, params = draw_tables(seed)
    tables = with_departures(tables, seed)
    plan = make_plan(tables, demand, FIRST_DAY, params)
    whole = {**complete(tables, params.economics), "returns": NO_RETURNS}
    whole["calendar"] = tables["calendar"]
    network = Network.from_tables(whole, params.exits, review_weeks=params.plan.review_weeks)
    leaving = read_plan(network, plan.lines, MONDAY_OF_TABLES)
    assert len(set(plan.lines["ship_date"])) > 1
    for found, told in ((leaving.ships, "ship_date"), (leaving.told, "arrival_date")):
        assert (found == plan.lines[told].to_numpy().astype("datetime64[D]")).all()
    paid = freight_of(network, leaving) + (leaving.exit_cost * leaving.quantity).sum()
    assert paid == pytest.approx(plan.lines["cost"].sum())
    assert bill_of(network, leaving).vehicles > 0
    before = opening_state(network, whole).land(MONDAY_OF_TABLES)
    after = before.depart(network, leaving)
    assert broken_limits(network, MONDAY_OF_TABLES, before, after, leaving) == []
