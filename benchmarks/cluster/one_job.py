"""One job on some workers of this machine: its rows as one line of JSON.

`python -m benchmarks.cluster.one_job FOLDER WORKERS`; 0 workers: this process alone. Each number of
workers has a process of its own, so that none begins with what another one left.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.cluster.stages import driver, load_first, worker_rows
from foreship.cluster import at_work
from foreship.jobs.before_plan.lateness import plan_tables
from foreship.pipeline.handoff import drawn_demand
from foreship.pipeline.stages import forecast_stage, plan_stage
from foreship.workspace.opening import open_workspace


def main() -> None:
    """Do the job and print what it took."""
    folder, workers = Path(sys.argv[1]), int(sys.argv[2])
    rows: list[dict[str, Any]] = []
    with driver("driver: read and check", rows):
        workspace = open_workspace(folder)
    config, as_of = workspace.config, workspace.as_of
    address = f"local:{workers}" if workers else None
    with at_work(address, config.cluster, lambda words: None) as across:
        load_first(across, workers)
        with driver("driver: forecast", rows):
            made = forecast_stage(workspace.tables, as_of, config, across=across)
        with driver("driver: plan", rows):
            demand, tables = drawn_demand(made.paths, across), plan_tables(workspace).tables
            plan = plan_stage(
                tables, demand, as_of, config, obsolescence=made.obsolescence, across=across
            )
        rows += worker_rows(across)
    told = plan.units.to_csv(index=False) + plan.lines.to_csv(index=False)
    size = {
        "cells": made.paths.distribution.shape[0],
        "order_lines": len(workspace.tables["orders"]),
        "workers": workers,
    }
    answer = hashlib.sha256(told.encode()).hexdigest()
    print(json.dumps({"answer": answer, "rows": [size | row for row in rows]}))


if __name__ == "__main__":
    main()
