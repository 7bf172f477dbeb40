"""Which part of the units of past orders pays as further units of their parcels, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from foreship_optimize.orders.credit import seen_units
from foreship_optimize.orders.parcel_share import further_share
from foreship_optimize.orders.past_orders import PastOrders


def orders(count: list[float]) -> PastOrders:
    """Window 0: item 0 alone; window 1: a pair of items 0 and 1 in region 0, three of 1 in 1."""
    return PastOrders(
        period=np.array([0, 1, 1]),
        region=np.array([0, 0, 1]),
        first=np.array([0, 1, 3, 4]),
        item=np.array([0, 0, 1, 1]),
        units=np.array([1, 1, 1, 3]),
        count=np.array(count),
    )


def share(count: list[float], prior: float, item: list[int]) -> list[float]:
    """Cells: (0, 0), (0, 1), (1, 1), and (1, 0), which nobody ordered; lines name their cells."""
    past, cell = orders(count), np.array([0, 0, 1, 2])
    return further_share(past, cell, seen_units(past, cell, np.array(item), prior)).tolist()


def test_without_a_prior_it_is_the_mean_over_the_units_of_the_cell():
    """One unit alone and one of two: 1/4 of two units; one of two: 1/2; three of three: 2/3."""
    assert share([1.0, 1.0], 0.0, [0, 1, 1, 0]) == pytest.approx([0.25, 0.5, 2 / 3, 0.0])


def test_an_older_window_counts_less():
    """At half the weight the unit alone is one of three: (.5 x 0 + 1 x .5) / 1.5."""
    assert share([0.5, 1.0], 0.0, [0, 1, 1, 0])[0] == pytest.approx(1 / 3)


def test_few_units_are_drawn_to_the_item_and_that_to_all():
    """All: 3 of 6. Item 1: (2.5 + 10 x .5) / 14; its cell of one unit: (.5 + 10 x that) / 11."""
    of_all = 3.0 / 6.0
    of_one, of_zero = (2.5 + 10 * of_all) / (4 + 10), (0.5 + 10 * of_all) / (2 + 10)
    found = share([1.0, 1.0], 10.0, [0, 1, 1, 0])
    assert found[1] == pytest.approx((0.5 + 10 * of_one) / 11)
    assert found[3] == pytest.approx(of_zero)


def test_orders_of_single_units_pay_nothing_as_further_ones():
    """The part is 0 to the last bit, so that money stays what it is by the unit."""
    alone = PastOrders(
        np.array([0, 0]), np.array([0, 0]), np.array([0, 1, 2]),
        np.array([0, 1]), np.array([1, 1]), np.array([1.0]),
    )  # fmt: skip
    cell = np.array([0, 1])
    seen = seen_units(alone, cell, np.array([0, 1]), 10.0)
    assert further_share(alone, cell, seen).tolist() == [0.0, 0.0]
