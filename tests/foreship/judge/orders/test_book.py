"""The book of orders: who stands together, in which sequence, and who waits."""

from __future__ import annotations

import numpy as np
import pytest

from foreship.judge.network.network import Network
from foreship.judge.orders.book import OrderBook
from tests.foreship.judge.orders.order_worlds import named, order_world
from tests.foreship.played_weeks import EXITS
from tests.foreship.small_world import MONDAY

DAY = np.timedelta64(1, "D")


def book(*rows, lost=(0.3, 0.6), seed=1, shuffled=None) -> OrderBook:
    """Read orders in the small world."""
    table = named(*rows)
    if shuffled is not None:
        table = table.sample(frac=1, random_state=shuffled)
    network = Network.from_tables(order_world(lost=lost), EXITS)
    return OrderBook.from_orders(table, network, seed)


def lines(found, day=0):
    """Return (region, units by item) of each order of a day, sorted."""
    today = found.on(MONDAY + day * DAY)
    return sorted(
        (each.region, sorted(zip(today.items[each.items].tolist(), each.units, strict=True)))
        for each in today.orders
    )


def test_lines_of_one_day_region_and_id_are_one_order_and_those_of_one_item_one_line():
    """The same id on another day or in another region is another order."""
    found = book(
        (0, "a", "R1", "L", 2), (0, "b", "R1", "K", 1), (0, "a", "R1", "K", 1),
        (0, "a", "R1", "L", 3), (0, "a", "R2", "K", 4), (1, "a", "R1", "K", 5),
    )  # fmt: skip
    assert lines(found) == [(0, [(0, 1)]), (0, [(0, 1), (1, 5)]), (1, [(0, 4)])]
    assert lines(found, 1) == [(0, [(0, 5)])] and lines(found, 2) == []
    order = next(each for each in found.on(MONDAY).orders if each.size == 6)
    assert order.margins == [4.0, 10.0] and order.impatience == pytest.approx((0.3 + 5 * 0.6) / 6)


def test_lines_without_an_id_are_orders_of_their_own():
    """Two equal lines are two orders; an unknown item or region is in none."""
    found = book(
        (0, "", "R1", "K", 2), (0, "", "R1", "K", 2), (0, "", "R1", "L", 1),
        (0, "", "nowhere", "L", 1), (0, "a", "R1", "nothing", 1),
    )  # fmt: skip
    assert lines(found) == [(0, [(0, 2)]), (0, [(0, 2)]), (0, [(1, 1)])]


def test_sequence_and_patience_look_at_the_id_alone():
    """Shuffled rows, and other orders beside them, change neither; another seed does the second."""
    rows = [(0, name, "R1", "K", 1) for name in "abcdefghij"]
    rows += [(0, "", "R2", item, units) for item in "KL" for units in (1, 1, 3)]
    plain, again = book(*rows), book(*rows, shuffled=3)
    assert plain.on(MONDAY).orders == again.on(MONDAY).orders
    more = book(*rows, (-3, "z", "R1", "L", 1), (0, "y", "R2", "L", 7))
    kept = [each for each in more.on(MONDAY).orders if each.size != 7]
    told = [(each.region, each.units, each.waits) for each in plain.on(MONDAY).orders]
    assert [(each.region, each.units, each.waits) for each in kept] == told
    other = [each.waits for each in book(*rows, seed=2).on(MONDAY).orders]
    assert other != [each.waits for each in plain.on(MONDAY).orders]


def test_as_many_wait_as_the_shares_of_their_units_say():
    """Two kettles at 0 and two lamps at .6 in each order: .3 of 2,000 do not wait."""
    rows = [(0, f"o{at}", "R1", item, 2) for at in range(2000) for item in "KL"]
    waits = [each.waits for each in book(*rows, lost=(0.0, 0.6)).on(MONDAY).orders]
    assert np.mean(waits) == pytest.approx(0.7, abs=0.03)  # three standard deviations
    assert all(each.waits for each in book(*rows, lost=(0.0, 0.0)).on(MONDAY).orders)
    assert not any(each.waits for each in book(*rows, lost=(1.0, 1.0)).on(MONDAY).orders)


def test_cells_wanted_are_those_of_the_week():
    """Neither Sunday's before nor the next Monday's."""
    found = book(
        (-1, "a", "R1", "L", 1), (0, "b", "R2", "L", 1), (6, "c", "R1", "K", 1),
        (6, "c", "R2", "L", 1), (7, "d", "R2", "K", 1),
    )  # fmt: skip
    region, item = found.cells_wanted(MONDAY)
    assert (region.tolist(), item.tolist()) == ([0, 1], [0, 1])


def test_past_orders_are_those_of_the_weeks_before():
    """Two of the two weeks before Monday, one of two lines; neither older ones nor Monday's."""
    found = book(
        (-15, "x", "R1", "K", 9), (-14, "a", "R1", "K", 2), (-1, "b", "R2", "L", 1),
        (-1, "b", "R2", "K", 4), (0, "y", "R1", "L", 1),
    ).past(MONDAY, 2)  # fmt: skip
    assert (found.region.tolist(), found.size.tolist()) == ([0, 1], [2.0, 5.0])
    rows = zip(found.line_region, found.item, found.units, strict=True)
    assert [tuple(map(int, row)) for row in rows] == [(0, 0, 2), (1, 0, 4), (1, 1, 1)]
    assert found.impatience == pytest.approx([0.3, (4 * 0.3 + 0.6) / 5])


def test_a_book_without_orders_is_a_book():
    """Every day is empty."""
    found = book()
    assert lines(found) == [] and found.past(MONDAY, 2).size.tolist() == []
    assert found.cells_wanted(MONDAY)[0].tolist() == []
