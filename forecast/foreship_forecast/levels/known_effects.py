"""What events, promotions and prices that are known ahead do to demand, learned week by week.

A log-linear effect on every cell, the same in all of them: items and regions that never had a
promotion take what others had. The boosters learn what is special (docs/forecast.md, eq. 58).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foreship_forecast.history.stated_weeks import StatedWeeks
from foreship_foundation.arrays import Bools, Floats, Ints, Singles

__all__ = ["KnownAhead", "Learner"]

PRICE_WEEKS = 26
PRIOR_SD = 1.0
"""standard deviation of an effect, in logs, before anything was seen"""
KEPT = 0.99
"""share of last week's certainty that is kept"""
CELL_SPREAD = 0.5
"""squared coefficient of variation of a cell's week around its level"""
LARGEST = 3.0
"""log of the largest effect, either way"""
STEPS = 4
LARGEST_PRICE_CHANGE = 1.5
"""log of the largest price change, either way, that an effect is read from"""


@dataclass(frozen=True)
class KnownAhead:
    """Columns known of every cell and week, past and coming.

    Events are 1 in a week with any of their days; the price is the log of the stated price over the
    cell's usual one at the origin; a promotion is as stated.
    """

    event: tuple[Floats, ...]
    """whether each event falls in a region's week, shape (regions, V) each"""
    promotion: StatedWeeks | None
    """of C cells over V weeks, 0 where nothing is stated"""
    price: StatedWeeks | None
    """stated price, NaN where there is none"""
    region: Ints
    """region of each cell, shape (C,)"""

    def part(
        self, cells: Ints, planned: tuple[StatedWeeks | None, StatedWeeks | None]
    ) -> KnownAhead:
        """Return what is known of some cells, whose promotions and prices are given."""
        return KnownAhead(self.event, *planned, self.region[cells])

    @property
    def count(self) -> int:
        """Number of columns."""
        return len(self.event) + (self.promotion is not None) + (self.price is not None)

    def columns(self, cell: Ints, origin: Ints, target: Ints) -> Floats:
        """Return what is known at the origin of the target week, shape (N, columns).

        Of most cells and weeks nothing is known: what is not nought is looked up alone.
        """
        found = np.zeros((len(cell), self.count))
        if self.event:
            some = np.flatnonzero(self.any_event[self.region[cell], target])
            for place, event in enumerate(self.event):
                found[some, place] = event[self.region[cell[some]], target[some]]
        place = len(self.event)
        if self.promotion is not None:
            found[:, place] = self.promotion.at(cell, target)
            place += 1
        if self.price is not None:
            planned = self.price.at(cell, target)
            some = np.flatnonzero(~np.isnan(planned))
            usual = _usual_log_price(self.price, cell[some], origin[some])
            with np.errstate(divide="ignore"):
                change = np.log(planned[some].astype(np.float64)) - usual
            change = np.where(np.isfinite(change), change, 0.0)
            found[some, place] = np.clip(change, -LARGEST_PRICE_CHANGE, LARGEST_PRICE_CHANGE)
        return found

    def told(self, cell: Ints, target: Ints) -> Ints:
        """Return the rows of which anything may be known: columns of all others are nought."""
        any_of = np.zeros(len(cell), dtype=bool)
        if self.event:
            any_of |= self.any_event[self.region[cell], target]
        if self.promotion is not None:
            any_of |= self.promotion.at(cell, target) != 0
        if self.price is not None:
            any_of |= ~np.isnan(self.price.at(cell, target))
        return np.flatnonzero(any_of)

    def told_in(self, week: int) -> Ints:
        """Return the cells of which anything may be known of a week, ascending."""
        told = np.zeros(len(self.region), dtype=bool)
        if self.event:
            told |= self.any_event[self.region, week]
        for stated in (self.promotion, self.price):
            if stated is not None:
                told[stated.stated_in(week)] = True
        return np.flatnonzero(told)

    def told_of(self, cells: Ints, weeks: int) -> tuple[Ints, Ints]:
        """Return the weeks, among the first, of which anything may be known of some cells.

        Returns
        -------
        Position among `cells` and week, shape (n,) each, week by week within a cell.
        """
        told = np.zeros((len(cells), weeks), dtype=bool)
        if self.event:
            told |= self.any_event[self.region[cells], :weeks]
        for stated in (self.promotion, self.price):
            if stated is not None:
                own = stated.part(cells)
                past = own.week < weeks
                told[own.cell[past], own.week[past]] = True
        place, week = np.nonzero(told)
        return place, week

    @cached_property
    def any_event(self) -> Bools:
        """Whether any event falls in a region's week, shape (regions, V)."""
        found: Bools = np.logical_or.reduce(self.event)
        return found


def _usual_log_price(price: StatedWeeks, cell: Ints, week: Ints) -> Singles:
    """Return the log of the mean price stated in the latest weeks, or of the last one before."""
    last = price.latest(cell, week)
    # where none was stated lately, the window is that which the last one has just not left
    window = np.where(last >= 0, np.minimum(week, price.week_of(last) + PRICE_WEEKS - 1), week)
    before = price.latest(cell, window - PRICE_WEEKS)
    (above, count), (older, fewer) = price.up_to(last), price.up_to(before)
    weeks = count - fewer
    mean = np.divide(above - older, weeks, out=np.full(len(cell), np.nan), where=weeks > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Singles = np.log(mean).astype(np.float32)
    return found


@dataclass
class Learner:
    """Effects as a normal posterior, moved on by each week's cells."""

    effect: Floats
    """shape (p,)"""
    certainty: Floats
    """inverse of the posterior's covariance, shape (p, p)"""

    @classmethod
    def of(cls, columns: int) -> Learner:
        """Start at no effect."""
        return cls(np.zeros(columns), np.eye(columns) / PRIOR_SD**2)

    def update(self, columns: Floats, units: Floats, plain: Floats, clumps: Floats) -> None:
        """Take in a week: Laplace's approximation around the best effects, by Newton.

        Parameters
        ----------
        columns
            What was known of each cell, shape (N, p).
        units
            What came, cut where beyond reason, shape (N,).
        plain
            What was due without any effect, shape (N,).
        clumps
            Variance over mean of each cell's orders, at least 1, shape (N,).
        """
        told = (columns != 0).any(axis=1) & (plain > 0)
        prior = KEPT * self.certainty + (1.0 - KEPT) * np.eye(len(self.effect)) / PRIOR_SD**2
        if not told.any():
            self.certainty = prior
            return
        x, y, due, clump = columns[told], units[told], plain[told], clumps[told]
        effect, curve = self.effect, prior
        for _step in range(STEPS):
            said = due * np.exp(np.clip(x @ effect, -LARGEST, LARGEST))
            worth = 1.0 / (clump + CELL_SPREAD * said)
            slope = x.T @ ((y - said) * worth) - prior @ (effect - self.effect)
            curve = (x * (said * worth)[:, None]).T @ x + prior
            effect = effect + np.clip(np.linalg.solve(curve, slope), -1.0, 1.0)
        self.effect, self.certainty = np.clip(effect, -LARGEST, LARGEST), curve
