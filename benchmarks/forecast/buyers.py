"""First purchases by cell and week, as the loader counts them; the ids go no further."""

from __future__ import annotations

import pandas as pd

__all__ = ["new_buyers"]


def new_buyers(orders: pd.DataFrame) -> pd.DataFrame:
    """Return `week, region, item, customers`: how many bought there for the first time.

    Lines without a customer count for nobody.
    """
    named = orders[orders["customer"].notna() & (orders["customer"].astype(str) != "")]
    first = named.groupby(["region", "item", "customer"])["date"].min().reset_index()
    first["week"] = first["date"].dt.normalize() - pd.to_timedelta(
        first["date"].dt.day_of_week, unit="D"
    )
    counted = first.groupby(["week", "region", "item"]).size()
    return counted.rename("customers").reset_index()
