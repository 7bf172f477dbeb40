"""One job on some workers of this machine: its rows as one line of JSON.

`python -m benchmarks.cluster.one_job FOLDER OUT WORKERS`; 0 workers: this process alone. Each
number of workers has a process of its own, so that none begins with what another one left.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.cluster.stages import Row, driver, load_first, worker_rows
from foreship.cluster import at_work
from foreship.jobs import weekly
from foreship.metrics.meter import stage
from foreship.runs import write_run
from foreship.workspace.opening import open_workspace
from foreship_foundation.blocks import Across

OWN = "summary.json"
"""the file that holds a run's own seconds and memory, which are no part of its answer"""


def main() -> None:
    """Do the job and print what it took."""
    folder, out, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    rows: list[Row] = []
    used: list[Across] = []
    with driver("driver: read and check", rows):
        workspace = open_workspace(folder, out=out)
    _watch(rows, used, workers)
    run = weekly.run_job(workspace, cluster=f"local:{workers}" if workers else None)
    rows += [row for each in used for row in worker_rows(each)]
    size = {
        "cells": run.summary["counts"]["cells"],
        "order_lines": len(workspace.tables["orders"]),
        "workers": workers,
    }
    print(json.dumps({"answer": _answer(run.manifest), "rows": [size | row for row in rows]}))


def _watch(rows: list[Row], used: list[Across], workers: int) -> None:
    """Have the job's stages measured, and those who work on its blocks known."""

    @contextmanager
    def clocked(name: str) -> Iterator[Any]:
        with driver(f"driver: {name}", rows), stage(name) as work:
            yield work

    @contextmanager
    def watched(*asked: Any) -> Iterator[Across]:
        with at_work(*asked) as across:
            load_first(across, workers)
            used.append(across)
            yield across

    def written(*asked: Any, **more: Any) -> Any:
        with driver("driver: write", rows):
            return write_run(*asked, **more)

    for name, put in (("stage", clocked), ("at_work", watched), ("write_run", written)):
        setattr(weekly, name, put)


def _answer(manifest: Mapping[str, Any]) -> str:
    """Return a hash of the hashes of all files that are an answer."""
    hashes = {name: told["sha256"] for name, told in manifest["files"].items() if name != OWN}
    return hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    main()
