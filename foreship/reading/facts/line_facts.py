"""What a planner judges a line by: sales, forecast, stock before and after it, and its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from foreship.reading.facts.line_reasons import reasons_of_lines
from foreship.reading.facts.projected_stock import places_among, projected_stock, rows_of
from foreship.reading.views import INTO_REGIONS, OUT_OF_REGIONS, RunView
from foreship_foundation.tables.output_files import FACTS, PROJECTED

if TYPE_CHECKING:
    from foreship_foundation.arrays import Floats, Ints
    from foreship_optimize.demand import DemandScenarios

__all__ = [
    "Sales",
    "facts_of",
    "line_cells",
    "moves_of",
    "stock_of",
    "summed",
    "weekly_mean",
]

WEEK: Final = pd.Timedelta(weeks=1)
RECENT_WEEKS, YEAR_WEEKS, WEEK_DAYS = 4, 52, 7
ROWS_AT_ONCE: Final = 500_000
"""rows summed at a time, which bounds the memory taken"""


@dataclass(frozen=True)
class Sales:
    """Orders, and how many buyers must stand behind a cell before its sales are shown."""

    orders: pd.DataFrame
    """`date, region, item, quantity`; dated on or after the plan's Monday: not looked at"""
    buyers: pd.DataFrame
    """`week, region, item, customers`: first purchases; no rows where buyers are not known"""
    min_customers: int = 1

    def of_cells(
        self, cells: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, as_of: pd.Timestamp
    ) -> Floats:
        """Return what cells sold from `start` until `end`, in units.

        NaN where the orders do not reach back so far, and where too few buyers stand behind a cell.
        """
        days = self.orders["date"]
        if days.empty or days.min() > start:
            return np.full(len(cells), np.nan)
        mine = self.orders[(days >= start) & (days < min(end, as_of))]
        sold = summed(mine, "quantity", cells)
        if self.min_customers > 1 and len(self.buyers):
            before = self.buyers["week"] < as_of
            known = self.buyers if before.all() else self.buyers[before]
            sold[summed(known, "customers", cells) < self.min_customers] = np.nan
        return sold


def facts_of(
    view: RunView, sales: Sales, paths: DemandScenarios
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the facts of every line of a plan, and the projected stock of their cells.

    Parameters
    ----------
    view
        The plan with the tables it was made from.
    paths
        The demand that it was made for.

    Returns
    -------
    `facts.parquet`, a row a line, and `projected.parquet`, in their declared columns. The cell of
    a line is where its units arrive, else where they leave.
    """
    cells, of_line = line_cells(view.lines)
    cells = cells.assign(**stock_of(view, cells))
    projected = projected_stock(cells, moves_of(view), paths)
    lines = view.lines
    start, days = _window_starts(view), WEEK_DAYS * view.review_weeks
    forecast = _expected(paths, cells, of_line, start, days)
    weekly = weekly_mean(paths, cells)
    stays = cells[["on_hand", "coming", "arriving"]].sum(axis=1) - cells["leaving"]
    cover = np.divide(stays, weekly, out=np.full(len(cells), np.nan), where=weekly > 0.0)
    lowest, short = _in_window(projected, len(cells), of_line, start, start + days)
    as_of, back = view.as_of, RECENT_WEEKS * WEEK
    sold = sales.of_cells(cells, as_of - back, as_of, as_of)
    then = as_of - YEAR_WEEKS * WEEK
    sold_then = sales.of_cells(cells, then - back, then, as_of)
    frame = pd.DataFrame(
        {
            "line": np.arange(len(lines)),
            "name": [view.name("item", each) for each in lines["item"]],
            "sold_4_weeks": sold[of_line],
            "sold_4_weeks_last_year": sold_then[of_line],
            "forecast_window": forecast,
            "window_days": np.full(len(lines), days, dtype=np.int64),
            "on_hand": cells["on_hand"].to_numpy()[of_line],
            "coming": cells["coming"].to_numpy()[of_line],
            "weeks_of_cover": np.asarray(cover)[of_line],
            "lowest_stock": lowest,
            "sold_out_chance": short,
            "reason": reasons_of_lines(view),
            "exit": lines["exit"].to_numpy(),
            "exit_day": view.exit_days().to_numpy(),
            **_sizes(view),
        }
    )
    text = dict.fromkeys(("name", "reason", "exit"), str)
    return frame[list(FACTS.names)].astype(text), projected[list(PROJECTED.names)]


def line_cells(lines: pd.DataFrame) -> tuple[pd.DataFrame, Ints]:
    """Return the cells that lines are about, `region, item` sorted, and the cell of each line."""
    arrives = lines["action"].isin(INTO_REGIONS)
    region = lines["destination"].where(arrives, lines["origin"]).astype(str)
    frame = pd.DataFrame({"region": region, "item": lines["item"].astype(str)})
    cells = frame.drop_duplicates().sort_values(["region", "item"], ignore_index=True)
    at = pd.MultiIndex.from_frame(cells).get_indexer(pd.MultiIndex.from_frame(frame))
    return cells, np.asarray(at, dtype=np.int64)


def stock_of(view: RunView, cells: pd.DataFrame) -> dict[str, Ints]:
    """Units of each cell: on hand, coming, and what this plan brings and takes away."""
    lines = view.lines
    into = lines[lines["action"].isin(INTO_REGIONS)].rename(columns={"destination": "region"})
    out = lines[lines["action"].isin(OUT_OF_REGIONS)].rename(columns={"origin": "region"})
    parts = {
        "on_hand": _at_places(view, "stock"),
        "coming": _at_places(view, "inbound"),
        "arriving": into,
        "leaving": out,
    }
    return {name: summed(each, "quantity", cells).astype(np.int64) for name, each in parts.items()}


def _at_places(view: RunView, table: str) -> pd.DataFrame:
    frame = view.table(table)
    if frame.empty:
        return pd.DataFrame({"region": [], "item": [], "quantity": []})
    return frame.rename(columns={"location": "region"})


def moves_of(view: RunView) -> pd.DataFrame:
    """Return what comes into and leaves the cells, by day: inbound and the lines of this plan."""
    lines = view.lines
    into = lines[lines["action"].isin(INTO_REGIONS)]
    out = lines[lines["action"].isin(OUT_OF_REGIONS)]
    coming = _at_places(view, "inbound")
    found = [
        (into["destination"], into["item"], into["arrival_date"], into["quantity"]),
        (out["origin"], out["item"], out["ship_date"], -out["quantity"]),
    ]
    if len(coming):
        keys = ("region", "item", "arrival_date", "quantity")
        found.append(tuple(coming[name] for name in keys))  # type: ignore[arg-type]
    names = ("region", "item", "date", "quantity")
    frame = pd.concat([pd.DataFrame(dict(zip(names, each, strict=True))) for each in found])
    day = (frame["date"] - view.as_of).dt.days.clip(lower=0)
    return frame.assign(day=day).drop(columns="date")


def _window_starts(view: RunView) -> Ints:
    """Return the first day of each line's window, counted from `as_of`.

    It opens when units arrive, or for what leaves a region when they leave, and lasts until the
    next plan's units could take their place.
    """
    lines = view.lines
    opens = lines["arrival_date"].where(lines["action"].isin(INTO_REGIONS), lines["ship_date"])
    return np.asarray((opens - view.as_of).dt.days, dtype=np.int64)


def _expected(
    paths: DemandScenarios, cells: pd.DataFrame, of_line: Ints, start: Ints, days: int
) -> Floats:
    """Return the mean demand of each line's cell inside its window of `days`, in units."""
    rows = rows_of(paths, cells)[of_line]
    found = np.zeros(len(of_line))
    for first in np.unique(start).tolist():
        mine = np.flatnonzero((start == first) & (rows >= 0))
        until = paths.demand_until(rows[mine], first + days)
        found[mine] = (until - paths.demand_until(rows[mine], first)).mean(axis=1)
    return found


def weekly_mean(paths: DemandScenarios, cells: pd.DataFrame) -> Floats:
    """Return the mean demand of a week of each cell over all weeks and paths, in units."""
    rows = rows_of(paths, cells)
    known = rows >= 0
    mean = np.zeros(len(cells))
    total = paths.totals[rows[known]]
    mean[known] = total.sum(axis=1) / (total.shape[1] * paths.scenarios)
    return mean


def _in_window(
    projected: pd.DataFrame, cells: int, of_line: Ints, start: Ints, end: Ints
) -> tuple[Floats, Floats]:
    """Return by line the lowest stock at a week's end in its window, and how likely it ends empty.

    The window begins with the week of its first day and ends with that of its last.
    """
    if not len(of_line):
        return np.zeros(0), np.zeros(0)
    stock, short = (projected[name].to_numpy().reshape(cells, -1) for name in ("stock", "short"))
    weeks = stock.shape[1]
    first = np.clip(start // WEEK_DAYS, 0, weeks - 1)
    last = np.clip(-(-end // WEEK_DAYS) - 1, 0, weeks - 1)
    week = np.arange(weeks)
    inside = (week >= first[:, None]) & (week <= last[:, None])
    return np.where(inside, stock[of_line], np.inf).min(axis=1), short[of_line, last]


def summed(frame: pd.DataFrame, column: str, cells: pd.DataFrame) -> Floats:
    """Sum whole numbers of rows with `region, item` by cell, 0 where there is no row."""
    total = np.zeros(len(cells))
    for first in range(0, len(frame), ROWS_AT_ONCE):
        rows = frame.iloc[first : first + ROWS_AT_ONCE]
        at = places_among(cells, rows)
        mine = at >= 0
        values = rows[column].to_numpy(dtype=np.float64)[mine]
        total += np.bincount(at[mine], values, minlength=len(cells))
    return total


def _sizes(view: RunView) -> dict[str, Floats | Ints]:
    """Volume, weight and whole packs of each line; sizes are NaN where the items are not known."""
    items, lines = view.table("items"), view.lines
    quantity = lines["quantity"].to_numpy(dtype=np.float64)
    each = items.set_index("item").reindex(lines["item"]) if "item" in items else pd.DataFrame()

    def size(column: str) -> Floats:
        if column not in each:
            return np.full(len(lines), np.nan)
        return np.asarray(each[column], dtype=np.float64)

    pack = np.nan_to_num(size("pack_size"), nan=1.0)
    cases = (quantity // pack).astype(np.int64)
    return {"volume": quantity * size("volume"), "kg": quantity * size("weight_kg"), "cases": cases}
