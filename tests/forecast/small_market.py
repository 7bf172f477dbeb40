"""A small shop with a known law of demand, and panels by hand, for tests of the forecast room."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_forecast.features.known_ahead import Outlook
from foreship_forecast.features.matrix import Features
from foreship_forecast.history.cells import Codes
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Pools
from foreship_forecast.levels.pace import pace_of

AS_OF = pd.Timestamp("2026-11-16")


def shop(
    regions: int = 6,
    items: int = 10,
    weeks: int = 60,
    seed: int = 3,
    mean: float = 1.2,
    swing: float = 0.5,
) -> dict[str, pd.DataFrame]:
    """Return tables of a shop whose weekly counts are negative binomial around item means."""
    rng = np.random.default_rng(seed)
    level = mean * rng.gamma(1.5, 1 / 1.5, items)
    season = 1.0 + swing * np.sin(2 * np.pi * np.arange(weeks) / 52)
    rows = []
    for region in range(regions):
        for item in range(items):
            rate = level[item] * season * rng.gamma(4.0, 0.25)
            units = rng.negative_binomial(2.0, 2.0 / (2.0 + rate))
            for week in np.flatnonzero(units):
                date = AS_OF - pd.Timedelta(days=int(7 * (weeks - week) - rng.integers(7)))
                rows.append((date, f"R{region}", f"I{item:02d}", int(units[week])))
    names = ["date", "region", "item", "quantity"]
    orders = pd.DataFrame(rows, columns=names).sort_values("date", ignore_index=True)
    first = orders.iloc[[0]].assign(date=AS_OF - pd.Timedelta(days=7 * weeks))
    return {
        "orders": pd.concat([first, orders], ignore_index=True),
        "items": pd.DataFrame(
            {"item": [f"I{each:02d}" for each in range(items)], "price": 10.0, "category": "c"}
        ),
        "regions": pd.DataFrame({"region": [f"R{each}" for each in range(regions)]}),
    }


def panel_of_cells(
    units: np.ndarray,
    known: np.ndarray,
    region: np.ndarray,
    item: np.ndarray,
    entered: np.ndarray | None = None,
    category_of: np.ndarray | None = None,
    censored: np.ndarray | None = None,
) -> Panel:
    """Return a panel up to `AS_OF` of cells given by positions, sorted by (region, item).

    `category_of` holds each item's category; by default all items share one. `censored` weeks are
    not known, and by default there are none.
    """
    censored = np.zeros_like(known) if censored is None else censored & ~known & (units > 0)
    cells, weeks = units.shape
    items = int(item.max()) + 1
    category_of = np.zeros(items, dtype=np.int64) if category_of is None else category_of
    as_of = AS_OF.to_datetime64().astype("datetime64[D]")
    return Panel(
        as_of=as_of,
        weeks=as_of - 7 * np.arange(weeks, 0, -1),
        units=np.where(known | censored, units, 0).astype(np.int32),
        lines=np.where(known | censored, (units + 1) // 2, 0).astype(np.int32),
        known=known,
        censored=censored,
        entered=np.zeros(cells, dtype=np.int64) if entered is None else entered,
        offered=np.ones(cells, dtype=bool),
        codes=Codes(
            region=region,
            item=item,
            parent=np.zeros(cells, dtype=np.int64),
            category=category_of[item],
            regions=names("R", int(region.max()) + 1),
            items=names("I", items),
            parents=np.array([""], dtype=object),
            categories=names("K", int(category_of.max()) + 1),
        ),
        lot=np.ones(cells, dtype=np.int64),
        notes=(),
    )


def plain_features(panel: Panel, horizon_weeks: int = 8) -> Features:
    """Return features of a panel without calendar, prices and signals."""
    outlook = Outlook(panel.codes, panel.weeks, {}, None, False, {})
    pools, ahead = Pools.of(panel), outlook.effects()
    pace = pace_of(panel, pools, ahead, horizon_weeks)
    return Features(panel, pools, outlook, ahead, pace, panel.shape[1] - 1)


def random_panel(rng: np.random.Generator, regions: int, items: int, weeks: int) -> Panel:
    """Return a panel with closed, unknown and censored weeks, late entries, one cell unknown."""
    cells = regions * items
    entered = rng.integers(0, weeks // 2, cells)
    known = rng.random((cells, weeks)) < 0.85
    known[:, rng.integers(0, weeks, 3)] = False
    known &= np.arange(weeks) >= entered[:, None]
    censored = ~known & (rng.random((cells, weeks)) < 0.4)
    censored &= known.any(axis=0) & (np.arange(weeks) >= entered[:, None])
    known[0], censored[0], entered[0] = False, False, weeks
    rate = rng.gamma(0.7, 2.0, cells)
    return panel_of_cells(
        units=rng.poisson(rate[:, None], (cells, weeks)),
        known=known,
        region=np.repeat(np.arange(regions), items),
        item=np.tile(np.arange(items), regions),
        entered=entered,
        category_of=np.arange(items) % 2,
        censored=censored,
    )


def names(letter: str, count: int) -> np.ndarray:
    """Return ids that sort by their position."""
    return np.array([f"{letter}{each:02d}" for each in range(count)], dtype=object)
