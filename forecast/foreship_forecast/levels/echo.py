"""The echo of last year: what an item's forecast missed in the same week a year ago.

A miss of last year that no chance explains is expected again, as far as misses have come again
so far (docs/forecast.md, eq. 57). Relative to what was predicted from as many weeks before, it
holds peaks of a week as well as the seasons that a pace would notice too late.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats

__all__ = ["YEAR", "Recurrence", "certain_part"]

YEAR = 52
REAL = 0.05
"""chance that a week of an item is something of its own"""
REAL_SD = 1.5
"""standard deviation of such a week, in logs"""
NOISE_VARIANCE = 0.03
"""of a week of an item around its pace, in logs, beside the chance of its orders"""
COMES_AGAIN = 0.8
"""share of a miss that comes again a year later, before anything was seen"""
NETWORK_SQUARES, ITEM_SQUARES = 10.0, 2.0
"""squared logs of misses that this is believed as, and the network's share for an item"""


def certain_part(miss: Floats, mass: Floats) -> Floats:
    """Return the part of a log miss that is no accident: its posterior mean, spike and slab.

    Parameters
    ----------
    miss
        log of units over units due.
    mass
        Units due in multiples of their variance over mean: the log's variance is 1 / mass.
    """
    noise = NOISE_VARIANCE + 1.0 / np.maximum(mass, 1e-3)
    whole = noise + REAL_SD**2
    odds = REAL / (1.0 - REAL) * np.sqrt(noise / whole)
    exponent = np.minimum(0.5 * miss * miss * REAL_SD**2 / (noise * whole), 500.0)
    real = odds * np.exp(exponent)
    found: Floats = miss * REAL_SD**2 / whole * real / (1.0 + real)
    return found


@dataclass
class Recurrence:
    """How far last year's misses came again: sums of each item, and what they say."""

    together: Floats
    """sum of last year's miss times this year's, shape (items,)"""
    squares: Floats
    """sum of last year's miss squared, shape (items,)"""

    @classmethod
    def of(cls, items: int) -> Recurrence:
        """Start with nothing seen."""
        return cls(np.zeros(items), np.zeros(items))

    @property
    def share(self) -> Floats:
        """Share of a miss that comes again, of each item, shrunk towards that of all."""
        overall = (self.together.sum() + NETWORK_SQUARES * COMES_AGAIN) / (
            self.squares.sum() + NETWORK_SQUARES
        )
        own = (self.together + ITEM_SQUARES * overall) / (self.squares + ITEM_SQUARES)
        found: Floats = np.clip(own, 0.0, 1.0)
        return found

    def update(self, last_year: Floats, now: Floats) -> None:
        """Take in a week: what was missed a year ago and now, shape (items,), 0 where unknown."""
        self.together += last_year * now
        self.squares += last_year * last_year
