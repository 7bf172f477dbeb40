"""The judge's network: which lane is meant, what a way costs, and ids that no table knows."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship.judge.carried_out.told_departures import Told, departure_of
from foreship.judge.columns import positions
from foreship.judge.network.network import Network
from foreship_optimize.network.transport.places_and_lanes import read_network
from foreship_optimize.tables import complete
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY, date, frame, lane, orders, world

RETURNS = SimpleNamespace(customer_return_handling=1.0, customer_return_resold_share=0.5)


def network(settings=None, **changes) -> Network:
    """Read the small world with some tables replaced, and what returns cost."""
    return Network.from_tables(world(**changes), EXITS, settings)


def test_what_customers_send_back_lowers_the_margin() -> None:
    """One kettle in four comes back: a quarter of 10 + 1 to handle less half of 6; no lamp."""
    back = frame("date region item quantity", [(date(0), "R1", "K", 1)])
    sold = orders((0, "R1", "K", 4), (0, "R1", "L", 1))
    found = network(RETURNS, returns=back, orders=sold)
    assert found.margin == pytest.approx([4 - 0.25 * (10 + 1 - 3), 10.0])
    assert network(None, returns=back, orders=sold).margin.tolist() == [4.0, 10.0]


def test_rows_with_the_same_terms_are_one_lane() -> None:
    """Two contracts at 1 in two days, for three and for four of volume; the third is shut."""
    rows = [
        lane("H1", "R1", 1.0, 2, capacity=3.0),
        lane("H1", "R1", 1.0, 2, capacity=4.0, direct_cost=9.0, **{"from": date(-1)}),
        lane("H1", "R1", 1.0, 2, capacity=5.0, **{"from": date(1)}),
        lane("H1", "R1", 1.0, 3, capacity=6.0),
    ]
    found = network(lanes=pd.DataFrame(rows)).lanes
    today, tomorrow = (found.open_on(MONDAY + np.timedelta64(day, "D")) for day in (0, 1))
    assert sorted(found.room_of(today)) == [0.0, 0.0, 6.0, 7.0]
    assert sorted(found.room_of(tomorrow)) == [0.0, 0.0, 6.0, 12.0]


def test_the_cheapest_way_in_and_out_of_every_region() -> None:
    """Between hubs and regions alone, by the unit and kg: kettles weigh 2, lamps 1.

    In to R1 1 + .25 a kg; out of R2 there is no way; a lane between regions or hubs is none.
    """
    rows = [
        *world()["lanes"].to_dict("records"),
        lane("H1", "H2", 0.1, 1),
        lane("R2", "R1", 0.1, 1),
    ]
    found = network(lanes=pd.DataFrame(rows))
    unknown, one = np.full(1, np.nan), np.ones(1)
    ends = np.array([2]), np.array([0]), np.array([0])
    lane_in = departure_of(found, *ends, MONDAY, Told(unknown, unknown, unknown, one, 0 * one))[0][
        0
    ]
    assert found.freight(np.array([lane_in] * 2), np.array([0, 1])) == pytest.approx([1.5, 1.25])
    inward = found.cheapest_freight(MONDAY, inward=True)
    assert inward == pytest.approx(np.array([[1.5, 1.25], [1.5, 1.25]]))
    assert found.cheapest_freight(MONDAY, inward=False).tolist() == [[0.5, 0.5], [np.inf, np.inf]]


def test_parcels_go_from_hubs_to_regions() -> None:
    """R1 is nearest to H1, R2 to H2; lanes between regions and back carry none."""
    routes = network().parcels(MONDAY)
    assert routes.cost.tolist() == [[5.0, 8.0], [7.0, 6.0]]
    assert routes.days.tolist() == [[4.0, 6.0], [5.0, 3.0]]
    assert routes.nearest.tolist() == [[0, 1], [1, 0]]
    rows = [lane("H1", "H2", 0.1, 1), lane("R2", "R1", 0.1, 1), lane("R1", "H1", 0.1, 1)]
    alone = network(lanes=pd.DataFrame(rows)).parcels(MONDAY)
    assert np.isinf(alone.cost).all() and np.isnan(alone.days).all()


def test_routes_are_kept_and_are_no_part_of_a_network() -> None:
    """Asked twice, found once; neither shown nor compared."""
    found = network()
    assert found.parcels(MONDAY) is found.parcels(MONDAY)
    assert "_routes" not in repr(found)
    about = {each.name: each for each in Network.__dataclass_fields__.values()}
    assert not about["_routes"].compare


def test_lanes_to_places_that_no_table_knows_are_refused() -> None:
    """From or to: both are named with the column they stand in."""
    for column, wrong in (("origin", ("R9", "R1")), ("destination", ("H1", "R9"))):
        with pytest.raises(ValueError, match=rf"lanes.{column}: unknown \['R9'\]"):
            network(lanes=pd.DataFrame([lane("H1", "R1", 1.0, 1), lane(*wrong, 1.0, 1)]))
    with pytest.raises(ValueError, match="both region and hub"):
        network(hubs=frame("hub lat lon", [("R1", 0.0, 0.0)]))
    known = pd.Index(["A", "B"], dtype=object)
    assert positions(pd.Series(["B", "A", "?"]), known).tolist() == [1, 0, -1]


def test_parcels_cost_what_the_cheapest_open_row_says():
    """Of two open rows at 9 and 7, two at 7: the quicker parcel; the one at 1 is shut that day."""
    about = [(9.0, 1.0, {}), (7.0, 4.0, {}), (7.0, 3.0, {}), (1.0, 1.0, {"from": date(7)})]
    rows = [
        lane("H1", "R1", 1.0 + place, 2, direct_cost=cost, direct_days=days, **dates)
        for place, (cost, days, dates) in enumerate(about)
    ]
    for order in (rows, rows[::-1]):
        found = network(lanes=pd.DataFrame(order))
        for day, cost, days in ((0, 7.0, 3.0), (7, 1.0, 1.0)):
            routes = found.parcels(MONDAY + np.timedelta64(day, "D"))
            assert (routes.cost[0, 0], routes.days[0, 0]) == (cost, days)


def test_a_further_unit_costs_what_its_row_says_or_what_the_first_does() -> None:
    """Of rows with the same first price the one with the cheaper further unit counts, then days."""
    about = [(7.0, 3.0, 1.0), (7.0, 0.5, 4.0), (7.0, 0.5, 3.0), (8.0, 0.1, 1.0)]
    rows = [
        lane("H1", "R1", 1.0, 2, direct_cost=cost, direct_further=further, direct_days=days)
        for cost, further, days in about
    ]
    for order in (rows, rows[::-1]):
        routes = network(lanes=pd.DataFrame(order)).parcels(MONDAY)
        assert (routes.cost[0, 0], routes.further[0, 0], routes.days[0, 0]) == (7.0, 0.5, 3.0)
        assert np.isinf(routes.further[0, 1])
    plain = network()
    assert plain.parcels(MONDAY).further.tolist() == plain.parcels(MONDAY).cost.tolist()
    assert plain.last_mile_further.tolist() == plain.last_mile.tolist() == [1.0, 1.5]
    regions = world()["regions"].assign(last_mile_further=[0.25, np.nan])
    assert network(regions=regions).last_mile_further.tolist() == [0.25, 1.5]


def test_money_is_by_order_where_orders_are_known_and_it_makes_a_difference() -> None:
    """An id alone, or a tariff alone, changes nothing."""
    regions = world()["regions"].assign(last_mile_further=0.25)
    known = orders((0, "R1", "K", 1)).assign(order_id="a")
    assert network(regions=regions, orders=known).by_order
    assert not network(orders=known).by_order
    assert not network(regions=regions, orders=known.assign(order_id="")).by_order


@pytest.mark.parametrize("seed", range(6))
def test_parcels_of_closed_rows_cost_the_program_what_they_cost_the_judge(seed: int) -> None:
    """Rows over, open and to come, up to three a pair: an open one first, else the cheapest."""
    draw = np.random.default_rng(seed)
    spans = [(-9, -1), (-9, 0), (0, 0), (1, 9), (-9, 9)]
    rows = []
    for hub, region in [("H1", "R1"), ("H1", "R2"), ("H2", "R1"), ("H2", "R2")]:
        for _ in range(draw.integers(0, 4)):
            first, last = spans[draw.integers(len(spans))]
            cost = float(draw.integers(3, 20))
            rows.append(
                lane(hub, region, 1.0, 2, direct_cost=cost)
                | {"from": date(first), "to": date(last)}
            )
    rows = rows or [lane("H1", "R1", 1.0, 2) | {"from": date(-9), "to": date(-1)}]
    tables = world(lanes=pd.DataFrame(rows))
    judged = Network.from_tables(tables, EXITS).parcels(MONDAY).cost
    assert judged.tolist() == read_network(complete(tables), date(0)).parcel_cost.tolist()
    assert np.isfinite(judged).sum() == len({(row["origin"], row["destination"]) for row in rows})
