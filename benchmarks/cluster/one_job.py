"""One job on some workers of this machine: its rows as one line of JSON.

`python -m benchmarks.cluster.one_job FOLDER WORKERS`; 0 workers: this process alone. Each number of
workers has a process of its own, so that none begins with what another one left.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.cluster.loading import loaded
from benchmarks.memory import forget_peak
from foreship.cluster import Workers, at_work
from foreship.jobs.before_plan.lateness import plan_tables
from foreship.metrics.peak import peak_bytes
from foreship.pipeline.handoff import drawn_demand
from foreship.pipeline.stages import forecast_stage, plan_stage
from foreship.workspace.opening import open_workspace

MIB = 2**20


def main() -> None:
    """Do the job and print what it took."""
    folder, workers = Path(sys.argv[1]), int(sys.argv[2])
    rows: list[dict[str, Any]] = []
    with _driver("read and check", rows):
        workspace = open_workspace(folder)
    config, as_of = workspace.config, workspace.as_of
    address = f"local:{workers}" if workers else None
    with at_work(address, config.cluster, lambda words: None) as across:
        if isinstance(across, Workers):  # loads libraries and compiled code, which is not measured
            list(across(loaded, [int] * (4 * workers)))
            across.moving.stages.clear()
        with _driver("forecast", rows):
            made = forecast_stage(workspace.tables, as_of, config, across=across)
        with _driver("plan", rows):
            demand, tables = drawn_demand(made.paths, across), plan_tables(workspace).tables
            plan = plan_stage(
                tables, demand, as_of, config, obsolescence=made.obsolescence, across=across
            )
        if isinstance(across, Workers):
            rows += [
                {
                    "stage": name,
                    "blocks": cost.blocks,
                    "mib_out": round(cost.bytes_out / MIB, 3),
                    "mib_in": round(cost.bytes_in / MIB, 3),
                    "worker_cpu_seconds": round(cost.seconds, 2),
                    "peak_mib": round(cost.peak_bytes / MIB, 1),
                }
                for name, cost in across.moving.stages.items()
            ]
    told = plan.units.to_csv(index=False) + plan.lines.to_csv(index=False)
    size = {
        "cells": made.paths.distribution.shape[0],
        "order_lines": len(workspace.tables["orders"]),
        "workers": workers,
    }
    answer = hashlib.sha256(told.encode()).hexdigest()
    print(json.dumps({"answer": answer, "rows": [size | row for row in rows]}))


@contextmanager
def _driver(stage: str, rows: list[dict[str, Any]]) -> Iterator[None]:
    """Add a row of what a stage took of this process."""
    forget_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    rows.append(
        {
            "stage": f"driver: {stage}",
            "wall_seconds": round(time.perf_counter() - wall, 2),
            "driver_cpu_seconds": round(time.process_time() - cpu, 2),
            "peak_mib": round((peak_bytes() or 0) / MIB, 1),
        }
    )


if __name__ == "__main__":
    main()
