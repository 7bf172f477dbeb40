"""Lots: what is ordered by the dozen is counted in dozens, and nothing else is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.history.lots import in_lots, lots_of_items
from foreship_forecast.history.panel import panel_of
from foreship_forecast.history.snapshot import Snapshot
from tests.forecast.small_market import AS_OF

ITEM = np.array([0])


def lot_of(units: list[int], lines: list[int] | None = None) -> int:
    """Return the lot of one item in one region, each sale in one line unless said."""
    weeks = np.array([units])
    came = (weeks > 0).astype(np.int64) if lines is None else np.array([lines])
    return int(lots_of_items(weeks, came, ITEM)[0])


@pytest.mark.parametrize(
    ("units", "lot"),
    [
        ([12, 0, 12, 0, 0, 24, 12], 12),
        ([24, 24, 12, 36, 0, 24], 12),
        ([1, 2, 1, 3, 1], 1),
        ([8, 9, 11, 15, 10], 1),
        ([2, 0, 0, 2], 1),
        ([2] * 7, 2),
        ([12] * 60 + [5], 12),
        ([12] * 20 + [5], 1),
        ([0, 0, 0], 1),
    ],
)
def test_a_lot_is_what_nearly_all_sales_are_multiples_of(units: list[int], lot: int):
    """Dozens are lots; two sales of two may be chance, seven are not; one odd sale in 61 is."""
    assert lot_of(units) == lot


def test_single_units_that_add_up_are_no_lot():
    """Seven lines of one unit make seven every week: nobody orders by the seven."""
    assert lot_of([7] * 20, [7] * 20) == 1
    assert lot_of([7] * 20, [1] * 20) == 7


def test_lots_belong_to_items():
    """Of two items in two regions the one by the dozen is found, whatever the other does."""
    units = np.array([[12, 0, 24], [1, 1, 0], [0, 12, 12], [2, 0, 1]])
    found = lots_of_items(units, (units > 0).astype(int), np.array([0, 1, 0, 1]))
    assert found.tolist() == [12, 1]


def test_counts_in_lots_are_nearest_but_never_nothing():
    """12, 24, 30, 5 and 0 units in lots of 12 are 1, 2, 3 (half up), 1 and 0."""
    assert in_lots(np.array([[12, 24, 30, 5, 0]]), np.array([12])).tolist() == [[1, 2, 3, 1, 0]]


def test_a_panel_counts_in_lots_unless_it_is_to_judge_by():
    """Orders of 12 are ones of lot 12 to learn from, and twelves to judge by."""
    days = AS_OF - pd.to_timedelta(7 * np.arange(8, 0, -1), unit="D")
    orders = pd.DataFrame({"date": days, "region": "R", "item": "I", "quantity": 12})
    snapshot = Snapshot({"orders": orders}, AS_OF)
    learned, truth = panel_of(snapshot, 52), panel_of(snapshot, 52, lots=False)
    assert learned.units.tolist() == [[1] * 8] and learned.lot.tolist() == [12]
    assert truth.units.tolist() == [[12] * 8] and truth.lot.tolist() == [1]
