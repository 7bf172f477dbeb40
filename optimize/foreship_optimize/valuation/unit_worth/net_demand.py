"""Net demand: what is left of demand after stock in the cell and inbound.

Equation 2 of docs/value.md: stock is walked day by day through the paths, inbound counts from
its date, or from the day on which a path draws it, and demand that finds nothing does not wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_foundation.paths.path_units import Units
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.transport.late_inbound import Landings

__all__ = [
    "StockWalk",
    "left_to_hubs",
    "missed_before_and_after",
    "need_beyond_stock",
    "orders_at_hubs",
]


class StockWalk:
    """Walks the stock of some cells through all paths, day by day from `as_of`.

    Parameters
    ----------
    demand
        Paths of all cells.
    cells
        What lies there and what is on its way.
    rows
        Positions of the cells walked.
    days
        Days that are walked to, so that demand until all of them is read at once; others may be.
    """

    def __init__(
        self, demand: DemandScenarios, cells: Cells, rows: Ints, days: Sequence[int] = ()
    ) -> None:
        self._demand, self._rows = demand, rows
        days = sorted(set(days))
        self._days, self._until = days, demand.until_days(rows, days)
        self.demand_until: dict[int, Units] = {
            day: self._until[:, at] for at, day in enumerate(days)
        }
        """of the cells, until the start of the days named, (B, S)"""
        self._day = 0
        self._before: Units = np.zeros((len(rows), demand.scenarios), dtype=np.int64)
        self.stock: Ints = np.repeat(cells.on_hand[rows][:, None], demand.scenarios, axis=1)
        self._arrivals: dict[int, Ints] = {}
        self._drawn: dict[int, Landings] = {}
        self.due: Ints = np.zeros((len(rows), 1), dtype=np.int64)
        """units still on their way, by cell, or by cell and path where these are drawn"""
        if cells.late is not None:
            self.due = np.zeros_like(self.stock)
            drawn = cells.late.landings(demand, rows)
            np.add.at(self.due, (drawn.row, drawn.path), drawn.units)
            self._drawn = drawn.by_day()
        else:
            self._arrivals = _arrivals(cells, rows)
            self.due = sum(self._arrivals.values(), start=self.due)
        self._land(0)

    def until(self, day: int) -> Ints:
        """Walk to the start of `day`; return the demand that found no stock, shape (B, S)."""
        landing = self._arrivals or self._drawn
        stops = sorted(each for each in landing if self._day < each < day)
        early: Ints = np.zeros_like(self.stock) if stops else np.zeros((), dtype=np.int64)
        self._before = self._before.copy() if stops else self._before
        for stop in stops:
            # where nothing lands, one walk over several days ends as several walks do
            self._walk(self._landing_on(stop), stop, early)
            self._land(stop)
        unmet = self._walk_all(day)
        unmet += early
        self._day = day
        self._land(day)
        return unmet

    def demand_between(self, days: Sequence[int]) -> Ints:
        """Demand from each of some days, ascending and named before, to the next, (B, D - 1, S)."""
        at = [self._days.index(day) for day in days]
        run = at == list(range(at[0], at[0] + len(at)))
        until = self._until[:, at[0] : at[-1] + 1] if run else self._until[:, at]
        return np.asarray(until[:, 1:] - until[:, :-1])

    def _walk_all(self, day: int) -> Ints:
        """Walk all cells to the start of a day; return what found no stock."""
        until = self.demand_until.get(day)
        if until is None:
            until = self._demand.demand_until(self._rows, day)
        wanted, lies = until - self._before, self.stock
        self.stock, self._before = np.maximum(lies - wanted, 0), until
        return np.asarray(np.maximum(wanted - lies, 0))

    def _walk(self, some: Ints, day: int, unmet: Ints) -> None:
        """Walk some of the cells to the start of a day, and add to what found no stock."""
        until = self._demand.demand_until(self._rows[some], day)
        wanted, lies = until - self._before[some], self.stock[some]
        unmet[some] += np.maximum(wanted - lies, 0)
        self.stock[some] = np.maximum(lies - wanted, 0)
        self._before[some] = until

    def _landing_on(self, day: int) -> Ints:
        """Positions of the cells in which something lands on a day."""
        if day in self._drawn:
            return np.unique(self._drawn[day].row)
        return np.flatnonzero(self._arrivals[day][:, 0])

    def _land(self, day: int) -> None:
        """Add the inbound of that day to the stock."""
        landed = self._arrivals.pop(day, None)
        if landed is not None:
            some = np.flatnonzero(landed[:, 0])
            self.stock[some] += landed[some]
            self.due[some] -= landed[some]
        drawn = self._drawn.pop(day, None)
        if drawn is not None:
            np.add.at(self.stock, (drawn.row, drawn.path), drawn.units)
            np.subtract.at(self.due, (drawn.row, drawn.path), drawn.units)


def need_beyond_stock(
    demand: DemandScenarios, cells: Cells, rows: Ints, start: int, end: int
) -> tuple[Ints, Ints]:
    """Need of days start..end beyond stock and inbound, and the stock left at the end.

    Returns
    -------
    need
        N, shape (B, S).
    left
        Stock there at the end, and inbound that comes later, shape (B, S).
    """
    walk = StockWalk(demand, cells, rows, (start, end))
    walk.until(start)
    need = walk.until(end)
    return need, walk.stock + walk.due


def orders_at_hubs(
    served: DemandScenarios, wanted: DemandScenarios, cells: Cells, rows: Ints, end: int
) -> Ints:
    """Units until day `end` that hubs are asked for: all that regions do not serve, (B, S).

    Parameters
    ----------
    served
        What regions may serve; they serve it from their stock.
    wanted
        All demand; the same where regions may serve all of it.
    """
    orders = need_beyond_stock(served, cells, rows, 0, end)[0]
    if wanted is served:
        return orders
    return np.asarray(orders + left_to_hubs(served, wanted, rows, end))


def left_to_hubs(served: DemandScenarios, wanted: DemandScenarios, rows: Ints, end: int) -> Ints:
    """Units until day `end` that regions do not serve at all, (B, S)."""
    # each deals its orders to the days of a week by itself
    others = wanted.demand_until(rows, end) - served.demand_until(rows, end)
    return np.asarray(np.maximum(others, 0))


def missed_before_and_after(
    demand: DemandScenarios, cells: Cells, rows: Ints, day: int, end: int
) -> tuple[Ints, Ints]:
    """Need beyond stock and inbound until `day`, and from it to `end`, (B, S) each.

    Together they are the need of all these days: to stop on the way changes nothing.
    """
    walk = StockWalk(demand, cells, rows, (day, end))
    return walk.until(day), walk.until(end)


def _arrivals(cells: Cells, rows: Ints) -> dict[int, Ints]:
    """Inbound of some cells by day: for each day, the units of each cell, shape (B, 1)."""
    order = np.argsort(rows, kind="stable")
    at = np.searchsorted(rows[order], cells.inbound_cell)
    at = np.minimum(at, max(len(rows) - 1, 0))
    mine: Any = rows[order][at] == cells.inbound_cell if len(rows) else at < 0
    position, days = order[at][mine], cells.inbound_day[mine]
    arrivals: dict[int, Ints] = {}
    for day in np.unique(days).tolist():
        units = np.zeros(len(rows), dtype=np.int64)
        np.add.at(units, position[days == day], cells.inbound_units[mine][days == day])
        arrivals[day] = units[:, None]
    return arrivals
