"""How wide the size of a sale spreads around its mean: by its mean, and by the cell's own past.

    phi = e^shift (1 + m / r(m)) v^power,    log r(m) = level + slope log m,
    v = (S / (l (1 + l / r(l))) + prior) / (N + prior)                            (eqs. 14, 35-37)

phi is variance over mean. S sums, over the N pairs of a cell's consecutive weeks with a sale, half
the squared difference of their sizes, and l is the mean size of those weeks: a cell that grows or
was promoted does not look wide, and one that always takes the same is as narrow as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from foreship_forecast.counts.law import DISPERSIONS, at_least, dispersion_of, log_mass
from foreship_foundation.arrays import Bools, Floats

__all__ = ["WIDEST", "Sizes", "Spread", "Width", "fit_own_width", "fit_width"]

FIT_ROWS = 6_000
"""sales that a width is fitted on; of more, evenly spread ones"""
PRIORS = (2.0, 8.0, 32.0)
"""pairs of weeks that the class's width may stand for beside the cell's own"""
CERTAINTY = (2.0, 0.5, 0.5, 1.0)
"""standard deviations around 0 within which level, slope, shift and power are expected"""
LOWEST_LEVEL = 0.05
"""units beyond the first under which a mean size says nothing more"""
LEAST = 1e-6
"""floor of a probability under a logarithm, as in the log score"""
WIDEST = 10.0
"""most that level, slope, shift and power may be, either way"""


@dataclass(frozen=True)
class Spread:
    """How far apart a cell's sizes were in consecutive weeks with a sale, up to each row's origin.

    Sizes are units beyond the first.
    """

    misses: Floats
    """sum of half their squared differences [units^2], shape (N,)"""
    level: Floats
    """sum of the means of both weeks [units]"""
    pairs: Floats
    """their number"""

    def __getitem__(self, chosen: slice | npt.NDArray[np.generic]) -> Spread:
        """Return some of the rows."""
        return Spread(self.misses[chosen], self.level[chosen], self.pairs[chosen])

    @classmethod
    def unknown(cls, count: int) -> Spread:
        """Return the spread of rows of which no past is known, or none may be used."""
        return cls(*np.zeros((3, count)))

    def where(self, chosen: Bools) -> Spread:
        """Return the same, unknown in all other rows."""
        return Spread(*(np.where(chosen, x, 0.0) for x in (self.misses, self.level, self.pairs)))


@dataclass(frozen=True)
class Width:
    """Parameters of eqs. 35-37: power 0 leaves a cell's own past out, 1 takes it at its word."""

    level: float = 0.0
    slope: float = 0.0
    shift: float = 0.0
    power: float = 0.0
    prior: float = PRIORS[-1]

    def of_mean(self, mean: Floats) -> Floats:
        """Return eq. 35, variance over mean of sizes of that mean, shape (N,)."""
        log_r = self.level + self.slope * np.log(np.maximum(mean, LOWEST_LEVEL))
        ratio: Floats = 1.0 + mean / np.clip(np.exp(log_r), *DISPERSIONS)
        return ratio

    def of_cell(self, spread: Spread) -> Floats:
        """Return eq. 36, each cell's own width over what its mean size would let expect."""
        level = np.maximum(spread.level / np.maximum(spread.pairs, 1.0), LOWEST_LEVEL)
        seen = spread.misses / (level * self.of_mean(level))
        own: Floats = (seen + self.prior) / (spread.pairs + self.prior)
        return own

    def dispersion(self, mean: Floats, spread: Spread) -> Floats:
        """Return r of eq. 34 at the ratio of eq. 37, shape (N,)."""
        ratio = np.exp(self.shift) * self.of_mean(mean) * self.of_cell(spread) ** self.power
        return dispersion_of(mean, ratio)


@dataclass(frozen=True)
class Sizes:
    """Sizes that were ordered beside their predicted means."""

    extra: Floats
    """units beyond the first, shape (N,)"""
    censored: Bools
    """True where they are the least that was wanted"""
    mean: Floats
    """mean units beyond the first, as predicted"""
    spread: Spread

    def thinned(self) -> Sizes:
        """Return at most `FIT_ROWS` of them, evenly spread."""
        step = -(-len(self.extra) // FIT_ROWS)
        few = slice(None, None, max(step, 1))
        return Sizes(self.extra[few], self.censored[few], self.mean[few], self.spread[few])

    def loss(self, width: Width) -> float:
        """Return the sum of -log probability, of at least as much where that is all we know."""
        r = width.dispersion(self.mean, self.spread)
        found = np.maximum(log_mass(self.extra, self.mean, r), np.log(LEAST))
        if (out := self.censored).any():
            tail = at_least(self.extra[out], self.mean[out], r[out])
            found[out] = np.log(np.maximum(tail, LEAST))
        return -float(found.sum())


def fit_width(sizes: Sizes) -> Width:
    """Return the most likely width by the mean alone, eqs. 14 and 35."""
    few = sizes.thinned()
    if len(few.extra) < 2:
        return Width()
    start = ((-0.5, 0.0), (0.5, 0.0), (0.0, 0.4))
    level, slope = _best(lambda x: few.loss(Width(*x.tolist())), CERTAINTY[:2], start)
    return Width(level, slope)


def fit_own_width(sizes: Sizes, by_mean: Width) -> Width:
    """Return the most likely width with the cell's own, around one by the mean: eqs. 36, 37."""
    few = sizes.thinned()
    if len(few.extra) < 2:
        return by_mean

    def of(prior: float, shift: float, power: float) -> Width:
        return Width(by_mean.level, by_mean.slope, shift, min(max(power, 0.0), 1.0), prior)

    def best(prior: float) -> Width:
        start = ((0.0, 0.2), (0.0, 0.8), (0.3, 0.5))
        found = _best(lambda x: few.loss(of(prior, *x.tolist())), CERTAINTY[2:], start)
        return of(prior, *found)

    return min((best(prior) for prior in PRIORS), key=few.loss)


def _best(
    loss: Callable[[Floats], float],
    certainty: tuple[float, ...],
    start: tuple[tuple[float, ...], ...],
) -> list[float]:
    """Return where a loss is least, held near 0, by the simplex that starts there."""
    held = np.array(certainty)

    def penalised(x: Floats) -> float:
        return loss(x) + float(((x / held) ** 2).sum() / 2.0)

    simplex = np.array(start)
    settings: Any = {"initial_simplex": simplex, "xatol": 0.01, "fatol": 0.01}
    x = minimize(penalised, simplex[0], method="Nelder-Mead", options=settings).x
    found: list[float] = np.clip(x, -WIDEST, WIDEST).tolist()
    return found
