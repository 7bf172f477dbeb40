"""The level of a cell: its share of its item's pace, how often it sells, whether it still lives.

Swept for a block of cells at once from the paces of items (docs/forecast.md, eqs. 59-62).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_forecast.history.entry import chance_of_entry
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Pools
from foreship_forecast.history.sweeps import by_week, highest_yet, running_sum
from foreship_forecast.levels.known_effects import KnownAhead
from foreship_forecast.levels.pace import MEMORIES, Pace, pooled_weeks, share_of_item
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["CHANCES", "LOWEST_EXTRA", "LOWEST_UNITS", "CellLevels", "Levels"]

LOWEST_UNITS = 0.01
"""units a week under which the log level says nothing more"""
LOWEST_EXTRA = 0.05
"""units beyond the first under which a sale is as good as always one unit"""
CHANCES = (0.002, 0.998)
"""range of the chance of a sale that histories of some years can tell apart"""
LARGEST_OWN_CHANCE = 0.9985
ENTRY_WEEKS = 0.5
"""weeks of the pools' chance that a cell's own is mixed with in telling what entered by chance"""
ENTRY_STEPS = 4
"""steps towards the chance of a sale that equation 46 is met with"""
OWN_SALES = 2.0
"""sale weeks of the pool that a cell's own mean size is mixed with"""
SATURATED = 2.0
"""-log of the chance of no sale beyond which histories of sales hardly tell it"""
HAZARD = 0.003
"""chance a week that a selling cell stops for good, in doubting a silence"""
COMES_BACK = 0.002
"""share of its level that a cell long silent keeps"""


@dataclass(frozen=True)
class Levels:
    """The level of each row; the boosters learn departures from it."""

    units: Floats
    """units a week, shape (N,)"""
    chance: Floats
    """chance of at least one unit in a week"""
    extra: Floats
    """mean units beyond the first in a week with a sale"""


@dataclass(frozen=True)
class CellLevels:
    """What a block of cells is at the end of the weeks that are asked for, shape (C, A) each."""

    share: Floats
    """of the item's pace, by the memories as they are believed"""
    slow_share: Floats
    """the same by the longest memory"""
    intensity: Floats
    """-log(1 - chance of a sale) at a pace of 1"""
    slow_intensity: Floats
    extra: Floats
    """mean units beyond the first in a week with a sale, by the longest memory"""
    slow_pace: Floats
    """mean pace of the weeks that the longest memory holds"""
    alive: Floats
    """chance that a silent cell will sell again at all"""
    silence: Floats
    """sales expected since the last one"""
    clumps: Floats
    """variance over mean of the item's cells"""
    first: int = 0
    """position of the first week asked for"""

    @classmethod
    def of(
        cls,
        panel: Panel,
        pools: Pools,
        pace: Pace,
        ahead: KnownAhead,
        cells: slice,
        knows: int = 0,
        first: int = 0,
    ) -> CellLevels:
        """Sweep a block of cells; effects of weeks before `knows` are those of that week.

        All is swept week by week, so weeks lie one behind the other in memory. What earlier weeks
        than `first` do not tell later ones is not worked out of them.
        """
        codes, weeks = panel.codes, panel.shape[1]
        item, region = codes.item[cells], codes.region[cells]
        asked = (slice(None), slice(first, None))
        known = by_week(panel.counted(cells))
        units = np.where(known, by_week(panel.wanted[cells]), 0).astype(np.float64)
        sold = units > 0
        effect = pace.past_effect(ahead, cells, weeks, knows)
        seen_pace = by_week(pace.seen(item, region))
        rate = np.where(known, seen_pace * effect, 0.0)
        prior = by_week(pools.units.region_ratio[region])
        pooled = by_week(pools.sales.of_cells(panel, cells))
        pooled_often = _pooled_intensity(pooled, by_week(pools.units.of_cells(panel, cells)))
        pooled_often *= prior
        pooled = np.clip(pooled, *CHANCES)
        here = _here(sold, known, pooled, panel.tries(_counted_yet(known), cells))
        share = np.zeros((len(item), weeks - first), order="F")
        intensity = np.zeros((len(item), weeks), order="F")
        for place, kept in enumerate(MEMORIES):
            due, sales, seen = (_discounted(each, known, kept) for each in (rate, sold, known))
            own = here[asked] * _discounted(units, known, kept, first)
            sales = here * sales
            usual = np.where(seen > 0, due / np.maximum(seen, 1e-9), seen_pace)
            slow = share_of_item(own, due[asked], usual[asked], prior[asked])
            mixed = pooled_weeks(usual * prior)
            pooled = -np.expm1(-pooled_often * usual)
            chance = (sales + mixed * pooled) / (seen + mixed)
            often = -np.log1p(-np.clip(chance, CHANCES[0], LARGEST_OWN_CHANCE)) / usual
            share += pace.memories[first:, place] * slow
            intensity += pace.memories[:, place] * often
        # after the loop the last, longest memory is at hand
        usual, often, pooled = usual[asked], often[asked], pooled[asked]
        pooled_extra = np.maximum(prior[asked] * usual / np.maximum(pooled, 1e-9) - 1.0, 0.0)
        beyond = _discounted(np.maximum(units - 1.0, 0.0), known, MEMORIES[-1], first)
        beyond *= here[asked]
        extra = (beyond + OWN_SALES * pooled_extra) / (sales[asked] + OWN_SALES)
        expected = _expected_sales(intensity, by_week(pace.now(item, region)), effect, known)
        silence, gap = (each[asked] for each in _since_sale(expected, sold, known))
        return cls(
            share,
            slow,
            intensity[asked],
            often,
            extra,
            usual,
            _alive(silence, gap),
            silence,
            pace.clumps[item, first:],
            first,
        )

    def _by_units(self, at: tuple[Ints, Ints], pace: Floats) -> Floats:
        """Return -log P(D = 0) of negative binomials of the rows' units and clumps."""
        clump = np.maximum(self.clumps[at], 1.0 + 1e-6)
        found: Floats = self.share[at] * pace * np.log(clump) / (clump - 1.0)
        return found

    def at(self, cell: Ints, origin: Ints, pace: Floats) -> Levels:
        """Return the levels of rows at their target weeks' pace, effects included (eqs. 60-62)."""
        at = (cell, origin - self.first)
        alive = self.alive[at]
        slow = -np.expm1(-self.slow_intensity[at] * self.slow_pace[at])
        often = self.intensity[at] * pace
        # a history of sales alone does not tell how far from none a cell is; its units do
        dense = self.slow_intensity[at] * self.slow_pace[at] > SATURATED
        often = np.where(dense, np.maximum(often, self._by_units(at, pace)), often)
        lively = np.clip(-np.expm1(-often), *CHANCES)
        times = self.share[at] * pace / (self.slow_share[at] * self.slow_pace[at])
        extra = (1.0 + self.extra[at]) * times * np.clip(slow, *CHANCES) / lively - 1.0
        extra = np.maximum(extra, LOWEST_EXTRA)
        chance = np.clip(-np.expm1(-often * alive), *CHANCES)
        return Levels(np.maximum(chance * (1.0 + extra), LOWEST_UNITS), chance, extra)


def _here(sold: Bools, known: Bools, pooled: Floats, tries: Ints) -> Floats:
    """Return the chance that a cell known for its first sale alone is here at all (eq. 46)."""
    found = np.ones(known.shape, order="F")
    alone = np.flatnonzero((tries > 0).any(axis=1))
    if not len(alone):
        return found
    counted, pool, waited = by_week(known[alone]), by_week(pooled[alone]), by_week(tries[alone])
    sales, seen = (
        _discounted(each, counted, MEMORIES[-1]) for each in (by_week(sold[alone]), counted)
    )
    here = np.ones(counted.shape, order="F")
    for _step in range(ENTRY_STEPS):
        chance = (here * sales + ENTRY_WEEKS * pool) / (seen + ENTRY_WEEKS)
        here = chance_of_entry(np.clip(chance, 0.0, 1.0), waited)
    found[alone] = here
    return found


def _counted_yet(known: Bools) -> Ints:
    """Return known weeks up to each."""
    return running_sum(known).astype(np.int64)


def _pooled_intensity(chance: Floats, units: Floats) -> Floats:
    """Return what -log(1 - chance of a sale) is for each unit a week, in the cell's pools."""
    often = -np.log1p(-np.clip(chance, CHANCES[0], LARGEST_OWN_CHANCE))
    found: Floats = often / np.maximum(units, 1e-9)
    return found


def _discounted(values: Floats | Bools, known: Bools, kept: float, first: int = 0) -> Floats:
    """Return the discounted sum of the known weeks, from week `first` on.

    An unknown week changes nothing.
    """
    cells, weeks = known.shape
    total: Floats = np.zeros(cells)
    earlier = np.zeros((2, cells))
    found, whole = np.empty((cells, weeks - first), order="F"), np.logical_and.reduce(known)
    for week in range(weeks):
        now: Floats = found[:, week - first] if week >= first else earlier[week % 2]
        np.multiply(total, kept, out=now)
        now += values[:, week]
        if not whole[week]:
            np.copyto(now, total, where=~known[:, week])
        total = now
    return found


def _expected_sales(intensity: Floats, pace: Floats, effect: Floats, known: Bools) -> Floats:
    """Return the intensity of each week as it was expected a week before, its effect included."""
    found = np.zeros_like(intensity)
    expected = intensity[:, :-1] * pace[:, :-1] * effect[:, 1:]
    found[:, 1:] = np.where(known[:, 1:], expected, 0.0)
    return found


def _since_sale(expected: Floats, sold: Bools, known: Bools) -> tuple[Floats, Floats]:
    """Return sales expected since the last one, and known weeks since then."""
    found = []
    for values in (expected, known):
        total = running_sum(values)
        found.append(total - highest_yet(np.where(sold, total, 0.0)))
    return found[0], found[1]


def _alive(silence: Floats, gap: Floats) -> Floats:
    """Return the chance that a cell still lives after a silence (eq. 62).

    Beta-geometric models of buying till you die (doi:10.1287/mksc.1100.0580) with one hazard: g
    weeks of silence have chance exp(-silence) alive, against having stopped in one of them.
    """
    weeks = np.maximum(gap, 1.0)
    stays = np.log1p(-HAZARD) - silence / weeks
    alive = np.exp(weeks * stays)
    died = HAZARD * (1.0 - alive) / -np.expm1(stays)
    return np.where(gap > 0, np.maximum(alive / (alive + died), COMES_BACK), 1.0)
