"""Panels with one thing changed: an outage, another future, other names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from foreship_forecast.history.panel import WEEK, Panel
from foreship_foundation.arrays import Ints
from tests.forecast.small_market import names


def with_outage(panel: Panel, first: int, weeks: int) -> Panel:
    """Return the panel with weeks of which nothing is known put in before week `first`."""
    gap = np.full(weeks, first)
    return replace(
        panel,
        weeks=panel.weeks[-1] - WEEK * np.arange(panel.shape[1] + weeks)[::-1],
        units=np.insert(panel.units, gap, 0, axis=1),
        lines=np.insert(panel.lines, gap, 0, axis=1),
        known=np.insert(panel.known, gap, False, axis=1),
        censored=np.insert(panel.censored, gap, False, axis=1),
        entered=np.where(panel.entered >= first, panel.entered + weeks, panel.entered),
    )


def with_another_future(panel: Panel, last: int, rng: np.random.Generator) -> Panel:
    """Return the panel with other sales and other weeks sold out after week `last`."""
    later = np.arange(panel.shape[1]) > last
    known = np.where(later, rng.random(panel.shape) < 0.6, panel.known)
    censored = np.where(later, ~known & (rng.random(panel.shape) < 0.5), panel.censored)
    drawn = rng.poisson(40.0, panel.shape) * (known | censored)
    units = np.where(later, drawn, panel.units).astype(np.int32)
    lines = np.where(later, (drawn + 1) // 2, panel.lines).astype(np.int32)
    return replace(panel, units=units, lines=lines, known=known, censored=censored & (units > 0))


def renamed(panel: Panel, region: Ints, item: Ints) -> tuple[Panel, Ints]:
    """Give regions and items other places in the alphabet.

    Returns
    -------
    The panel, sorted by its new names, and the place that each of its cells had before.
    """
    codes = panel.codes
    regions, items = region[codes.region], item[codes.item]
    order = np.lexsort((items, regions))
    codes = replace(
        codes,
        region=regions[order],
        item=items[order],
        parent=codes.parent[order],
        category=codes.category[order],
        regions=names("R", len(codes.regions)),
        items=names("I", len(codes.items)),
    )
    cells = ("units", "lines", "known", "censored", "entered", "offered", "lot")
    changed = {name: getattr(panel, name)[order] for name in cells}
    return replace(panel, codes=codes, **changed), order
