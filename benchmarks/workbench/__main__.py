"""Time the workbench's pages on a made-up run, or on the newest run of a workspace.

    python -m benchmarks.workbench [--items 10000 --regions 50 --lines 100000] [--folder DIR]

Needs `pip install -e ".[browser]"` and Chromium. Figures go to `results.csv` in this folder;
nothing passes or fails by them.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from benchmarks import results
from benchmarks.workbench.asking import STEPS, Bench, Timed, come_in, memory_mb, served, timed
from benchmarks.workbench.making import Size, copy_run, make_run
from foreship.runs import RUNS

HERE = Path(__file__).parent
PACKAGES = ("starlette", "uvicorn", "playwright", "numpy", "pandas", "pyarrow")
VISITS = 100
"""cells looked at before memory is stated again"""
COPIES = ("1" * 10, "2" * 10)
"""ids of copies of the run, to be held beside it"""


def main() -> None:
    """Make the run, serve it, take every step, and write the figures down."""
    asked = _asked()
    size = Size(asked.items, asked.regions, asked.lines)
    with tempfile.TemporaryDirectory(prefix="foreship-bench-") as scratch:
        folder = asked.folder or _made(Path(scratch), size)
        about = "a run that was solved" if asked.folder else "made up, not solved"
        with served(folder) as bench, come_in(bench) as (page, first):
            rows = []
            further = () if asked.folder else _with_copies(page, bench, folder)
            for row in chain(_measured(page, bench, first, asked.repeats), further):
                rows.append(row)
                print(_told(row), flush=True)
    facts = {
        "day": results.today(), "run": about, "lines": size.lines, "cells": size.cells,
        "note": asked.note, "load_average": round(os.getloadavg()[1], 1),
        **results.versions(PACKAGES),
    }  # fmt: skip
    results.append(HERE / "results.csv", [{**facts, **row} for row in rows])


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    usual = Size()
    words.add_argument("--items", type=int, default=usual.items)
    words.add_argument("--regions", type=int, default=usual.regions)
    words.add_argument("--lines", type=int, default=usual.lines)
    words.add_argument("--repeats", type=int, default=5)
    words.add_argument("--folder", type=Path, help="a workspace whose newest run is measured")
    words.add_argument("--note", default="", help="what else the machine was doing")
    return words.parse_args()


def _made(folder: Path, size: Size) -> Path:
    (folder / "foreship.toml").write_text("")
    make_run(folder, size)
    return folder


def _with_copies(page: Any, bench: Bench, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the memory that the server holds with three runs open."""
    run = next(iter((folder / RUNS).glob("*-*")))
    for identity in COPIES:
        copy = copy_run(run, identity)
        page.goto(f"{bench.base}/run/{copy.name}/cell?region=R003&item=K00017")
        page.get_by_text("Why not one more").first.wait_for()  # until then cells are being read
    yield {"step": "memory: with three runs", **memory_mb(bench.pid)}


def _measured(page: Any, bench: Bench, first: Timed, repeats: int) -> Iterator[dict[str, Any]]:
    """Yield a row a step: first pages while the cells are read, the rest once they are."""
    yield first.row()
    yield {"step": "memory: after the first view", **memory_mb(bench.pid)}
    cold = [step for step in STEPS if step.name in ("lines", "item")]
    for step in cold:
        yield {**timed(page, bench, step, 1).row(), "step": f"{step.name}, first time"}
    yield {"step": "memory: after the first item", **memory_mb(bench.pid)}
    for step in STEPS:
        yield timed(page, bench, step, repeats).row()
    for number in range(VISITS):
        page.goto(f"{bench.base}/run/latest/cell?region=R003&item=K{number:05d}")
    yield {"step": f"memory: after {VISITS} more cells", **memory_mb(bench.pid)}


def _told(row: dict[str, Any]) -> str:
    if "resident_mb" in row:
        return f"{row['step']:<40} {row['resident_mb']:>6} MB, {row['anonymous_mb']} MB of its own"
    if not row["repeats"]:
        return f"{row['step']:<40} no such page"
    within = "" if row["median_ms"] <= row["aim_ms"] else f"  (aimed at: {row['aim_ms']:.0f})"
    took = f"{row['median_ms']:>8} ms, worst {row['worst_ms']}, CPU {row['server_cpu_ms']}"
    return f"{row['step']:<40} {took}{within}"


if __name__ == "__main__":
    main()
