"""The tables of a replay in a planner's words."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from foreship.judge.account.week_account import MONEY

__all__ = [
    "LOSS",
    "against_the_best",
    "aligned",
    "calm_shown",
    "earned_shown",
    "factors_shown",
    "ledger_shown",
    "lost_shown",
    "orders_shown",
    "promises_shown",
    "standings_shown",
]

LOSS = "LOSS: "
SEE_AHEAD = ("oracle", "truth")
"""policies that know what nobody can"""
WIDTH = 76
NOISE = 1e-9
"""of a profit: a smaller difference is float noise"""


def standings_shown(money: pd.DataFrame) -> pd.DataFrame:
    """Return the table a planner looks at first."""
    return pd.DataFrame(
        {
            "policy": money["policy"],
            "profit": [_money(each) for each in money["profit"]],
            "gap closed": [_percent(each) for each in money["gap_closed"]],
            "95 % interval": [
                f"{_percent(low)} .. {_percent(high)}" if np.isfinite(low) else "-"
                for low, high in zip(money["gap_low"], money["gap_high"], strict=True)
            ],
            "local": [_percent(each) for each in money["local_share"]],
            "shipped": [f"{each:,}" for each in money["units_shipped"]],
            "unsold": [f"{each:,}" for each in money["units_unsold"]],
            "lost": [f"{each:,}" for each in money["lost"]],
        }
    )


def ledger_shown(money: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of the profit, and their sum."""
    terms = [name for name in MONEY if name != "profit"]
    columns = {name.replace("_", " "): [_money(each) for each in money[name]] for name in terms}
    left = [_money(each) for each in money["left_over_value"]]
    return pd.DataFrame({"policy": money["policy"], **columns, "(left)": left})


def earned_shown(money: pd.DataFrame) -> pd.DataFrame:
    """Return the profit with what is left over at its value, and what foreship earned more."""
    over = "foreship_over_earned"
    return pd.DataFrame(
        {
            "policy": money["policy"],
            "profit": [_money(each) for each in money["profit"]],
            "earned": [_money(each) for each in money["earned"]],
            "foreship more by": [_money(each) for each in money[over]],
            "95 % interval": _between(money[f"{over}_low"], money[f"{over}_high"]),
        }
    )


def orders_shown(money: pd.DataFrame) -> pd.DataFrame:
    """Return what shares were there when orders came, and how many were served in which way."""
    counts = {
        "whole": "orders_whole_there",
        "one parcel": "orders_one_parcel",
        "split": "splits",
        "lost": "orders_lost",
        "parcels": "parcels_sent",
    }
    fills = {f"{each}s": f"{each}_fill" for each in ("unit", "line", "order")}
    return pd.DataFrame(
        {
            "policy": money["policy"],
            **{words: [_percent(each) for each in money[name]] for words, name in fills.items()},
            **{words: [f"{each:,}" for each in money[name]] for words, name in counts.items()},
        }
    )


def calm_shown(money: pd.DataFrame) -> pd.DataFrame:
    """Return how many units plans moved against those before them, beside all that they shipped."""
    shown = {"shipped": "units_shipped", "back and forth": "units_back_and_forth"}
    columns = {words: [f"{each:,}" for each in money[name]] for words, name in shown.items()}
    return pd.DataFrame({"policy": money["policy"], **columns})


def factors_shown(sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Return a row a cost factor, a column a policy: profit and gap closed."""
    rows = []
    for factor, part in sensitivity.groupby("cost_factor", sort=True):
        row = {"costs": f"{factor:g}"}
        cells = part[["policy", "profit", "gap_closed"]].to_numpy(dtype=object)
        for policy, profit, gap in cells:
            row[policy] = f"{_money(profit)} ({_percent(gap)})"
        rows.append(row)
    return pd.DataFrame(rows)


def against_the_best(money: pd.DataFrame) -> tuple[str, ...]:
    """Say what foreship earned against the best of all other policies, a loss in so many words.

    Parameters
    ----------
    money
        A row a policy, `foreship` among them, with `profit` and `foreship_over` and its interval;
        by order also `foreship_over_earned` and its interval.

    Returns
    -------
    One sentence, begun by `LOSS` where another policy earned more; none without `foreship`. Only
    policies that see what is to come are left out, and `foreship_mean` where it is `foreship`.
    """
    others = money[~money["policy"].isin(("foreship", *SEE_AHEAD)) & money["foreship_over"].notna()]
    spread = others[["foreship_over", "foreship_over_low", "foreship_over_high"]]
    # over a single week there is no interval to compare
    twin = (others["policy"] == "foreship_mean") & (spread.fillna(0.0) == 0.0).all(axis=1)
    others = others[~twin].sort_values("profit", ascending=False, kind="stable")
    if "foreship" not in set(money["policy"]) or not len(others):
        return ()
    noise = NOISE * np.maximum(1.0, others["profit"].abs())
    best, over = (
        others.iloc[0],
        others["foreship_over"].where(others["foreship_over"].abs() > noise, 0.0),
    )
    first = over.iloc[0]
    earned = f"{_money(abs(first))} {'more' if first > 0 else 'less'} than"
    low, high = best["foreship_over_low"], best["foreship_over_high"]
    told = [
        f"{LOSS * bool(first < 0)}foreship earned {earned if first else 'as much as'} "
        f"{best['policy']}, the best of the others",
        f"(95 % interval of the difference {_money(low)} .. {_money(high)})"
        if np.isfinite(low)
        else "(a single week has no interval)",
    ]
    told += ["these weeks do not tell the two apart"] * bool(low < 0.0 < high)
    told += _with_left_over(best)
    also = [
        f"{name} too, by {_money(-by)}"
        for name, by in zip(others["policy"][1:], over[1:], strict=True)
        if by < 0
    ]
    told += ["less than " + ", ".join(also)] * bool(also)
    return ("\n    ".join(line for part in told for line in textwrap.wrap(part, WIDTH)),)


def _with_left_over(best: pd.Series[Any]) -> list[str]:
    """Say it again with what lies in regions at its value, where that is known (by order)."""
    name = "foreship_over_earned"
    if name not in best:
        return []
    over, low, high = (best[f"{name}{end}"] for end in ("", "_low", "_high"))
    interval = f" ({_money(low)} .. {_money(high)})" if np.isfinite(low) else ""
    return [
        f"with what lies in regions at its value {_money(abs(over))} "
        f"{'less' if over < 0 else 'more'}{interval}"
    ]


def promises_shown(promises: pd.DataFrame) -> pd.DataFrame:
    """Return losses and gains, as promised and as they came."""
    rows = promises.to_dict("records")
    return pd.DataFrame(
        {
            "policy": [row["policy"] for row in rows],
            "CVaR": [_money(row["loss_promised"]) for row in rows],
            "lost": [_money(row["loss_came"]) for row in rows],
            "kept": [f"{row['kept']} of {row['loss_plans']}" for row in rows],
            "gain": [_money(row["gain_promised"]) for row in rows],
            "came": [_share(row, "came") for row in rows],
            "on fresh paths": [_share(row, "fresh") for row in rows],
        }
    )


def _share(row: Mapping[Any, Any], name: str) -> str:
    """Return a share with its interval."""
    share, low, high = (row[f"{name}_{each}"] for each in ("share", "low", "high"))
    return f"{_percent(share)} ({_percent(low)}..{_percent(high)})" if np.isfinite(share) else "-"


def lost_shown(regret: pd.DataFrame) -> pd.DataFrame:
    """Return what each step lost."""
    between = _between(regret["lost_low"], regret["lost_high"])
    lost = [_money(each) for each in regret["lost"]]
    columns = {name: regret[name] for name in ("step", "from", "to")}
    return pd.DataFrame({**columns, "lost": lost, "95 % interval": between})


def _between(low: pd.Series[float], high: pd.Series[float]) -> list[str]:
    return [f"{_money(a)} .. {_money(b)}" for a, b in zip(low, high, strict=True)]


def aligned(table: pd.DataFrame) -> str:
    """Align a table of words: the first column left, the others right."""
    cells = [list(table.columns), *table.astype(str).to_numpy().tolist()]
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def _money(amount: float) -> str:
    return "-" if not np.isfinite(amount) else f"{amount:,.0f}"


def _percent(share: float) -> str:
    return "-" if not np.isfinite(share) else f"{100 * share:.0f} %"
