"""Partial pooling: cells without a level of their own take the level of their pools.

New cells have no history; small cells have too few buyers to publish anything about them. Both are
predicted from pools of at least `min_customers` buyers each (docs/forecast.md, section 6).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_forecast.features.matrix import Features
from foreship_forecast.history.cells import Codes
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import PoolLevel
from foreship_forecast.levels.cell_levels import CHANCES, LOWEST_EXTRA
from foreship_foundation.arrays import Bools, Floats, Ints, Numbers

__all__ = ["PooledLevels", "floor_notes", "pooled_levels"]

YEAR = 52
SHRINK_COUNT = 20.0
SHRINK_SMALL = 5.0
"""count expected from the pools that the ratio of an item's small cells is mixed with"""


@dataclass(frozen=True)
class PooledLevels:
    """Which cells take the level of their pools, and that level at the last week, (C,) each."""

    new: Bools
    """never observed"""
    small: Bools
    """fewer buyers than `min_customers`"""
    chance: Floats
    """P(D >= 1) of the pool"""
    extra: Floats
    """mean units beyond the first of the pool"""

    @property
    def any(self) -> Bools:
        """True where the cell takes the level of its pools, for either reason."""
        return self.new | self.small

    def notes(self, offered: Bools) -> list[str]:
        """Say how many of the predicted cells take the level of their pools."""
        new, small = int((self.new & offered).sum()), int((self.small & offered).sum())
        found = []
        if new:
            found.append(f"{_cells(new)} without history: the level of the pools is taken.")
        if small:
            found.append(
                f"{_cells(small)} with too few distinct buyers: their pools speak for them."
            )
        return found


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
        f"The privacy floor of {min_customers} customers a cell is off: neither orders nor buyers"
        " say who bought.",
    )


def _cells(count: int) -> str:
    return f"{count:,} cell{'s' * (count != 1)}"


def pooled_levels(features: Features, buyers: pd.DataFrame, min_customers: int) -> PooledLevels:
    """Find the new and the small cells and give each the level of its pools, eqs. 3 and 7.

    Parameters
    ----------
    features
        Panel and pools of the snapshot.
    buyers
        Customers who first bought in a cell, by week (`week, region, item, customers`); empty:
        customers are not known, and no cell is too small.
    min_customers
        Fewest distinct buyers a described cell or pool may have.
    """
    panel = features.panel
    new = ~panel.observed
    describable = _Describable.of(panel.codes, buyers, min_customers)
    small = describable.small & ~new
    chance = _level(features, features.pools.sales, panel.units > 0, small, describable)
    units = _level(features, features.pools.units, panel.wanted, small, describable)
    chance = np.clip(chance, *CHANCES)
    return PooledLevels(new, small, chance, np.maximum(units / chance - 1.0, LOWEST_EXTRA))


@dataclass(frozen=True)
class _Describable:
    """Which cells are small, and which pools hold enough buyers to be described.

    A buyer belongs to one region, so buyers of different regions add up; those of different items
    in one region may be the same, so only the largest cell counts there.
    """

    small: Bools
    small_of_item: Bools
    """items whose small cells have enough buyers together"""
    all_small: bool
    """whether all small cells have enough buyers together"""
    item: Bools
    category: Bools
    region: Bools
    parent: Bools

    @classmethod
    def of(cls, codes: Codes, buyers: pd.DataFrame, least: int) -> _Describable:
        sizes = (codes.items, codes.items, codes.categories, codes.regions, codes.parents)
        if not len(buyers):
            nowhere = np.zeros(len(codes.item), dtype=bool)
            of_items, *others = (np.ones(len(each), dtype=bool) for each in sizes)
            return cls(nowhere, of_items, True, *others)
        count = _aligned(codes, buyers)
        by_item = np.bincount(codes.item, count, len(codes.items)).astype(np.float64)
        by_region = _largest(count, codes.region, len(codes.regions))
        category_of = np.zeros(len(codes.items), dtype=np.int64)
        category_of[codes.item] = codes.category
        parent_of = np.zeros(len(codes.regions), dtype=np.int64)
        parent_of[codes.region] = codes.parent
        small = count < least
        count_small = np.where(small, count, 0.0)
        of_small = np.bincount(codes.item, count_small, len(codes.items))
        return cls(
            small=small,
            small_of_item=of_small >= least,
            all_small=bool(_largest(count_small, codes.region, len(codes.regions)).sum() >= least),
            item=by_item >= least,
            category=_largest(by_item, category_of, len(codes.categories)) >= least,
            region=by_region >= least,
            parent=np.bincount(parent_of, by_region, len(codes.parents)) >= least,
        )


def _level(
    features: Features,
    pool: PoolLevel,
    count: Numbers,
    small: Bools,
    describable: _Describable,
) -> Floats:
    """Return eq. 3 from the pools that hold enough buyers, times eq. 7 for small cells."""
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
    level = item * _region_ratio(features, pool, count, item, small, describable)
    found: Floats = level * _small_factor(features.panel, level, count, small, describable)
    return found


def _small_factor(
    panel: Panel, level: Floats, count: Numbers, small: Bools, describable: _Describable
) -> Floats:
    """Return eq. 7: what small cells sell relative to their pools' level, 1 for others.

    An item's own small cells are asked where they have enough buyers together, all small cells
    elsewhere; where even those are too few, their pools speak for them alone.
    """
    if not describable.all_small:
        return np.ones(len(level))
    later = _after_entering(panel)[:, -YEAR:] & small[:, None]
    sold = np.where(later, count[:, -YEAR:], 0).sum(axis=1).astype(np.float64)
    due = level * later.sum(axis=1)
    overall = (sold.sum() + SHRINK_COUNT) / (due.sum() + SHRINK_COUNT)
    items, item = len(panel.codes.items), panel.codes.item
    above = np.bincount(item, sold, items) + SHRINK_SMALL * overall
    factor = above / (np.bincount(item, due, items) + SHRINK_SMALL)
    own = np.where(describable.small_of_item, factor, overall)[item]
    return np.where(small, own, 1.0)


def _after_entering(panel: Panel) -> Bools:
    """Return the observed weeks after a cell's first week on the books.

    Its first sale put it there, so that week is not one of its usual ones: counted with it,
    thousands of slow cells would look half again as fast as they are.
    """
    return panel.counted() & (np.arange(panel.shape[1]) > panel.entered[:, None])


def _region_ratio(
    features: Features,
    pool: PoolLevel,
    count: Numbers,
    item: Floats,
    small: Bools,
    describable: _Describable,
) -> Floats:
    """Return the ratio of the region, of its parent, or 1: the first with enough buyers.

    A small cell describes its parent, where it has one; so does a region without any history.
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
    own_first = (describable.region & heard)[codes.region] & ~(small & described)
    return np.where(own_first, pool.region_ratio[codes.region, -1], parent)


def _aligned(codes: Codes, buyers: pd.DataFrame) -> Floats:
    """Return each cell's distinct buyers, 0 where none is known."""
    region, item = codes.names()
    index = pd.MultiIndex.from_arrays([buyers["region"], buyers["item"]])
    count = pd.Series(buyers["customers"].to_numpy(), index=index).groupby(level=[0, 1]).sum()
    return count.reindex(pd.MultiIndex.from_arrays([region, item])).fillna(0).to_numpy()


def _largest(count: Floats, code: Ints, groups: int) -> Floats:
    found = np.zeros(groups)
    np.maximum.at(found, code, count)
    return found
