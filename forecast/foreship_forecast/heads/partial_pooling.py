"""Partial pooling: cells without a level of their own take the level of their pools.

New cells have no history, and lone cells too few buyers even with all that are like them. Both are
predicted from pools of at least `min_customers` buyers each (docs/forecast.md, section 6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_forecast.features.matrix import Features
from foreship_forecast.heads.micro_aggregation import SmallCells
from foreship_forecast.history.cells import Codes
from foreship_forecast.history.distinct_buyers import Describable
from foreship_forecast.history.pools import PoolLevel
from foreship_forecast.levels.cell_levels import CHANCES, LOWEST_EXTRA
from foreship_foundation.arrays import Bools, Floats, Ids, Numbers
from foreship_foundation.telling.words import plural

__all__ = ["PooledLevels", "floor_notes", "pooled_levels"]

YEAR = 52
SHRINK_COUNT = 20.0


@dataclass(frozen=True)
class PooledLevels:
    """Which cells take the level of their pools, and that level at the last week, (C,) each."""

    new: Bools
    """never observed"""
    small: SmallCells
    """those with fewer buyers than `min_customers`, of which the lone ones take it as well"""
    chance: Floats
    """P(D >= 1) of the pool"""
    extra: Floats
    """mean units beyond the first of the pool"""

    @property
    def any(self) -> Bools:
        """True where the cell takes the level of its pools, for either reason."""
        return self.new | self.small.lone

    def names(self, codes: Codes) -> tuple[Ids, Ids]:
        """Return region and item of each cell as far as they may tell of it, else None, (C,)."""
        region, item = (each.copy() for each in codes.names())
        region[self.any], item[self.any & ~self.small.told] = None, None
        return region, item

    def notes(self, offered: Bools) -> list[str]:
        """Say how many of the predicted cells do not speak for themselves, and what does."""
        kinds = {
            "without history: the level of the pools is taken.": self.new,
            "with too few distinct buyers: each is forecast as the mean of a group of cells"
            " with nearly the same forecast.": self.small.grouped,
            "with too few distinct buyers, even with all that are like them: the level of the"
            " pools is taken.": self.small.lone,
        }
        counts = {said: int((cells & offered).sum()) for said, cells in kinds.items()}
        return [f"{plural(count, 'cell')} {said}" for said, count in counts.items() if count]


def floor_notes(buyers: pd.DataFrame, min_customers: int) -> tuple[str, ...]:
    """Say that the privacy floor is off where nobody knows who bought; nothing if none was asked.

    Parameters
    ----------
    buyers, min_customers
        As in `pooled_levels`.
    """
    if len(buyers) or min_customers <= 1:
        return ()
    return (
        f"The privacy floor of {plural(min_customers, 'customer')} a cell is off: neither orders "
        "nor buyers say who bought.",
    )


def pooled_levels(features: Features, buyers: pd.DataFrame, min_customers: int) -> PooledLevels:
    """Find the new and the small cells and give each the level of its pools, eq. 3.

    Parameters
    ----------
    features
        Panel and pools of the snapshot.
    buyers
        Customers who first bought in a cell, by week (`week, region, item, customers`); empty:
        customers are not known, and no cell is too small.
    min_customers
        Fewest distinct buyers a described cell, group or pool may have.
    """
    panel = features.panel
    small = SmallCells.of(panel, buyers, min_customers)
    chance = _level(features, features.pools.sales, panel.units > 0, small.describable)
    units = _level(features, features.pools.units, panel.wanted, small.describable)
    chance = np.clip(chance, *CHANCES)
    extra = np.maximum(units / chance - 1.0, LOWEST_EXTRA)
    return PooledLevels(~panel.observed, small, chance, extra)


def _level(features: Features, pool: PoolLevel, count: Numbers, describable: Describable) -> Floats:
    """Return eq. 3 from the pools that hold enough buyers."""
    codes, last = features.panel.codes, -1
    item = np.where(
        describable.item[codes.item],
        pool.item[codes.item, last],
        np.where(
            describable.category[codes.category],
            pool.category[codes.category, last],
            pool.network[0, last],
        ),
    )
    found: Floats = item * _region_ratio(features, pool, count, item, describable)
    return found


def _region_ratio(
    features: Features, pool: PoolLevel, count: Numbers, item: Floats, describable: Describable
) -> Floats:
    """Return the ratio of the region, of its parent, or 1: the first with enough buyers.

    A region without any history sells its parent's multiple.
    """
    codes = features.panel.codes
    present = features.panel.counted((slice(None), slice(-YEAR, None)))
    sold = np.where(present, count[:, -YEAR:], 0).sum(axis=1).astype(np.float64)
    due = item * present.sum(axis=1)
    groups = len(codes.parents)
    above = np.bincount(codes.parent, sold, groups) + SHRINK_COUNT
    below = np.bincount(codes.parent, due, groups) + SHRINK_COUNT
    described = (describable.parent & (codes.parents != ""))[codes.parent]
    parent = np.where(described, (above / below)[codes.parent], 1.0)
    heard = np.bincount(codes.region, features.panel.observed, len(codes.regions)) > 0
    own_first = (describable.region & heard)[codes.region]
    return np.where(own_first, pool.region_ratio[codes.region, -1], parent)
