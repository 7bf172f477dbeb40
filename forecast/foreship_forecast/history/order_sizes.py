"""How many units an order takes, from order history: whole orders fall on days, not units.

A usual order of a cell is the mean of its orders, mixed with that of its item (docs/value.md,
equation 1b).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats, Ids
from foreship_foundation.orders.order_lines import one_line_an_order

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
        `orders` of the contract; lines of one `order_id`, day, region and item are one order.
    region, item
        The cells, shape (C,) each.
    before
        Orders of this day or later do not count.

    Returns
    -------
    Sizes [units], shape (C,); 1 for an item never ordered.
    """
    sizes = np.ones(len(item))
    if orders is None:
        return sizes
    past = (orders["date"] < pd.Timestamp(before)).to_numpy()
    known = one_line_an_order(orders if past.all() else orders[past])
    if not len(known):
        return sizes
    # rows are many: they are grouped by numbers, not by texts
    (place, regions), (what, items) = (pd.factorize(known[name]) for name in ("region", "item"))
    units = pd.Series(known["quantity"].to_numpy(np.float64))
    most = MOST_MEDIANS * units.groupby(what).median().to_numpy()
    units = pd.Series(np.minimum(units.to_numpy(), most[what]))
    usual = np.append(units.groupby(what).mean().to_numpy(), np.nan)
    cells = units.groupby(place * len(items) + what).agg(["sum", "count"])
    where, which = pd.Index(regions).get_indexer(region), pd.Index(items).get_indexer(item)
    asked = np.where((where < 0) | (which < 0), -1, where * len(items) + which)
    own = cells.reindex(asked).fillna(0.0).to_numpy(np.float64)
    prior = usual[which]
    mixed = (own[:, 0] + PRIOR_ORDERS * prior) / (own[:, 1] + PRIOR_ORDERS)
    return np.maximum(np.where(np.isnan(prior), sizes, mixed), 1.0)
