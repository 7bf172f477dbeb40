"""A review made by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd

from foreship.reviews.results import Review
from foreship.reviews.scores import SCORES
from tests.foreship.small_world import date

LATE = ["line", "destination", "item", "promised", "units", "came", "days"]
DUE = ["run", "line", "region", "item", "units", "exit", "loss"]


def review(**changes: Any) -> Review:
    """Return a review of one line that kept its promise; each keyword replaces a part."""
    lines = pd.DataFrame(
        {
            "action": ["ship"], "origin": ["H1"], "destination": ["R1"], "item": ["K"],
            "ship_date": [date(0)], "arrival_date": [date(2)], "line": [0], "sent": [4],
            "received": [3], "under_way": [0], "missing": [1], "sold": [2], "moved_on": [0],
            "lying": [1], "gain_promised": [8.0], "gain_came": [8.0],
        }
    )  # fmt: skip
    money = pd.DataFrame(
        {"region": ["R1", "R2"], "category": ["kitchen", ""], "promised": [5.0, 3.0],
         "came": [5.0, 3.0]}
    )  # fmt: skip
    parts = {
        "run": "2026-03-02-0123456789", "stage": "released", "monday": "2026-03-02",
        "until": "2026-03-09", "promised": 8.0, "came": 8.0, "settled": True,
        "ledger": {"profit": 10.0 / 3, "units_ordered": 3}, "lines": lines, "money": money,
        "forecast": None, "scores": pd.DataFrame(columns=SCORES),
        "late": pd.DataFrame(columns=LATE), "due": pd.DataFrame(columns=DUE), "notes": (),
        "margins": {"K": 4.0},
    }  # fmt: skip
    return Review(**parts | changes)


def late(*rows: tuple[int, int | None]) -> pd.DataFrame:
    """Return pieces of line 0 given as (units, days late), None for what never came."""
    found = [
        (0, "R1", "K", date(2), units, pd.NaT if days is None else date(2 + days), days)
        for units, days in rows
    ]
    return pd.DataFrame(found, columns=LATE)


def forecast(*rows: tuple[str, str, float, int]) -> pd.DataFrame:
    """Return a forecast table given as (level, id, forecast, sold)."""
    table = pd.DataFrame(rows, columns=["level", "id", "forecast", "sold"])
    return table.assign(inside=0.5, cell_weeks=2, before_adjustments=table["forecast"])


def scores(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Return scores given as (row, reason, score)."""
    found = [
        (row, row.split()[0], "fix", "4 of K", reason, "Ada", score, "scored")
        for row, reason, score in rows
    ]
    return pd.DataFrame(found, columns=SCORES)
