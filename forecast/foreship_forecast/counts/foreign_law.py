"""Count laws that other forecasters state: by quantiles, or by a mean and the name of a law.

Both give what a sample path needs, the counts of S strata in ascending order: the smallest count
whose probability reaches u = (j + v) / S, as eq. 17 does for the product's own law.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import betainc, gammainc

from foreship_forecast.counts.draws import Draws
from foreship_forecast.counts.sample_paths import SamplePaths, in_drawn_order
from foreship_foundation.arrays import Days, Floats, Ids, Ints
from foreship_foundation.paths.path_units import Units, pieces_of
from foreship_foundation.tables.ranges import LARGEST_WEEK

__all__ = ["ForeignLaw", "MeanLaw", "QuantileLaw", "foreign_paths"]

ROWS_AT_ONCE = 4096
"""rows whose counts are worked out together: bounds memory, never changes the answer"""


class ForeignLaw(Protocol):
    """N count laws, of which sample paths can be drawn."""

    def __len__(self) -> int:
        """Return N."""

    def sorted_counts(self, rows: Ints, start: Floats, scenarios: int) -> Units:
        """Return eq. 17 of some rows at each stratum in ascending order.

        Parameters
        ----------
        rows
            Positions, shape (n,).
        start
            v of each of them, in [0, 1), shape (n,).
        scenarios
            Number of strata S.

        Returns
        -------
        Units, shape (n, S), at most `LARGEST_WEEK`.
        """


@dataclass(frozen=True)
class QuantileLaw:
    """Laws stated by their quantiles at the same L levels: eq. 72.

    **Invariants:** levels ascend strictly inside (0, 1); values are finite, at least 0 and never
    fall along the levels.
    """

    levels: Floats
    """shape (L,), L at least 2"""
    values: Floats
    """units, shape (N, L)"""

    def __len__(self) -> int:
        return len(self.values)

    def sorted_counts(self, rows: Ints, start: Floats, scenarios: int) -> Units:
        """Return eq. 17 with eq. 72's quantiles, rounded down; shape (n, S)."""
        u = (np.arange(scenarios) + start[:, None]) / scenarios
        counts = np.floor(self.at(rows, u))
        return np.minimum(counts, LARGEST_WEEK).astype(np.uint16)

    def at(self, rows: Ints, u: Floats) -> Floats:
        """Return eq. 72 of some rows at probabilities in [0, 1), shape of `u` (n, m)."""
        values = self.values[rows] + 0.5
        points = np.concatenate([np.zeros((len(rows), 1)), values], axis=1)
        levels = np.concatenate([[0.0], self.levels])
        found = np.empty_like(u)
        above = np.searchsorted(levels, u, side="right")
        for j in range(1, len(levels)):
            row, column = np.nonzero(above == j)
            share = (u[row, column] - levels[j - 1]) / (levels[j] - levels[j - 1])
            low, high = points[row, j - 1], points[row, j]
            found[row, column] = low + share * (high - low)
        row, column = np.nonzero(above == len(levels))
        scale = self._tail(points, levels)[row]
        beyond = np.log((1.0 - levels[-1]) / (1.0 - u[row, column]))
        found[row, column] = points[row, -1] + scale * beyond
        # nothing at all is not a half: a row of zeros sells nothing for certain
        return np.where(self.values[rows, -1:] > 0, found, 0.0)

    def _tail(self, points: Floats, levels: Floats) -> Floats:
        """Return units over which the tail falls to 1 / e: by the last two points that differ."""
        last = points[:, -1]
        before = np.maximum((points < last[:, None]).sum(axis=1) - 1, 0)
        rise = last - points[np.arange(len(points)), before]
        scale: Floats = rise / np.log((1.0 - levels[before]) / (1.0 - levels[-1]))
        return scale


@dataclass(frozen=True)
class MeanLaw:
    """Laws stated by their mean: Poisson, or negative binomial of one dispersion (eq. 73).

    **Invariants:** means are finite and at least 0; a dispersion is above 0.
    """

    mean: Floats
    """units, shape (N,)"""
    dispersion: float | None = None
    """r: the variance is mean + mean^2 / r; None: Poisson, the variance is the mean"""

    def __len__(self) -> int:
        return len(self.mean)

    def sorted_counts(self, rows: Ints, start: Floats, scenarios: int) -> Units:
        """Return eq. 17, the smallest count whose probability reaches u; shape (n, S)."""
        u = (np.arange(scenarios) + start[:, None]) / scenarios
        mean = np.repeat(self.mean[rows][:, None], scenarios, axis=1)
        low, high = np.full(u.size, -1, dtype=np.int64), np.zeros(u.size, dtype=np.int64)
        u, mean = u.ravel(), mean.ravel()
        short = np.flatnonzero(self._upto(high, mean) < u)
        while short.size:
            low[short] = high[short]
            high[short] = np.minimum(2 * high[short] + 1, LARGEST_WEEK)
            short = short[high[short] < LARGEST_WEEK]
            short = short[self._upto(high[short], mean[short]) < u[short]]
        # halve what lies between a count that does not reach u and one that does
        while (apart := np.flatnonzero(high - low > 1)).size:
            middle = (low[apart] + high[apart]) // 2
            reaches = self._upto(middle, mean[apart]) >= u[apart]
            high[apart[reaches]] = middle[reaches]
            low[apart[~reaches]] = middle[~reaches]
        return high.reshape(len(rows), scenarios).astype(np.uint16)

    def _upto(self, count: Ints, mean: Floats) -> Floats:
        """Return P(D <= count)."""
        if self.dispersion is None:
            # P(D > count) of Poisson is P(gamma of shape count + 1 < mean)
            return 1.0 - np.asarray(gammainc(count + 1.0, mean), dtype=np.float64)
        odds = mean / (mean + self.dispersion)
        return 1.0 - np.asarray(betainc(count + 1.0, self.dispersion, odds), dtype=np.float64)


def foreign_paths(
    cells: tuple[Ids, Ids], weeks: Days, law: ForeignLaw, draws: Draws
) -> SamplePaths:
    """Draw joint scenarios of laws that somebody else states, with the product's own dependence.

    Parameters
    ----------
    cells
        Region and item, sorted by (region, item), shape (C,) each.
    weeks
        Mondays, shape (H,).
    law
        C x H laws, week by week within a cell.
    draws
        Scores of these cells over these weeks.

    Returns
    -------
    SamplePaths
        Each row's counts are those of its strata, in the order that its scores have.
    """
    count, scenarios = len(weeks), draws.scenarios
    units = np.empty((len(cells[0]), count, scenarios), dtype=np.uint16)
    # item by item, so that an item's own factor is drawn once a block
    order = np.argsort(draws.item_code, kind="stable")
    for piece in pieces_of((len(order), count, 1), ROWS_AT_ONCE):
        some = order[piece]
        rows = (some[:, None] * count + np.arange(count)).ravel()
        counts = law.sorted_counts(rows, draws.start(some), scenarios)
        units[some] = in_drawn_order(counts, draws, some)
    return SamplePaths(cells[0], cells[1], weeks, units)
