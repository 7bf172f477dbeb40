"""Packs and lines: what is gained by finding a plan by prices too where rounding leaves a gap.

`python -m benchmarks.program.both_ways` draws networks with redirects, exits and packs of 200 to
1,500 items, in lines of one and two units, and prints a line for each and their mean.
"""

from __future__ import annotations

import time

from benchmarks.program.instances import draw
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.planning import solve_or_relax
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import solve_continuous
from foreship_optimize.program.gap import relative_gap
from foreship_optimize.whole_units.incumbent import find_incumbent

SIZES, LINES, SEEDS = (200, 400, 700, 1000, 1500), (1, 2), range(5)
SCENARIOS, LIMIT = 200, 600.0


def main() -> None:
    """Print gaps and CPU seconds of one way and of the default, and what the default gains."""
    gains = []
    for items in SIZES:
        for line in LINES:
            for seed in SEEDS:
                problem = draw(items, seed, scenarios=SCENARIOS, families=True).problem
                params = OptimizeParams(plan=PlanParams(minimum_line_quantity=line))
                started = time.process_time()
                solved = solve_or_relax(problem, params, Clock(LIMIT), strict=False)
                both = time.process_time() - started
                instance, started = solved.instance, time.process_time()
                alone = find_incumbent(
                    instance, solve_continuous(instance, Clock(LIMIT)), Clock(LIMIT)
                )
                one = time.process_time() - started
                gains.append((alone.objective - solved.incumbent.objective) / abs(alone.objective))
                gaps = [
                    relative_gap(each.objective, each.bound) for each in (alone, solved.incumbent)
                ]
                print(
                    f"{items} items, lines of {line}, seed {seed}: gap {gaps[0]:.1e} -> "
                    f"{gaps[1]:.1e}, {gains[-1]:.3%} gained, {one:.2f} -> {both:.2f} CPU-s",
                    flush=True,
                )
    mean = sum(gains) / len(gains)
    print(
        f"{len(gains)} networks: {mean:.3%} gained on average, {min(gains):.3%} to {max(gains):.3%}"
    )


if __name__ == "__main__":
    main()
