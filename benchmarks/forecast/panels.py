"""A set's judged cells as a matrix of units a week: what truly was sold, read from its orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.forecast.sets import WEEKS, Set

__all__ = ["JudgedPanel"]


@dataclass(frozen=True)
class JudgedPanel:
    """Weekly units of the cells that count, over all whole weeks."""

    cells: pd.MultiIndex
    """(region, item), length C"""
    weeks: pd.DatetimeIndex
    """Mondays, the last `WEEKS` of them judged, length W"""
    units: npt.NDArray[np.float64]
    """shape (C, W)"""

    @classmethod
    def of(cls, data: Set) -> JudgedPanel:
        """Lay a set's orders out by cell and week; a first week that starts late is left out."""
        orders = data.tables["orders"]
        monday = orders["date"] - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
        earliest = orders["date"].min()
        first = earliest + pd.Timedelta(days=(7 - earliest.day_of_week) % 7)
        weeks = pd.date_range(first, data.end - pd.Timedelta(weeks=1), freq="7D")
        sold = orders.assign(week=monday).pivot_table(
            "quantity", ["region", "item"], "week", aggfunc="sum", observed=True
        )
        cells = pd.MultiIndex.from_arrays(data.cells(data.end), names=["region", "item"])
        units = sold.reindex(index=cells, columns=weeks).fillna(0.0).to_numpy(np.float64)
        return cls(cells, weeks, units)

    @property
    def judged(self) -> pd.DatetimeIndex:
        """The weeks that judge."""
        return self.weeks[-WEEKS:]
