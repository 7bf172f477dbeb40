"""Two real sets as tables of the forecast room, and the cells and weeks that are judged.

The rule for both: the last whole weeks are judged one week ahead; a cell is judged if it sold in
enough weeks before the first of them, so that nothing of the judged weeks chooses the cells.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

import foreship
from benchmarks.forecast.buyers import new_buyers

__all__ = ["SETS", "WEEKS", "Set", "load"]

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
WEEKS = 8
"""judged weeks"""


@dataclass(frozen=True)
class Set:
    """Tables, the Monday after the last whole week, and which cells count."""

    name: str
    tables: dict[str, pd.DataFrame]
    end: pd.Timestamp
    least: int
    """weeks with a sale a cell needs before the judged weeks"""

    def cells(self, end: pd.Timestamp) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
        """Return regions and items of the cells judged in the `WEEKS` weeks before `end`."""
        orders = self.tables["orders"]
        day = orders["date"]
        first = day.min() + pd.Timedelta(days=(7 - day.min().day_of_week) % 7)
        before = orders[(day >= first) & (day < end - pd.Timedelta(weeks=WEEKS))]
        week = before["date"] - pd.to_timedelta(before["date"].dt.day_of_week, unit="D")
        sold = before.assign(week=week).groupby(["region", "item"])["week"].nunique()
        chosen = sold.index[sold >= self.least]
        region, item = (chosen.get_level_values(place).to_numpy(object) for place in (0, 1))
        return region, item


def load(name: str) -> Set:
    """Return one of `SETS`.

    Raises
    ------
    FileNotFoundError
        If the data are not on this machine.
    """
    return SETS[name]()


def _complete_journey() -> Set:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "workspace"
        foreship.sample(folder, source="complete-journey")
        tables = dict(foreship.open(folder).tables)
    # the stock is that of the last Monday: nobody knew it before
    tables.pop("stock")
    return Set("complete-journey", tables, pd.Timestamp("2018-01-01"), 5)


def _online_retail() -> Set:
    """Countries are the regions; the week of 5 December 2011 is cut short and left out."""
    lines = pd.read_parquet(DATA / "online_retail" / "orders.parquet")
    items = pd.read_parquet(DATA / "online_retail" / "items.parquet")
    lines["date"] = lines["date"].dt.normalize()
    tables = {
        "orders": lines[["date", "region", "item", "quantity"]],
        "items": items[["item"]],
        "buyers": new_buyers(lines),
    }
    return Set("online_retail", tables, pd.Timestamp("2011-12-05"), 3)


SETS: dict[str, Callable[[], Set]] = {
    "complete-journey": _complete_journey,
    "online_retail": _online_retail,
}
