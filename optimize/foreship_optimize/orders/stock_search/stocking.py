"""The plan that credits ask for: units sent best first while there is room and supply.

A quick stand-in for the program, to be asked many times while credits and plan settle.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.baskets import Keeping
from foreship_optimize.orders.credit import Credit
from foreship_optimize.orders.stock_search.need_law import NeedLaw

__all__ = ["Stocking"]


@dataclass(frozen=True)
class Stocking:
    """What a window wants of each cell, and what keeping units costs."""

    law: NeedLaw
    keeping: Keeping
    retained: Floats
    """w: worth of a unit that stays in its cell, (C,) [money]"""
    windows: float = np.inf
    """windows in which a unit sent has to bring in what it cost, at the rate of the coming one"""

    @cached_property
    def _start(self) -> Ints:
        """Where the units that each cell may be sent begin, (C + 1,)."""
        law, keeping = self.law, self.keeping
        most = np.zeros(len(keeping.lying), dtype=np.int64)
        some = np.diff(law.first) > 0
        most[some] = law.units[law.first[1:][some] - 1]
        sent = np.minimum(most - keeping.lying, keeping.supply[keeping.item])
        sent = np.where(np.isfinite(keeping.dearer), np.maximum(sent, 0), 0)
        return np.append(0, np.cumsum(sent))

    @cached_property
    def _cell(self) -> Ints:
        return np.repeat(np.arange(len(self.keeping.lying)), np.diff(self._start))

    def gains(self, credit: Credit, windows: float = np.inf) -> Floats:
        """Gain of every unit that may be sent, by cell and rank, (G,) [money].

        -inf for units that do not bring in what they cost in so many windows.
        """
        from foreship_optimize.orders.stock_search.stocking_loops import unit_gains

        law, keeping, gain = self.law, self.keeping, np.empty(len(self._cell))
        unit_gains(
            law.first, law.units, law.chance, credit.share, credit.net,
            keeping.idle, keeping.dearer_where_sent, self.retained, windows, keeping.lying,
            self._start, gain,
        )  # fmt: skip
        return gain

    def sent(self, credit: Credit) -> Ints:
        """Units sent to each cell, (C,): those that gain most for their volume come first."""
        from foreship_optimize.orders.stock_search.stocking_loops import fill_by_gain

        keeping, gain = self.keeping, self.gains(credit, self.windows)
        sent = np.zeros(len(keeping.lying), dtype=np.int64)
        density = gain / np.maximum(keeping.volume[self._cell], 1e-12)
        order = np.argsort(-density, kind="stable")
        fill_by_gain(
            order, self._cell, gain, keeping.region, keeping.item, keeping.volume,
            keeping.room.copy(), keeping.supply.copy(), sent,
        )  # fmt: skip
        return sent

    def money(self, credit: Credit, sent: Ints) -> float:
        """Gain of sending so many units to each cell, if they are credited so [money]."""
        gain = self.gains(credit)
        rank = np.arange(len(gain)) - self._start[self._cell]
        return float(gain[rank < sent[self._cell]].sum())
