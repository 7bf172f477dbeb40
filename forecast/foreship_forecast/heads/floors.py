"""The floors: methods without learning that a learned forecast must beat, behind the same calls.

Rates turn rows into raw answers: the chance of a sale and the mean units beyond the first. Two of
them are heads of the pool. The others (the trailing rate, last year's histogram, distributions
fitted to its moments) serve only for comparison in an evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foreship_forecast.counts.law import CountLaw
from foreship_forecast.counts.scores import (
    LEVELS,
    THRESHOLDS,
    FullAnswer,
    answer_of_law,
    ranked_probability_score,
)
from foreship_forecast.features.matrix import Features, Levels
from foreship_forecast.features.rows import Rows
from foreship_forecast.history.pools import EVER
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = [
    "FLOOR_RATES",
    "PooledRate",
    "TrailingRate",
    "last_year_answer",
    "recent_answer",
    "static_answer",
    "trailing_mean",
]

YEAR = 52
QUARTER = 13
OWN_YEAR_WEEKS = 2.0
"""weeks of the cell's own year that the mean of a quarter is mixed with"""
BLOCK_ROWS = 20_000
CERTAIN = 0.98
"""largest chance that a product of two rates is taken for"""


@dataclass(frozen=True)
class TrailingRate:
    """A head without learning: how often the cell sold in its latest observed weeks (eq. 20)."""

    name: str
    weeks: int
    prior: float
    """weeks of the network's own rate mixed in; infinite: the same rate for every cell"""

    def raw(self, features: Features, rows: Rows, levels: Levels) -> tuple[Floats, Floats]:
        """Return the chance of a sale and the mean units beyond the first, shape (N,) each."""
        return self.chance(features, rows), levels.extra

    def chance(self, features: Features, rows: Rows) -> Floats:
        """Return the chance of a sale, shape (N,)."""
        panel = features.panel
        found = np.empty(len(rows))
        network = np.nan_to_num(features.pools.network.share(EVER)[0])
        for origin in np.unique(rows.origin):
            here = rows.origin == origin
            window = slice(max(0, origin + 1 - self.weeks), origin + 1)
            cells, place = rows.part(here).cells
            sales = (panel.units[cells, window] > 0).sum(axis=1)
            weeks = panel.counted((cells, window)).sum(axis=1)
            own = np.divide(sales, weeks, out=np.zeros(len(weeks)), where=weeks > 0)
            weight = weeks / (weeks + self.prior)
            rate = weight * own + (1.0 - weight) * network[origin]
            found[here] = rate[place]
        return found

    def answer(self, features: Features, rows: Rows, units: Floats) -> FullAnswer:
        """Predict by the rate, with geometric sizes around the cell's own mean size."""
        return _answer_of_rate(*self.raw(features, rows, features.levels(rows)), units)


@dataclass(frozen=True)
class PooledRate:
    """A head without learning or own history: its item's rate times its region's ratio."""

    name: str

    def raw(self, features: Features, rows: Rows, levels: Levels) -> tuple[Floats, Floats]:
        """Return the chance of a sale and the mean units beyond the first, shape (N,) each."""
        return self.chance(features, rows), levels.extra

    def chance(self, features: Features, rows: Rows) -> Floats:
        """Return eq. 3 of weeks with a sale, shape (N,)."""
        codes, pool = features.panel.codes, features.pools.sales
        item, region = codes.item[rows.cell], codes.region[rows.cell]
        found: Floats = pool.item[item, rows.origin] * pool.region_ratio[region, rows.origin]
        return np.minimum(found, CERTAIN)

    def answer(self, features: Features, rows: Rows, units: Floats) -> FullAnswer:
        """Predict by the rate, with geometric sizes around the cell's own mean size."""
        return _answer_of_rate(*self.raw(features, rows, features.levels(rows)), units)


def _answer_of_rate(chance: Floats, extra: Floats, units: Floats) -> FullAnswer:
    safe = np.clip(chance, 1e-6, 1 - 1e-6)
    return answer_of_law(CountLaw(safe, extra, np.ones(len(safe))), units)


FLOOR_RATES: dict[str, TrailingRate | PooledRate] = {
    "trailing_rate": TrailingRate("trailing rate", 13, 2.0),
    "year_rate": TrailingRate("rate of the year", YEAR, 26.0),
    "pooled_rate": PooledRate("pooled rate"),
    "constant": TrailingRate("constant rate", 13, np.inf),
}
"""Rates that anyone can compute: a learned chance is used only if it beats them."""


def trailing_mean(features: Features, rows: Rows, weeks: int = 13) -> Floats:
    """Return mean units of the last observed weeks, 0 where there are none, shape (N,)."""
    panel = features.panel
    found = np.zeros(len(rows))
    for origin in np.unique(rows.origin):
        here = rows.origin == origin
        window = slice(max(0, origin + 1 - weeks), origin + 1)
        units = panel.units[:, window].sum(axis=1, dtype=np.int64)
        known = panel.counted((slice(None), window)).sum(axis=1)
        found[here] = (units / np.maximum(known, 1))[rows.cell[here]]
    return found


def last_year_answer(features: Features, rows: Rows, units: Floats) -> FullAnswer:
    """Predict by the histogram of the last 52 observed weeks.

    Its ranked probability score is E|X - y| - E|X - X'| / 2 (doi:10.1198/016214506000001437).
    """
    parts = [_histogram(*each, units) for each in _histories(features, rows)]
    return FullAnswer(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def static_answer(features: Features, rows: Rows, units: Floats) -> FullAnswer:
    """Predict by a negative binomial fitted to the moments of the last 52 observed weeks.

    r = m^2 / (v - m) where v > 1.05 m, else 50; r in [0.05, 50].
    """
    moments = [_moments(past, known) for past, known, _ in _histories(features, rows)]
    mean, r = (np.concatenate(column) for column in zip(*moments, strict=True))
    return _answer_of_plain(mean, r, units)


def recent_answer(features: Features, rows: Rows, units: Floats) -> FullAnswer:
    """Predict by the mean of 13 observed weeks and the dispersion of 52 (eq. 24)."""
    parts = [_recent(past, known) for past, known, _ in _histories(features, rows)]
    mean, r = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _answer_of_plain(mean, r, units)


def _recent(past: Floats, known: Bools) -> tuple[Floats, Floats]:
    year, r = _moments(past, known)
    sold, weeks = past[:, :QUARTER].sum(axis=1), known[:, :QUARTER].sum(axis=1)
    return (sold + OWN_YEAR_WEEKS * year) / (weeks + OWN_YEAR_WEEKS), r


def _answer_of_plain(mean: Floats, r: Floats, units: Floats) -> FullAnswer:
    """Predict by plain negative binomials, without a hurdle.

    One unit more than X is a count law that always sells, and scores at y + 1 what X does at y:
    its p_1 = 1 costs nothing. The closed form (doi:10.1002/sim.6198) is no help: its hypergeometric
    function overflows, at r = 50 from a mean of 35,600 units on.
    """
    law = CountLaw(np.ones(len(mean)), mean, r)
    score = ranked_probability_score(law, units + 1.0)
    chance = -np.expm1(-r * np.log1p(mean / r))
    tail = np.stack([law.survival_at(np.full(len(mean), k + 1.0)) for k in THRESHOLDS], axis=1)
    quantiles = (law.quantiles(LEVELS).T - 1).astype(np.float64)
    return FullAnswer(chance, mean, *law.interval(units + 1.0), score, tail, quantiles)


def _histories(features: Features, rows: Rows) -> Iterator[tuple[Floats, Bools, Ints]]:
    """Yield units and mask of the last year for consecutive rows, and those rows' positions.

    Blocks bound the memory; a block may span origins, whose weeks are taken row by row.
    """
    panel = features.panel
    back = np.arange(YEAR)
    for first in range(0, len(rows), BLOCK_ROWS):
        at = np.arange(first, min(first + BLOCK_ROWS, len(rows)))
        week = rows.origin[at][:, None] - back
        cell = rows.cell[at][:, None]
        known = (week >= 0) & panel.counted((cell, np.maximum(week, 0)))
        yield np.where(known, panel.units[cell, np.maximum(week, 0)], 0.0), known, at


def _histogram(past: Floats, known: Bools, at: Ints, units: Floats) -> tuple[Floats, ...]:
    weeks = np.maximum(known.sum(axis=1), 1)
    observed = units[at][:, None]
    mean = past.sum(axis=1) / weeks
    away = (np.abs(past - observed) * known).sum(axis=1) / weeks
    ranked = np.sort(np.where(known, past, np.inf), axis=1)
    place = 2.0 * np.arange(YEAR) - weeks[:, None] + 1.0
    apart = (np.where(np.isinf(ranked), 0.0, ranked) * place).sum(axis=1) * 2.0 / weeks**2
    chance = (past > 0).sum(axis=1) / weeks
    below = ((past < observed) & known).sum(axis=1) / weeks
    upto = ((past <= observed) & known).sum(axis=1) / weeks
    tail = np.stack([((past >= k) & known).sum(axis=1) / weeks for k in THRESHOLDS], axis=1)
    # the slack keeps an exact share of the weeks on the smaller side
    first = np.ceil(np.outer(weeks, LEVELS) - 1e-9).astype(np.int64) - 1
    quantiles = np.take_along_axis(ranked, first, axis=1)
    quantiles[~known.any(axis=1)] = 0.0
    return chance, mean, below, upto, away - apart / 2.0, tail, quantiles


def _moments(past: Floats, known: Bools) -> tuple[Floats, Floats]:
    weeks = np.maximum(known.sum(axis=1), 1)
    mean = past.sum(axis=1) / weeks
    excess = (past**2).sum(axis=1) / weeks - mean**2 - mean
    wide = excess > 0.05 * mean
    r = np.where(wide, mean**2 / np.where(wide, excess, 1.0), 50.0)
    return np.maximum(mean, 1e-4), np.clip(r, 0.05, 50.0)
