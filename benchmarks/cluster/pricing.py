"""What pricing by item would move to workers and back, beside what it costs where it stands.

`python -m benchmarks.cluster.pricing [--items 10000 100000] [--scenarios 100]` draws instances of
the program's benchmark, solves their continuous programs by prices in this process, and counts what
every call of the pricing problem would have sent to workers that hold the items, and back. A row an
instance goes to results_pricing.csv.

Workers would be sent the items once; prices go out with every call, to each worker; the plans of
all ways come back, since the master mixes them, and each group's use of what is shared.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.program.instances import draw
from benchmarks.results import append, today, versions
from foreship.cluster.moving import MIB
from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.decomposition import price_search
from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.decomposition.pricing import PricedPlans, PricingProblem
from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams, PlanParams, RiskParams
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.presolve import reduce
from foreship_optimize.risk import risk_of

RESULTS: Final = Path(__file__).parent / "results_pricing.csv"
SOLVE: Final = "solve_pricing"
PLACE_AND_UNITS: Final = 8
"""bytes of a way that a plan uses"""


@dataclass
class Moved:
    """What the calls of the pricing problem took and would have moved."""

    calls: int = 0
    cpu_seconds: float = 0.0
    once: int = 0
    """bytes of the items"""
    out: int = 0
    """bytes of prices, to one worker"""
    back: int = 0


def main() -> None:
    """Measure every size and print its row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--scenarios", type=int, default=100)
    options = parser.parse_args()
    _solved(100, options.scenarios)  # loads compiled code
    for items in options.items:
        row = {"date": today(), "items": items, "scenarios": options.scenarios}
        row |= _solved(items, options.scenarios) | versions(("highspy", "numba", "numpy"))
        append(RESULTS, [row])
        print(*(f"{name} {value}" for name, value in row.items()), sep="  ")


def _solved(items: int, scenarios: int) -> dict[str, Any]:
    """Solve one instance by prices; return what it took."""
    drawn = draw(items, 0, scenarios=scenarios, families=False)
    params = OptimizeParams(
        risk=RiskParams(budget=drawn.budget),
        plan=PlanParams(time_limit_seconds=1e9, decomposition_items=0),
    )
    reduced = reduce(drawn.problem, params.plan)
    risk = risk_of(drawn.problem, params.risk).of(reduced.moves)
    instance = Instance(reduced.problem, limits_of(reduced.problem), params, risk)
    moved, plain = Moved(), getattr(price_search, SOLVE)

    def counted(
        pricing: PricingProblem, rows: Floats, outcomes: Floats, items: Ints, *more: Any
    ) -> PricedPlans:
        begun = time.process_time()
        answer: PricedPlans = plain(pricing, rows, outcomes, items, *more)
        moved.cpu_seconds += time.process_time() - begun
        moved.calls += 1
        moved.once = sum(_bytes_of(pricing.item_arrays))
        moved.out += rows.nbytes + outcomes.nbytes
        moved.back += answer.cost.nbytes + answer.used.nbytes + answer.loss.nbytes
        mine = np.isin(pricing.item_of_way, items)
        moved.back += PLACE_AND_UNITS * int(np.count_nonzero(answer.quantity[mine]))
        return answer

    setattr(price_search, SOLVE, counted)
    begun = time.process_time()
    try:
        solve_by_prices(instance, Clock(params.plan.time_limit_seconds))
    finally:
        setattr(price_search, SOLVE, plain)
    return {
        "cpu_seconds": round(time.process_time() - begun, 2),
        "pricing_cpu_seconds": round(moved.cpu_seconds, 2),
        "calls": moved.calls,
        "mib_once": round(moved.once / MIB, 3),
        "mib_out": round(moved.out / MIB, 3),
        "mib_in": round(moved.back / MIB, 3),
    }


def _bytes_of(values: Any) -> Iterator[int]:
    """Yield the bytes of every array, those inside tuples too."""
    for each in values:
        if isinstance(each, np.ndarray):
            yield each.nbytes
        elif isinstance(each, tuple):
            yield from _bytes_of(each)


if __name__ == "__main__":
    main()
