"""What units of the next plans cost to land in each cell, and on which days they come.

Equation 7 of docs/value.md, over the whole calendar of lanes: a lane that rests on one Monday, or
is dear on it, is neither closed nor dear for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.tables.declaration import NEVER

__all__ = ["MOST_PLANS", "AheadPrices", "NextPlans", "Period"]


MOST_PLANS = 156
"""Plans ahead that are looked at; the state of lanes then goes on for ever."""


@dataclass(frozen=True)
class AheadPrices:
    """What later plans pay for scarce room, by plan; later plans than these pay nothing.

    Plan 0 is this one, whose own limits have their own prices: its rows are not read.
    """

    lanes: Floats
    """[money a volume], shape (plans, rows of `network.lanes`)"""
    picking: Floats
    """[money a unit], shape (plans, hubs)"""
    receiving: Floats
    """[money a unit], shape (plans, regions)"""
    storage: Floats
    """[money a volume] of what lies there from that plan to the next, shape (plans, regions)"""

    @property
    def stores(self) -> bool:
        """Whether what lies there pays for scarce storage in some later plan."""
        return bool(self.storage[1:].any())

    @property
    def plans_of_change(self) -> list[int]:
        """Plans, 1 or later, that pay otherwise than the one before; after the last none pays."""
        rows = np.hstack([self.lanes, self.picking, self.receiving, self.storage])
        rows = np.vstack([0.0 * rows[:1], rows[1:], 0.0 * rows[:1]])
        changed = np.any(rows[1:] != rows[:-1], axis=1)
        return [plan for plan in (np.flatnonzero(changed) + 1).tolist() if plan >= 1]

    def dearer(self, plan: int, lane: Ints, hub: int, region: Ints, volume: Floats) -> Floats:
        """Equation 33: what a unit of that plan pays for scarce room, by its lane and ends."""
        if plan >= len(self.lanes):
            return np.zeros(len(lane))
        by_volume = self.lanes[plan][lane] * volume
        return np.asarray(by_volume + self.picking[plan, hub] + self.receiving[plan][region])

    def lying(self, plan: int, region: Ints, volume: Floats) -> Floats:
        """Equation 33a: what a unit pays that lies in a region from that plan to the next."""
        if plan >= len(self.storage):
            return np.zeros(len(region))
        return np.asarray(self.storage[plan][region] * volume)


@dataclass(frozen=True)
class Period:
    """A run of plans that find the same lanes open."""

    plan: int
    """first plan of the run: 1 is the next one"""
    landed: Floats
    """cheapest landed cost of a unit, by cell [money]; inf where none can come"""
    lead_days: Ints
    """days until the earliest of its units arrive, by cell; NEVER where none can"""
    lying: Floats
    """what a unit pays for storage from a plan of the run to the next, by cell [money]"""

    def rows(self, index: Ints) -> Period:
        """Return the same run for some of the cells."""
        mine = self.landed[index], self.lead_days[index], self.lying[index]
        return Period(self.plan, *mine)


@dataclass(frozen=True)
class NextPlans:
    """The plans after this one, `review_weeks` apart, and what they may send.

    **Invariants:** at least one period; the first begins with plan 1, and the last never ends.
    """

    periods: Sequence[Period]
    review_weeks: int
    ahead: AheadPrices | None = None
    """what these plans pay for scarce room, of which `periods` know; None: nothing is scarce"""

    @property
    def every(self) -> int:
        """Days from one plan to the next."""
        return 7 * self.review_weeks

    @property
    def steady(self) -> bool:
        """Whether every plan ahead finds the same lanes open."""
        return len(self.periods) == 1

    def rows(self, index: Ints) -> NextPlans:
        """Return the same plans for some of the cells."""
        return replace(self, periods=[period.rows(index) for period in self.periods])

    def landed(self, rows: Ints, plan: Ints) -> Floats:
        """Landed cost of a unit in some cells, each by its own plan (1 is the next), (B,)."""
        cost = self.periods[0].landed[rows]
        for period in self.periods[1:]:
            cost = np.where(plan >= period.plan, period.landed[rows], cost)
        return cost

    def lying(self, rows: Ints, plan: int, plans: int) -> Floats:
        """What units that are kept pay for storage from a plan on through so many, (B,)."""
        paid = np.zeros(len(rows))
        if self.ahead is None or not self.ahead.stores:
            return paid
        for each in range(plan, plan + plans):
            run = [period for period in self.periods if period.plan <= each]
            paid += (run or [self.periods[0]])[-1].lying[rows]
        return paid

    def after(self, rows: Ints, day: Ints) -> tuple[Ints, Ints]:
        """Find the first arrival of a next plan after `day`, one day a cell.

        Returns
        -------
        arrival
            Its day from `as_of`; NEVER where none comes any more.
        plan
            The plan that sends it; 1 where none does.
        """
        arrival = np.full(len(rows), NEVER, dtype=np.int64)
        plan = np.ones(len(rows), dtype=np.int64)
        ends = [period.plan for period in self.periods[1:]] + [NEVER]
        for period, end in zip(self.periods, ends, strict=True):
            lead = period.lead_days[rows]
            first = np.maximum(period.plan, (day - lead) // self.every + 1)
            found = (lead < NEVER) & (first < end)
            comes = np.where(found, first * self.every + np.where(found, lead, 0), NEVER)
            plan = np.where(comes < arrival, first, plan)
            arrival = np.minimum(arrival, comes)
        return arrival, plan
