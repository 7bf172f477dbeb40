"""The pace of every item: how fast it sells now, the network's pace included.

One pass over the weeks, each predicted from those before it and then taken in: the network's pace,
the items' relative to it, each cell's share of its item, the effects of what is known ahead and
the echo of last year (docs/forecast.md, section 10). All at week t rests on weeks up to t.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from foreship_forecast.history.panel import Panel
from foreship_forecast.history.pools import Pools
from foreship_forecast.history.sweeps import columns
from foreship_forecast.levels.echo import YEAR, Recurrence, certain_part
from foreship_forecast.levels.known_effects import LARGEST, KnownAhead, Learner
from foreship_forecast.levels.speeds import ITEM_PRIOR, NETWORK_PRIOR, REGION_PRIOR, Speeds
from foreship_foundation.arrays import Bools, Floats, Ints

__all__ = ["MEMORIES", "OWN_WEEKS", "Pace", "pace_of", "share_of_item"]

MEMORIES = np.array([0.85, 0.95, 0.985])
"""share of a cell's own history that is kept from week to week: three memories side by side"""
OWN_WEEKS, OWN_UNITS = 2.0, 1.0
"""weeks of the pools' level that a cell's own are mixed with; units they stand for at least"""
ITEM_WEIGHT = 2.0
"""cell-weeks that an item's first level is believed as"""
ITEM_MEMORY = (0.9, 8.0)
REGION_MEMORY = (0.95, 3.0)
NETWORK_MEMORY = (0.95, 3.0)
"""forgetting and largest setback of candidates"""
REGION_UNITS = 100.0
"""units due that a region's first level of 1 is believed as"""
NETWORK_UNITS = 200.0
"""units that the network's level of 1 stands for"""
REGION_SPREAD = 20.0
REGION_ORDERS = 10.0
"""orders by which a region's week is held near what was due"""
NETWORK_SPREAD = 30.0
LARGEST_RATIO = 1.5
"""times the network may be taken to sell what was due in one week"""
RATIO_UNITS = 10.0
"""units by which the network's week is held near what was due"""
CELL_SPREAD = 1.5
"""dispersion of a cell's week in judging memories"""
MOST_SQUARES = 6.0
"""times its variance that a week's squared miss may count in reading the dispersion"""
SPREADS = (1.0, 50.0)
"""range of the dispersion of an item's week"""
CUT_TIMES, CUT_ERRORS = 1.25, 4.0
"""a week is cut where it exceeds what was due by so many times and so many standard errors"""
CLUMP_UNITS = 20.0
"""units at which an item's own variance over mean counts half"""
OWN_ORDERS = 3.0
"""orders' worth of certainty that an item's week is what was due, in reading cells' shares"""
LEAST_KEPT = 0.85
"""share of its units that cutting usually leaves a network, at least: less is a level too low"""
CUT_UNITS = 1000.0
"""units believed to be cut by nothing, before any were seen"""
KEPT = 0.98
WARM_UP = 8
"""weeks after which a pace is settled enough for an echo; earlier weeks are held against those
around them"""
AROUND = 6
"""weeks before and after that these are"""
NEXT_TO = 1
"""weeks beside a peak that may belong to it"""
LEAST_LEVEL = 1e-4
OF_ITEMS = ("slow", "observed", "due", "around", "came", "mass", "clumps", "again")
"""figures of a pace of shape (items, W)"""


@dataclass(frozen=True)
class Pace:
    """Paces at the end of every week.

    **Invariants:** column t uses weeks <= t only, and what is known ahead.
    """

    level: Floats
    """units a week in a usual cell of the item, by horizon, without echo: (H, items, W)"""
    slow: Floats
    """what the slowest candidate says of next week, the network's pace included, (items, W)"""
    region: Floats
    """pace of a region's items against their pace elsewhere, by horizon: (H, regions, W)"""
    observed: Floats
    """what the item's was each week, held near what was predicted, (items, W)"""
    region_observed: Floats
    """the same of regions, (regions, W)"""
    due: Floats
    """the same as predicted a week before, (items, W)"""
    around: Floats
    """median of what came in the weeks around, known `AROUND` weeks later, (items, W)"""
    came: Floats
    """units a usual cell sold, (items, W); NaN where nothing could be seen"""
    mass: Floats
    """units due over their variance by mean, (items, W)"""
    clumps: Floats
    """variance over mean of the item's cells, at least 1, (items, W)"""
    network_miss: Floats
    """how far each week's units of all items were from those due, in logs, (W,)"""
    again: Floats
    """share of last year's miss that comes again, (items, W)"""
    memories: Floats
    """how much each memory of a cell is believed, (W, 3)"""
    effects: Floats
    """effects of what is known ahead, (W, p)"""

    def of_items(self, items: Ints) -> Pace:
        """Return the paces of some of the items; regions and the network stay as they are."""
        parts = {name: getattr(self, name)[items] for name in OF_ITEMS}
        return replace(self, level=self.level[:, items], **parts)

    def ahead(self, item: Ints, region: Ints, origin: Ints, horizon: Ints) -> Floats:
        """Return the pace of rows in their target weeks, echo included, shape (N,)."""
        place = np.minimum(horizon, len(self.level)) - 1
        level: Floats = self.level[place, item, origin] * self.region[place, region, origin]
        return level * np.exp(self.echo(item, origin, horizon))

    def log_effect(
        self, ahead: KnownAhead, cell: Ints, origin: Ints, target: Ints, knows: int
    ) -> Floats:
        """Return the log of what is known ahead does to cells' target weeks, shape (N,) (eq. 58).

        Effects are those learned by the origin, or by week `knows` where that is later.
        """
        found = np.zeros(len(cell))
        if ahead.count:
            some = ahead.told(cell, target)
            found[some] = self._effect(ahead, cell[some], origin[some], target[some], knows)
        return found

    def past_effect(self, ahead: KnownAhead, cells: slice, weeks: int, knows: int) -> Floats:
        """Return by what was known each past week of some cells was multiplied, shape (cells, W).

        Weeks lie one behind the other in memory; effects are those of the week before, or of week
        `knows` where that is later.
        """
        found = np.ones((cells.stop - cells.start, weeks), order="F")
        if ahead.count:
            place, week = ahead.told_of(np.arange(cells.start, cells.stop), weeks)
            before = np.maximum(week - 1, 0)
            found[place, week] = np.exp(
                self._effect(ahead, cells.start + place, before, week, knows)
            )
        return found

    def _effect(
        self, ahead: KnownAhead, cell: Ints, origin: Ints, target: Ints, knows: int
    ) -> Floats:
        columns = ahead.columns(cell, origin, target)
        effects = self.effects[np.maximum(origin, knows)]
        logs: Floats = np.clip(np.einsum("np,np->n", columns, effects), -LARGEST, LARGEST)
        return logs

    def strangeness(self, item: Ints, origin: Ints, horizon: Ints) -> Floats:
        """Return how far rows are from what is usual, in logs, shape (3, N).

        How far the item's pace is from its slow one, echo included; how far its latest week was
        from what had been predicted of it; and how far that of all items was.
        """
        place = np.minimum(horizon, len(self.level)) - 1
        moved = np.log(self.level[place, item, origin] / self.slow[item, origin])
        moved += self.echo(item, origin, horizon)
        at = (item, origin)
        miss = certain_part(*_log_miss(self.came[at], self.due[at], self.mass[at], self.due[at]))
        found: Floats = np.abs(np.stack([moved, miss, self.network_miss[origin]]))
        return found

    def now(self, item: Ints, region: Ints) -> Floats:
        """Return the pace of cells for the week after each week, without echo, shape (C, W)."""
        found: Floats = self.level[0][item] * self.region[0][region]
        return found

    def seen(self, item: Ints, region: Ints) -> Floats:
        """Return what the pace of cells was in each week, shape (C, W)."""
        found: Floats = self.observed[item] * self.region_observed[region]
        return found

    def echo(self, item: Ints, origin: Ints, horizon: Ints) -> Floats:
        """Return eq. 57: what last year's forecast from as many weeks before missed, in logs."""
        then, seen = origin - YEAR, origin + horizon - YEAR
        there = (seen >= 0) & (seen + AROUND <= origin)
        found = np.zeros(len(item))
        at = np.flatnonzero(there)
        i, t, s = item[at], then[at], seen[at]
        place = np.minimum(horizon[at], len(self.level)) - 1
        said = np.where(t >= WARM_UP, self.level[place, i, np.maximum(t, 0)], self.around[i, s])
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


def _shared_out(due: Floats, came: Floats) -> Floats:
    """Return what was due, all of it together as much as came."""
    total = float(due.sum())
    return due * (float(came.sum()) / total) if total > 0 else due


def _middle(values: Floats) -> Floats:
    """Return the median of each row's known values, 1 where there are none."""
    count = (~np.isnan(values)).sum(axis=1)
    ranked, row = np.sort(values, axis=1), np.arange(len(values))  # unknown ones stand last
    two = ranked[row, np.maximum(count - 1, 0) // 2] + ranked[row, count // 2]
    return np.where(count > 0, 0.5 * two, 1.0)


def _summed(code: Ints, values: Floats, groups: int) -> Floats:
    """Return the sum of values by group, shape (groups,)."""
    return np.bincount(code, values, groups).astype(np.float64)


def share_of_item(own: Floats, due: Floats, usual: Floats, prior: Floats) -> Floats:
    """Return what a cell sells of its item's pace: its own units over those due, eq. 59.

    Parameters
    ----------
    own, due
        Discounted units of the cell, and of a usual cell in the same weeks.
    usual
        A week of the latter.
    prior
        Share that the pools expect.
    """
    mixed = pooled_weeks(usual * prior) * usual
    found: Floats = (own + prior * mixed) / (due + mixed)
    return found


def pooled_weeks(usual: Floats) -> Floats:
    """Return the weeks of the pools' level that a cell's own are mixed with (eq. 59).

    A slow cell's few weeks say little: its pools count as `OWN_UNITS` units at least.
    """
    found: Floats = np.maximum(OWN_WEEKS, OWN_UNITS / np.maximum(usual, LEAST_LEVEL))
    return found


def pace_of(panel: Panel, pools: Pools, ahead: KnownAhead, horizons: int) -> Pace:
    """Follow all items through the weeks of the panel."""
    walk = _Walk.of(panel, pools, ahead, horizons)
    weeks = zip(panel.counted_by_week(), columns(panel.wanted), strict=True)
    for week, (counted, wanted) in enumerate(weeks):
        walk.take_in(week, counted, wanted.astype(np.float64))
    return walk.found


@dataclass(frozen=True)
class _Week:
    """One week: what was predicted of C cells and their items, and what came."""

    item: Ints
    """item of each cell, shape (C,)"""
    counted: Bools
    """cells of which anything could be seen, shape (C,)"""
    known: Bools
    """cells of which the week tells how fast they sell, shape (C,)"""
    wanted: Floats
    """units, shape (C,)"""
    said: Floats
    """units predicted by each memory, shape (C, 3)"""
    memory: Floats
    """how much each memory is believed, shape (3,)"""
    effect: Floats
    """by what the known ahead multiplies demand, shape (C,)"""
    told: Ints
    """cells of which anything is known ahead, shape (n,)"""
    columns: Floats
    """what is known ahead of these, shape (n, p)"""
    level: Floats
    """pace predicted, echo included, shape (items,)"""
    region: Floats
    """pace predicted, shape (regions,)"""
    exposure: Floats
    """usual cells' worth of those known, shape (items,)"""
    clumps: Floats
    """variance over mean of a cell, shape (items,)"""

    @cached_property
    def units(self) -> Floats:
        """Units of known cells, 0 elsewhere, shape (C,)."""
        return np.where(self.known, self.wanted, 0.0)

    @cached_property
    def mean(self) -> Floats:
        """Units predicted of known cells, 0 elsewhere, shape (C,)."""
        return np.where(self.known, self.said @ self.memory, 0.0)

    @cached_property
    def came(self) -> Floats:
        """Units of known cells, shape (items,)."""
        return _summed(self.item, self.units, len(self.level))

    @cached_property
    def due(self) -> Floats:
        """Units predicted of known cells, shape (items,)."""
        return self.level * self.exposure

    @cached_property
    def cut(self) -> Floats:
        """What came, cut where beyond reason, shape (items,)."""
        errors = CUT_ERRORS * np.sqrt(self.clumps * (self.due + 1.0))
        return np.minimum(self.came, self.due + np.maximum(CUT_TIMES * self.due, errors))

    @cached_property
    def held(self) -> Floats:
        """What came over what was due, held near 1, shape (items,)."""
        least = OWN_ORDERS * self.clumps
        found: Floats = (self.came + least) / (self.due + least)
        return found


@dataclass
class _Walk:
    """What is carried from week to week."""

    panel: Panel
    pools: Pools
    ahead: KnownAhead
    category: Ints
    speeds: Speeds
    regions: Speeds
    network: Speeds
    learner: Learner
    again: Recurrence
    own: Floats
    """discounted units of each cell by each memory, shape (3, C)"""
    due: Floats
    weeks: Floats
    memory: Floats
    started: Bools
    square: Floats
    usual: Floats
    excess: Floats
    kept: Floats
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
            slow=np.ones(shape),
            region=np.ones((horizons, len(panel.codes.regions), weeks)),
            observed=np.ones(shape),
            region_observed=np.ones((len(panel.codes.regions), weeks)),
            due=np.ones(shape),
            around=np.ones(shape),
            came=np.full(shape, np.nan),
            mass=np.zeros(shape),
            clumps=np.ones(shape),
            network_miss=np.zeros(weeks),
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
            regions=Speeds.of(
                np.ones(len(panel.codes.regions)), REGION_UNITS, REGION_PRIOR, *REGION_MEMORY
            ),
            network=Speeds.of(np.ones(1), NETWORK_UNITS, NETWORK_PRIOR, *NETWORK_MEMORY),
            learner=Learner.of(ahead.count),
            again=Recurrence.of(items),
            own=np.zeros((kinds, cells)),
            due=np.zeros((kinds, cells)),
            weeks=np.zeros((kinds, cells)),
            memory=np.full(kinds, 1.0 / kinds),
            started=np.zeros(items, dtype=bool),
            square=np.full(items, CLUMP_UNITS),
            usual=np.full(items, CLUMP_UNITS),
            excess=np.array([1.0, 10.0]),
            kept=np.array([CUT_UNITS, CUT_UNITS]),
            found=found,
        )

    def take_in(self, week: int, counted: Bools, wanted: Floats) -> None:
        """Predict a week, take it in, and write down the paces at its end.

        Parameters
        ----------
        week
            Position of the week.
        counted, wanted
            Cells of which anything could be seen, and their units, shape (C,) each.
        """
        region_of = self.panel.codes.region
        self._begin(week, counted)
        here = self._predict(week, counted, wanted)
        self._note_year(week, here)
        self._learn_effects(here)
        self._note_week(week, here)
        ratio = self._move_network(here)
        self._move_items(here, ratio)
        place = self._move_regions(here)
        self._judge_memories(here.units[here.known], here.said[here.known])
        self._measure_clumps(here.units, here.mean)
        rate = here.level * here.held
        due = rate[here.item] * place[region_of] * here.effect
        self._move_cells(here.counted, here.wanted, due)
        self._write(week, rate, place)

    def _predict(self, week: int, counted: Bools, wanted: Floats) -> _Week:
        """Lay out what a week was predicted to be, and what came."""
        panel, item, items = self.panel, self.panel.codes.item, len(self.category)
        # the sale that put a cell on the books says nothing of how fast the others sell
        known = counted & ((panel.entered < week) | ((panel.entered == week) & (wanted == 0)))
        level, region = self._predicted(week), self.regions.level()
        effect, told, columns = self._effect(week)
        factor = region[panel.codes.region] * effect
        shares = self._shares(level, region, week)
        exposed = np.where(known, shares @ self.memory * factor, 0.0)
        return _Week(
            item=item,
            counted=counted,
            known=known,
            wanted=wanted,
            said=shares * (level[item] * factor)[:, None],
            memory=self.memory,
            effect=effect,
            told=told,
            columns=columns,
            level=level,
            region=region,
            exposure=_summed(item, exposed, items),
            clumps=self._clumps(),
        )

    def _begin(self, week: int, counted: Bools) -> None:
        """Put items of which nothing was seen at the level of their category, others near it."""
        fresh = ~self.started
        level = self.pools.units.category[self.category, max(week - 1, 0)]
        level = np.maximum(level, LEAST_LEVEL)
        seen = np.bincount(self.panel.codes.item, counted, len(fresh)) > 0
        self.speeds.anchor = np.where(seen | fresh, level, self.speeds.anchor)
        if fresh.any():
            self.speeds.restart(fresh, level, ITEM_WEIGHT)

    def _predicted(self, week: int) -> Floats:
        """Return each item's pace as it was predicted a week before, echo included."""
        level: Floats = self.speeds.level() * self.network.level()[0]
        self.found.due[:, week] = level
        if week >= YEAR:
            items = np.arange(len(level))
            last = np.full(len(level), week - 1)
            echo = self.found.echo(items, last, np.ones_like(last))
            level = level * np.exp(echo)
        return level

    def _effect(self, week: int) -> tuple[Floats, Ints, Floats]:
        """Return by what is known ahead each cell's week is multiplied, of which, and what it is.

        Of most cells nothing is known: their factor is 1.
        """
        effect = np.ones(self.panel.shape[0])
        if not self.ahead.count:
            return effect, np.empty(0, dtype=np.int64), np.empty((0, 0))
        told = self.ahead.told_in(week)
        at = np.full(len(told), week)
        columns = self.ahead.columns(told, np.maximum(at - 1, 0), at)
        effect[told] = np.exp(np.clip(columns @ self.learner.effect, -LARGEST, LARGEST))
        return effect, told, columns

    def _shares(self, level: Floats, region: Floats, week: int) -> Floats:
        """Return each cell's share of its item's pace by each memory, shape (C, 3)."""
        codes = self.panel.codes
        prior = self.pools.units.region_ratio[codes.region, max(week - 1, 0)]
        pace = level[codes.item] * region[codes.region]
        found = np.empty((len(pace), len(MEMORIES)))
        for place in range(len(MEMORIES)):
            due, weeks = self.due[place], self.weeks[place]
            usual = np.divide(due, weeks, out=pace.copy(), where=weeks > 0)
            found[:, place] = share_of_item(self.own[place], due, usual, prior)
        return found

    def _clumps(self) -> Floats:
        """Return the variance over mean of each item's cells, shrunk to all, at least 1."""
        overall = self.square.sum() / self.usual.sum()
        found: Floats = (self.square + CLUMP_UNITS * overall) / (self.usual + CLUMP_UNITS)
        return np.maximum(found, 1.0)

    def _measure_clumps(self, units: Floats, mean: Floats) -> None:
        item, items = self.panel.codes.item, len(self.category)
        usual = np.minimum(units, mean + 10.0 * np.sqrt(mean + 1.0))
        miss = np.where(mean > 0, usual - mean, 0.0)
        due = _summed(item, mean, items)
        kept = np.where(due > 0, KEPT, 1.0)
        self.square = kept * self.square + _summed(item, miss * miss, items)
        self.usual = kept * self.usual + due

    def _note_year(self, week: int, here: _Week) -> None:
        """Write down what last year's echo is read from, and learn whether misses come again."""
        seen, found = here.exposure > 0, self.found
        unseen = np.full(len(seen), np.nan)
        found.came[:, week] = np.divide(here.came, here.exposure, out=unseen, where=seen)
        found.mass[:, week] = here.exposure * found.due[:, week] / here.clumps
        if week >= 2 * AROUND:
            self._look_around(week - AROUND)
        if week >= YEAR:
            then = week - YEAR
            said = found.due[:, then] if then > WARM_UP else found.around[:, then]
            before = certain_part(
                *_log_miss(found.came[:, then], said, found.mass[:, then], found.due[:, then])
            )
            now, _ = _log_miss(
                found.came[:, week], found.due[:, week], found.mass[:, week], found.due[:, week]
            )
            # a week that nobody could see is no week in which last year's miss did not come
            self.again.update(np.where(seen, before, 0.0), now)

    def _look_around(self, week: int) -> None:
        """Write down what came around a week; around the first ones, what came after them."""
        for each in range(week + 1) if week == AROUND else (week,):
            near = np.arange(max(each - AROUND, 0), each + AROUND + 1)
            near = near[np.abs(near - each) > NEXT_TO]
            self.found.around[:, each] = _middle(self.found.came[:, near])

    def _learn_effects(self, here: _Week) -> None:
        """Learn what the known ahead did, from weeks of cells that are not beyond reason."""
        if self.ahead.count:
            told, mean = here.told, here.mean[here.told]
            top = mean + np.maximum(10.0 * mean, 10.0 * np.sqrt(mean + 1.0))
            units, clumps = np.minimum(here.units[told], top), here.clumps[here.item[told]]
            self.learner.update(here.columns, units, mean / here.effect[told], clumps)

    def _note_week(self, week: int, here: _Week) -> None:
        """Write down how clumped items are, and how far all their units were from those due."""
        came, due = here.came.sum() + RATIO_UNITS, here.due.sum() + RATIO_UNITS
        self.found.network_miss[week] = np.log(came / due)
        self.found.clumps[:, week] = here.clumps

    def _move_network(self, here: _Week) -> float:
        """Move the network's pace; return what came of all that was due, held near it."""
        cut, total = here.cut.sum(), float(here.due.sum())
        if total <= 0:
            return 1.0
        # cutting what is beyond reason takes some of what is usual: that much was not due
        total *= max(float(self.kept[0] / self.kept[1]), LEAST_KEPT)
        ratio = float((cut + RATIO_UNITS) / (total + RATIO_UNITS))
        sold = min(ratio, LARGEST_RATIO) * float(self.network.level()[0]) * NETWORK_UNITS
        due_of_one = np.array([NETWORK_UNITS])
        self.network.update(np.array([sold]), due_of_one, NETWORK_SPREAD, np.array([True]))
        self.kept = KEPT * self.kept + (cut, here.came.sum())
        return ratio

    def _move_items(self, here: _Week, ratio: float) -> None:
        """Move the items' paces relative to what all had in common."""
        own, seen, clumps = self.speeds.level(), here.exposure > 0, here.clumps
        if not seen.any():
            return
        common = np.divide(here.level, own, out=np.ones_like(own), where=own > 0)
        around = here.due * ratio / clumps
        usual = around + around * around * self.excess[0] / self.excess[1]
        miss = np.minimum((here.cut / clumps - around) ** 2, MOST_SQUARES * usual) - around
        spread = float(np.clip(self.excess[1] / max(self.excess[0], 1e-9), *SPREADS))
        due_of_one = common * ratio * here.exposure / clumps
        self.speeds.update(here.cut / clumps, due_of_one, spread, seen)
        self.excess = KEPT * self.excess + (miss[seen].mean(), (around[seen] ** 2).mean())
        self.started |= seen

    def _move_regions(self, here: _Week) -> Floats:
        """Move the regions' paces; return what they were in the week, shape (regions,)."""
        code, level = self.panel.codes.region, here.region
        kept = np.divide(here.cut, here.came, out=np.ones_like(here.came), where=here.came > 0)
        units, mean = here.units * kept[here.item], here.mean * here.held[here.item]
        clump = float((here.clumps * _summed(here.item, mean, len(here.clumps))).sum())
        clump = max(clump / max(float(mean.sum()), 1e-9), 1.0)
        came, due = (_summed(code, each, len(level)) / clump for each in (units, mean))
        # regions are told apart here, and no more: together they sold what was due of them
        due = _shared_out(due, came)
        cut = np.minimum(came, due + np.maximum(CUT_TIMES * due, CUT_ERRORS * np.sqrt(due + 1.0)))
        fair = _shared_out(due, cut)
        self.regions.update(cut, fair / level, REGION_SPREAD, fair > 0)
        place: Floats = level * (came + REGION_ORDERS) / (due + REGION_ORDERS)
        return place

    def _judge_memories(self, units: Floats, said: Floats) -> None:
        """Move the belief in memories towards those that predicted the week's cells best."""
        if not len(units):
            return
        came, mean = units[:, None], np.maximum(said, 1e-9)
        likelihood = came * np.log(mean) - (came + CELL_SPREAD) * np.log(mean + CELL_SPREAD)
        # memories are few: the largest and the sum of a row are found faster one by one
        highest = functools.reduce(np.maximum, likelihood.T)
        raised = self.memory * np.exp(likelihood - highest[:, None])
        fresh = (raised / functools.reduce(np.add, raised.T)[:, None]).mean(axis=0)
        weight = 0.05 * len(units) / (len(units) + 200.0)
        self.memory = (1.0 - weight) * self.memory + weight * fresh

    def _move_cells(self, known: Bools, units: Floats, rate: Floats) -> None:
        """Take the week in; cells of which nothing could be seen keep their sums."""
        unseen = np.flatnonzero(~known)
        for sums, values in ((self.own, units), (self.due, rate), (self.weeks, 1.0)):
            for place, kept in enumerate(MEMORIES):
                of_memory = sums[place]
                before = of_memory[unseen]
                of_memory *= kept
                of_memory += values
                of_memory[unseen] = before

    def _write(self, week: int, rate: Floats, place: Floats) -> None:
        found = self.found
        found.observed[:, week], found.region_observed[:, week] = rate, place
        found.slow[:, week] = self.speeds.slowest() * self.network.level()[0]
        weeks = len(found.level)
        found.level[:, :, week] = self.speeds.levels(weeks) * self.network.levels(weeks)
        found.region[:, :, week] = self.regions.levels(weeks)
        found.memories[week] = self.memory
        found.again[:, week] = self.again.share
        found.effects[week] = self.learner.effect
