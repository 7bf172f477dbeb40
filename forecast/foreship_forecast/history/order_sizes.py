"""How many units an order takes, from order history: whole orders fall on days, not units.

A usual order of a cell is the mean of its orders, mixed with that of its item (docs/value.md,
equation 1b).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship_foundation.arrays import Floats, Ids

__all__ = ["usual_order_sizes"]

PRIOR_ORDERS: Final = 5.0
"""orders' worth of the item's mean mixed into a cell's own"""
MOST_MEDIANS: Final = 10.0
"""an order counts as so many medians of its item's orders at most: one bulk order is no habit"""


def usual_order_sizes(
    orders: pd.DataFrame | None, region: Ids, item: Ids, before: np.datetime64
) -> Floats:
    """Units of a usual order of each cell, at least 1.

    Parameters
    ----------
    orders
        `orders` of the contract; lines of one `order_id`, region and item are one order.
    region, item
        The cells, shape (C,) each.
    before
        Orders of this day or later do not count.

    Returns
    -------
    Sizes [units], shape (C,); 1 for an item never ordered.
    """
    sizes = np.ones(len(item))
    known = None if orders is None else _orders_before(orders, before)
    if known is None or not len(known):
        return sizes
    by_item = known.groupby("item", sort=False)["quantity"]
    most = MOST_MEDIANS * by_item.median()
    known = known.assign(quantity=np.minimum(known["quantity"], known["item"].map(most)))
    usual = known.groupby("item", sort=False)["quantity"].mean()
    cells = known.groupby(["region", "item"], sort=False)["quantity"].agg(["sum", "count"])
    own = cells.reindex(pd.MultiIndex.from_arrays([region, item])).fillna(0.0).to_numpy(np.float64)
    prior = usual.reindex(item).to_numpy(np.float64)
    mixed = (own[:, 0] + PRIOR_ORDERS * prior) / (own[:, 1] + PRIOR_ORDERS)
    return np.maximum(np.where(np.isnan(prior), sizes, mixed), 1.0)


def _orders_before(orders: pd.DataFrame, before: np.datetime64) -> pd.DataFrame:
    """One row an order of an item in a region."""
    known = orders.loc[orders["date"] < pd.Timestamp(before), :]
    rows = known[["region", "item"]].assign(quantity=known["quantity"].astype(np.float64))
    if "order_id" not in known:
        return rows
    named = _named(known["order_id"])
    keys = [
        known["order_id"].to_numpy()[named],
        *(rows.loc[named, name] for name in rows.columns[:2]),
    ]
    together = rows.loc[named, "quantity"].groupby(keys, sort=False).sum()
    one_each = together.rename_axis(["order_id", "region", "item"]).reset_index()
    return pd.concat([rows.loc[~named], one_each[rows.columns]], ignore_index=True)


def _named(order_id: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    """Lines that say which order they belong to."""
    return np.asarray(order_id.notna() & (order_id.astype(str) != ""))
