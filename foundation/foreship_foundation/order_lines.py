"""Order lines: lines of one order and item are one line, however the order was keyed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_foundation.keys import combined_codes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["one_line_an_order", "order_marks"]


def one_line_an_order(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the orders with lines of one `order_id`, day, region and item added up to one.

    The line stands where the first of them stood; its price is the mean of the prices known,
    weighted by units. Lines without an `order_id`, and tables without one, stay as they are.
    """
    import pandas as pd

    if "order_id" not in orders.columns or not len(orders):
        return orders
    known = (orders["order_id"] != "").to_numpy(dtype=bool)
    if not known.any():
        return orders
    columns = (orders[name].to_numpy() for name in ("date", "region", "item", "order_id"))
    code = pd.factorize(combined_codes(columns, len(orders)))[0]
    # a line of no known order is an order of its own
    code = pd.factorize(np.where(known, code, len(orders) + np.arange(len(orders))))[0]
    first = np.flatnonzero(np.diff(np.maximum.accumulate(code), prepend=-1))
    if len(first) == len(orders):
        return orders
    quantity = orders["quantity"].to_numpy()
    merged = orders.iloc[first].reset_index(drop=True)
    merged["quantity"] = _sums(code, quantity)
    if "price" in orders.columns:
        price = orders["price"].to_numpy(np.float64)
        stated = ~np.isnan(price)
        money = np.bincount(code, np.where(stated, price * quantity, 0.0))
        units = np.bincount(code, np.where(stated, quantity, 0))
        nothing = np.full(len(units), np.nan)
        mean = np.divide(money, units, out=nothing, where=units > 0)
        alone = np.bincount(code) == 1
        merged["price"] = np.where(alone, price[first], mean)
    return merged


def _sums(code: Ints, quantity: Any) -> Ints:
    total = np.zeros(int(code.max()) + 1, dtype=np.int64)
    np.add.at(total, code, quantity)
    return total


def order_marks(orders: pd.DataFrame) -> Ints:
    """Return a number a line that tells the orders of one cell and day apart, shape (N,).

    Lines without an `order_id` are told apart by nothing: a day of a cell is one order, so that
    splitting a line in two changes nothing.
    """
    import pandas as pd

    if "order_id" not in orders.columns:
        return np.zeros(len(orders), dtype=np.int64)
    return np.asarray(pd.factorize(orders["order_id"].to_numpy())[0], dtype=np.int64)
