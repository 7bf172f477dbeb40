"""Small networks whose lanes leave on some days, over docks that rest or take in little a day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.optimize.table_builder import MONDAY

WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def calendar_of(*rows: tuple[int, str, str]) -> pd.DataFrame:
    """Return a calendar of rows: day from the plan's Monday, event, region."""
    days, events, regions = zip(*rows, strict=True) if rows else ((), (), ())
    dates = [MONDAY + pd.Timedelta(days=day) for day in days]
    return pd.DataFrame({"date": pd.to_datetime(dates), "event": events, "region": regions})


def with_days(tables: dict[str, pd.DataFrame], seed: int) -> dict[str, pd.DataFrame]:
    """Let lanes leave on drawn weekdays, close places on drawn days, and limit what a day takes."""
    rng = np.random.default_rng(seed)
    lanes, hubs, regions = (tables[name].copy() for name in ("lanes", "hubs", "regions"))
    lanes["departs"] = [_weekdays(rng) for _ in range(len(lanes))]
    hubs["picking_units"] = [_a_day(rng) for _ in range(len(hubs))]
    regions["receiving_units"] = [_a_day(rng) for _ in range(len(regions))]
    places = ["", *hubs["hub"], *regions["region"]]
    closed = [
        (int(rng.integers(0, 21)), "closed for stocktaking", str(place))
        for place in places
        if rng.random() < 0.4
    ]
    return {
        **tables,
        "lanes": lanes, "hubs": hubs, "regions": regions, "calendar": calendar_of(*closed),
    }  # fmt: skip


def _weekdays(rng: np.random.Generator) -> str:
    """Words of one to three weekdays, or none."""
    if rng.random() < 0.4:
        return ""
    return " ".join(rng.choice(WEEK, size=int(rng.integers(1, 4)), replace=False))


def _a_day(rng: np.random.Generator) -> float:
    return float(rng.integers(1, 6)) if rng.random() < 0.4 else np.inf
