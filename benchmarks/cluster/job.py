"""What the whole job costs on a cluster: bytes moved, seconds and memory by stage.

`python -m benchmarks.cluster.job [--cells 10000] [--lines 10] [--workers 0 1 2 4]` makes a plain
shop of so many cells, two years of order lines, and does the weekly job on that many workers of
this machine; 0 is one process alone. Every number must give the same files. A row a stage goes to
results_job.csv: those of the driver, the process that leads, and those of workers by what they did
to a block.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.cluster.shop import make_shop
from benchmarks.results import append, today, versions

RESULTS = Path(__file__).parent / "results_job.csv"
WEEKS = 104


def main() -> None:
    """Measure every number of workers and print its rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--lines", type=float, default=10.0)
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2, 4])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "workspace"
        folder.mkdir()
        make_shop(folder, options.cells, WEEKS, options.lines)
        answers = {_measured(folder, workers) for workers in options.workers}
    if len(answers) > 1:
        raise SystemExit("the files depend on the number of workers")


def _measured(folder: Path, workers: int) -> str:
    """Measure one number of workers; return a hash of the files."""
    words = [str(folder), str(folder.parent / f"on-{workers}"), str(workers)]
    command = [sys.executable, "-m", "benchmarks.cluster.one_job", *words]
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    about = {"date": today(), "load_before": round(os.getloadavg()[2], 1)}
    rows = [about | row | versions(("lightgbm", "numpy", "pandas")) for row in told["rows"]]
    append(RESULTS, rows)
    for row in rows:
        print(*(f"{name} {value}" for name, value in row.items()), sep="  ")
    return str(told["answer"])


if __name__ == "__main__":
    main()
