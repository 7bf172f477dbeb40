"""Lanes that arrive on several days: what plans lose against the best of all plans.

`python -m benchmarks.program.several_days` draws small networks of seeds 0 to 399, tries every plan
of each, and prints a line for each way to a whole-unit plan.
"""

from __future__ import annotations

import time

from tests.optimize.several_days import PATHS, against_all_plans

SEEDS = 400


def main() -> None:
    """Print, for each path, networks tried, gain lost and how many plans are the best."""
    for path in PATHS:
        started = time.process_time()
        gain, lost, best, tried = 0.0, 0.0, 0, 0
        for seed in range(SEEDS):
            found = against_all_plans(seed, path)
            if found is not None:
                least, more = found[0], found[1]["objective"] - found[0]
                gain, lost, tried = gain - least, lost + more, tried + 1
                best += more <= 1e-6 * max(1.0, abs(least))
        seconds = time.process_time() - started
        print(
            f"{path}: {tried} networks, {lost / gain:.3%} of the gain lost, "
            f"{best / tried:.1%} of the plans are the best ({seconds:.0f} CPU-s, all plans tried)"
        )


if __name__ == "__main__":
    main()
