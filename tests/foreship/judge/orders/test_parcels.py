"""Parcels of an order, by hand."""

from __future__ import annotations

import pytest

from foreship.judge.orders.parcels import NO_PARCELS, Tariff, parcels_of

MARGINS = [4.0, 10.0]


def sent(wanted, shelves, *hubs):
    """Return the parcels of two items from hubs with (first, further) prices."""
    tariff = Tariff([(at, *prices) for at, prices in enumerate(hubs)], 1.0, 0.0)
    return parcels_of(wanted, [0, 1], MARGINS, shelves, tariff)


def test_one_hub_that_has_all_sends_one_parcel():
    """Three units: 5 + 2 x .50; they earn 2 x 4 + 10."""
    found = sent([2, 1], [[2, 1]], (5.0, 0.5))
    assert found == ([(0, [2, 1])], 3, 18.0, 6.0) and found.earned == 12.0


@pytest.mark.parametrize(("wanted", "hub"), [([1, 0], 0), ([2, 0], 1), ([3, 0], 1)])
def test_of_hubs_that_have_all_the_cheapest_of_that_size_sends(wanted, hub):
    """5 and 2 for each further unit against 6 and .50: the first is cheaper for one unit alone."""
    found = sent(wanted, [[9, 9], [9, 9]], (5.0, 2.0), (6.0, 0.5))
    assert [each for each, _ in found.sent] == [hub]


def test_of_equal_hubs_the_first_sends():
    """In hub order."""
    assert sent([1, 1], [[9, 9], [9, 9]], (5.0, 0.5), (5.0, 0.5)).sent == [(0, [1, 1])]


def test_the_fullest_hub_sends_first_and_the_rest_follows():
    """Hub 1 has three of four, though it is dearer; hub 0 sends the last one."""
    found = sent([2, 2], [[1, 1], [2, 1]], (5.0, 0.5), (9.0, 1.0))
    assert found.sent == [(1, [2, 1]), (0, [0, 1])]
    assert found.cost == 9.0 + 2 * 1.0 + 5.0 and found.units == 4


def test_no_hub_sends_twice():
    """It sends all it has of what is left: one of three; the second hub has another."""
    found = sent([3, 0], [[1, 9], [1, 9]], (5.0, 0.5), (5.0, 0.5))
    assert found.sent == [(0, [1, 0]), (1, [1, 0])] and found.units == 2


def test_what_no_hub_has_is_not_sent():
    """Neither all of it, nor the item that only a hub without a lane holds."""
    assert sent([1, 1], [[0, 0]], (5.0, 0.5)) == NO_PARCELS
    assert sent([1, 1], [[9, 9]]) == NO_PARCELS
    assert sent([1, 1], [[1, 0]], (5.0, 0.5)).sent == [(0, [1, 0])]
    assert sent([0, 0], [[1, 1]], (5.0, 0.5)) == NO_PARCELS


def test_a_delivery_costs_by_its_size():
    """2.50, then .25 each; nothing for nothing."""
    tariff = Tariff([], 2.5, 0.25)
    assert [tariff.delivery(units) for units in (0, 1, 2, 10)] == [0.0, 2.5, 2.75, 4.75]
