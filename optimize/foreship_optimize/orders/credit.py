"""What the units of each cell earn in whole orders: shares and credits of past orders, shrunk.

Equations 24, 25 and 28 of docs/value.md. A unit earns only in an order that is whole there; which
orders are whole hangs on all other units of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.baskets import Baskets
from foreship_optimize.orders.past_orders import PastOrders

__all__ = [
    "Credit",
    "Credited",
    "Seen",
    "credited",
    "pooled",
    "seen_units",
    "shrunk",
    "shrunk_told_once",
    "worth_serving_share",
]


class Credited(NamedTuple):
    """What the lines of past orders are credited with at some stock, by cell, (C,) each.

    Units count as much as their window does.
    """

    served: Floats
    """units of orders that are served there"""
    saved: Floats
    """what these are credited with [money]"""
    lacking: Floats
    """units of lines that alone are missing for an order to be served"""
    missed: Floats
    """what these are credited with: all that the order would save [money]"""


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
    units = np.bincount(cell[there], counted[there], len(item)).astype(np.float64)
    return Seen(units, item, prior)


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

    share = np.ones(len(baskets.cell)) if share is None else share
    found = Credited(*np.zeros((4, len(stock))))
    credit_through(
        baskets.period, baskets.first, baskets.cell, baskets.units, baskets.saving, share, count,
        np.asarray(stock, dtype=np.int64), *found,
    )  # fmt: skip
    return found


def shrunk(found: Credited, seen: Seen) -> Credit:
    """Credit at the margin: what the plan would lose by each unit, or gain by one more.

    f = (taken + k f_item) / (units + k), f_item = (taken of the item + k f_all) / (its units + k),
    and the same for what a unit earns, counted by the units taken.
    """
    taken = found.served + found.lacking
    net = pooled(found.saved + found.missed, taken, seen)
    return Credit(_share(taken, seen), np.maximum(net, 0.0))


def shrunk_told_once(found: Credited, seen: Seen) -> Credit:
    """Credit that adds up: units of served orders with their part, others as at the margin."""
    some = found.served > 0.0
    units = np.where(some, found.served, found.lacking)
    net = pooled(np.where(some, found.saved, found.missed), units, seen)
    return Credit(_share(found.served + found.lacking, seen), np.maximum(net, 0.0))


def worth_serving_share(baskets: Baskets, count: Floats, seen: Seen) -> Floats:
    """F: part of all units ordered that stand in orders worth serving there, [0, 1], (C,).

    Equation 30. No plan's f is larger.

    Parameters
    ----------
    baskets
        Orders worth serving from their region.
    count
        How much each window counts, (T,).
    """
    counted = baskets.units * count[baskets.period[baskets.order]]
    taken = np.bincount(baskets.cell, counted, len(seen.item)).astype(np.float64)
    return _share(taken, seen)


def _share(taken: Floats, seen: Seen) -> Floats:
    return np.clip(pooled(np.minimum(taken, seen.units), seen.units, seen), 0.0, 1.0)


def pooled(part: Floats, whole: Floats, seen: Seen) -> Floats:
    """Ratio of each cell, drawn to that of its item, and that to the ratio of all."""
    items = int(seen.item.max(initial=-1)) + 1
    overall = part.sum() / whole.sum() if whole.sum() > 0.0 else 0.0
    of_item = (np.bincount(seen.item, part, items), np.bincount(seen.item, whole, items))
    drawn, counted = (part_of_item.astype(np.float64) for part_of_item in of_item)
    mean = _ratio(drawn + seen.prior * overall, counted + seen.prior)
    return _ratio(part + seen.prior * mean[seen.item], whole + seen.prior)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0.0)
