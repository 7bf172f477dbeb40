"""The count distribution of one cell and week: whether anything is ordered, and how much.

    p_1 = chance,   p_k = chance x S'(k - 1),   S'(j) = 1 - G(1 - S(j))          (eqs. 8-10)

with S the survival function of a size of mean `extra` and dispersion `r` (eq. 34: negative
binomial where r > 0, binomial of n trials where r = -n), and G a monotone map of [0, 1] onto
itself, of which each class of regularity may have its own: p_k never increases in k, whatever was
learned. Probabilities are walked from k = 1 upwards for all rows at once; nothing of size rows x k
is ever kept. What is ordered in lots has a law of lots: p_k of the k-th unit is that of its lot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, gammaln, lambertw

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.tables.ranges import LARGEST_WEEK

__all__ = [
    "BLOCK_ROWS",
    "KNOTS",
    "REGULARITY",
    "CountLaw",
    "Stretch",
    "at_least",
    "dispersion_of",
    "log_mass",
    "mean_from",
    "regularity",
]

KNOTS = 201
"""knots of the map G, evenly spread over [0, 1]"""
REGULARITY = (0.5, 1.0, 1.6)
"""variance over mean of a size between which a map G holds: 1 is Poisson"""
NEGLIGIBLE = 1e-8
"""a survival probability below this counts as 0"""
LOWEST_EXTRA = 1e-4
DISPERSIONS = (0.02, 1e6)
"""range of r > 0: at its upper end a negative binomial is Poisson"""
NARROWEST = 0.02
"""least variance over mean of a size"""
STEEPEST = 600.0
"""most that -log P(X = 0) may be: the recurrence starts from a mass above 0"""
BLOCK_ROWS = 65_536
"""laws walked at a time"""
WIDEST_STRETCH = 4_000_000


@dataclass(frozen=True)
class Stretch:
    """Survival probabilities of some rows over consecutive counts."""

    rows: Ints
    """positions of the rows, shape (n,)"""
    first: int
    """the smallest k of this stretch"""
    survival: Floats
    """p_k for k = first, first + 1, .., shape (m, n)"""


@dataclass(frozen=True)
class CountLaw:
    """Parameters of N count distributions that share a map G, or one a class of `REGULARITY`.

    **Invariants:** 0 <= chance <= 1, extra >= 0; `knots` starts at 0, ends at 1, never decreases.
    """

    chance: Floats
    """P(D >= 1), shape (N,)"""
    extra: Floats
    """mean of D - 1 given D >= 1, before the map [units], shape (N,)"""
    dispersion: Floats
    """r: the variance of D - 1 given D >= 1 is extra + extra^2 / r, shape (N,); where r < 0 the
    size is binomial of -r trials"""
    knots: Floats = field(default_factory=lambda: np.linspace(0.0, 1.0, KNOTS))
    """G at `KNOTS` evenly spaced points, a row a class or one for all; unless given, the
    identity"""
    lot: Ints | None = None
    """units that each 1 of the law stands for, shape (N,); unless given, 1"""

    def __len__(self) -> int:
        return len(self.chance)

    def part(self, chosen: slice | npt.NDArray[np.generic]) -> CountLaw:
        """Return the distributions of some rows."""
        lot = None if self.lot is None else self.lot[chosen]
        return CountLaw(
            self.chance[chosen], self.extra[chosen], self.dispersion[chosen], self.knots, lot
        )

    def units_of_one(self, rows: Ints | slice = slice(None)) -> Ints:
        """Return the units that each 1 of the law stands for, shape (rows,)."""
        if self.lot is None:
            return np.ones(len(self.chance[rows]), dtype=np.int64)
        return self.lot[rows]

    def walk(self) -> Iterator[Stretch]:
        """Yield p_k for k = 1, 2, .. (lots); a row drops out once p_k is negligible."""
        for first in range(0, len(self), BLOCK_ROWS):
            rows = np.arange(first, min(first + BLOCK_ROWS, len(self)))
            yield from self._walk(rows)

    def _walk(self, rows: Ints) -> Iterator[Stretch]:
        chance = self.chance[rows]
        extra, dispersion = self.bounded(rows)
        shape = self._shape(extra, dispersion)
        mass = np.exp(-dispersion * np.log1p(extra / dispersion))
        odds = extra / (extra + dispersion)
        survival = np.ones(len(rows))
        k, length = 1, 8
        while len(rows) and k <= LARGEST_WEEK:
            length = min(length, LARGEST_WEEK + 1 - k, max(WIDEST_STRETCH // len(rows), 1))
            found = np.empty((length, len(rows)))
            for step in range(length):
                j = k + step - 1
                found[step] = survival
                survival = np.maximum(survival - mass, 0.0)
                mass = mass * ((j + dispersion) / (j + 1.0) * odds)
            found = chance * (1.0 - _mapped(1.0 - found, self.knots, shape))
            yield Stretch(rows, k, found)
            alive = found[-1] >= NEGLIGIBLE
            rows, chance, survival, mass = rows[alive], chance[alive], survival[alive], mass[alive]
            dispersion, odds, shape = dispersion[alive], odds[alive], shape[alive]
            k, length = k + length, length * 2

    def bounded(self, rows: Ints | slice = slice(None)) -> tuple[Floats, Floats]:
        """Return extra and dispersion held to ranges in which the recurrence is exact.

        A negative dispersion becomes a whole number of trials above the mean; where the mean is
        so large, or the law so narrow, that nothing would be left of P(X = 0), the law is as
        narrow as it may be.
        """
        extra = np.clip(self.extra[rows], LOWEST_EXTRA, LARGEST_WEEK)
        return extra, _held(extra, self.dispersion[rows])

    def _shape(self, extra: Floats, dispersion: Floats) -> Ints:
        """Return the place of each row's map among the knots."""
        if self.knots.ndim == 1:
            return np.zeros(len(extra), dtype=np.int64)
        return regularity(extra, dispersion)

    def survival(self, largest: int) -> Floats:
        """Return p_1 .. p_largest, shape (N, largest)."""
        found = np.zeros((len(self), largest))
        for each in self.walk():
            width = min(largest - each.first + 1, len(each.survival))
            if width > 0:
                columns = np.arange(each.first - 1, each.first - 1 + width)
                found[each.rows[:, None], columns] = each.survival[:width].T
        if self.lot is None:
            return found
        lot_of_unit = np.arange(largest) // self.lot[:, None]
        return np.take_along_axis(found, lot_of_unit, axis=1)

    def survival_at(self, counts: Floats) -> Floats:
        """Return p_k of each row at its own k, in closed form; p_0 = 1. Shape (N,)."""
        counts = counts if self.lot is None else np.ceil(counts / self.lot)
        size = self.bounded()
        tail = at_least(counts - 1.0, *size)
        found = self.chance * (1.0 - _mapped(1.0 - tail, self.knots, self._shape(*size)))
        return np.where(counts > 0, found, 1.0)

    def interval(self, units: Floats) -> tuple[Floats, Floats]:
        """Return F(units - 1) and F(units) of each row's observed count, shape (N,) each."""
        return 1.0 - self.survival_at(units), 1.0 - self.survival_at(units + 1.0)

    def mean(self) -> Floats:
        """Return eq. 11, the sum of all p_k [units], shape (N,)."""
        return self.describe(())[0]

    def quantiles(self, levels: tuple[float, ...]) -> Ints:
        """Return min{k : F(k) >= level} for each level, shape (levels, N)."""
        return self.describe(levels)[1]

    def describe(self, levels: tuple[float, ...]) -> tuple[Floats, Ints]:
        """Return mean and quantiles from one pass over the p_k."""
        total = np.zeros(len(self))
        found = np.zeros((len(levels), len(self)), dtype=np.int64)
        for each in self.walk():
            total[each.rows] += each.survival.sum(axis=0)
            for position, level in enumerate(levels):
                # counts k with F(k - 1) < level; the slack keeps an exact tie on the smaller side
                beyond = each.survival > 1.0 - level + 1e-12
                found[position, each.rows] += beyond.sum(axis=0)
        if self.lot is None:
            return total, found
        return total * self.lot, found * self.lot


def dispersion_of(mean: Floats, ratio: Floats) -> Floats:
    """Return r of eq. 34 for sizes of that mean and variance over mean, shape (N,).

    Below a ratio of 1 the trials are rounded upwards: a law is rather wider than asked.
    """
    wide = ratio > 1.0
    away = np.where(wide, ratio - 1.0, np.maximum(1.0 - ratio, 1.0 / DISPERSIONS[1]))
    r = mean / np.maximum(away, mean / DISPERSIONS[1])
    return np.where(wide, np.maximum(r, DISPERSIONS[0]), -np.ceil(r))


def regularity(mean: Floats, r: Floats) -> Ints:
    """Return the class of `REGULARITY` of each size, 0 for the most regular, shape (N,)."""
    return np.searchsorted(REGULARITY, 1.0 + mean / r)


def at_least(counts: Floats, mean: Floats, r: Floats) -> Floats:
    """Return P(X >= counts) of eq. 34's sizes of that mean and dispersion, shape (N,)."""
    k = np.maximum(counts, 1.0)
    wide, within = r > 0, (r < 0) & (k <= -r)
    second = np.where(wide, r, np.where(within, 1.0 - r - k, 1.0))
    chance = np.divide(mean, np.where(wide, mean + r, -r), where=wide | within, out=0.0 * second)
    tail = betainc(k, second, chance)
    return np.where(counts > 0, tail, 1.0)


def log_mass(counts: Floats, mean: Floats, r: Floats) -> Floats:
    """Return log P(X = counts) of eq. 34's sizes, -inf where that is 0, shape (N,)."""
    mean = np.maximum(mean, LOWEST_EXTRA)
    r = _held(mean, r)
    found = np.full(len(counts), -np.inf)
    wide, narrow = r > 0, (r < 0) & (counts <= -r)
    k, m, size = counts[wide], mean[wide], r[wide]
    found[wide] = gammaln(k + size) - gammaln(size) + k * np.log(m / (m + size))
    k, m, size = counts[narrow], mean[narrow], -r[narrow]
    found[narrow] = gammaln(size + 1.0) - gammaln(size - k + 1.0) + k * np.log(m / (size - m))
    return found - gammaln(counts + 1.0) + _log_of_none(mean, r)


def mean_from(least: Floats, mean: Floats, r: Floats) -> Floats:
    """Return eq. 28, E[X | X >= least] of eq. 34's sizes of that mean and dispersion.

    Where P(X >= least) is 0 in double precision, what lies beyond is the geometric of the tail;
    beyond the trials of a binomial it is the bound itself.
    """
    tail = at_least(least, mean, r)
    # x P(X = x) is the mean times the probability of x - 1 at a dispersion of r + 1
    above = mean * at_least(least - 1.0, mean * (r + 1.0) / r, r + 1.0)
    inside = np.divide(above, tail, out=least + mean / r, where=tail > 0)
    return np.maximum(inside, least)


def _held(mean: Floats, r: Floats) -> Floats:
    """Return dispersions within their range, none so narrow that P(X = 0) vanishes."""
    trials = np.ceil(np.maximum(np.minimum(-r, DISPERSIONS[1]), mean / (1.0 - NARROWEST)))
    held = np.where(r < 0, -trials, np.clip(r, *DISPERSIONS))
    steep = -_log_of_none(mean, held) > STEEPEST
    if steep.any():
        held[steep] = _steepest(mean[steep])
    return held


def _log_of_none(mean: Floats, r: Floats) -> Floats:
    """Return log P(X = 0)."""
    found: Floats = -r * np.log1p(mean / r)
    return found


def _steepest(mean: Floats) -> Floats:
    """Return the r at which -log P(X = 0) is `STEEPEST`: below 0 for smaller means.

    With x = mean / r and c = STEEPEST / mean it solves log(1 + x) = c x, x not 0.
    """
    c = STEEPEST / mean
    product = -c * np.exp(-c)
    # of its two solutions the other branch of Lambert's function has x = 0
    branch = np.where(c > 1.0, lambertw(product, 0).real, lambertw(product, -1).real)
    x = -np.nan_to_num(branch, nan=-1.0) / c - 1.0  # at c = 1 itself the branches may not meet
    wide = x > -mean / DISPERSIONS[1]
    r = mean / np.where(wide, np.maximum(x, mean / DISPERSIONS[1]), x)
    return np.where(wide, np.clip(r, *DISPERSIONS), np.floor(r))


def _mapped(values: Floats, knots: Floats, shape: Ints) -> Floats:
    """Return G of each row's class at values in [0, 1]; its last segment keeps the tail above 0.

    Values have shape (N,) or (m, N), as many rows as `shape` has.
    """
    last = knots.shape[-1] - 1
    place = values * last
    left = np.minimum(place.astype(np.int64), last - 1)
    at, flat = left + shape * (last + 1), knots.ravel()
    low = flat[at]
    found: Floats = low + (place - left) * (flat[at + 1] - low)
    return found
