"""The forecast of a plan against what was sold in the weeks that are over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

__all__ = ["LEVELS", "forecast_table"]

CELL: Final = ["region", "item", "week"]
LEVELS: Final = ("network", "region", "category", "item")
LOW, HIGH = "q05", "q95"
COLUMNS: Final = ["level", "id", "forecast", "sold", "inside", "cell_weeks", "before_adjustments"]


def forecast_table(
    forecast: pd.DataFrame,
    adjusted: pd.DataFrame | None,
    orders: pd.DataFrame,
    categories: pd.Series,
    until: pd.Timestamp,
) -> pd.DataFrame:
    """Return forecast and sales of the whole weeks before `until`, by level.

    Parameters
    ----------
    forecast
        `forecast.parquet`.
    adjusted
        `adjusted.parquet`; None where nobody adjusted demand.
    orders
        `date, region, item, quantity`; only cells of the forecast count.
    categories
        Category by item.

    Returns
    -------
    Columns `level` (network, region, category, item), `id`, `forecast` and `sold` in units,
    `inside`: share of the `cell_weeks` whose sales lay between the 5 % and the 95 % quantile, and
    `before_adjustments`: the forecast without adjustments.
    """
    over = forecast[forecast["week"] + pd.Timedelta(weeks=1) <= until]
    sold = _weekly(orders)
    cells = over.set_index(CELL).join(sold, how="left").fillna({"sold": 0})
    before = cells["mean"].copy()
    if adjusted is not None:
        told = adjusted.set_index(CELL)["mean_before"]
        before.update(told)
    inside = (cells["sold"] >= cells[LOW]) & (cells["sold"] <= cells[HIGH])
    figures = pd.DataFrame(
        {
            "forecast": cells["mean"],
            "sold": cells["sold"].astype("int64"),
            "inside": inside.astype(float),
            "cell_weeks": 1,
            "before_adjustments": before,
        }
    ).reset_index()
    figures["category"] = figures["item"].map(categories).fillna("")
    figures["network"] = ""
    return pd.concat([_at(figures, level) for level in LEVELS], ignore_index=True)[COLUMNS]


def _at(figures: pd.DataFrame, level: str) -> pd.DataFrame:
    """Sum up the cells and weeks of one level."""
    names: Sequence[str] = ["forecast", "sold", "inside", "cell_weeks", "before_adjustments"]
    total = figures.groupby(level, sort=True)[list(names)].sum()
    total["inside"] /= total["cell_weeks"]
    return total.rename_axis("id").reset_index().assign(level=level)


def _weekly(orders: pd.DataFrame) -> pd.Series:
    """Return units sold by region, item and week."""
    week = orders["date"] - pd.to_timedelta(orders["date"].dt.day_of_week, unit="D")
    return orders.assign(week=week).groupby(CELL)["quantity"].sum().rename("sold")
