"""A run folder of any size, made up: its shapes are those of a plan, its figures are drawn.

No forecast was made and no program solved for it: what is measured on it is reading it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from foreship.files import write_parquet, write_parquet_parts
from foreship.own_files import MANIFEST
from foreship.pipeline.kept_tables import kept_as
from foreship.runs import write_run
from foreship_foundation.tables.output_files import (
    EXCEPTIONS,
    FACTS,
    FORECAST,
    PLAN,
    PROJECTED,
    UNITS,
)

__all__ = ["AS_OF", "Size", "copy_run", "make_run"]

AS_OF = pd.Timestamp("2026-11-16")
HUBS = ("H01", "H02", "H03", "H04", "H05")
CATEGORIES = tuple(f"category {n:02d}" for n in range(40))
SEED = 20261116
Frame = pd.DataFrame


@dataclass(frozen=True)
class Size:
    """How much a run holds."""

    items: int = 10_000
    regions: int = 50
    lines: int = 100_000
    weeks: int = 8
    units: int = 3
    """rows of the ledger by cell"""
    exceptions: int = 5_000

    @property
    def cells(self) -> int:
        """Items in regions."""
        return self.items * self.regions


def make_run(workspace: Path, size: Size) -> Path:
    """Write a made-up run into a workspace; return its folder."""
    made = _Made(size)
    frames: dict[str, Callable[[], Iterator[Frame]]] = {
        "plan.parquet": lambda: iter([made.lines]),
        FACTS.name: lambda: iter([made.facts()]),
        EXCEPTIONS.name: lambda: iter([made.exceptions()]),
        "units.parquet": lambda: map(made.units, range(size.regions)),
        "forecast.parquet": lambda: map(made.forecast, range(size.regions)),
        "reasons.parquet": lambda: map(made.reasons, range(size.regions)),
        PROJECTED.name: lambda: iter([made.projected()]),
    }
    writers: dict[str, Callable[[Path], object]] = {
        name: _writer(parts) for name, parts in frames.items()
    }
    for name, frame in made.tables().items():
        writers[kept_as(name)] = _table_writer(frame)
    writers["summary.json"] = lambda path: path.write_text(json.dumps(made.summary()))
    facts = {
        "notes": ["Made up for a benchmark of reading: nothing here was solved."],
        "config": {"plan": {"review_weeks": 1}, "risk": {"level": 0.95}},
        "versions": {}, "inputs": [],
    }  # fmt: skip
    return write_run(workspace, f"{AS_OF:%Y-%m-%d}", "0123456789", writers, facts).path


def copy_run(run: Path, identity: str) -> Path:
    """Set a copy of a run beside it, under another id; its files take no further room."""
    copy = run.with_name(f"{run.name[:10]}-{identity}")
    shutil.copytree(run, copy, copy_function=os.link)
    manifest = json.loads((run / MANIFEST).read_text())
    (copy / MANIFEST).unlink()
    (copy / MANIFEST).write_text(json.dumps({**manifest, "run_id": identity}))
    return copy


def _writer(parts: Callable[[], Iterator[Frame]]) -> Callable[[Path], None]:
    return lambda path: write_parquet_parts(parts(), path)


def _table_writer(frame: Frame) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_parquet(frame, path)

    return write


class _Made:
    """Frames of the made-up run; the same each time."""

    def __init__(self, size: Size) -> None:
        self.size, self.draw = size, np.random.default_rng(SEED)
        self.items = np.array([f"K{n:05d}" for n in range(size.items)], dtype=object)
        self.regions = np.array([f"R{n:03d}" for n in range(size.regions)], dtype=object)
        self.mean = self.draw.gamma(0.6, 1.5, size.cells)
        self.sent = np.sort(self.draw.choice(size.cells, size.lines, replace=False))
        self.quantity = 1 + self.draw.poisson(1.0, size.lines)
        self.lines = self._lines()

    def _of_cells(self, cells: Any) -> dict[str, Any]:
        region, item = np.divmod(cells, self.size.items)
        return {"region": self.regions[region], "item": self.items[item]}

    def _lines(self) -> Frame:
        cells, draw, many = self._of_cells(self.sent), self.draw, self.size.lines
        frame = pd.DataFrame({
            "action": "ship",
            "origin": np.array(HUBS, dtype=object)[self.sent % len(HUBS)],
            "destination": cells["region"],
            "item": cells["item"],
            "quantity": self.quantity,
            "ship_date": AS_OF,
            "arrival_date": AS_OF + pd.to_timedelta(2 + self.sent % 5, unit="D"),
            "cost": np.round(self.quantity * draw.uniform(0.4, 1.4, many), 4),
            "expected_gain": draw.gamma(1.5, 2.0, many),
            "purchase_probability": draw.uniform(0.2, 0.9, many),
            "break_even": draw.uniform(0.05, 0.4, many),
            "exit": "markdown",
        })[list(PLAN.names)]  # fmt: skip
        keys = ["action", "origin", "destination", "item"]
        return frame.sort_values(keys, ignore_index=True)

    def facts(self) -> Frame:
        """Return what each line is judged by."""
        many, draw = self.size.lines, self.draw
        chance = 100 * self.lines["purchase_probability"]
        return pd.DataFrame({
            "line": np.arange(many),
            "name": "Name of " + self.lines["item"],
            "sold_4_weeks": draw.poisson(3.0, many).astype(float),
            "sold_4_weeks_last_year": np.nan,
            "forecast_window": draw.gamma(1.0, 2.0, many),
            "window_days": 9, "on_hand": draw.poisson(1.0, many), "coming": 0,
            "weeks_of_cover": draw.gamma(2.0, 1.0, many),
            "lowest_stock": draw.gamma(1.0, 1.0, many),
            "sold_out_chance": draw.uniform(0.0, 1.0, many),
            "reason": [f"The last unit sells with a chance of {each:.0f} % and pays from 20 % on; "
                       f"one more would sell with 12 % and lose {each / 100:.2f}."
                       for each in chance],
            "exit": "markdown", "exit_day": AS_OF + pd.Timedelta(days=14),
            "volume": self.lines["quantity"] * 0.25, "kg": self.lines["quantity"] * 0.1,
            "cases": self.lines["quantity"],
        })[list(FACTS.names)]  # fmt: skip

    def exceptions(self) -> Frame:
        """Return what is to be looked at."""
        many = min(self.size.exceptions, self.size.lines)
        cells = self._of_cells(self.sent[:many])
        return pd.DataFrame({
            "rank": np.arange(1, many + 1), "kind": "sold out", "money": np.linspace(900, 1, many),
            **cells, "hub": "", "week": AS_OF, "line": -1,
            "words": [f"{item} in {region} is likely to be sold out."
                      for region, item in zip(*cells.values(), strict=True)],
        })[list(EXCEPTIONS.names)]  # fmt: skip

    def units(self, region: int) -> Frame:
        """Return the ledger of a region: units that lie or are sent there, and the next one."""
        size, each = self.size, self.size.units
        cells = np.arange(region * size.items, (region + 1) * size.items)
        rank = np.tile(np.arange(1, each + 1), size.items)
        p = np.minimum(np.repeat(self.mean[cells], each) / (1.0 + rank), 0.99)
        planned = (rank < each) & np.repeat(np.isin(cells, self.sent), each)
        loss = np.full(len(rank), 0.9)
        return pd.DataFrame({
            **self._of_cells(np.repeat(cells, each)), "unit": rank,
            "planned": planned.astype(np.int64), "p": p, "gain": 4.0, "loss": loss,
            "expected_gain": 4.0 * p - (1.0 - p) * loss, "exit": "markdown",
            "binding": np.where(rank == each, "not worth it", np.where(planned, "", "on hand")),
        })[list(UNITS.names)]  # fmt: skip

    def forecast(self, region: int) -> Frame:
        """Return the demand of a region's cells by week."""
        size = self.size
        cells = np.repeat(np.arange(region * size.items, (region + 1) * size.items), size.weeks)
        mean = self.mean[cells]
        week = np.tile(np.arange(size.weeks), size.items)
        levels = [each for each in FORECAST.names if each.startswith("q")]
        quantiles = {name: np.floor(mean * (1 + n / 3)) for n, name in enumerate(levels)}
        return pd.DataFrame({
            **self._of_cells(cells), "week": AS_OF + pd.to_timedelta(7 * week, unit="D"),
            "mean": mean, "purchase_probability": 1.0 - np.exp(-mean), **quantiles,
        })[list(FORECAST.names)]  # fmt: skip

    def reasons(self, region: int) -> Frame:
        """Return why no unit was weighed for one cell in five."""
        cells = np.arange(region * self.size.items, (region + 1) * self.size.items, 5)
        return pd.DataFrame({**self._of_cells(cells), "about": "not weighed",
                             "cause": "no usable lane"})  # fmt: skip

    def projected(self) -> Frame:
        """Return the stock that the lines' cells are expected to have."""
        weeks = self.size.weeks
        cells, week = np.repeat(self.sent, weeks), np.tile(np.arange(weeks), len(self.sent))
        return pd.DataFrame({
            **self._of_cells(cells), "week": AS_OF + pd.to_timedelta(7 * week, unit="D"),
            "stock": np.maximum(4.0 - week / 2, 0.0), "short": week / 10,
        })[list(PROJECTED.names)]  # fmt: skip

    def tables(self) -> dict[str, Frame]:
        """Return the tables that the run keeps."""
        size, n = self.size, np.arange(self.size.items)
        everywhere = np.arange(size.cells)
        stock = self._of_cells(everywhere)
        hubs = [pd.DataFrame({"location": hub, "item": self.items, "quantity": 40}) for hub in HUBS]
        return {
            "items": pd.DataFrame({
                "item": self.items, "name": "Name of " + pd.Series(self.items).astype(str),
                "category": np.array(CATEGORIES, dtype=object)[n % len(CATEGORIES)],
                "price": 12.0, "unit_cost": 7.0, "volume": 0.25, "weight_kg": 0.1,
            }),
            "regions": pd.DataFrame({
                "region": self.regions, "name": "Region " + pd.Series(self.regions).astype(str),
                "capacity": 20_000.0, "lat": 40.0 + np.arange(size.regions) / 5,
                "lon": np.arange(size.regions) / 5,
            }),
            "hubs": pd.DataFrame({"hub": HUBS, "lat": 45.0, "lon": np.arange(len(HUBS)) * 2.0}),
            "stock": pd.concat([*hubs, pd.DataFrame({
                "location": stock["region"], "item": stock["item"], "quantity": everywhere % 3,
            })], ignore_index=True),
        }  # fmt: skip

    def summary(self) -> dict[str, Any]:
        """Return the figures of the plan as a whole."""
        gain = float(self.lines["expected_gain"].sum())
        freight = float(self.lines["cost"].sum())
        return {
            "schema_version": 1, "status": "ship", "termination": "made up, not solved",
            "objective": -gain, "bound": -gain, "gap": 0.0, "continuous_gap": 0.0,
            "totals": {"freight": freight, "value_of_arrivals": -gain - freight}, "cvar": 1_000.0,
            "risk_level": 0.95, "risk_budget": 2_000.0, "relaxed": [], "counts": {},
            "shadow_prices": [{
                "limit": "storage of R003", "family": "storage", "price": 1.5, "unit": "volume",
                "words": "One more volume unit of storage of R003 is worth 1.50.",
            }],
        }  # fmt: skip
