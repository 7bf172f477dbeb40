"""The usual size of an order, from order history."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from foreship_forecast.history.order_sizes import usual_order_sizes

MONDAY = np.datetime64("2026-11-16")
BEFORE = pd.Timestamp("2026-11-10")


def orders(*rows: tuple[str, str, int], **more: list) -> pd.DataFrame:
    """Build orders of one day before the plan: region, item, quantity."""
    return pd.DataFrame(rows, columns=["region", "item", "quantity"]).assign(date=BEFORE, **more)


def sizes(table: pd.DataFrame | None, *cells: tuple[str, str]) -> list[float]:
    """Return the sizes of some cells."""
    region, item = (np.array(each, dtype=object) for each in zip(*cells, strict=True))
    return usual_order_sizes(table, region, item, MONDAY).tolist()


def test_orders_of_twelve_are_twelve():
    """In cells that bought, and in one that never did; an item never ordered counts units."""
    table = orders(*[("R1", "A", 12)] * 7, ("R1", "B", 1))
    cells = ("R1", "A"), ("R2", "A"), ("R1", "B"), ("R1", "C")
    assert sizes(table, *cells) == pytest.approx([12.0, 12.0, 1.0, 1.0])


def test_a_cell_is_mixed_with_its_item():
    """Two orders of 8 there, eight of 3 elsewhere: the item has 4, the cell (16 + 5 x 4) / 7."""
    table = orders(*[("R1", "A", 8)] * 2, *[("R2", "A", 3)] * 8)
    assert sizes(table, ("R1", "A")) == pytest.approx([36 / 7])


def test_lines_of_an_order_are_one_order():
    """5 + 7 under one number are 12; lines without a number, and of other orders, stay apart."""
    named = orders(("R", "A", 5), ("R", "A", 7), order_id=["1", "1"])
    others = orders(("R", "A", 5), ("R", "A", 7), order_id=["1", "2"])
    blank = orders(("R", "A", 5), ("R", "A", 7), order_id=["", ""])
    without = orders(("R", "A", 5), ("R", "A", 7))
    found = [sizes(each, ("R", "A"))[0] for each in (named, others, blank, without)]
    assert found == pytest.approx([12.0, 6.0, 6.0, 6.0])


def test_one_bulk_order_is_no_habit():
    """A line of 10,000 beside 39 of 1 counts as ten medians: 1.2 units, not 251."""
    table = orders(*[("R", "A", 1)] * 39, ("R", "A", 10_000))
    assert sizes(table, ("R", "A")) == pytest.approx([49 / 40])


def test_what_is_ordered_later_is_not_known():
    """Orders of the plan's own day do not count, nor does a table that is absent."""
    late = orders(("R", "A", 12)).assign(date=pd.Timestamp(MONDAY))
    assert sizes(late, ("R", "A")) == sizes(None, ("R", "A")) == [1.0]
