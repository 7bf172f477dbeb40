"""What a forecast of many cells costs: CPU seconds by stage and peak memory.

`python -m benchmarks.forecast.scale [--cells 1000000] [--weeks 104] [--lines 10]` draws orders of
that many cells (`--lines` a cell on average, heavy-tailed), then learns and predicts in one
process, one thread. LightGBM's own training and prediction are timed apart: features,
calibration and sample paths should cost less than they do. Paths are drawn in blocks, none of
which is kept. A row goes to results_scale.csv.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd

import foreship_forecast
from benchmarks.clock import Spent, clock
from benchmarks.memory import peak_gib
from benchmarks.results import append, today, versions
from foreship_forecast.counts.sample_paths import PathDraws
from foreship_forecast.params import ForecastParams

RESULTS = Path(__file__).parent / "results_scale.csv"
AS_OF = pd.Timestamp("2026-11-16")


def main() -> None:
    """Measure one forecast and print its row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--lines", type=float, default=10.0)
    parser.add_argument("--block-rows", type=int, default=ForecastParams().block_rows)
    parser.add_argument("--without-paths", action="store_true")
    options = parser.parse_args()
    params = ForecastParams(history_weeks=options.weeks, block_rows=options.block_rows)
    tables = drawn_orders(options.cells, options.weeks, options.lines)
    row = {
        "date": today(),
        "cells": options.cells,
        "weeks": options.weeks,
        "order_lines": len(tables["orders"]),
        "gib_of_orders": peak_gib(),
        **_measured(tables, params, paths=not options.without_paths),
        **versions(("lightgbm", "numpy", "pandas")),
    }
    append(RESULTS, [row])
    for name, value in row.items():
        print(f"{name:<24} {value}")


def drawn_orders(cells: int, weeks: int, lines: float, seed: int = 1) -> dict[str, pd.DataFrame]:
    """Return orders of `cells` cells, 50 regions each, over `weeks` weeks."""
    rng = np.random.default_rng(seed)
    regions = min(50, cells)
    items = -(-cells // regions)
    rate = rng.lognormal(np.log(lines) - 0.5, 1.0, cells)
    count = np.maximum(rng.poisson(rate), 1)
    cell = np.arange(cells).repeat(count)
    day = rng.integers(0, 7 * weeks, len(cell))
    day[: 7 * weeks] = np.arange(7 * weeks)
    region, item = np.divmod(cell, items)
    frame = pd.DataFrame(
        {
            "date": AS_OF - pd.to_timedelta(7 * weeks - day, unit="D"),
            "region": np.array([f"R{each:02d}" for each in range(regions)], dtype=object)[region],
            "item": np.array([f"I{each:06d}" for each in range(items)], dtype=object)[item],
            "quantity": 1 + rng.poisson(0.3, len(cell)),
        }
    )
    return {"orders": frame.astype({"region": str, "item": str})}


def _measured(
    tables: dict[str, pd.DataFrame], params: ForecastParams, *, paths: bool
) -> dict[str, Any]:
    spent = Spent()
    clock(lightgbm, "train", spent)
    clock(lightgbm.Booster, "predict", spent)
    started = time.process_time()
    snapshot = foreship_forecast.Snapshot(tables, AS_OF)
    model = foreship_forecast.fit(snapshot, params)
    learned = time.process_time()
    distribution = model.predict(snapshot)
    predicted, peak = time.process_time(), peak_gib()
    drawn = _drawn(model.draws(distribution)) if paths else {}
    ended = time.process_time()
    other = ended - started - spent.cpu_seconds
    return {
        "cpu_learn": round(learned - started, 1),
        "cpu_predict": round(predicted - learned, 1),
        "cpu_paths": round(ended - predicted, 1) if paths else None,
        "cpu_lightgbm": round(spent.cpu_seconds, 1),
        "other_over_lightgbm": round(other / spent.cpu_seconds, 3),
        "peak_gib_learn_predict": peak,
        "peak_gib": peak_gib(),
        "block_rows": params.block_rows,
        **drawn,
    }


def _drawn(draws: PathDraws) -> dict[str, Any]:
    """Draw every block, keep none; return what that held at most and what all paths would."""
    tracemalloc.start()
    blocks = sum(1 for _ in draws)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    cells, weeks = draws.distribution.shape
    return {
        "path_blocks": blocks,
        "gib_paths_held": round(held / 2**30, 3),
        "gib_paths_dense": round(2 * cells * weeks * draws.scenarios / 2**30, 3),
    }


if __name__ == "__main__":
    main()
