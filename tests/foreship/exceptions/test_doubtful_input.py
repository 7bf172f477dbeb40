"""Doubts of the input and late supply: money by hand, words for a planner."""

from __future__ import annotations

import pandas as pd
import pytest

from foreship.errors import Fault
from foreship.exceptions.doubtful_input import late_supply, stale_input, suspicious_input
from foreship.reading.facts.line_facts import Sales
from tests.foreship.exceptions.hand_made import AS_OF, cell, frame, line, seen

DAY = pd.Timedelta(days=1)


def test_rows_in_doubt_count_what_rows_of_their_table_are_worth() -> None:
    """Two rows of stock of 5 x 6 and 3 x 20 are worth 45 in the mean; one is in doubt."""
    stock = frame("location item quantity", ("H", "A", 5), ("H", "B", 3))
    doubt = Fault("stock", "odd", count=1, severity="warning", check="odd_rows")
    found = list(suspicious_input(seen(tables={"stock": stock}, warnings=(doubt,))))
    assert [each.money for each in found] == [pytest.approx(45.0)]
    assert found[0].words == "stock: odd in 1 row."


def test_a_table_without_units_counts_its_share_of_sales() -> None:
    """Four of A at 10 were sold within four weeks; one of two items is in doubt: 20.

    A column that is not used is no doubt of any row.
    """
    orders = frame("date region item quantity", (AS_OF - DAY, "R", "A", 4), (AS_OF, "R", "B", 99))
    sales = Sales(orders, frame("week region item customers"))
    odd = {"check": "odd_rows"}
    doubts = (
        Fault("items", "odd", count=1, **odd),
        Fault("items", "all odd", **odd),
        Fault("prices", "none", **odd),
        Fault("orders", "columns not used"),
    )
    found = list(suspicious_input(seen(sales=sales, warnings=doubts)))
    assert [each.money for each in found] == [20.0, 40.0, 0.0, 0.0]


def test_stale_stock_may_move_the_plan_twice() -> None:
    """A plan of three units of A stakes their unit cost."""
    found = list(stale_input(seen(lines=(line(1.0, quantity=3),), stale=("stock is old",))))
    assert [(each.money, each.words) for each in found] == [(18.0, "Stock is old.")]


def test_overdue_inbound_is_told_by_place() -> None:
    """Five days late: in a region at the gain of a unit there, in a hub at the margin."""
    lots = frame(
        "location item quantity arrival_date",
        ("R", "A", 2, AS_OF - 5 * DAY),
        ("H", "B", 1, AS_OF - 5 * DAY),
        ("R", "B", 7, AS_OF),
    )
    found = list(late_supply(seen(cell("R", "A"), tables={"inbound": lots})))
    told = {(each.region, each.hub, each.item): each.money for each in found}
    assert told == {("", "H", "B"): 10.0, ("R", "", "A"): 4.0}
    assert any("1 unit of B should have reached H (North) on 2026-11-11" in e.words for e in found)


def test_receipts_that_fall_short_are_told() -> None:
    """Of ten announced two weeks ago six came; an old shortfall is not told again."""
    late = frame(
        "location item promised came quantity received",
        ("R", "A", AS_OF - 14 * DAY, AS_OF - 13 * DAY, 10, 6),
        ("R", "B", AS_OF - 90 * DAY, pd.NaT, 5, 0),
    )
    found = list(late_supply(seen(cell("R", "A"), tables={"lateness": late})))
    assert [(each.item, each.money) for each in found] == [("A", 8.0)]
    assert found[0].words.startswith("4 units of A (Lamp) announced for R from 2026-11-02 on never")
