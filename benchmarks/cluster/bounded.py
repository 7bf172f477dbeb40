"""A job for which one process has no memory, on workers that have as little each.

`python -m benchmarks.cluster.bounded [--cells 50000] [--paths 200] [--gib 1.0] [--workers 2]` makes
a plain shop of so many cells and plans it on so many sample paths by `foreship run` three times: in
one process of any memory; in one that may hold so many GiB; and on a cluster whose scheduler, whose
workers and whose driver may hold as much each. Each of these is in a control group of its own
(`confined`), as on a machine of its own; they run side by side, since nothing is timed by the wall.
A row a way goes to results_bounded.csv: how it ended, what it held, whether its files are the same.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from benchmarks.cluster.confined import Confined, confined
from benchmarks.cluster.shop import make_shop
from benchmarks.results import append, today, versions
from foreship.cluster.bounds import GIB
from foreship.cluster.moving import MIB

RESULTS: Final = Path(__file__).parent / "results_bounded.csv"
WEEKS: Final = 104
ANY: Final = 2**40
"""bytes that no job here holds"""
ANYTHING: Final = "one process, any memory"
ALONE: Final = "one process"
STARTING: Final = 120.0
"""seconds that a busy machine may need to start a scheduler and its workers"""
STAGES: Final = ("read", "forecast", "plan", "after_plan", "write")
"""stages of a job that do not lie in each other"""
OF_THEIR_OWN: Final = "summary.json"
"""the file that holds a run's own seconds and memory, which are no part of its answer"""

Row = dict[str, Any]


def main() -> None:
    """Try all ways and print their rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=50_000)
    parser.add_argument("--lines", type=float, default=10.0)
    parser.add_argument("--paths", type=int, default=200)
    parser.add_argument("--gib", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        shop = Path(scratch) / "workspace"
        shop.mkdir()
        make_shop(shop, options.cells, WEEKS, options.lines, options.paths)
        lines = pq.read_metadata(shop / "orders.parquet").num_rows
        rows = all_ways(shop, int(options.gib * GIB), options.workers)
    about = {
        "date": today(),
        "cells": options.cells,
        "order_lines": lines,
        "paths": options.paths,
        "gib": options.gib,
    }
    for way, row in rows.items():
        append(RESULTS, [about | {"way": way} | row | versions(("lightgbm", "numpy", "pandas"))])
        print(way, *(f"{name} {value}" for name, value in row.items()), sep="  ")


def all_ways(shop: Path, limit: int, workers: int) -> dict[str, Row]:
    """Run the job of a shop in each way side by side; return a row by way.

    Parameters
    ----------
    shop
        A workspace; runs and what else is written lie beside it.
    limit
        Bytes that one process, or each of a cluster, may hold.
    workers
        Of the cluster.
    """
    with ThreadPoolExecutor() as side_by_side:
        ways = {
            ANYTHING: side_by_side.submit(_alone, shop, ANY),
            ALONE: side_by_side.submit(_alone, shop, limit),
            f"driver and {workers} workers": side_by_side.submit(_shared, shop, limit, workers),
        }
    rows = {way: each.result() for way, each in ways.items()}
    whole = rows[ANYTHING]["answer"]
    for row in rows.values():
        row["same_files"] = row.pop("answer", whole) == whole and not row["exit"]
    return rows


def _alone(shop: Path, limit: int) -> Row:
    """Run the job in one process."""
    name = f"alone-{limit}"
    with confined(name, limit) as group:
        return _run(shop, group, name, ())


def _shared(shop: Path, limit: int, workers: int) -> Row:
    """Run the job on a cluster."""
    with _cluster(shop.parent, limit, workers) as (address, groups), confined("led", limit) as led:
        row = _run(shop, led, "shared", ("--cluster", address))
        held = [round(group.most_held / MIB, 1) for group in groups]
        return row | {
            "scheduler_held_mib": held[0],
            "workers_held_mib": " ".join(map(str, held[1:])),
            "workers_ended": sum(group.ended for group in groups[1:]),
        }


def _run(shop: Path, group: Confined, name: str, more: Sequence[str]) -> Row:
    """Run the job into a folder of its own; say how it ended and what it held."""
    out = ["--out", str(shop.parent / name)]
    command = ["-m", "benchmarks.job.clocked", "run", str(shop), *out, "--json", *more]
    job = group.start(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with group.watched():
        said, told = job.communicate()
    row: Row = {
        "exit": job.returncode,
        "ended_by_the_system": group.ended,
        "held_mib": round(group.most_held / MIB, 1),
        "wrote_a_run": any((shop.parent / name).glob("**/manifest.json")),
    }
    if job.returncode:
        return row
    clock, run = json.loads(told.splitlines()[-1]), Path(json.loads(said)["run"])
    return row | {
        "peak_mib": round(1024 * clock["peak_gib"], 1),
        "cpu_seconds": round(sum(clock["stages"][each] for each in STAGES), 1),
        "answer": _files(json.loads((run / "manifest.json").read_text())),
    }


def _files(manifest: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: each["sha256"] for name, each in manifest["files"].items() if name != OF_THEIR_OWN
    }


@contextmanager
def _cluster(scratch: Path, limit: int, workers: int) -> Iterator[tuple[str, list[Confined]]]:
    """Start a scheduler and workers, each in a group of its own; yield its address and theirs."""
    from distributed import Client

    with ExitStack() as stack:
        groups = [stack.enter_context(confined("scheduler", limit))]
        said, place = scratch / "scheduler.json", ["--host", "127.0.0.1"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": scratch}
        more = ["--port", "0", "--no-dashboard", "--no-show", "--scheduler-file", str(said)]
        groups[0].start(["-m", "dask", "scheduler", *place, *more], **_environment(quiet))
        address = _address(said)
        for number in range(workers):
            group = stack.enter_context(confined(f"worker-{number}", limit))
            small = ["--nthreads", "1", "--memory-limit", str(limit), "--no-dashboard"]
            command = ["-m", "dask", "worker", address, *small, *place]
            group.start(command, **_environment(quiet))
            groups.append(group)
        for group in groups:
            stack.enter_context(group.watched())
        with Client(address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=STARTING)
        yield address, groups


def _environment(quiet: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a process of the cluster is started: it imports what this one does."""
    roots = os.pathsep.join(each for each in sys.path if each)
    return {**quiet, "env": {**os.environ, "PYTHONPATH": roots}}


def _address(said: Path) -> str:
    """Return where the scheduler answers, once it has said so."""
    until = time.monotonic() + STARTING
    while time.monotonic() < until:
        if said.exists() and (text := said.read_text()).endswith("}"):
            return str(json.loads(text)["address"])
        time.sleep(0.1)
    raise SystemExit("the scheduler does not start")


if __name__ == "__main__":
    main()
