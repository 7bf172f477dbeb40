"""Small drawn markets of orders, and the best plan by trying every one, in plain Python."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from foreship_optimize.orders.baskets import Baskets, Keeping


@dataclass(frozen=True)
class Market:
    """Orders by period as (saving, units by cell), and what keeping costs, in plain numbers."""

    periods: list[list[tuple[float, dict[int, int]]]]
    weight: list[float]
    keeping: Keeping

    @property
    def baskets(self) -> Baskets:
        """The same as arrays."""
        orders = [(t, *order) for t, period in enumerate(self.periods) for order in period]
        return Baskets(
            period=np.array([when for when, *_ in orders], np.int64),
            first=np.cumsum([0, *(len(lines) for *_, lines in orders)], dtype=np.int64),
            cell=np.array([cell for *_, lines in orders for cell in lines], np.int64),
            units=np.array([q for *_, lines in orders for q in lines.values()], np.int64),
            saving=np.array([saving for _, saving, _ in orders], np.float64),
            weight=np.array(self.weight, np.float64),
        )

    def money(self, sent: tuple[int, ...], *, clever: bool = False) -> float:
        """What units sent earn, first come first served or with the best choice of orders."""
        kept = self.keeping
        stock = [int(lies) + more for lies, more in zip(kept.lying, sent, strict=True)]
        earned = -sum(float(kept.dearer[i]) * n for i, n in enumerate(sent) if n)
        for weight, orders in zip(self.weight, self.periods, strict=True):
            choices = itertools.product((True, False), repeat=len(orders)) if clever else [None]
            earned += weight * max(self._served(stock, orders, choice) for choice in choices)
        return earned

    def _served(self, stock: list[int], orders: list, choice: tuple[bool, ...] | None) -> float:
        left, saved = list(stock), 0.0
        for place, (saving, lines) in enumerate(orders):
            there = all(left[cell] >= q for cell, q in lines.items())
            if there and (choice is None or choice[place]):
                saved += saving
                for cell, q in lines.items():
                    left[cell] -= q
        return saved - sum(float(self.keeping.idle[i]) * n for i, n in enumerate(left))

    def plans(self) -> Iterator[tuple[int, ...]]:
        """Every plan within room and supply, of no more units than a period's orders want."""
        kept = self.keeping
        cells = range(len(kept.lying))
        most = [
            max((sum(lines.get(i, 0) for _, lines in orders) for orders in self.periods), default=0)
            for i in cells
        ]
        ends = [most[i] if np.isfinite(kept.dearer[i]) else 0 for i in cells]
        for sent in itertools.product(*(range(end + 1) for end in ends)):
            used = [0.0] * len(kept.room)
            units = [0] * len(kept.supply)
            for i, n in enumerate(sent):
                used[int(kept.region[i])] += float(kept.volume[i]) * n
                units[int(kept.item[i])] += n
            fits = all(u <= room + 1e-9 for u, room in zip(used, kept.room, strict=True))
            if fits and all(u <= s for u, s in zip(units, kept.supply, strict=True)):
                yield sent

    def best_gain(self, *, clever: bool = False) -> float:
        """Most that any plan gains against what sending nothing earns, first come first served."""
        nothing = self.money((0,) * len(self.keeping.lying))
        return max(self.money(sent, clever=clever) for sent in self.plans()) - nothing


def drawn_market(seed: int, *, scarce: bool = False, cells: int = 4, periods: int = 6) -> Market:
    """Draw a market of one or two regions whose orders want some cells together."""
    draw = np.random.default_rng(seed)
    regions = int(draw.integers(1, 3))
    together = draw.choice(cells, 2, replace=False)
    drawn = []
    for _ in range(periods):
        orders = []
        for _ in range(int(draw.poisson(1.5))):
            chosen = draw.choice(cells, int(draw.integers(1, 4)), replace=False)
            wanted = together if draw.random() < 0.4 else chosen
            lines = {int(cell): 1 + int(draw.random() < 0.2) for cell in wanted}
            orders.append((float(draw.uniform(0.1, 3.0)), lines))
        drawn.append(orders[:3])
    weight = 0.9 ** np.arange(periods)[::-1]
    volume = draw.choice([0.5, 1.0, 2.0], cells)
    items = (cells + regions - 1) // regions
    keeping = Keeping(
        lying=draw.poisson(0.3, cells),
        idle=draw.uniform(0.0, 0.4, cells),
        dearer=np.where(draw.random(cells) < 0.7, 0.0, draw.choice([0.1, 0.2, np.inf], cells)),
        region=np.arange(cells) % regions,
        item=np.arange(cells) // regions,
        volume=volume,
        room=draw.uniform(0.0, 4.0, regions) if scarce else np.full(regions, np.inf),
        supply=draw.integers(0, 4, items) if draw.random() < 0.5 else np.full(items, 10**6),
    )
    return Market(drawn, [float(w) for w in weight / weight.sum()], keeping)
