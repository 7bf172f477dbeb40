"""What the units of each cell earn in whole orders: shares and credits of past orders, shrunk.

Equations 26 to 28 of docs/value.md. A unit earns only in an order that is whole there; which orders
are whole hangs on all other units of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.baskets import Baskets
from foreship_optimize.orders.past_orders import PastOrders

__all__ = ["Credit", "Credited", "Seen", "credited", "seen_units", "shrunk"]


class Credited(NamedTuple):
    """Past orders walked through a stock, by cell (C,) but where stated."""

    taken: Floats
    """units of lines that make or break an order, by how much their window counts"""
    money: Floats
    """what these are credited with [money]"""
    status: Ints
    """by order (O,): the only line missing; -1 if served, -2 if several are missing"""


class Credit(NamedTuple):
    """What the program is told of orders, by cell, (C,)."""

    share: Floats
    """f: part of all units ordered that stand in orders they make or break, [0, 1]"""
    net: Floats
    """e: what such a unit earns beyond its worth if it stays, >= 0 [money]"""

    def between(self, other: Credit, part: float) -> Credit:
        """Return this credit moved a part of the way to another."""
        return Credit(*(mine + part * (its - mine) for mine, its in zip(self, other, strict=True)))


@dataclass(frozen=True)
class Seen:
    """All units of past orders, whether or not an order is worth serving there."""

    units: Floats
    """by cell, by how much their window counts, (C,)"""
    item: Ints
    """item of each cell, (C,)"""
    prior: float
    """units that the mean of the item, and of the network, counts for"""


def seen_units(past: PastOrders, cell: Ints, item: Ints, prior: float) -> Seen:
    """Count the units of each cell.

    Parameters
    ----------
    cell
        Cell of each line of `past`, -1 where it is none.
    item
        Item of each cell, (C,).
    """
    counted = past.units * past.count[past.period[past.order]]
    there = cell >= 0
    return Seen(np.bincount(cell[there], counted[there], len(item)), item, prior)


def credited(baskets: Baskets, count: Floats, stock: Ints, share: Floats | None = None) -> Credited:
    """Walk past orders through a stock and credit their lines.

    Parameters
    ----------
    count
        How much each window counts, (T,).
    stock
        Units of each cell at the start of each window, (C,).
    share
        Part of its order's saving that each line is credited with, (L,); absent: all of it, for
        without the line the order is not served.
    """
    from foreship_optimize.orders.credit_loops import credit_through

    cells = len(stock)
    share = np.ones(len(baskets.cell)) if share is None else share
    taken, money, gained = np.zeros(cells), np.zeros(cells), np.zeros(cells)
    status = np.zeros(len(baskets.period), dtype=np.int64)
    credit_through(
        baskets.period,
        baskets.first,
        baskets.cell,
        baskets.units,
        baskets.saving,
        share,
        count,
        np.asarray(stock, dtype=np.int64),
        taken,
        money,
        status,
        gained,
    )
    return Credited(taken, money, status)


def shrunk(found: Credited, seen: Seen) -> Credit:
    """Shares and credits of each cell, shrunk to those of its item and of the network.

    f = (taken + k f_item) / (units + k), f_item = (taken of the item + k f_all) / (its units + k),
    and the same for what a unit earns, counted by the units taken.
    """
    taken, units = np.minimum(found.taken, seen.units), seen.units
    share = _pooled(taken, units, seen)
    net = _pooled(found.money, found.taken, seen)
    return Credit(np.clip(share, 0.0, 1.0), np.maximum(net, 0.0))


def _pooled(part: Floats, whole: Floats, seen: Seen) -> Floats:
    """Ratio of each cell, drawn to that of its item, and that to the ratio of all."""
    items = int(seen.item.max(initial=-1)) + 1
    overall = part.sum() / whole.sum() if whole.sum() > 0.0 else 0.0
    of_item = (np.bincount(seen.item, part, items), np.bincount(seen.item, whole, items))
    mean = _ratio(of_item[0] + seen.prior * overall, of_item[1] + seen.prior)
    return _ratio(part + seen.prior * mean[seen.item], whole + seen.prior)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0.0)
