"""Figures of many seeds as a row each, and how they are printed."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["KEYS", "shown", "summary"]

KEYS = ["panel", "kind", "variant", "figure", "network", "stock_outs"]
"""what tells figures apart; seeds are averaged over"""


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row a figure: its mean over seeds, the seed farthest out, and whether it is met.

    `rows` holds `KEYS`, low, high, value, drawn and cpu_seconds; a figure without a range has
    infinite ends and "-" for a verdict.
    """
    found = []
    for keys, group in rows.groupby(KEYS, sort=False):
        low, high = group["low"].iloc[0], group["high"].iloc[0]
        value, mean = group["value"], group["value"].mean()
        ranged = np.isfinite([low, high]).all()
        middle = (low + high) / 2.0 if ranged else mean
        verdict = ("yes" if low <= mean <= high else "NO") if ranged else "-"
        found.append(
            dict(zip(KEYS, keys, strict=True))
            | {"mean": mean, "worst": value.loc[(value - middle).abs().idxmax()]}
            | {"low": low, "high": high, "ok": verdict, "drawn": group["drawn"].mean()}
            | {"cpu_seconds": group["cpu_seconds"].mean()}
        )
    return pd.DataFrame(found)


def shown(table: pd.DataFrame) -> str:
    """Return a summary as it is printed."""
    wanted = [
        "-" if verdict == "-" else f"{low:g} .. {high:g}"
        for low, high, verdict in zip(table["low"], table["high"], table["ok"], strict=True)
    ]
    plain = table[[*KEYS[1:], "drawn", "mean", "worst"]].round(3)
    return plain.assign(wanted=wanted, ok=table["ok"]).to_string(index=False)
