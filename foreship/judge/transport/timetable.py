"""When lanes leave and when what they carry arrives: weekdays, and days on which docks rest.

The program has its own reading of the same columns; the two share no code on purpose, only what a
weekday and a closing event are called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from foreship.judge.columns import floats_or
from foreship.judge.transport.lanes import Lanes
from foreship_foundation.arrays import Bools, Days, Ints
from foreship_foundation.working_days import closed_days

__all__ = ["NO_DEPARTURE", "Departing", "Timetable"]

DAY = np.timedelta64(1, "D")
WEEK_DAYS = 7
NO_DEPARTURE = -1
"""in the place of a day: no departure"""


class Departing(NamedTuple):
    """The departures of one plan, sorted by lane and day, shape (D,) each."""

    lane: Ints
    day: Ints
    """on which it leaves, from the Monday of the plan"""
    lands: Ints
    """on which it should arrive, from the Monday of the plan"""


@dataclass(frozen=True)
class Timetable:
    """The departures of all lanes (docs/replay.md, equation 26).

    **Invariants:** days of `closed` ascend.
    """

    lanes: Lanes
    places: int
    """locations in all"""
    closed: Mapping[np.datetime64, Bools]
    """locations whose docks rest, by day; days that are not here are working days everywhere"""
    daily: Bools
    """lanes that leave on every working day where they name none: an end of theirs has a limit a
    day"""
    period: int
    """days from one plan to the next, >= 7"""
    _plans: dict[np.datetime64, Departing] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_tables(
        cls,
        tables: Mapping[str, pd.DataFrame],
        lanes: Lanes,
        locations: pd.Index,
        review_weeks: int = 1,
    ) -> Timetable:
        """Read `calendar`, and which places have a limit a day."""
        limited = {
            place
            for name, key, limit in (
                ("hubs", "hub", "picking_units"),
                ("regions", "region", "receiving_units"),
            )
            for place, units in zip(
                tables[name][key], floats_or(tables[name], limit, np.inf), strict=True
            )
            if np.isfinite(units)
        }
        has_limit = np.array([place in limited for place in locations], dtype=np.bool_)
        return cls(
            lanes=lanes,
            places=len(locations),
            closed=_closed(tables["calendar"], locations) if "calendar" in tables else {},
            daily=np.asarray(has_limit[lanes.origin] | has_limit[lanes.destination]),
            period=WEEK_DAYS * review_weeks,
        )

    def of(self, monday: np.datetime64) -> Departing:
        """Return the departures among which the plan of a Monday may choose."""
        if monday not in self._plans:
            self._plans[monday] = self._read(monday)
        return self._plans[monday]

    def first_arrival(self, monday: np.datetime64) -> Ints:
        """Return each lane's earliest arrival, from the Monday of the plan; NO_DEPARTURE without.

        Shape (lanes,).
        """
        plan = self.of(monday)
        latest = np.iinfo(np.int64).max
        first = np.full(len(self.lanes.origin), latest)
        np.minimum.at(first, plan.lane, plan.lands)
        return np.where(first == latest, NO_DEPARTURE, first)

    def lands_on(self, place: Ints, day: Days) -> Days:
        """Return the first working day of each place from a day on."""
        for rest, shut in self.closed.items():
            day = np.where((day == rest) & shut[place], day + DAY, day)
        return day

    def _read(self, monday: np.datetime64) -> Departing:
        lanes, named = self.lanes, self.lanes.weekdays > 0
        has_left = np.zeros(len(named), dtype=np.bool_)
        nowhere = np.zeros(self.places, dtype=np.bool_)
        found = []
        for offset in range(self.period):
            day = (monday + offset * DAY).astype("datetime64[D]")
            weekday = (int(day.astype(np.int64)) + 3) % WEEK_DAYS  # 1970-01-01 was a Thursday
            shut = self.closed.get(day, nowhere)
            works = ~shut[lanes.origin]
            today = np.where(named, lanes.weekdays >> weekday & 1, self.daily | ~has_left)
            has_left = has_left | works
            lane = np.flatnonzero(works & (today > 0) & lanes.open_on(day))
            due = self.lands_on(lanes.destination[lane], day + lanes.lead_days[lane] * DAY)
            found.append((lane, np.full(len(lane), offset), (due - monday) // DAY))
        lane, leaves, lands = (
            np.concatenate(each).astype(np.int64) for each in zip(*found, strict=True)
        )
        order = np.lexsort((leaves, lane))
        return Departing(lane[order], leaves[order], lands[order])


def _closed(calendar: pd.DataFrame, locations: pd.Index) -> dict[np.datetime64, Bools]:
    by_place = closed_days(calendar, locations)
    shut = [by_place[place] for place in locations]
    every = sorted(set().union(*shut))
    return {day: np.array([day in mine for mine in shut], dtype=np.bool_) for day in every}
