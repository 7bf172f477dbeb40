"""The network as arrays: sorted places, lanes by day, stock and inbound summed."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.network.transport.places_and_lanes import read_network
from foreship_optimize.tables import complete
from tests.optimize.small_network import day, item, lane, tables_of
from tests.optimize.table_builder import MONDAY


def read(**rows):
    """Read hub H, region R and item I, and what a test adds."""
    return read_network(complete(tables_of(**rows)), MONDAY)


def test_rows_in_any_order_give_the_same_network():
    """Items, places, lanes and stock back to front."""
    rows = {
        "items": [item("B", price=30.0), item("A")],
        "regions": [(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("R2", "R1")],
        "hubs": [("H2", np.nan, np.nan), ("H1", np.nan, np.nan)],
        "lanes": [lane("H2", "R1", 3.0), lane("H1", "R2", 2.0), lane("H1", "R1", 1.0)],
        "stock": [("R2", "B", 1), ("H2", "A", 5), ("H1", "B", 4)],
    }
    here, there = read(**rows), read(**{name: each[::-1] for name, each in rows.items()})
    assert here.items.tolist() == ["A", "B"] and here.price.tolist() == [20.0, 30.0]
    origin, destination = here.lane_ids
    assert list(zip(origin, destination, here.lanes.cost_per_unit, strict=True)) == [
        ("H1", "R1", 1.0), ("H1", "R2", 2.0), ("H2", "R1", 3.0),
    ]  # fmt: skip
    assert here.hub_stock.tolist() == [[0, 5], [4, 0]] == there.hub_stock.tolist()
    assert here.region_stock.quantity.tolist() == [1] == there.region_stock.quantity.tolist()
    assert there.lanes.cost_per_unit.tolist() == here.lanes.cost_per_unit.tolist()


@pytest.mark.parametrize(
    ("on", "cost"), [(-1, []), (0, [1.0]), (6, [1.0]), (7, [1.0, 3.0]), (8, [3.0])]
)
def test_every_row_of_a_pair_is_open_on_its_own_days(on: int, cost: list[float]):
    """One at 1 from Monday to the next, one at 3 from that next Monday on: on it, both."""
    rows = [lane("H", "R", 1.0, start=day(0), end=day(7)), lane("H", "R", 3.0, start=day(7))]
    lanes = read(lanes=rows).lanes
    assert lanes.cost_per_unit[lanes.open_on(on)].tolist() == cost


def test_open_rows_with_the_same_terms_are_one_lane():
    """Costs and lead time make a lane; neither capacity nor dates nor parcels do.

    The third is dearer by the kg, the fourth slower, the fifth closed: it is carried by none.
    """
    rows = [
        lane("H", "R", 1.0, 2, capacity=5.0),
        lane("H", "R", 1.0, 2, capacity=7.0, direct=9.0, start=day(-3)),
        lane("H", "R", 1.0, 2, per_kg=0.1),
        lane("H", "R", 1.0, 3),
        lane("H", "R", 1.0, 2, start=day(1)),
    ]
    for order in (rows, rows[::-1]):
        network = read(lanes=order)
        lanes, carrier = network.lanes, network.lanes.carried_by(0)
        same = np.isin(lanes.capacity, (5.0, 7.0))
        assert len(set(carrier[same])) == 1 and lanes.capacity[same].sum() == 12.0
        assert carrier[~lanes.open_on(0)].tolist() == [-1]
        assert len(network.lanes_between("hub", "region")) == 3


def test_a_lane_that_is_over_is_not_read():
    """Its last day was Sunday; one that ends on Monday still runs."""
    rows = [lane("H", "R", 1.0, end=day(-1)), lane("R", "H", 2.0, end=day(0))]
    assert read(lanes=rows).lanes.cost_per_unit.tolist() == [2.0]


def test_lanes_are_found_by_the_kinds_of_their_ends():
    """One hub to region, one back, one between regions; sorted by origin, hubs first."""
    network = read(
        regions=[(name, np.inf, 2.0, "", np.nan, np.nan) for name in ("R", "S")],
        lanes=[lane("H", "R", 1.0), lane("R", "H", 2.0), lane("R", "S", 3.0)],
    )
    kinds = [("hub", "region"), ("region", "hub"), ("region", "region"), ("hub", "hub")]
    found = [network.lanes.cost_per_unit[network.lanes_between(*ends)].tolist() for ends in kinds]
    assert found == [[1.0], [2.0], [3.0], []]


def test_what_was_due_counts_from_today_and_is_said():
    """Two came late to the hub, three and four come to R on Thursday: one row of seven."""
    network = read(
        stock=[("H", "I", 5)],
        inbound=[("H", "I", 2, day(-4)), ("R", "I", 3, day(3)), ("R", "I", 4, day(3))],
    )
    assert network.hub_stock.tolist() == [[7]]
    assert network.inbound.day.tolist() == [0, 3]
    assert network.inbound.quantity.tolist() == [2, 7]
    assert network.notes == (
        "1 inbound row was due by 2026-11-16 and counted from that day (2 units)",
    )


def test_a_pair_whose_rows_are_all_over_still_sends_parcels_at_its_cheapest():
    """9 and 7 until yesterday: 7. With 8 open today: 8, though 7 was cheaper."""
    over = [lane("H", "R", 1.0, direct=direct, end=day(-1)) for direct in (9.0, 7.0)]
    assert read(lanes=over).parcel_cost.tolist() == [[7.0]]
    assert not len(read(lanes=over).lanes.origin)
    assert read(lanes=[*over, lane("H", "R", 1.0, direct=8.0)]).parcel_cost.tolist() == [[8.0]]
