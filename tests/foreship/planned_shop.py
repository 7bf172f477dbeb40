"""A small shop whose plan is made on scenarios of its own: what a planner then does is cheap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import foreship
from foreship.runs import Run
from tests.foreship.good_workspace import write_workspace
from tests.foreship.small_variants import AS_OF, UNPRICED, demand_at, whole_frames

__all__ = ["AS_OF", "DEMAND", "RULES", "edits_file", "frames_of_shop", "open_shop", "planned_shop"]

DEMAND = "demand.csv"
RULES = f"{UNPRICED}\n[economics]\nobsolescence_per_year = 0.1\n"
RULES += "\n[plan]\ntime_limit_seconds = 1e9\n"
"""nothing is measured, no plan is made beside those that are asked for, none hangs on the clock"""


def frames_of_shop() -> dict[str, pd.DataFrame]:
    """Return its tables: all stock in the hub, nothing locked."""
    frames = whole_frames()
    for name in ("overrides", "policies", "adjustments"):
        frames[name] = frames[name][:0]
    frames["stock"] = frames["stock"][frames["stock"]["location"] == "H"]
    return frames


def planned_shop(folder: Path, as_of: pd.Timestamp = AS_OF, **frames: pd.DataFrame) -> Run:
    """Write the shop and its scenarios into a folder and plan; return the run."""
    write_workspace(folder, frames_of_shop() | frames, settings=RULES)
    weeks = [as_of + pd.Timedelta(weeks=week) for week in range(2)]
    demand = pd.concat([demand_at(3).assign(week=week) for week in weeks])
    demand.to_csv(folder / DEMAND, index=False)
    return foreship.plan(open_shop(folder, as_of), demand=folder / DEMAND)


def open_shop(folder: Path, as_of: pd.Timestamp = AS_OF) -> Any:
    """Open the shop for a Monday."""
    return foreship.open(folder, as_of)


def edits_file(folder: Path, rows: list[tuple[int, str, Any, str]]) -> Path:
    """Write edits given as (line, decision, new quantity, comment)."""
    path = folder / "edits.csv"
    columns = ["line", "decision", "new_quantity", "comment"]
    pd.DataFrame(rows, columns=columns).to_csv(path, index=False)
    return path
