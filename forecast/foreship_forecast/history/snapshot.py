"""The only door to history: what was known on the morning of `as_of`.

Orders, returns, availability, signals and counts of buyers stop the day before `as_of`; the
calendar and the price list may look ahead, since both are decided before the weeks they speak of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from foreship_forecast.errors import BeyondAsOf, TableFault
from foreship_forecast.tables import Tables, complete
from foreship_foundation.arrays import Bools
from foreship_foundation.tables.asked_rows import live_rows
from foreship_foundation.tables.contents import content_hash
from foreship_foundation.tables.input_tables import LEAVE_OUT
from foreship_foundation.telling.words import plural

__all__ = ["Snapshot", "known_then"]

_PAST_ONLY = {
    "orders": "date",
    "returns": "date",
    "availability": "week",
    "signals": "week",
    "buyers": "week",
}

NOT_KNOWN_THEN = ("stock", "adjustments")
"""tables of today alone: at an earlier Monday nobody knew what they say"""

SEEN_IN_OTHERS = {"overrides", "hubs"}
"""tables of which nothing is left but what they do to others: orders that are left out, days of the
calendar on which a hub is closed"""

UNLESS_EMPTY = "adjustments"
"""a table that a forecast hangs on only where it has rows"""


def known_then(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """Return the complete tables without those that an earlier Monday did not know."""
    return complete({name: frame for name, frame in tables.items() if name not in NOT_KNOWN_THEN})


def _day(as_of: pd.Timestamp | np.datetime64 | str) -> pd.Timestamp:
    """Return the midnight of a day; raise TableFault where it is none."""
    no_date = TableFault([f"as_of = {as_of!r} is no date; write it as 2026-11-16"])
    try:
        day = pd.Timestamp(as_of)
    except (TypeError, ValueError):
        raise no_date from None
    if pd.isna(day):
        raise no_date
    return day.normalize()


class Snapshot:
    """The tables as they were known at `as_of`.

    **Invariants:** no row of a past-only table dated `as_of` or later is ever held.

    Parameters
    ----------
    tables
        Frames as `foreship_forecast.tables` declares them; only `orders` must be there.
    as_of
        A Monday. Orders dated before it are known.

    Raises
    ------
    TableFault
        If a frame breaks its contract or `as_of` is not a Monday.
    """

    def __init__(
        self, tables: Mapping[str, pd.DataFrame], as_of: pd.Timestamp | np.datetime64 | str
    ) -> None:
        self.as_of = _day(as_of)
        if self.as_of.weekday() != 0:
            monday = self.as_of - pd.Timedelta(days=self.as_of.weekday())
            raise TableFault(
                [f"as_of = {self.as_of.date()} is not a Monday; {monday.date()} is the one before"]
            )
        given: Any = tables
        if not isinstance(given, Mapping):
            kind = type(given).__name__
            raise TableFault([f"tables are frames by name, not a {kind}; give workspace.tables"])
        whole = complete(tables)
        self._tables = {
            name: _before(frame, _PAST_ONLY[name], self.as_of) if name in _PAST_ONLY else frame
            for name, frame in whole.items()
        }
        self.ignored_orders = len(whole["orders"]) - len(self._tables["orders"])
        """order lines dated `as_of` or later, which no part of the forecast sees"""
        left_out = _left_out(self._tables["orders"], whole["overrides"], self.as_of)
        self.left_out_orders = int(left_out.sum())
        """order lines that an override of the planner leaves out of the history"""
        if left_out.any():
            self._tables["orders"] = self._tables["orders"][~left_out].reset_index(drop=True)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, in sentences for the planner."""
        notes = []
        if self.ignored_orders:
            notes.append(
                f"{_lines(self.ignored_orders)} dated {self.as_of.date()} or later"
                " and not known yet: ignored."
            )
        if self.left_out_orders:
            notes.append(f"{_lines(self.left_out_orders)} left out of the history by overrides.")
        return tuple(notes)

    def __getattr__(self, name: str) -> pd.DataFrame:
        tables = self.__dict__.get("_tables", {})
        if name not in tables:
            raise AttributeError(f"a snapshot has no table {name!r}; it has {', '.join(tables)}")
        frame: pd.DataFrame = tables[name]
        return frame

    def before(self, table: str, day: pd.Timestamp | str) -> pd.DataFrame:
        """Return the rows of a past-only table dated before `day`.

        Raises
        ------
        BeyondAsOf
            If `day` lies after `as_of`.
        """
        moment = pd.Timestamp(day)
        if moment > self.as_of:
            raise BeyondAsOf(
                f"{table} before {moment.date()} were asked for, but this snapshot knows"
                f" only what came before {self.as_of.date()}"
            )
        return _before(self._tables[table], _PAST_ONLY[table], moment)

    def contents(self) -> dict[str, str]:
        """Return the content hash of each table, as far as a forecast hangs on it.

        Two snapshots with the same hashes give the same forecast, by the same settings. Of stock it
        reads where there is any, and that only without an assortment.
        """
        stock = self._tables["stock"]
        held = stock[stock["quantity"].to_numpy() > 0][["location", "item"]]
        read = self._tables | {"stock": held if self._tables["assortment"].empty else held[:0]}
        names = sorted(read.keys() - SEEN_IN_OTHERS)
        return {
            name: content_hash(read[name])
            for name in names
            if name != UNLESS_EMPTY or len(read[name])
        }

    def __str__(self) -> str:
        rows = [f"  {name}: {plural(len(frame), 'row')}" for name, frame in self._tables.items()]
        return "\n".join([f"Snapshot as of {self.as_of.date()}", *rows])


def _lines(count: int) -> str:
    return plural(count, "order line is", "order lines are")


def _left_out(orders: pd.DataFrame, overrides: pd.DataFrame, as_of: pd.Timestamp) -> Bools:
    """Tell which orders an override that still holds leaves out, shape (N,)."""
    found = np.zeros(len(orders), dtype=bool)
    holds = live_rows(overrides["expires"], as_of)
    for each in overrides[holds & (overrides["kind"] == LEAVE_OUT)].to_dict("records"):
        here = orders["quantity"].to_numpy() >= each["value"]
        for place in ("region", "item"):
            if each[place]:
                here &= (orders[place] == each[place]).to_numpy(dtype=bool)
        found |= here
    return found


def _before(frame: pd.DataFrame, column: str, moment: pd.Timestamp) -> pd.DataFrame:
    known = frame[column].to_numpy() < moment.to_datetime64()
    return frame if known.all() else frame[known].reset_index(drop=True)
