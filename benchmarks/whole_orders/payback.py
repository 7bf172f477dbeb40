"""What `plan.payback_weeks` earns on the weeks before those that are judged.

`python -m benchmarks.whole_orders.payback [--workspace DIR] [--weeks 6] [--judged 26]
[--candidates 3 4 5 6 8 13]` replays the `--weeks` Mondays before the last `--judged` weeks, once
for each candidate on the same forecasts. What counts is what a week earned beyond sending nothing
ahead (equation 24 of docs/replay.md). No order of the judged weeks is read.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import pandas as pd

from benchmarks.results import append, today, versions
from benchmarks.whole_orders.mondays import name_of, opened, options_of
from benchmarks.whole_orders.paired import paired
from foreship.pipeline.known import Known, Policy
from foreship.replay.backtest import backtest, last_whole_weeks
from foreship.replay.policies import foreship, reactive
from foreship.workspace.opening import Workspace
from foreship_optimize.plan import Plan

__all__ = ["trials", "with_payback"]

RESULTS = Path(__file__).parent / "results_payback.csv"
CANDIDATES = (3.0, 4.0, 5.0, 6.0, 8.0, 13.0, 1e6)
"""weeks; the last one rules out nothing"""


def main() -> None:
    """Print and keep what each candidate earned."""
    parser = options_of(__doc__)
    parser.add_argument("--weeks", type=int, default=6)
    parser.add_argument("--judged", type=int, default=26)
    parser.add_argument("--candidates", type=float, nargs="+", default=CANDIDATES)
    options = parser.parse_args()
    with opened(options) as workspace:
        started = time.process_time()
        table = trials(workspace, options.weeks, options.judged, options.candidates)
        spent = round(time.process_time() - started, 1)
        facts = {"date": today(), "workspace": name_of(options), "weeks": options.weeks}
        facts |= {"cpu_seconds_of_all": spent}
        append(RESULTS, [{**facts, **row, **versions()} for row in table.to_dict("records")])
        print(table.to_string(index=False), f"\n{spent} CPU-s")


def trials(
    workspace: Workspace, weeks: int, judged: int, candidates: Sequence[float]
) -> pd.DataFrame:
    """Replay every candidate; return what each earned over `reactive`, a row a candidate."""
    orders = workspace.tables["orders"]
    first = pd.Timestamp(last_whole_weeks(orders, judged)[0])
    before = workspace.with_tables(orders=orders[orders["date"] < first])
    named: dict[str, Policy] = {
        f"{each:g}": partial(with_payback, weeks=each) for each in candidates
    }
    result = backtest(before, weeks=weeks, policies={"reactive": reactive, **named}, tell=print)
    money = result.money.set_index("policy")
    rows = []
    for name in named:
        over = paired(result.weekly, name, result.weekly, "reactive", "earned")
        told = {"payback_weeks": name, "first_week": str(result.weekly["week"].min().date())}
        told |= {f"earned_{part}": value / weeks for part, value in asdict(over).items()}
        rows.append({**told, "units_shipped": int(money.loc[name, "units_shipped"])})
    return pd.DataFrame(rows)


def with_payback(known: Known, weeks: float) -> Plan:
    """Plan as foreship does, with another time to pay back."""
    plan = replace(known.config.plan, payback_weeks=weeks)
    return foreship(replace(known, config=replace(known.config, plan=plan)))


if __name__ == "__main__":
    main()
