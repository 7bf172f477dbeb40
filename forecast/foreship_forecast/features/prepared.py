"""Features of a snapshot, laid out once: a fresh model predicts from those it learned from."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from foreship_forecast.features.matrix import Features
from foreship_forecast.history.panel import panel_of
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.params import ForecastParams
from foreship_foundation.arrays import Ids

__all__ = ["prepared"]

_LATEST: WeakKeyDictionary[Snapshot, tuple[tuple[object, ...], Features]] = WeakKeyDictionary()
"""snapshot -> settings and features of the last call about it, held as long as the snapshot is"""


def prepared(
    snapshot: Snapshot,
    params: ForecastParams,
    min_customers: int,
    cells: tuple[Ids, Ids] | None = None,
) -> Features:
    """Return the features of a snapshot's panel; asked again with the same settings, the same ones.

    Parameters
    ----------
    snapshot
        What was known.
    params
        Weeks to learn from, the largest order, and the horizon are read from here.
    min_customers
        Distinct buyers that a cell needs to be named in the notes of the panel.
    cells
        Regions and items of further cells, shape (N,) each.

    Raises
    ------
    NotEnoughHistory, TableFault
        As `history.panel.panel_of` does.
    """
    asked = (params.history_weeks, params.largest_order, params.horizon_weeks, min_customers)
    if cells is None and (held := _LATEST.get(snapshot)) is not None and held[0] == asked:
        return held[1]
    panel = panel_of(
        snapshot,
        params.history_weeks,
        cells,
        largest_order=params.largest_order,
        min_customers=min_customers,
    )
    found = Features.of(snapshot, panel, params.horizon_weeks)
    if cells is None:
        _LATEST[snapshot] = (asked, found)
    return found
