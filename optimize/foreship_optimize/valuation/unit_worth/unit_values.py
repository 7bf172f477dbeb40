"""Value every unit of many cells: cells with similar numbers of ranks share a block.

Neither the size of a block nor the other cells in it change a value.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Final, NamedTuple

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.tables.declaration import NEVER
from foreship_foundation.telling.progress import report
from foreship_optimize.compiled import FEW_CELLS
from foreship_optimize.demand import WEEK_DAYS, DemandScenarios
from foreship_optimize.network.cells import Cells
from foreship_optimize.network.economics import Economics, closing_over_days
from foreship_optimize.valuation.unit_worth.net_demand import StockWalk
from foreship_optimize.valuation.unit_worth.path_histograms import (
    PathHistograms,
    counted,
    histograms_of_paths,
    waits_if_stayed,
    windows_after,
)
from foreship_optimize.valuation.unit_worth.recursion import (
    FOR_EVER,
    Terms,
    first_unsold_worth,
    later_outcome,
    worth_at_review,
    worth_if_stayed,
)

__all__ = ["UnitValuer", "UnitValues"]


BLOCK_PATHS: Final = 400_000
"""Cells x scenarios walked in one block."""
BLOCK_TABLE: Final = 4_000_000
"""Cells x ranks x ranks held in one block."""
SMALL_TABLE: Final = 400_000
"""The same of compiled loops, which read tables again and again: as many as stay near."""
MOST_RANKS: Final = 128
"""Ranks valued one by one; beyond, a rank stands for a block of units (equation 19)."""
RANK_STEPS: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, MOST_RANKS)
SPARE_RANKS: Final = 8
ALL_UNITS: Final = 2**31 - 1
"""units that no window wants: where demand is not clipped"""


@dataclass(frozen=True)
class UnitValues:
    """Values of units of some cells, one row a unit, sorted by (cell, unit)."""

    cell: Ints
    unit: Ints
    """1, 2, .. within the cell"""
    value: Floats
    """v_k"""
    probability: Floats
    """p_k"""
    benefit: Floats
    """b_k"""
    unsold: Floats
    """r_k"""

    def rows(self, index: Ints | Bools) -> UnitValues:
        """Return some of the units."""
        return UnitValues(*(getattr(self, each.name)[index] for each in fields(self)))

    def at_most(self, bound: Floats) -> UnitValues:
        """Return the same units, none worth more than its bound."""
        return replace(self, value=np.minimum(self.value, bound))

    @classmethod
    def joined(cls, parts: list[UnitValues]) -> UnitValues:
        """Join the values of blocks, in canonical order."""
        names = ("cell", "unit", "value", "probability", "benefit", "unsold")
        if not parts:
            none, no_money = np.empty(0, np.int64), np.empty(0)
            return cls(none, none, no_money, no_money, no_money, no_money)
        arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        order = np.lexsort((arrays["unit"], arrays["cell"]))
        return cls(**{name: array[order] for name, array in arrays.items()})


@dataclass(frozen=True)
class _Paths:
    """What the first window does to the units of a block: need, stock left over, week-ends."""

    need: Ints
    left: Ints
    marks: list[Ints]
    """need up to each week-end before the end of the window"""
    weekly: Ints
    """demand of every seven days of the horizon, laid so that one week begins at the review"""
    day: int
    """on which the units are there, from `as_of`"""
    review_day: int
    """end of the first window, from `as_of`"""

    @property
    def weeks(self) -> int:
        """Week-ends that a unit not bought in the first window lies through."""
        return len(self.marks) + 1

    def rows(self, index: Ints) -> _Paths:
        """Return the same of some cells."""
        marks = [mark[index] for mark in self.marks]
        parts = (self.need[index], self.left[index], marks, self.weekly[index])
        return _Paths(*parts, day=self.day, review_day=self.review_day)


class _Review(NamedTuple):
    """The first review of a block of cells."""

    usual: int
    """day on which this plan's units arrive, from `as_of`"""
    day: int
    """of the review: the next arrival"""
    plan: int
    """that sends it; 1 is the next plan"""


@dataclass(frozen=True)
class UnitValuer:
    """Values units of cells from their sample paths and their money."""

    demand: DemandScenarios
    cells: Cells
    economics: Economics
    review_weeks: int

    def arrivals(
        self,
        rows: Ints,
        day: int,
        units: Ints | None = None,
        cost: Floats | None = None,
        step: Ints | None = None,
    ) -> UnitValues:
        """Value the units that arrive on `day`, behind stock and inbound.

        Parameters
        ----------
        rows
            Cells to value.
        day
            Day of arrival from `as_of`, before the horizon.
        units
            Fewest units to value in each cell; as many as any path needs, and one step, in any
            case.
        cost
            Cells whose first unit provably cannot be worth more than this are left out.
        step
            Units that travel together; 1 if left out.
        """
        at_least = np.zeros(len(rows), dtype=np.int64) if units is None else units
        pack = np.ones(len(rows), dtype=np.int64) if step is None else step
        limit = np.full(len(rows), -np.inf) if cost is None else cost
        parts: list[UnitValues] = []
        for at, review in self._blocks(rows, day):
            block = rows[at]
            terms = self._terms(block, day, review)
            paths = self._arrival_paths(block, day, review.day)
            ranks = paths.need.max(axis=1)
            chance = (paths.need >= 1).mean(axis=1)
            useful = _first_unit_bound(chance, terms, paths.weeks) > limit[at]
            wanted = np.maximum(np.where(useful, ranks, 0), at_least[at])
            wanted = np.where(useful | (wanted > 0), (-(-wanted // pack[at]) + 1) * pack[at], 0)
            # a unit beyond the last rank would look for paths it stayed in and find none
            ranks = np.maximum(ranks, wanted)
            behind = np.maximum(ranks + SPARE_RANKS, _wanted_ahead(paths))
            ranks = ranks + np.minimum(paths.left.max(axis=1), behind)
            parts += self._valued(block, paths, terms, wanted, ranks, paths.weeks)
        return UnitValues.joined(parts)

    def most_on_later_day(self, rows: Ints, day: int, chance: Floats) -> Floats:
        """Upper bound on the value of any unit that arrives on `day`, later than usual (17a).

        Parameters
        ----------
        rows
            Cells to bound.
        chance
            p_1 of each on its own day of arrival: the rest of that window wants no more.

        Returns
        -------
        A bound a cell [money]; inf where the window ends later than that of the own day.
        """
        most = np.full(len(rows), np.inf)
        for at, review in self._blocks(rows):
            if review.usual <= day < review.day:
                weeks = -(-(review.day - day) // WEEK_DAYS)
                terms = self._terms(rows[at], day, review)
                most[at] = _first_unit_bound(chance[at], terms, weeks)
        return most

    def on_hand(self, rows: Ints) -> UnitValues:
        """Value the units on hand at `as_of`: their window ends where the next plan's begins."""
        parts: list[UnitValues] = []
        for at, review in self._blocks(rows):
            block = rows[at]
            terms = self._terms(block, 0, review)
            paths = self._on_hand_paths(block, review.day)
            wanted = self.cells.on_hand[block]
            most = np.maximum(paths.need.max(axis=1), paths.weekly.sum(axis=1).max(axis=1))
            ranks = np.minimum(wanted, np.maximum(most + 1, MOST_RANKS))
            later = review.day - review.usual - WEEK_DAYS * self.review_weeks
            weeks = terms.span_weeks + max(0, round(later / WEEK_DAYS))
            parts += self._valued(block, paths, terms, wanted, ranks, weeks)
        return UnitValues.joined(parts)

    def _blocks(self, rows: Ints, day: int | None = None) -> Iterator[tuple[Ints, _Review]]:
        """Split cells into blocks of one usual day and first review that fit into memory.

        The first review is the next arrival after `day`, or after the usual day where that is left
        out.
        """
        size = max(1, BLOCK_PATHS // self.demand.scenarios)
        usual = self.economics.arrival_day[rows]
        usual = np.where(usual < NEVER, usual, day or 0)
        review, plan = self._reviews_after(rows, usual if day is None else 0 * usual + day, usual)
        kinds, kind = np.unique(np.stack([usual, review, plan]), axis=1, return_inverse=True)
        done = 0
        for each, numbers in enumerate(kinds.T.tolist()):
            mine = np.flatnonzero(kind.ravel() == each)
            for start in range(0, len(mine), size):
                block = mine[start : start + size]
                yield block, _Review(*numbers)
                done += len(block)
                report("Valuing units", done, len(rows))

    def _reviews_after(self, rows: Ints, day: Ints, usual: Ints) -> tuple[Ints, Ints]:
        """Day of each cell's next arrival after `day`, and the plan that sends it.

        Where none is known within the horizon: the day on which the next plan's units would come
        by the usual lane.
        """
        plans = self.economics.next_plans
        ahead = np.maximum(day - usual, 0) // plans.every + 1
        expected = usual + plans.every * ahead
        comes, plan = plans.after(rows, day)
        known = (comes <= expected) | (comes <= self.demand.horizon_days)
        return np.where(known, comes, expected), np.where(known, plan, ahead)

    def _arrival_paths(self, rows: Ints, day: int, end: int) -> _Paths:
        """Need of the window after the arrival, beyond stock and inbound (equation 2)."""
        horizon, starts = self.demand.horizon_days, self._starts_of_weeks(end)
        stops = [min(mark, horizon) for mark in [*range(day + WEEK_DAYS, end, WEEK_DAYS), end]]
        walk = StockWalk(self.demand, self.cells, rows, (day, *stops, *starts))
        walk.until(day)
        need: Ints = np.zeros_like(walk.stock)
        marks = []
        for stop in stops:
            need = need + walk.until(stop)
            marks.append(need)
        left = walk.stock + walk.due
        weekly = walk.demand_between(starts)
        return self._ordered(_Paths(need, left, marks[:-1], weekly, day, end))

    def _on_hand_paths(self, rows: Ints, end: int) -> _Paths:
        """Need of units on hand: all demand until a next plan's window ends (equation 14)."""
        week_ends = [*range(WEEK_DAYS, end, WEEK_DAYS), end]
        *marks, need = np.moveaxis(self.demand.until_days(rows, week_ends), 1, 0)
        weekly = np.diff(self.demand.until_days(rows, self._starts_of_weeks(end)), axis=1)
        left: Ints = np.zeros_like(need)
        return self._ordered(_Paths(need, left, marks, weekly, 0, end))

    def _ordered(self, paths: _Paths) -> _Paths:
        """Put the paths into an order in which their names have no say: what repeats, turns."""
        order = self.demand.path_order
        if (order[1:] > order[:-1]).all():
            return paths
        marks = [mark[:, order] for mark in paths.marks]
        parts = (paths.need[:, order], paths.left[:, order], marks, paths.weekly[:, :, order])
        return _Paths(*parts, day=paths.day, review_day=paths.review_day)

    def _starts_of_weeks(self, review_day: int) -> list[int]:
        """Days that cut the horizon into weeks, so that one begins at the review."""
        horizon, start = self.demand.horizon_days, review_day % WEEK_DAYS
        count = max(1, (horizon - start) // WEEK_DAYS)
        return [min(start + WEEK_DAYS * week, horizon) for week in range(count + 1)]

    def _terms(self, rows: Ints, day: int, review: _Review) -> Terms:
        """Money of some cells for units that arrive on `day`."""
        money = self.economics
        span = self.review_weeks + round(review.usual / WEEK_DAYS)
        windows = self.demand.horizon_days // (WEEK_DAYS * span) + 2
        reviews = range(1 if money.next_plans.steady else windows)
        costs = [self._landed(rows, review, span * each) for each in reviews]
        return Terms(
            benefit=money.benefit[rows],
            next_cost=costs[0],
            exit_cost=money.exit_cost[rows],
            holding=money.holding[rows],
            closing=money.closing[rows],
            closing_lead=closing_over_days(money.closing[rows], day),
            review_weeks=self.review_weeks,
            span_weeks=span,
            later_costs=tuple(costs[1:]),
            lying=self._lying(rows, review, span, reviews),
        )

    def _lying(self, rows: Ints, review: _Review, span: int, reviews: range) -> tuple[Floats, ...]:
        """What a unit kept at each review pays for storage until the one after it."""
        plans = self.economics.next_plans
        if plans.ahead is None or not plans.ahead.stores:
            return ()
        ends = [review.plan + span * each // self.review_weeks for each in (*reviews, len(reviews))]
        runs = itertools.pairwise(ends)
        return tuple(plans.lying(rows, first, last - first) for first, last in runs)

    def _landed(self, rows: Ints, review: _Review, weeks: int) -> Floats:
        """Landed cost of a unit at the review that many weeks after the first."""
        plan = review.plan + weeks // self.review_weeks
        return self.economics.next_plans.landed(rows, np.full(len(rows), plan, dtype=np.int64))

    def _valued(
        self,
        rows: Ints,
        paths: _Paths,
        terms: Terms,
        units: Ints,
        ranks: Ints,
        weeks: int,
    ) -> Iterator[UnitValues]:
        """Value cells, in blocks with similar numbers of ranks."""
        steps = np.asarray(RANK_STEPS)
        block = -(-np.maximum(ranks, 1) // MOST_RANKS)
        step = steps[np.searchsorted(steps, -(-np.maximum(ranks, 1) // block))]
        wanted = units > 0
        for size, width in sorted(set(zip(block[wanted], step[wanted], strict=True))):
            mine = np.flatnonzero(wanted & (block == size) & (step == width))
            table = SMALL_TABLE if self._compiled(size) else BLOCK_TABLE
            most = max(1, table // int(width) ** 2)
            for start in range(0, len(mine), most):
                part = mine[start : start + most]
                yield self._value_block(
                    rows[part],
                    paths.rows(part),
                    terms.rows(part),
                    units[part],
                    (int(width), int(size)),
                    weeks,
                )

    def _compiled(self, block: int) -> bool:
        """Tell whether cells with so many units a rank are valued in compiled loops."""
        return len(self.cells) > FEW_CELLS and block == 1

    def _value_block(
        self,
        rows: Ints,
        paths: _Paths,
        terms: Terms,
        units: Ints,
        scale: tuple[int, int],
        weeks: int,
    ) -> UnitValues:
        """Value one block: probability, benefit and unsold worth of each unit (equation 16)."""
        if self._compiled(scale[1]):
            return self._value_compiled(rows, paths, terms, units, scale[0], weeks)
        most = int(units.max())
        probability = _at_least(paths.need, most)
        unsold = self._unsold(rows, paths, terms, most, scale, weeks)
        benefit = _benefit(paths, terms, probability, weeks)
        held = terms.holding[:, None] * paths.weeks
        benefit = terms.on_arrival(benefit)
        kept = terms.on_arrival(unsold - held)
        value = probability * benefit + (1.0 - probability) * kept
        inside = np.arange(1, most + 1)[None, :] <= units[:, None]
        usual_held = terms.holding[:, None] * self.review_weeks
        cell, unit = np.nonzero(inside)
        return UnitValues(
            cell=rows[cell],
            unit=unit + 1,
            value=value[inside],
            probability=probability[inside],
            benefit=benefit[inside],
            unsold=(kept + usual_held)[inside],
        )

    def _value_compiled(
        self, rows: Ints, paths: _Paths, terms: Terms, units: Ints, ranks: int, weeks: int
    ) -> UnitValues:
        """Value one block in compiled loops, to the bit."""
        from foreship_optimize.valuation.unit_worth.compiled_worth import (
            FirstWindow,
            Reviews,
            values_of_units,
        )

        first_week = paths.review_day // WEEK_DAYS
        windows = windows_after(paths.weekly.shape[1], first_week, terms.span_weeks)
        last_day = self.cells.windows.end_after(rows, paths.day)
        reviews = Reviews(
            _closed(last_day, terms, windows, paths.review_day),
            _windows_to_end(last_day, terms, windows, paths.review_day),
        )
        marks = np.stack(paths.marks) if paths.marks else np.empty((0, *paths.need.shape), int)
        need, left, weekly = map(np.ascontiguousarray, (paths.need, paths.left, paths.weekly))
        window = FirstWindow(need, left, marks, weekly, first_week, weeks, paths.weeks)
        found = values_of_units(window, terms, units, ranks, reviews)
        cell = np.repeat(rows, units)
        unit = np.arange(len(cell)) - np.repeat(np.cumsum(units) - units, units) + 1
        value, chance, benefit, unsold = np.ascontiguousarray(found.T)
        return UnitValues(cell, unit, value, chance, benefit, unsold)

    def _unsold(
        self,
        rows: Ints,
        paths: _Paths,
        terms: Terms,
        units: int,
        scale: tuple[int, int],
        weeks: int,
    ) -> Floats:
        """Mean worth r_k of unsold units at their first review, (B, units)."""
        ranks, block = scale
        first_week = paths.review_day // WEEK_DAYS
        histograms = histograms_of_paths(paths.weekly, first_week, terms.span_weeks, ALL_UNITS)
        need, left = paths.need, paths.left
        mean_week = paths.weekly.mean(axis=(1, 2)) / block
        if block > 1:
            shift = self.demand.block_shift(rows)[:, self.demand.path_order]
            need, left = _in_blocks(need, block, shift), _in_blocks(left, block, shift)
            histograms = PathHistograms(
                _in_blocks(histograms.windows, block, shift[:, None, :]),
                _in_blocks(histograms.early, block, shift[:, None, None, :]),
                ranks,
            )
        histograms = PathHistograms(
            np.minimum(histograms.windows, ranks), np.minimum(histograms.early, ranks), ranks
        )
        last_day = self.cells.windows.end_after(rows, paths.day)
        closed = _closed(last_day, terms, histograms.count, paths.review_day)
        ends = _windows_to_end(last_day, terms, histograms.count, paths.review_day)
        outcome = later_outcome(histograms, terms, closed, ends)
        clipped = np.minimum(need, ranks)
        joint = counted(clipped, histograms.windows[:, 0], ranks)
        waits = waits_if_stayed(clipped, histograms, 0)
        worth = worth_if_stayed(joint, outcome, terms, weeks, closed[:, 0], waits)
        coarse = first_unsold_worth(need, left, worth, terms, mean_week, -(-units // block))
        return coarse if block == 1 else _spread(coarse, units, block)


def _wanted_ahead(paths: _Paths) -> Ints:
    """Most units that a path wants over the horizon, (B,): as many ranks may be needed.

    Up to them a unit is not weighed by a mean week: behind much stock it may be there for a peak.
    Beyond the ranks valued one by one only where so much lies there on every path.
    """
    wanted = paths.weekly.sum(axis=1, dtype=paths.weekly.dtype).max(axis=1)
    deep = paths.left.min(axis=1) >= MOST_RANKS
    return np.asarray(np.where(deep, wanted, np.minimum(wanted, MOST_RANKS)))


def _closed(last_day: Ints, terms: Terms, windows: int, first: int) -> Bools:
    """Cells whose assortment is over by review t = 1..T + 1, the first on that day."""
    reviews = first + WEEK_DAYS * terms.span_weeks * np.arange(windows + 1)
    return np.asarray(reviews[None, :] > last_day[:, None])


def _windows_to_end(last_day: Ints, terms: Terms, windows: int, first: int) -> Ints:
    """Windows from review T + 1 to the first one at which the cell is over, shape (B,)."""
    span = WEEK_DAYS * terms.span_weeks
    days = last_day - (first + span * windows)
    return np.clip(days // span + 1, 0, FOR_EVER)


def _first_unit_bound(chance: Floats, terms: Terms, weeks: int) -> Floats:
    """Upper bound on the first unit's value: bought as often as any, kept at the best price.

    Parameters
    ----------
    chance
        That any unit is bought in the window, shape (B,).
    weeks
        Week-ends of the window.
    """
    kept = worth_at_review(terms.sale_after(weeks), terms, weeks) - terms.holding * weeks
    outcome = chance * terms.sale_after(weeks) + (1.0 - chance) * kept
    return np.asarray(terms.on_arrival(outcome[:, None])[:, 0])


def _at_least(counts: Ints, units: int) -> Floats:
    """P(count >= k) for k = 1..units, equation 3, shape (B, units)."""
    cells, scenarios = counts.shape
    index = np.arange(cells)[:, None] * (units + 1) + np.minimum(counts, units)
    table = np.bincount(index.ravel(), minlength=cells * (units + 1)).reshape(cells, units + 1)
    return np.asarray(table[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:] / scenarios)


def _benefit(paths: _Paths, terms: Terms, probability: Floats, weeks: int) -> Floats:
    """Equation 13: b less the cost of the week-ends that a sold unit has lain through."""
    cells, units = probability.shape
    benefit = np.repeat(terms.sale_after(weeks)[:, None], units, axis=1)
    sold = probability > 0.0
    for mark in paths.marks:
        waited = probability - _at_least(mark, units)
        share = np.divide(waited, probability, out=np.zeros((cells, units)), where=sold)
        benefit = benefit - terms.waiting[:, None] * share
    return benefit


def _in_blocks(units: Ints, block: int, shift: Floats) -> Ints:
    """Count demand in blocks of g units: floor(D / g + u), which keeps the mean (equation 19)."""
    return np.floor(units / block + shift).astype(np.int64)


def _spread(coarse: Floats, units: int, block: int) -> Floats:
    """Interpolate the values of single units between the centres of the blocks."""
    centres = np.arange(coarse.shape[1]) * block + (block + 1) / 2.0
    unit = np.arange(1, units + 1)
    return np.stack([np.interp(unit, centres, row) for row in coarse])
