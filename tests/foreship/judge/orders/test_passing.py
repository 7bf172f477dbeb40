"""Past orders before the gate all at once: against the gate one by one, and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.network.network import Network
from foreship.judge.orders.book import OrderBook
from foreship.judge.orders.days import _tariffs
from foreship.judge.orders.gate import serve_order
from foreship.judge.orders.passing import Passing, passing_orders
from foreship.judge.orders.retained import retained_in
from tests.foreship.judge.orders.order_worlds import named, order_world
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY

CELLS = (np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]))


def passing(rows, holds=((True, True), (True, True)), sells=2.0, **world) -> Passing:
    """Return the orders of the two weeks before Monday that pass."""
    network = Network.from_tables(order_world(**world), EXITS)
    past = OrderBook.from_orders(named(*rows), network, 1).past(MONDAY, 2)
    return passing_orders(network, past, np.array(holds), np.full((2, 2), sells), MONDAY)


def one_by_one(rows, holds, freight) -> np.ndarray:
    """Units by cell in orders that the gate serves, each before plenty of its own."""
    network = Network.from_tables(order_world(freight=freight), EXITS)
    book = OrderBook.from_orders(named(*rows), network, 1)
    values = retained_in(network, CELLS, np.full((2, 2), 2.0), MONDAY)
    tariffs, units = _tariffs(network, network.parcels(MONDAY)), np.zeros((2, 2))
    for day in MONDAY - np.arange(1, 15):
        today = book.on(day)
        shelves = [[1000 * held[item] for item in today.items] for held in holds]
        for order in today.orders:
            items = today.items[order.items]
            key = order.region * 2 + items
            worth = values.worth(key, np.array(order.units)).tolist()
            found = serve_order(order, order.units, worth, shelves, tariffs[order.region])
            if sum(found.there) == order.size and found.parcels.units == 0:
                units[order.region, items] += order.units
    return units


@pytest.mark.parametrize("holds", [((1, 1), (1, 1)), ((1, 0), (0, 1)), ((0, 1), (0, 1))])
def test_all_at_once_is_the_gate_one_by_one(holds):
    """Random orders of one or two lines; hubs that hold all, one item each, or no kettle at all.

    Over the freights some pass and some are refused.
    """
    random = np.random.default_rng(5)
    rows = [
        (day, f"o{number}", f"R{number % 2 + 1}", item, int(random.integers(1, 9)))
        for number, day in enumerate(random.integers(-14, 0, 60).tolist())
        for item in random.permutation(["K", "L"])[: random.integers(1, 3)]
    ]
    passed, ordered = [], sum(row[-1] for row in rows)
    for freight in (0.6, 1.6, 4.0, 9.0):
        found = passing(rows, np.array(holds, dtype=bool), freight=freight)
        assert found.units.tolist() == one_by_one(rows, holds, freight).tolist()
        passed.append(found.units.sum())
    assert sorted(passed, reverse=True) == passed and any(0 < units < ordered for units in passed)


def test_a_units_part_is_its_worth_and_its_share_of_what_the_order_saves_beyond():
    """By hand: a kettle alone saves 5 - 2.50, a parcel of seven kettles 8 - 4 or .57 a unit.

    A unit costs .89 to land, two a week are sold at .10: the last of one pile is worth .84, of
    seven .54; the seven pass as their units are worth 3.78. From 1.50 on only the single one does.
    """
    rows = [(-3, "one", "R1", "K", 1), (-2, "many", "R1", "K", 7), (-15, "past", "R1", "K", 1)]
    tariff = {"parcels": {"H1": (5.0, 0.5)}, "there": (2.5, 0.25), "lost": (0.0, 0.0)}
    found = passing(rows, freight=0.89, **tariff)
    assert found.units.tolist() == [[8.0, 0.0], [0.0, 0.0]]
    assert found.saving[0, 0] == pytest.approx(2.5 + 4.0)
    dear = passing(rows, freight=1.5, **tariff)
    assert dear.units[0, 0] == 1.0 and dear.saving[0, 0] == pytest.approx(2.5)


def test_lines_of_one_order_share_what_it_saves_beyond_their_worth():
    """A kettle and a lamp save 5.50 - 2.75 at .84 and .94 of worth: .485 more each."""
    rows = [(-3, "both", "R1", "K", 1), (-3, "both", "R1", "L", 1)]
    items = order_world(lost=(0.0, 0.0))["items"].assign(holding_cost_per_week=[0.1, 0.3])
    tables = order_world({"H1": (5.0, 0.5)}, (2.5, 0.25), 0.89) | {"items": items}
    network = Network.from_tables(tables, EXITS)
    past = OrderBook.from_orders(named(*rows), network, 1).past(MONDAY, 2)
    hubs, mean = np.ones((2, 2), dtype=bool), np.full((2, 2), 2.0)
    found = passing_orders(network, past, hubs, mean, MONDAY)
    kettle, lamp = 0.89 - 0.1 / 2, 0.89 - 0.3 / 2
    beyond = (2.75 - kettle - lamp) / 2
    assert found.saving[0] == pytest.approx([kettle + beyond, lamp + beyond])


def test_half_a_unit_of_the_regions_mean_stands_beside_those_of_the_cell():
    """By hand: R1 sold three kettles for 4.50, so half a lamp brings 1.50, or its worth if more.

    In R2 none passed: half a unit ordered alone, if that saves more than it is worth.
    """
    found = Passing(np.array([[3.0, 0.0], [0.0, 0.0]]), np.array([[4.5, 0.0], [0.0, 0.0]]))
    alone = np.array([2.0, 2.0, 2.0, 0.7])
    earns = found.earns(CELLS, alone, np.full(4, 0.8))
    assert earns == pytest.approx([(4.5 + 0.75) / 3.5, 1.5, 2.0, -np.inf])
    assert found.earns(CELLS, alone, np.full(4, 1.9))[1] == pytest.approx(1.9)


def test_without_orders_none_pass():
    """A region that sold nothing yet has no passing orders, whatever hubs hold."""
    assert passing([]).units.tolist() == [[0.0, 0.0], [0.0, 0.0]]
