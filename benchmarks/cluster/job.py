"""What the whole job costs on a cluster: bytes moved, seconds and memory by stage.

`python -m benchmarks.cluster.job [--items 200] [--regions 50] [--workers 0 1 2 4]` makes a
synthetic sample of so many items and regions, two years of about eleven units a cell, sold by the
unit, and forecasts and plans it on that many workers of this machine; 0 is one process alone. Every
number must give the same plan. A row a stage goes to results_job.csv: those of the driver, the
process that leads, and those of workers by what they did to a block.
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

from benchmarks.results import append, today, versions
from foreship.samples.synthetic import world
from foreship.samples.synthetic.sample import simulate_workspace

RESULTS = Path(__file__).parent / "results_job.csv"
QUICK = """
[forecast]
rounds = 20
max_rows = 30000
block_rows = 20000
[plan]
time_limit_seconds = 1e9
"""
"""learning is not what is measured: a small forest scores as a large one travels; and blocks are so
small that four workers have some"""


def main() -> None:
    """Measure every number of workers and print its rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--regions", type=int, default=50)
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2, 4])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "workspace"
        folder.mkdir()
        size = world.Size(options.regions, options.items, 104, 4, 0.12, 2_000, whole_orders=False)
        world.SIZES["of_cells"] = size
        simulate_workspace(folder, "of_cells", 1)
        with (folder / "foreship.toml").open("a") as stream:
            stream.write(QUICK)
        answers = {workers: _measured(folder, workers) for workers in options.workers}
    if len(set(answers.values())) > 1:
        raise SystemExit("the plan depends on the number of workers")


def _measured(folder: Path, workers: int) -> str:
    """Measure one number of workers; return a hash of the plan."""
    command = [sys.executable, "-m", "benchmarks.cluster.one_job", str(folder), str(workers)]
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
