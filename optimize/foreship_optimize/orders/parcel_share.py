"""Which part of the units ordered pays as further ones of their parcels, cell by cell."""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.credit import Seen, pooled
from foreship_optimize.orders.past_orders import PastOrders

__all__ = ["further_share"]


def further_share(past: PastOrders, cell: Ints, seen: Seen) -> Floats:
    """Mean of (n - 1) / n over the units of past orders, n the units of their order, (C,).

    A cell's mean is drawn to that of its item, and that to the mean of all (equation 3d of
    docs/value.md); 0, as of orders of one unit, where nothing was ordered.

    Parameters
    ----------
    cell
        Cell of each line of `past`, -1 where it is none, (L,).
    seen
        The units of these lines, by cell.
    """
    units = past.units_of_order[past.order]
    further = past.units * past.count[past.period[past.order]] * ((units - 1) / units)
    there = cell >= 0
    part = np.bincount(cell[there], further[there], len(seen.units)).astype(np.float64)
    return pooled(part, seen.units, seen)
