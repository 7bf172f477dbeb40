"""A count law whose mean a planner has moved, its width kept (docs/forecast.md, section 11).

    p' = 1 - (1 - p)^e,   e = m' / m                                              (eq. 69)

Sales come e times as often; what a week of one sale at most then lacks goes into the size, at the
same variance over mean. What is left of rounding goes into the chance, of which the mean is a
multiple, so that it is met exactly.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_forecast.counts.law import LOWEST_EXTRA, CountLaw, dispersion_of
from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.tables.ranges import LARGEST_WEEK

__all__ = ["adjusted"]

SUREST = 1.0 - 1e-6
"""highest chance of a sale, as in calibration"""
CLOSE = 1e-9
"""relative distance from the size wanted at which the search for it ends"""
STEPS = 60
TOUCHES = 3
"""times that the chance takes up what is left: a law ends where p_k is negligible"""


def adjusted(law: CountLaw, rows: Ints, mean: Floats) -> CountLaw:
    """Return the law with the means of some rows moved by eq. 69; the others stay as they are.

    Parameters
    ----------
    rows
        Positions of these rows, each once, shape (n,).
    mean
        Mean that each is to have [units], from 0 up to what a week can hold, shape (n,). A row of
        mean 0 sells nothing for certain.
    """
    if not len(rows):
        return law
    moved = _moved(law.part(rows), mean)
    parts = {name: getattr(law, name).copy() for name in ("chance", "extra", "dispersion")}
    for name, values in parts.items():
        values[rows] = getattr(moved, name)
    return replace(law, **parts)


def _moved(law: CountLaw, mean: Floats) -> CountLaw:
    """Return the law with all means moved."""
    wanted = mean / law.units_of_one()
    law = replace(law, lot=None)
    before, some = law.mean(), wanted > 0
    rate = np.log1p(-np.minimum(law.chance, SUREST))
    chance = np.minimum(-np.expm1(wanted / before * rate), SUREST)
    extra, dispersion = law.bounded()
    size = _Sizes(1.0 + extra / dispersion, law.knots)
    found = np.full(len(law), LOWEST_EXTRA)
    found[some] = size.part(some).with_mean(wanted[some] / chance[some], extra[some])
    moved = size.law(found, np.where(some, 1.0, 0.0))
    for _touch in range(TOUCHES):
        came = moved.mean()
        share = np.divide(wanted, came, out=np.zeros_like(wanted), where=some)
        moved = replace(moved, chance=np.minimum(moved.chance * share, 1.0))
    return moved


class _Sizes:
    """Sizes of a sale of given variance over mean, whatever their mean."""

    def __init__(self, ratio: Floats, knots: Floats) -> None:
        self.ratio, self.knots = ratio, knots

    def part(self, chosen: Bools) -> _Sizes:
        return _Sizes(self.ratio[chosen], self.knots)

    def law(self, extra: Floats, chance: Floats) -> CountLaw:
        return CountLaw(chance, extra, dispersion_of(extra, self.ratio), self.knots)

    def mean(self, extra: Floats) -> Floats:
        """Return mean units of a sale."""
        return self.law(extra, np.ones(len(extra))).mean()

    def with_mean(self, wanted: Floats, start: Floats) -> Floats:
        """Return the least `extra` whose sales have at least that mean, the smallest there is.

        A bracket is narrowed by what the last step missed, by its middle where that leaves it.
        """
        low = np.full(len(wanted), LOWEST_EXTRA)
        high = np.full(len(wanted), float(LARGEST_WEEK))
        guess = np.clip(start, low, high)
        found, open_ = high.copy(), self.mean(low) < wanted
        found[~open_] = LOWEST_EXTRA
        for step in range(STEPS):
            at = np.flatnonzero(open_)
            if not len(at):
                break
            tried = guess[at]
            came = _Sizes(self.ratio[at], self.knots).mean(tried)
            above = came >= wanted[at]
            found[at[above]] = high[at[above]] = tried[above]
            low[at[~above]] = tried[~above]
            open_[at[above & (came <= wanted[at] * (1.0 + CLOSE))]] = False
            # aimed a little above, since only sizes that reach the mean will do
            aim = wanted[at] * (1.0 + 0.5 * CLOSE) - 1.0
            better = tried * aim / np.maximum(came - 1.0, LOWEST_EXTRA)
            inside = (better > low[at]) & (better < high[at]) & (step % 4 != 3)
            guess[at] = np.where(inside, better, np.sqrt(low[at] * high[at]))
        return found
