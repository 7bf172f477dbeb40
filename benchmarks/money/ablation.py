"""What distributions and a risk budget add in money: (point or paths) x (mean or CVaR).

    point          the forecast's mean as one certain path, no budget
    point_cvar     the same, the plan's CVaR within the budget
    foreship_mean  the sample paths, no budget
    foreship       the sample paths, the plan's CVaR within the budget

The budget is half the CVaR that `foreship_mean` promised on the weeks just before the judged ones:
nothing of the judged weeks sets it, and half is not tuned.
"""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

import foreship
from benchmarks.results import append, today, versions
from foreship.judge.gain.gap_closed import gap_closed
from foreship.replay.backtest import backtest, last_whole_weeks
from foreship.replay.policies import point_cvar
from foreship_foundation.intervals import sum_over_weeks

__all__ = ["BUDGET_SHARE", "ablation", "differences"]

RESULTS = Path(__file__).parent / "results_ablation.csv"
BUDGET_SHARE = 0.5
WEEKS_BEFORE = 4
STEPS = (
    ("paths over point, mean", "point", "foreship_mean"),
    ("paths over point, CVaR", "point_cvar", "foreship"),
    ("CVaR over mean, point", "point", "point_cvar"),
    ("CVaR over mean, paths", "foreship_mean", "foreship"),
)


def ablation(folder: Path, weeks: int, seed: int, about: dict[str, Any]) -> str:
    """Replay the four policies, keep what came of it in results_ablation.csv, and tell it."""
    started = time.process_time()
    workspace = foreship.open(folder)
    first = last_whole_weeks(workspace.tables["orders"], weeks)[0]
    earlier = backtest(
        foreship.open(folder, as_of=pd.Timestamp(first)),
        weeks=WEEKS_BEFORE,
        policies=["foreship_mean"],
        seed=seed,
        tell=print,
    )
    budget = BUDGET_SHARE * float(earlier.weekly["cvar_promised"].mean())
    config = workspace.config
    limited = replace(config, risk=replace(config.risk, budget=budget))
    result = backtest(
        replace(workspace, config=limited),
        weeks=weeks,
        policies=["reactive", "point", point_cvar, "foreship_mean", "foreship", "oracle"],
        seed=seed,
        tell=print,
    )
    table = differences(result.weekly)
    facts = {
        "date": today(),
        **about,
        "seed": seed,
        "weeks": weeks,
        "first_week": str(first),
        "risk_budget": round(budget, 2),
        "cpu_seconds": round(time.process_time() - started, 1),
    }
    append(RESULTS, [facts | row | versions() for row in table.round(4).to_dict("records")])
    words = table.to_string(index=False, float_format=lambda number: f"{number:,.3f}")
    return f"risk budget {budget:,.2f}\n{words}\n\n{result}"


def differences(weekly: pd.DataFrame) -> pd.DataFrame:
    """Return what each step adds: money, and points of the gap from reactive to oracle.

    Parameters
    ----------
    weekly
        `Backtest.weekly` with the four policies, `reactive` and `oracle`.
    """
    profit = weekly.pivot_table(index="week", columns="policy", values="profit")
    reactive, oracle = (profit[name].to_numpy() for name in ("reactive", "oracle"))
    rows = []
    for step, base, other in STEPS:
        added = (profit[other] - profit[base]).to_numpy()
        money = sum_over_weeks(added)
        points = gap_closed(reactive + added, reactive, oracle)
        rows.append(
            {
                "step": step,
                "added": money.value,
                "added_low": money.low,
                "added_high": money.high,
                "gap_points": 100 * points.value,
                "gap_points_low": 100 * points.low,
                "gap_points_high": 100 * points.high,
            }
        )
    return pd.DataFrame(rows)
