"""What events, promotions and prices that are known ahead do to demand, learned week by week.

A log-linear effect on every cell, the same in all of them: items and regions that never had a
promotion take what others had. The boosters learn what is special (docs/forecast.md, eq. 58).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_forecast.history.sweeps import by_week, carried, rolling_sum
from foreship_foundation.arrays import Floats, Ints, Numbers, Singles
from foreship_foundation.blocks import stretches

__all__ = ["KnownAhead", "Learner"]

PRICE_WEEKS = 26
BLOCK_VALUES = 400_000
"""cell-weeks swept at a time; bounds memory, never changes a value"""
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
    promotion: Numbers | None
    """shape (C, V)"""
    price: Singles | None
    """stated price, NaN where there is none, shape (C, V)"""
    region: Ints
    """region of each cell, shape (C,)"""

    usual: Singles | None = None
    """log of each cell's usual price at the end of every week; worked out unless it is given"""

    def __post_init__(self) -> None:
        if self.usual is None and self.price is not None:
            object.__setattr__(self, "usual", _usual_log_price(self.price))

    def part(self, cells: Ints, planned: tuple[Numbers | None, Singles | None]) -> KnownAhead:
        """Return what is known of some cells, whose promotions and prices are given."""
        usual = None if self.usual is None else self.usual[cells]
        return KnownAhead(self.event, *planned, self.region[cells], usual)

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
            some = np.flatnonzero(np.logical_or.reduce(self.event)[self.region[cell], target])
            for place, event in enumerate(self.event):
                found[some, place] = event[self.region[cell[some]], target[some]]
        place = len(self.event)
        if self.promotion is not None:
            found[:, place] = self.promotion[cell, target]
            place += 1
        if self.price is not None and self.usual is not None:
            planned = self.price[cell, target]
            some = np.flatnonzero(~np.isnan(planned))
            usual = self.usual[cell[some], origin[some]]
            with np.errstate(divide="ignore"):
                change = np.log(planned[some].astype(np.float64)) - usual
            change = np.where(np.isfinite(change), change, 0.0)
            found[some, place] = np.clip(change, -LARGEST_PRICE_CHANGE, LARGEST_PRICE_CHANGE)
        return found

    def told(self, cell: Ints, target: Ints) -> Ints:
        """Return the rows of which anything may be known: columns of all others are nought."""
        any_of = np.zeros(len(cell), dtype=bool)
        if self.event:
            any_of |= np.logical_or.reduce(self.event)[self.region[cell], target]
        if self.promotion is not None:
            any_of |= self.promotion[cell, target] != 0
        if self.price is not None:
            any_of |= ~np.isnan(self.price[cell, target])
        return np.flatnonzero(any_of)


def _usual_log_price(price: Singles) -> Singles:
    """Return the log of the mean price stated in the latest weeks, or of the last one before."""
    found = np.empty_like(price)
    for some in stretches(len(price), max(1, BLOCK_VALUES // price.shape[1])):
        here = by_week(price[some])
        stated = ~np.isnan(here)
        above = rolling_sum(np.where(stated, here, 0.0), PRICE_WEEKS)
        below = rolling_sum(stated, PRICE_WEEKS)
        mean = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[some] = np.log(carried(mean))
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
