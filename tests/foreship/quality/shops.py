"""Small clean shops of several shapes, to be spoilt in one way each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from foreship.ingest.tables import TableRead, read_table
from foreship.quality.evidence import Evidence
from foreship_foundation.tables.input_tables import INPUTS

__all__ = ["SHAPES", "clean", "evidence", "found_by"]

Frames = dict[str, pd.DataFrame]
SHAPES = ("plain", "sparse", "busy", "heavy", "season", "launches", "totals", "unnamed")
"""a year of a few units; slow movers; many equal lines; wholesale sizes; a Christmas peak; items
and regions that come and go; a row a cell and week; orders without ids and prices"""
FIRST = np.datetime64("2024-09-02")


def clean(shape: str, seed: int = 1) -> Frames:
    """Return the tables of a shop without any fault."""
    draw = np.random.default_rng([seed, SHAPES.index(shape)])
    regions = [f"R{n}" for n in range(draw.integers(2, 6))]
    items = [f"I{n}" for n in range(draw.integers(3, 9))]
    price = np.round(draw.uniform(8, 60, len(items)), 2)
    return {
        "orders": _orders(shape, draw, regions, items, price),
        "items": pd.DataFrame({"item": items, "price": price, "unit_cost": np.round(price / 2, 2)}),
        "regions": pd.DataFrame({"region": regions, "capacity": 500.0}),
        "hubs": pd.DataFrame({"hub": ["H1"]}),
        "lanes": pd.DataFrame(
            {
                "origin": "H1",
                "destination": regions,
                "cost_per_unit": np.round(draw.uniform(0.5, 2, len(regions)), 2),
                "lead_time_days": draw.integers(1, 9, len(regions)),
                "direct_cost": 6.0,
            }
        ),
        "stock": pd.DataFrame({"location": "H1", "item": items, "quantity": 200}),
    }


def _orders(
    shape: str, draw: np.random.Generator, regions: list[str], items: list[str], price: np.ndarray
) -> pd.DataFrame:
    weeks = int(draw.integers(30, 110))
    lines = {"sparse": 60, "busy": 4000}.get(shape, int(draw.integers(400, 2500)))
    days = draw.integers(0, 7 * weeks, lines)
    region, item = draw.integers(0, len(regions), lines), draw.integers(0, len(items), lines)
    kept = np.ones(lines, dtype=bool)
    if shape == "season":
        kept = draw.random(lines) < 0.3 + 0.7 * (np.abs(days % 364 - 90) < 25)
    if shape == "launches":
        begin, end = (
            draw.integers(0, 3 * weeks, len(items)),
            draw.integers(4 * weeks, 9 * weeks, len(items)),
        )
        opened = draw.integers(0, 3 * weeks, len(regions))
        kept = (days >= begin[item]) & (days <= end[item]) & (days >= opened[region])
    units = _units(shape, draw, lines)
    frame = pd.DataFrame(
        {
            "date": FIRST + days,
            "region": np.array(regions)[region],
            "item": np.array(items)[item],
            "quantity": units,
            "price": np.round(price[item] * draw.choice([1.0, 1.0, 0.9, 0.7], lines), 2),
            "order_id": [f"O{n}" for n in draw.permutation(lines)],
        }
    )[kept].sort_values("date", kind="stable")
    if shape == "totals":
        week = frame["date"] - pd.to_timedelta(frame["date"].dt.day_of_week, unit="D")
        sums = frame.assign(date=week).groupby(["date", "region", "item"], as_index=False)
        return sums["quantity"].sum()
    return frame.drop(columns=["price", "order_id"] if shape in ("unnamed", "busy") else [])


def _units(shape: str, draw: np.random.Generator, lines: int) -> np.ndarray:
    if shape == "heavy":
        return np.ceil(draw.lognormal(1.5, 1.3, lines)).astype(int)
    if shape == "launches":
        return np.where(draw.random(lines) < 0.5, 1, 12)
    return 1 + draw.poisson(0.6, lines)


def evidence(
    frames: Frames, folder: Path, as_of: str | None = None, ending: str = "csv"
) -> Evidence:
    """Write tables and read them back as `check` does."""
    folder.mkdir(parents=True, exist_ok=True)
    read: dict[str, TableRead] = {}
    for name, frame in frames.items():
        path = folder / f"{name}.{ending}"
        if ending == "csv":
            frame.to_csv(path, index=False, date_format="%Y-%m-%d")
        else:
            frame.to_parquet(path, index=False)
        read[name] = read_table(INPUTS[name], path)
    return Evidence(read, None if as_of is None else np.datetime64(as_of))


def found_by(check: object, seen: Evidence) -> list[str]:
    """Return what one check says, as a planner reads it."""
    return [str(each) for each in check(seen)]  # type: ignore[operator]
