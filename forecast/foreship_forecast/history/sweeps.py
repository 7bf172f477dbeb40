"""Rolling statistics over dense cell x week matrices, computed for the whole matrix at once.

Every function takes and returns arrays of shape (rows, weeks); column t of a result uses
columns <= t of its arguments and nothing later. Cumulative sums make any window cost the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Bools, Floats, Ints, Numbers

__all__ = [
    "by_week",
    "carried",
    "columns",
    "counted_first",
    "gap_since",
    "highest_yet",
    "lagged",
    "ratio",
    "rolling_max",
    "rolling_sum",
    "running_sum",
]

Numeric = TypeVar("Numeric", bound=np.generic)
COLUMNS = 16
"""columns laid out at a time: what a line of memory holds is read once"""


def columns(values: npt.NDArray[Numeric]) -> Iterator[npt.NDArray[Numeric]]:
    """Yield the columns of a matrix, each side by side in memory."""
    for first in range(0, values.shape[1], COLUMNS):
        yield from np.ascontiguousarray(values[:, first : first + COLUMNS].T)


def by_week(values: npt.NDArray[Numeric]) -> npt.NDArray[Numeric]:
    """Return the same matrix with columns side by side in memory, as loops over weeks read it.

    What is worked out of such matrices element by element lies the same way.
    """
    return np.asfortranarray(values)


def running_sum(values: Numbers) -> Floats:
    """Return the sum of all columns up to each, added one after another."""
    total = np.empty(values.shape, dtype=np.float64, order="F")
    total[:, 0] = values[:, 0]
    for week in range(1, values.shape[1]):
        np.add(total[:, week - 1], values[:, week], out=total[:, week])
    return total


def rolling_sum(values: Numbers, window: int) -> Floats:
    """Return the sum over the last `window` columns, fewer at the start."""
    week_by_week = values.flags.f_contiguous
    total = running_sum(values) if week_by_week else np.cumsum(values, axis=1, dtype=np.float64)
    if window < total.shape[1]:
        total[:, window:] -= total[:, :-window].copy(order="K")
    return total


def rolling_max(values: Floats, windows: tuple[int, ...]) -> dict[int, Floats]:
    """Return the maximum over the last w columns for each w, given in ascending order.

    The maximum over w columns is that of two overlapping stretches of at least w / 2 columns.
    """
    reach, longest = values, 1
    found = {}
    for window in windows:
        while longest < window:
            step = min(longest, window - longest)
            reach = np.maximum(reach, lagged(reach, step, 0.0))
            longest += step
        found[window] = reach
    return found


def counted_first(counted: Bools) -> tuple[Ints, Ints]:
    """Return an order of the columns in which the counted ones come first, and places in it.

    Sweeps over columns in that order know no gaps: a window is the latest w counted weeks, and
    after weeks sold out all is as it was before them. Place t is that of the latest counted column
    at or before t, -1 where there is none yet. Both of shape (rows, weeks).
    """
    return np.argsort(~counted, axis=1, kind="stable"), np.cumsum(counted, axis=1) - 1


def lagged(values: Floats, weeks: int, fill: float = np.nan) -> Floats:
    """Return the values `weeks` columns earlier, `fill` before the first."""
    if weeks == 0:
        return values
    moved = np.full_like(values, fill)
    moved[:, weeks:] = values[:, :-weeks]
    return moved


def highest_yet(values: Floats) -> Floats:
    """Return the largest of all columns up to each."""
    highest = values.copy(order="F")
    for week in range(1, values.shape[1]):
        np.maximum(highest[:, week - 1], highest[:, week], out=highest[:, week])
    return highest


def gap_since(happened: Bools, known: Bools) -> Floats:
    """Return observed weeks since something last happened, NaN where it never did."""
    count = running_sum(known)
    at_last = highest_yet(np.where(happened, count, -1.0))
    return np.where(at_last >= 0, count - at_last, np.nan)


def ratio(above: Floats, below: Floats) -> Floats:
    """Return above / below, NaN where below is 0."""
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def carried(values: Floats) -> Floats:
    """Return each row with blanks filled by the last value before them."""
    found = values.copy(order="F")
    for week in range(1, values.shape[1]):
        now = found[:, week]
        np.copyto(now, found[:, week - 1], where=np.isnan(now))
    return found
