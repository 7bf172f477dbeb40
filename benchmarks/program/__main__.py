"""CPU seconds, peak memory and certified gaps of the program, beside general solvers.

`python -m benchmarks.program --sizes 1k 10k 100k` draws each instance, solves it by the
decomposition and by the alternatives, each in a process of its own, and appends rows to
results.csv. `--only decomposition` leaves the alternatives out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.memory import peak_gib
from benchmarks.results import append

RESULTS = Path(__file__).parent / "results.csv"
METHODS = ("decomposition", "arrays", "pulp")
LARGEST = {"decomposition": 10**9, "arrays": 10_000, "pulp": 1_000}
"""items beyond which a method is not tried: memory or hours"""
MINIMUM_LINE = 2
"""units, with `--families`"""
PACKAGES = ("numpy", "pulp", "highspy", "numba")


def main() -> None:
    """Measure every size by every method and print the rows."""
    options = _options()
    if options.child:
        items, seed, scenarios = _items(options.sizes[0]), options.seed, options.scenarios
        said = _measured(
            options.child, items, seed, scenarios, options.limit,
            families=options.families, share=options.budget,
        )  # fmt: skip
        print(json.dumps(said))
        return
    for size in options.sizes:
        for method in METHODS:
            if options.only not in (None, method):
                continue
            if _items(size) > LARGEST[method] or (options.families and method == "arrays"):
                continue
            row = _in_a_child(method, size, options)
            append(RESULTS, [row])
            print(json.dumps(row), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["1k", "10k", "100k"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scenarios", type=int, default=100)
    parser.add_argument("--limit", type=float, default=1200.0, help="seconds of wall time a solve")
    parser.add_argument("--families", action="store_true",
                        help="redirects, exits, packs and a minimum line of 2 as well")  # fmt: skip
    parser.add_argument("--budget", type=float, default=1.0,
                        help="share of the risk budget that is drawn")  # fmt: skip
    parser.add_argument("--only", choices=METHODS)
    parser.add_argument("--child", choices=METHODS, help=argparse.SUPPRESS)
    return parser.parse_args()


def _items(size: str) -> int:
    return int(float(size[:-1]) * 1000) if size.endswith("k") else int(size)


def _in_a_child(method: str, size: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measure in a new process, so that memory and compiled code are its own."""
    words = [sys.executable, "-m", "benchmarks.program", "--child", method, "--sizes", size,
             "--seed", str(options.seed), "--scenarios", str(options.scenarios),
             "--limit", str(options.limit), "--budget", str(options.budget)]  # fmt: skip
    words += ["--families"] if options.families else []
    # a fixed threshold: else freed arrays below 32 MiB stay with the process and count as its own
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    said = subprocess.run(words, check=False, stdout=subprocess.PIPE, text=True, env=environment)
    row = {"date": datetime.now(UTC).date().isoformat(), "method": method, "size": size,
           "seed": options.seed, "scenarios": options.scenarios,
           "families": options.families, "budget": options.budget}  # fmt: skip
    if said.returncode:
        return row | {"stopped": f"exit {said.returncode}"}
    return row | json.loads(said.stdout.strip().splitlines()[-1])


def _measured(
    method: str,
    items: int,
    seed: int,
    scenarios: int,
    limit: float,
    *,
    families: bool,
    share: float,
) -> dict[str, Any]:
    """Draw, leave out what cannot pay, solve; CPU seconds of each step."""
    from benchmarks.program.instances import draw
    from benchmarks.program.methods import SOLVERS
    from foreship_optimize.limits import limits_of
    from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
    from foreship_optimize.program.instance import Instance
    from foreship_optimize.program.presolve import reduce
    from foreship_optimize.risk import risk_of

    seconds: dict[str, float] = {}
    watch = _Watch(seconds)
    instance = draw(items, seed, scenarios=scenarios, families=families)
    watch("draw")
    params = OptimizeParams(
        risk=RiskParams(budget=None if instance.budget is None else share * instance.budget),
        plan=PlanParams(
            time_limit_seconds=limit,
            decomposition_items=0,
            minimum_line_quantity=MINIMUM_LINE if families else 1,
        ),
    )
    reduced = reduce(instance.problem, params.plan)
    risk = risk_of(instance.problem, params.risk).of(reduced.moves)
    problem = reduced.problem
    del instance, reduced
    reduced_instance = Instance(problem, limits_of(problem), params, risk)
    watch("prepare")
    data = peak_gib()
    wall = time.perf_counter()
    answer = SOLVERS[method](reduced_instance, limit, watch)
    return {
        "cpu_seconds": round(seconds["continuous"], 2),
        "cpu_whole_units": round(seconds.get("whole", 0.0), 2),
        "cpu_prepare": round(seconds["prepare"], 2),
        "cpu_draw": round(seconds["draw"], 1),
        "wall_seconds": round(time.perf_counter() - wall, 1),
        "data_gib": data,
        "peak_gib": peak_gib(),
        **answer,
        **{f"version_{name}": version(name) for name in PACKAGES},
        "version_python": platform.python_version(),
    }


class _Watch:
    """Note CPU seconds since the last call under a name."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds, self._last = seconds, time.process_time()

    def __call__(self, name: str) -> None:
        now = time.process_time()
        self._seconds[name] = self._seconds.get(name, 0.0) + now - self._last
        self._last = now


if __name__ == "__main__":
    main()
