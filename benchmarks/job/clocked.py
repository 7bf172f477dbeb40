"""`foreship` with clocks: CPU seconds of each stage, and of every program that HiGHS was handed.

`python -m benchmarks.job.clocked run DIR ..` does what `foreship run DIR ..` does and ends stderr
with one line of JSON: how many programs were solved, the CPU seconds that took, the handing over
by PuLP and the reading of the answer included, the most memory that its process held, and of each
stage the CPU seconds, and when it ran.
"""

from __future__ import annotations

import importlib
import json
import sys

from benchmarks.clock import Spent, clock
from benchmarks.memory import peak_gib
from foreship.__main__ import main

STAGES = {
    "read": ("foreship.workspace.opening", "open_workspace"),
    "forecast": ("foreship.jobs.weekly", "forecast_stage"),
    "forecast_fit": ("foreship_forecast.learning.fitting", "fit"),
    "forecast_learn": ("foreship_forecast.learning.fitting", "learn"),
    "forecast_levels": ("foreship_forecast.features.matrix:Features", "of"),
    "forecast_features": ("foreship_forecast.features.matrix:Features", "table"),
    "forecast_weigh": ("foreship_forecast.learning.fitting", "_judged"),
    "forecast_dependence": ("foreship_forecast.learning.fitting", "estimate_dependence"),
    "forecast_past_totals": ("foreship_forecast.learning.fitting", "past_totals"),
    "forecast_boosting": ("foreship_forecast.heads.boosters", "_boost"),
    "forecast_predict": ("foreship_forecast.learning.model:PurchaseModel", "predict"),
    "forecast_draw": ("foreship_forecast.counts.sample_paths:PathDraws", "packed"),
    "plan": ("foreship.jobs.weekly", "plan_stage"),
    "after_plan": ("foreship.jobs.weekly", "after_plan"),
    "write": ("foreship.jobs.weekly", "write_run"),
}
"""stage -> what is clocked. Those of the forecast lie in it, and some in each other: fit holds
learn, weigh, dependence and past totals, learn holds boosting, fit and predict features."""


def clocked() -> None:
    """Run the command and tell what the solver and each stage took."""
    solver = _clocked("foreship_optimize.program.solver", "run")
    stages = {name: _clocked(*where) for name, where in STAGES.items()}
    try:
        main()
    finally:
        told = {
            "programs": solver.calls,
            "solve_seconds": solver.cpu_seconds,
            "peak_gib": peak_gib(),
            "stages": {name: each.cpu_seconds for name, each in stages.items()},
            "spans": {name: each.spans for name, each in stages.items()},
        }
        print(json.dumps(told), file=sys.stderr)


def _clocked(module: str, name: str) -> Spent:
    """Put a clock on a function of a module, or on a method of a class given behind a colon."""
    path, _, within = module.partition(":")
    owner, spent = importlib.import_module(path), Spent()
    clock(getattr(owner, within) if within else owner, name, spent)
    return spent


if __name__ == "__main__":
    clocked()
