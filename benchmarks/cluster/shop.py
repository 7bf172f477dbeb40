"""A plain shop of many cells: one hub, room for all, orders that are drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.forecast.scale import drawn_orders

__all__ = ["make_shop"]

HUB = "H"
TABLES = ("orders", "items", "regions", "hubs", "lanes", "stock")
SETTINGS = """
[forecast]
history_weeks = {weeks}
rounds = 20
scenarios = {paths}
max_rows = 30000
block_rows = 20000
[plan]
time_limit_seconds = 1e9
"""
"""learning is not what is measured: a small forest scores as a large one travels; and blocks are so
small that four workers have some"""


def make_shop(folder: Path, cells: int, weeks: int, lines: float, paths: int = 200) -> None:
    """Write a workspace of so many cells of 50 regions, with `lines` order lines a cell."""
    orders = drawn_orders(cells, weeks, lines)["orders"]
    items, regions = sorted(orders["item"].unique()), sorted(orders["region"].unique())
    held = np.random.default_rng(2).poisson(8, len(items)) + 1
    lane = {"cost_per_unit": 0.5, "lead_time_days": 3, "direct_cost": 4.0, "direct_days": 5.0}
    money = {"price": 20.0, "unit_cost": 8.0, "volume": 1.0}
    frames = (
        orders,
        pd.DataFrame({"item": items, **money}),
        pd.DataFrame({"region": regions, "capacity": np.nan, "last_mile_cost": 1.0}),
        pd.DataFrame({"hub": [HUB]}),
        pd.DataFrame({"origin": HUB, "destination": regions, **lane}),
        pd.DataFrame({"location": HUB, "item": items, "quantity": held}),
    )
    for name, frame in zip(TABLES, frames, strict=True):
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    named = "".join(f'{name} = "{name}.parquet"\n' for name in TABLES)
    text = "[tables]\n" + named + SETTINGS.format(weeks=weeks, paths=paths)
    (folder / "foreship.toml").write_text(text)
