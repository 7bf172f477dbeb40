"""Stock that cells of a plan are expected to have at the end of each week, path by path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from foreship_foundation.arrays import Floats, Ints
    from foreship_optimize.demand import DemandScenarios

__all__ = ["MOST_PATHS", "projected_stock"]

WEEK_DAYS: Final = 7
MOST_PATHS: Final = 200
"""paths that the means are taken over: enough for a chance to a few percent"""


def projected_stock(
    cells: pd.DataFrame, moves: pd.DataFrame, paths: DemandScenarios
) -> pd.DataFrame:
    """Follow the stock of cells through the weeks of the paths.

    Orders take what is there, and nothing is owed: stock never falls below 0. What arrives on a
    day serves the orders from that day on; what leaves is gone before them. Later plans are not
    counted.

    Parameters
    ----------
    cells
        `region, item, on_hand`, each cell once.
    moves
        `region, item, day, quantity`: days from `as_of`, at least 0; what leaves is negative.
    paths
        Demand; a cell that it does not know has none.

    Returns
    -------
    `region, item, week, stock, short` by cell and week: mean stock at the end of the week [units],
    share of paths in which nothing is left then.
    """
    chosen = paths.path_order[:MOST_PATHS]
    rows = _rows(cells, paths)
    demand = _Demand(paths, rows, chosen)
    stock = np.repeat(cells["on_hand"].to_numpy(dtype=np.float64)[:, None], len(chosen), axis=1)
    at = _codes(moves, cells)
    day, more = moves["day"].to_numpy(np.int64), moves["quantity"].to_numpy(np.float64)
    mean, short = (np.zeros((len(cells), len(paths.weeks))) for _ in range(2))
    for week in range(len(paths.weeks)):
        taken = np.zeros_like(stock)
        mine = (day // WEEK_DAYS == week) & (at >= 0)
        for each in np.unique(day[mine]):
            now = mine & (day == each)
            here = np.unique(at[now])
            until = demand.part_of_week(here, int(each))
            stock[here] = np.maximum(stock[here] - (until - taken[here]), 0.0)
            taken[here] = until
            np.add.at(stock, at[now], more[now][:, None])
            stock[here] = np.maximum(stock[here], 0.0)
        stock = np.maximum(stock - (demand.week(week) - taken), 0.0)
        mean[:, week], short[:, week] = stock.mean(axis=1), (stock <= 0.0).mean(axis=1)
    return _told(cells, paths, mean, short)


class _Demand:
    """Demand of the cells on the chosen paths; none where the paths do not know a cell."""

    def __init__(self, paths: DemandScenarios, rows: Ints, chosen: Ints) -> None:
        self.paths, self.rows, self.chosen = paths, rows, chosen

    def week(self, week: int) -> Floats:
        """Units of a whole week, (C, P)."""
        found = np.zeros((len(self.rows), len(self.chosen)))
        known = self.rows >= 0
        found[known] = self.paths.units[self.rows[known], week][:, self.chosen]
        return found

    def part_of_week(self, here: Ints, day: int) -> Floats:
        """Units of the week of `day` before it, of the cells `here`, (len(here), P)."""
        found = np.zeros((len(here), len(self.chosen)))
        rows = self.rows[here]
        known = rows >= 0
        if known.any() and day % WEEK_DAYS:
            start = day - day % WEEK_DAYS
            until = self.paths.demand_until(rows[known], day)
            before = self.paths.demand_until(rows[known], start)
            found[known] = (until - before)[:, self.chosen]
        return found


def _rows(cells: pd.DataFrame, paths: DemandScenarios) -> Ints:
    """Row of each cell in the paths, -1 where they do not know it."""
    known = pd.MultiIndex.from_arrays([paths.region, paths.item])
    return np.asarray(known.get_indexer(_index(cells)), dtype=np.int64)


def _codes(moves: pd.DataFrame, cells: pd.DataFrame) -> Ints:
    return np.asarray(_index(cells).get_indexer(_index(moves)), dtype=np.int64)


def _index(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([frame["region"].astype(object), frame["item"].astype(object)])


def _told(cells: pd.DataFrame, paths: DemandScenarios, mean: Floats, short: Floats) -> pd.DataFrame:
    weeks = len(paths.weeks)
    return pd.DataFrame(
        {
            "region": np.repeat(cells["region"].to_numpy(), weeks),
            "item": np.repeat(cells["item"].to_numpy(), weeks),
            "week": np.tile(paths.weeks.astype("datetime64[us]"), len(cells)),
            "stock": mean.ravel(),
            "short": short.ravel(),
        }
    )
