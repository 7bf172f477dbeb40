"""Cells: names in canonical order, and where a row belongs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_forecast.history.cells import all_cells, places, positions
from foreship_forecast.history.snapshot import Snapshot
from tests.forecast.small_market import AS_OF

DAY = pd.Timestamp("2026-11-02")
ORDERS = pd.DataFrame(
    {"date": DAY, "region": ["R2", "R1", "R2"], "item": ["B", "C", "A"], "quantity": 1}
)


def test_cells_are_sorted_whatever_the_order_of_rows() -> None:
    """By region, then item; asked for, a further cell stands among them and is offered."""
    extra = (np.array(["R1"], object), np.array(["A"], object))
    for rows in (ORDERS, ORDERS.iloc[::-1]):
        codes, offered = all_cells(Snapshot({"orders": rows}, AS_OF), extra)
        region, item = codes.names()
        assert [*zip(region, item, strict=True)] == [
            ("R1", "A"), ("R1", "C"), ("R2", "A"), ("R2", "B")
        ]  # fmt: skip
        assert offered.all()


def test_a_row_of_no_cell_or_week_has_no_place() -> None:
    """A pair that is no cell, an unknown region, and days outside the weeks."""
    codes, _ = all_cells(Snapshot({"orders": ORDERS}, AS_OF), None)
    frame = pd.DataFrame(
        {
            "region": ["R2", "R1", "R9", "R1", "R1"],
            "item": ["A", "A", "A", "C", "C"],
            "day": [DAY + pd.Timedelta(days=each) for each in (6, 0, 0, 7, -1)],
        }
    )
    weeks = np.array([DAY], dtype="datetime64[D]")
    cell, week = positions(codes, weeks, frame, "day")
    assert cell.tolist() == [1, -1, -1, 0, 0]
    assert week.tolist() == [0, 0, 0, -1, -1]
    assert places(codes.items, pd.Series(["C", "x"])).tolist() == [2, -1]
