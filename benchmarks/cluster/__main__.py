"""What a cluster costs: bytes moved, seconds and memory by stage, for 1, 2 and 4 workers.

`python -m benchmarks.cluster [--cells 20000] [--lines 10] [--block-cells 2500] [--workers 0 1 2 4]`
learns once from orders drawn for so many cells, then scores all cells and draws their paths on
that many workers of this machine; 0 is this process alone. Every number must give the same units.
A row a stage goes to results.csv: `driver` is what stays with the process that leads.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path
from typing import Any

import foreship_forecast
from benchmarks.cluster.stages import driver, load_first, worker_rows
from benchmarks.forecast.scale import AS_OF, drawn_orders
from benchmarks.results import append, today, versions
from foreship.cluster import at_work
from foreship.cluster.moving import MIB
from foreship.params import ClusterParams
from foreship_forecast.counts.sample_paths import PathDraws
from foreship_forecast.learning.model import PurchaseModel
from foreship_forecast.params import ForecastParams
from foreship_foundation.paths.packed import PackedUnits

RESULTS = Path(__file__).parent / "results.csv"
WEEKS = 104
QUICK = {"rounds": 20, "max_rows": 30_000}
"""learning is not what is measured: a small forest scores as a large one travels"""


def main() -> None:
    """Measure every number of workers and print its rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=20_000)
    parser.add_argument("--lines", type=float, default=10.0)
    parser.add_argument("--block-cells", type=int, default=2_500)
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2, 4])
    options = parser.parse_args()
    horizon = ForecastParams().horizon_weeks
    rows_of_block = options.block_cells * horizon
    params = ForecastParams(history_weeks=WEEKS, block_rows=rows_of_block, **QUICK)
    tables = drawn_orders(options.cells, WEEKS, options.lines)
    snapshot = foreship_forecast.Snapshot(tables, AS_OF)
    model = foreship_forecast.fit(snapshot, params)
    size = {
        "date": today(),
        "cells": options.cells,
        "order_lines": len(tables["orders"]),
        "block_cells": options.block_cells,
    }
    seen = set()
    for workers in options.workers:
        rows, answer = _measured(model, snapshot, workers)
        seen.add(answer)
        append(RESULTS, [size | row | versions(("numpy", "pandas")) for row in rows])
        for row in rows:
            print(*(f"{name} {value}" for name, value in row.items()), sep="  ")
    if len(seen) > 1:
        raise SystemExit("the units depend on the number of workers")


def _measured(
    model: PurchaseModel, snapshot: foreship_forecast.Snapshot, workers: int
) -> tuple[list[dict[str, Any]], str]:
    """Return a row a stage, and a hash of the units that were drawn."""
    address = f"local:{workers}" if workers else None
    with at_work(address, ClusterParams(), print) as across:
        load_first(across, workers)
        rows: list[dict[str, Any]] = []
        with driver("driver", rows):
            begun = time.perf_counter()
            distribution = model.predict(snapshot, across=across)
            scored = time.perf_counter()
            draws: PathDraws = model.draws(distribution)
            units = draws.packed(across)
            drawn = time.perf_counter()
        walls = {"law_of_block": scored - begun, "as_one_block": drawn - scored}
        stages = [
            row | {"wall_seconds": round(walls[row["stage"]], 2)} for row in worker_rows(across)
        ]
    (led,) = rows
    led["mib_packed"] = round(units.nbytes / MIB, 3)
    return [{"workers": workers} | row for row in (*stages, led)], _hash(units)


def _hash(units: PackedUnits) -> str:
    told = hashlib.sha256()
    for frame in units.frames:
        told.update(frame.packed)
    return told.hexdigest()


if __name__ == "__main__":
    main()
