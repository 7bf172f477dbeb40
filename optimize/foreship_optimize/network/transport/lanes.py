"""Lanes as arrays: every departure of every row of `lanes` that is not over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ids, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_foundation.telling.words import number, plural
from foreship_foundation.working_days import closed_days, weekdays_of
from foreship_optimize.limits import day_in_words
from foreship_optimize.network.transport.codes import codes_of, days_from
from foreship_optimize.network.transport.departures import Timetable, departure_rows
from foreship_optimize.tables import Tables

__all__ = ["Lanes", "closed_docks", "numbers_of", "read_lanes"]

TERMS: Final = ("cost_per_unit", "cost_per_kg", "lead_time_days", "capacity")
MORE_TERMS: Final = {
    "vehicle_cost": 0.0,
    "vehicle_capacity": np.inf,
    "vehicle_kg": np.inf,
    "line_cost": 0.0,
    "lead_time_sd_days": 0.0,
}
"""columns of `lanes` that may be absent, and what a blank stands for"""


@dataclass(frozen=True)
class Lanes:
    """Rows of the `lanes` table not over at `as_of`, sorted by (origin, destination, first day).

    Several rows of one pair that are open on the same day are alternatives. `origin` and
    `destination` are place codes: hubs first, then regions.
    """

    origin: Ints
    destination: Ints
    cost_per_unit: Floats
    cost_per_kg: Floats
    lead_days: Ints
    capacity: Floats
    first_day: Ints
    """first day the lane runs, counted from `as_of`"""
    last_day: Ints
    """last day the lane runs, counted from `as_of`"""
    offset: Ints
    """days from the day of its plan to leaving; `lead_days` counts from that day too"""
    row: Ints
    """number of the row of `lanes` it is a departure of: its departures share its capacity"""
    vehicle_cost: Floats
    """of a whole vehicle on one departure [money]"""
    vehicle_volume: Floats
    """of one vehicle, inf = unlimited"""
    vehicle_kg: Floats
    """load of one vehicle, inf = unlimited"""
    line_cost: Floats
    """of an item on a departure, however many units [money]"""
    sd_days: Floats
    """of the days to arrival"""
    travel_days: Ints
    """days from leaving to the dock, be it open or closed"""
    closed: tuple[frozenset[int], ...]
    """days from `as_of` on which the dock at the destination is closed"""

    def open_on(self, day: int) -> Bools:
        """Tell which lanes the plan of that day may use."""
        return np.asarray((self.first_day <= day) & (day <= self.last_day))

    def carried_by(self, day: int) -> Ints:
        """Lane that carries what is sent on each lane that day; -1 where it is closed.

        Open rows of one pair with the same terms and departures are one row of their capacities
        together: the first of them carries for all, each departure for those of its day.
        """
        carrier = np.full(len(self.origin), -1, dtype=np.int64)
        is_open = np.flatnonzero(self.open_on(day))
        timetable = np.zeros(len(carrier), dtype=np.int64)
        timetable[is_open] = self._timetables(is_open)
        terms = (
            timetable,
            np.where(self.sd_days > 0.0, self.travel_days, 0),
            self.sd_days,
            self.line_cost,
            self.vehicle_kg,
            self.vehicle_volume,
            self.vehicle_cost,
            self.offset,
            self.lead_days,
            self.cost_per_kg,
            self.cost_per_unit,
            self.destination,
            self.origin,
        )
        order = is_open[np.lexsort([column[is_open] for column in terms])]
        other = np.ones(len(order), dtype=bool)
        other[1:] = np.any([column[order[1:]] != column[order[:-1]] for column in terms], axis=0)
        carrier[order] = order[other][np.cumsum(other) - 1]
        return carrier

    def _timetables(self, is_open: Ints) -> Ints:
        """Number the departures of each open lane's row: rows that leave alike have one number."""
        row, behind = np.unique(self.row[is_open], return_inverse=True)
        count = np.bincount(behind, minlength=len(row))
        if count.max(initial=0) <= 1:
            return np.zeros(len(is_open), dtype=np.int64)
        nth = np.arange(len(is_open)) - (np.cumsum(count) - count)[behind]
        days = np.full((len(row), 2, int(count.max())), -1, dtype=np.int64)
        days[behind, 0, nth], days[behind, 1, nth] = self.offset[is_open], self.lead_days[is_open]
        _, number = np.unique(days.reshape(len(row), -1), axis=0, return_inverse=True)
        return np.asarray(number.reshape(-1)[behind], dtype=np.int64)

    def group_on(self, day: int) -> Ints:
        """First lane of those that share a row's capacity that day; -1 where nothing is carried."""
        carrier = self.carried_by(day)
        carries = np.flatnonzero(carrier == np.arange(len(carrier)))
        first = np.full(int(self.row.max(initial=-1)) + 1, -1, dtype=np.int64)
        first[self.row[carries[::-1]]] = carries[::-1]
        group = np.full(len(carrier), -1, dtype=np.int64)
        group[carries] = first[self.row[carries]]
        return group

    def numbers_on(self, day: int) -> Ints:
        """Number from 1 the lanes that leave and arrive with others of their places that day.

        In the order of what they charge (P28a of docs/program.md); 0 where a lane is alone on its
        days, and where no vehicle, line or late arrival keeps the cost of a unit from telling it.
        """
        carries = np.flatnonzero(self.carried_by(day) == np.arange(len(self.origin)))
        order, alike = self._alike(carries)
        charges = (self.vehicle_cost > 0) | (self.line_cost > 0) | (self.sd_days > 0)
        count = np.bincount(alike)
        told = (count > 1) & (np.bincount(alike, charges[order]) > 0)
        nth = np.arange(len(order)) - (np.cumsum(count) - count)[alike] + 1
        number = np.zeros(len(self.origin), dtype=np.int64)
        number[order] = np.where(told[alike], nth, 0)
        return number

    def _alike(self, chosen: Ints) -> tuple[Ints, Ints]:
        """Sort lanes by places and days and then by terms; number the places and days of each."""
        charges = (
            self.sd_days,
            self.line_cost,
            self.vehicle_kg,
            self.vehicle_volume,
            self.vehicle_cost,
            self.cost_per_kg,
            self.cost_per_unit,
        )
        ends = (self.lead_days, self.offset, self.destination, self.origin)
        money, days = [each[chosen] for each in charges], [each[chosen] for each in ends]
        travel, timetable = self.travel_days[chosen], self._timetables(chosen)
        by_term = np.lexsort([travel, timetable, *money, *days])
        other = np.zeros(len(chosen), dtype=np.int64)
        other[1:] = np.any([np.diff(each[by_term]) != 0 for each in days], axis=0)
        return chosen[by_term], np.cumsum(other)

    def room_on(self, day: int) -> Floats:
        """Volume that each lane carries that day, with those that it carries for; 0 of others.

        The departures of a row have its whole volume each, which they share (`group_on`).
        """
        carrier = self.carried_by(day)
        is_open = carrier >= 0
        return np.bincount(carrier[is_open], self.capacity[is_open], len(carrier)).astype(float)

    def told_apart(self, chosen: Ints) -> Ids:
        """Say how each of some lanes differs from the others of its pair; '' where it is alone."""
        pair = np.stack([self.origin[chosen], self.destination[chosen]])
        _, which, count = np.unique(pair, axis=1, return_inverse=True, return_counts=True)
        which = which.reshape(-1)
        waits = np.bincount(which, self.offset[chosen], len(count)) > 0
        words = np.full(len(chosen), "", dtype=object)
        for place in np.flatnonzero(count[which] > 1).tolist():
            lane = chosen[place]
            by_weight, offset = self.cost_per_kg[lane], int(self.offset[lane])
            words[place] = f"{day_in_words(offset)}, " if waits[which[place]] else ""
            words[place] += (
                f"{plural(self.lead_days[lane] - offset, 'day')} at "
                f"{number(self.cost_per_unit[lane])}"
            )
            words[place] += f" and {number(by_weight)} a kg" if by_weight else ""
        return words


def read_lanes(
    tables: Tables, hubs: pd.DataFrame, regions: pd.DataFrame, as_of: pd.Timestamp, weeks: int
) -> Lanes:
    """Departures of the lanes not yet over, sorted by all their rows are; a row without dates runs.

    Equation P28 of docs/program.md.
    """
    ids = np.concatenate([hubs["hub"], regions["region"]]).astype(object)
    lanes = _in_canonical_order(tables["lanes"], ids, as_of)
    first = days_from(as_of, lanes["from"], -NEVER)
    last = days_from(as_of, lanes["to"], NEVER)
    timetables = _timetables(tables, lanes, hubs, regions, as_of)
    found = departure_rows(timetables, first, last, as_of.weekday(), weeks).not_over()
    lanes = lanes.iloc[found.source_row]
    return Lanes(
        origin=codes_of(lanes["origin"], ids),
        destination=codes_of(lanes["destination"], ids),
        cost_per_unit=lanes["cost_per_unit"].to_numpy(np.float64),
        cost_per_kg=lanes["cost_per_kg"].to_numpy(np.float64),
        lead_days=found.lead_days,
        capacity=lanes["capacity"].to_numpy(np.float64),
        first_day=found.first_day,
        last_day=found.last_day,
        offset=found.offset,
        row=found.source_row,
        vehicle_cost=numbers_of(lanes, "vehicle_cost", 0.0),
        vehicle_volume=numbers_of(lanes, "vehicle_capacity", np.inf),
        vehicle_kg=numbers_of(lanes, "vehicle_kg", np.inf),
        line_cost=numbers_of(lanes, "line_cost", 0.0),
        sd_days=numbers_of(lanes, "lead_time_sd_days", 0.0),
        travel_days=lanes["lead_time_days"].to_numpy(np.int64),
        closed=tuple(timetables[row].closed_destination for row in found.source_row.tolist()),
    )


def _in_canonical_order(lanes: pd.DataFrame, ids: Ids, as_of: pd.Timestamp) -> pd.DataFrame:
    """Sort rows by (origin, destination, first day, last day) and then by all that plans read."""
    first = days_from(as_of, lanes["from"], -NEVER)
    last = days_from(as_of, lanes["to"], NEVER)
    numbers = [lanes[name].to_numpy(np.float64) for name in TERMS]
    numbers += [numbers_of(lanes, name, default) for name, default in MORE_TERMS.items()]
    ends = [codes_of(lanes[name], ids) for name in ("destination", "origin")]
    departs = np.array(_texts(lanes, "departs"), dtype=object)
    keys: tuple[Any, ...] = (departs, *numbers[::-1], last, first, *ends)
    return lanes.iloc[np.lexsort(keys)].reset_index(drop=True)


def _timetables(
    tables: Tables,
    lanes: pd.DataFrame,
    hubs: pd.DataFrame,
    regions: pd.DataFrame,
    as_of: pd.Timestamp,
) -> list[Timetable]:
    """Return what decides when each row leaves and arrives."""
    picking = set(hubs["hub"][np.isfinite(numbers_of(hubs, "picking_units", np.inf))])
    receiving = set(regions["region"][np.isfinite(numbers_of(regions, "receiving_units", np.inf))])
    closed = closed_docks(tables, [*hubs["hub"], *regions["region"]], as_of)
    named = {text: weekdays_of(text) for text in set(_texts(lanes, "departs"))}
    never: frozenset[int] = frozenset()
    columns = [lanes[name].tolist() for name in ("origin", "destination", "lead_time_days")]
    return [
        Timetable(
            named[departs],
            origin in picking or destination in receiving,
            int(lead),
            closed.get(origin, never),
            closed.get(destination, never),
        )
        for origin, destination, lead, departs in zip(
            *columns, _texts(lanes, "departs"), strict=True
        )
    ]


def closed_docks(
    tables: Tables, places: list[str], as_of: pd.Timestamp
) -> dict[str, frozenset[int]]:
    """Days from `as_of` on, counted from it, on which the docks of each place are closed."""
    calendar = tables.get("calendar")
    if calendar is None or calendar.empty:
        return {}
    start, counted = np.datetime64(as_of, "D"), dict[frozenset[np.datetime64], frozenset[int]]()
    found = {}
    for place, dates in closed_days(calendar, places).items():
        if dates not in counted:
            days = [int((date.astype("datetime64[D]") - start).astype(int)) for date in dates]
            counted[dates] = frozenset(day for day in days if day >= 0)
        found[place] = counted[dates]
    return found


def numbers_of(frame: pd.DataFrame, name: str, default: float) -> Floats:
    """Return a column that may be absent or blank in part, as floats."""
    if name not in frame.columns:
        return np.full(len(frame), default)
    return frame[name].fillna(default).to_numpy(np.float64)


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    """Return a text column that may be absent, as words."""
    blank = [""] * len(frame)
    return frame[name].fillna("").astype(str).tolist() if name in frame.columns else blank
