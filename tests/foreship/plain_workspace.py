"""The good workspace without what may be absent, and demand of a planner's own for it."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from tests.foreship.good_workspace import AS_OF, ITEMS, REGIONS, good_frames

Frames = dict[str, pd.DataFrame]
LANES = {
    "lead_time_sd_days": 0.0, "vehicle_cost": 0.0, "vehicle_capacity": None, "vehicle_kg": None,
    "line_cost": 0.0, "departs": "",
}  # fmt: skip
DEFAULTS = {
    "lanes": LANES,
    "hubs": {"picking_units": None, "holding_rate_per_year": None},
    "regions": {"receiving_units": None},
    "items": {"hub_holding_cost_per_week": None},
    "overrides": {"action": ""},
}
NO_ROWS = ("receipts", "policies", "adjustments")


def without() -> Frames:
    """Return the good workspace with none of the columns, no closed hub and no receipts."""
    frames = good_frames()
    for name in NO_ROWS:
        del frames[name]
    frames["calendar"] = frames["calendar"][frames["calendar"]["event"] == "fair"]
    return {
        name: frame.drop(columns=list(DEFAULTS.get(name, ())), errors="ignore")
        for name, frame in frames.items()
    }


def own_demand() -> pd.DataFrame:
    """Return twenty scenarios of about two units a cell and week."""
    weeks = AS_OF + pd.to_timedelta(7 * np.arange(4), unit="D")
    rows = list(itertools.product(REGIONS, ITEMS, weeks, range(20)))
    frame = pd.DataFrame(rows, columns=["region", "item", "week", "scenario"])
    return frame.assign(units=np.random.default_rng(5).poisson(2.0, len(frame)))
