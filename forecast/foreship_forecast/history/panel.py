"""The panel: orders as dense cell x week matrices, with a mask of what could be observed.

A week counts as observed for a cell that is on the books, from the day its item could be ordered
in its region on, where the network was open, the week was a whole one, and the item was not sold
out. The network is closed in a week without any order that chance would seldom leave empty. Sold
out but ordered, a week is censored: at least that much was wanted. Everything else is missing,
never zero demand (docs/forecast.md, section 1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship_forecast.errors import TableFault
from foreship_forecast.history.cells import Codes, all_cells, positions
from foreship_forecast.history.distinct_buyers import enough_buyers
from foreship_forecast.history.lives import first_weeks, off_the_books
from foreship_forecast.history.lots import in_lots, lots_of_items
from foreship_forecast.history.snapshot import Snapshot
from foreship_forecast.history.sweeps import columns
from foreship_forecast.history.unusual import as_usual, unusual_notes
from foreship_forecast.history.wanted import expected_units
from foreship_forecast.history.weeks import WEEK, closures, span_of
from foreship_foundation.arrays import Bools, Days, Floats, Ids, Ints, Numbers
from foreship_foundation.orders.order_lines import order_marks
from foreship_foundation.tables.keys import combined_codes
from foreship_foundation.telling.words import number, percent, plural

__all__ = ["WEEK", "Panel", "panel_of", "what_came", "whole_panel"]


LARGEST_SHORT = np.iinfo(np.int16).max

_WHOLE: WeakKeyDictionary[Snapshot, Panel] = WeakKeyDictionary()
"""snapshot -> the latest panel of it whose every week is learned from"""


@dataclass(frozen=True)
class Panel:
    """Weekly demand of every cell before `as_of`.

    **Invariants:** cells are sorted by (region, item); `weeks` are consecutive Mondays, the last
    of them the week before `as_of` or, after a gap, the last in which the network was open; no
    week is both `known` and `censored`; `units` and `lines` are 0 where it is neither, and `units`
    at least 1 where it is censored; a cell that never sold and has no listing date is never known.
    """

    as_of: np.datetime64
    weeks: Days
    """Mondays, shape (W,)"""
    units: npt.NDArray[np.signedinteger[Any]]
    """units ordered, or lots of them, unusual weeks counted as usual peaks, shape (C, W)"""
    lines: npt.NDArray[np.integer[Any]]
    """orders they came in, shape (C, W); where orders have no id, a day counts as one"""
    known: Bools
    """True where demand could be observed, shape (C, W)"""
    censored: Bools
    """True where the cell sold out and `units` are the least that was wanted, shape (C, W)"""
    entered: Ints
    """first week in which the cell had sold or was listed, W if none, shape (C,)"""
    offered: Bools
    """True for a cell that may be stocked from `as_of` on, shape (C,)"""
    codes: Codes
    lot: Ints
    """what one stands for in `units` [units], 1 for all that is ordered by the unit, shape (C,)"""
    notes: tuple[str, ...]
    tries_before: Ints | None = None
    """weeks, 0 or 1, in which a cell that is here for its first sale alone could sell before its
    first counted one; -1 for one that is here in any case, shape (C,); None where all are"""
    learned: int = 0
    """position of the first week to learn from; older ones are read, but are no labels"""

    @property
    def shape(self) -> tuple[int, int]:
        """Cells and weeks, (C, W)."""
        rows, columns = self.units.shape
        return rows, columns

    @property
    def gap(self) -> int:
        """Weeks between the last week and `as_of`, 0 unless the orders end early."""
        return int((self.as_of - self.weeks[-1]) / WEEK) - 1

    @property
    def observed(self) -> Bools:
        """True for a cell with any fully observed or censored week, shape (C,)."""
        found: Bools = np.logical_or.reduce(self.counted(), axis=1)
        return found

    @property
    def learned_weeks(self) -> int:
        """Weeks to learn from, at most W."""
        return self.shape[1] - self.learned

    @cached_property
    def wanted(self) -> Numbers:
        """Units for histories, shape (C, W): in censored weeks what is expected of the bound.

        A sale where `units` has one. Without a censored week it is `units` itself.
        """
        if not self.censored.any():
            return self.units
        return expected_units(self.units, self.known, self.censored, self.codes.item)

    def part(self, cells: Ints) -> Panel:
        """Return some of the cells, by ascending place; regions and items keep their codes."""
        tries = None if self.tries_before is None else self.tries_before[cells]
        part = replace(
            self,
            units=self.units[cells],
            lines=self.lines[cells],
            known=self.known[cells],
            censored=self.censored[cells],
            entered=self.entered[cells],
            offered=self.offered[cells],
            codes=self.codes.part(cells),
            lot=self.lot[cells],
            tries_before=tries,
        )
        # what is expected of a bound comes from all cells of the item
        part.__dict__["wanted"] = part.units if self.wanted is self.units else self.wanted[cells]
        return part

    def recoded(self, codes: Codes) -> Panel:
        """Return the same cells under other codes."""
        panel = replace(self, codes=codes)
        # worked out of all cells already
        panel.__dict__["wanted"] = self.wanted
        return panel

    def counted(self, at: Any = ...) -> Bools:
        """Return where demand is known, or a lower limit of it.

        Histories count a censored week with what is `wanted`; labels take it as a bound.
        """
        found: Bools = self.known[at] | self.censored[at]
        return found

    def counted_by_week(self) -> Iterator[Bools]:
        """Yield `counted` week by week, shape (C,) each."""
        for known, censored in zip(columns(self.known), columns(self.censored), strict=True):
            yield known | censored

    def tries(self, counted: Ints, cells: slice = slice(None)) -> Ints:
        """Return the weeks in which cells could have sold first, 0 for those here in any case.

        Parameters
        ----------
        counted
            Counted weeks of the cells up to some origins, shape (c,) or (c, W).
        cells
            Which cells they are.
        """
        if self.tries_before is None:
            return np.zeros_like(counted)
        before = self.tries_before[cells].reshape(-1, *[1] * (counted.ndim - 1))
        return np.where(before >= 0, counted + before, 0)

    def __str__(self) -> str:
        cells, weeks = self.shape
        units = int(self.units.sum(axis=1, dtype=np.int64) @ self.lot)
        return (
            f"Panel as of {self.as_of}: {plural(cells, 'cell')} "
            f"({plural(len(self.codes.regions), 'region')} x"
            f" {plural(len(self.codes.items), 'item')}), {plural(weeks, 'week')},"
            f" {percent(self.known.mean())} observed, {plural(units, 'unit')}"
        )


def panel_of(
    snapshot: Snapshot,
    history_weeks: int,
    cells: tuple[Ids, Ids] | None = None,
    *,
    largest_order: float | None = None,
    robust: bool = True,
    lots: bool = True,
    min_customers: int = 1,
) -> Panel:
    """Lay the snapshot's orders out by cell and week.

    Parameters
    ----------
    snapshot
        What was known.
    history_weeks
        Latest whole weeks to learn from, up to the last order; older ones are only read.
    cells
        Regions and items of further cells to include, shape (N,) each.
    largest_order
        Units above which an order is left out; where it is stated, no week is taken for unusual.
    robust
        Whether unusual weeks count as usual peaks; without, they are as ordered: to judge by.
    lots
        Whether an item ordered by the dozen is counted in dozens; without, units as ordered: to
        judge by.
    min_customers
        Distinct buyers that a cell needs to be named in the notes.

    Raises
    ------
    NotEnoughHistory
        If there is no whole week with orders.
    TableFault
        If a cell's weekly units do not fit 31 bits, or orders come in a rhythm slower than weeks.
    """
    orders, notes = _up_to(snapshot.orders, largest_order)
    span = span_of(orders["date"].to_numpy().astype("datetime64[D]"), snapshot.as_of, history_weeks)
    codes, offered = all_cells(snapshot, cells)
    came, sold_before = _placed(orders, codes, span.weeks)
    closed = closures(np.bincount(came.week, minlength=len(span.weeks)), span.learned)
    end = len(closed) - int(np.logical_and.accumulate(closed[::-1]).sum())
    weeks, closed, partial, shape = (
        span.weeks[:end],
        closed[:end],
        span.partial[:end],
        (len(offered), end),
    )
    notes += [*span.notes, *_empty_notes(weeks, came.week, closed, snapshot.as_of)]
    ordered, lines = came.units(shape), came.orders_a_week(weeks[0], shape)
    del orders, came
    lot = np.ones(len(offered), dtype=np.int64)
    if lots:
        lot = lots_of_items(ordered, lines, codes.item)[codes.item]
        ordered = in_lots(ordered, lot)
    units = ordered
    if robust and largest_order is None:
        units, unusual = as_usual(ordered, codes)
        named = enough_buyers(codes, snapshot.buyers, min_customers)
        notes += unusual_notes(ordered, units, lot, unusual, codes, weeks, named)
        del unusual
    # of a million cells each matrix counts: none is kept beside the one that takes its place
    del ordered
    entered, orderable, tries = first_weeks(snapshot, codes, weeks, units, sold_before)
    known = (~closed & ~partial) & (np.arange(end) >= orderable[:, None])
    known &= ~off_the_books(snapshot, codes, weeks, units, sold_before)
    out = known & _sold_out(snapshot, codes, weeks, known.shape)
    known &= ~out
    censored = out & (units > 0)
    notes += _sold_out_notes(out, censored)
    if not offered.any():
        notes.append(f"No cell may be stocked from {snapshot.as_of.date()} on: assortment is over.")
    unseen = ~(known | censored)
    units[unseen], lines[unseen] = 0, 0
    del unseen, out
    panel = Panel(
        as_of=snapshot.as_of.to_datetime64().astype("datetime64[D]"),
        weeks=weeks,
        # most weeks fit two bytes; signed, for differences are taken
        units=units.astype(np.int16) if units.max(initial=0) <= LARGEST_SHORT else units,
        lines=lines,
        known=known,
        censored=censored,
        entered=entered,
        offered=offered,
        codes=codes,
        lot=lot,
        tries_before=tries,
        learned=span.learned,
        notes=tuple(notes),
    )
    if cells is None and largest_order is None and robust and lots and not span.learned:
        _WHOLE[snapshot] = panel
    return panel


def whole_panel(snapshot: Snapshot, history_weeks: int) -> Panel:
    """Return a panel that learns from at least so many weeks, or all: one laid out, if there is.

    One that learns from all its weeks is the same for any longer history, but for its notes.
    """
    held = _WHOLE.get(snapshot)
    return panel_of(snapshot, history_weeks) if held is None else held


def _up_to(orders: pd.DataFrame, largest: float | None) -> tuple[pd.DataFrame, list[str]]:
    """Leave out orders of more units than the planner wants to learn from."""
    large = orders["quantity"].to_numpy() > (np.inf if largest is None else largest)
    if not large.any():
        return orders, []
    said = (
        f"{plural(int(large.sum()), 'order line')} left out, beyond forecast.largest_order "
        f"({number(largest or 0.0)})."
    )
    return orders[~large].reset_index(drop=True), [said]


def _empty_notes(weeks: Days, week: Ints, closed: Bools, as_of: pd.Timestamp) -> list[str]:
    """Say how weeks without an order are taken, and how old the newest one is."""
    empty = np.bincount(week, minlength=len(weeks)) == 0
    zeros, masked = int((empty & ~closed).sum()), weeks[closed]
    notes = []
    if zeros:
        notes.append(
            f"No order anywhere in {plural(zeros, 'week')}, as may happen at the usual"
            " rate: taken as weeks without demand."
        )
    if len(masked):
        named = ", ".join(map(str, masked[:6])) + (", .." if len(masked) > 6 else "")
        notes.append(
            f"No order anywhere in {plural(len(masked), 'week')} ({named}): masked as closed, "
            "not as zeros."
        )
    if gap := int((as_of.to_datetime64() - weeks[-1].astype("datetime64[s]")) / WEEK) - 1:
        notes.append(
            f"No order in the {plural(gap, 'week')} before {as_of.date()}, which is no accident: "
            f"predicted from what was known at the end of the week of {weeks[-1]}."
        )
    return notes


def _sold_out_notes(out: Bools, censored: Bools) -> list[str]:
    weeks, bounds = int(out.sum()), int(censored.sum())
    if not weeks:
        return []
    return [
        f"Sold out in {plural(weeks, 'week')} of cells: {bounds:,} with orders, taken as at "
        f"least that much wanted; {weeks - bounds:,} without, masked as unknown."
    ]


def what_came(panel: Panel, frame: pd.DataFrame, column: str) -> tuple[Floats, Bools]:
    """Return the units of each row's cell and week, 0 where unobserved, and whether observed."""
    cell, week = positions(panel.codes, panel.weeks, frame, column)
    seen = (cell >= 0) & (week >= 0)
    seen &= panel.known[cell, week]
    return np.where(seen, panel.units[cell, week], 0.0), seen


@dataclass(frozen=True)
class _Placed:
    """Order lines of the weeks that are read, N of them."""

    cell: Ints
    week: Ints
    lines: pd.DataFrame
    """`date, quantity` [`order_id`]; whose they are was read already"""

    def units(self, shape: tuple[int, int]) -> npt.NDArray[np.int32]:
        """Return the units ordered by cell and week."""
        quantity = self.lines["quantity"].to_numpy()
        units = np.zeros(shape, dtype=np.int32)
        np.add.at(units, (self.cell, self.week), quantity.astype(np.int32))
        if units.sum(dtype=np.int64) != quantity.sum(dtype=np.int64) or (units < 0).any():
            raise TableFault(
                [
                    "orders: quantity of one cell and week adds up beyond 2,147,483,647 units;"
                    " weekly demand of a cell should stay far below"
                ]
            )
        return units

    def orders_a_week(
        self, monday: np.datetime64, shape: tuple[int, int]
    ) -> npt.NDArray[np.unsignedinteger[Any]]:
        """Return how many orders came, however many lines they were split into.

        `monday` is that of the first week. Orders a week of a cell are few: a byte holds most.
        """
        days = (self.lines["date"].to_numpy().astype("datetime64[D]") - monday).astype(np.int64)
        # a cell's orders stand together, day by day
        cell_day, marks = self.cell * (7 * shape[1]) + days, order_marks(self.lines)
        if marks.any():
            code = combined_codes((cell_day, marks), len(cell_day))
            cell_day = cell_day[np.unique(code, return_index=True)[1]]
        cell_day.sort()
        if not marks.any():
            cell_day = cell_day[np.append(True, cell_day[1:] != cell_day[:-1])[: len(cell_day)]]
        place = cell_day // 7
        begins = np.flatnonzero(np.append(True, place[1:] != place[:-1])[: len(place)])
        count = np.diff(begins, append=len(place))
        found = np.zeros(shape[0] * shape[1], dtype=np.min_scalar_type(count.max(initial=0)))
        found[place[begins]] = count
        return found.reshape(shape)


def _placed(orders: pd.DataFrame, codes: Codes, weeks: Days) -> tuple[_Placed, Bools]:
    """Return the lines of the weeks that are read, and which cells sold before them."""
    cell, week = positions(codes, weeks, orders, "date")
    lines = orders[[name for name in ("date", "quantity", "order_id") if name in orders]]
    inside = week >= 0
    sold_before = np.zeros(len(codes.item), dtype=bool)
    sold_before[cell[~inside]] = True
    if inside.all():
        return _Placed(cell, week, lines), sold_before
    return _Placed(cell[inside], week[inside], lines[inside]), sold_before


def _sold_out(snapshot: Snapshot, codes: Codes, weeks: Days, shape: tuple[int, int]) -> Bools:
    """Return the cells and weeks in which the item was unavailable all week."""
    out = np.zeros(shape, dtype=bool)
    table = snapshot.availability
    cell, week = positions(codes, weeks, table, "week")
    there = (cell >= 0) & (week >= 0) & (table["in_stock"].to_numpy() == 0)
    out[cell[there], week[there]] = True
    return out
