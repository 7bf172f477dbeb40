"""`foreship` with a clock on the solver: CPU seconds of every program that HiGHS was handed.

`python -m benchmarks.job.clocked run DIR ..` does what `foreship run DIR ..` does and ends stderr
with one line of JSON: how many programs were solved, and the CPU seconds that took, the handing
over by PuLP and the reading of the answer included.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from foreship.__main__ import main
from optimize import solver


def clocked() -> None:
    """Run the command and tell what the solver took."""
    spent = {"programs": 0.0, "solve_seconds": 0.0}
    plain = solver.run

    def timed(*words: Any, **more: Any) -> solver.Outcome:
        started = time.process_time()
        try:
            return plain(*words, **more)
        finally:
            spent["programs"] += 1
            spent["solve_seconds"] += time.process_time() - started

    solver.run = timed
    try:
        main()
    finally:
        print(json.dumps(spent), file=sys.stderr)


if __name__ == "__main__":
    clocked()
