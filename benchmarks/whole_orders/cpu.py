"""CPU seconds of a plan by the order and by the unit, on the same forecast.

`python -m benchmarks.whole_orders.cpu [--workspace DIR] [--monday 2017-11-06] [--times 2]` makes
both plans in turn; the first of each kind also compiles what is not compiled yet.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.results import append, today, versions
from benchmarks.whole_orders.mondays import Known, known_on, name_of, opened, options_of

__all__ = ["clocked"]

RESULTS = Path(__file__).parent / "results_cpu.csv"
MONDAY = "2017-11-06"


def main() -> None:
    """Print and keep the seconds of every plan."""
    parser = options_of(__doc__)
    parser.add_argument("--monday", default=MONDAY)
    parser.add_argument("--times", type=int, default=2)
    options = parser.parse_args()
    with opened(options) as workspace:
        started = time.process_time()
        known = known_on(workspace, pd.Timestamp(options.monday))
        print(f"forecast {time.process_time() - started:.1f} CPU-s")
        facts = {"date": today(), "workspace": name_of(options), "monday": options.monday}
        for row in clocked(known, options.times):
            append(RESULTS, [{**facts, **row, **versions()}])
            print(f"by the {row['plan']:5} {row['cpu_seconds']:6} CPU-s, {row['units']:,} units")


def clocked(known: Known, times: int) -> list[dict[str, Any]]:
    """Make both plans so many times, in turn."""
    rows = []
    for turn in range(times):
        for name in ("order", "unit"):
            started = time.process_time()
            plan = known.plan(by_unit=name == "unit")
            spent = round(time.process_time() - started, 2)
            units = int(plan.lines["quantity"].sum())
            rows.append({"plan": name, "turn": turn + 1, "cpu_seconds": spent, "units": units})
    return rows


if __name__ == "__main__":
    main()
