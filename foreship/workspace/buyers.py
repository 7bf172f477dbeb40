"""Who bought first where and when, counted as orders are read; nobody is named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship.ingest.tables import TableRead
from foreship_foundation.orders.buyers import first_purchases

__all__ = ["buyers_read"]


def buyers_read(orders: TableRead | None) -> pd.DataFrame:
    """Count the customers who first bought in each cell, by week; nobody is named."""
    if orders is None or "customer" not in orders.parsed:
        empty = {name: pd.Series([], dtype=str) for name in ("region", "item")}
        week, customers = pd.Series([], dtype="datetime64[ns]"), pd.Series([], dtype=np.int64)
        return pd.DataFrame({"week": week, **empty, "customers": customers})
    who, item, region = (orders.parsed[name].values for name in ("customer", "item", "region"))
    place, what, mondays, count = first_purchases(region, item, who, orders.parsed["date"].values)
    return pd.DataFrame(
        {
            "week": mondays.astype("datetime64[ns]"),
            "region": pd.Series(orders.text("region", place), dtype=str),
            "item": pd.Series(orders.text("item", what), dtype=str),
            "customers": count,
        }
    ).sort_values(["region", "item", "week"], ignore_index=True)
