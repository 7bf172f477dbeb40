"""Whole baskets added, completed, dropped and exchanged: what no single unit can show."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.baskets import Baskets, Keeping

__all__ = ["Payback", "with_whole_baskets"]

ROUNDS: Final = 20
EXCHANGED: Final = 400
"""orders of a region up to which each may come in the place of each other one"""


class Payback(NamedTuple):
    """In how many windows a unit sent has to bring in what it cost."""

    retained: Floats
    """w: worth of a unit that stays in its cell, (C,) [money]"""
    windows: float

    def money_of_units(self, keeping: Keeping) -> tuple[Floats, Floats]:
        """What a unit brings in beyond the saving, and what it has to, a window, (C,) each."""
        whole = self.retained + keeping.dearer_where_sent
        idle, cost = _money_of_units(keeping)
        if whole.max(initial=0.0) <= 0.0 or not np.isfinite(self.windows):
            return idle, cost
        return self.retained, whole / self.windows


def _money_of_units(keeping: Keeping) -> tuple[Floats, Floats]:
    """What a unit spares when it is sold in a window, and what one that is sent costs in each."""
    return keeping.idle, keeping.idle + keeping.dearer_where_sent


def with_whole_baskets(
    baskets: Baskets, keeping: Keeping, sent: Ints, payback: Payback | None = None
) -> Ints:
    """Improve a plan by whole baskets, region by region.

    Parameters
    ----------
    sent
        Units sent to each cell, (C,), within room and supply.
    payback
        Where past orders are few and the law is the forecast's: a basket is completed only if its
        units bring in what they cost in time, even without the window in which they bring in most,
        and nothing is dropped.

    Returns
    -------
    Units sent, (C,).
    """
    from foreship_optimize.orders.stock_search.whole_basket_loops import improve_region

    order = baskets.order
    careful = payback is not None
    unit, cost = _money_of_units(keeping) if payback is None else payback.money_of_units(keeping)
    units = np.bincount(order, unit[baskets.cell] * baskets.units, len(baskets.period))
    pays = baskets.weight[baskets.period] * (baskets.saving + units)
    region = keeping.region[baskets.cell[baskets.first[:-1]]] if len(pays) else order
    stock = keeping.lying + sent
    room = keeping.room - np.bincount(keeping.region, sent * keeping.volume, len(keeping.room))
    supply = keeping.supply - np.bincount(keeping.item, sent, len(keeping.supply)).astype(np.int64)
    by_region = np.argsort(region, kind="stable")
    starts = np.searchsorted(region[by_region], np.arange(len(room) + 1))
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
