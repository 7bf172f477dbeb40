"""Invented items: what they cost, how they sell, when they come and go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship.samples.randomness import stream
from foreship_foundation.arrays import Floats, Ints, Texts

__all__ = ["CATEGORIES", "Catalogue", "Category", "draw_catalogue"]


@dataclass(frozen=True)
class Category:
    """What items of one kind share."""

    name: str
    swing: float
    """amplitude of log demand over the year"""
    peak_week: float
    """week of the year in which demand peaks"""
    price: float
    """median sales price [money]"""
    cost_share: float
    """mean unit cost as a share of the price"""
    volume: float
    """median volume of a unit [litres]"""
    elasticity: float
    """lift of a price cut: (1 - cut)^-elasticity"""
    returned: float
    """share of units that customers send back"""
    lost_sale_share: float


CATEGORIES = (
    Category("household", 0.10, 40.0, 22.0, 0.60, 4.0, 1.6, 0.06, 0.04),
    Category("drinks", 0.45, 28.0, 9.0, 0.65, 2.0, 2.4, 0.01, 0.06),
    Category("garden", 0.90, 20.0, 35.0, 0.55, 12.0, 1.5, 0.08, 0.03),
    Category("fresh", 0.12, 24.0, 6.0, 0.70, 1.0, 2.0, 0.00, 0.08),
    Category("toys", 0.70, 49.0, 28.0, 0.55, 6.0, 2.0, 0.10, 0.05),
    Category("winter", 0.90, 1.0, 60.0, 0.50, 8.0, 1.8, 0.16, 0.04),
)

LAUNCHED_SHARE = 0.10
COMING_SHARE = 0.02
ENDED_SHARE = 0.03
ENDING_SHARE = 0.03
TAIL = 0.9  # exponent of popularity over rank


@dataclass(frozen=True)
class Catalogue:
    """Items, shape (I,) each; weeks are counted from the first week of the history."""

    item: Texts
    category: Ints
    price: Floats
    unit_cost: Floats
    volume: Floats
    weight_kg: Floats
    pack_size: Ints
    rate: Floats
    """units a week in an average region, before season and events"""
    swing: Floats
    launch_week: Ints
    """first week sold; 0: from the start"""
    end_week: Ints
    """first week no longer sold"""

    def of_category(self, name: str) -> Floats:
        """Return the category's field `name` for each item."""
        return _of_category(self.category, name)


def draw_catalogue(
    items: int, mean_rate: float, history_weeks: int, all_weeks: int, seed: int
) -> Catalogue:
    """Draw a long-tailed assortment whose items sell `mean_rate` a cell and week on average."""
    rng = stream(seed, "catalogue")
    category = rng.permutation(np.arange(items) % len(CATEGORIES))
    price = (_of_category(category, "price") * rng.lognormal(0.0, 0.55, items)).round(2)
    cost_share = _of_category(category, "cost_share") + rng.normal(0.0, 0.06, items)
    volume = (_of_category(category, "volume") * rng.lognormal(0.0, 0.4, items)).round(2)
    launch_week, end_week = _lives(items, history_weeks, all_weeks, rng)
    return Catalogue(
        item=np.array([f"{number:05d}" for number in range(1, items + 1)]),
        category=category,
        price=price,
        unit_cost=(price * np.clip(cost_share, 0.3, 0.85)).round(2),
        volume=volume,
        weight_kg=(volume * rng.uniform(0.15, 0.6, items)).round(2),
        pack_size=rng.choice([1, 2, 6], size=items, p=[0.84, 0.10, 0.06]),
        rate=_long_tail(items, mean_rate, rng),
        swing=_of_category(category, "swing") * rng.uniform(0.6, 1.3, items),
        launch_week=launch_week,
        end_week=end_week,
    )


def _of_category(category: Ints, name: str) -> Floats:
    return np.array([getattr(each, name) for each in CATEGORIES])[category]


def _long_tail(items: int, mean_rate: float, rng: np.random.Generator) -> Floats:
    rank = rng.permutation(items) + 1.0 + 0.01 * items
    rate = rank**-TAIL * rng.lognormal(0.0, 0.3, items)
    scaled: Floats = rate * mean_rate / rate.mean()
    return scaled


def _lives(
    items: int, history_weeks: int, all_weeks: int, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Draw which items were launched, are about to be, were ended, are about to be."""
    sizes = [
        max(1, round(share * items))
        for share in (LAUNCHED_SHARE, COMING_SHARE, ENDED_SHARE, ENDING_SHARE)
    ]
    launched, coming, ended, ending, _ = np.split(rng.permutation(items), np.cumsum(sizes))
    launch, end = np.zeros(items, np.int64), np.full(items, all_weeks, np.int64)
    launch[launched] = rng.integers(history_weeks // 3, history_weeks - 3, len(launched))
    launch[coming] = history_weeks + rng.integers(0, 3, len(coming))
    end[ended] = rng.integers(history_weeks // 2, history_weeks - 4, len(ended))
    end[ending] = history_weeks + rng.integers(2, 7, len(ending))
    return launch, end
