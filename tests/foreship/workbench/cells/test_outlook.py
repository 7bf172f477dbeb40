"""The fan of a cell's page: with single weeks once their orders are read, and a word if not."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from foreship.workbench.bench import Bench
from foreship.workbench.cells.outlook import sales_and_forecast
from foreship.workbench.held.sales import SoldWeek, Told
from tests.foreship.workbench.cells.read_orders import Orders


def shown(bench: Bench, told: Told | None) -> str:
    """Return the fan of a cell with such sales."""
    view = bench.run("latest").part(item="00101", region="Lyon")
    sales: Any = Orders(told)
    return str(sales_and_forecast("latest", view, sales, "00101", "Lyon", view.lines.iloc[:0]))


def test_single_weeks_are_drawn_once_they_are_read(told_bench: Bench) -> None:
    """Until then the part asks for itself again, and the fan stands without them."""
    told = shown(told_bench, Told([SoldWeek(pd.Timestamp("2026-11-09"), 3.0)]))
    assert "Week of 2026-11-09: 3 units sold" in told and "hx-get" not in told
    waiting = shown(told_bench, None)
    assert "<svg" in waiting and "are being read" in waiting
    assert 'hx-get="/run/latest/outlook?region=Lyon&amp;item=00101"' in waiting


@pytest.mark.parametrize("words", ["the orders have changed", "too few buyers"])
def test_why_there_are_none_is_said_beside_the_fan(told_bench: Bench, words: str) -> None:
    """In the sentence of whoever looked."""
    told = shown(told_bench, Told(why_not=words))
    assert "<svg" in told and f">{words}</p>" in told
