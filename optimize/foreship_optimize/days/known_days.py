"""Orders whose days are known: a single, certain path cut where they truly fall."""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_optimize.days.orders_on_days import WEEK_DAYS, OrdersOnDays

__all__ = ["KnownDays"]


class KnownDays(OrdersOnDays):
    """Tells which units of a week come before a day, because each day's are known.

    Parameters
    ----------
    daily
        Units of each day from the first Monday on, shape (C, 7 H).
    """

    def __init__(self, daily: Ints) -> None:
        weekly = daily.reshape(len(daily), -1, WEEK_DAYS).sum(axis=2)
        super().__init__(weekly[:, :, None].astype(np.int32), None)
        self._daily = daily

    def of_cells(self, cells: Ints) -> KnownDays:
        """Return the days of some cells alone."""
        return KnownDays(self._daily[cells])

    def before(self, cells: Ints, week: int, monday: np.datetime64, days: int) -> Ints:
        """Units of a week on its first days, 1 .. 6 of them, shape (len(cells), 1)."""
        start = WEEK_DAYS * week
        first = self._daily[cells, start : start + days]
        return np.asarray(first.sum(axis=1, dtype=np.int64)[:, None])
