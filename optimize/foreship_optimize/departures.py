"""When the lanes of a plan leave, and what leaving costs beside its units."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from foreship_foundation.arrays import Floats, Ints

__all__ = ["Departures"]


@dataclass(frozen=True)
class Departures:
    """One row a lane of the problem, each leaving on one day; without rows all leave at once, free.

    A lane without a vehicle or a line to pay for leaves free of charge beside its units.
    """

    day: Ints
    """from `as_of`, shape (L,), as all but `weight_kg`"""
    group: Ints
    """first lane of the same row of `lanes`: they share its capacity"""
    vehicle_cost: Floats
    """of a whole vehicle [money]; 0: none is paid"""
    vehicle_volume: Floats
    """of one vehicle, inf = unlimited"""
    vehicle_kg: Floats
    """load of one vehicle, inf = unlimited"""
    line_cost: Floats
    """of an item line, however many units [money]"""
    sd_days: Floats
    """of the arrival"""
    paid: Floats
    """vehicles decided on; NaN where none is"""
    weight_kg: Floats
    """of one unit, by item of the problem, shape (I,)"""
    number: Ints
    """among the lanes of the same places and days, from 1; 0 where a unit's cost tells them"""
    line_asked: Floats = field(default_factory=lambda: np.empty(0))
    """part of `line_cost` that is asked and not spent (P36) [money]; empty: none"""

    @property
    def line_spent(self) -> Floats:
        """Of an item line, what is truly spent [money]."""
        return self.line_cost - self.line_asked if len(self.line_asked) else self.line_cost

    @classmethod
    def none(cls) -> Departures:
        """Return no rows: every lane leaves at once, and costs what its units cost."""
        days, money = np.empty(0, dtype=np.int64), np.empty(0)
        return cls(days, days, money, money, money, money, money, money, money, days)

    def filled(self, lanes: int, items: int) -> Departures:
        """Return a row for every lane: without rows, all on day 0, each its own group."""
        if len(self.day):
            return self
        free, unlimited = np.zeros(lanes), np.full(lanes, np.inf)
        return Departures(
            day=np.zeros(lanes, dtype=np.int64),
            group=np.arange(lanes),
            vehicle_cost=free,
            vehicle_volume=unlimited,
            vehicle_kg=unlimited,
            line_cost=free,
            sd_days=free,
            paid=np.full(lanes, np.nan),
            weight_kg=np.zeros(items),
            number=np.zeros(lanes, dtype=np.int64),
        )

    @property
    def charged(self) -> bool:
        """Whether a vehicle or a line costs anything: then the plan is solved by `vehicles`."""
        return bool((self.vehicle_cost > 0).any() or (self.line_cost > 0).any())
