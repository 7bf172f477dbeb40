"""The gate, branch by branch: parcels 5.00 + .50, deliveries from the region 2.50 + .25."""

from __future__ import annotations

import pytest

from foreship.judge.orders.book import Order
from foreship.judge.orders.gate import LOST, serve_order
from foreship.judge.orders.parcels import NO_PARCELS, Tariff

ONE_HUB = Tariff([(0, 5.0, 0.5)], 2.5, 0.25)
TWO_HUBS = Tariff([(0, 5.0, 0.5), (1, 6.0, 0.5)], 2.5, 0.25)
PLENTY = [[99, 99], [99, 99]]
EMPTY = [[0, 0], [0, 0]]


def order(*units: int, waits: bool = True, a: float = 0.0, margin: float = 4.0) -> Order:
    """Return an order of the first items, a line each, that earn `margin` a unit."""
    lines = list(range(len(units)))
    return Order(0, waits, a, sum(units), lines, lines, list(units), [margin] * len(units))


@pytest.mark.parametrize(
    ("worth", "whole"), [(1.3, True), (1.374, True), (1.376, False), (9.0, False)]
)
def test_a_whole_order_is_served_there_while_it_saves_more_than_its_units_are_worth(worth, whole):
    """Two units: a parcel of 5.50 less a delivery of 2.75 is 2.75, two units of up to 1.375."""
    served = serve_order(order(1, 1), [1, 1], [worth, worth], PLENTY, ONE_HUB)
    assert (served.there == [1, 1]) is whole
    assert served.parcels.sent == ([] if whole else [(0, [1, 1])])


def test_the_gate_weighs_the_margin_of_buyers_who_do_not_wait():
    """Half of them do not: .5 x 2.75 + .5 x (8 - 2.75) = 4 for two units, 2 for each."""
    for worth, whole in [(1.99, True), (2.01, False)]:
        served = serve_order(order(1, 1, a=0.5), [1, 1], [worth] * 2, PLENTY, ONE_HUB)
        assert bool(served.there) is whole


def test_who_does_not_wait_takes_the_whole_order_there_or_nothing():
    """Through the open gate like everybody; neither a refused nor a partly found order is sold."""
    hasty = order(1, 1, waits=False, a=0.5)
    assert serve_order(hasty, [1, 1], [0.0, 0.0], PLENTY, ONE_HUB).there == [1, 1]
    assert serve_order(hasty, [1, 1], [9.0, 9.0], PLENTY, ONE_HUB) == LOST
    assert serve_order(hasty, [1, 0], [0.0, 0.0], PLENTY, ONE_HUB) == LOST


def test_where_no_hub_has_any_the_whole_margin_is_saved():
    """8 - 2.75 = 5.25 for two units; if they are worth more, nobody gets them."""
    assert serve_order(order(1, 1), [1, 1], [2.6, 2.6], EMPTY, ONE_HUB).there == [1, 1]
    assert serve_order(order(1, 1), [1, 1], [2.7, 2.7], EMPTY, ONE_HUB) == LOST


def test_an_overfull_pile_opens_the_gate():
    """A unit that costs 3 to be rid of leaves for a saving below 0: a margin of 1 each, no hub."""
    cheap = order(1, 1, margin=1.0)
    assert serve_order(cheap, [1, 1], [-3.0, -3.0], EMPTY, ONE_HUB).there == [1, 1]
    assert serve_order(cheap, [1, 1], [0.0, 0.0], EMPTY, ONE_HUB) == LOST


@pytest.mark.parametrize(("there", "split"), [(9, False), (10, True)])
def test_a_split_pays_from_ten_units_there(there, split):
    """J further units save .25 each against 2.50 - .25: 2.25 is no gain with 9, .25 one with 10."""
    served = serve_order(order(12), [there], [0.0], PLENTY, ONE_HUB)
    assert served.there == ([there] if split else [])
    assert served.parcels.sent == [(0, [12 - there if split else 12])]


def test_a_split_pays_no_more_than_its_units_are_worth():
    """Eleven units save 2.75 - 2.25 = .50: .04 each is worth it, .05 is not."""
    assert serve_order(order(12), [11], [0.04], PLENTY, ONE_HUB).there == [11]
    assert serve_order(order(12), [11], [0.05], PLENTY, ONE_HUB).there == []


def test_what_no_hub_has_comes_from_the_region_beside_a_parcel():
    """The second item is there alone: 4 - 2.50 more; the first stays, its unit is worth 1."""
    shelves = [[9, 0]]
    served = serve_order(order(2, 1), [1, 1], [1.0, 1.0], shelves, ONE_HUB)
    assert served.there == [0, 1] and served.parcels.sent == [(0, [2, 0])]
    dear = serve_order(order(2, 1), [1, 1], [1.0, 1.6], shelves, ONE_HUB)
    assert dear.there == [] and dear.parcels.sent == [(0, [2, 0])]


def test_a_unit_there_spares_a_second_parcel():
    """Hub 1 would send it for 6; from the region it costs 2.50 and what it is worth."""
    shelves = [[9, 0], [0, 9]]
    served = serve_order(order(2, 1), [0, 1], [0.0, 3.4], shelves, TWO_HUBS)
    assert served.there == [0, 1] and served.parcels.sent == [(0, [2, 0])]
    kept = serve_order(order(2, 1), [0, 1], [0.0, 3.6], shelves, TWO_HUBS)
    assert kept.there == [] and kept.parcels.sent == [(0, [2, 0]), (1, [0, 1])]


def test_what_is_there_goes_without_a_parcel_where_nothing_else_is_to_be_had():
    """One of two items exists, at hub and region: a parcel of 5 against 2.50 and its worth."""
    served = serve_order(order(1, 1), [1, 0], [2.4, 0.0], [[9, 0]], ONE_HUB)
    assert served.there == [1, 0] and served.parcels == NO_PARCELS
    assert serve_order(order(1, 1), [1, 0], [2.6, 0.0], [[9, 0]], ONE_HUB).there == []
    assert serve_order(order(1, 1), [1, 0], [1.4, 0.0], [[0, 0]], ONE_HUB).there == [1, 0]
