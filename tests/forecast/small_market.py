"""A small shop with a known law of demand, for tests of the forecast room."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
