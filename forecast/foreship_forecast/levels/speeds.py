"""Groups followed at several speeds at once: the one that predicted best lately is believed most.

Each candidate is an exponentially weighted ratio of units to units due, a gamma-Poisson filter
with discounting; two of them go on along their trend. Weights are those of dynamic model
averaging (docs/forecast.md, eqs. 54-56).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Floats

__all__ = ["ITEM_PRIOR", "NETWORK_PRIOR", "REGION_PRIOR", "SHARES", "Speeds"]

SHARES = np.array([0.02, 0.06, 0.15, 0.35, 0.7, 0.9, 0.15, 0.35])
"""weight of the newest week in each candidate"""
TRENDS = np.array([False, False, False, False, False, False, True, True])
"""candidates that go on along their trend"""
ITEM_PRIOR = np.array([0.27, 0.26, 0.17, 0.08, 0.04, 0.03, 0.09, 0.06])
"""chance, before anything was seen, that a candidate predicts an item best"""
REGION_PRIOR = np.array([0.40, 0.28, 0.14, 0.04, 0.01, 0.01, 0.08, 0.04])
"""the same of all items of a region"""
NETWORK_PRIOR = np.array([0.40, 0.28, 0.12, 0.03, 0.01, 0.01, 0.10, 0.05])
"""the same of all items together"""
FADED = SHARES / (1.0 - SHARES)
"""steps that a smoothing lags behind"""
DAMPING = 0.85
"""share of a trend that goes on a week later"""
STEEPEST = 1.0
"""largest distance of the two smoothings of a trend, in logs"""
KNOWING = 1.0
"""units due below which a candidate knows less than the slowest"""
SLOWEST = np.arange(len(SHARES)) == 0
LEAST = 1e-6


@dataclass
class Speeds:
    """State of G groups at V speeds; `update` moves it on a week."""

    above: Floats
    """discounted units, shape (G, V)"""
    below: Floats
    """discounted units due, shape (G, V)"""
    smooth: Floats
    """second smoothing of the log level of trends, shape (G, V)"""
    evidence: Floats
    """discounted log likelihood against the best candidate, shape (G, V)"""
    prior: Floats
    """shape (V,)"""
    forgetting: float
    """share of last week's evidence that is kept"""
    setback: float
    """log likelihood by which a candidate may fall behind: from there it can still come back"""
    anchor: Floats
    """level of groups of which hardly a unit was due, shape (G,)"""

    @classmethod
    def of(
        cls, level: Floats, weight: float, prior: Floats, forgetting: float, setback: float
    ) -> Speeds:
        """Start every group at its level, believed as `weight` units due are."""
        shape = len(level), len(SHARES)
        below = np.full(shape, weight)
        smooth = np.repeat(np.log(np.maximum(level, LEAST))[:, None], len(SHARES), axis=1)
        above, anchor = below * level[:, None], np.maximum(level, LEAST)
        return cls(above, below, smooth, np.zeros(shape), prior, forgetting, setback, anchor)

    def restart(self, groups: Bools, level: Floats, weight: float) -> None:
        """Start some groups again at a level, shape (G,); only theirs are read."""
        self.anchor = np.where(groups, np.maximum(level, LEAST), self.anchor)
        self.below[groups] = weight
        self.above[groups] = weight * level[groups, None]
        self.smooth[groups] = np.log(np.maximum(level[groups, None], LEAST))

    @property
    def weights(self) -> Floats:
        """How much each candidate is believed, shape (G, V); rows add up to 1 (eq. 55)."""
        raised = self.prior * np.exp(self.evidence)
        weights: Floats = raised / raised.sum(axis=1, keepdims=True)
        return weights

    def level(self, horizon: int = 1) -> Floats:
        """Return the believed level of the week `horizon` ahead, shape (G,) (eq. 56)."""
        found: Floats = np.exp((self.weights * self._log_levels(horizon)).sum(axis=1))
        return found

    def levels(self, horizons: int) -> Floats:
        """Return the believed levels of the weeks 1 .. `horizons` ahead, shape (horizons, G).

        A trend's part is linear in how far it goes on: one sum over candidates does for all weeks.
        """
        level, weights = self._smoothed_once(), self.weights
        going = np.where(TRENDS, weights * np.clip(level - self.smooth, -STEEPEST, STEEPEST), 0.0)
        far = np.cumsum(DAMPING ** np.arange(1, horizons + 1))[:, None]
        plain = (weights * level).sum(axis=1) + going.sum(axis=1)
        found: Floats = np.exp(plain + far * (going * FADED).sum(axis=1))
        return found

    def slowest(self) -> Floats:
        """Return what the slowest candidate says, mixed with some units at the anchor, (G,)."""
        found: Floats = (self.above[:, 0] + KNOWING) / (self.below[:, 0] + KNOWING / self.anchor)
        return found

    def _log_levels(self, horizon: int = 1) -> Floats:
        """Return the log of what every candidate says of the week `horizon` ahead (eq. 54)."""
        level = self._smoothed_once()
        steep = np.clip(level - self.smooth, -STEEPEST, STEEPEST)
        ahead = (DAMPING ** np.arange(1, horizon + 1)).sum()
        reach = 1.0 + FADED * ahead
        return np.where(TRENDS, level + steep * reach, level)

    def _smoothed_once(self) -> Floats:
        """Return the log of every candidate's ratio, mixed with some units at the slowest one's.

        A candidate that has hardly seen a unit due knows nothing: weeks without a sale are usual
        then, and no level falls for them without bound.
        """
        slow = self.slowest()[:, None]
        above, below = self.above + KNOWING, self.below + KNOWING / slow
        return np.where(SLOWEST, np.log(slow), np.log(above / below))

    def update(self, units: Floats, due: Floats, spread: float, seen: Bools) -> None:
        """Take in a week.

        Parameters
        ----------
        units
            What came, scaled to a variance near its mean and cut where beyond reason, shape (G,).
        due
            What a level of 1 would have brought, on the same scale, shape (G,).
        spread
            Dispersion r of a week around its mean.
        seen
            Groups of which anything could be seen; others keep their state.
        """
        said = np.maximum(np.exp(self._log_levels()) * due[:, None], LEAST)
        came, here = units[:, None], seen[:, None]
        likelihood = came * np.log(said) - (came + spread) * np.log(said + spread)
        fresh = self.forgetting * self.evidence + likelihood
        fresh -= fresh.max(axis=1, keepdims=True)
        self.evidence = np.where(here, np.maximum(fresh, -self.setback), self.evidence)
        self.above = np.where(here, (1.0 - SHARES) * self.above + came, self.above)
        self.below = np.where(here, (1.0 - SHARES) * self.below + due[:, None], self.below)
        moved = self.smooth + SHARES * (self._smoothed_once() - self.smooth)
        self.smooth = np.where(here, moved, self.smooth)
