"""Customers' returns: the share of each item's sales that comes back, for the money of a sale.

Returns are never negative demand; they lower what a sale is worth (docs/value.md, equation 4a).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats
from foreship_foundation.tables.derived import CUSTOMER_RETURN_SHARE
from foreship_foundation.tables.frames import complete_frames
from foreship_foundation.tables.input_tables import INPUTS

__all__ = ["return_shares", "units_by_item"]

PRIOR_UNITS = 20.0
"""sold units' worth of the wider group's share mixed into an item's or category's own"""
READS = {
    "items": INPUTS["items"].only("item", "category"),
    "orders": INPUTS["orders"].only("date", "item", "quantity"),
    "returns": INPUTS["returns"].only("date", "item", "quantity"),
}


def return_shares(
    tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp
) -> tuple[Floats | None, list[str]]:
    """Return the share of sold units that come back, for each row of `items`, and faults.

    Parameters
    ----------
    tables
        `items`, `orders` and `returns` of the contract; rows dated on or after `as_of` do not
        count.

    Returns
    -------
    Shares in [0, 1], None where nothing came back or `items` states its shares.
    """
    given, items = tables.get("returns"), tables.get("items")
    stated = items is None or CUSTOMER_RETURN_SHARE.name in items
    if stated or given is None or not len(given):
        return None, []
    frames, faults = complete_frames(tables, READS, ["orders"])
    if faults:
        return None, [*faults, "orders and returns give the share of sales that comes back"]
    back, sold = (units_by_item(frames[name], as_of) for name in ("returns", "orders"))
    if not len(back):
        return None, []
    item, category = (frames["items"][name] for name in ("item", "category"))
    came, out = (item.map(units).fillna(0.0).to_numpy(np.float64) for units in (back, sold))
    return _shrunk_shares(came, out, category), []


def units_by_item(table: pd.DataFrame | None, as_of: pd.Timestamp) -> pd.Series:
    """Units by item of the rows dated before `as_of`."""
    if table is None or not len(table):
        return pd.Series(dtype=np.float64)
    known = table[table["date"] < as_of]
    return known.groupby("item")["quantity"].sum().astype(np.float64)


def _shrunk_shares(came: Floats, out: Floats, category: pd.Series) -> Floats:
    """Equation 4b: the share of all items, then category, then item, each shrunk to the last."""
    overall = min(came.sum() / max(out.sum(), 1.0), 1.0)
    codes, names = pd.factorize(category.to_numpy(), sort=True)
    back, sold = (np.bincount(codes, units, len(names)) for units in (came, out))
    of_group = (back + PRIOR_UNITS * overall) / (sold + PRIOR_UNITS)
    own = (came + PRIOR_UNITS * of_group[codes]) / (out + PRIOR_UNITS)
    # more may come back than was sold here (sold before the history began); no sale loses twice
    return np.asarray(np.minimum(own, 1.0))
