"""What a cell's own past says at an origin: sums, maxima and fading means of its counted weeks.

Rows of a cell mostly share their origins, so each is read once for every (cell, origin) pair that
rows ask for. Weeks are swept side by side for a block of cells (docs/forecast.md, section 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foreship_forecast.history.sweeps import by_week, counted_first, ratio, running_sum
from foreship_foundation.arrays import Bools, Floats, Ints, Numbers

__all__ = ["OwnPast"]

WINDOWS = (4, 8, 13, 26, 52)
SHARE_WINDOWS = (2, *WINDOWS, 104)
LINE_WINDOWS = (4, 13, 52)
LINE_SHARES = (0.05, 0.1, 0.3)
LAGS = 6


@dataclass(frozen=True)
class OwnPast:
    """Counted weeks of a block of cells, laid out for P pairs of a cell and an origin.

    A cell's clock ticks in counted weeks: a week sold out or closed is no gap in its columns. Trees
    take a blank in a column that had none while they learned for zero, so that a cell sold out for
    a month would seem to have sold nothing. Column 0 is blank, for pairs before all others.
    """

    units: Floats
    """shape (C, 1 + W), in the order of counted weeks"""
    lines: Floats
    cell: Ints
    """cell of each pair, shape (P,)"""
    weeks: Ints
    """counted weeks up to each pair's origin, which is the column that it stands in, shape (P,)"""

    @classmethod
    def of(
        cls, units: Numbers, lines: Numbers, counted: Bools, cell: Ints, origin: Ints
    ) -> OwnPast:
        """Lay out a block.

        Parameters
        ----------
        units, lines, counted
            Units and order lines, and the weeks of which they are known, shape (C, W) each.
        cell, origin
            The pairs, shape (P,) each.
        """
        order, place = counted_first(counted)
        weeks = place[cell, origin] + 1
        return cls(_laid_out(units, order), _laid_out(lines, order), cell, weeks)

    def scaled(self) -> Iterator[tuple[str, Floats]]:
        """Yield the columns in units a week, to be divided by the level, shape (P,) each."""
        for lag in range(LAGS):
            yield f"lag_{lag}", self._lagged(lag)
        total, squares = running_sum(self.units), running_sum(self.units * self.units)
        for window, highest in self._highest():
            weeks = self._weeks_of(window)
            mean = ratio(self._sum(total, window), weeks)
            square = ratio(self._sum(squares, window), weeks)
            yield f"mean_{window}", mean
            yield f"sd_{window}", np.sqrt(np.maximum(square - mean * mean, 0.0))
            yield f"max_{window}", np.where(weeks > 0, highest, np.nan)
        for share in (0.1, 0.3):
            yield f"ewm_{share}", self._fading(self.units, share)

    def plain(self) -> Iterator[tuple[str, Floats]]:
        """Yield the columns without a unit, or that keep theirs, shape (P,) each."""
        sold = (self.units > 0).astype(np.float64)
        sales = running_sum(sold)
        for lag in range(LAGS):
            yield f"log_lag_{lag}", np.log1p(self._lagged(lag))
        for window in SHARE_WINDOWS:
            yield f"sale_share_{window}", ratio(self._sum(sales, window), self._weeks_of(window))
        yield "sale_share_ewm", self._fading(sold, 0.1)
        yield "weeks_since_sale", self._since(sold > 0)
        year = self._sum(running_sum(self.units), 52)
        yield "units_a_sale_week", ratio(year, self._sum(sales, 52))

    def by_line(self) -> Iterator[tuple[str, Floats]]:
        """Yield order lines a week: how often somebody buys, however much, shape (P,) each."""
        yield "lines_last", np.where(self.weeks > 0, self.lines[self.cell, self.weeks], np.nan)
        total = running_sum(self.lines)
        for window in LINE_WINDOWS:
            yield f"lines_{window}", ratio(self._sum(total, window), self._weeks_of(window))
        for share in LINE_SHARES:
            yield f"lines_ewm_{share}", self._fading(self.lines, share)

    def _lagged(self, lag: int) -> Floats:
        """Return the units of so many counted weeks before the latest, NaN before the first."""
        week = self.weeks - lag
        return np.where(week > 0, self.units[self.cell, np.maximum(week, 0)], np.nan)

    def _weeks_of(self, window: int) -> Floats:
        """Return the counted weeks in the window."""
        return np.minimum(self.weeks, window).astype(np.float64)

    def _sum(self, total: Floats, window: int) -> Floats:
        """Return sums over the window from those over all weeks."""
        found: Floats = total[self.cell, self.weeks]
        before = np.flatnonzero(self.weeks >= window)
        found[before] -= total[self.cell[before], self.weeks[before] - window]
        return found

    def _highest(self) -> Iterator[tuple[int, Floats]]:
        """Yield each window with the largest units in it.

        The maximum over w columns is that of two overlapping stretches of at least w / 2 columns.
        """
        reach, longest = self.units.copy(order="F"), 1
        for window in WINDOWS:
            while longest < window:
                step = min(longest, window - longest)
                # from the last column back, since each is read after those behind it were written
                for week in range(reach.shape[1] - 1, step - 1, -1):
                    np.maximum(reach[:, week], reach[:, week - step], out=reach[:, week])
                longest += step
            yield window, reach[self.cell, self.weeks]

    def _fading(self, values: Floats, share: float) -> Floats:
        """Return exponentially weighted means; the newest week weighs `share`."""
        above, weight = np.zeros(values.shape, order="F"), np.zeros(values.shape[1])
        for week in range(1, values.shape[1]):
            above[:, week] = (1 - share) * above[:, week - 1] + share * values[:, week]
            weight[week] = (1 - share) * weight[week - 1] + share
        return ratio(above[self.cell, self.weeks], weight[self.weeks])

    def _since(self, happened: Bools) -> Floats:
        """Return counted weeks since something last happened, NaN where it never did."""
        last = np.full(happened.shape[0], -1)
        found = np.empty(happened.shape, dtype=np.int64, order="F")
        for week in range(happened.shape[1]):
            last[happened[:, week]] = week
            found[:, week] = last
        at = found[self.cell, self.weeks]
        return np.where(at >= 0, self.weeks - at, np.nan)


def _laid_out(values: Numbers, order: Ints) -> Floats:
    laid = np.zeros((len(values), values.shape[1] + 1), order="F")
    laid[:, 1:] = by_week(np.take_along_axis(values, order, axis=1))
    return laid
