"""The whole weekly job by number of cells: time and memory of all its processes, by stage.

`python -m benchmarks.job.many_cells [--size hundred-thousand] [--processes 1]` makes the synthetic
sample of that size (`million`: 20,000 items x 50 regions), sold by the unit, or one of `--items`
and `--regions`, runs `foreship run` on it as a user would and appends a row to results_cells.csv,
and one for each stage to results_stages.csv. `--workspace DIR` takes a sample that was made before.

`cells` are those of the program. Where other work shares the cores (`load_before`, of the last 15
minutes), wall time says little. Memory is what all processes of the job hold together, pages that
they share counted once (the PSS of Linux), read twice a second; that of a stage is the most that
was read while it ran. Stages lie in each other as `clocked.STAGES` says.
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
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.results import append, today, versions
from foreship.samples.synthetic import world
from foreship.samples.synthetic.sample import simulate_workspace

RESULTS = Path(__file__).parent / "results_cells.csv"
STAGES = Path(__file__).parent / "results_stages.csv"
PACKAGES = ("lightgbm", "numpy", "pandas", "pyarrow")
PAUSE = 0.5
"""seconds between two readings of memory"""


def main() -> None:
    """Measure one run and print its rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=sorted(world.SIZES))
    parser.add_argument("--items", type=int, default=400)
    parser.add_argument("--regions", type=int, default=50)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--workspace", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        size = world.SIZES[options.size] if options.size else _of(options.items, options.regions)
        workspace = options.workspace or _made(Path(scratch) / "workspace", size)
        _set_processes(workspace, options.processes)
        measured, stages = _measured(workspace)
    about = {
        "date": today(),
        "items": size.items,
        "regions": size.regions,
        "processes": options.processes,
    }
    row = {**about, **measured, **versions(PACKAGES)}
    alike = {name: row[name] for name in row if name.startswith("version_")}
    rows = [{**about, "cells": row["cells"], **each, **alike} for each in stages]
    append(RESULTS, [row])
    append(STAGES, rows)
    _tell(row, rows)


def _of(items: int, regions: int) -> world.Size:
    return world.Size(regions, items, 104, 4, 0.12, 2_000, whole_orders=False)


def _made(folder: Path, size: world.Size) -> Path:
    """Write the sample of a size into a new folder."""
    folder.mkdir()
    world.SIZES["of_cells"] = size
    simulate_workspace(folder, "of_cells", 1)
    return folder


def _set_processes(workspace: Path, processes: int) -> None:
    path = workspace / "foreship.toml"
    kept, _, _ = path.read_text().partition("\n[cluster]\n")
    path.write_text(f"{kept}\n[cluster]\nprocesses = {processes}\n")


def _measured(workspace: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Run the job; return its figures, and those of its stages."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "benchmarks.job.clocked", "run", str(workspace), "--json"]
    with subprocess.Popen(
        [*command, "--quiet"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as job:
        memory = Memory(job.pid)
        said, told = job.communicate()
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if job.returncode:
        raise SystemExit(f"the job ended with {job.returncode}: {said[-2000:]} {told[-2000:]}")
    clock, summary = json.loads(told.splitlines()[-1]), json.loads(said)["summary"]
    manifest = json.loads((Path(json.loads(said)["run"]) / "manifest.json").read_text())
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figures = {
        "cells": summary["counts"]["cells"],
        "order_lines": next(e["rows"] for e in manifest["inputs"] if e["name"] == "orders"),
        "lines": summary["counts"]["lines"],
        "gap": summary["gap"],
        "wall_seconds": round(wall, 1),
        "load_before": round(os.getloadavg()[2], 1),
        "cpu_seconds": round(spent, 1),
        "peak_gib": _gib(memory.most()),
        "version_source": manifest["versions"]["source"],
    }
    return figures, list(_by_stage(clock, memory))


def _by_stage(clock: Mapping[str, Any], memory: Memory) -> Iterable[dict[str, Any]]:
    for name, spans in clock["spans"].items():
        if spans:
            yield {
                "stage": name,
                "cpu_seconds": round(clock["stages"][name], 2),
                "wall_seconds": round(sum(end - begin for begin, end in spans), 2),
                "peak_gib": _gib(memory.most(spans)),
            }


def _gib(kib: int) -> float:
    return round(kib / 2**20, 2)


def _tell(row: Mapping[str, Any], stages: Iterable[Mapping[str, Any]]) -> None:
    for name, value in row.items():
        print(f"{name:<22} {value}")
    print(f"{'stage':<22} {'CPU-s':>8} {'wall-s':>8} {'GiB':>6}")
    for each in stages:
        cpu, wall, peak = each["cpu_seconds"], each["wall_seconds"], each["peak_gib"]
        print(f"{each['stage']:<22} {cpu:>8} {wall:>8} {peak:>6}")


class Memory:
    """Reads what a process and its children hold until the process ends."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._read: list[tuple[float, int]] = []
        """when, and what was held [KiB]"""
        self._watching = threading.Thread(target=self._watch, daemon=True)
        self._watching.start()

    def most(self, spans: Iterable[tuple[float, float]] | None = None) -> int:
        """Return the most that was read [KiB], or that was while any of the spans lasted.

        A span between two readings is told by the one before it.
        """
        self._watching.join()
        within = None if spans is None else [(begin - PAUSE, end) for begin, end in spans]
        held = [
            kib
            for at, kib in self._read
            if within is None or any(begin <= at <= end for begin, end in within)
        ]
        return max(held, default=0)

    def _watch(self) -> None:
        while Path(f"/proc/{self._pid}").exists():
            self._read.append((time.monotonic(), sum(map(_held, _family(self._pid)))))
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
