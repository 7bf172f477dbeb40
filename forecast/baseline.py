"""The plain siblings a learned forecast must beat, behind the same calls.

A head turns rows into raw answers: the chance of a sale and the mean units beyond the first.
`TrailingRate` is one, used in earnest wherever the boosters show no skill. The laws of the
others (last year's histogram, moments) only stand beside the model in an evaluation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from forecast.features import Features, Levels
from forecast.rows import Rows

__all__ = [
    "TrailingRate",
    "last_year_survival",
    "moments_negative_binomial",
    "trailing_mean",
    "trailing_rate",
]

Floats: TypeAlias = npt.NDArray[np.float64]

RATE_WEEKS = 13
RATE_PRIOR = 2.0
"""weeks of the network's own rate mixed into a cell's"""
YEAR = 52


@dataclass(frozen=True)
class TrailingRate:
    """The head without learning: what the cell did in its last 13 weeks."""

    def raw(self, features: Features, rows: Rows, levels: Levels) -> tuple[Floats, Floats]:
        """Return the chance of a sale and the mean units beyond the first, shape (N,) each."""
        return trailing_rate(features, rows), levels.extra


def trailing_rate(features: Features, rows: Rows) -> Floats:
    """Return eq. 20: sale weeks of the last 13 and two of the network's, over known weeks."""
    panel = features.panel
    chance = np.empty(len(rows))
    network = np.nan_to_num(features.pools.network.share(YEAR * 100)[0])
    for origin in np.unique(rows.origin):
        here = rows.origin == origin
        window = slice(max(0, origin + 1 - RATE_WEEKS), origin + 1)
        sales = (panel.units[:, window] > 0).sum(axis=1)
        weeks = panel.known[:, window].sum(axis=1)
        rate = (sales + RATE_PRIOR * network[origin]) / (weeks + RATE_PRIOR)
        chance[here] = rate[rows.cell[here]]
    return chance


def trailing_mean(features: Features, rows: Rows, weeks: int = RATE_WEEKS) -> Floats:
    """Return mean units of the last known weeks, 0 where none is known, shape (N,)."""
    panel = features.panel
    found = np.zeros(len(rows))
    for origin in np.unique(rows.origin):
        here = rows.origin == origin
        window = slice(max(0, origin + 1 - weeks), origin + 1)
        units = panel.units[:, window].sum(axis=1, dtype=np.int64)
        known = panel.known[:, window].sum(axis=1)
        found[here] = (units / np.maximum(known, 1))[rows.cell[here]]
    return found


def last_year_survival(features: Features, rows: Rows, largest: int) -> Floats:
    """Return the share of the last 52 known weeks with at least k units, (N, largest)."""
    panel = features.panel
    found = np.zeros((len(rows), largest))
    for origin in np.unique(rows.origin):
        here = np.flatnonzero(rows.origin == origin)
        window = slice(max(0, origin + 1 - YEAR), origin + 1)
        cells = rows.cell[here]
        units, known = panel.units[cells, window], panel.known[cells, window]
        weeks = np.maximum(known.sum(axis=1), 1)
        for k in range(1, largest + 1):
            found[here, k - 1] = ((units >= k) & known).sum(axis=1) / weeks
    return found


def moments_negative_binomial(features: Features, rows: Rows) -> tuple[Floats, Floats]:
    """Return mean and dispersion of a static negative binomial, shape (N,) each.

    Moments of the last 52 known weeks; r = m^2 / (v - m) where v > 1.05 m, else 50; r in
    [0.05, 50].
    """
    panel = features.panel
    mean, r = np.zeros(len(rows)), np.full(len(rows), 50.0)
    for origin in np.unique(rows.origin):
        here = rows.origin == origin
        window = slice(max(0, origin + 1 - YEAR), origin + 1)
        units = panel.units[rows.cell[here], window].astype(np.float64)
        weeks = np.maximum(panel.known[rows.cell[here], window].sum(axis=1), 1)
        m = units.sum(axis=1) / weeks
        v = (units**2).sum(axis=1) / weeks - m * m
        wide = v > 1.05 * m
        r[here] = np.clip(np.where(wide, m * m / np.where(wide, v - m, 1.0), 50.0), 0.05, 50.0)
        mean[here] = m
    return mean, r
