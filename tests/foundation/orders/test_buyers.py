"""Distinct buyers of a cell, week by week, from order lines that name their customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_foundation.orders.buyers import buyers_of, first_purchases

MONDAY = pd.Timestamp("2026-11-16")


def orders(*rows: tuple[int, str, str, object]) -> pd.DataFrame:
    """Return order lines by days from a Monday, region, item and customer."""
    table = pd.DataFrame(rows, columns=["date", "region", "item", "customer"])
    return table.assign(date=MONDAY + pd.to_timedelta(table["date"], unit="D"))


def test_a_customer_counts_once_a_cell_in_the_week_of_the_first_order() -> None:
    """Ann buys twice in one cell and once in another, Ben a week later, Eve on Sunday."""
    found = buyers_of(
        orders(
            (7, "R", "a", "ben"), (8, "R", "a", "ann"), (6, "R", "a", "eve"), (0, "R", "a", "ann"),
            (9, "S", "a", "ann"),
        )
    )  # fmt: skip
    week = MONDAY + pd.Timedelta(days=7)
    assert found.values.tolist() == [
        [MONDAY, "R", "a", 2], [week, "R", "a", 1], [week, "S", "a", 1],
    ]  # fmt: skip


@pytest.mark.parametrize("nobody", [None, "", np.nan])
def test_an_unknown_customer_is_nobody(nobody: object) -> None:
    """However many lines: the cell has a row, so that it is known to have no buyer."""
    found = buyers_of(orders((0, "R", "a", nobody), (1, "R", "a", nobody)))
    assert found.values.tolist() == [[MONDAY, "R", "a", 0]]


def test_customers_may_be_numbers() -> None:
    """Two of them, one twice."""
    assert buyers_of(orders((0, "R", "a", 7), (1, "R", "a", 7), (2, "R", "a", 8.0)))[
        "customers"].tolist() == [2]  # fmt: skip


def test_without_a_line_there_is_no_buyer() -> None:
    """No row, and nothing fails."""
    none = np.array([], dtype=np.int64)
    assert [len(each) for each in first_purchases(none, none, none, none.astype("M8[D]"))] == [
        0
    ] * 4
