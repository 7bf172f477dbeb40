"""Whether probabilities mean what they say: reliability curves and PIT histograms, as tables.

Bands are where a bin would lie in 95 of 100 cases if the probabilities were right and rows
independent; rows of one week share its surprises, so a true forecast leaves its bands more often.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from foreship_forecast.counts.scores import THRESHOLDS, FullAnswer, pit
from foreship_foundation.arrays import Floats, Ints

__all__ = ["BINS", "pit_histograms", "reliability_curves"]

BINS = 10
BAND = 0.95


def reliability_curves(answers: Mapping[str, FullAnswer], units: Floats) -> pd.DataFrame:
    """Return the observed frequency against p_k, by method, k and tenth of p_k.

    Returns
    -------
    DataFrame
        `method, k, bin, rows, said` (mean p_k), `came` (share of D >= k), `low, high` (the band
        of `came` around `said`); a row for each bin that holds any row.
    """
    parts = [
        _curve(answer.tail[:, place], units >= k).assign(method=method, k=k)
        for method, answer in answers.items()
        for place, k in enumerate(THRESHOLDS)
    ]
    names = ["method", "k", "bin", "rows", "said", "came", "low", "high"]
    return pd.concat(parts, ignore_index=True)[names]


def _curve(chance: Floats, happened: np.ndarray) -> pd.DataFrame:
    place = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    rows = np.bincount(place, minlength=BINS)
    used = np.flatnonzero(rows)
    rows = rows[used]
    said = np.bincount(place, chance, BINS)[used] / rows
    came = np.bincount(place, happened.astype(np.float64), BINS)[used] / rows
    low, high = _band(rows, said)
    return pd.DataFrame(
        {"bin": used, "rows": rows, "said": said, "came": came, "low": low, "high": high}
    )


def pit_histograms(answers: Mapping[str, FullAnswer], seed: int) -> pd.DataFrame:
    """Return the histogram of each method's randomised probability integral transform.

    Returns
    -------
    DataFrame
        `method, bin, rows, share, low, high`, ten bins a method; `low, high` is the band of
        `share` around a tenth.
    """
    parts = []
    for method, answer in answers.items():
        transform = pit(answer.below, answer.upto, seed)
        rows = np.histogram(transform, bins=BINS, range=(0.0, 1.0))[0]
        total = np.full(BINS, len(transform))
        low, high = _band(total, np.full(BINS, 1.0 / BINS))
        columns = {"bin": np.arange(BINS), "rows": rows, "share": rows / total}
        parts.append(pd.DataFrame({"method": method, **columns, "low": low, "high": high}))
    return pd.concat(parts, ignore_index=True)


def _band(rows: Ints, chance: Floats) -> tuple[Floats, Floats]:
    """Return the central 95 % interval of the share of `rows` binomial trials."""
    edge = (1.0 - BAND) / 2.0
    # rounding can carry a mean of probabilities a hair beyond 1
    safe = np.clip(chance, 0.0, 1.0)
    low, high = (stats.binom.ppf(level, rows, safe) / rows for level in (edge, 1.0 - edge))
    return low, high
