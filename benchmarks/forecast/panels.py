"""The two retail sets as the room's tables, with the cells and weeks that are judged.

One week ahead over the last eight whole weeks; cells that sold in at least `least` weeks before
the first of them. What truly was sold is read from the same orders, in whole weeks.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

import foreship
from benchmarks.forecast.buyers import new_buyers
from benchmarks.forecast.record import shared_table

__all__ = ["JUDGED", "SETS", "RetailSet"]

JUDGED = 8
"""weeks judged, the last whole ones"""


@dataclass(frozen=True)
class RetailSet:
    """Tables, and weekly units of the cells that are judged."""

    tables: Mapping[str, pd.DataFrame]
    cells: pd.MultiIndex
    """(region, item), sorted, length C"""
    weeks: pd.DatetimeIndex
    """whole weeks, length W"""
    units: npt.NDArray[np.float64]
    """shape (C, W)"""

    @classmethod
    def of(
        cls, tables: Mapping[str, pd.DataFrame], first: str, as_of: str, least: int
    ) -> RetailSet:
        """Lay orders out by cell and week; keep cells with `least` sale weeks before the judged."""
        weeks = pd.date_range(first, pd.Timestamp(as_of) - pd.Timedelta(weeks=1), freq="7D")
        orders = tables["orders"]
        monday = orders["date"] - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
        wide = orders.assign(week=monday).pivot_table(
            "quantity", ["region", "item"], "week", aggfunc="sum", observed=True
        )
        wide = wide.reindex(columns=weeks).fillna(0.0)
        units = wide.to_numpy(np.float64)
        enough = (units[:, :-JUDGED] > 0).sum(axis=1) >= least
        return cls(tables, wide.index[enough], weeks, units[enough])


def online_retail() -> RetailSet:
    """Return UCI Online Retail I; its first and last weeks are partial and left out."""
    orders = shared_table("online_retail/orders")
    orders = orders.assign(date=orders["date"].dt.normalize())
    tables = {
        "orders": orders[["date", "region", "item", "quantity"]],
        "items": shared_table("online_retail/items")[["item"]],
        "buyers": new_buyers(orders),
    }
    return RetailSet.of(tables, "2010-12-06", "2011-12-05", 3)


def complete_journey() -> RetailSet:
    """Return 60 stores x 1,000 products of the published household panel (simulated, it says)."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "workspace"
        foreship.sample(folder, source="complete-journey")
        tables = dict(foreship.open(folder).tables)
    tables.pop("stock")  # that of the end of the year: at an earlier origin nobody knew it
    return RetailSet.of(tables, "2017-01-02", "2018-01-01", 5)


SETS = {"online_retail": online_retail, "complete-journey": complete_journey}
