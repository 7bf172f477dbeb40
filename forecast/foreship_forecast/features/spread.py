"""How far apart a cell's own sizes have been: what its width is learned from (eq. 36).

Weeks with a sale are held against the one before, not against a mean of the year: neither growth
nor a season or promotion of some weeks makes a cell look wide.
"""

from __future__ import annotations

import numpy as np

from foreship_forecast.counts.width import Spread
from foreship_forecast.features.rows import Rows
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.sweeps import by_week, carried, lagged, rolling_sum

__all__ = ["own_spread"]

LATEST_WEEKS = 104
BLOCK_VALUES = 400_000
"""cell-weeks swept at a time; bounds memory, never changes a value"""


def own_spread(panel: Panel, rows: Rows) -> Spread:
    """Return the spread of each row's cell in the latest 104 weeks up to its origin.

    Weeks sold out are left out: their sizes are bounds.
    """
    weeks = panel.shape[1]
    cells, cell = rows.cells
    found = np.empty((3, len(rows)))
    step = max(1, BLOCK_VALUES // weeks)
    for first in range(0, len(cells), step):
        low, high = np.searchsorted(cell, [first, first + step])
        block = cells[first : first + step]
        units = by_week(panel.units[block])
        sold = by_week(panel.known[block]) & (units > 0)
        size = np.where(sold, units - 1.0, np.nan)
        before = lagged(carried(size), 1) if weeks > 1 else np.full_like(size, np.nan)
        paired = sold & ~np.isnan(before)
        at = (cell[low:high] - first, rows.origin[low:high])
        sums = ((size - before) ** 2 / 2.0, (size + before) / 2.0, np.ones_like(size))
        for position, values in enumerate(sums):
            total = rolling_sum(np.where(paired, values, 0.0), LATEST_WEEKS)
            found[position, low:high] = total[at]
    return Spread(*found)
