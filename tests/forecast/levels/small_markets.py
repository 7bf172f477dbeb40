"""Markets of a few items in every region, and what is known ahead of them, for tests of levels."""

from __future__ import annotations

import numpy as np

from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Pools
from foreship_forecast.history.stated_weeks import StatedWeeks
from foreship_forecast.levels.cell_levels import CellLevels
from foreship_forecast.levels.known_effects import KnownAhead
from foreship_forecast.levels.pace import Pace, pace_of
from foreship_foundation.arrays import Floats
from tests.forecast.small_market import panel_of_cells


def market(rate: Floats, known: np.ndarray | None = None, seed: int = 1) -> Panel:
    """Return a panel of Poisson sales at rates of shape (regions, items, W)."""
    regions, items, weeks = rate.shape
    flat = rate.reshape(regions * items, weeks)
    mask = np.ones(flat.shape, dtype=bool) if known is None else known.reshape(flat.shape)
    return panel_of_cells(
        np.random.default_rng(seed).poisson(flat),
        mask,
        np.repeat(np.arange(regions), items),
        np.tile(np.arange(items), regions),
    )


def stated(matrix: np.ndarray, blank: float) -> StatedWeeks:
    """Return what a matrix of cells and weeks states."""
    cell, week = np.indices(matrix.shape).reshape(2, -1)
    return StatedWeeks.of(matrix.shape, (cell, week), matrix.ravel(), blank)


def nothing_ahead(panel: Panel) -> KnownAhead:
    """Return that nothing is known ahead."""
    return KnownAhead((), None, None, panel.codes.region)


def anything_ahead(panel: Panel, rng: np.random.Generator, horizons: int) -> KnownAhead:
    """Return an event, promotions and prices by chance, some prices not stated."""
    cells, weeks = panel.shape
    shape = cells, weeks + horizons
    price = np.where(rng.random(shape) < 0.8, rng.choice([10.0, 8.0, 5.0], shape), np.nan)
    return KnownAhead(
        event=((rng.random((len(panel.codes.regions), shape[1])) < 0.1).astype(np.float64),),
        promotion=stated((rng.random(shape) < 0.1).astype(np.float32), 0.0),
        price=stated(price.astype(np.float32), np.nan),
        region=panel.codes.region,
    )


def paces(panel: Panel, ahead: KnownAhead | None = None, horizons: int = 4) -> Pace:
    """Return the paces of a panel."""
    return pace_of(panel, Pools.of(panel), ahead or nothing_ahead(panel), horizons)


def swept(panel: Panel, ahead: KnownAhead | None = None, cells: slice | None = None) -> CellLevels:
    """Return the levels of some cells, by default all."""
    ahead = ahead or nothing_ahead(panel)
    pools, cells = Pools.of(panel), cells or slice(0, panel.shape[0])
    return CellLevels.of(panel, pools, paces(panel, ahead), ahead, cells)
