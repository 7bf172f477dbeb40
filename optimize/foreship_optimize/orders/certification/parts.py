"""Cells that hang together by orders and limits, as problems of their own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from foreship_foundation.arrays import Bools, Ints
from foreship_optimize.orders.baskets import Baskets, Keeping
from foreship_optimize.orders.certification.spread import Spread

__all__ = ["Joining", "Part", "part_of_cells", "taken_out"]


class Part(NamedTuple):
    """A part as a problem: its own numbers of cells, regions, items and orders."""

    cells: Ints
    """(c,) which cells of the whole these are, in their order"""
    baskets: Baskets
    keeping: Keeping
    spread: Spread


class Joining(NamedTuple):
    """Limits that hold parts together; the others are kept by each part alone."""

    room: Bools
    """(R,)"""
    supply: Bools
    """(I,)"""

    @classmethod
    def priced(cls, spread: Spread) -> Joining:
        """Those that have a price."""
        return cls(spread.room_price > 0, spread.supply_price > 0)

    @classmethod
    def broken(cls, keeping: Keeping, sent: Ints) -> Joining:
        """Those that units sent break."""
        used = np.bincount(keeping.region, keeping.volume * sent, len(keeping.room))
        units = np.bincount(keeping.item, sent, len(keeping.supply))
        return cls(
            used > keeping.room + 1e-9 * np.maximum(1.0, keeping.room), units > keeping.supply
        )

    def also(self, other: Joining) -> Joining:
        """Those of both."""
        return Joining(self.room | other.room, self.supply | other.supply)


def part_of_cells(baskets: Baskets, keeping: Keeping, joining: Joining) -> Ints:
    """(C,) number of the part of each cell.

    Two cells are of one part if an order wants both, or if they share a region or an item whose
    limit joins.
    """
    cells = len(keeping.lying)
    first = baskets.cell[baskets.first[baskets.order]]
    room, supply = cells, cells + len(keeping.room)
    by_room = np.flatnonzero(joining.room[keeping.region])
    by_supply = np.flatnonzero(joining.supply[keeping.item])
    one = np.concatenate([baskets.cell, by_room, by_supply])
    other = np.concatenate(
        [first, room + keeping.region[by_room], supply + keeping.item[by_supply]]
    )
    nodes = supply + len(keeping.supply)
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(nodes, nodes))
    return np.asarray(connected_components(graph, directed=False)[1][:cells], np.int64)


def taken_out(
    baskets: Baskets, keeping: Keeping, spread: Spread, cells: Ints, orders: Ints
) -> Part:
    """Take the cells and orders of a part out as a problem of its own."""
    lines = np.concatenate(
        [np.arange(baskets.first[each], baskets.first[each + 1]) for each in orders]
    ).astype(np.int64)
    regions, region = np.unique(keeping.region[cells], return_inverse=True)
    items, item = np.unique(keeping.item[cells], return_inverse=True)
    lengths = baskets.first[orders + 1] - baskets.first[orders]
    return Part(
        cells,
        Baskets(
            baskets.period[orders],
            np.concatenate([[0], np.cumsum(lengths)]),
            np.searchsorted(cells, baskets.cell[lines]),
            baskets.units[lines],
            baskets.saving[orders],
            baskets.weight,
        ),
        Keeping(
            keeping.lying[cells],
            keeping.idle[cells],
            keeping.dearer[cells],
            region,
            item,
            keeping.volume[cells],
            keeping.room[regions],
            keeping.supply[items],
        ),
        Spread(spread.credit[lines], spread.room_price[regions], spread.supply_price[items]),
    )
