"""Lines of one order and item are one line."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_foundation.orders.order_lines import (
    arrival_hashes,
    one_line_an_order,
    order_marks,
    order_numbers,
)

LINES = pd.DataFrame(
    {
        "date": pd.to_datetime(["2026-01-05"] * 6 + ["2026-01-06"]),
        "region": ["R1", "R1", "R1", "R1", "R2", "R1", "R1"],
        "item": ["I1", "I1", "I2", "I1", "I1", "I1", "I1"],
        "quantity": [1, 2, 4, 8, 16, 32, 64],
        "price": [10.0, 4.0, np.nan, 5.0, 5.0, np.nan, 5.0],
        "order_id": ["a", "a", "a", "b", "a", "a", "a"],
    }
)


def test_lines_of_one_order_day_region_and_item_are_added_up() -> None:
    """1 + 2 + 32 of order a; another item, order, region or day is another line."""
    found = one_line_an_order(LINES)
    assert found["quantity"].tolist() == [35, 4, 8, 16, 64]
    assert found["order_id"].tolist() == ["a", "a", "b", "a", "a"]
    assert found["price"].tolist()[0] == (10.0 + 8.0) / 3
    assert np.isnan(found["price"].tolist()[1])
    assert found["price"].tolist()[2:] == [5.0, 5.0, 5.0]
    assert LINES["quantity"].sum() == 127


def test_lines_without_an_order_stay_apart() -> None:
    """Blank ids, or no such column: two customers may have asked for the same."""
    blank = LINES.assign(order_id="")
    pd.testing.assert_frame_equal(one_line_an_order(blank), blank)
    without = LINES.drop(columns="order_id")
    pd.testing.assert_frame_equal(one_line_an_order(without), without)
    some = LINES.assign(order_id=["a", "", "", "", "", "a", ""])
    assert one_line_an_order(some)["quantity"].tolist() == [33, 2, 4, 8, 16, 64]


def test_orders_of_a_day_are_told_apart_by_their_id_alone() -> None:
    """Lines without an id are one order a day, so that a split changes nothing."""
    marks = order_marks(LINES)
    assert len(set(marks[LINES["order_id"] == "a"])) == 1
    assert marks[3] != marks[0]
    assert set(order_marks(LINES.drop(columns="order_id"))) == {0}
    assert len(set(order_marks(LINES.assign(order_id="")))) == 1


def test_an_order_is_all_lines_of_a_day_region_and_id() -> None:
    """Order a of the first day, b, a of another region, a of the next day."""
    assert order_numbers(LINES).tolist() == [0, 0, 0, 1, 2, 0, 3]
    some = LINES.assign(order_id=["a", "", "", "", "", "a", "a"])
    assert order_numbers(some).tolist() == [0, 1, 2, 3, 4, 0, 5]
    assert order_numbers(LINES.drop(columns="order_id")).tolist() == list(range(7))
    assert order_numbers(LINES.iloc[:0]).tolist() == []


def test_the_sequence_of_orders_hangs_on_their_ids_alone() -> None:
    """Lines of one id share a hash, whatever rows stand around them; one without has its own."""
    found = arrival_hashes(LINES)
    assert len(set(found[LINES["order_id"] == "a"])) == 1 and len(set(found)) == 2
    assert arrival_hashes(LINES.iloc[[3]]).tolist() == found[[3]].tolist()
    more = LINES.assign(order_id=["a", "", "", "", "", "a", ""], date=LINES["date"].iloc[0])
    lines = arrival_hashes(more)
    assert lines[[0, 5]].tolist() == found[[0, 5]].tolist()
    assert len(set(lines)) == 6
    without = more.drop(columns="order_id")
    assert arrival_hashes(without)[1:5].tolist() == lines[1:5].tolist()
    assert arrival_hashes(without.iloc[::-1])[::-1].tolist() == arrival_hashes(without).tolist()


def test_an_absent_id_is_as_blank_as_an_empty_one() -> None:
    """Lines whose id is None, missing or '' are orders of their own."""
    ids = [None, np.nan, pd.NA, "", "b", "b", "b"]
    lines = LINES.assign(order_id=pd.Series(ids, dtype=object))
    assert len(one_line_an_order(lines)) == 7
    assert len(set(order_numbers(lines)[:5].tolist())) == 5
