"""How far the worth of units is believed where money is by the order (equation 27a).

What else pays at the credits of the settled plan would pay alone: no unit beyond that plan is a
candidate, and one that only a lock or a floor brings earns no more than it costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.network.moves import MoveRows
from foreship_optimize.valuation.unit_worth.unit_values import UnitValues

__all__ = ["Believed", "believed_up_to"]


@dataclass(frozen=True)
class Believed:
    """The units of the settled plan, and what one beyond them may be worth."""

    units: Ints
    """of each cell, in whole steps, (C,)"""
    beyond: Floats
    """worth of a unit beyond them at most, (C,) [money]; inf where none can come"""

    def rows(self, index: Ints) -> Believed:
        """Return the same of some of the cells."""
        return Believed(self.units[index], self.beyond[index])

    def of(self, worth: UnitValues) -> UnitValues:
        """Return units that arrive, none worth more than is believed."""
        beyond = worth.unit > self.units[worth.cell]
        return worth.at_most(np.where(beyond, self.beyond[worth.cell], np.inf))


def believed_up_to(units: Ints, moves: MoveRows) -> Believed:
    """Believe so many units of each cell, (C,), and of others what the cheapest way in costs."""
    cheapest = np.full(len(units), np.inf)
    into = moves.destination_cell >= 0
    np.minimum.at(cheapest, moves.destination_cell[into], moves.cost[into])
    return Believed(units, cheapest)
