"""How many units an order takes, where only sample paths can tell.

Paths of single units show weeks of one unit. Where none does, orders are larger
(docs/value.md, section 1).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.paths.path_units import PathUnits, Units, path_units

__all__ = ["sizes_shown"]

EXPECTED_SINGLES: Final = 5.0
"""Weeks of a single order that must be expected before their absence says anything: Poisson
chance of none below 1 %."""
BY_CHANCE: Final = 0.01
"""Chance below which a common divisor of all weeks is taken for a lot."""


def sizes_shown(units: Units | PathUnits) -> Floats:
    """Units of a usual order as the paths of each cell show it, at least 1, shape (C,).

    Parameters
    ----------
    units
        Weekly demand, shape (C, H, S), however it is kept.
    """
    kept = path_units(units)
    sizes = np.ones(kept.shape[0])
    for cells, piece in kept.pieces():
        for row in np.flatnonzero(_without_single_units(piece)).tolist():
            sizes[cells[row]] = _size_shown(piece[row].ravel().astype(np.int64))
    return sizes


def _without_single_units(units: Units) -> npt.NDArray[np.bool_]:
    """Cells with demand, but without a week of one unit."""
    return np.asarray((units != 0).any(axis=(1, 2)) & ~(units == 1).any(axis=(1, 2)))


def _size_shown(weeks: Ints) -> float:
    """Size of an order, from weeks none of which wants a single unit.

    If orders come one by one, a share exp(-n) of weeks has none for n orders a week.
    """
    lot, none = int(np.gcd.reduce(weeks)), int((weeks == 0).sum())
    orders = -np.log(none / len(weeks)) if none else np.inf
    if none * orders >= EXPECTED_SINGLES and np.isfinite(orders):
        return float(lot * max(1, round(float(weeks.mean()) / orders / lot)))
    # that each further value is a multiple as well has a chance of 1 / lot
    is_lot = float(lot) ** (1 - len(np.unique(weeks))) < BY_CHANCE
    return float(lot) if is_lot else 1.0
