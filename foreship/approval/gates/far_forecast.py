"""A forecast that is far from what was sold lately, in all, in a region or in a category."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from foreship.approval.gates.seen import Seen
from foreship_foundation.telling.words import listed, number, plural

__all__ = ["far_forecast"]

LEAST_UNITS: Final = 50
"""units in those weeks, sold or expected, below which chance alone may double them"""
SHOWN: Final = 3


def far_forecast(seen: Seen) -> Iterator[str]:
    """Say where expected demand of a week is far from mean sales of the last weeks.

    Only cells that the plan knows demand of are compared: what is no longer offered is not missed.
    """
    if not seen.weeks_sold:
        return
    cells = _cells(seen)
    cells["category"] = cells["item"].map(seen.categories).fillna("")
    yield from _far(seen, cells.assign(all="all"), "all", "")
    yield from _far(seen, cells, "region", "region ")
    yield from _far(seen, cells[cells["category"] != ""], "category", "category ")


def _cells(seen: Seen) -> pd.DataFrame:
    """Return `region, item, mean, sold` by cell, both in units a week."""
    keys = ["region", "item"]
    cells = seen.demand.merge(seen.sold, how="left", on=keys)
    cells["sold"] = cells["units"].fillna(0.0) / seen.weeks_sold
    return cells[[*keys, "mean", "sold"]]


def _far(seen: Seen, cells: pd.DataFrame, group: str, word: str) -> Iterator[str]:
    ratio = seen.settings.forecast_ratio
    by = cells.groupby(group, sort=True)[["mean", "sold"]].sum()
    larger, smaller = by.max(axis=1), by.min(axis=1)
    known = larger * seen.weeks_sold >= LEAST_UNITS
    far = by[known & (larger > ratio * smaller)]
    if far.empty:
        return
    off = (far["mean"] - far["sold"]).abs().sort_values(ascending=False, kind="stable")
    rows = far.loc[off.index, ["mean", "sold"]].itertuples(name=None)
    told = [f"{word}{name} {mean:,.1f} for {sold:,.1f}" for name, mean, sold in rows]
    weeks = f"the mean of the last {plural(seen.weeks_sold, 'week')} with sales"
    yield (
        f"units expected a week are far from {weeks} (gates.forecast_ratio = {number(ratio)}): "
        f"{listed(told, SHOWN)}"
    )
