"""What exceptions are read from: a finished plan, its cells in numbers, and doubts of its input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from foreship.errors import Fault
from foreship.reading.facts.line_facts import Sales, line_cells, moves_of, stock_of, weekly_mean
from foreship.reading.facts.projected_stock import places_among, projected_stock, rows_of
from foreship.reading.views import RunView, flat

if TYPE_CHECKING:
    from foreship_foundation.arrays import Floats
    from foreship_optimize.demand import DemandScenarios

__all__ = ["Seen", "seen_of"]

FOLLOWED = ("wanted", "unserved", "short")


@dataclass(frozen=True)
class Seen:
    """A plan and all that was known when it was made."""

    view: RunView
    tables: Mapping[str, pd.DataFrame]
    """what the plan was made from, by name; an absent one has no rows"""
    cells: pd.DataFrame
    """a row a cell, see `seen_of`"""
    weeks: int
    """until the units of the next plan arrive: what `wanted` and `unserved` are counted over"""
    sales: Sales
    warnings: tuple[Fault, ...] = ()
    """what `check` doubts"""
    stale: tuple[str, ...] = ()
    """why the stock may be of another day, or does not know what is under way"""

    def table(self, name: str) -> pd.DataFrame:
        """Return a table, without rows where there is none."""
        found = self.tables.get(name)
        return pd.DataFrame() if found is None else found

    @cached_property
    def goods(self) -> pd.DataFrame:
        """`price, unit_cost, margin, holding` of each item [money a unit], by id."""
        items = self.table("items")
        frame = pd.DataFrame(index=pd.Index(items["item"].astype(str)))
        for name in ("price", "unit_cost"):
            frame[name] = items[name].to_numpy(dtype=np.float64)
        frame["margin"] = (frame["price"] - frame["unit_cost"]).clip(lower=0.0)
        holding = items.get("holding_cost_per_week")
        frame["holding"] = 0.0 if holding is None else holding.fillna(0.0).to_numpy(np.float64)
        return frame

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], int]:
        """Row of each cell in `cells`, by region and item."""
        keys = zip(self.cells["region"], self.cells["item"], strict=True)
        return {key: row for row, key in enumerate(keys)}

    def worth_of(self, items: pd.Series, column: str) -> Floats:
        """Return a column of `goods` for each item, 0 for one that no table knows [money]."""
        return self.goods[column].reindex(items.astype(str)).fillna(0.0).to_numpy(np.float64)

    def margin_of(self, items: pd.Series) -> Floats:
        """Return what a sale of each item earns before it is sent, at least 0 [money]."""
        return self.worth_of(items, "margin")

    def knows(self, kind: str, id_: str) -> bool:
        """Tell whether an id is one of a `hub`, or of a `region`."""
        table = self.table(f"{kind}s")
        return kind in table and bool((table[kind] == id_).any())

    def setting(self, key: str, default: float) -> float:
        """Return a number of the settings, as `section.key`."""
        value = flat(self.view.assumptions).get(key)
        return default if value is None else float(value)


def seen_of(
    view: RunView,
    tables: Mapping[str, pd.DataFrame],
    paths: DemandScenarios,
    sales: Sales,
    warnings: tuple[Fault, ...] = (),
    stale: tuple[str, ...] = (),
) -> Seen:
    """Gather what exceptions are read from.

    The cells are those with demand, with units in the ledger, or with stock; their columns:

    | column | meaning |
    |---|---|
    | `region, item` | where and what |
    | `on_hand, coming, arriving, leaving, stays` | units around the plan |
    | `expected` | whether the demand knows the cell |
    | `weekly` | mean demand of a week |
    | `wanted, unserved` | mean demand until the next plan's units arrive, and what finds nothing |
    | `sold_out` | chance that nothing is left then |
    | `worth` | most that one more unit there gains if it is sold, at least 0 |
    | `loss` | what a unit there loses if it is not sold, at least 0 |
    | `line` | first line of the plan about it, -1 without one |
    """
    cells = _cells(view, paths)
    cells = cells.assign(**stock_of(view, cells), weekly=weekly_mean(paths, cells))
    cells["expected"] = rows_of(paths, cells) >= 0
    cells["stays"] = cells["on_hand"] + cells["coming"] + cells["arriving"] - cells["leaving"]
    weeks = min(view.review_weeks + 1, len(paths.weeks))
    ahead = projected_stock(cells, moves_of(view), paths, weeks)
    by_week = {name: ahead[name].to_numpy().reshape(-1, weeks) for name in FOLLOWED}
    for name in ("wanted", "unserved"):
        cells[name] = by_week[name].sum(axis=1)
    cells["sold_out"] = by_week["short"][:, -1]
    cells = cells.assign(**_worth(view, cells), line=_lines(view, cells))
    return Seen(view, tables, cells, weeks, sales, warnings, stale)


def _cells(view: RunView, paths: DemandScenarios) -> pd.DataFrame:
    known = [
        pd.DataFrame({"region": paths.region, "item": paths.item}),
        view.units[["region", "item"]],
        line_cells(view.lines)[0],
    ]
    stock, regions = view.table("stock"), view.table("regions")
    if len(stock) and len(regions):
        here = stock[stock["location"].isin(regions["region"]) & (stock["quantity"] > 0)]
        known.append(here.rename(columns={"location": "region"})[["region", "item"]])
    every = pd.concat(known).astype(str).drop_duplicates()
    return every.sort_values(["region", "item"], ignore_index=True)


def _worth(view: RunView, cells: pd.DataFrame) -> dict[str, Floats]:
    """Return the ledger's largest gain and loss of each cell, of its item where it has none."""
    by_cell = view.units.groupby(["region", "item"], as_index=False)[["gain", "loss"]].max()
    by_item = view.units.groupby("item")[["gain", "loss"]].median()
    at = places_among(by_cell, cells)
    own = by_cell[["gain", "loss"]].reindex(at).reset_index(drop=True)
    usual = by_item.reindex(cells["item"]).reset_index(drop=True)
    both = own.fillna(usual).fillna(0.0).clip(lower=0.0)
    return {"worth": both["gain"].to_numpy(), "loss": both["loss"].to_numpy()}


def _lines(view: RunView, cells: pd.DataFrame) -> np.ndarray:
    about, of_line = line_cells(view.lines)
    first = pd.Series(np.arange(len(of_line))).groupby(of_line).min().reindex(range(len(about)))
    at = places_among(about, cells)
    told = np.append(first.to_numpy(), -1)
    return told[np.where(at >= 0, at, -1)].astype(np.int64)
