"""Retained value: what a unit is worth where it lies, if no order takes it now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship.judge.account.ending_stock import cheapest_exit
from foreship.judge.network.network import Network
from foreship_foundation.arrays import Floats, Ints

__all__ = ["Retained", "retained_in"]


WEEK_DAYS = 7


@dataclass(frozen=True)
class Retained:
    """Retained value of the units of some cells during one week (docs/replay.md, equation 19).

    **Invariants:** `key` = region x items + item is sorted and unique.
    """

    key: Ints
    landed: Floats
    """what the next unit costs to land; -inf where none can come, or none is wanted [money]"""
    waiting: Floats
    """holding that each unit of the pile adds: h / m"""
    rid: Floats
    """cheapest exit"""
    width: int
    """items"""

    def of(self, region: Ints, item: Ints) -> list[tuple[float, float, float]]:
        """Return (landed, waiting, -rid) of each cell, all of which must be known."""
        at = np.searchsorted(self.key, region * self.width + item)
        columns = (self.landed[at], self.waiting[at], -self.rid[at])
        return list(zip(*(each.tolist() for each in columns), strict=True))

    def worth(self, key: Ints, lying: Ints) -> Floats:
        """Return what the last of so many units is worth, of cells that must be known (N,)."""
        at = np.searchsorted(self.key, key)
        return np.maximum(self.landed[at] - self.waiting[at] * lying, -self.rid[at])


def retained_in(
    network: Network, cells: tuple[Ints, Ints], mean_by_cell: Floats, monday: np.datetime64
) -> Retained:
    """Return what units of cells are worth in the week from `monday`.

    Parameters
    ----------
    cells
        Region and item, sorted by them, each once.
    mean_by_cell
        Trailing mean of weekly units, shape (regions, items).
    """
    region, item = cells
    landed = network.cheapest_freight(monday, inward=True)[region, item]
    sells = mean_by_cell[region, item]
    today = np.full(len(item), monday.astype("datetime64[D]").astype(np.int64))
    names = list(zip(network.regions[region], network.items[item], strict=True))
    over = network.assortment.over_before(names, today, today + WEEK_DAYS)
    useless = np.isinf(landed) | (sells <= 0) | over
    return Retained(
        key=region * len(network.items) + item,
        landed=np.where(useless, -np.inf, landed),
        waiting=network.holding_of(region, item) / np.where(useless, 1.0, sells),
        rid=cheapest_exit(network, region, item, monday),
        width=len(network.items),
    )
