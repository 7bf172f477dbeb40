"""The whole weekly job by number of cells: seconds by stage, and memory of all its processes.

`python -m benchmarks.job.many_cells [--items 400] [--regions 50] [--processes 1]` makes a synthetic
sample of so many items and regions, two years of about eleven units a cell, sold by the unit
(orders without `order_id`), runs `foreship run` on it and appends a row to results_cells.csv.
Memory is what all processes of the job hold together, pages that they share counted once (the PSS
of Linux), read twice a second.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from benchmarks.results import append, today, versions
from foreship.samples.synthetic import world
from foreship.samples.synthetic.sample import simulate_workspace

RESULTS = Path(__file__).parent / "results_cells.csv"
PAUSE = 0.5
"""seconds between two readings of memory"""


def main() -> None:
    """Measure one run and print its row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--regions", type=int, default=50)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Path(scratch) / "workspace"
        workspace.mkdir()
        _make(workspace, options.items, options.regions)
        with (workspace / "foreship.toml").open("a") as stream:
            stream.write(f"\n[cluster]\nprocesses = {options.processes}\n")
        row = {
            "date": today(),
            "items": options.items,
            "regions": options.regions,
            "processes": options.processes,
            **_measured(workspace),
            **versions(("lightgbm", "numpy", "pandas", "pyarrow")),
        }
    append(RESULTS, [row])
    for name, value in row.items():
        print(f"{name:<22} {value}")


def _make(folder: Path, items: int, regions: int) -> None:
    """Write the sample, its orders without the id that makes them whole orders."""
    world.SIZES["of_cells"] = world.Size(regions, items, 104, 4, 0.105, 2_000)
    simulate_workspace(folder, "of_cells", 1)
    orders = folder / "orders.parquet"
    pq.write_table(pq.read_table(orders).drop(["order_id"]), orders)


def _measured(workspace: Path) -> dict[str, Any]:
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "benchmarks.job.clocked", "run", str(workspace), "--json"]
    with subprocess.Popen(
        [*command, "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as job:
        memory = Memory(job.pid)
        said, told = job.communicate()
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if job.returncode:
        raise SystemExit(f"the job ended with {job.returncode}: {told[-2000:]}")
    clock, summary = json.loads(told.splitlines()[-1]), json.loads(said)["summary"]
    manifest = json.loads((Path(json.loads(said)["run"]) / "manifest.json").read_text())
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "cells": summary["counts"]["cells"],
        "order_lines": next(e["rows"] for e in manifest["inputs"] if e["name"] == "orders"),
        "lines": summary["counts"]["lines"],
        "gap": summary["gap"],
        "wall_seconds": round(wall, 1),
        "load_before": round(os.getloadavg()[2], 1),
        "cpu_seconds": round(spent, 1),
        "peak_gib": round(memory.peak / 2**20, 2),
        **{f"cpu_{name}": round(cpu, 1) for name, cpu in clock.get("stages", {}).items()},
    }


class Memory:
    """Reads what a process and its children hold until the process ends."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        """most that was read [KiB]"""
        self._pid = pid
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while Path(f"/proc/{self._pid}").exists():
            self.peak = max(self.peak, sum(map(_held, _family(self._pid))))
            time.sleep(PAUSE)


def _family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for each in found:
        try:
            children = Path(f"/proc/{each}/task/{each}/children").read_text().split()
        except OSError:
            continue
        found.extend(map(int, children))
    return found


def _held(pid: int) -> int:
    """Return the PSS of a process [KiB], 0 of one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
