"""The `lanes` table in location numbers: what a row costs and carries, and when it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from foreship.judge.columns import days, floats, floats_or, known_positions
from foreship_foundation.arrays import Bools, Days, Floats, Ints
from foreship_foundation.working_days import weekdays_of

__all__ = ["Lanes"]

SORTED_BY = ("origin", "destination", "from", "cost_per_unit", "lead_time_days", "direct_cost")
TIES = ("cost_per_kg", "capacity", "direct_days", "to", "direct_further")
BLANKS = {
    "vehicle_cost": 0.0,
    "vehicle_capacity": np.inf,
    "vehicle_kg": np.inf,
    "line_cost": 0.0,
    "lead_time_sd_days": 0.0,
}
"""columns that a table need not have, and what a blank one says"""


@dataclass(frozen=True)
class Lanes:
    """The `lanes` table in location numbers, a row a lane; open rows of a pair are alternatives."""

    origin: Ints
    destination: Ints
    cost_per_unit: Floats
    cost_per_kg: Floats
    lead_days: Ints
    """from its departure to its arrival"""
    capacity: Floats
    direct_cost: Floats
    direct_further: Floats
    """of each further unit of a parcel"""
    direct_days: Floats
    opens: Days
    closes: Days
    vehicle_cost: Floats
    """of a whole vehicle on one departure [money]"""
    vehicle_volume: Floats
    """that a vehicle carries, inf = all"""
    vehicle_kg: Floats
    """that a vehicle carries, inf = all"""
    line_cost: Floats
    """of an item on a departure, however many units [money]"""
    sd_days: Floats
    """standard deviation of `lead_days`"""
    weekdays: Ints
    """on which it leaves, bit 0 Monday; 0 where none is named"""

    @classmethod
    def from_table(cls, lanes: pd.DataFrame, locations: pd.Index) -> Lanes:
        """Read the table; columns of `BLANKS` and `departs` may be absent."""
        lanes = lanes.assign(
            **{name: floats_or(lanes, name, told) for name, told in BLANKS.items()}
        )
        lanes = lanes.assign(weekdays=_bits(lanes))
        order = [*SORTED_BY, *TIES, *BLANKS, "weekdays"]
        lanes = lanes.sort_values(order, kind="stable")
        return cls(
            origin=known_positions(lanes["origin"], locations, "lanes.origin"),
            destination=known_positions(lanes["destination"], locations, "lanes.destination"),
            cost_per_unit=floats(lanes["cost_per_unit"]),
            cost_per_kg=floats(lanes["cost_per_kg"]),
            lead_days=lanes["lead_time_days"].to_numpy(dtype=np.int64),
            capacity=floats(lanes["capacity"]),
            direct_cost=floats(lanes["direct_cost"]),
            direct_further=floats(lanes["direct_further"]),
            direct_days=floats(lanes["direct_days"]),
            opens=days(lanes["from"]),
            closes=days(lanes["to"]),
            vehicle_cost=floats(lanes["vehicle_cost"]),
            vehicle_volume=floats(lanes["vehicle_capacity"]),
            vehicle_kg=floats(lanes["vehicle_kg"]),
            line_cost=floats(lanes["line_cost"]),
            sd_days=floats(lanes["lead_time_sd_days"]),
            weekdays=lanes["weekdays"].to_numpy(dtype=np.int64),
        )

    def open_on(self, day: np.datetime64) -> Bools:
        """Tell which lanes are open on `day`; `from` and `to` both count as open."""
        early = ~np.isnat(self.opens) & (self.opens > day)
        late = ~np.isnat(self.closes) & (self.closes < day)
        return np.asarray(~(early | late))

    def carried_by(self, used: Bools) -> Ints:
        """Lane that carries what is sent on each of the `used` lanes; -1 for all others.

        Rows of one pair with the same terms are one lane of their capacities together; the first
        of them stands for all.
        """
        rows = np.flatnonzero(used)
        terms = (
            self.origin,
            self.destination,
            self.lead_days,
            self.cost_per_unit,
            self.cost_per_kg,
            self.vehicle_cost,
            self.vehicle_volume,
            self.vehicle_kg,
            self.line_cost,
            self.sd_days,
            self.weekdays,
        )
        told = np.stack([np.asarray(column[rows], dtype=np.float64) for column in terms], axis=1)
        _, first, same = np.unique(told, axis=0, return_index=True, return_inverse=True)
        carrier = np.full(len(self.origin), -1, dtype=np.int64)
        carrier[rows] = rows[first][same.reshape(-1)]
        return carrier

    def room_of(self, used: Bools) -> Floats:
        """Volume that each of the `used` lanes carries, with those it stands for; else 0."""
        carrier = self.carried_by(used)
        room = np.bincount(carrier[used], self.capacity[used], len(carrier))
        return np.asarray(room, dtype=np.float64)

    @cached_property
    def number(self) -> Ints:
        """Number of each lane among those of the same ends and days on the way."""
        key = np.stack([self.origin, self.destination, self.lead_days], axis=1)
        _, group, count = np.unique(key, axis=0, return_inverse=True, return_counts=True)
        order = np.argsort(group.reshape(-1), kind="stable")
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(len(order)) - np.repeat(np.cumsum(count) - count, count)
        return number

    def usual(self, regions: int, weight: Floats) -> Ints:
        """Return the cheapest lane from any hub into each region, shape (regions, items).

        Whatever the day and whatever hubs hold; the first of equal ones, -1 without any.
        """
        shape = (regions, len(weight))
        usual, best = np.full(shape, -1, dtype=np.int64), np.full(shape, np.inf)
        for lane in np.flatnonzero((self.origin >= regions) & (self.destination < regions)):
            at = self.destination[lane]
            cost = self.cost_per_unit[lane] + self.cost_per_kg[lane] * weight
            better = cost < best[at]
            usual[at, better], best[at, better] = lane, cost[better]
        return usual

    @property
    def by_vehicle(self) -> Bools:
        """Tell which lanes state what a vehicle costs or carries."""
        sized = np.isfinite(self.vehicle_volume) | np.isfinite(self.vehicle_kg)
        return np.asarray((self.vehicle_cost > 0) | sized)

    @property
    def charged(self) -> bool:
        """Whether any lane states vehicles or charges item lines."""
        return bool(self.by_vehicle.any() or (self.line_cost > 0).any())


def _bits(lanes: pd.DataFrame) -> Ints:
    """Return the weekdays on which each row leaves, bit 0 Monday; 0 where it names none."""
    if "departs" not in lanes:
        return np.zeros(len(lanes), dtype=np.int64)
    texts = lanes["departs"].fillna("").tolist()
    return np.array([sum(1 << day for day in weekdays_of(text)) for text in texts], dtype=np.int64)
