"""What was wanted in weeks sold out: their expectation, given that at least the units ordered were.

Histories count a censored week with it: the units ordered are only the least that was wanted, and
levels built on them come out too low (docs/forecast.md, section 1).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from foreship_forecast.counts.law import mean_from
from foreship_foundation.arrays import Bools, Floats, Ints, Singles

__all__ = ["expected_units"]

SHARE: Final = 0.1
"""weight of the newest week in a cell's running mean"""
PRIOR_WEEKS: Final = 2.0
"""weeks of the item's running mean that a cell's own is mixed with"""
PRIOR_UNITS: Final = 20.0
"""units' worth of a Poisson law's variance that an item's own is mixed with"""
LOWEST_MEAN: Final = 0.01
DISPERSIONS: Final = (0.02, 1e4)


def expected_units(
    units: npt.NDArray[np.int32], known: Bools, censored: Bools, item: Ints
) -> Singles:
    """Return the units of each cell and week, of censored weeks what is expected by eq. 45.

    Parameters
    ----------
    units
        Units ordered, of a censored week the least that was wanted, shape (C, W).
    known, censored
        Where they are all that was wanted, and where no more than a bound, shape (C, W).
    item
        Position of each cell's item, shape (C,).

    Notes
    -----
    Column t uses columns <= t only: a running law of each cell, of all weeks before, says what the
    bound of week t stands for, and goes on with that.
    """
    found = units.astype(np.float32)
    # items tell each other nothing: those without a censored week may be left out
    items, at = np.unique(item[censored.any(axis=1)], return_inverse=True)
    if not len(at):
        return found
    cells = np.flatnonzero(np.isin(item, items))
    law = _RunningLaw(np.searchsorted(items, item[cells]), len(items))
    for week in range(units.shape[1]):
        ordered = units[cells, week].astype(np.float64)
        bound = np.flatnonzero(censored[cells, week])
        ordered[bound] = law.beyond(ordered[bound], bound)
        found[cells[bound], week] = ordered[bound]
        law.see(ordered, known[cells, week], known[cells, week] | censored[cells, week])
    return found


class _RunningLaw:
    """Negative binomials of the weeks seen so far: a mean a cell, an excess of variance an item."""

    def __init__(self, item: Ints, items: int) -> None:
        self.item, self.items = item, items
        self.above, self.below = np.zeros(len(item)), np.zeros(len(item))
        self.total, self.weeks = np.zeros(items), np.zeros(items)
        self.squares, self.means = np.zeros(items), np.zeros(items)

    def mean(self) -> Floats:
        """Return the running mean of each cell, leaning on its item's, shape (n,)."""
        item = self.total / np.maximum(self.weeks, 1.0)
        prior = SHARE * PRIOR_WEEKS
        mean: Floats = (self.above + prior * item[self.item]) / (self.below + prior)
        return np.maximum(mean, LOWEST_MEAN)

    def excess(self) -> Floats:
        """Return variance over mean of one week ahead, at least 1, of each item."""
        found: Floats = (self.squares + PRIOR_UNITS) / (self.means + PRIOR_UNITS)
        return np.maximum(found, 1.0)

    def beyond(self, least: Floats, cells: Ints) -> Floats:
        """Return eq. 28 of some cells, shape (n,)."""
        if not len(cells):
            return least
        mean, excess = self.mean()[cells], self.excess()[self.item[cells]] - 1.0
        r = np.clip(mean / np.maximum(excess, 1e-9), *DISPERSIONS)
        return mean_from(least, mean, r)

    def see(self, units: Floats, whole: Bools, counted: Bools) -> None:
        """Go on by a week: `units` of `counted` cells, of which the `whole` ones tell variance."""
        judged = whole & (self.weeks[self.item] > 0)
        ahead = np.where(judged, self.mean(), 0.0)
        miss = np.where(judged, units - ahead, 0.0)
        self.squares += np.bincount(self.item, miss * miss, self.items)
        self.means += np.bincount(self.item, ahead, self.items)
        seen = np.where(counted, units, 0.0)
        self.above = (1.0 - SHARE) * self.above + SHARE * seen
        self.below = (1.0 - SHARE) * self.below + SHARE * counted
        self.total += np.bincount(self.item, seen, self.items)
        self.weeks += np.bincount(self.item, counted, self.items)
