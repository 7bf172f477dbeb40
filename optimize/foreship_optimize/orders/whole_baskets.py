"""Whole baskets added, completed, dropped and exchanged: what no single unit can show."""

from __future__ import annotations

from typing import Final

import numpy as np

from foreship_foundation.arrays import Ints
from foreship_optimize.orders.baskets import Baskets, Keeping

__all__ = ["with_whole_baskets"]

ROUNDS: Final = 20
EXCHANGED: Final = 400
"""orders of a region up to which each may come in the place of each other one"""


def with_whole_baskets(
    baskets: Baskets, keeping: Keeping, sent: Ints, *, careful: bool = False
) -> Ints:
    """Improve a plan by whole baskets, region by region.

    Parameters
    ----------
    sent
        Units sent to each cell, (C,), within room and supply.
    careful
        Where past orders are few and the law is the forecast's: a basket is completed only if that
        pays without the window in which it pays most, and nothing is dropped.

    Returns
    -------
    Units sent, (C,).
    """
    from foreship_optimize.orders.whole_basket_loops import improve_region

    order = np.repeat(np.arange(len(baskets.period)), np.diff(baskets.first))
    idle = np.bincount(order, keeping.idle[baskets.cell] * baskets.units, len(baskets.period))
    pays = baskets.weight[baskets.period] * (baskets.saving + idle)
    region = keeping.region[baskets.cell[baskets.first[:-1]]] if len(pays) else order
    stock = keeping.lying + sent
    room = keeping.room - np.bincount(keeping.region, sent * keeping.volume, len(keeping.room))
    supply = keeping.supply - np.bincount(keeping.item, sent, len(keeping.supply)).astype(np.int64)
    by_region = np.argsort(region, kind="stable")
    starts = np.searchsorted(region[by_region], np.arange(len(room) + 1))
    cost = keeping.idle + np.where(np.isfinite(keeping.dearer), keeping.dearer, 0.0)
    lacks = np.zeros(len(baskets.cell), dtype=np.int64)
    for place in range(len(room)):
        mine = by_region[starts[place] : starts[place + 1]]
        if len(mine):
            room[place] = improve_region(
                mine, baskets.period, baskets.first, baskets.cell, baskets.units, pays, cost,
                keeping.dearer, keeping.volume, keeping.item, stock, keeping.lying,
                float(room[place]), supply, careful,
                not careful and len(mine) <= EXCHANGED, ROUNDS, lacks, len(baskets.weight),
            )  # fmt: skip
    return np.asarray(stock - keeping.lying)
