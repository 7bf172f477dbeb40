"""Unit economics: what a unit gains if it is bought, loses if not, and the chance to break even."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.problem import ShippingProblem

__all__ = ["Economics", "economics"]

SURE = 1.0 - 1e-9


@dataclass(frozen=True)
class Economics:
    """What units earn at a landed cost c: equation 12, elementwise."""

    probability: Floats
    gain: Floats
    """b - c"""
    loss: Floats
    """what it costs if it is not bought"""
    expected_gain: Floats
    """p gain - (1 - p) loss = v - c"""
    break_even: Floats
    """loss / (gain + loss); not clipped: below 0 the unit pays even if nobody buys it. Where a sale
    adds nothing, gain + loss <= 0: 0 if the unit pays, else 1"""


def economics(
    problem: ShippingProblem, unit: Ints, landed: Floats, late: Ints | None = None
) -> Economics:
    """Split what units earn at the landed cost `landed` into gain and loss (equation 12).

    `late` are the rows of `problem.late` that value them, -1 or None for `problem.units`. The loss
    is what makes p gain - (1 - p) loss equal v - c: where values were levelled so as not to
    increase with rank, it carries the difference. A unit sure to be bought earns v - c.
    """
    p, value, benefit, unsold_worth = (
        _own(problem, name, unit, late)
        for name in ("probability", "value", "benefit", "unsold_worth")
    )
    sure = p >= SURE
    expected = value - landed
    gain = np.where(sure, expected, benefit - landed)
    unsold = landed + problem.holding_window[problem.units.cell[unit]] - unsold_worth
    missed = np.where(sure, 1.0, 1.0 - p)
    loss = np.where(sure, unsold, (p * gain - expected) / missed)
    p = np.where(sure, 1.0, p)
    spread = gain + loss
    flat = np.where(expected >= 0.0, 0.0, 1.0)
    break_even = np.where(spread > 0.0, loss / np.where(spread > 0.0, spread, 1.0), flat)
    return Economics(p, gain, loss, p * gain - (1.0 - p) * loss, break_even)


def _own(problem: ShippingProblem, name: str, unit: Ints, late: Ints | None) -> Floats:
    """Read a column of units; on their own day of arrival where `late` has a row for them."""
    known: Floats = getattr(problem.units, name)[unit]
    if late is None or not len(problem.late.unit):
        return known
    return np.where(late >= 0, getattr(problem.late, name)[np.maximum(late, 0)], known)
