"""What a hub's parcel costs for one unit of an item, by the order that the unit stands in."""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.transport.places_and_lanes import Network

__all__ = ["unit_parcels"]


def unit_parcels(network: Network, cells: Cells, rows: Ints) -> Floats:
    """Equation 3d of docs/value.md: the parcel of a unit of some cells from each hub, (B, H).

    inf where no row of `lanes` has the pair.

    Parameters
    ----------
    rows
        Positions of the cells, (B,).
    """
    first, further = (
        table[cells.region[rows]] for table in (network.parcel_cost, network.parcel_further)
    )
    share = np.broadcast_to(cells.further[rows, None], first.shape)
    found: Floats = first.copy()
    some = np.isfinite(first) & (share > 0.0)
    found[some] = first[some] * (1.0 - share[some]) + further[some] * share[some]
    return found
