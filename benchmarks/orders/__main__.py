"""Plans by order on small networks, against the best of all plans and against their law.

`python -m benchmarks.orders` judges the search and whole plans on two sets of 120 instances and
adds a row a set and question to results.csv; `--each 12` looks at the first twelve of each set.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.orders.core import Lost, Search, by_single_units, judge_all
from benchmarks.orders.instances import EACH, SETS, WEEKS, instances
from benchmarks.orders.whole_plans import FRESH, Judged, judge_plans, share_of_true
from benchmarks.results import append, today, versions
from foreship_optimize.orders.stock_search.search import best_plan

RESULTS = Path(__file__).parent / "results.csv"
SEARCHES: dict[str, Search] = {"by order": best_plan, "single units": by_single_units}
DRAWS = 2_000
"""resamples of the instances behind an interval"""
PACKAGES = ("highspy", "pulp", "numba", "numpy")


def main() -> None:
    """Judge the search, then whole plans; print and keep what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=EACH, help="instances of each set")
    each = parser.parse_args().each
    append(RESULTS, list(_rows(each)))


def _rows(each: int) -> Iterator[dict[str, Any]]:
    for kind in SETS:
        for name, search in SEARCHES.items():
            yield _row(kind, each, name, _of_search(kind, each, search))
        for name, figures in _of_plans(kind, each):
            yield _row(kind, each, name, figures)


def _row(kind: str, each: int, plan: str, figures: dict[str, Any]) -> dict[str, Any]:
    about = {"date": today(), "set": kind, "instances": each, "weeks": WEEKS, "plan": plan}
    print(" ".join(f"{name} {value}" for name, value in (about | figures).items()))
    return about | figures | versions(PACKAGES)


def _of_search(kind: str, each: int, search: Search) -> dict[str, Any]:
    started = time.process_time()
    found = judge_all(instances(each, (kind,)), search)
    share = np.array([lost.share for lost in found])
    return {
        "question": "search",
        "lost_mean": round(float(share.mean()), 6),
        "lost_worst": round(float(share.max()), 6),
        "within_one_percent": round(float((share <= 0.01).mean()), 4),
        "lost_of_all": round(_lost_of_all(found), 6),
        "bound_above": round(sum(lost.bound - lost.best for lost in found) / _best(found), 6),
        "making_cpu_seconds": round(sum(lost.cpu_seconds for lost in found), 2),
        "cpu_seconds": round(time.process_time() - started, 1),
    }


def _best(found: list[Lost]) -> float:
    return sum(lost.best for lost in found)


def _lost_of_all(found: list[Lost]) -> float:
    return 1.0 - sum(lost.gained for lost in found) / _best(found)


def _of_plans(kind: str, each: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Judge the whole plans of a set: name and figures of each kind of plan."""
    started = time.process_time()
    found = judge_plans(instances(each, (kind,)))
    for plan in ("by order", "by unit", "best of the sample"):
        low, high = _interval(found, plan)
        yield (
            plan,
            {
                "question": "whole plan",
                "fresh_weeks": FRESH,
                "share_of_true": round(share_of_true(found, plan), 4),
                "low": round(low, 4),
                "high": round(high, 4),
                "units": round(float(np.mean([judged.units[plan] for judged in found])), 2),
                "making_cpu_seconds": round(
                    sum(one.cpu_seconds.get(plan, 0.0) for one in found), 2
                ),
                "cpu_seconds": round(time.process_time() - started, 1),
            },
        )


def _interval(found: list[Judged], plan: str) -> tuple[float, float]:
    """95 % interval of the share of the true gain over resampled instances."""
    rng = np.random.default_rng(0)
    gains, true = (
        np.array(each) for each in ([one.gains[plan] for one in found], [one.true for one in found])
    )
    drawn = rng.integers(len(found), size=(DRAWS, len(found)))
    shares = gains[drawn].sum(axis=1) / true[drawn].sum(axis=1)
    low, high = np.quantile(shares, (0.025, 0.975)).tolist()
    return low, high


if __name__ == "__main__":
    main()
