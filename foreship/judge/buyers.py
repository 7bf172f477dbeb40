"""The true orders, unit by unit, and whether each buyer waits for a parcel.

Every order unit draws once (docs/replay.md, equation 1). The draw depends on the seed, the date,
the region, the item and the unit's running number there, on nothing else: every policy meets the
same buyers, and the row order of the table does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.judge.columns import positions
from foreship.judge.draws import hashes, mix, uniform
from foreship.judge.network.network import Network
from foreship.judge.orders.book import OrderBook
from foreship_foundation.arrays import Floats, Ints

__all__ = ["Buyers", "Day", "patience"]


WEEK = np.timedelta64(7, "D")


@dataclass(frozen=True)
class Day:
    """The buyers of one day, one row a cell, sorted by (region, item)."""

    region: Ints
    item: Ints
    quantity: Ints
    first: Ints
    """position of the cell's first unit in `waiting_before`"""
    waiting_before: Ints
    """buyers willing to wait among all units before this one, shape (all units + 1,)"""

    def who_wait(self, served: Ints) -> Ints:
        """Return how many buyers of each cell wait, once the first `served` have their unit."""
        last = self.first + self.quantity
        waiting: Ints = self.waiting_before[last] - self.waiting_before[self.first + served]
        return waiting


@dataclass(frozen=True)
class Buyers:
    """The orders of a network: units day by day, and totals by item week by week.

    **Invariants:** cells of `day` are sorted by (date, region, item) and unique.
    """

    date: npt.NDArray[np.datetime64]
    region: Ints
    item: Ints
    quantity: Ints
    first: Ints
    waiting_before: Ints
    left_out: int
    """order lines whose region or item no table knows"""
    book: OrderBook | None = None
    """the same by order; None where money is not by order"""

    @classmethod
    def from_orders(
        cls, orders: pd.DataFrame, network: Network, start: np.datetime64, seed: int
    ) -> Buyers:
        """Read all orders; buyers before `start` count only in the means."""
        region = positions(orders["region"], network.regions)
        item = positions(orders["item"], network.items)
        known = (region >= 0) & (item >= 0)
        lines = pd.DataFrame(
            {
                "date": orders["date"].to_numpy().astype("datetime64[D]").astype(np.int64)[known],
                "region": region[known],
                "item": item[known],
                "quantity": orders["quantity"].to_numpy(dtype=np.int64)[known],
            }
        )
        cells = lines.groupby(["date", "region", "item"], sort=True)["quantity"].sum()
        date, at_region, at_item = (
            cells.index.get_level_values(level).to_numpy(dtype=np.int64) for level in range(3)
        )
        quantity = cells.to_numpy(dtype=np.int64)
        drawn = np.where(date >= start.astype("datetime64[D]").astype(np.int64), quantity, 0)
        waits = patience(network, date, at_region, at_item, drawn, seed)
        return cls(
            date=date.astype("datetime64[D]"),
            region=at_region,
            item=at_item,
            quantity=quantity,
            first=np.cumsum(drawn) - drawn,
            waiting_before=np.concatenate([[0], np.cumsum(waits)]).astype(np.int64),
            left_out=int((~known).sum()),
            book=OrderBook.from_orders(orders, network, seed) if network.by_order else None,
        )

    def on(self, day: np.datetime64) -> Day:
        """Return the buyers of one day."""
        low, high = np.searchsorted(self.date, [day, day + np.timedelta64(1, "D")])
        part = slice(low, high)
        return Day(
            self.region[part],
            self.item[part],
            self.quantity[part],
            self.first[part],
            self.waiting_before,
        )

    def mean_by_item(self, monday: np.datetime64, weeks: int, items: int) -> Floats:
        """Return mean weekly units of each item over the `weeks` before `monday`, all regions.

        A shorter history is averaged over the weeks it has.
        """
        span, weeks = self._trailing(monday, weeks)
        return np.bincount(self.item[span], self.quantity[span], items) / weeks

    def mean_by_cell(self, monday: np.datetime64, weeks: int, shape: tuple[int, int]) -> Floats:
        """Return the same mean by cell, shape (regions, items)."""
        span, weeks = self._trailing(monday, weeks)
        cell = self.region[span] * shape[1] + self.item[span]
        total = np.bincount(cell, self.quantity[span], shape[0] * shape[1])
        return (total / weeks).reshape(shape)

    def weeks_before(self, monday: np.datetime64, weeks: int) -> int:
        """Return over how many weeks these means are taken."""
        return self._trailing(monday, weeks)[1]

    def _trailing(self, monday: np.datetime64, weeks: int) -> tuple[slice, int]:
        low, high = np.searchsorted(self.date, [monday - weeks * WEEK, monday])
        if high == 0:
            return slice(0, 0), weeks
        lived = int(np.ceil((monday - self.date[0]) / WEEK))
        return slice(low, high), min(weeks, lived)


def patience(
    network: Network, date: Ints, region: Ints, item: Ints, quantity: Ints, seed: int
) -> npt.NDArray[np.bool_]:
    """Draw for every ordered unit whether its buyer waits for a parcel.

    Parameters
    ----------
    network
        Gives ids to hash, and the chance that a buyer does not wait (equation 28).
    date, region, item, quantity
        Day number, positions and units of each (date, region, item), shape (N,).
    seed
        Same seed, same draws.

    Returns
    -------
    True where the buyer waits, shape (sum of quantity,), cell after cell.
    """
    lost = network.lost_share_of(region, item, date.astype("datetime64[D]"))
    base = mix(date.view(np.uint64) ^ mix(np.array([seed], dtype=np.uint64)))
    base = mix(base ^ hashes(network.regions)[region])
    base = mix(base ^ hashes(network.items)[item])
    number = np.arange(quantity.sum()) - np.repeat(np.cumsum(quantity) - quantity, quantity)
    drawn = mix(np.repeat(base, quantity) ^ mix(number.astype(np.uint64)))
    return uniform(drawn) >= np.repeat(lost, quantity)
