"""Customers' returns in words: what share comes back, and what that is assumed to cost."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from foreship_foundation.telling.words import percent, plural
from foreship_optimize.customer_returns import units_by_item

__all__ = ["return_notes"]


def return_notes(
    tables: Mapping[str, pd.DataFrame],
    as_of: pd.Timestamp,
    handling: float,
    resold_share: float,
) -> tuple[str, ...]:
    """Say what share comes back and what that is assumed to cost; nothing without returns."""
    back, sold = (units_by_item(tables.get(name), as_of).sum() for name in ("returns", "orders"))
    if not back:
        return ()
    words = f"{plural(back, 'unit')} came back of {sold:,.0f} ordered before {as_of.date()}"
    cost = (
        f"handling costs {handling:,.2f} a unit, {percent(resold_share)} of them go back to stock"
    )
    return (f"customer returns: {words}; {cost}, the rest is written off at its unit cost",)
