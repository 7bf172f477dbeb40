"""Customers' returns: the share of each item's sales that comes back, for the money of a sale.

Returns are never negative demand; they lower what a sale is worth (docs/value.md, equation 4a).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats

__all__ = ["return_notes", "with_return_shares"]


PRIOR_UNITS = 20.0
"""sold units' worth of the wider group's share mixed into an item's or category's own"""
SHARE = "customer_return_share"


def with_return_shares(
    tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp
) -> dict[str, pd.DataFrame]:
    """Return the tables with the share of sold units that come back beside each item.

    Parameters
    ----------
    tables
        `items`, `orders` and `returns` of the contract; rows dated on or after `as_of` do not
        count.

    Returns
    -------
    The same tables, `items` with a column `customer_return_share` in [0, 1]; unchanged where
    nothing came back.
    """
    back = _units(tables.get("returns"), as_of)
    if not len(back):
        return dict(tables)
    items = tables["items"]
    sold = _units(tables.get("orders"), as_of)
    came, out = (
        items["item"].map(units).fillna(0.0).to_numpy(np.float64) for units in (back, sold)
    )
    category = items["category"] if "category" in items else pd.Series("", index=items.index)
    share = _shrunk_shares(came, out, category.fillna("").astype(str))
    return {**tables, "items": items.assign(**{SHARE: share})}


def return_notes(
    tables: Mapping[str, pd.DataFrame],
    as_of: pd.Timestamp,
    handling: float,
    resold_share: float,
) -> tuple[str, ...]:
    """Say what share comes back and what that is assumed to cost; nothing without returns."""
    back, sold = (_units(tables.get(name), as_of).sum() for name in ("returns", "orders"))
    if not back:
        return ()
    words = f"{back:,.0f} units came back of {sold:,.0f} ordered before {as_of.date()}"
    cost = f"handling costs {handling:,.2f} a unit, {resold_share:.0%} of them go back to stock"
    return (f"customer returns: {words}; {cost}, the rest is written off at its unit cost",)


def _shrunk_shares(came: Floats, out: Floats, category: pd.Series) -> Floats:
    """Equation 4b: the share of all items, then category, then item, each shrunk to the last."""
    overall = min(came.sum() / max(out.sum(), 1.0), 1.0)
    group = category.to_numpy()
    codes, names = pd.factorize(group, sort=True)
    back, sold = (np.bincount(codes, units, len(names)) for units in (came, out))
    of_group = (back + PRIOR_UNITS * overall) / (sold + PRIOR_UNITS)
    own = (came + PRIOR_UNITS * of_group[codes]) / (out + PRIOR_UNITS)
    # more may come back than was sold here (sold before the history began); no sale loses twice
    return np.asarray(np.minimum(own, 1.0))


def _units(table: pd.DataFrame | None, as_of: pd.Timestamp) -> pd.Series:
    """Units by item of the rows dated before `as_of`."""
    if table is None or not len(table):
        return pd.Series(dtype=np.float64)
    known = table[table["date"] < as_of]
    return known.groupby("item")["quantity"].sum().astype(np.float64)
