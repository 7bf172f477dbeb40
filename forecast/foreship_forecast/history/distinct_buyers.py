"""Distinct buyers: how many known customers a cell, a pool or a group of cells has at least.

Buyers are counted cell by cell and nobody is named, so what several cells have together is a lower
bound (docs/forecast.md, section 6). The privacy floor rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_forecast.history.cells import Codes, cells_of
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["Describable", "distinct_buyers", "enough_buyers", "fewest_buyers", "floor_is_on"]


def floor_is_on(buyers: pd.DataFrame, min_customers: int) -> bool:
    """Return whether the privacy floor is on: one buyer it does not ask for, nor unknown ones.

    Parameters
    ----------
    buyers
        Customers who first bought in a cell, by week (`week, region, item, customers`); empty:
        customers are not known, and no cell can be told to be small.
    min_customers
        Fewest distinct buyers a description may rest on.
    """
    return min_customers > 1 and len(buyers) > 0


def distinct_buyers(codes: Codes, buyers: pd.DataFrame) -> Floats:
    """Return each cell's distinct buyers, 0 where none is known, shape (C,)."""
    cell = cells_of(codes, buyers)
    there = cell >= 0
    count = buyers["customers"].to_numpy()[there]
    return np.bincount(cell[there], count, len(codes.item)).astype(np.float64)


def enough_buyers(codes: Codes, buyers: pd.DataFrame, least: int) -> Bools:
    """Return which cells may be described by themselves, shape (C,); as in `floor_is_on`."""
    if not floor_is_on(buyers, least):
        return np.ones(len(codes.item), dtype=bool)
    return distinct_buyers(codes, buyers) >= least


def fewest_buyers(count: Floats, region: Ints) -> float:
    """Return eq. 40, the distinct buyers that some cells have together at least.

    A buyer belongs to one region, so buyers of different regions add up; those of different items
    in one region may be the same, so only the largest cell counts there.

    Parameters
    ----------
    count, region
        Distinct buyers and region code of each cell, shape (n,).
    """
    return float(_by_pool(count, region, np.zeros_like(region), 1).sum())


@dataclass(frozen=True)
class Describable:
    """Which pools hold enough buyers to be described."""

    item: Bools
    category: Bools
    region: Bools
    parent: Bools

    @classmethod
    def of(cls, codes: Codes, buyers: pd.DataFrame, least: int) -> Describable:
        """Count each pool's buyers by eq. 40; parameters as in `floor_is_on`."""
        if not floor_is_on(buyers, least):
            return cls(*(np.ones(size, dtype=bool) for _, size in _pools(codes)))
        return cls.of_counts(codes, distinct_buyers(codes, buyers), least)

    @classmethod
    def of_counts(cls, codes: Codes, count: Floats, least: int) -> Describable:
        """Return the pools that hold `least` buyers, by each cell's distinct ones, shape (C,)."""
        return cls(*(_by_pool(count, codes.region, *pool) >= least for pool in _pools(codes)))


def _pools(codes: Codes) -> tuple[tuple[Ints, int], ...]:
    """Return the pools of each kind: that of each cell, and how many there are."""
    return (
        (codes.item, len(codes.items)),
        (codes.category, len(codes.categories)),
        (codes.region, len(codes.regions)),
        (codes.parent, len(codes.parents)),
    )


def _by_pool(count: Floats, region: Ints, pool: Ints, pools: int) -> Floats:
    """Return eq. 40 of the cells of each pool, shape (pools,)."""
    regions = int(region.max(initial=-1)) + 1
    pair, place = np.unique(pool * regions + region, return_inverse=True)
    largest = np.zeros(len(pair))
    np.maximum.at(largest, place.ravel(), count)
    return np.bincount(pair // max(regions, 1), largest, pools).astype(np.float64)
