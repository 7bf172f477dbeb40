"""The standings of a replay: money by policy, week by week, and at other costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from foreship.judge.account.fill import FILL
from foreship.judge.account.freight import BILL
from foreship.judge.account.week_account import MONEY
from foreship.judge.gain.gap_closed import gap_closed
from foreship.replay.promises import PROMISE_COLUMNS, broken_promises
from foreship.replay.standing_words import (
    LOSS,
    aligned,
    calm_shown,
    earned_shown,
    factors_shown,
    ledger_shown,
    lost_shown,
    orders_shown,
    promises_shown,
    standings_shown,
)
from foreship_foundation.intervals import sum_over_weeks
from foreship_foundation.telling.words import plural

if TYPE_CHECKING:
    from foreship.reports.pictures.charts import Picture

__all__ = ["Backtest", "in_order", "money_table", "sensitivity_table"]

COUNTS = ("units_shipped", "units_back_and_forth", "served_locally", "served_from_hub", "lost")
MONEY_COLUMNS = (
    "policy",
    "weeks",
    *MONEY,
    "gap_closed",
    "gap_low",
    "gap_high",
    "left_over_value",
    "units_shipped",
    "units_back_and_forth",
    "units_unsold",
    "served_locally",
    "served_from_hub",
    "lost",
    "local_share",
    "days_saved",
    "foreship_over",
    "foreship_over_low",
    "foreship_over_high",
)
OVER_EARNED = tuple(f"foreship_over_earned{each}" for each in ("", "_low", "_high"))
ORDER_COLUMNS = (*FILL, "unit_fill", "line_fill", "order_fill", "earned", *OVER_EARNED)
"""further columns where money is by order"""


@dataclass(frozen=True)
class Backtest:
    """Policies side by side on the same weeks, the same stock and the same buyers.

    Attributes
    ----------
    money
        A row a policy. `profit` = margin - parcels - last_mile - freight - holding - exits over
        all weeks; `gap_closed` its share of the way from `reactive` to `oracle`, with the 95 %
        interval over weeks `gap_low`..`gap_high`; `left_over_value` what the units left in regions
        still save, not part of the profit; `units_back_and_forth` units that plans moved against
        those of the weeks before them (equation 30); `local_share` of all units sold; `days_saved`
        of parcel time by serving locally; `foreship_over` what `foreship` earned more than this
        policy, with the 95 % interval of that difference over weeks.
        Where money is by order also the counts of `foreship.judge.account.fill.Fill`, and of what
        orders wanted the share that lay in their region when they came: `unit_fill`, `line_fill`
        and `order_fill`, the share of orders that were whole there; and `earned`, the profit with
        what the units left in regions became worth more than those of the first Monday, with
        `foreship_over_earned` and its interval as for the profit.
        Where a lane states vehicles or charges item lines also `vehicles`, and of the freight
        `vehicle_cost` and `line_cost`.
    weekly
        A row a policy and week: the whole ledger and `units_back_and_forth`; by order its counts,
        `left_over_value` on Sunday night and what that week `earned` with it; and where the plan
        promised: `cvar_promised` and `loss_came`, `gain_promised` and `gain_came` (beyond sending
        nothing, in the simulator's money), `cvar_fresh` and `gain_fresh` (the same plan on paths it
        has not seen), `short_of_bound`.
    sensitivity
        A row a policy and cost factor: profit and gap_closed with lane and exit costs times that.
    promises
        A row a policy that promises (`replay.promises`): how often the loss that came kept within
        the promised CVaR, and the gain that came, or that fresh paths give, against the promised.
    regret
        A row a step from the oracle without limits to `foreship`: money lost there; empty unless
        asked for.
    notes
        What must be known to read the numbers, one sentence each.
    headline
        What `foreship` earned against the best of all others, first of all if it is a loss.
    """

    money: pd.DataFrame
    weekly: pd.DataFrame
    sensitivity: pd.DataFrame
    notes: tuple[str, ...]
    promises: pd.DataFrame = field(
        default_factory=partial(pd.DataFrame, columns=list(PROMISE_COLUMNS))
    )
    regret: pd.DataFrame = field(default_factory=pd.DataFrame)
    headline: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values; what is not known is None."""
        return {
            "headline": list(self.headline),
            "money": _plain(self.money),
            "weekly": _plain(self.weekly),
            "sensitivity": _plain(self.sensitivity),
            "promises": _plain(self.promises),
            "regret": _plain(self.regret),
            "notes": list(self.notes),
        }

    def chart(self) -> Picture:
        """Draw each policy's profit over `reactive`, week by week."""
        from foreship.reports.pictures.charts import draw_backtest

        return draw_backtest(self.weekly)

    def __str__(self) -> str:
        first, weeks = self.weekly["week"].min(), self.weekly["week"].nunique()
        lost = [each for each in self.headline if each.startswith(LOSS)]
        parts = [
            *lost,
            *broken_promises(self.promises),
            f"Replay of {plural(weeks, 'week')} from {first.date()}, "
            f"{plural(len(self.money), 'policy', 'policies')}",
            aligned(standings_shown(self.money)),
            *(each for each in self.headline if each not in lost),
            aligned(ledger_shown(self.money)),
        ]
        parts += [f"{title}\n{aligned(table)}" for title, table in self._more()]
        return "\n\n".join(parts)

    def _more(self) -> list[tuple[str, pd.DataFrame]]:
        """Return the smaller tables that have rows, with their titles."""
        orders = self.money if FILL[0] in self.money else self.money.iloc[:0]
        restless = self.money if self.money["units_back_and_forth"].any() else self.money.iloc[:0]
        tables = [
            ("With what lies in regions at its value:", orders, earned_shown),
            ("There when orders came, and how these were served:", orders, orders_shown),
            ("Promised and came, a plan:", self.promises, promises_shown),
            ("Units moved back and forth from plan to plan:", restless, calm_shown),
            ("Lane and exit costs times:", self.sensitivity, factors_shown),
            ("Lost on the way from the oracle without limits:", self.regret, lost_shown),
        ]
        return [(title, shown(table)) for title, table, shown in tables if len(table)]

    def _repr_html_(self) -> str:
        first = (*self.headline, *broken_promises(self.promises))
        said = "".join(f"<p><b>{escape(each)}</b></p>" for each in first)
        frames = [
            standings_shown(self.money),
            ledger_shown(self.money),
            *(each for _, each in self._more()),
        ]
        tables = "".join(frame.to_html(index=False, border=0) for frame in frames)
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return f"<div>{said}{tables}<ul>{notes}</ul></div>"


def money_table(
    weekly: pd.DataFrame,
    ends: Mapping[str, Mapping[str, float]],
) -> pd.DataFrame:
    """Add up the weeks of each policy, and place it between reactive and oracle.

    Parameters
    ----------
    weekly
        Ledgers by policy and week, with `reactive` and `oracle` among the policies.
    ends
        For each policy its `left_over_value` and `units_unsold` at the end of the replay.
    """
    profits = weekly.pivot_table(index="policy", columns="week", values="profit")
    reactive, oracle = (profits.loc[name].to_numpy() for name in ("reactive", "oracle"))
    unknown = np.full(len(reactive), np.nan)
    best = profits.loc["foreship"].to_numpy() if "foreship" in profits.index else unknown
    by_order = FILL[0] in weekly
    bills = [name for name in BILL if name in weekly]
    rows = []
    for name, mine in weekly.groupby("policy", sort=False):
        sums = mine[[*MONEY, *COUNTS, *bills]].sum()
        total = {str(column): sums[column] for column in sums.index}
        gap = gap_closed(profits.loc[name].to_numpy(), reactive, oracle)
        over = sum_over_weeks(best - profits.loc[name].to_numpy())
        sold = total["served_locally"] + total["served_from_hub"]
        rows.append(
            {
                "policy": name,
                "weeks": len(mine),
                **total,
                **ends[str(name)],
                "gap_closed": gap.value,
                "gap_low": gap.low,
                "gap_high": gap.high,
                "local_share": total["served_locally"] / sold if sold else np.nan,
                "days_saved": mine["days_saved"].sum(skipna=False),
                "foreship_over": over.value,
                "foreship_over_low": over.low,
                "foreship_over_high": over.high,
            }
            | (_by_order(mine) | _earned(mine, weekly) if by_order else {})
        )
    further = [*(ORDER_COLUMNS if by_order else ()), *bills]
    table = pd.DataFrame(rows, columns=[*MONEY_COLUMNS, *further])
    counts = (*COUNTS, "units_unsold", *(FILL if by_order else ()), *bills[:1])
    whole: dict[str, type] = dict.fromkeys(counts, np.int64)
    return table.astype(whole)


def _by_order(mine: pd.DataFrame) -> dict[str, float]:
    """Add up the counts by order of one policy's weeks, and say what share was there."""
    total = {str(name): float(units) for name, units in mine[[*FILL]].sum().items()}
    wanted = {"unit": float(mine["units_ordered"].sum()), "line": total["lines"]}
    wanted["order"] = total["orders"]
    fills = {
        f"{each}_fill": total[f"{each}s_there"] / units if units else np.nan
        for each, units in wanted.items()
    }
    return total | fills


def _earned(mine: pd.DataFrame, weekly: pd.DataFrame) -> dict[str, float]:
    """Add up what one policy's weeks earned, and what foreship earned more (equation 24)."""
    earned = mine["earned"].to_numpy()
    best = weekly.loc[weekly["policy"] == "foreship", "earned"].to_numpy()
    over = sum_over_weeks((best if len(best) else np.full(len(earned), np.nan)) - earned)
    between = zip(OVER_EARNED, (over.value, over.low, over.high), strict=True)
    return {"earned": float(earned.sum()), **dict(between)}


def sensitivity_table(weekly: pd.DataFrame) -> pd.DataFrame:
    """Return profit and gap closed by cost factor and policy; empty if no cost is varied.

    Parameters
    ----------
    weekly
        Ledgers by `cost_factor`, `policy` and week, `reactive` and `oracle` at every factor.
    """
    total = weekly.groupby(["cost_factor", "policy"], sort=False)["profit"].sum().reset_index()
    ends = total.pivot_table(index="cost_factor", columns="policy", values="profit")
    reactive = total["cost_factor"].map(ends["reactive"])
    possible = total["cost_factor"].map(ends["oracle"]) - reactive
    total["gap_closed"] = (total["profit"] - reactive) / possible.where(possible > 0)
    if (total["cost_factor"] == 1.0).all():
        return total.iloc[:0]
    return total.sort_values("cost_factor", kind="stable").reset_index(drop=True)


def in_order(table: pd.DataFrame, policies: Sequence[str]) -> pd.DataFrame:
    """Keep the rows of `policies`, in their order, other order unchanged."""
    rank = {name: at for at, name in enumerate(policies)}
    kept = table[table["policy"].isin(rank)]
    order = np.argsort(kept["policy"].map(rank).to_numpy(), kind="stable")
    if "cost_factor" in table:
        order = order[np.argsort(kept["cost_factor"].to_numpy()[order], kind="stable")]
    return kept.iloc[order].reset_index(drop=True)


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return records with dates as text and unknown numbers as None."""
    records: Sequence[dict[Any, Any]] = table.to_dict("records")
    return [{str(name): _plain_value(value) for name, value in row.items()} for row in records]


def _plain_value(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value.item() if isinstance(value, np.generic) else value
