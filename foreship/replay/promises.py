"""Promises kept and broken: what plans promised against what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.intervals import ratio_of_sums, share_of_weeks
from foreship_foundation.telling.words import percent, plural

__all__ = ["PROMISE_COLUMNS", "broken_promises", "promises_table"]

PROMISE_COLUMNS = (
    "policy",
    "level",
    "loss_plans",
    "loss_promised",
    "loss_came",
    "kept",
    "kept_share",
    "kept_low",
    "kept_high",
    "gain_plans",
    "gain_promised",
    "gain_came",
    "came_share",
    "came_low",
    "came_high",
    "fresh_plans",
    "gain_in_sample",
    "gain_fresh",
    "fresh_share",
    "fresh_low",
    "fresh_high",
    "cvar_in_sample",
    "cvar_fresh",
)
NOISE = 1e-9
"""of a promise: a loss above it by less is float noise"""


def promises_table(weekly: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return a row for each policy that promises: what it promised, what came, how sure.

    Parameters
    ----------
    weekly
        Ledgers by policy and week with `cvar_promised`, `loss_came`, `gain_promised`, `gain_came`,
        `cvar_fresh` and `gain_fresh`, NaN where nothing was promised or it is not known yet.
    level
        The promised CVaR looks at the worst 1 - level share of outcomes.
    """
    rows = []
    for name, mine in weekly.groupby("policy", sort=False):
        if mine["cvar_promised"].notna().any():
            rows.append(
                {"policy": name, "level": level, **_losses(mine), **_gains(mine)} | _fresh(mine)
            )
    table = pd.DataFrame(rows, columns=list(PROMISE_COLUMNS))
    counts: dict[str, type] = dict.fromkeys(
        ("loss_plans", "kept", "gain_plans", "fresh_plans"), np.int64
    )
    return table.astype(counts)


def _losses(mine: pd.DataFrame) -> dict[str, Any]:
    """Compare the promised CVaR with the loss that came (equation 13)."""
    known = mine[mine["cvar_promised"].notna() & mine["loss_came"].notna()]
    promised, came = (known[name].to_numpy() for name in ("cvar_promised", "loss_came"))
    kept = came <= promised + NOISE * np.maximum(1.0, promised)
    sure = share_of_weeks(kept)
    return {
        "loss_plans": len(known),
        "loss_promised": _mean(promised),
        "loss_came": _mean(came),
        "kept": int(kept.sum()),
        "kept_share": sure.value,
        "kept_low": sure.low,
        "kept_high": sure.high,
    }


def _gains(mine: pd.DataFrame) -> dict[str, Any]:
    """Compare the gain that plans expect with what came in the simulator's money (equation 12)."""
    known = mine[mine["gain_promised"].notna() & mine["gain_came"].notna()]
    sums = _compared(known, "gain_came", "came")
    return {"gain_plans": len(known), "gain_promised": _mean(known["gain_promised"]), **sums}


def _fresh(mine: pd.DataFrame) -> dict[str, Any]:
    """Compare what a plan expects on its own paths with its value on fresh paths (equation 14)."""
    known = mine[mine["gain_fresh"].notna()]
    return {
        "fresh_plans": len(known),
        "gain_in_sample": _mean(known["gain_promised"]),
        **_compared(known, "gain_fresh", "fresh"),
        "cvar_in_sample": _mean(known["cvar_promised"]),
        "cvar_fresh": _mean(known["cvar_fresh"]),
    }


def _compared(known: pd.DataFrame, gained: str, name: str) -> dict[str, Any]:
    """Return a mean gain, and its share of the gain promised with its interval."""
    share = ratio_of_sums(known[gained].to_numpy(), known["gain_promised"].to_numpy())
    return {
        gained: _mean(known[gained]),
        f"{name}_share": share.value,
        f"{name}_low": share.low,
        f"{name}_high": share.high,
    }


def _mean(values: Any) -> float:
    return float(np.asarray(values).mean()) if len(values) else np.nan


def broken_promises(promises: pd.DataFrame) -> Sequence[str]:
    """Name each policy that broke its promise more often than promised, and by how much."""
    broken = promises[promises["kept_share"] < promises["level"]]
    return [
        f"PROMISE BROKEN: {row['policy']} lost more than its promised CVaR in "
        f"{row['loss_plans'] - row['kept']} of {plural(row['loss_plans'], 'plan')};\n"
        f"    kept {percent(row['kept_share'])} (95 % interval {percent(row['kept_low'])} .. "
        f"{percent(row['kept_high'])}), promised {percent(row['level'])}: lost "
        f"{row['loss_came']:,.0f}, promised {row['loss_promised']:,.0f}"
        for row in broken.to_dict("records")
    ]
