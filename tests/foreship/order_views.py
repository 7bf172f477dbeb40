"""A made-up run whose money is by the order: figures and a table of cells beside the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from foreship.reading.views import RunView
from foreship_foundation.tables.output_files import CELL_ORDERS
from tests.foreship.run_views import make_view

__all__ = ["FIGURES", "cell_table", "order_view"]

FIGURES: dict[str, Any] = {
    "periods": 26,
    "orders_seen": 9_123,
    "worth_serving_there": 0.351,
    "whole": 0.124,
    "units_there": 0.08,
    "gain": 451.75,
    "bound": 502.25,
    "gap": (502.25 - 451.75) / 502.25,
}


def cell_table(*rows: tuple) -> pd.DataFrame:
    """Rows as (region, item, orders, there, saving, served_share, credit, most)."""
    return pd.DataFrame(list(rows), columns=list(CELL_ORDERS.names))


def order_view(**figures: Any) -> RunView:
    """The usual run with past orders; keywords change its figures."""
    view = make_view()
    regions, items = view.tables["regions"]["region"], view.tables["items"]["item"]
    rows = [
        (region, item, 41, 5 / 41, 1.75, 0.15, 0.42, 3)
        if number % 2
        else (region, item, 0, np.nan, np.nan, 0.1, 0.3, 0)
        for number, (region, item) in enumerate((r, i) for r in sorted(regions) for i in items)
    ]
    settings = {**view.assumptions, "plan": {"review_weeks": 1, "payback_weeks": 8.0}}
    return replace(
        view,
        summary={**view.summary, "orders": FIGURES | figures},
        orders=cell_table(*rows),
        assumptions=settings,
    )
