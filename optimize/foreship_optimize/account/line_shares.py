"""How the worth of a cell's units is shared by the lines that bring them or take them away.

Units that reach a cell on one day are worth the same wherever they come from, so that which of them
has which rank is a matter of names alone. Every unit of a cell and day of arrival is therefore
credited with the mean worth of them all, and every unit taken from a cell is charged the mean worth
of those; costs stay with their line (equation 12a of docs/program.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.moved_units import MovedUnits, at_places, mean_of_group

__all__ = ["LineShares", "line_shares"]


@dataclass(frozen=True)
class LineShares:
    """What each moved unit earns its line, and the unit that stands for the line's last one.

    One row as in `MovedUnits`. That unit is the last of those that reach its cell on its day, or
    else the last that is taken from its cell: of lines that could stand for each other every one
    has the same.
    """

    gain: Floats
    """mean worth where it arrives, less that where it lay, less its own cost [money]"""
    last: Ints
    """position in `problem.units`"""
    late: Ints
    """row of `problem.late` that values it; -1 where `problem.units` does"""
    landed: Floats
    """what it costs to have it there; where it leaves the network, what keeping it saves [money]"""


def line_shares(problem: ShippingProblem, moved: MovedUnits) -> LineShares:
    """Share the worth of units among the lines of their cell, day by day."""
    moves, value = problem.moves, problem.units.value
    into, outof = moves.destination_cell[moved.move], moves.origin_cell[moved.move]
    arrives, days = into >= 0, moves.lead_days[moved.move]
    together = np.where(arrives, into.astype(np.int64) * (int(days.max(initial=0)) + 1) + days, -1)
    own = moves.charged[moved.move] + moved.shared
    # units without a value of their own day
    charge = np.where(moved.late >= 0, 0.0, moves.lateness[moved.move])
    worth = np.where(arrives, moved.worth - charge, 0.0)
    last_in = _last_of(together, moved.arrives)
    # the highest rank leaves first
    last_out = moved.leaves[_last_of(outof, -moved.leaves)]
    given_up = np.where(outof >= 0, at_places(value, last_out), 0.0)
    return LineShares(
        gain=mean_of_group(together, worth) - moved.given_up - own,
        last=np.where(arrives, moved.arrives[last_in], last_out),
        late=np.where(arrives, moved.late[last_in], -1),
        landed=np.where(arrives, own + charge[last_in] + given_up, -own),
    )


def _last_of(group: Ints, rank: Ints) -> Ints:
    """Row of the member of highest rank of each group, by member."""
    _, member = np.unique(group, return_inverse=True)
    order = np.lexsort((rank, member))
    return np.asarray(order[np.searchsorted(member[order], member, side="right") - 1])
