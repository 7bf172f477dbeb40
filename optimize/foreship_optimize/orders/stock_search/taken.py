"""How often the last unit of each cell is taken, and the share of demand that says the same."""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.baskets import Baskets
from foreship_optimize.orders.stock_search.need_law import NeedLaw
from foreship_optimize.orders.walk import walk

__all__ = ["last_taken", "share_that_takes"]


def last_taken(baskets: Baskets, stock: Ints) -> Floats:
    """Part of the windows, by weight, in which all units of a cell are taken, (C,).

    Parameters
    ----------
    stock
        (C,) units at the start of each window; 0 where there are none.
    """
    windows, order = len(baskets.weight), baskets.order
    served = walk(baskets, stock).served[order]
    key = (baskets.cell * windows + baskets.period[order])[served]
    at, which = np.unique(key, return_inverse=True)
    units = np.bincount(which, baskets.units[served], len(at))
    empty = at[units >= stock[at // windows]]
    weight = baskets.weight[empty % windows]
    return np.bincount(empty // windows, weight, len(stock)).astype(np.float64)


def share_that_takes(law: NeedLaw, stock: Ints, chance: Floats) -> Floats:
    """Share f at which the last of some units is wanted with a chance: P(Binomial(n, f) >= stock).

    1 where even all demand wants it less often; 0 where there is no unit.
    """
    from foreship_optimize.orders.stock_search.stocking_loops import shares_that_take

    share = np.zeros(len(stock))
    shares_that_take(law.first, law.units, law.chance, stock, chance, share)
    return share
