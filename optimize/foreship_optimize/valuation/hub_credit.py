"""Most that staged units save others at the hubs: how far hold-back may lie below 0.

Equation 15b of docs/value.md: a unit saves an order at most on the paths that want it before the
refill. What hubs truly charge is known only once all units of an item are walked; this bound is
known before, and tells how many units are worth valuing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.valuation.hold_back import ItemHubs
from foreship_optimize.valuation.hub_rundown.parcels import cells_of_items
from foreship_optimize.valuation.inputs import Inputs

__all__ = ["HubCredit", "hub_credit"]

ROUNDING: Final = 1e-9
"""part that is added, so that no sum in another order lies above the bound"""


@dataclass(frozen=True)
class HubCredit:
    """A bound a unit [money]; 0 where hubs do not run down."""

    most: Floats
    """of a unit that is wanted on every path, (C,)"""
    wanted: Ints
    """most units that a path wants of each cell from their arrival to the refill, (C,)"""
    first: Ints
    """place in `share` of the first unit of each cell, (C,)"""
    share: Floats
    """part of the paths that want at least unit 1, 2, .. `wanted` of a cell, cell by cell"""

    def of(self, cell: Ints, unit: Ints) -> Floats:
        """Bound the credit of some units: the cell and the rank of each, from 1 on, (N,)."""
        credit = np.zeros(len(cell))
        some = np.flatnonzero(unit <= self.wanted[cell])
        mine = cell[some]
        credit[some] = self.most[mine] * self.share[self.first[mine] + unit[some] - 1]
        return credit


def hub_credit(inputs: Inputs, hubs: Mapping[int, ItemHubs]) -> HubCredit:
    """Bound the credit of the units of all cells; `hubs` are those of all scarce items."""
    count = len(inputs.cells)
    wanted, first, done = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64), 0
    shares = [np.empty(0)]
    for item, rows in cells_of_items(inputs.cells, inputs.scarce):
        until = hubs[item].until_refill
        wanted[rows] = until.max(axis=1)
        ends = done + np.cumsum(wanted[rows])
        first[rows], done = ends - wanted[rows], int(ends[-1])
        shares.append(_shares(until, wanted[rows]))
    # what its hub's last unit is missed for, and what the order that it serves costs there
    missed = np.zeros(len(inputs.scarce))
    np.maximum.at(missed, inputs.cells.item, inputs.economics.most_credit)
    most = (inputs.economics.most_credit + missed[inputs.cells.item]) * (1.0 + ROUNDING)
    return HubCredit(most, wanted, first, np.concatenate(shares))


def _shares(until: Ints, wanted: Ints) -> Floats:
    """Part of the paths that want at least 1, 2, .. of each cell's units, cell by cell."""
    cells, paths = until.shape
    width = int(wanted.max()) + 1
    at = np.arange(cells)[:, None] * width + until
    table = np.bincount(at.ravel(), minlength=cells * width).reshape(cells, width)
    at_least = table[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    inside = np.arange(1, width)[None, :] <= wanted[:, None]
    return np.asarray(at_least[inside] / paths)
