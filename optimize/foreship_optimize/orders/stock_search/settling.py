"""The plan by order that past orders and the forecast ask for, and the credits that carry it.

docs/value.md, section 9: many starts, damped passes and whole baskets find a plan; its credits are
what the program is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.orders.baskets import Baskets, Keeping
from foreship_optimize.orders.credit import (
    Credit,
    Seen,
    credited,
    shrunk,
    shrunk_told_once,
)
from foreship_optimize.orders.stock_search.search import (
    settled_plans,
    spread_by_units,
    starting_credits,
)
from foreship_optimize.orders.stock_search.stocking import Stocking
from foreship_optimize.orders.stock_search.whole_baskets import Payback, with_whole_baskets

__all__ = ["Settling"]


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
        best, most = np.zeros(len(self.keeping.lying), dtype=np.int64), 0.0
        for sent in self._plans():
            money = self.money(sent)
            if money > most:
                best, most = sent, money
        payback = Payback(self.stocking.retained, self.stocking.windows)
        fuller = with_whole_baskets(self.baskets, self.keeping, best, payback)
        return fuller if self.money(fuller) > most else best

    def _plans(self) -> Iterator[Ints]:
        """Yield the plans on the way from every start."""
        parts = self.baskets, self.count, self.stocking, self.seen
        for start in starting_credits(*parts):
            yield from settled_plans(*parts, start)

    def money(self, sent: Ints) -> float:
        """What sending so many units to each cell earns in a window, orders counted once."""
        return self.stocking.money(self.told_once(sent), sent)

    def at_the_margin(self, sent: Ints) -> Credit:
        """Return credits of all that hangs on each line, given all other lines."""
        return shrunk(credited(self.baskets, self.count, self.keeping.lying + sent), self.seen)

    def told_once(self, sent: Ints) -> Credit:
        """Return credits that add up: each order's saving spread over its lines by their units."""
        share = spread_by_units(self.baskets)
        found = credited(self.baskets, self.count, self.keeping.lying + sent, share)
        return shrunk_told_once(found, self.seen)
