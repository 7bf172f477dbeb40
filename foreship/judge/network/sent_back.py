"""Customers' returns: what they cost a unit sold, as the judge reads the tables.

The program has its own reading of the same tables; the two share no code on purpose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats

__all__ = ["ReturnSettings", "lost_to_returns"]


class ReturnSettings(Protocol):
    """The `[economics]` settings of what customers send back."""

    @property
    def customer_return_handling(self) -> float:
        """Handling of a unit sent back [money a unit]."""

    @property
    def customer_return_resold_share(self) -> float:
        """Share of the units sent back that go to hub stock again."""


def lost_to_returns(
    tables: Mapping[str, pd.DataFrame], items: pd.Index, settings: ReturnSettings | None
) -> Floats:
    """Return what returns take from the margin of a unit sold (docs/replay.md, equation 3a).

    The share of an item is what came back of it over all that was ordered, plainly, over the whole
    history and the replayed weeks: what truly happened. The judge is not spared the future.

    Returns
    -------
    Money a unit, shape (I,); 0 without `returns`.
    """
    back = tables.get("returns")
    if settings is None or back is None or not len(back):
        return np.zeros(len(items))
    came, sold = (_units(table, items) for table in (back, tables["orders"]))
    share = np.where(sold > 0, np.minimum(came / np.maximum(sold, 1.0), 1.0), 0.0)
    about = tables["items"].set_index("item").reindex(items)
    price, unit_cost = (about[name].to_numpy(np.float64) for name in ("price", "unit_cost"))
    resold = settings.customer_return_resold_share * unit_cost
    return np.asarray(share * (price + settings.customer_return_handling - resold))


def _units(table: pd.DataFrame, items: pd.Index) -> Floats:
    units = table.groupby("item")["quantity"].sum()
    return units.reindex(items).fillna(0.0).to_numpy(np.float64)
