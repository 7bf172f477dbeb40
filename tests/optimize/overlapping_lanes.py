"""Networks in which several rows of `lanes` join the same two places, drawn at random."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.optimize.table_builder import MONDAY

__all__ = ["beside", "dearer_and_later", "shuffled"]

MORE_ROWS = 2


def beside(lanes: pd.DataFrame, seed: int, share: float = 0.6) -> pd.DataFrame:
    """Add up to two more rows to a share of all pairs: other cost, days, capacity and dates."""
    rng = np.random.default_rng(seed)
    rows = [lanes]
    for _ in range(MORE_ROWS):
        more = lanes[rng.random(len(lanes)) < share].reset_index(drop=True)
        count = len(more)
        kind = rng.integers(0, 4, count)  # 0: as costly and as quick, 1: as quick, else neither
        cost = np.where(kind == 0, more["cost_per_unit"], np.round(rng.uniform(0.3, 2.5, count), 1))
        days = np.where(kind <= 1, more["lead_time_days"], rng.choice([0, 1, 2, 3, 5, 9], count))
        first = pd.Series(MONDAY + pd.to_timedelta(rng.integers(-9, 9, count), unit="D"))
        last = first + pd.to_timedelta(rng.integers(0, 20, count), unit="D")
        room = rng.integers(1, 9, count).astype(float)
        more = more.assign(
            cost_per_unit=cost,
            lead_time_days=days,
            cost_per_kg=np.where(rng.random(count) < 0.3, 0.4, more["cost_per_kg"]),
            capacity=np.where(rng.random(count) < 0.4, room, np.inf),
            direct_cost=np.round(rng.uniform(4.0, 8.0, count), 1),
        )
        more["from"] = first.where(rng.random(count) < 0.5)
        more["to"] = last.where((rng.random(count) < 0.5) & more["from"].notna())
        rows.append(more)
    return pd.concat(rows, ignore_index=True)


def dearer_and_later(lanes: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Add to most lanes without a limit one that costs more and takes as long or longer."""
    rng = np.random.default_rng(seed)
    free = lanes[np.isinf(lanes["capacity"])]
    worse = free[rng.random(len(free)) < 0.7].copy()
    worse["cost_per_unit"] += rng.choice([0.5, 2.0], len(worse))
    worse["lead_time_days"] += rng.choice([0, 1, 3, 9], len(worse))
    worse["direct_cost"] += 1.0
    worse["capacity"] = np.where(rng.random(len(worse)) < 0.5, 5.0, np.inf)
    return pd.concat([worse, lanes], ignore_index=True)


def shuffled(tables: dict[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """Return the tables with their rows in another order."""
    return {
        name: table.sample(frac=1.0, random_state=seed).reset_index(drop=True)
        for name, table in tables.items()
    }
