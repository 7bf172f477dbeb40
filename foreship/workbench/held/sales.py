"""What cells sold in the weeks before a plan, read behind from the workspace's own orders.

A run keeps no orders. They are read only while they are still those that it was made from, of the
weeks that a page draws, and never of a cell behind which too few buyers stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from foreship.errors import ForeshipError
from foreship.workbench.held.table_now import table_now
from foreship.workspace.buyers import buyers_read
from foreship_foundation.arrays import Floats, Ints

if TYPE_CHECKING:
    from foreship.config import Config
    from foreship.ingest.tables import TableRead
    from foreship.runs import Run

__all__ = ["PAST_WEEKS", "PastSales", "SoldWeek", "Told"]

PAST_WEEKS: Final = 13
"""weeks before the plan that are shown: a quarter"""
WEEK_DAYS: Final = 7
ORDERS: Final = "orders"
CHANGED: Final = (
    "Sales of single weeks are not shown: the orders have changed since this plan was made."
)
FEW: Final = "Sales of single weeks are not shown: too few buyers stand behind them."
UNREAD: Final = "Sales of single weeks are not shown: the orders cannot be read."


class SoldWeek(NamedTuple):
    """What a cell sold in a week."""

    monday: pd.Timestamp
    units: float


class Told(NamedTuple):
    """The weeks of a cell, or the sentence that says why there are none."""

    weeks: Sequence[SoldWeek] = ()
    why_not: str = ""


@dataclass(frozen=True)
class _Orders:
    """Lines of the weeks shown, (N,) each, and where their cells' names stand."""

    regions: Mapping[str, int]
    items: Mapping[str, int]
    region: Ints
    item: Ints
    week: Ints
    """0: the earliest week shown"""
    units: Floats
    first_week: int
    """the first of them that the orders reach back to"""
    buyers: pd.DataFrame

    def of(self, item: str, region: str) -> Floats:
        """Return the units of each week of a cell, (PAST_WEEKS,)."""
        there, what = self.regions.get(region, -1), self.items.get(item, -1)
        mine = (self.region == there) & (self.item == what)
        sums = np.bincount(self.week[mine], self.units[mine], minlength=PAST_WEEKS)
        return sums.astype(np.float64)

    def buyers_of(self, item: str, region: str) -> int:
        """Return how many have bought in a cell."""
        known = self.buyers
        return int(
            known.loc[(known["region"] == region) & (known["item"] == item), "customers"].sum()
        )


class PastSales:
    """Weekly sales before a run, read by a thread once somebody asks for them.

    Parameters
    ----------
    folder, config
        The workspace as it is now.
    run
        Whose Monday and orders are meant.
    """

    def __init__(self, folder: Path, config: Config, run: Run) -> None:
        self._folder, self._config, self._run = folder, config, run
        self._found: _Orders | None = None
        self._why_not = ""
        self._ended = Event()
        Thread(target=self._read, name="foreship-sales").start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the orders are read, at most so long; tell whether they are."""
        return self._ended.wait(seconds)

    def of(self, item: str, region: str) -> Told:
        """Return what a cell sold week by week, the earliest first; waits for the orders."""
        self.wait()
        found = self._found
        if found is None:
            return Told(why_not=self._why_not)
        least = int(self._run.fact("config").get("privacy", {}).get("min_customers", 1))
        if least > 1 and len(found.buyers) and found.buyers_of(item, region) < least:
            return Told(why_not=FEW)
        first = _first_monday(self._run)
        units = found.of(item, region)
        weeks = [
            SoldWeek(first + pd.Timedelta(weeks=week), float(units[week]))
            for week in range(found.first_week, PAST_WEEKS)
        ]
        return Told(weeks)

    def _read(self) -> None:
        try:
            self._found = self._orders()
            self._why_not = "" if self._found else CHANGED
        except (ForeshipError, OSError, KeyError):
            self._why_not = UNREAD
        finally:
            self._ended.set()

    def _orders(self) -> _Orders | None:
        """Return the orders; None where they are others by now."""
        then = {each["name"]: each for each in self._run.fact("inputs")}.get(ORDERS)
        read = None if then is None else table_now(self._folder, self._config, ORDERS)
        if then is None or read is None or read.sha256 != then["sha256"]:
            return None
        return _shown(read, self._run)


def _first_monday(run: Run) -> pd.Timestamp:
    return pd.Timestamp(run.as_of) - pd.Timedelta(weeks=PAST_WEEKS)


def _shown(read: TableRead, run: Run) -> _Orders:
    """Keep of the orders the weeks that are shown; what came back is no order."""
    days, units = read.parsed["date"].values, read.parsed["quantity"].values
    first = np.datetime64(_first_monday(run), "D")
    week = (days - first).astype("timedelta64[D]").astype(np.int64) // WEEK_DAYS
    mine = (week >= 0) & (week < PAST_WEEKS) & (units > 0)
    earliest = int(week.min()) if len(week) else PAST_WEEKS
    buyers = buyers_read(read)
    known = buyers[buyers["week"] < pd.Timestamp(run.as_of)]
    return _Orders(
        _places(read, "region"),
        _places(read, "item"),
        read.parsed["region"].values[mine],
        read.parsed["item"].values[mine],
        week[mine],
        units[mine].astype(np.float64),
        # the first week may have begun before the first order
        max(earliest + 1, 0) if earliest >= 0 else 0,
        known,
    )


def _places(read: TableRead, column: str) -> dict[str, int]:
    names: Any = read.parsed[column].names
    return {str(name): place for place, name in enumerate(names.to_pylist())}
