"""The parameters of a simulated retailer: who, what, where, when, and how demand is formed.

The law of demand is `Law`; docs/samples.md writes it as a formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from foreship.samples.places import Places, draw_places
from foreship.samples.randomness import stream
from foreship.samples.synthetic.baskets import draw_themes
from foreship.samples.synthetic.catalogue import Catalogue, draw_catalogue
from foreship.samples.synthetic.occasions import LEAFLET_LIFT, Occasions, draw_occasions
from foreship_foundation.arrays import Bools, Days, Floats, Ints

__all__ = ["AS_OF", "LAW", "SIZES", "WEEKS_AHEAD", "Law", "Size", "World", "draw_world"]


AS_OF = np.datetime64("2026-11-16")  # a Monday
WEEKS_AHEAD = 16  # calendar, planned prices and truth reach this far beyond
LISTED_SHARE = 0.92
TASTE_SHAPE = 4.0  # gamma shape of a cell's own liking for an item
IN_WORDS = (
    "units of a cell in a week ~ Poisson(mean * exp(s x - s^2 / 2) * exp(t y - t^2 / 2) * g);"
    " x: the item's shock of that week, y: the week's shock, both standard normal AR(1) over weeks,"
    " s = item_shock_sd, t = week_shock_sd; g ~ Gamma(r, 1 / r), r = dispersion, anew in each cell"
    " and week"
)


@dataclass(frozen=True)
class Size:
    """How large a simulated retailer is."""

    regions: int
    items: int
    weeks: int
    hubs: int
    mean_rate: float
    """units a cell and week"""
    customers: int
    """per region, on average"""
    whole_orders: bool = True
    """whether lines say which order they belong to; without, money is counted by the unit"""


SIZES = {
    "tiny": Size(4, 12, 60, 2, 0.9, 120),
    "small": Size(12, 120, 104, 3, 0.35, 600),
    "medium": Size(40, 1_500, 104, 4, 0.20, 2_000),
    "large": Size(100, 10_000, 104, 5, 0.12, 5_000),
    "hundred-thousand": Size(50, 2_000, 104, 4, 0.12, 2_000, whole_orders=False),
    "million": Size(50, 20_000, 104, 4, 0.12, 2_000, whole_orders=False),
}


@dataclass(frozen=True)
class Law:
    """How counts are formed around their mean (docs/samples.md, equation 1)."""

    dispersion: float = 3.0
    """r of the negative binomial"""
    item_shock_sd: float = 0.25
    """standard deviation of an item's log shock"""
    item_shock_ar: float = 0.5
    """its correlation from week to week"""
    week_shock_sd: float = 0.10
    week_shock_ar: float = 0.6
    closure_per_year: float = 0.04
    """chance that a cell stops for good without notice"""

    @property
    def closure_per_week(self) -> float:
        """Return the weekly chance that an open cell stops for good."""
        return float(1.0 - (1.0 - self.closure_per_year) ** (1.0 / 52.0))

    def to_dict(self) -> dict[str, Any]:
        """Return the numbers, and in words what they are for."""
        return {**vars(self), "count": IN_WORDS}


LAW = Law()


@dataclass(frozen=True)
class World:
    """All parameters of a simulated retailer: R regions, I items, T weeks (history first).

    **Invariants:** everything follows from `size` and `seed`.
    """

    size: Size
    seed: int
    places: Places
    catalogue: Catalogue
    occasions: Occasions
    listed: Bools
    """cells of the assortment, shape (I, R)"""
    taste: Floats
    """how much a region likes an item, mean 1, shape (I, R)"""
    closed_from: Ints
    """first week in which a cell no longer sells, T where it never stops, shape (I, R)"""
    theme: Ints
    """which items are ordered together, shape (I,)"""

    @property
    def weeks(self) -> Days:
        """Mondays of all weeks, shape (T,)."""
        return self.occasions.weeks

    @property
    def history_weeks(self) -> int:
        """Weeks before `AS_OF`."""
        return self.size.weeks

    @cached_property
    def season(self) -> Floats:
        """Seasonal factor of each item and week, mean 1 over a year, shape (I, T)."""
        day = (self.weeks - self.weeks.astype("datetime64[Y]")).astype(np.float64)
        peak = self.catalogue.of_category("peak_week")[:, None]
        turn = 2 * np.pi * (day[None, :] / 7.0 - peak) / 52.18
        swing = self.catalogue.swing[:, None]
        factor: Floats = np.exp(swing * np.cos(turn)) / np.i0(swing)
        return factor

    def on_sale(self, items: slice) -> Bools:
        """Tell which cells are sold in which weeks as far as planned, shape (items, R, T)."""
        week = np.arange(len(self.weeks))
        launched = week >= self.catalogue.launch_week[items, None]
        lasts = week < self.catalogue.end_week[items, None]
        return (launched & lasts)[:, None, :] & self.listed[items, :, None]

    def mean(self, items: slice) -> Floats:
        """Return expected demand of open cells, before shocks, shape (items, R, T) [units]."""
        cuts = self.occasions.cuts_of(items, self.places)
        elasticity = self.catalogue.of_category("elasticity")[items, None, None]
        promoted = np.where(cuts > 0, LEAFLET_LIFT * (1.0 - cuts) ** -elasticity, 1.0)
        events = self.occasions.event_lift[:, self.catalogue.category[items], :].swapaxes(0, 1)
        level = self.catalogue.rate[items, None] * self.places.weight * self.taste[items]
        mean = level[:, :, None] * self.season[items, None, :] * promoted * events
        return np.where(self.on_sale(items), mean, 0.0)

    def is_open(self, items: slice) -> Bools:
        """Tell where a cell has not stopped without notice, shape (items, R, T)."""
        return np.arange(len(self.weeks)) < self.closed_from[items, :, None]


def draw_world(size: Size, seed: int) -> World:
    """Draw the parameters of a retailer of this size."""
    all_weeks = size.weeks + WEEKS_AHEAD
    weeks = AS_OF + np.timedelta64(7, "D") * np.arange(-size.weeks, WEEKS_AHEAD)
    places = draw_places(size.regions, size.hubs, seed)
    catalogue = draw_catalogue(size.items, size.mean_rate, size.weeks, all_weeks, seed)
    rng = stream(seed, "cells")
    shape = (size.items, size.regions)
    listed = rng.random(shape) < LISTED_SHARE
    listed[np.arange(size.items), rng.integers(0, size.regions, size.items)] = True
    lasting = rng.geometric(LAW.closure_per_week, shape) - 1
    return World(
        size=size,
        seed=seed,
        places=places,
        catalogue=catalogue,
        occasions=draw_occasions(places, catalogue, weeks, seed),
        listed=listed,
        taste=rng.gamma(TASTE_SHAPE, 1.0 / TASTE_SHAPE, shape),
        closed_from=np.minimum(catalogue.launch_week[:, None] + lasting, all_weeks),
        theme=draw_themes(catalogue.rate, seed),
    )
