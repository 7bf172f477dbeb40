"""The plan by order that past orders and the forecast ask for, and the credits that carry it.

docs/value.md, section 9: many starts, damped passes and whole baskets find a plan; its credits are
what the program is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.baskets import Baskets, Keeping
from foreship_optimize.orders.credit import (
    Credit,
    Seen,
    credited,
    shrunk,
    shrunk_as_told,
)
from foreship_optimize.orders.search import settled_plans, spread_by_units, starting_credits
from foreship_optimize.orders.stocking import Stocking
from foreship_optimize.orders.whole_baskets import BringIn, with_whole_baskets

__all__ = ["Settling"]


SPREADS: Final = 15
"""passes in which credit moves to the lines whose last unit does not pay"""
MOST_SHIFTED: Final = 4.0


@dataclass(frozen=True)
class Settling:
    """Past orders, the law of need and what keeping costs: everything a plan by order hangs on."""

    baskets: Baskets
    count: Floats
    """how much each window counts, (T,)"""
    seen: Seen
    stocking: Stocking

    @property
    def keeping(self) -> Keeping:
        """What lies in cells, and what units cost there."""
        return self.stocking.keeping

    def plan(self) -> Ints:
        """Return the units sent to each cell that earn most by credits that add up, (C,)."""
        best, most = np.zeros(len(self.keeping.lying), dtype=np.int64), -np.inf
        for sent in self._plans():
            money = self.money(sent)
            if money > most:
                best, most = sent, money
        bring_in = BringIn(self.stocking.retained, self.stocking.windows)
        fuller = with_whole_baskets(self.baskets, self.keeping, best, bring_in)
        return fuller if self.money(fuller) > most else best

    def _plans(self) -> Iterator[Ints]:
        """Yield the plans on the way from every start."""
        parts = self.baskets, self.count, self.stocking, self.seen
        for start in starting_credits(*parts):
            for settled in settled_plans(*parts, start):
                yield settled.sent

    def money(self, sent: Ints) -> float:
        """What sending so many units to each cell earns in a window, orders counted once."""
        return self.stocking.money(self._as_told(sent, spread_by_units(self.baskets)), sent)

    def credit_of(self, sent: Ints) -> Credit:
        """Return credits that add up to the savings of whole orders and under which the plan pays.

        Equation 28: each order's saving is spread over its lines; what the last unit of a cell
        lacks to pay for itself is moved to it from lines that can spare it.
        """
        share = spread_by_units(self.baskets)
        for _ in range(SPREADS):
            credit = self._as_told(sent, share)
            shift = self._shift(credit, sent)
            if not (shift > 1.0 + 1e-6).any():
                break
            share = self._moved(share, shift)
        return self._as_told(sent, share)

    def _as_told(self, sent: Ints, share: Floats) -> Credit:
        return shrunk_as_told(
            credited(self.baskets, self.count, self.keeping.lying + sent, share), self.seen
        )

    def at_the_margin(self, sent: Ints) -> Credit:
        """Return credits of all that hangs on each line, given all other lines."""
        return shrunk(credited(self.baskets, self.count, self.keeping.lying + sent), self.seen)

    def _shift(self, credit: Credit, sent: Ints) -> Floats:
        """By what factor each cell's credit would have to rise for its last unit to pay, (C,)."""
        gain, keeping = self.stocking.last_gains(credit, sent), self.keeping
        dearer = np.where(np.isfinite(keeping.dearer), keeping.dearer, 0.0)
        spent = gain + keeping.idle + dearer
        swing = credit.net + keeping.idle
        sold = np.divide(spent, swing, out=np.zeros(len(gain)), where=swing > 0.0)
        short = (sent > 0) & (gain < 0.0) & (sold > 0.0) & (credit.net > 0.0)
        needed = np.divide(
            keeping.idle * (1.0 - sold) + dearer, sold, out=np.zeros(len(gain)), where=short
        )
        factor = np.divide(needed, credit.net, out=np.ones(len(gain)), where=short)
        return np.clip(factor, 1.0, MOST_SHIFTED)

    def _moved(self, share: Floats, shift: Floats) -> Floats:
        """Give the lines of short cells more; all shares of an order add to 1."""
        first = self.baskets.first
        share = share * shift[self.baskets.cell]
        total = np.add.reduceat(share, first[:-1])
        return np.asarray(share / np.repeat(total, np.diff(first)))
