"""What past orders say of each cell once the plan is made: columns of `orders.parquet`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Ints
from foreship_foundation.tables.output_files import CELL_ORDERS
from foreship_optimize.orders.baskets import Baskets
from foreship_optimize.orders.order_credits import OrderCredits
from foreship_optimize.orders.reading import OrdersRead
from foreship_optimize.orders.walk import walk

__all__ = ["order_table", "rest_is_there"]


def order_table(read: OrdersRead, told: OrderCredits, sent: Ints) -> pd.DataFrame:
    """Write a row a cell: its past orders, in how many the rest is there, and what was made of it.

    Counts and means are of the past orders as they are; share and credit are those of `told`.

    Parameters
    ----------
    told
        What the program was told.
    sent
        Units that the plan sends to each cell, less those that it takes away, (C,).
    """
    settling, past, cells = read.settling, read.past, len(read.cells)
    baskets = settling.baskets
    cell = read.cells.find(past.region[past.order], past.item, len(read.network.items))
    held = np.bincount(cell[cell >= 0], minlength=cells)
    rest = rest_is_there(baskets, settling.keeping.lying + sent)
    there = np.bincount(baskets.cell[rest], minlength=cells)
    saving = baskets.saving[baskets.order]
    saved = np.bincount(baskets.cell[rest], saving[rest], cells)
    with np.errstate(invalid="ignore"):
        share, mean = there / held, saved / there
    columns = (
        told.region, told.item, held, share, mean, told.share, told.net, told.most,
    )  # fmt: skip
    return pd.DataFrame(dict(zip(CELL_ORDERS.names, columns, strict=True)))


def rest_is_there(baskets: Baskets, stock: Ints) -> Bools:
    """Mark the lines of past orders of which every other line is there when the order comes, (L,).

    Parameters
    ----------
    stock
        (C,) units >= 0 at the start of each period.
    """
    order = baskets.order
    served = walk(baskets, stock).served[order]
    missing = stock[baskets.cell] - _taken_before(baskets, order, served) < baskets.units
    lacks = np.bincount(order, missing, len(baskets.period))[order]
    return np.asarray(lacks - missing == 0)


def _taken_before(baskets: Baskets, order: Ints, served: Bools) -> Ints:
    """Units that served orders of the period took from a line's cell before it came, (L,)."""
    key = baskets.cell * len(baskets.weight) + baskets.period[order]
    sequence = np.argsort(key, kind="stable")
    key, taken = key[sequence], np.where(served, baskets.units, 0)[sequence]
    before = np.cumsum(taken) - taken
    begins = np.searchsorted(key, key)
    found = np.empty(len(key), dtype=np.int64)
    found[sequence] = before - before[begins]
    return found
