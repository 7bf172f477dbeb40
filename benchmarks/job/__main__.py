"""Wall and CPU seconds, by stage too, peak memory and program size of the whole weekly job.

`python -m benchmarks.job [complete-journey|synthetic] [--size small]` makes the sample in a
temporary folder, runs `foreship run` on it as a user would, and appends a row to results.csv. Loops
are compiled by the first run that asks for them: on a machine that has not run the job before, the
row to keep is the second one.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.results import append, today

RESULTS = Path(__file__).parent / "results.csv"


def main() -> None:
    """Measure one run and print its row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", nargs="?", default="complete-journey")
    parser.add_argument("--size", default="small")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Path(scratch) / "workspace"
        _foreship("sample", workspace, "--source", options.source, "--size", options.size)
        row = _measure(workspace) | {"sample": options.source, "size": options.size}
    append(RESULTS, [row])
    for name, value in row.items():
        print(f"{name:<18} {value}")


def _foreship(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.job.clocked", *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True)


def _measure(workspace: Path) -> dict[str, Any]:
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = _foreship("run", workspace, "--json", "--quiet")
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    said, clock = json.loads(ended.stdout), json.loads(ended.stderr.splitlines()[-1])
    run = Path(said["run"])
    manifest = json.loads((run / "manifest.json").read_text())
    summary = said["summary"]
    return {
        "date": today(),
        "wall_seconds": round(wall, 1),
        "cpu_seconds": round(
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1
        ),
        "peak_gib": clock["peak_gib"],
        "order_lines": next(e["rows"] for e in manifest["inputs"] if e["name"] == "orders"),
        **{f"program_{name}": value for name, value in summary["counts"].items()},
        "programs": clock["programs"],
        "solve_seconds": round(clock["solve_seconds"], 1),
        "gap": summary["gap"],
        **{f"cpu_{name}": round(spent, 2) for name, spent in clock["stages"].items()},
        **{f"version_{name}": value for name, value in manifest["versions"].items()},
    }


if __name__ == "__main__":
    main()
