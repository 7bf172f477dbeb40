"""Counts by order: their sums, and that no order is forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from foreship.judge.account.fill import FILL, Fill

DAY = Fill(
    orders=10, lines=14, units_there=9, lines_there=8, orders_there=5, orders_whole_there=4,
    orders_one_parcel=3, splits=2, orders_lost=1, parcels_sent=6,
)  # fmt: skip


def test_counts_add_up_each_with_its_like():
    """Ten names, ten sums."""
    both = Fill(*range(10)) + Fill(*range(10, 110, 10))
    assert [getattr(both, name) for name in FILL] == [11 * at + 10 for at in range(10)]


@pytest.mark.parametrize(
    "name", ["orders", "orders_whole_there", "orders_one_parcel", "splits", "orders_lost"]
)
@pytest.mark.parametrize("more", [-1, 1])
def test_every_order_is_served_in_one_way_or_lost(name, more):
    """4 whole there, 3 by a parcel, 2 split and 1 lost are 10."""
    assert DAY.balances
    assert not replace(DAY, **{name: getattr(DAY, name) + more}).balances


@pytest.mark.parametrize(
    ("name", "number"), [("orders_there", 3), ("orders_there", 11), ("lines_there", 15),
                         ("lines", 9), ("parcels_sent", 2)]
)  # fmt: skip
def test_no_more_is_there_than_was_wanted(name, number):
    """Nor are more orders served whole than there were, or more by a parcel than parcels went."""
    assert not replace(DAY, **{name: number}).balances
