"""The pace of every item: how fast it sells now, the network's pace included.

One pass over the weeks, each predicted from those before it and then taken in: the network's pace,
the items' relative to it, each cell's share of its item, the effects of what is known ahead and
the echo of last year (docs/forecast.md, section 10). All at week t rests on weeks up to t.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Pools
from foreship_forecast.levels.echo import YEAR, Recurrence, certain_part
from foreship_forecast.levels.known_effects import LARGEST, KnownAhead, Learner
from foreship_forecast.levels.speeds import ITEM_PRIOR, NETWORK_PRIOR, Speeds
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["MEMORIES", "OWN_WEEKS", "Pace", "pace_of", "share_of_item"]

MEMORIES = np.array([0.85, 0.95, 0.985])
"""share of a cell's own history that is kept from week to week: three memories side by side"""
OWN_WEEKS = 2.0
"""weeks of the pools' level that a cell's own are mixed with"""
ITEM_WEIGHT = 2.0
"""cell-weeks that an item's first level is believed as"""
ITEM_MEMORY = (0.92, 6.0)
NETWORK_MEMORY = (0.95, 3.0)
"""forgetting and largest setback of candidates"""
NETWORK_UNITS = 200.0
"""units that the network's level of 1 stands for"""
NETWORK_SPREAD = 30.0
LARGEST_RATIO = 2.0
"""times the network may be taken to sell what was due in one week"""
RATIO_UNITS = 10.0
"""units by which the network's week is held near what was due"""
CELL_SPREAD = 1.5
"""dispersion of a cell's week in judging memories"""
SPREADS = (1.0, 50.0)
"""range of the dispersion of an item's week"""
CUT_TIMES, CUT_ERRORS = 1.0, 4.0
"""a week is cut where it exceeds what was due by so many times and so many standard errors"""
CLUMP_UNITS = 20.0
"""units at which an item's own variance over mean counts half"""
OWN_ORDERS = 3.0
"""orders' worth of certainty that an item's week is what was due, in reading cells' shares"""
KEPT = 0.98
WARM_UP = 8
"""weeks after which a pace is settled enough for an echo"""
LEAST_LEVEL = 1e-4


@dataclass(frozen=True)
class Pace:
    """Paces at the end of every week.

    **Invariants:** column t uses weeks <= t only, and what is known ahead.
    """

    level: Floats
    """units a week in a usual cell of the item, by horizon, without echo: (H, items, W)"""
    observed: Floats
    """what it was each week, held near what was predicted, (items, W)"""
    due: Floats
    """the same as predicted a week before, (items, W)"""
    came: Floats
    """units a usual cell sold, (items, W); NaN where nothing could be seen"""
    mass: Floats
    """units due over their variance by mean, (items, W)"""
    again: Floats
    """share of last year's miss that comes again, (items, W)"""
    memories: Floats
    """how much each memory of a cell is believed, (W, 3)"""
    effects: Floats
    """effects of what is known ahead, (W, p)"""

    def ahead(self, item: Ints, origin: Ints, horizon: Ints) -> Floats:
        """Return the pace of rows' items in their target weeks, echo included, shape (N,)."""
        level = self.level[np.minimum(horizon, len(self.level)) - 1, item, origin]
        return level * np.exp(self._echo(item, origin, horizon))

    def _echo(self, item: Ints, origin: Ints, horizon: Ints) -> Floats:
        """Return eq. 57: what last year's forecast from as many weeks before missed, in logs."""
        then, seen = origin - YEAR, origin + horizon - YEAR
        there = (then >= WARM_UP) & (seen <= origin)
        found = np.zeros(len(item))
        at = np.flatnonzero(there)
        i, t, s = item[at], then[at], seen[at]
        said = self.level[np.minimum(horizon[at], len(self.level)) - 1, i, t]
        miss = _log_miss(self.came[i, s], said, self.mass[i, s], self.due[i, s])
        found[at] = self.again[i, origin[at]] * certain_part(*miss)
        return found


def _log_miss(came: Floats, said: Floats, mass: Floats, due: Floats) -> tuple[Floats, Floats]:
    """Return the log of what came over what was said, an order added to each, and its mass."""
    known = ~np.isnan(came)
    scale = np.divide(mass, due, out=np.zeros_like(mass), where=due > 0)
    expected = said * scale
    miss = np.log((np.where(known, came * scale, expected) + 1.0) / (expected + 1.0))
    return miss, expected


def share_of_item(own: Floats, due: Floats, usual: Floats, prior: Floats) -> Floats:
    """Return what a cell sells of its item's pace: its own units over those due, eq. 59.

    Parameters
    ----------
    own, due
        Discounted units of the cell, and of a usual cell in the same weeks.
    usual
        A week of the latter.
    prior
        Share that the pools expect, mixed in as `OWN_WEEKS` weeks.
    """
    found: Floats = (own + OWN_WEEKS * prior * usual) / (due + OWN_WEEKS * usual)
    return found


def pace_of(panel: Panel, pools: Pools, ahead: KnownAhead, horizons: int) -> Pace:
    """Follow all items through the weeks of the panel."""
    walk = _Walk.of(panel, pools, ahead, horizons)
    for week in range(panel.shape[1]):
        walk.take_in(week)
    return walk.found


@dataclass
class _Walk:
    """What is carried from week to week."""

    panel: Panel
    pools: Pools
    ahead: KnownAhead
    category: Ints
    speeds: Speeds
    network: Speeds
    learner: Learner
    again: Recurrence
    own: Floats
    due: Floats
    weeks: Floats
    memory: Floats
    started: Bools
    square: Floats
    usual: Floats
    excess: Floats
    found: Pace

    @classmethod
    def of(cls, panel: Panel, pools: Pools, ahead: KnownAhead, horizons: int) -> _Walk:
        cells, weeks = panel.shape
        items, kinds = len(panel.codes.items), len(MEMORIES)
        category = np.zeros(items, dtype=np.int64)
        category[panel.codes.item] = panel.codes.category
        shape = items, weeks
        found = Pace(
            level=np.ones((horizons, *shape)),
            observed=np.ones(shape),
            due=np.ones(shape),
            came=np.full(shape, np.nan),
            mass=np.zeros(shape),
            again=np.zeros(shape),
            memories=np.full((weeks, kinds), 1.0 / kinds),
            effects=np.zeros((weeks, ahead.count)),
        )
        return cls(
            panel=panel,
            pools=pools,
            ahead=ahead,
            category=category,
            speeds=Speeds.of(np.ones(items), ITEM_WEIGHT, ITEM_PRIOR, *ITEM_MEMORY),
            network=Speeds.of(np.ones(1), NETWORK_UNITS, NETWORK_PRIOR, *NETWORK_MEMORY),
            learner=Learner.of(ahead.count),
            again=Recurrence.of(items),
            own=np.zeros((cells, kinds)),
            due=np.zeros((cells, kinds)),
            weeks=np.zeros((cells, kinds)),
            memory=np.full(kinds, 1.0 / kinds),
            started=np.zeros(items, dtype=bool),
            square=np.full(items, CLUMP_UNITS),
            usual=np.full(items, CLUMP_UNITS),
            excess=np.array([1.0, 10.0]),
            found=found,
        )

    def take_in(self, week: int) -> None:
        """Predict a week, take it in, and write down the paces at its end."""
        panel, item, items = self.panel, self.panel.codes.item, len(self.category)
        known = panel.counted((slice(None), week)) & (panel.entered <= week)
        units = np.where(known, panel.wanted[:, week], 0).astype(np.float64)
        self._begin(week)
        level = self._predicted(week)
        effect, columns = self._effect(week)
        shares = self._shares(level, week)
        said = shares * (level[item] * effect)[:, None]
        mean_of = said @ self.memory
        exposure = np.bincount(item, np.where(known, shares @ self.memory * effect, 0.0), items)
        came, due = np.bincount(item, units, items), level * exposure
        clumps = self._clumps()
        cut = np.minimum(
            came, due + np.maximum(CUT_TIMES * due, CUT_ERRORS * np.sqrt(clumps * (due + 1.0)))
        )
        self._note_year(week, came, due, exposure, level, clumps)
        if self.ahead.count:
            top = mean_of + np.maximum(10.0 * mean_of, 10.0 * np.sqrt(mean_of + 1.0))
            plain = np.where(known, mean_of / effect, 0.0)
            self.learner.update(columns, np.minimum(units, top), plain, clumps[item])
        self._move_paces(cut, due, exposure, level, clumps)
        self._judge_memories(units[known], said[known])
        self._measure_clumps(units, np.where(known, mean_of, 0.0))
        rate = level * (came + OWN_ORDERS * clumps) / (due + OWN_ORDERS * clumps)
        self._move_cells(known, units, (rate[item] * effect)[:, None])
        self._write(week, rate)

    def _begin(self, week: int) -> None:
        """Put items that were never seen at the level of their category."""
        fresh = ~self.started
        if fresh.any():
            level = self.pools.units.category[self.category, max(week - 1, 0)]
            self.speeds.restart(fresh, np.maximum(level, LEAST_LEVEL), ITEM_WEIGHT)

    def _predicted(self, week: int) -> Floats:
        """Return each item's pace as it was predicted a week before, echo included."""
        level = self.speeds.level() * self.network.level()[0]
        self.found.due[:, week] = level
        if week > YEAR + WARM_UP:
            items = np.arange(len(level))
            last = np.full(len(level), week - 1)
            echo = self.found._echo(items, last, np.ones_like(last))
            level = level * np.exp(echo)
        return level

    def _effect(self, week: int) -> tuple[Floats, Floats]:
        """Return what is known ahead of each cell's week, and by what it multiplies demand."""
        cells = np.arange(len(self.own))
        if not self.ahead.count:
            return np.ones(len(cells)), np.empty((len(cells), 0))
        at = np.full(len(cells), week)
        columns = self.ahead.columns(cells, np.maximum(at - 1, 0), at)
        effect = np.exp(np.clip(columns @ self.learner.effect, -LARGEST, LARGEST))
        return effect, columns

    def _shares(self, level: Floats, week: int) -> Floats:
        """Return each cell's share of its item's pace by each memory, shape (C, 3)."""
        codes = self.panel.codes
        prior = self.pools.units.region_ratio[codes.region, max(week - 1, 0)]
        usual = np.divide(
            self.due,
            self.weeks,
            out=np.repeat(level[codes.item][:, None], len(MEMORIES), axis=1),
            where=self.weeks > 0,
        )
        return share_of_item(self.own, self.due, usual, prior[:, None])

    def _clumps(self) -> Floats:
        """Return the variance over mean of each item's cells, shrunk to all, at least 1."""
        overall = self.square.sum() / self.usual.sum()
        found = (self.square + CLUMP_UNITS * overall) / (self.usual + CLUMP_UNITS)
        return np.maximum(found, 1.0)

    def _measure_clumps(self, units: Floats, mean: Floats) -> None:
        item, items = self.panel.codes.item, len(self.category)
        usual = np.minimum(units, mean + 10.0 * np.sqrt(mean + 1.0))
        miss = np.where(mean > 0, usual - mean, 0.0)
        self.square = KEPT * self.square + np.bincount(item, miss * miss, items)
        self.usual = KEPT * self.usual + np.bincount(item, mean, items)

    def _note_year(
        self,
        week: int,
        came: Floats,
        due: Floats,
        exposure: Floats,
        level: Floats,
        clumps: Floats,
    ) -> None:
        """Write down what last year's echo is read from, and learn whether misses come again."""
        seen, found = exposure > 0, self.found
        found.came[:, week] = np.divide(came, exposure, out=np.full(len(came), np.nan), where=seen)
        found.mass[:, week] = exposure * found.due[:, week] / clumps
        if week > YEAR + WARM_UP:
            then = week - YEAR
            before = certain_part(
                *_log_miss(
                    found.came[:, then],
                    found.due[:, then],
                    found.mass[:, then],
                    found.due[:, then],
                )
            )
            now, _ = _log_miss(
                found.came[:, week], found.due[:, week], found.mass[:, week], found.due[:, week]
            )
            self.again.update(before, np.where(seen, now, 0.0))

    def _move_paces(
        self, cut: Floats, due: Floats, exposure: Floats, level: Floats, clumps: Floats
    ) -> None:
        """Move the network's pace, and the items' relative to what all had in common."""
        total, seen = due.sum(), exposure > 0
        if total <= 0:
            return
        own = self.speeds.level()
        common = np.divide(level, own, out=np.ones_like(level), where=own > 0)
        ratio = (cut.sum() + RATIO_UNITS) / (total + RATIO_UNITS)
        believed = float(self.network.level()[0])
        sold = min(ratio, LARGEST_RATIO) * believed * NETWORK_UNITS
        due_of_one = np.array([NETWORK_UNITS])
        self.network.update(np.array([sold]), due_of_one, NETWORK_SPREAD, np.array([True]))
        spread = float(np.clip(self.excess[1] / max(self.excess[0], 1e-9), *SPREADS))
        self.speeds.update(cut / clumps, common * ratio * exposure / clumps, spread, seen)
        around = due * ratio / clumps
        miss = (cut / clumps - around) ** 2 - around
        fresh = np.array([miss[seen].mean(), (around[seen] ** 2).mean()])
        self.excess = KEPT * self.excess + fresh
        self.started |= seen

    def _judge_memories(self, units: Floats, said: Floats) -> None:
        """Move the belief in memories towards those that predicted the week's cells best."""
        if not len(units):
            return
        came, mean = units[:, None], np.maximum(said, 1e-9)
        likelihood = came * np.log(mean) - (came + CELL_SPREAD) * np.log(mean + CELL_SPREAD)
        raised = self.memory * np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
        fresh = (raised / raised.sum(axis=1, keepdims=True)).mean(axis=0)
        weight = 0.05 * len(units) / (len(units) + 200.0)
        self.memory = (1.0 - weight) * self.memory + weight * fresh

    def _move_cells(self, known: Bools, units: Floats, rate: Floats) -> None:
        here = known[:, None]
        self.own = np.where(here, MEMORIES * self.own + units[:, None], self.own)
        self.due = np.where(here, MEMORIES * self.due + rate, self.due)
        self.weeks = np.where(here, MEMORIES * self.weeks + 1.0, self.weeks)

    def _write(self, week: int, rate: Floats) -> None:
        found = self.found
        found.observed[:, week] = rate
        for place in range(len(found.level)):
            level = self.speeds.level(place + 1) * self.network.level(place + 1)[0]
            found.level[place, :, week] = level
        found.memories[week] = self.memory
        found.again[:, week] = self.again.share
        found.effects[week] = self.learner.effect
