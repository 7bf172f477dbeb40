"""Units that a plan moves back after the plans before it (docs/replay.md, equation 30)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from foreship.judge.carried_out.departures import NOWHERE, Departures
from foreship.judge.network.network import Network
from foreship_foundation.arrays import Bools, Ints

__all__ = ["EarlierMoves"]


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class _Open:
    """Units moved one way that no later plan has moved the other way, shape (N,)."""

    cell: Ints = field(default_factory=_none)
    """region x items + item, sorted, and within a cell the older plan first"""
    plan: Ints = field(default_factory=_none)
    """number of the plan that moved them"""
    units: Ints = field(default_factory=_none)

    def since(self, plan: int) -> _Open:
        """Forget what was moved before that plan."""
        return self.only(self.plan >= plan)

    def met_by(self, moved: Ints) -> int:
        """Return how many of `moved` units, shape (cells,), move one of these back."""
        return int(np.minimum(moved, np.bincount(self.cell, self.units, len(moved))).sum())

    def less(self, moved: Ints) -> _Open:
        """Close as many units as are `moved`, shape (cells,), the oldest first."""
        before = np.cumsum(self.units) - self.units
        before -= before[np.searchsorted(self.cell, self.cell)]
        left = self.units - np.clip(moved[self.cell] - before, 0, self.units)
        return _Open(self.cell, self.plan, left).only(left > 0)

    def more(self, moved: Ints, plan: int) -> _Open:
        """Open the units that a plan has `moved`, shape (cells,)."""
        cells = np.flatnonzero(moved)
        cell = np.concatenate([self.cell, cells])
        plans = np.concatenate([self.plan, np.full(len(cells), plan)])
        units = np.concatenate([self.units, moved[cells]])
        order = np.argsort(cell, kind="stable")
        return _Open(cell[order], plans[order], units[order])

    def only(self, rows: Bools) -> _Open:
        """Keep some."""
        return _Open(self.cell[rows], self.plan[rows], self.units[rows])


@dataclass(frozen=True)
class EarlierMoves:
    """What a policy's last plans sent into cells and took out of them, as far as it still stands.

    Units of a cell are alike: which of them leaves, nobody asks.
    """

    weeks: int
    """how many plans are remembered, >= 1"""
    plans: int = 0
    """how many there have been"""
    sent_in: _Open = field(default_factory=_Open)
    taken_out: _Open = field(default_factory=_Open)

    def then(self, network: Network, leaving: Departures) -> tuple[EarlierMoves, int]:
        """Let a week's plan follow.

        Returns
        -------
        What is remembered after it, and how many of its units go back or forth (equation 30).
        """
        regions = len(network.regions)
        from_region = leaving.origin < regions
        into_region = (leaving.destination != NOWHERE) & (leaving.destination < regions)
        onward = from_region & (leaving.destination != NOWHERE)
        ships = into_region & ~from_region

        def moved(end: Ints, rows: Bools) -> Ints:
            cell = end[rows] * len(network.items) + leaving.item[rows]
            units = np.bincount(cell, leaving.quantity[rows], regions * len(network.items))
            return units.astype(np.int64)

        first = self.plans - self.weeks
        sent_in, taken_out = self.sent_in.since(first), self.taken_out.since(first)
        out, into = moved(leaving.origin, from_region), moved(leaving.destination, into_region)
        shipped = moved(leaving.destination, ships)
        found = sent_in.met_by(moved(leaving.origin, onward))
        # a redirected unit is counted where it leaves, and meets those taken out before ships do
        found += taken_out.less(into - shipped).met_by(shipped)
        after = EarlierMoves(
            self.weeks,
            self.plans + 1,
            sent_in.less(out).more(into, self.plans),
            taken_out.less(into).more(out, self.plans),
        )
        return after, found
