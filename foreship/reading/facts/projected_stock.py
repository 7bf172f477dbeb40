"""Stock that cells of a plan are expected to have at the end of each week, path by path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Floats, Ids, Ints

if TYPE_CHECKING:
    from foreship_optimize.demand import DemandScenarios

__all__ = ["MOST_PATHS", "places_among", "projected_stock", "rows_of"]

WEEK_DAYS: Final = 7
BLOCK: Final = 5_000
"""cells followed at a time, which bounds the memory taken"""
MOST_PATHS: Final = 200
"""paths that the means are taken over: enough for a chance to a few percent"""


def projected_stock(
    cells: pd.DataFrame, moves: pd.DataFrame, paths: DemandScenarios, most_weeks: int | None = None
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
    most_weeks
        How many to follow; absent: all that the paths cover.

    Returns
    -------
    `region, item, week, stock, short, wanted, unserved` by cell and week: mean stock at the end of
    the week [units], share of paths in which nothing is left then, mean demand of the week and mean
    of what found nothing [units].
    """
    rows, at = rows_of(paths, cells), places_among(cells, moves)
    day, more = moves["day"].to_numpy(np.int64), moves["quantity"].to_numpy(np.float64)
    on_hand = cells["on_hand"].to_numpy(dtype=np.float64)
    weeks = len(paths.weeks[:most_weeks])
    told = np.zeros((4, len(cells), weeks))
    for first in range(0, len(cells), BLOCK):
        block = slice(first, min(first + BLOCK, len(cells)))
        mine = (at >= block.start) & (at < block.stop)
        moved = _Moves(at[mine] - block.start, day[mine], more[mine])
        told[:, block] = _followed(_Demand(paths, rows[block]), on_hand[block], moved, weeks)
    frame = {
        "region": np.repeat(cells["region"].to_numpy(), weeks),
        "item": np.repeat(cells["item"].to_numpy(), weeks),
        "week": np.tile(paths.weeks[:weeks].astype("datetime64[us]"), len(cells)),
    }
    named = zip(("stock", "short", "wanted", "unserved"), told, strict=True)
    return pd.DataFrame({**frame, **{name: values.ravel() for name, values in named}})


_Column: TypeAlias = "Ids | pd.Series[Any]"


class _Moves(NamedTuple):
    """What comes into and leaves the cells of a block, (N,) each."""

    cell: Ints
    day: Ints
    quantity: Floats


def _followed(demand: _Demand, on_hand: Floats, moves: _Moves, weeks: int) -> Floats:
    """Return stock, share of paths without any, demand and what it missed, (4, C, H)."""
    stock = np.repeat(on_hand[:, None], len(demand.chosen), axis=1)
    told = np.zeros((4, len(on_hand), weeks))
    for week in range(weeks):
        whole, taken, missed = demand.week(week), np.zeros_like(stock), np.zeros_like(stock)
        mine = moves.day // WEEK_DAYS == week
        for each in np.unique(moves.day[mine]):
            now = mine & (moves.day == each)
            here = np.unique(moves.cell[now])
            until = demand.part_of_week(here, int(each))
            left = stock[here] - (until - taken[here])
            missed[here] -= np.minimum(left, 0.0)
            stock[here], taken[here] = np.maximum(left, 0.0), until
            np.add.at(stock, moves.cell[now], moves.quantity[now][:, None])
            stock[here] = np.maximum(stock[here], 0.0)
        left = stock - (whole - taken)
        missed -= np.minimum(left, 0.0)
        stock = np.maximum(left, 0.0)
        each_week = (stock, stock <= 0.0, whole, missed)
        told[:, :, week] = [values.mean(axis=1) for values in each_week]
    return told


class _Demand:
    """Demand of the cells on the chosen paths; none where the paths do not know a cell."""

    def __init__(self, paths: DemandScenarios, rows: Ints) -> None:
        self.paths, self.rows = paths, rows
        self.chosen = paths.path_order[:MOST_PATHS]

    def week(self, week: int) -> Floats:
        """Units of a whole week, (C, P)."""
        found = np.zeros((len(self.rows), len(self.chosen)))
        known = self.rows >= 0
        found[known] = self.paths.units_of(self.rows[known], slice(week, week + 1))[
            :, 0, self.chosen
        ]
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


def rows_of(paths: DemandScenarios, cells: pd.DataFrame) -> Ints:
    """Row of each cell in the paths, -1 where they do not know it."""
    return _places((paths.region, paths.item), cells)


def places_among(cells: pd.DataFrame, frame: pd.DataFrame) -> Ints:
    """Return the row of each row's cell among `cells`, which are distinct; -1 where it is none."""
    return _places((cells["region"], cells["item"]), frame)


def _places(known: tuple[_Column, _Column], frame: pd.DataFrame) -> Ints:
    """Return the row of each row's cell among known regions and items.

    Ids are compared once each and cells as numbers: an index of pairs of words takes far longer.
    """
    (place, at), (what, which) = map(_codes, known, (frame["region"], frame["item"]))
    many = int(what.max(initial=0)) + 1
    wanted = np.where((at < 0) | (which < 0), -1, at * many + which)
    return np.asarray(pd.Index(place * many + what).get_indexer(pd.Index(wanted)), dtype=np.int64)


def _codes(known: _Column, asked: _Column) -> tuple[Ints, Ints]:
    """Return both columns of ids as numbers of the known ones, -1 for any other."""
    (codes, ids), (rows, names) = pd.factorize(known), pd.factorize(asked)
    found = pd.Index(ids).astype(object).get_indexer(pd.Index(names).astype(object))
    return codes.astype(np.int64), np.append(found, -1)[rows].astype(np.int64)
