"""The book of orders: their lines, in the sequence in which they come, and whose buyer waits.

Orders come by day, then by a fixed hash of their id (docs/replay.md, equation 17). Sequence and
patience look at nothing else: all policies meet the same orders, whatever the order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from foreship.judge.columns import positions
from foreship.judge.draws import hashes, mix, uniform
from foreship.judge.network.network import Network
from foreship.judge.orders.retained import Retained
from foreship_foundation.arrays import Bools, Days, Floats, Hashes, Ints

__all__ = ["Order", "OrderBook", "OrderDay", "PastOrders"]


DAY = np.timedelta64(1, "D")
WEEK = np.timedelta64(7, "D")
NAMELESS = np.uint64(0x6E616D656C657373)
"""begins the hash of a line without an id, so that it is no other order's"""


class Order(NamedTuple):
    """An order, a line an item; plain numbers, because orders are served one by one."""

    region: int
    waits: bool
    """whether its buyer takes parcels"""
    impatience: float
    """chance that a buyer of such an order does not, a_o"""
    size: int
    """units of all lines, > 0"""
    cells: list[int]
    """of each line, in `OrderDay.region` and `.item`"""
    items: list[int]
    """of each line, in `OrderDay.items`"""
    units: list[int]
    margins: list[float]
    """of a unit of each line [money]"""


class OrderDay(NamedTuple):
    """The orders of one day in the sequence in which they come, and the shelves they look at."""

    orders: list[Order]
    region: Ints
    """of each cell that is wanted, each cell once"""
    item: Ints
    items: Ints
    """each item that is wanted, once"""


class PastOrders(NamedTuple):
    """Orders of some weeks, without sequence or patience."""

    region: Ints
    """of each order"""
    impatience: Floats
    """of each order, a_o"""
    line_order: Ints
    """of each line, its order; every order has a line"""
    item: Ints
    """of each line"""
    units: Ints
    """of each line, > 0"""

    @property
    def line_region(self) -> Ints:
        """Region of each line."""
        return self.region[self.line_order]

    @property
    def size(self) -> Floats:
        """Units of each order."""
        return self.total(self.units)

    def total(self, of_lines: Ints | Floats) -> Floats:
        """Add up the lines of each order."""
        total = np.bincount(self.line_order, of_lines, len(self.region))
        return total.astype(np.float64)


@dataclass(frozen=True)
class OrderBook:
    """All orders; lines of order `o` are `first[o]:first[o + 1]`.

    **Invariants:** orders are sorted by (date, hash of the id, region); no item is twice in one.
    """

    date: Days
    region: Ints
    waits: Bools
    impatience: Floats
    """mean of `lost_sale_share` over the units of each order"""
    first: Ints
    item: Ints
    units: Ints
    margin: Floats
    """of a unit of each item, shape (items,) [money]"""
    retained: dict[tuple[np.datetime64, int], Retained] = field(
        default_factory=dict, repr=False, compare=False
    )
    """what units are worth, by Monday and trailing weeks, once it was asked for"""
    _days: dict[np.datetime64, OrderDay] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_orders(cls, orders: pd.DataFrame, network: Network, seed: int) -> OrderBook:
        """Read all orders; lines of regions and items that no table knows are left out."""
        region = positions(orders["region"], network.regions)
        item = positions(orders["item"], network.items)
        quantity = orders["quantity"].to_numpy(dtype=np.int64)
        kept = (region >= 0) & (item >= 0) & (quantity > 0)
        date = orders["date"].to_numpy().astype("datetime64[D]").astype(np.int64)[kept]
        region, item, quantity = region[kept], item[kept], quantity[kept]
        code, mark = _named(orders["order_id"].to_numpy(dtype=object)[kept])
        nameless = np.flatnonzero(code < 0)
        lines = (date[nameless], region[nameless], item[nameless], quantity[nameless])
        code[nameless], mark[nameless] = _nameless(network, *lines, code.max(initial=-1) + 1)
        # one line an item
        order = np.lexsort((item, code, region, mark, date))
        date, region, item, code = date[order], region[order], item[order], code[order]
        new_order = _changes(date, region, code)
        line = np.flatnonzero(new_order | _changes(item))
        units = np.add.reduceat(quantity[order], line) if len(line) else quantity
        at, begins = np.flatnonzero(new_order), np.flatnonzero(new_order[line])
        of_day = date[line].astype("datetime64[D]")
        lost = network.lost_share_of(region[line], item[line], of_day) * units
        size = np.add.reduceat(units, begins) if len(begins) else units
        impatience = np.add.reduceat(lost, begins) / size if len(begins) else lost
        drawn = _drawn(network, date[at], region[at], mark[order][at], seed)
        return cls(
            date=date[at].astype("datetime64[D]"),
            region=region[at],
            waits=np.asarray(uniform(drawn) >= impatience),
            impatience=np.asarray(impatience),
            first=np.append(begins, len(line)).astype(np.int64),
            item=item[line],
            units=units,
            margin=network.margin,
        )

    def on(self, day: np.datetime64) -> OrderDay:
        """Return the orders of one day."""
        if day not in self._days:
            self._days[day] = self._made(*np.searchsorted(self.date, [day, day + DAY]).tolist())
        return self._days[day]

    def _made(self, low: int, high: int) -> OrderDay:
        first = self.first[low : high + 1]
        part, width = slice(first[0], first[-1]), len(self.margin)
        item, count = self.item[part], np.diff(first)
        key = np.repeat(self.region[low:high], count) * width + item
        cells, cell = np.unique(key, return_inverse=True)
        items, at = np.unique(item, return_inverse=True)
        units, margins = self.units[part].tolist(), self.margin[item].tolist()
        cell, at = cell.tolist(), at.tolist()
        ends = (first - first[0]).tolist()
        about = zip(
            self.region[low:high].tolist(),
            self.waits[low:high].tolist(),
            self.impatience[low:high].tolist(),
            ends[:-1],
            ends[1:],
            strict=True,
        )
        orders = [
            Order(place, waits, a, sum(units[i:j]), cell[i:j], at[i:j], units[i:j], margins[i:j])
            for place, waits, a, i, j in about
        ]
        return OrderDay(orders, *np.divmod(cells, width), items)

    def cells_wanted(self, monday: np.datetime64) -> tuple[Ints, Ints]:
        """Return region and item of the cells that the week's orders want, each once, sorted."""
        low, high = np.searchsorted(self.date, [monday, monday + WEEK])
        first = self.first[low : high + 1]
        region = np.repeat(self.region[low:high], np.diff(first))
        cells = np.unique(region * len(self.margin) + self.item[first[0] : first[-1]])
        return np.divmod(cells, len(self.margin))

    def past(self, before: np.datetime64, weeks: int) -> PastOrders:
        """Return the orders of the `weeks` before a day."""
        low, high = np.searchsorted(self.date, [before - weeks * WEEK, before])
        first = self.first[low : high + 1]
        part = slice(first[0], first[-1])
        return PastOrders(
            region=self.region[low:high],
            impatience=self.impatience[low:high],
            line_order=np.repeat(np.arange(high - low), np.diff(first)),
            item=self.item[part],
            units=self.units[part],
        )


def _named(ids: np.typing.NDArray[np.object_]) -> tuple[Ints, Hashes]:
    """Return number and hash of each line's order; -1 where it has no id."""
    code, names = pd.factorize(ids, sort=True)
    code, known = code.astype(np.int64), np.array([each != "" for each in names], dtype=np.bool_)
    code[~np.append(known, False)[code]] = -1
    mark = np.append(hashes(names), np.uint64(0))[code]
    return code, mark


def _nameless(
    network: Network, date: Ints, region: Ints, item: Ints, quantity: Ints, code: int
) -> tuple[Ints, Hashes]:
    """Return number, from `code` on, and hash of lines that are orders of their own.

    Of those of one day and cell the first is the smallest, whatever the order of rows.
    """
    order = np.lexsort((quantity, item, region, date))
    begins = _changes(date[order], region[order], item[order])
    at = np.arange(len(order))
    number = np.empty(len(order), dtype=np.int64)
    number[order] = at - np.maximum.accumulate(np.where(begins, at, 0))
    codes = np.empty(len(order), dtype=np.int64)
    codes[order] = code + at
    base = mix(date.view(np.uint64) ^ NAMELESS)
    base = mix(base ^ hashes(network.regions)[region])
    base = mix(base ^ hashes(network.items)[item])
    return codes, mix(base ^ number.view(np.uint64))


def _drawn(network: Network, date: Ints, region: Ints, mark: Hashes, seed: int) -> Hashes:
    """Draw once an order (equation 17)."""
    base = mix(date.view(np.uint64) ^ mix(np.array([seed], dtype=np.uint64)))
    base = mix(base ^ hashes(network.regions)[region])
    return mix(base ^ mark)


def _changes(*columns: Ints) -> Bools:
    """Mark the rows that differ from the one before; the first does."""
    changes = np.zeros(len(columns[0]), dtype=np.bool_)
    changes[:1] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return changes
