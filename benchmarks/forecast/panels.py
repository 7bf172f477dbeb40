"""A set's judged cells as a matrix of units a week: what truly was sold, read from its orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.forecast.classifier import Series, classifier_chances
from benchmarks.forecast.sets import WEEKS, Set
from foreship_foundation.arrays import Floats

__all__ = ["JudgedPanel", "judged_by_classifier"]


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
        weeks = _whole_weeks(data.tables["orders"], data.end)
        sold = _sold(data.tables["orders"], weeks)
        cells = pd.MultiIndex.from_arrays(data.cells(data.end), names=["region", "item"])
        units = sold.reindex(index=cells).fillna(0.0).to_numpy(np.float64)
        return cls(cells, weeks, units)

    @property
    def judged(self) -> pd.DatetimeIndex:
        """The weeks that judge."""
        return self.weeks[-WEEKS:]


def judged_by_classifier(
    orders: pd.DataFrame, end: pd.Timestamp, cells: pd.MultiIndex
) -> tuple[Floats, Floats]:
    """Return the plain classifier's p_1 one week ahead and the units that came.

    It learns from every cell that sold before `end`; a week in which nobody ordered anything is
    unknown to it, since nothing could be sold.

    Returns
    -------
    tuple of arrays
        Of the last `WEEKS` weeks before `end` of `cells`, shape (C, WEEKS) each.
    """
    sold = _sold(orders, _whole_weeks(orders, end))
    region, item = (pd.factorize(sold.index.get_level_values(each))[0] for each in (0, 1))
    units = sold.to_numpy(np.float64, copy=True)
    units[:, ~units.any(axis=0)] = np.nan
    last = units.shape[1] - 1
    said = classifier_chances(Series(units, region, item), range(last - WEEKS, last), 1)
    place = sold.index.get_indexer(cells)
    if (place < 0).any():
        raise ValueError(f"{(place < 0).sum()} cells never sold before {end:%Y-%m-%d}")
    return said[:, place].T, units[place, -WEEKS:]


def _whole_weeks(orders: pd.DataFrame, end: pd.Timestamp) -> pd.DatetimeIndex:
    """Return the Mondays of the whole weeks before `end`."""
    earliest = orders["date"].min()
    first = earliest + pd.Timedelta(days=(7 - earliest.day_of_week) % 7)
    return pd.date_range(first, end - pd.Timedelta(weeks=1), freq="7D")


def _sold(orders: pd.DataFrame, weeks: pd.DatetimeIndex) -> pd.DataFrame:
    """Return units by (region, item) and week, of cells with any."""
    monday = orders["date"] - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
    inside = monday.isin(weeks)
    sold = (
        orders[inside]
        .assign(week=monday[inside])
        .pivot_table("quantity", ["region", "item"], "week", aggfunc="sum", observed=True)
    )
    return sold.reindex(columns=weeks).fillna(0.0)
