"""What carriers are paid: units, whole vehicles of a departure, and item lines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship.judge.account.freight import beside_units, bill_of, freight_of
from foreship.judge.carried_out.departures import PlanRefused, read_plan
from foreship.judge.network.network import Network
from tests.foreship.played_weeks import EXITS, replay
from tests.foreship.small_world import MONDAY, date, lane, orders, plan, world

TRUCK = {"vehicle_cost": 10.0, "vehicle_capacity": 6.0, "vehicle_kg": 8.0, "line_cost": 0.5}


def leaving(lines: pd.DataFrame, *lanes: dict):
    """Read a plan over the given lanes; kettles take 1 and weigh 2, lamps take 3 and weigh 1."""
    network = Network.from_tables(world(lanes=pd.DataFrame(list(lanes))), EXITS)
    return network, read_plan(network, lines, MONDAY)


@pytest.mark.parametrize(
    ("kettles", "lamps", "vehicles", "lines"),
    [(4, 0, 1, 1), (5, 0, 2, 1), (0, 2, 1, 1), (0, 3, 2, 1), (3, 1, 1, 2), (4, 1, 2, 2)],
)
def test_whole_vehicles_are_paid_by_the_tighter_of_volume_and_load(
    kettles: int, lamps: int, vehicles: int, lines: int
) -> None:
    """A vehicle takes 6 of volume and 8 kg: 4 kettles or 2 lamps fill one; an item is a line."""
    sent = plan(("ship", "H1", "R1", "K", kettles), ("ship", "H1", "R1", "L", lamps))
    network, found = leaving(sent, lane("H1", "R1", 1.0, 2, **TRUCK))
    assert bill_of(network, found) == (vehicles, 10.0 * vehicles, 0.5 * lines)
    assert freight_of(network, found) == kettles + lamps + 10.0 * vehicles + 0.5 * lines


def test_a_load_that_is_whole_but_for_rounding_needs_no_vehicle_more() -> None:
    """Thirty units of .2 fill a vehicle of 6, though they add up to a little more."""
    items = world()["items"].assign(volume=0.2, weight_kg=0.0)
    tables = world(items=items, lanes=pd.DataFrame([lane("H1", "R1", 1.0, 2, **TRUCK)]))
    network = Network.from_tables(tables, EXITS)
    rows = plan(*[("ship", "H1", "R1", "K", 3)] * 10)
    assert sum([0.2] * 30) > 6.0
    assert bill_of(network, read_plan(network, rows, MONDAY)).vehicles == 1


def test_each_departure_pays_its_own_vehicles() -> None:
    """Two kettles on Tuesday and two on Friday take two vehicles and two lines; together, one."""
    row = lane("H1", "R1", 1.0, 2, departs="Tue Fri", **TRUCK)
    two = plan(*[("ship", "H1", "R1", "K", 2)] * 2)
    for days, bill in (((1, 4), (2, 20.0, 1.0)), ((4, 4), (1, 10.0, 0.5))):
        network, found = leaving(two.assign(ship_date=[date(day) for day in days]), row)
        assert bill_of(network, found) == bill
        lands = (found.arrival - MONDAY) // np.timedelta64(1, "D")
        assert lands.tolist() == [day + 2 for day in days]


def test_all_that_travels_on_a_lane_counts() -> None:
    """A return fills the vehicles of its lane; without a size one vehicle carries all."""
    back = lane("R1", "H1", 0.5, 2, vehicle_cost=4.0)
    network, found = leaving(plan(("return", "R1", "H1", "K", 50)), back)
    assert bill_of(network, found) == (1, 4.0, 0.0)
    network, found = leaving(plan(("give_away", "R1", "", "K", 5)), back)
    assert bill_of(network, found) == (0, 0.0, 0.0)


def test_without_any_of_it_nothing_is_added() -> None:
    """Freight is that of units alone."""
    network, found = leaving(plan(("ship", "H1", "R1", "K", 5)), lane("H1", "R1", 1.5, 2))
    assert (beside_units(network, found), freight_of(network, found)) == (0.0, 7.5)


def test_a_line_that_leaves_on_another_day_is_refused() -> None:
    """Its lane goes on Tuesday and Friday; told nothing, it takes the first."""
    row = lane("H1", "R1", 1.0, 2, departs="Tue Fri")
    one = plan(("ship", "H1", "R1", "K", 1))
    _, found = leaving(one, row)
    assert (found.ships - MONDAY) // np.timedelta64(1, "D") == [1]
    _, found = leaving(one.assign(ship_date=pd.NaT, arrival_date=date(6)), row)
    assert (found.ships - MONDAY) // np.timedelta64(1, "D") == [4]
    for day in (0, 2, 8):
        with pytest.raises(PlanRefused, match="line 0: no lane leaves on its ship_date"):
            leaving(one.assign(ship_date=date(day)), row)


def test_of_lanes_alike_in_days_a_line_means_the_one_whose_vehicles_it_pays() -> None:
    """1 a unit and 10 a vehicle of 5, or 2.50 without: told 3 a unit, the vehicle; 2.50, not."""
    rows = [lane("H1", "R1", 1.0, 2, vehicle_cost=10.0, vehicle_capacity=5.0)]
    rows += [lane("H1", "R1", 2.5, 2)]
    four = plan(("ship", "H1", "R1", "K", 4))
    for told, vehicles in ((14.0, 1), (12.0, 1), (10.0, 0)):
        network, found = leaving(four.assign(cost=told), *rows)
        assert bill_of(network, found).vehicles == vehicles


def test_a_week_pays_its_vehicles_and_says_so() -> None:
    """The ledger's freight has them, and its columns tell how many; units leave on Monday.

    A kettle that leaves on Thursday serves nobody from its hub before.
    """
    row = lane("H1", "R1", 1.0, 1, direct_cost=5.0, departs="Thu", **TRUCK)
    tables = world(lanes=pd.DataFrame([row]), orders=orders((1, "R1", "K", 1), (5, "R1", "K", 5)))
    (ledger,), state, _ = replay(tables, [plan(("ship", "H1", "R1", "K", 8))])
    assert ledger.freight == 8.0 + 2 * 10.0 + 0.5
    assert (ledger.lost, ledger.served_locally) == (1, 5)
    told = ledger.to_dict()
    assert (told["vehicles"], told["vehicle_cost"], told["line_cost"]) == (2, 20.0, 0.5)
    assert ledger.profit == pytest.approx(5 * 4 - 5 * 1.0 - 28.5 - 3 * 0.1)
    assert state.on_hand[0, 0] == 3
    (plain,), _, _ = replay(world(), [plan(("ship", "H1", "R1", "K", 8))])
    assert "vehicles" not in plain.to_dict()
