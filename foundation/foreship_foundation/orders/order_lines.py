"""Order lines: which lines are one order, one line of it, and in which order orders come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from foreship_foundation.arrays import Bools, Hashes, Ints
from foreship_foundation.tables.keys import combined_codes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["arrival_hashes", "one_line_an_order", "order_marks", "order_numbers"]


def one_line_an_order(orders: pd.DataFrame) -> pd.DataFrame:
    """Return the orders with lines of one `order_id`, day, region and item added up to one.

    The line stands where the first of them stood; its price is the mean of the prices known,
    weighted by units. Lines without an `order_id`, and tables without one, stay as they are.
    """
    if not _known(orders).any():
        return orders
    code = _numbers(orders, "date", "region", "order_id", "item")
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


def order_numbers(orders: pd.DataFrame) -> Ints:
    """Return the number of the order that each line stands in, shape (N,), counted from 0.

    An order is all lines of one day, region and known `order_id`; a line without one is an order
    of its own. Orders are counted as their first lines stand in the table.
    """
    return _numbers(orders, "date", "region", "order_id")


def arrival_hashes(orders: pd.DataFrame) -> Hashes:
    """Return by what the orders of a day and region are put into a sequence, shape (N,).

    It depends on nothing but the id of the order, or, of a line without one, on item and quantity:
    neither on the rows of the table nor on what else was ordered.
    """
    import pandas as pd

    line = pd.util.hash_array(orders["item"].to_numpy(dtype=object), categorize=False)
    line = pd.util.hash_array(line + orders["quantity"].to_numpy().astype(np.uint64))
    if "order_id" not in orders.columns:
        return np.asarray(line)
    ids = pd.util.hash_array(orders["order_id"].to_numpy(dtype=object), categorize=False)
    return np.where(_known(orders), ids, line)


def _known(orders: pd.DataFrame) -> Bools:
    """Tell which lines name their order."""
    if "order_id" not in orders.columns:
        return np.zeros(len(orders), dtype=bool)
    ids = orders["order_id"]
    return (ids.notna() & (ids != "")).to_numpy(dtype=bool)


def _numbers(orders: pd.DataFrame, *names: str) -> Ints:
    """Number the lines alike in some columns; a line of no known order is like no other."""
    import pandas as pd

    known, own = _known(orders), np.arange(len(orders))
    if not known.any():
        return own
    code = combined_codes((orders[name].to_numpy() for name in names), len(orders))
    code = pd.factorize(code)[0]
    return np.asarray(pd.factorize(np.where(known, code, len(orders) + own))[0], dtype=np.int64)


def order_marks(orders: pd.DataFrame) -> Ints:
    """Return a number a line that tells the orders of one cell and day apart, shape (N,).

    Lines without an `order_id` are told apart by nothing: a day of a cell is one order, so that
    splitting a line in two changes nothing.
    """
    import pandas as pd

    if "order_id" not in orders.columns:
        return np.zeros(len(orders), dtype=np.int64)
    return np.asarray(pd.factorize(orders["order_id"].to_numpy())[0], dtype=np.int64)
