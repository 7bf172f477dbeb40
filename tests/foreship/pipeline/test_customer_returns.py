"""What customers send back lowers what a sale is worth, and never what was ordered."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foreship.judge.network.sent_back import lost_to_returns
from foreship.pipeline.customer_returns import return_notes

MONDAY = pd.Timestamp("2026-11-16")


def rows(*found: tuple[str, str, int]) -> pd.DataFrame:
    """Day, item and quantity."""
    table = pd.DataFrame(found, columns=["date", "item", "quantity"])
    return table.assign(date=pd.to_datetime(table["date"]), region="R1")


def tables(**more: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Three items in two categories; 60 shirts and 20 socks and 20 pans ordered."""
    items = pd.DataFrame(
        {
            "item": ["shirt", "socks", "pan"],
            "category": ["cloth", "cloth", "kitchen"],
            "price": [20.0, 5.0, 30.0],
            "unit_cost": [8.0, 2.0, 10.0],
        }
    )
    orders = rows(
        ("2026-11-02", "shirt", 60), ("2026-11-03", "socks", 20), ("2026-11-04", "pan", 20)
    )
    return {"items": items, "orders": orders, **more}


def test_without_returns_nothing_is_said() -> None:
    """No table, an empty one, or one of later days."""
    for back in (None, rows(), rows(("2026-11-16", "shirt", 9))):
        more = {} if back is None else {"returns": back}
        assert return_notes(tables(**more), MONDAY, 1.0, 0.5) == ()


def test_a_planner_is_told_how_much_came_back_and_what_it_is_taken_to_cost() -> None:
    """Counts, day, handling and the share that is sold again stand in one sentence."""
    (note,) = return_notes(tables(returns=rows(("2026-11-10", "shirt", 20))), MONDAY, 1.5, 0.8)
    assert "20 units came back of 100 ordered before 2026-11-16" in note
    assert "1.50 a unit" in note and "80 %" in note


def test_the_judge_charges_what_truly_came_back() -> None:
    """A third of the shirts: a third of price, handling and the cost of those not sold again."""
    settings = SimpleNamespace(customer_return_handling=1.0, customer_return_resold_share=0.5)
    found = tables(returns=rows(("2026-11-10", "shirt", 20)))
    items = pd.Index(["pan", "shirt", "socks"], dtype=object)
    lost = lost_to_returns(found, items, settings)
    assert lost == pytest.approx([0.0, (20 + 1 - 4) / 3, 0.0])
    assert lost_to_returns(found, items, None).tolist() == [0.0, 0.0, 0.0]
    assert np.isfinite(lost).all()
