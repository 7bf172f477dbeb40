"""What promoted items cost: by a price that is given, or by a factor of what they would cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

__all__ = ["promoted_prices"]

KEYS: Final = ["week", "region", "item"]


def promoted_prices(
    tables: Mapping[str, pd.DataFrame], cells: pd.DataFrame, how: str, amount: float
) -> tuple[pd.DataFrame, int]:
    """Return rows of `prices` for cells that are promoted, and how many of them stood there.

    A factor is one of the price that is planned for the week; else of the newest price of the cell
    before it without a promotion; else of the item's own.

    Parameters
    ----------
    tables
        `items`, and `prices` where there is such a table.
    cells
        `week, region, item`.
    how, amount
        `=` and a price, or `*` and a factor; without a price a factor of 1.
    """
    known = tables.get("prices")
    known = known if known is not None else pd.DataFrame(columns=[*KEYS, "price", "promotion"])
    joined = cells.merge(known[[*KEYS, "price"]], on=KEYS, how="left")
    stood = int(joined["price"].notna().sum())
    if how == "=":
        return cells.assign(price=amount, promotion=1.0), stood
    own = tables["items"].set_index("item")["price"]
    before = joined["price"].to_numpy(dtype=np.float64, copy=True)
    before = np.where(np.isnan(before), _usual(known, cells), before)
    before = np.where(np.isnan(before), cells["item"].map(own).to_numpy(dtype=np.float64), before)
    return cells.assign(price=np.round(before * amount, 4), promotion=1.0), stood


def _usual(known: pd.DataFrame, cells: pd.DataFrame) -> pd.Series[float]:
    """Return the newest price before each week without a promotion, NaN where there is none."""
    plain = known[known["promotion"] == 0].sort_values("week", kind="stable")
    asked = cells.reset_index(names="place").sort_values("week", kind="stable")
    if plain.empty:
        return pd.Series(np.nan, index=cells.index)
    found = pd.merge_asof(
        asked, plain[[*KEYS, "price"]], on="week", by=["region", "item"], allow_exact_matches=False
    )
    return found.set_index("place")["price"].reindex(cells.index)
