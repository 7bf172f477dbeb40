"""When a cell could be ordered: its first week, and the weeks in which it was off the books.

A launch after earlier sales begins a second life, and an assortment may list a cell in several
windows; the silence in between says nothing about demand (docs/forecast.md, section 1).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from foreship_forecast.history.cells import Codes, positions
from foreship_forecast.history.snapshot import Snapshot
from foreship_foundation.arrays import Bools, Days, Ints, Numbers

__all__ = ["SILENT_CHANCE", "first_weeks", "off_the_books"]

SILENT_CHANCE = 0.01
"""a silence that the cell's own rate gives a smaller chance than this is no accident"""
BLOCK_VALUES = 2_000_000
"""cell-weeks looked at at a time; bounds memory, never changes a value"""
NEVER = np.datetime64("2262-01-01", "D")


def first_weeks(
    snapshot: Snapshot, codes: Codes, weeks: Days, units: Numbers, sold_before: Bools
) -> tuple[Ints, Ints, Ints]:
    """Return when each cell entered, from when on its demand counts, and its tries before that.

    The first two are `len(weeks)` if never; tries are weeks in which it could have sold first, -1
    for a cell that is here in any case. A cell enters with its first sale or its listing in the
    assortment, whichever is earlier; a launch alone lists no cell, since nothing would tell of one
    that never sold. What `sold_before` the first
    week (shape (C,)) is there from then on, however long it has been silent. Without a listing date
    a cell could be ordered since its item first sold anywhere and its region first bought anything:
    starting it at its own first sale would overstate every slow cell (docs/forecast.md, 1). The
    week of that first order counts only at the start of the history: later it is known for the
    order alone, and no usual week.
    """
    horizon = len(weeks)
    sold = units > 0
    first_sale = np.where(sold.any(axis=1), sold.argmax(axis=1), horizon)
    first_sale[sold_before] = 0
    listings = _listings(snapshot, codes)
    listing = np.fmax(_launches(snapshot, codes), listings)
    listed = np.minimum(first_sale, _first_whole_week(listing, weeks))
    entered = np.where(np.isnat(listings), first_sale, listed)
    trading = np.maximum(
        _earliest(first_sale, codes.item, horizon), _earliest(first_sale, codes.region, horizon)
    )
    undated = np.isnat(listing) & (first_sale < horizon)
    orderable = np.where(undated, trading + (trading > 0), listed)
    chosen = np.isnat(listings) & (first_sale < horizon)
    return entered, orderable, np.where(chosen, undated & (trading > 0), -1)


def off_the_books(
    snapshot: Snapshot, codes: Codes, weeks: Days, units: Numbers, sold_before: Bools
) -> Bools:
    """Return the weeks without a sale in which a cell was not on offer, shape (C, W).

    They are those from an item's last sale before its launch up to the launch, where it had sold
    before; and those outside all windows of the assortment in which the cell sold nothing. Before
    its first window a cell counts as off only where its own rate gives such a silence a chance
    below 1 %: a first day in the assortment may be no more than the day it was written down.
    """
    off = _before_launches(snapshot, codes, weeks, units, sold_before)
    off |= _outside_windows(snapshot, codes, weeks, units)
    off &= units == 0
    return off


def _before_launches(
    snapshot: Snapshot, codes: Codes, weeks: Days, units: Numbers, sold_before: Bools
) -> Bools:
    """Mark the weeks between an item's earlier life and its launch."""
    week = np.arange(len(weeks))
    launch = _launches(snapshot, codes)
    off = np.zeros(units.shape, dtype=bool)
    dated = np.flatnonzero(~np.isnat(launch))
    if not len(dated):
        return off
    listed = _first_whole_week(launch[dated], weeks)
    # the week of a launch in its midst may hold orders of the new life
    launched = (launch[dated] - weeks[0]).astype(np.int64) // 7
    sold = (units[dated] > 0) & (week < launched[:, None])
    never, before = -2, -1
    last = np.where(sold_before[dated], before, never)
    last = np.where(sold.any(axis=1), len(weeks) - 1 - sold[:, ::-1].argmax(axis=1), last)
    of_item = np.full(len(codes.items), never)
    np.maximum.at(of_item, codes.item[dated], last)
    since = of_item[codes.item[dated]]
    off[dated] = (since > never)[:, None] & (week > since[:, None]) & (week < listed[:, None])
    return off


def _outside_windows(snapshot: Snapshot, codes: Codes, weeks: Days, units: Numbers) -> Bools:
    """Mark the stretches outside a cell's windows in which it sold nothing."""
    off = np.zeros(units.shape, dtype=bool)
    table = snapshot.assortment
    cell, _ = positions(codes, weeks, table, "from")
    here = cell >= 0
    if not here.any():
        return off
    cell = cell[here]
    first, last = (table[name].to_numpy().astype("datetime64[D]")[here] for name in ("from", "to"))
    begins = np.where(np.isnat(first), 0, (first - weeks[0]).astype(np.int64) // 7)
    ends = np.where(np.isnat(last), len(weeks), (last - weeks[0]).astype(np.int64) // 7 + 1)
    order = np.argsort(cell, kind="stable")
    cell, begins, ends = cell[order], begins[order], ends[order]
    step = max(1, BLOCK_VALUES // len(weeks))
    for low in range(0, len(units), step):
        first_row, last_row = np.searchsorted(cell, [low, low + step]).tolist()
        if first_row < last_row:
            block, rows = slice(low, min(low + step, len(units))), slice(first_row, last_row)
            windows = (cell[rows] - low, begins[rows], ends[rows])
            off[block] = _outside(windows, units[block] > 0)
    return off


def _outside(windows: tuple[Ints, Ints, Ints], sold: Bools) -> Bools:
    """Return the same of a block of cells, whose windows are given: cell, first week, end."""
    cell, begins, ends = windows
    weeks = sold.shape[1]
    # windows as +1 and -1 at their ends, of which the running sum counts those open
    steps = np.zeros((len(sold), weeks + 1), dtype=np.int32)
    np.add.at(steps, (cell, np.clip(begins, 0, weeks)), 1)
    np.add.at(steps, (cell, np.clip(np.maximum(ends, begins), 0, weeks)), -1)
    listed = np.zeros(len(sold), dtype=bool)
    listed[cell] = True
    outside = (np.cumsum(steps, axis=1)[:, :-1] <= 0) & listed[:, None]
    off = np.zeros(sold.shape, dtype=bool)
    some = np.flatnonzero(outside.any(axis=1))
    if len(some):
        off[some] = _silent(outside[some], sold[some])
    return off


def _silent(outside: Bools, sold: Bools) -> Bools:
    """Return the weeks outside every window in which the silence is no accident, (C, W)."""
    week = np.arange(outside.shape[1])
    leading = np.logical_and.accumulate(outside, axis=1)
    # a stretch after a window is off where nothing at all was sold in it
    begins = outside.copy()
    begins[:, 1:] &= ~outside[:, :-1]
    stretch = np.cumsum(begins).reshape(outside.shape)
    sales = np.bincount(stretch[outside], sold[outside])
    later = outside & ~leading & (sales[np.where(outside, stretch, 0)] == 0)
    # before the first window, what followed the last sale is off if it is long for the cell
    before = sold & leading
    count, first = before.sum(axis=1), before.argmax(axis=1)
    last = len(week) - 1 - before[:, ::-1].argmax(axis=1)
    share = np.clip((count - 1.0) / np.maximum(last - first, 1), 0.0, 0.999)
    silent = leading.sum(axis=1) - 1 - last
    long = (count > 0) & (silent * np.log1p(-share) < np.log(SILENT_CHANCE))
    later |= leading & long[:, None] & (week > last[:, None])
    return np.asarray(later, dtype=bool)


def _first_whole_week(day: Days, weeks: Days) -> Ints:
    """Return the first week that begins on each day or later; `len(weeks)` if none or unknown."""
    whole = -((weeks[0] - day).astype(np.int64) // 7)
    return np.where(np.isnat(day), len(weeks), np.clip(whole, 0, len(weeks)))


def _earliest(week: Ints, code: Ints, none: int) -> Ints:
    """Return for each cell the earliest week of all cells with its code."""
    first = np.full(int(code.max(initial=-1)) + 1, none)
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
        listed[cell[cell >= 0]] = NEVER
        # of several windows the first counts, and one without a beginning is the first of all
        np.minimum.at(listed, cell[cell >= 0], first[cell >= 0])
    return listed
