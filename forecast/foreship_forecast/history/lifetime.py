"""How often a selling cell stops for good, measured from history."""

from __future__ import annotations

import numpy as np

from foreship_forecast.errors import NotEnoughHistory
from foreship_forecast.history.lives import SILENT_CHANCE
from foreship_forecast.history.panel import whole_panel
from foreship_forecast.history.snapshot import Snapshot

__all__ = ["obsolescence_per_year"]

LONGEST_HISTORY = 520
SHORTEST_HISTORY = 52
"""weeks below which a pause cannot be told from an end"""
FEWEST_SALES = 3
PRIOR_YEARS = 100.0
"""cell-years without an end that the measured ones are mixed with"""


def obsolescence_per_year(snapshot: Snapshot) -> float:
    """Return the yearly chance that a selling cell closes or collapses without notice.

    A cell with sales in a share q of its weeks between first and last sale would stay silent for
    g weeks with chance (1 - q)^g; below 1 % it counts as ended at its last sale (docs/forecast.md,
    eq. 23). Cells are exposed from their first sale to their end, or to the last week in which
    an end could still have been noticed. The rate of ends a cell-year, shrunk by `PRIOR_YEARS`
    without one, gives 1 - exp(-rate), in [0, 0.999]; 0 for less than a year of history.
    """
    try:
        panel = whole_panel(snapshot, LONGEST_HISTORY)
    except NotEnoughHistory:
        return 0.0
    traded = panel.known.any(axis=0)
    if int(traded.sum()) < SHORTEST_HISTORY:
        return 0.0
    sold, known = panel.units > 0, panel.counted()
    enough = sold.sum(axis=1) >= FEWEST_SALES
    sold, known = sold[enough], known[enough]
    if not len(sold):
        return 0.0
    week = np.arange(sold.shape[1])
    first = sold.argmax(axis=1)
    last = sold.shape[1] - 1 - sold[:, ::-1].argmax(axis=1)
    active = known & (week >= first[:, None]) & (week <= last[:, None])
    lived = active.sum(axis=1)
    # sales after the first a week after the first: the first sale itself is where we started
    share = np.clip((sold.sum(axis=1) - 1.0) / np.maximum(lived - 1.0, 1.0), 0.0, 0.999)
    noticed = np.log(SILENT_CHANCE) / np.log1p(-share)
    silent = (known & (week > last[:, None])).sum(axis=1)
    ended = silent >= noticed
    watched = (known & (week >= first[:, None])).sum(axis=1) - noticed
    exposed = np.where(ended, lived, np.maximum(watched, 0.0))
    countable = watched > 0
    ends = float((ended & countable).sum())
    years = float(exposed[countable].sum()) / 52.0
    return float(np.clip(-np.expm1(-ends / (years + PRIOR_YEARS)), 0.0, 0.999))
