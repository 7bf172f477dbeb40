"""`foreship` with a clock on the solver: CPU seconds of every program that HiGHS was handed.

`python -m benchmarks.job.clocked run DIR ..` does what `foreship run DIR ..` does and ends stderr
with one line of JSON: how many programs were solved, and the CPU seconds that took, the handing
over by PuLP and the reading of the answer included.
"""

from __future__ import annotations

import json
import sys

from benchmarks.clock import Spent, clock
from foreship.__main__ import main
from foreship_optimize.program import solver


def clocked() -> None:
    """Run the command and tell what the solver took."""
    spent = Spent()
    clock(solver, "run", spent)
    try:
        main()
    finally:
        told = {"programs": spent.calls, "solve_seconds": spent.cpu_seconds}
        print(json.dumps(told), file=sys.stderr)


if __name__ == "__main__":
    clocked()
