"""What reading costs the process that leads a job, part by part: what workers could take over.

`python -m benchmarks.cluster.reading [--cells 20000] [--lines 300]` makes a plain shop with so many
order lines a cell and opens it in a process of its own, with the clock and the memory of each part:
files decoded and typed, checks of the tables, the tables laid out and their content hashed. A row
a part goes to results_reading.csv: CPU seconds, and what it held beside what was there before it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from benchmarks.cluster.shop import make_shop
from benchmarks.memory import forget_peak
from benchmarks.results import append, today, versions
from foreship.cluster.moving import MIB
from foreship.metrics.peak import peak_bytes
from foreship.workspace import checking, opening
from foreship_foundation.freed import give_back

RESULTS: Final = Path(__file__).parent / "results_reading.csv"
WEEKS: Final = 104
PARTS: Final = (
    ("decoded and typed", checking, "_read"),
    ("checked", checking, "_judged"),
    ("laid out and hashed", opening, "workspace_of"),
)
"""of opening a workspace, in their order"""


def main() -> None:
    """Make the shop, open it, print the rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=20_000)
    parser.add_argument("--lines", type=float, default=300.0)
    parser.add_argument("--folder", type=Path, help="a shop that is opened in this process")
    options = parser.parse_args()
    if options.folder is not None:
        print(json.dumps(_opened(options.folder)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        make_shop(Path(scratch), options.cells, WEEKS, options.lines)
        command = [sys.executable, "-m", "benchmarks.cluster.reading", "--folder", scratch]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    about = {"date": today(), "cells": options.cells}
    rows = [about | row | versions(("numpy", "pandas", "pyarrow")) for row in json.loads(told)]
    append(RESULTS, rows)
    for row in rows:
        print(*(f"{name} {value}" for name, value in row.items()), sep="  ")


def _opened(folder: Path) -> list[dict[str, Any]]:
    """Open a workspace; return a row a part."""
    rows: list[dict[str, Any]] = []
    for name, owner, function in PARTS:
        _watch(name, owner, function, rows)
    lines = len(opening.open_workspace(folder).tables["orders"])
    return [{"order_lines": lines} | row for row in rows]


def _watch(name: str, owner: Any, function: str, rows: list[dict[str, Any]]) -> None:
    """Let a function add its row when it has ended."""
    plain = getattr(owner, function)

    def watched(*words: Any, **more: Any) -> Any:
        give_back()
        forget_peak()
        held, begun = peak_bytes() or 0, time.process_time()
        answer = plain(*words, **more)
        seconds, most = time.process_time() - begun, peak_bytes() or 0
        rows.append(
            {
                "part": name,
                "cpu_seconds": round(seconds, 2),
                "before_mib": round(held / MIB, 1),
                "more_mib": round((most - held) / MIB, 1),
            }
        )
        return answer

    setattr(owner, function, watched)


if __name__ == "__main__":
    main()
