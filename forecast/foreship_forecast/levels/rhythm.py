"""The rhythm of a cell: it sells every second, third or fourth week, and not in between.

A cell whose weeks with a sale fall on the same beat is known for it after some beats: its chance is
that of the beat that the target week falls on, as far as the past weeks tell a rhythm from chance
(docs/forecast.md, eq. 67).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import betaln

from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["with_rhythm"]

PERIODS = (2, 3, 4)
"""weeks of the rhythms that are looked for"""
BEATS = 12
"""latest weeks of a beat that tell of it"""
RARE = 1e-3
"""chance, before anything was seen, that a cell has a rhythm of some period"""
MOST_CERTAIN = 300.0
"""log of the largest odds"""


def _evidence(most: int) -> Floats:
    """Return the log likelihood of s sales in n weeks, by s and n up to `most` each."""
    s, n = np.indices((most + 1, most + 1)).astype(np.float64)
    found: Floats = betaln(1.0 + s, 1.0 + np.maximum(n - s, 0.0))
    return found


EVIDENCE = _evidence(BEATS * max(PERIODS))
"""by sales and weeks, which are whole numbers: looked up, since rows are many"""


def with_rhythm(
    chance: Floats, sold: Bools, known: Bools, at: tuple[Ints, Ints], horizon: Ints
) -> Floats:
    """Return the chance of a sale in rows' target weeks, by the beat where there is one.

    Parameters
    ----------
    chance
        Of a sale in the target week without any rhythm, shape (N,).
    sold, known
        Weeks with a sale, and those of which it is known, shape (C, W).
    at
        Cell and origin week of each row.
    horizon
        Weeks from the origin to the target week.
    """
    cell, origin = at
    odds, beat = [], []
    for period in PERIODS:
        sales, weeks = (_on_the_beat(each, period) for each in (sold & known, known))
        # the beat of the target week, and all others before it
        back = -(-horizon // period) * period - horizon
        found = np.zeros(len(cell))
        all_sales, all_weeks = np.zeros((2, len(cell)), dtype=np.intp)
        for step in range(period):
            week = origin - step
            there = week >= 0
            place = (cell, np.maximum(week, 0))
            s, n = (np.where(there, each[place], 0).astype(np.intp) for each in (sales, weeks))
            found += EVIDENCE[s, n]
            all_sales += s
            all_weeks += n
        found -= EVIDENCE[all_sales, all_weeks]
        odds.append(np.exp(np.minimum(found, MOST_CERTAIN)) * RARE)
        own = (cell, np.maximum(origin - back, 0))
        s, n = (np.where(origin >= back, each[own], 0).astype(np.intp) for each in (sales, weeks))
        beat.append((s + 0.5) / (n + 1.0))
    total = 1.0 + np.sum(odds, axis=0)
    mixed: Floats = (chance + np.sum(np.stack(odds) * np.stack(beat), axis=0)) / total
    return mixed


def _on_the_beat(values: Bools, period: int) -> npt.NDArray[np.uint8]:
    """Return how many of the latest weeks of each week's beat are true, shape (C, W)."""
    found = np.zeros(values.shape, dtype=np.uint8)
    for back in range(0, BEATS * period, period):
        if back >= values.shape[1]:
            break
        found[:, back:] += values[:, : values.shape[1] - back]
    return found
