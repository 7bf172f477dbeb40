"""When the rows of `lanes` leave and arrive: named weekdays, closed docks and limits by the day.

Equation P28 of docs/program.md: a row is one departure or several, and each of them is a lane.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from itertools import pairwise

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_optimize.network.transport.next_plans import MOST_PLANS

__all__ = ["DepartureRows", "Timetable", "departure_rows"]


@dataclass(frozen=True)
class Timetable:
    """What decides when a row leaves and arrives."""

    weekdays: tuple[int, ...]
    """weekdays it leaves on, Monday 0; none: any"""
    by_day: bool
    """whether an end has a limit a day, so that units may have to wait for another day"""
    lead_days: int
    closed_origin: frozenset[int]
    """days from `as_of` on which nothing leaves"""
    closed_destination: frozenset[int]
    """days from `as_of` on which nothing is taken in"""

    def on(self, monday: int, every: int, weekday: int) -> list[tuple[int, int]]:
        """Departures of the plan of one day: days to leaving, and to arrival, from that day.

        Parameters
        ----------
        monday
            Day of the plan from `as_of`.
        every
            Days from one plan to the next.
        weekday
            Weekday of the plan, Monday 0.
        """
        named = self.weekdays or range(7)
        days = [day for day in range(every) if (weekday + day) % 7 in named]
        days = [day for day in days if monday + day not in self.closed_origin]
        if not self.weekdays and not self.by_day:
            days = days[:1]  # without limits by the day waiting never helps
        return [(day, self._arrival(monday + day) - monday) for day in days]

    def _arrival(self, leaves: int) -> int:
        """Day on which what leaves on a day is taken in: the dock's next working day."""
        day = leaves + self.lead_days
        while day in self.closed_destination:
            day += 1
        return day

    def usual(self) -> Timetable:
        """Return the same without any closed day."""
        return replace(self, closed_origin=frozenset(), closed_destination=frozenset())

    def touched(self, every: int) -> list[int]:
        """Days of the plans whose departures closed days may change, ascending."""
        leaving = {day // every for day in self.closed_origin}
        arriving = {
            plan
            for day in self.closed_destination
            for plan in range((day - self.lead_days - every + 1) // every,
                              (day - self.lead_days) // every + 1)
        }  # fmt: skip
        plans = sorted(leaving | arriving)
        return [every * plan for plan in plans if 0 <= plan <= MOST_PLANS]


@dataclass(frozen=True)
class DepartureRows:
    """Departures of rows of `lanes`, shape (D,), sorted by (row, days to leaving, first day)."""

    source_row: Ints
    """position of the row"""
    offset: Ints
    """days from the day of its plan on which it leaves"""
    lead_days: Ints
    """days from the day of its plan to arrival"""
    first_day: Ints
    """first day of a plan that it is a departure of, from `as_of`"""
    last_day: Ints
    """last one"""

    def not_over(self) -> DepartureRows:
        """Return those of this plan or later ones."""
        return self.at(np.flatnonzero(self.last_day >= 0))

    def at(self, places: Ints) -> DepartureRows:
        """Return some of them, in the order of their places."""
        return DepartureRows(*(getattr(self, each.name)[places] for each in fields(self)))


def departure_rows(
    tables: Iterable[Timetable], first_day: Ints, last_day: Ints, weekday: int, review_weeks: int
) -> DepartureRows:
    """Write down every departure of every row, and the plans it belongs to.

    Parameters
    ----------
    tables
        Timetable of each row.
    first_day, last_day
        Days from `as_of` between which each row runs: a departure leaves on one of them.
    weekday
        Weekday of `as_of`, Monday 0.
    """
    every = 7 * review_weeks
    rows: dict[Timetable, list[int]] = {}
    for row, table in enumerate(tables):
        rows.setdefault(table, []).append(row)
    none = np.empty(0, dtype=np.int64)
    found: list[list[Ints]] = [[none] * 5]
    for table, mine in rows.items():
        at = np.array(mine, dtype=np.int64)
        for offset, lead, begin, end in _runs(table, every, weekday):
            first, last = _moved(first_day[at], -offset), _moved(last_day[at], -offset)
            low, high = np.maximum(first, begin), np.minimum(last, end)
            left = low <= high
            size = int(left.sum())
            same = (np.full(size, value, dtype=np.int64) for value in (offset, lead))
            found.append([at[left], *same, low[left], high[left]])
    every_one = DepartureRows(*(np.concatenate(column) for column in zip(*found, strict=True)))
    return every_one.at(np.lexsort((every_one.first_day, every_one.offset, every_one.source_row)))


def _runs(table: Timetable, every: int, weekday: int) -> list[tuple[int, int, int, int]]:
    """Departures of a timetable: days to leaving and to arrival, first and last day of its plans.

    A plan whose departures closed days change has its own; the others share the usual ones.
    """
    usual = table.usual().on(0, every, weekday)
    own = {monday: table.on(monday, every, weekday) for monday in table.touched(every)}
    own = {monday: leaves for monday, leaves in own.items() if leaves != usual}
    edges = [-NEVER, *(edge for monday in own for edge in (monday - 1, monday + every)), NEVER]
    spans = [span for span in list(pairwise(edges))[::2] if span[0] <= span[1]]
    found = [(*leaves, *span) for leaves in usual for span in spans]
    found += [
        (*each, monday, monday + every - 1) for monday, leaves in own.items() for each in leaves
    ]
    return found


def _moved(days: Ints, by: int) -> Ints:
    """Move days, but neither of those that stand for always."""
    return np.where(np.abs(days) < NEVER, days + by, days)
