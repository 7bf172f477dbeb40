"""What customers' returns take from the margin of a unit sold."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from foreship.judge.sent_back import lost_to_returns
from tests.foreship.small_world import date, frame, orders, world

ITEMS = pd.Index(["K", "L"])
SETTINGS = SimpleNamespace(customer_return_handling=1.0, customer_return_resold_share=0.5)


def tables(*back: tuple[str, int]):
    """Eight kettles and no lamp were ordered; what came back by item."""
    rows = [(date(9), "R1", item, units) for item, units in back]
    return world(
        orders=orders((0, "R1", "K", 5), (1, "R2", "K", 3)),
        returns=frame("date region item quantity", rows),
    )


@pytest.mark.parametrize(
    ("back", "share"),
    [([("K", 2)], 0.25), ([("K", 1), ("K", 1)], 0.25), ([("K", 99)], 1.0), ([("L", 3)], 0.0)],
)
def test_a_share_comes_back_at_its_price_and_handling_less_what_is_resold(back, share: float):
    """A kettle costs 10 and 1 of handling, and half of its 6 is saved: 8 a unit sent back.

    More than was sold cannot come back, and of a lamp, which nobody bought, nothing.
    """
    assert lost_to_returns(tables(*back), ITEMS, SETTINGS) == pytest.approx([8.0 * share, 0.0])


def test_without_returns_or_settings_nothing_is_lost():
    """An empty table, no table, no settings."""
    assert lost_to_returns(tables(), ITEMS, SETTINGS).tolist() == [0.0, 0.0]
    alone = {name: table for name, table in tables(("K", 2)).items() if name != "returns"}
    assert lost_to_returns(alone, ITEMS, SETTINGS).tolist() == [0.0, 0.0]
    assert lost_to_returns(tables(("K", 2)), ITEMS, None).tolist() == [0.0, 0.0]
