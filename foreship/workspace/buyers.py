"""Who bought first where and when, counted as orders are read; nobody is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from foreship.ingest.tables import TableRead
from foreship_foundation.arrays import Ints
from foreship_foundation.orders.buyers import first_purchases

__all__ = ["buyers_read"]


def buyers_read(orders: TableRead | None) -> pd.DataFrame:
    """Count the customers who first bought in each cell, by week; nobody is named."""
    if orders is None or "customer" not in orders.parsed:
        empty = {name: pd.Series([], dtype=str) for name in ("region", "item")}
        week, customers = pd.Series([], dtype="datetime64[ns]"), pd.Series([], dtype=np.int64)
        return pd.DataFrame({"week": week, **empty, "customers": customers})
    (region, regions), (item, items) = _ranked(orders, "region"), _ranked(orders, "item")
    who, days = orders.parsed["customer"].values, orders.parsed["date"].values
    place, what, mondays, count = first_purchases(region, item, who, days)
    return pd.DataFrame(
        {
            "week": mondays.astype("datetime64[ns]"),
            "region": _texts(place, regions),
            "item": _texts(what, items),
            "customers": count,
        }
    )


def _ranked(orders: TableRead, column: str) -> tuple[Ints, pa.Array]:
    """Return the rank of each row's id among all texts of its column, and the texts by rank."""
    one = orders.parsed[column]
    assert one.names is not None
    order = pc.sort_indices(one.names).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[one.values], one.names.take(pa.array(order))


def _texts(codes: Ints, names: pa.Array) -> pd.Series[Any]:
    """Return a column of texts, without an object a row."""
    coded = pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), names)
    texts: pd.Series[Any] = coded.cast(pa.string()).to_pandas()
    return texts
