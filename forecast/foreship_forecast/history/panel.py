"""The panel: orders as dense cell x week matrices, with a mask of what could be observed.

A week counts as observed for a cell that is on the books, from the day its item could be ordered
in its region on, where the network traded at all, the week was a whole one, and the item was not
sold out. Sold out but ordered, it is censored: at least that much was wanted. Everything else is
missing, never zero demand (docs/forecast.md, section 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship_forecast.errors import NotEnoughHistory, TableFault
from foreship_forecast.history.lots import in_lots, lots_of_items
from foreship_forecast.history.snapshot import Snapshot
from foreship_foundation.arrays import Bools, Days, Floats, Ids, Ints

__all__ = ["WEEK", "Codes", "Panel", "panel_of", "places", "positions", "what_came"]

WEEK = np.timedelta64(7, "D")
USUALLY_TRADED = 0.8
"""share of weeks in which a weekday must have seen orders for its absence to mean a cut week"""


@dataclass(frozen=True)
class Codes:
    """Positions of each cell's region, item, parent and category in their sorted names."""

    region: Ints
    item: Ints
    parent: Ints
    category: Ints
    regions: Ids
    items: Ids
    parents: Ids
    categories: Ids

    def names(self) -> tuple[Ids, Ids]:
        """Return each cell's region and item, shape (C,) each."""
        return self.regions[self.region], self.items[self.item]


@dataclass(frozen=True)
class Panel:
    """Weekly demand of every cell before `as_of`.

    **Invariants:** cells are sorted by (region, item); `weeks` are consecutive Mondays that end
    the week before `as_of`; no week is both `known` and `censored`; `units` and `lines` are 0
    where it is neither, and `units` at least 1 where it is censored; a cell that never sold and
    has no listing date is never known.
    """

    as_of: np.datetime64
    weeks: Days
    """Mondays, shape (W,)"""
    units: npt.NDArray[np.int32]
    """units ordered, or lots of them, shape (C, W)"""
    lines: npt.NDArray[np.int32]
    """order lines they came in, shape (C, W)"""
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

    @property
    def shape(self) -> tuple[int, int]:
        """Cells and weeks, (C, W)."""
        rows, columns = self.units.shape
        return rows, columns

    @property
    def observed(self) -> Bools:
        """True for a cell with any fully observed or censored week, shape (C,)."""
        found: Bools = np.logical_or.reduce(self.counted(), axis=1)
        return found

    def counted(self, at: Any = ...) -> Bools:
        """Return where demand is known, or a lower limit of it.

        Histories count a censored week with what was ordered; labels take it as a bound.
        """
        found: Bools = self.known[at] | self.censored[at]
        return found

    def __str__(self) -> str:
        cells, weeks = self.shape
        units = int(self.units.sum(axis=1, dtype=np.int64) @ self.lot)
        return (
            f"Panel as of {self.as_of}: {cells:,} cells ({len(self.codes.regions):,} regions x"
            f" {len(self.codes.items):,} items), {weeks} weeks,"
            f" {self.known.mean():.0%} observed, {units:,} units"
        )


def panel_of(
    snapshot: Snapshot,
    history_weeks: int,
    cells: tuple[Ids, Ids] | None = None,
    *,
    lots: bool = True,
) -> Panel:
    """Lay the snapshot's orders out by cell and week.

    Parameters
    ----------
    snapshot
        What was known.
    history_weeks
        Latest whole weeks to keep.
    cells
        Regions and items of further cells to include, shape (N,) each.
    lots
        Whether an item ordered by the dozen is counted in dozens; without, units as ordered: to
        judge by.

    Raises
    ------
    NotEnoughHistory
        If there is no whole week with orders.
    TableFault
        If a cell's weekly units do not fit 31 bits.
    """
    weeks, partial, notes = _whole_weeks(snapshot, history_weeks)
    codes, offered = _codes(snapshot, cells)
    orders = snapshot.orders
    cell, week = positions(codes, weeks, orders, "date")
    inside = week >= 0
    cell, week, shape = cell[inside], week[inside], (len(offered), len(weeks))
    units = _summed(cell, week, orders["quantity"].to_numpy()[inside], shape)
    lines = _summed(cell, week, np.ones(len(cell), dtype=np.int64), shape)
    lot = np.ones(len(offered), dtype=np.int64)
    if lots:
        lot = lots_of_items(units, lines, codes.item)[codes.item]
        units = in_lots(units, lot)
    if not inside.all():
        notes.append(
            f"{int((~inside).sum()):,} order lines before {weeks[0]} are not learned from."
        )
    traded = np.bincount(week, minlength=len(weeks)) > 0
    notes += _closed_notes(weeks, traded)
    entered, orderable = _first_weeks(snapshot, codes, weeks, units)
    known = (traded & ~partial) & (np.arange(len(weeks)) >= orderable[:, None])
    out = known & _sold_out(snapshot, codes, weeks, known.shape)
    known &= ~out
    censored = out & (units > 0)
    notes += _sold_out_notes(out, censored)
    units[~(known | censored)] = 0
    lines[~(known | censored)] = 0
    return Panel(
        as_of=snapshot.as_of.to_datetime64().astype("datetime64[D]"),
        weeks=weeks,
        units=units,
        lines=lines,
        known=known,
        censored=censored,
        entered=entered,
        offered=offered,
        codes=codes,
        lot=lot,
        notes=tuple(notes),
    )


def _whole_weeks(snapshot: Snapshot, history_weeks: int) -> tuple[Days, Bools, list[str]]:
    """Return the Mondays to keep, which weeks were cut short, and notes on both ends."""
    dates = snapshot.orders["date"].to_numpy().astype("datetime64[D]")
    as_of = snapshot.as_of.to_datetime64().astype("datetime64[D]")
    if not len(dates):
        raise NotEnoughHistory(f"there is no order before {as_of}; the forecast learns from orders")
    notes = []
    earliest, latest = dates.min(), dates.max()
    first, last = _monday(np.array([earliest, latest]))
    if earliest != first:
        notes.append(f"The first week ({first}) starts with {earliest}: left out as partial.")
        first = first + WEEK
    first = max(first, as_of - history_weeks * WEEK)
    weeks = np.arange(first, as_of, WEEK)
    if not len(weeks) or not (dates >= first).any():
        raise NotEnoughHistory(
            f"there is no whole week of orders before {as_of}; orders from {earliest}"
            f" to {latest} are there"
        )
    partial = np.zeros(len(weeks), dtype=bool)
    if missing := _missing_days(dates):
        partial[weeks == last] = True
        notes.append(
            f"The last week with orders ({last}) ends with {latest}, though"
            f" {missing} usually trades: not learned from."
        )
    return weeks, partial, notes


def _missing_days(dates: Days) -> str:
    """Name the weekdays after the last order on which the network usually trades."""
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    days = np.unique(dates)
    mondays = _monday(days)
    before = mondays < mondays.max()
    weeks = len(np.unique(mondays[before]))
    if weeks < 4:
        return ""
    weekday = (days - mondays).astype(np.int64)
    share = np.bincount(weekday[before], minlength=7) / weeks
    late = [day for day in range(weekday[-1] + 1, 7) if share[day] >= USUALLY_TRADED]
    return " and ".join(names[day] for day in late)


def _monday(days: Days) -> Days:
    # 1970-01-01 was a Thursday, three days after its Monday
    return days - (days.astype("datetime64[D]").astype(np.int64) + 3) % 7


def _closed_notes(weeks: Days, traded: Bools) -> list[str]:
    closed = weeks[~traded]
    if not len(closed):
        return []
    named = ", ".join(map(str, closed[:6])) + (", .." if len(closed) > 6 else "")
    return [
        f"No order anywhere in {len(closed)} week(s) ({named}): masked as closed, not as zeros."
    ]


def _sold_out_notes(out: Bools, censored: Bools) -> list[str]:
    weeks, bounds = int(out.sum()), int(censored.sum())
    if not weeks:
        return []
    return [
        f"Sold out in {weeks:,} weeks of cells: {bounds:,} with orders, taken as at least that"
        f" much wanted; {weeks - bounds:,} without, masked as unknown."
    ]


def _codes(snapshot: Snapshot, extra: tuple[Ids, Ids] | None) -> tuple[Codes, Bools]:
    """Gather every cell, in canonical order, and which of them may be stocked."""
    assortment, orders = snapshot.assortment, snapshot.orders
    history = _pairs(orders["region"], orders["item"])
    open_now = _pairs(*_listed_now(snapshot)) if len(assortment) else _in_stock_cells(snapshot)
    more = _pairs(*extra) if extra is not None else history[:0]
    offered_pairs = [open_now, more] if len(assortment) else [history, open_now, more]
    pairs = pd.concat([history, *offered_pairs], ignore_index=True)
    region_code, regions = _sorted_codes(pairs["region"])
    item_code, items = _sorted_codes(pairs["item"])
    key = region_code * len(items) + item_code
    cells = np.unique(key)
    offered = np.isin(cells, key[len(history) :])
    region, item = np.divmod(cells, len(items))
    parent_of, parents = _groups(regions, snapshot.regions, "region", "parent")
    category_of, categories = _groups(items, snapshot.items, "item", "category")
    codes = Codes(
        region, item, parent_of[region], category_of[item], regions, items, parents, categories
    )
    return codes, offered


def _pairs(region: object, item: object) -> pd.DataFrame:
    frame = pd.DataFrame({"region": np.asarray(region, object), "item": np.asarray(item, object)})
    return frame.drop_duplicates(ignore_index=True)


def _listed_now(snapshot: Snapshot) -> tuple[Ids, Ids]:
    """Return the cells of the assortment that are not over by `as_of`."""
    assortment = snapshot.assortment
    ended = assortment["to"].to_numpy() < snapshot.as_of.to_datetime64()
    there = assortment[~ended]
    return there["region"].to_numpy(dtype=object), there["item"].to_numpy(dtype=object)


def _in_stock_cells(snapshot: Snapshot) -> pd.DataFrame:
    """Return the cells with units on hand; a location that is no region is a hub."""
    stock = snapshot.stock[snapshot.stock["quantity"].to_numpy() > 0]
    known = snapshot.regions if len(snapshot.regions) else snapshot.orders
    here = stock["location"].isin(known["region"]).to_numpy()
    return _pairs(stock["location"][here], stock["item"][here])


def _sorted_codes(values: pd.Series) -> tuple[Ints, Ids]:
    code, distinct = pd.factorize(values.to_numpy(dtype=object))
    names = np.array([*distinct], dtype=object)
    order = np.argsort(names)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[code], names[order]


def _groups(names: Ids, table: pd.DataFrame, key: str, group: str) -> tuple[Ints, Ids]:
    """Return the group of each name and the groups' names; names without one share ''."""
    own = pd.Series(table[group].to_numpy(dtype=object), index=table[key].to_numpy(dtype=object))
    own = own[~own.index.duplicated()]
    return _sorted_codes(pd.Series(own.reindex(names).fillna("").to_numpy(dtype=object)))


def places(names: Ids, values: pd.Series | Ids) -> Ints:
    """Return where each value stands among distinct names, -1 where it is none of them."""
    found: Ints = pd.Index(names).get_indexer(pd.Index(values))
    return found


def positions(codes: Codes, weeks: Days, frame: pd.DataFrame, column: str) -> tuple[Ints, Ints]:
    """Return each row's cell (-1 if none) and week (-1 outside the history)."""
    region = places(codes.regions, frame["region"])
    item = places(codes.items, frame["item"])
    own = codes.region * len(codes.items) + codes.item
    key = np.where((region < 0) | (item < 0), -1, region * len(codes.items) + item)
    cell = np.minimum(np.searchsorted(own, key), len(own) - 1)
    cell = np.where(own[cell] == key, cell, -1)
    day = frame[column].to_numpy().astype("datetime64[D]")
    week = (day - weeks[0]).astype(np.int64) // 7
    return cell, np.where((week >= 0) & (week < len(weeks)), week, -1)


def what_came(panel: Panel, frame: pd.DataFrame, column: str) -> tuple[Floats, Bools]:
    """Return the units of each row's cell and week, 0 where unobserved, and whether observed."""
    cell, week = positions(panel.codes, panel.weeks, frame, column)
    seen = (cell >= 0) & (week >= 0)
    seen &= panel.known[cell, week]
    return np.where(seen, panel.units[cell, week], 0.0), seen


def _summed(
    cell: Ints, week: Ints, quantity: Ints, shape: tuple[int, int]
) -> npt.NDArray[np.int32]:
    units = np.zeros(shape, dtype=np.int32)
    np.add.at(units, (cell, week), quantity.astype(np.int32))
    if units.sum(dtype=np.int64) != quantity.sum(dtype=np.int64) or (units < 0).any():
        raise TableFault(
            [
                "orders: quantity of one cell and week adds up beyond 2,147,483,647 units;"
                " weekly demand of a cell should stay far below"
            ]
        )
    return units


def _first_weeks(
    snapshot: Snapshot, codes: Codes, weeks: Days, units: npt.NDArray[np.int32]
) -> tuple[Ints, Ints]:
    """Return each cell's first week on the books, and first week it could be ordered, (C,).

    A cell enters with its first sale or in the first whole week after its listing: the later of
    the item's launch and the cell's own `assortment.from`. Without a listing date, a cell that
    sold could be ordered since its item first sold anywhere and its region first bought anything:
    starting it at its own first sale would overstate every slow cell (docs/forecast.md, 1).
    """
    horizon = len(weeks)
    sold = units > 0
    first_sale = np.where(sold.any(axis=1), sold.argmax(axis=1), horizon)
    listing = np.fmax(_launches(snapshot, codes), _listings(snapshot, codes))
    whole = -((weeks[0] - listing).astype(np.int64) // 7)
    listed = np.where(np.isnat(listing), horizon, np.clip(whole, 0, horizon))
    entered = np.minimum(first_sale, listed)
    trading = np.maximum(
        _earliest(first_sale, codes.item, horizon), _earliest(first_sale, codes.region, horizon)
    )
    unlisted = np.isnat(listing) & (first_sale < horizon)
    return entered, np.where(unlisted, np.minimum(trading, first_sale), entered)


def _earliest(week: Ints, code: Ints, none: int) -> Ints:
    """Return for each cell the earliest week of all cells with its code."""
    first = np.full(int(code.max()) + 1, none)
    np.minimum.at(first, code, week)
    return first[code]


def _launches(snapshot: Snapshot, codes: Codes) -> Days:
    items = snapshot.items
    own = pd.Series(items["launch_date"].to_numpy(), index=items["item"].to_numpy(dtype=object))
    own = own[~own.index.duplicated()]
    return own.reindex(codes.items).to_numpy().astype("datetime64[D]")[codes.item]


def _listings(snapshot: Snapshot, codes: Codes) -> Days:
    """Return the first day each cell was in the assortment, NaT where that is not said."""
    table = snapshot.assortment
    listed = np.full(len(codes.region), np.datetime64("NaT", "D"))
    if len(table):
        cell, _ = positions(codes, np.array(["1970-01-05"], dtype="datetime64[D]"), table, "from")
        first = table["from"].to_numpy().astype("datetime64[D]")
        listed[cell[cell >= 0]] = np.datetime64("2262-01-01", "D")
        # of several windows the first counts, and one without a beginning is the first of all
        np.minimum.at(listed, cell[cell >= 0], first[cell >= 0])
    return listed


def _sold_out(snapshot: Snapshot, codes: Codes, weeks: Days, shape: tuple[int, int]) -> Bools:
    """Return the cells and weeks in which the item was unavailable all week."""
    out = np.zeros(shape, dtype=bool)
    table = snapshot.availability
    cell, week = positions(codes, weeks, table, "week")
    there = (cell >= 0) & (week >= 0) & (table["in_stock"].to_numpy() == 0)
    out[cell[there], week[there]] = True
    return out
