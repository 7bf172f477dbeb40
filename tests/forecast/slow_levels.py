"""The levels of one cell, a week at a time in plain Python: what the swept ones are held against.

Sums are over the counted weeks with their weights written out; nothing is carried on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foreship_forecast.history.entry import LEAST
from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Pools
from foreship_forecast.levels.cell_levels import (
    CHANCES,
    COMES_BACK,
    ENTRY_STEPS,
    ENTRY_WEEKS,
    HAZARD,
    LARGEST_OWN_CHANCE,
    LOWEST_EXTRA,
    LOWEST_UNITS,
    OWN_SALES,
    SATURATED,
)
from foreship_forecast.levels.known_effects import KnownAhead
from foreship_forecast.levels.pace import LEAST_LEVEL, MEMORIES, OWN_UNITS, OWN_WEEKS, Pace


def within(value: float, low: float, high: float) -> float:
    """Return a value held in its range."""
    return min(max(value, low), high)


@dataclass
class Market:
    """What the levels of cells are made of."""

    panel: Panel
    pools: Pools
    pace: Pace
    ahead: KnownAhead

    def effect(self, cell: int, week: int) -> float:
        """Return by what was known a past week was multiplied, as learned a week before."""
        if not self.ahead.count:
            return 1.0
        before = max(week - 1, 0)
        columns = self.ahead.columns(np.array([cell]), np.array([before]), np.array([week]))[0]
        learned = self.pace.effects[before]
        return math.exp(sum(x * e for x, e in zip(columns.tolist(), learned.tolist(), strict=True)))


@dataclass
class SlowLevels:
    """Eqs. 59-62 of one cell at the end of one week."""

    market: Market
    cell: int
    origin: int

    def __post_init__(self) -> None:
        panel, pools, pace = self.market.panel, self.market.pools, self.market.pace
        item, region = int(panel.codes.item[self.cell]), int(panel.codes.region[self.cell])
        known = panel.counted(self.cell)
        self.counted = [week for week in range(self.origin + 1) if known[week]]
        self.units = [float(each) for each in panel.wanted[self.cell]]
        self.seen_pace = [
            float(each) for each in pace.observed[item] * pace.region_observed[region]
        ]
        self.now = float(pace.level[0, item, self.origin] * pace.region[0, region, self.origin])
        self.clumps = float(pace.clumps[item, self.origin])
        self.prior = float(pools.units.region_ratio[region, self.origin])
        self.pooled_units = float(pools.units.item[item, self.origin]) * self.prior
        self.pooled_chance = float(
            pools.sales.item[item, self.origin] * pools.sales.region_ratio[region, self.origin]
        )
        before = -1 if panel.tries_before is None else int(panel.tries_before[self.cell])
        self.tries = len(self.counted) + before if before >= 0 else 0
        self.believed = [float(each) for each in pace.memories[self.origin]]
        by_memory = [self._by_memory(float(kept)) for kept in MEMORIES]
        self.share = sum(b * each[0] for b, each in zip(self.believed, by_memory, strict=True))
        self.intensity = sum(b * each[1] for b, each in zip(self.believed, by_memory, strict=True))
        self.slow_share, self.slow_intensity, self.slow_pace, pooled, sales = by_memory[-1]
        beyond = self._sum(float(MEMORIES[-1]), lambda week: max(self.units[week] - 1.0, 0.0))
        pooled_extra = max(self.prior * self.slow_pace / max(pooled, 1e-9) - 1.0, 0.0)
        self.extra = (self.here * beyond + OWN_SALES * pooled_extra) / (sales + OWN_SALES)

    def _sum(self, kept, value) -> float:
        """Return the sum over counted weeks, the latest in full, each one before it by less."""
        return sum(value(week) * kept**back for back, week in enumerate(reversed(self.counted)))

    @cached_property
    def here(self) -> float:
        """Chance that a cell known for its first sale alone is here (eq. 46)."""
        if self.tries == 0:
            return 1.0
        sales = self._sum(float(MEMORIES[-1]), lambda week: float(self.units[week] > 0))
        seen = self._sum(float(MEMORIES[-1]), lambda week: 1.0)
        pooled, found = within(self.pooled_chance, *CHANCES), 1.0
        for _step in range(ENTRY_STEPS):
            chance = (found * sales + ENTRY_WEEKS * pooled) / (seen + ENTRY_WEEKS)
            found = max(1.0 - (1.0 - min(chance, 1.0)) ** self.tries, LEAST)
        return found

    def _by_memory(self, kept: float) -> tuple[float, float, float, float, float]:
        """Return share, intensity, mean pace, pooled chance and sales as one memory has them."""
        seen = self._sum(kept, lambda week: 1.0)
        due = self._sum(kept, lambda w: self.seen_pace[w] * self.market.effect(self.cell, w))
        own = self.here * self._sum(kept, lambda week: self.units[week])
        sales = self.here * self._sum(kept, lambda week: float(self.units[week] > 0))
        usual = due / seen if self.counted else self.seen_pace[self.origin]
        weeks = max(OWN_WEEKS, OWN_UNITS / max(usual * self.prior, LEAST_LEVEL))
        share = (own + weeks * self.prior * usual) / (due + weeks * usual)
        each = -math.log(1.0 - within(self.pooled_chance, CHANCES[0], LARGEST_OWN_CHANCE))
        pooled = 1.0 - math.exp(-each / max(self.pooled_units, 1e-9) * self.prior * usual)
        chance = (sales + weeks * pooled) / (seen + weeks)
        often = -math.log(1.0 - within(chance, CHANCES[0], LARGEST_OWN_CHANCE)) / usual
        return share, often, usual, pooled, sales

    @cached_property
    def _silent(self) -> list[int]:
        """Counted weeks since the last sale."""
        sold = [place for place, week in enumerate(self.counted) if self.units[week] > 0]
        return self.counted[sold[-1] + 1 :] if sold else self.counted

    @cached_property
    def silence(self) -> float:
        """Sales expected since the last one, each week's as of the week before it."""
        total = 0.0
        for week in self._silent:
            if week > 0:
                then = SlowLevels(self.market, self.cell, week - 1)
                total += then.intensity * then.now * self.market.effect(self.cell, week)
        return total

    @property
    def alive(self) -> float:
        """Alive through all the silence, against having stopped in any of its weeks (eq. 62)."""
        weeks = len(self._silent)
        if not weeks:
            return 1.0
        stays = (1.0 - HAZARD) * math.exp(-self.silence / weeks)
        alive = stays**weeks
        died = sum(HAZARD * stays**week for week in range(weeks))
        return max(alive / (alive + died), COMES_BACK)

    def at(self, pace: float) -> tuple[float, float, float]:
        """Return units a week, chance of a sale and units beyond the first at a pace."""
        often = self.intensity * pace
        if self.slow_intensity * self.slow_pace > SATURATED:
            clump = max(self.clumps, 1.0 + 1e-6)
            often = max(often, self.share * pace * math.log(clump) / (clump - 1.0))
        slow = within(1.0 - math.exp(-self.slow_intensity * self.slow_pace), *CHANCES)
        lively = within(1.0 - math.exp(-often), *CHANCES)
        times = self.share * pace / (self.slow_share * self.slow_pace)
        extra = max((1.0 + self.extra) * times * slow / lively - 1.0, LOWEST_EXTRA)
        chance = within(1.0 - math.exp(-often * self.alive), *CHANCES)
        return max(chance * (1.0 + extra), LOWEST_UNITS), chance, extra
