"""Totals of the network after each past origin, beside what the plain levels expected of them.

What a forecast that learned nothing would have missed, had it been made in each past week: many
more weeks than are held out, none of them used to fit or to centre anything (docs/forecast.md,
section 7).
"""

from __future__ import annotations

import numpy as np

from foreship_forecast.counts.network_totals import PastTotals
from foreship_forecast.features.matrix import Features
from foreship_forecast.features.rows import Rows
from foreship_foundation.arrays import Ints

__all__ = ["past_totals"]

MOST_WEEKS = 8
"""weeks added up at most: what lasts longer is a level by then"""
MOST_ROWS = 4_000_000
"""rows looked at; of more cells every k-th stands for all"""
BLOCK_VALUES = 400_000
"""cell-weeks added up at a time: sums of sums, so another number would round them otherwise"""


def past_totals(features: Features, horizon_weeks: int) -> PastTotals:
    """Add up what was ordered and expected in the weeks after each origin of the panel.

    Parameters
    ----------
    features
        Levels at every origin, each by weeks up to it.
    horizon_weeks
        Weeks to look ahead, at most 8 of them.
    """
    cells, weeks = features.panel.shape
    ahead = min(horizon_weeks, MOST_WEEKS)
    ordered, expected = np.zeros((2, weeks * ahead))
    chosen = np.arange(0, cells, max(1, -(-cells * weeks * ahead // MOST_ROWS)))
    step = max(1, BLOCK_VALUES // weeks)
    for first in range(0, cells, step):
        rows = _rows(features, chosen[(chosen >= first) & (chosen < first + step)], ahead)
        levels = features.levels(rows)
        place = rows.origin * ahead + rows.horizon - 1
        came = features.panel.units[rows.cell, rows.target]
        ordered += np.bincount(place, came, len(ordered))
        expected += np.bincount(place, levels.chance * (1.0 + levels.extra), len(expected))
    return PastTotals(ordered.reshape(weeks, ahead), expected.reshape(weeks, ahead))


def _rows(features: Features, cells: Ints, ahead: int) -> Rows:
    """Return the rows of some cells, from the origins that knew them to weeks wholly observed."""
    panel = features.panel
    weeks = panel.shape[1]
    grid = np.indices((len(cells), weeks, ahead)).reshape(3, -1)
    rows = Rows(cells[grid[0]], grid[1], grid[2] + 1)
    inside = (panel.entered[rows.cell] <= rows.origin) & (rows.target < weeks)
    rows = rows.part(inside)
    return rows.part(panel.known[rows.cell, rows.target])
