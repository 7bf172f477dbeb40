"""Occasions: events of the calendar and planned promotions, known ahead, with their lift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foreship.samples.places import ZONES, Places
from foreship.samples.randomness import stream
from foreship.samples.synthetic.catalogue import CATEGORIES, Catalogue
from foreship_foundation.arrays import Days, Floats, Ints

__all__ = ["Occasions", "draw_occasions"]


WEEK = np.timedelta64(7, "D")
EVERYWHERE = -1
FESTIVAL = "city festival"
FESTIVAL_LIFT = {"drinks": 1.6, "fresh": 1.4}
OTHERS = "others"

EVENTS: tuple[tuple[str, str, dict[str, float]], ...] = (
    ("new year", "01-01", {OTHERS: 0.85}),
    ("may day", "05-01", {"garden": 1.35, OTHERS: 1.0}),
    ("summer sale", "07-03", {"drinks": 1.25, OTHERS: 1.15}),
    ("back to school", "09-02", {"household": 1.3, OTHERS: 1.0}),
    ("black friday", "11-27", {"toys": 1.8, "fresh": 1.0, OTHERS: 1.45}),
    ("christmas shopping", "12-16", {"toys": 1.8, "fresh": 1.5, "drinks": 1.5, OTHERS: 1.2}),
    ("christmas", "12-24", {"fresh": 1.3, "drinks": 1.3, OTHERS: 0.9}),
)
"""name, day of the year, lift of that week's demand by category"""

QUARTER = 13  # weeks; an item is promoted at most once in each
PROMOTED_SHARE = 0.45
CUTS = np.array([0.10, 0.15, 0.20, 0.25, 0.30, 0.40])
LEAFLET_LIFT = 1.10


@dataclass(frozen=True)
class Occasions:
    """Everything that moves demand and is known ahead, over all weeks (T)."""

    weeks: Days
    """Mondays, shape (T,)"""
    cut: Floats
    """price cut of a promotion, share of the list price, 0 without one, shape (I, T)"""
    zone: Ints
    """where the promotion runs: a zone or `EVERYWHERE`, shape (I, T)"""
    national: tuple[tuple[str, np.datetime64], ...]
    """events everywhere: name and day"""
    festivals: Ints
    """week of the year of each region's festival, shape (R,)"""
    event_lift: Floats
    """shape (R, K, T) over regions and categories"""

    def cuts_of(self, items: slice, places: Places) -> Floats:
        """Return the price cut of each cell and week, shape (items, R, T)."""
        zone = self.zone[items, None, :]
        runs_here = (zone == EVERYWHERE) | (zone == places.zone[None, :, None])
        return np.where(runs_here, self.cut[items, None, :], 0.0)

    def festival_days(self, region: int) -> Days:
        """Return the days (Saturdays) of a region's festival."""
        mine = self.weeks[_week_of_year(self.weeks) == self.festivals[region]]
        saturdays: Days = mine + np.timedelta64(5, "D")
        return saturdays


def draw_occasions(
    places: Places, catalogue: Catalogue, weeks: npt.NDArray[np.datetime64], seed: int
) -> Occasions:
    """Draw the calendar and the promotions of all weeks."""
    rng = stream(seed, "occasions")
    festivals = rng.integers(14, 40, len(places.region))
    national = _national_days(weeks)
    cut, zone = _promotions(catalogue, len(weeks), rng)
    return Occasions(
        weeks=weeks,
        cut=cut,
        zone=zone,
        national=national,
        festivals=festivals,
        event_lift=_event_lift(weeks, national, festivals),
    )


def _week_of_year(weeks: Days) -> Ints:
    """Return full weeks since 1 January, 0 to 52."""
    days = (weeks - weeks.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64)
    week: Ints = days // 7
    return week


def _national_days(weeks: Days) -> tuple[tuple[str, np.datetime64], ...]:
    years = np.unique(np.append(weeks, weeks[-1] + WEEK).astype("datetime64[Y]"))
    days = [(name, np.datetime64(f"{year}-{day}")) for year in years for name, day, _ in EVENTS]
    return tuple((name, day) for name, day in days if weeks[0] <= day < weeks[-1] + WEEK)


def _event_lift(
    weeks: Days, national: tuple[tuple[str, np.datetime64], ...], festivals: Ints
) -> Floats:
    lift = np.ones((len(festivals), len(CATEGORIES), len(weeks)))
    by_name = {name: _by_category(lifts) for name, _, lifts in EVENTS}
    for name, day in national:
        week = int((day - weeks[0]) / WEEK)
        lift[:, :, week] *= by_name[name][None, :]
    celebrates = festivals[:, None] == _week_of_year(weeks)[None, :]
    festival = _by_category({**FESTIVAL_LIFT, OTHERS: 1.15})
    return lift * np.where(celebrates[:, None, :], festival[None, :, None], 1.0)


def _by_category(lifts: dict[str, float]) -> Floats:
    return np.array([lifts.get(each.name, lifts[OTHERS]) for each in CATEGORIES])


def _promotions(catalogue: Catalogue, weeks: int, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Draw at most one promotion an item and quarter: one or two weeks, in one zone or all."""
    items, quarters = len(catalogue.item), -(-weeks // QUARTER)
    shape = (items, quarters)
    depth = np.where(rng.random(shape) < PROMOTED_SHARE, rng.choice(CUTS, shape), 0.0)
    first = rng.integers(0, QUARTER - 2, shape)
    length = rng.integers(1, 3, shape)
    where = np.where(rng.random(shape) < 0.6, EVERYWHERE, rng.integers(0, len(ZONES), shape))
    week = np.arange(quarters * QUARTER).reshape(quarters, QUARTER) % QUARTER
    runs = (week >= first[:, :, None]) & (week < (first + length)[:, :, None])
    cut = np.where(runs, depth[:, :, None], 0.0).reshape(items, -1)[:, :weeks]
    zone = np.where(runs, where[:, :, None], EVERYWHERE).reshape(items, -1)[:, :weeks]
    return cut, zone
