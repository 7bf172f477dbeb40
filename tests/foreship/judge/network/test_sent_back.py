"""What customers' returns take from a margin, by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from foreship.judge.network.sent_back import lost_to_returns
from tests.foreship.small_world import date, frame, orders, world

SETTINGS = SimpleNamespace(customer_return_handling=1.0, customer_return_resold_share=0.5)
ITEMS = pd.Index(["K", "L"], dtype=object)


def lost(
    back: list[tuple[str, int]], sold: list[tuple[str, int]], settings=SETTINGS
) -> list[float]:
    """Return the loss a unit of kettles and lamps; returns and orders as (item, quantity)."""
    tables = world(
        returns=frame("date region item quantity", [(date(0), "R1", *row) for row in back]),
        orders=orders(*[(0, "R1", *row) for row in sold]),
    )
    return lost_to_returns(tables, ITEMS, settings).tolist()


def test_a_share_of_price_and_handling_less_what_is_sold_again() -> None:
    """Two kettles of eight: 1/4 x (10 + 1 - 3); one lamp of two: 1/2 x (30 + 1 - 10)."""
    back, sold = [("K", 1), ("K", 1), ("L", 1)], [("K", 3), ("L", 2), ("K", 5)]
    assert lost(back, sold) == pytest.approx([2.0, 10.5])


def test_no_more_comes_back_than_was_sold() -> None:
    """Three of one kettle are one of one; of lamps that nobody bought none is counted."""
    assert lost([("K", 3), ("L", 2)], [("K", 1)]) == pytest.approx([8.0, 0.0])


def test_without_returns_or_settings_nothing_is_lost() -> None:
    """An empty table, no table, no settings."""
    assert lost([], [("K", 1)]) == [0.0, 0.0]
    assert lost([("K", 1)], [("K", 1)], None) == [0.0, 0.0]
    tables = world()
    del tables["returns"]
    assert lost_to_returns(tables, ITEMS, SETTINGS).tolist() == [0.0, 0.0]
