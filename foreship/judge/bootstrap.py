"""How sure a replay of so many weeks is of the share of the gap it closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["GapClosed", "gap_closed"]

Floats: TypeAlias = npt.NDArray[np.float64]

DRAWS = 2000
LEVEL = 0.95
UNKNOWN = float("nan")


@dataclass(frozen=True)
class GapClosed:
    """Share of the way from reactive to oracle, with its bootstrap interval.

    All are NaN where the oracle does not beat reactive.
    """

    share: float
    low: float = UNKNOWN
    high: float = UNKNOWN


def gap_closed(
    profit: Floats, reactive: Floats, oracle: Floats, seed: int, draws: int = DRAWS
) -> GapClosed:
    """Return (profit - reactive) / (oracle - reactive), each summed over weeks (equation 9).

    Parameters
    ----------
    profit, reactive, oracle
        Weekly profits of the policy and of its two ends, shape (weeks,).
    seed
        Of the weeks drawn; the same weeks are drawn for every policy.
    draws
        How often the weeks are drawn again, with replacement.

    Returns
    -------
    The share, and the middle 95 % of the shares over the draws. A draw in which the oracle does
    not beat reactive has no share and is passed over.
    """
    gained, possible = profit - reactive, oracle - reactive
    if not possible.sum() > 0:
        return GapClosed(UNKNOWN)
    share = float(gained.sum() / possible.sum())
    weeks = np.random.default_rng(seed).integers(0, len(profit), (draws, len(profit)))
    drawn_gain, drawn_possible = gained[weeks].sum(axis=1), possible[weeks].sum(axis=1)
    usable = drawn_possible > 0
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(drawn_gain[usable] / drawn_possible[usable], [tail, 1.0 - tail])
    return GapClosed(share, float(low), float(high))
