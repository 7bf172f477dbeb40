"""Where money is lost between the best reference and foreship, step by step (docs/replay.md)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats
from foreship_foundation.intervals import sum_over_weeks

__all__ = ["NEEDED", "REGRET_COLUMNS", "regret_table"]


NEEDED = ("unlimited", "oracle", "truth", "foreship_mean", "foreship")
"""the chain of policies, from the best reference down; `truth` on simulated workspaces only"""
REGRET_COLUMNS = ("step", "from", "to", "lost", "lost_low", "lost_high")


def regret_table(weekly: pd.DataFrame) -> pd.DataFrame:
    """Return what each step from the best reference to foreship loses; last, their sum (15).

    Parameters
    ----------
    weekly
        Ledgers by policy and week of the policies `NEEDED`, with `short_of_bound`.
    """
    rows = []
    for step, start, end, lost in _steps(weekly):
        sure = sum_over_weeks(lost)
        rows.append((step, start, end, sure.value, sure.low, sure.high))
    return pd.DataFrame(rows, columns=list(REGRET_COLUMNS))


def _steps(weekly: pd.DataFrame) -> Iterator[tuple[str, str, str, Floats]]:
    """Yield each step with what it lost, week by week."""
    table = weekly.pivot_table(index="policy", columns="week", values="profit")
    profit = {str(name): table.loc[name].to_numpy() for name in table.index}
    planned = weekly[weekly["policy"] == "foreship_mean"].sort_values("week")
    rounding = planned["short_of_bound"].fillna(0.0).to_numpy()
    none = np.zeros_like(rounding)
    yield "limits", "unlimited", "oracle", profit["unlimited"] - profit["oracle"]
    known, step = "oracle", "forecast and doubt"
    if "truth" in profit:
        yield "doubt", "oracle", "truth", profit["oracle"] - profit["truth"]
        known, step = "truth", "forecast"
    behind = profit[known] - profit["foreship_mean"]
    yield step, known, "foreship_mean", behind - rounding
    yield "rounding", "bound", "foreship_mean", rounding
    budget = profit["foreship_mean"] - profit["foreship"]
    yield "risk budget", "foreship_mean", "foreship", budget
    yield "overrides", "foreship", "foreship", none
    yield "all", "unlimited", "foreship", profit["unlimited"] - profit["foreship"]
