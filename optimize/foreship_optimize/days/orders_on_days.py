"""Equation 1 of docs/value.md: which part of a week's demand falls before a day.

Every order of a week falls on a day by itself. What decides is random, but comes from the demand
itself: names of cells and of scenarios have no say in it, nor have other cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Final

import numpy as np

from foreship_foundation.arrays import Days, Floats, Hashes, Ints
from foreship_foundation.paths.path_units import LaidUnits, PathUnits, Units, changed, path_units
from foreship_optimize.arrays import parts, shortest
from foreship_optimize.compiled import FEW_CELLS
from foreship_optimize.days.falling import GOLDEN, MOST_ORDERS, binomial_laws, mixed, uniform_of
from foreship_optimize.days.falling_arrays import count_before
from foreship_optimize.days.order_sizes import sizes_shown

__all__ = ["DaysOfCells", "OrdersOnDays", "order_by_content"]

WEEK_DAYS: Final = 7
BLOCK_PATHS: Final = 100_000
"""Cells x scenarios hashed or sorted at a time: bounds memory, never changes the answer."""
COUNTS: Final = np.int32
"""of demand until a day: `MOST_IN_CELL` units a week for as many weeks as there may be"""
HIGH_HALF: Final = np.uint64(0xFFFFFFFF00000000)
STEPS: Final = np.sqrt([2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37]) % 1.0
"""By week, in turn: multiples of each are even modulo 1, and those of two weeks jointly so."""


class OrdersOnDays:
    """Deals the orders of every cell, week and path to the days of the week.

    Parameters
    ----------
    units
        Weekly demand, shape (C, H, S), however it is kept.
    sizes
        Units of a usual order as known from order history, shape (C,); the paths may show more.
    named
        Whether the paths stand in the order of names that somebody gave them.
    """

    def __init__(
        self, units: Units | PathUnits, sizes: Floats | None, *, named: bool = False
    ) -> None:
        self._units, self._known, self.named = path_units(units), sizes, named

    @property
    def scenarios(self) -> int:
        """Number of paths S."""
        return int(self._units.shape[2])

    @cached_property
    def sizes(self) -> Floats:
        """Units of a usual order of each cell, at least 1, shape (C,)."""
        shown = sizes_shown(self._units)
        return shown if self._known is None else np.maximum(shown, self._known)

    @cached_property
    def path_order(self) -> Ints:
        """Paths in an order in which their names have no say, shape (S,)."""
        return order_by_content(self._units) if self.named else np.arange(self.scenarios)

    @cached_property
    def _dealing(self) -> tuple[Hashes, Ints]:
        """Key of each cell, (C,), and its paths in the order in which they are dealt to, (C, S).

        Paths that are alike in a cell stand together, so that they are dealt evenly spread days.
        """
        cells, _, scenarios = self._units.shape
        keys = _told_apart(_keys_of_cells(self._units))
        order = np.empty((cells, scenarios), np.min_scalar_type(scenarios - 1))
        place = np.empty(scenarios, dtype=np.uint64)
        place[self.path_order] = mixed(np.arange(1, scenarios + 1, dtype=np.uint64) * GOLDEN)
        for rows, units in _blocks(self._units):
            alike = mixed(_hashes_of_paths(units) ^ keys[rows, None])
            apart = mixed(place ^ keys[rows, None]) >> np.uint64(32)
            order[rows] = np.argsort((alike & HIGH_HALF) | apart, axis=1)
        return keys, order

    def of_cells(self, cells: Ints) -> OrdersOnDays:
        """Deal the orders of some cells alone, to the days that they are dealt to here."""
        mine = OrdersOnDays(shortest(self._units.of(cells)), None, named=self.named)
        mine.sizes, mine.path_order = self.sizes[cells], self.path_order
        if self.scenarios > 1:
            keys, order = self._dealing
            mine._dealing = keys[cells], order[cells]
        return mine

    def laid_out(self, cells: Ints, skip: int) -> PathUnits:
        """Units of some cells, 0 where the cell is -1, the first weeks left out."""
        return LaidUnits(self._units, cells, skip)

    def before(self, cells: Ints, week: int, monday: np.datetime64, days: int) -> Ints:
        """Units of a week that fall on its first days, 1 .. 6 of them, shape (len(cells), S).

        Parameters
        ----------
        cells
            Rows of the demand.
        week
            Position of the week.
        monday
            Its date, which tells weeks apart.
        """
        wanted = self._units.of(cells, slice(week, week + 1))[:, 0].astype(np.int64)
        if wanted.shape[1] == 1:
            return self._evenly(wanted, self.sizes[cells, None], days)
        keys, order = self._dealing
        number = int(monday.astype("datetime64[D]").astype(np.int64)) // WEEK_DAYS
        key = mixed(keys[cells] + np.uint64((number + 1) * int(GOLDEN) % 2**64))
        step = float(STEPS[number % len(STEPS)])
        places, sizes = order[cells].astype(np.int64), self.sizes[cells]
        return count_before(wanted, places, key, sizes, days, step)

    def until(self, cells: Ints, weeks: Days, skip: int, days: Ints) -> Units:
        """Demand until the start of some days, shape (len(cells), D, S).

        Parameters
        ----------
        cells
            Rows of the demand.
        weeks
            Mondays of the weeks that count, (H,).
        skip
            Weeks left out before them.
        days
            From the first of these Mondays on, ascending, none beyond their last week, (D,).
        """
        if self.scenarios > 1 and self._units.shape[0] > FEW_CELLS:
            return self._until_compiled(cells, weeks, skip, days)
        found = np.zeros((len(cells), len(days), self.scenarios), dtype=COUNTS)
        for place, day in enumerate(days.tolist()):
            whole, rest = divmod(day, WEEK_DAYS)
            units = self._units.of(cells, slice(skip, skip + whole))
            found[:, place] = units.sum(axis=1, dtype=np.int64)
            if rest:
                found[:, place] += self.before(cells, skip + whole, weeks[whole], rest)
        return found

    def _until_compiled(self, cells: Ints, weeks: Days, skip: int, days: Ints) -> Units:
        from foreship_optimize.days.until_loops import add_until

        keys, order = self._dealing
        count = -(-int(days.max(initial=0)) // WEEK_DAYS)
        units = np.ascontiguousarray(self._units.of(cells, slice(skip, skip + count)))
        number = weeks[:count].astype("datetime64[D]").astype(np.int64) // WEEK_DAYS
        turn = np.array([(n + 1) * int(GOLDEN) % 2**64 for n in number.tolist()], dtype=np.uint64)
        found = np.empty((len(cells), len(days), self.scenarios), dtype=COUNTS)
        add_until(
            units, order[cells], keys[cells], self.sizes[cells], np.asarray(days, dtype=np.int64),
            turn, STEPS[number % len(STEPS)], binomial_laws(), found,
        )  # fmt: skip
        return found

    def taking_part(self, share: Floats, monday: np.datetime64) -> PathUnits:
        """Units of the orders that take part, each with the chance of its cell, (C, H, S).

        Parameters
        ----------
        share
            Chance of each order of a cell, in [0, 1], shape (C,).
        monday
            Date of the first week.
        """
        from foreship_optimize.days.taking_part_loops import deal_orders

        if self.scenarios == 1:
            return changed(self._units, partial(self._evenly_taking, share))
        keys, order = self._dealing
        first = int(monday.astype("datetime64[D]").astype(np.int64)) // WEEK_DAYS

        def dealt(cells: Ints, units: Units) -> Units:
            part, places, sizes = np.empty_like(units), order[cells].astype(np.int64), self.sizes
            for week in range(units.shape[1]):
                # another number than the one that deals the week's days
                number = first + week
                key = mixed(~keys[cells] + np.uint64((number + 1) * int(GOLDEN) % 2**64))
                step = float(STEPS[(number + 1) % len(STEPS)])
                deal_orders(
                    np.ascontiguousarray(units[:, week]),
                    places, key, sizes[cells], share[cells], step, part[:, week],
                )  # fmt: skip
            return part

        return changed(self._units, dealt)

    def _evenly_taking(self, share: Floats, cells: Ints, units: Units) -> Units:
        """Let orders of a single, certain path take part as evenly as whole ones can."""
        wanted = units[:, :, 0].astype(np.int64)
        orders = np.rint(wanted / self.sizes[cells, None]).astype(np.int64)
        orders = np.minimum(np.clip(orders, 1, MOST_ORDERS), wanted)
        taken = np.floor(np.cumsum(orders, axis=1) * share[cells, None] + 0.5).astype(np.int64)
        taken = np.diff(taken, axis=1, prepend=0)
        usual, larger = np.divmod(wanted, np.maximum(orders, 1))
        more = np.rint(taken * larger / np.maximum(orders, 1)).astype(np.int64)
        return np.asarray((taken * usual + more)[:, :, None])

    @staticmethod
    def _evenly(wanted: Ints, size: Floats, days: int) -> Ints:
        """Spread the orders of a single, certain path over the week as evenly as whole ones can."""
        orders = np.clip(np.rint(wanted / size).astype(np.int64), 1, MOST_ORDERS)
        orders = np.maximum(np.minimum(orders, wanted), 1)
        usual, larger = np.divmod(wanted, orders)
        whole, rest = (_rounded_share(each, days) for each in (orders - larger, larger))
        return np.asarray(whole * usual + rest * (usual + 1))

    def shift(self, cells: Ints) -> Floats:
        """Evenly spread numbers in [0, 1) of a cell and path, for demand counted in blocks."""
        if self.scenarios == 1:
            return np.full((len(cells), 1), 0.5)
        start = uniform_of(mixed(self._dealing[0][cells] + GOLDEN))
        return self._spread(cells, start, np.zeros(len(cells), dtype=np.int64))

    def spread(self, cells: Ints, content: Hashes, turn: Units) -> Floats:
        """Evenly spread numbers in [0, 1) of a cell and path, others for another `content`.

        Parameters
        ----------
        cells, content, turn
            Rows of the demand, what tells numbers of one cell apart, and their order in it: those
            of two turns are jointly even. Shape (B,) each.
        """
        if self.scenarios == 1:
            return np.full((len(cells), 1), 0.5)
        start = uniform_of(mixed(mixed(content + GOLDEN) ^ self._dealing[0][cells]))
        return self._spread(cells, start, 1 + turn % (len(STEPS) - 1))

    def _spread(self, cells: Ints, start: Floats, step: Units) -> Floats:
        """Deal multiples of a step from `start` on to the paths of each cell in their order."""
        order = self._dealing[1]
        spread = (start[:, None] + np.arange(order.shape[1]) * STEPS[step][:, None]) % 1.0
        shift: Floats = np.empty_like(spread)
        np.put_along_axis(shift, order[cells].astype(np.int64), spread, axis=1)
        return shift


@dataclass(frozen=True)
class DaysOfCells:
    """The days of some cells and weeks, dealt as those of the whole demand are."""

    law: OrdersOnDays
    rows: Ints
    """row of each cell there; -1 for a cell without demand, shape (C,)"""
    skipped: int
    """weeks left out"""

    def of_cells(self, cells: Units) -> DaysOfCells:
        """Return the days of some cells, ascending, alone: nothing of any other is kept."""
        at, found = self._known(cells)
        rows = np.full(len(cells), -1, dtype=np.int64)
        rows[found] = np.arange(len(found))
        return DaysOfCells(self.law.of_cells(at), rows, self.skipped)

    @property
    def units(self) -> PathUnits:
        """Units of the cells, 0 for one without demand."""
        return self.law.laid_out(self.rows, self.skipped)

    def until(self, cells: Units, weeks: Days, days: Ints) -> Units:
        """As `OrdersOnDays.until`; 0 for a cell without demand."""
        at, found = self._known(cells)
        if len(found) == len(cells):
            return self.law.until(at, weeks, self.skipped, days)
        until = np.zeros((len(cells), len(days), self.law.scenarios), dtype=COUNTS)
        until[found] = self.law.until(at, weeks, self.skipped, days)
        return until

    def shift(self, cells: Units) -> Floats:
        """As `OrdersOnDays.shift`; 0 for a cell without demand."""
        at, found = self._known(cells)
        shift = np.zeros((len(cells), self.law.scenarios))
        shift[found] = self.law.shift(at)
        return shift

    def spread(self, cells: Units, content: Hashes, turn: Units) -> Floats:
        """As `OrdersOnDays.spread`; a half for a cell without demand."""
        at, found = self._known(cells)
        spread = np.full((len(cells), self.law.scenarios), 0.5)
        spread[found] = self.law.spread(at, content[found], turn[found])
        return spread

    def _known(self, cells: Units) -> tuple[Ints, Ints]:
        at = self.rows[cells]
        found = np.flatnonzero(at >= 0)
        return at[found], found


def order_by_content(units: Units | PathUnits) -> Ints:
    """Order of the paths by their own numbers, whatever cells and paths are called, shape (S,)."""
    kept = path_units(units)
    keys = _keys_of_cells(kept)
    total = np.zeros(kept.shape[2], dtype=np.uint64)
    for rows, some in _blocks(kept):
        found = mixed(_hashes_of_paths(some) ^ keys[rows, None])
        total += found.sum(axis=0, dtype=np.uint64)
    return np.argsort(total, kind="stable")


def _rounded_share(orders: Ints, days: int) -> Ints:
    return (2 * orders * days + WEEK_DAYS) // (2 * WEEK_DAYS)


def _blocks(units: PathUnits) -> Iterator[tuple[Ints, Units]]:
    """Yield each piece in blocks of some paths, with their cells."""
    size = max(1, BLOCK_PATHS // units.shape[2])
    for cells, piece in units.pieces():
        for some in parts(len(cells), size):
            yield cells[some], piece[some]


def _hashes_of_paths(units: Units) -> Hashes:
    """One hash a cell and path, from its weeks, shape (B, S)."""
    found = np.zeros((units.shape[0], units.shape[2]), dtype=np.uint64)
    for week in range(units.shape[1]):
        found += units[:, week].astype(np.uint64) + GOLDEN
        found = mixed(found)
    return found


def _keys_of_cells(units: PathUnits) -> Hashes:
    """One hash a cell, the same whatever the order of its paths, shape (C,)."""
    keys = np.empty(units.shape[0], dtype=np.uint64)
    for rows, some in _blocks(units):
        keys[rows] = mixed(_hashes_of_paths(some).sum(axis=1, dtype=np.uint64))
    return keys


def _told_apart(keys: Hashes) -> Hashes:
    """Give cells with the very same demand keys of their own, so that their days differ."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.searchsorted(ordered, ordered, side="left")
    number = np.empty(len(keys), dtype=np.uint64)
    number[order] = np.arange(len(keys), dtype=np.int64) - first
    return mixed(keys + number * GOLDEN)
