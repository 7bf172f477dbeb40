"""What a floor for every item costs in CPU: the plan with a minimum in every cell, and without.

`python -m benchmarks.program.asked --items 10000` draws an instance of `instances.py`, plans it as
it is and with `--floor` units asked for in every cell, and appends a row to results_asked.csv.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.program.instances import draw
from benchmarks.results import append, today, versions
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.planning import solve_or_relax
from foreship_optimize.problem import Floors, ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.gap import relative_gap
from foreship_optimize.valuation.asking import steered

__all__ = ["with_floors"]

RESULTS = Path(__file__).parent / "results_asked.csv"
PACKAGES = ("numpy", "pulp", "highspy", "numba")


class Solved(NamedTuple):
    """What a plan took, and how good it is."""

    cpu: float
    objective: float
    gap: float
    termination: str


def main() -> None:
    """Draw, plan twice, and keep what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--floor", type=int, default=2, help="units asked for in every cell")
    parser.add_argument("--limit", type=float, default=1200.0, help="seconds of wall time a plan")
    options = parser.parse_args()
    few = PlanParams(decomposition_items=1)
    solved(with_floors(draw(50, 1, scenarios=0).problem, 1), options.limit, few)  # compiles loops
    problem = draw(options.items, options.seed, scenarios=0).problem
    plain = solved(problem, options.limit)
    asked = solved(with_floors(problem, options.floor), options.limit)
    row = {
        "date": today(),
        "items": options.items,
        "seed": options.seed,
        "floor": options.floor,
        "cpu_without": round(plain.cpu, 1),
        "cpu_with": round(asked.cpu, 1),
        "ratio": round(asked.cpu / plain.cpu, 2),
        "gap_without": plain.gap,
        "gap_with": asked.gap,
        "ended_without": plain.termination,
        "ended_with": asked.termination,
        **versions(PACKAGES),
    }
    append(RESULTS, [row])
    print(row, flush=True)


def with_floors(problem: ShippingProblem, units: int) -> ShippingProblem:
    """Return a problem of money alone in which every cell should hold so many units."""
    cells = len(problem.cell_item)
    region, item = problem.cell_region.astype(np.int64), problem.cell_item.astype(np.int64)
    on_hand = np.bincount(problem.units.cell[problem.units.on_hand], minlength=cells)
    first = np.zeros(cells, dtype=np.int64)
    floors = Floors(region, item, np.arange(cells), first + units, on_hand, first)
    none = np.empty(0, dtype=np.int64)
    ceilings = Floors(none, none, none, none, none, none)
    words = np.array([f"minimum {units} of any item in any region"], dtype=object)
    charged = np.zeros(len(problem.moves.action))
    return steered(problem, PlanParams(), floors, ceilings, charged, words)


def solved(problem: ShippingProblem, limit: float, plan: PlanParams | None = None) -> Solved:
    """Plan a problem in whole units."""
    params = OptimizeParams(plan=plan or PlanParams())
    start = time.process_time()
    found = solve_or_relax(problem, params, Clock(limit), strict=False).incumbent
    took = time.process_time() - start
    gap = relative_gap(found.objective, found.bound)
    return Solved(took, found.objective, gap, found.termination)


if __name__ == "__main__":
    main()
