"""Charts of a run or a replay for a notebook; they need the extra `report`.

Everything is added up here, so that a chart holds a few hundred numbers however large the plan.
With the extra, `chart.save("plan.png")` and `.svg` work too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from foreship.errors import UsageError

if TYPE_CHECKING:
    import altair

__all__ = ["draw_backtest", "draw_forecast", "draw_frontier", "draw_plan"]

BINS = 20


def draw_plan(lines: pd.DataFrame, units: pd.DataFrame) -> altair.HConcatChart:
    """Draw what is shipped where, beside the chances of the units sent and not sent.

    Parameters
    ----------
    lines, units
        `plan.parquet` and `units.parquet` of the contract.
    """
    alt = _altair()
    shipped = lines[lines["action"] == "ship"]
    sent = shipped.groupby(["destination", "origin"], as_index=False)["quantity"].sum()
    where = (
        alt.Chart(sent, title="units shipped ahead")
        .mark_bar()
        .encode(
            x=alt.X("quantity:Q", title="units"),
            y=alt.Y("destination:N", title=None),
            color=alt.Color("origin:N", title="from hub"),
            tooltip=["origin", "destination", "quantity"],
        )
    )
    chances = (
        alt.Chart(chance_bins(units), title="chance that a unit is bought")
        .mark_bar()
        .encode(
            x=alt.X("chance:Q", title="purchase probability", scale=alt.Scale(domain=[0, 1])),
            x2="upto:Q",
            y=alt.Y("units:Q", title="units"),
            color=alt.Color("unit:N", title=None),
            tooltip=["chance", "upto", "unit", "units"],
        )
    )
    both: altair.HConcatChart = (where | chances).resolve_scale(color="independent")
    return both


def chance_bins(units: pd.DataFrame) -> pd.DataFrame:
    """Count units sent and not sent by chance: `unit, chance, upto, units`."""
    bins = np.minimum((units["p"].to_numpy() * BINS).astype(int), BINS - 1)
    word = np.where(units["planned"] == 1, "planned", "not planned")
    counted = units.assign(unit=word, chance=bins / BINS).groupby(["unit", "chance"])
    found = counted.size().rename("units").reset_index()
    return found.assign(upto=found["chance"] + 1 / BINS)


def draw_forecast(forecast: pd.DataFrame) -> altair.Chart:
    """Draw the expected units of each region, week by week.

    Parameters
    ----------
    forecast
        `forecast.parquet` of the contract.
    """
    alt = _altair()
    total = forecast.groupby(["region", "week"], as_index=False)["mean"].sum()
    chart: altair.Chart = (
        alt.Chart(total, title="expected units a week")
        .mark_line(point=True)
        .encode(
            x=alt.X("week:T", title=None),
            y=alt.Y("mean:Q", title="units"),
            color="region:N",
            tooltip=["region", "week", "mean"],
        )
    )
    return chart


def draw_backtest(weekly: pd.DataFrame) -> altair.Chart:
    """Draw what each policy has earned over shipping nothing ahead, week by week.

    Parameters
    ----------
    weekly
        `Backtest.weekly`; without `reactive` the profit itself is drawn.
    """
    alt = _altair()
    profit = weekly.pivot_table(index="week", columns="policy", values="profit", sort=False)
    over = " over reactive" if "reactive" in profit else ""
    earned = profit.sub(profit["reactive"], axis=0) if over else profit
    table = earned.cumsum().reset_index().melt("week", var_name="policy", value_name="money")
    chart: altair.Chart = (
        alt.Chart(table, title=f"profit{over}, added up")
        .mark_line(point=True)
        .encode(
            x=alt.X("week:T", title=None),
            y=alt.Y("money:Q", title="money"),
            color=alt.Color("policy:N", sort=list(profit.columns)),
            tooltip=["policy", "week", "money"],
        )
    )
    return chart


def draw_frontier(points: pd.DataFrame) -> altair.Chart:
    """Draw expected gain over CVaR, a point a plan.

    Parameters
    ----------
    points
        `Frontier.points`.
    """
    alt = _altair()
    chart: altair.Chart = (
        alt.Chart(points, title="what safety costs")
        .mark_line(point=True)
        .encode(
            x=alt.X("cvar:Q", title="mean loss of the worst outcomes (CVaR)"),
            y=alt.Y("expected_gain:Q", title="expected gain", scale=alt.Scale(zero=False)),
            order="cvar:Q",
            tooltip=["risk_budget", "cvar", "expected_gain", "price_of_safety", "units"],
        )
    )
    return chart


def _altair() -> Any:
    try:
        import altair
    except ImportError:
        raise UsageError('charts need Altair; pip install "foreship[report]"') from None
    return altair
