"""What the checks of data quality look at: the tables as read, and how a warning is worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from foreship.errors import Fault, Severity
from foreship.ingest.tables import TableRead
from foreship_forecast.params import ForecastParams
from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.params import OptimizeParams

__all__ = ["Evidence", "Lines", "monday", "warning"]

WEEK_DAYS = 7
THURSDAY = 3
"""1970-01-01 was one, three days after its Monday"""


@dataclass(frozen=True)
class Lines:
    """The order lines that are known: each with its place in the table, day, cell and units.

    Days and weeks are counted from 1970, weeks by their Mondays; regions and items are codes.
    Columns are narrow, and where all lines are known those that were read: of very many lines
    nothing is held twice.
    """

    row: Ints
    day: Ints
    region: Ints
    item: Ints
    units: Ints
    price: Floats
    """paid for one unit; NaN where unknown"""

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def week(self) -> Ints:
        """Return the week of each line."""
        return np.asarray((self.day + THURSDAY) // WEEK_DAYS)


@dataclass(frozen=True)
class Evidence:
    """A workspace as read, the Monday of the plan where it is known, and settings."""

    tables: Mapping[str, TableRead]
    as_of: np.datetime64 | None = None
    forecast: ForecastParams = field(default_factory=ForecastParams)
    optimize: OptimizeParams = field(default_factory=OptimizeParams)

    def read(self, table: str, *columns: str) -> TableRead | None:
        """Return a table that could be read and holds these columns, else None."""
        read = self.tables.get(table)
        if read is None or not read.is_sound or not all(name in read.parsed for name in columns):
            return None
        return read

    def values(self, table: str, column: str) -> npt.NDArray[Any]:
        """Return a column's values; blanks are filled with the default that the table declares."""
        return self.tables[table].parsed[column].values

    @cached_property
    def lines(self) -> Lines | None:
        """Return the order lines before `as_of`, None where there are none."""
        read = self.read("orders", "date", "region", "item", "quantity")
        if read is None or not read.rows:
            return None
        parsed = read.parsed
        days = parsed["date"].values.astype("datetime64[D]")
        known = ~np.isnat(days) if self.as_of is None else days < self.as_of
        row: Any = np.flatnonzero(known).astype(np.int32)
        if not len(row):
            return None
        day: Any = days[row].astype(np.int32)
        taken = slice(None) if len(row) == read.rows else row
        price: Floats = np.broadcast_to(np.nan, len(row))
        if "price" in parsed:
            paid = parsed["price"]
            price = np.where(paid.blank[taken], np.nan, paid.values[taken])
        return Lines(
            row=row,
            day=day,
            region=parsed["region"].values[taken],
            item=parsed["item"].values[taken],
            units=parsed["quantity"].values[taken],
            price=price,
        )

    @cached_property
    def today(self) -> np.datetime64 | None:
        """Return `as_of`, or the day after the last order; None where neither is known."""
        if self.as_of is not None or self.lines is None:
            return self.as_of
        return np.datetime64(int(self.lines.day.max()) + 1, "D")

    @cached_property
    def next_monday(self) -> np.datetime64 | None:
        """Return the first Monday from `today` on, that of the plan; None where none is known."""
        if self.today is None:
            return None
        week = (self.today.astype("datetime64[D]").astype(np.int64) + THURSDAY - 1) // WEEK_DAYS
        return monday(int(week) + 1)

    def about_lines(self, which: Bools, column: str, problem: str, remedy: str) -> Fault:
        """Return one warning for some of the order lines."""
        assert self.lines is not None
        read = self.tables["orders"]
        bad = np.zeros(read.rows, dtype=bool)
        bad[self.lines.row[which]] = True
        return warning(read, column, bad, problem, remedy)


def monday(week: int) -> np.datetime64:
    """Return the Monday of a week counted from 1970."""
    return np.datetime64(int(week) * WEEK_DAYS - THURSDAY, "D")


def warning(
    read: TableRead,
    column: str,
    bad: Bools,
    problem: str,
    remedy: str,
    severity: Severity = "warning",
) -> Fault:
    """Return one warning for the rows where `bad`, the first of them with their values."""
    return read.fault(column, bad, problem, remedy, severity)
