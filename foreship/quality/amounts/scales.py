"""Amounts in another unit than they should be: cents for euros, hours for days."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foreship.errors import Fault
from foreship.ingest.tables import TableRead
from foreship.quality.evidence import Evidence, warning
from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.telling.words import number

__all__ = ["costs_fit_prices", "lead_times_are_days", "prices_fit_what_was_paid"]

FAR_OFF = 8.0
"""times by which the price of one item may differ from what was paid for it"""
ALL_OFF = 3.0
"""times by which prices may differ from what was paid in the middle of all items"""
FEWEST_PAID = 5
"""prices paid for an item, from where its price is compared"""
FEWEST_ITEMS = 3
LARGEST_MARKUP = 20.0
"""price over unit cost in the middle of all items"""
DAY_HOURS = 24
LONG_DAYS = 24
"""days from which a lead time may be one in hours"""
FAR_LONGER = 6
"""times by which it exceeds the usual lead time, where only some are in hours"""


def prices_fit_what_was_paid(seen: Evidence) -> Iterator[Fault]:
    """Prices far from what orders paid or the price list says: cents for euros, lines for units."""
    items = seen.read("items", "item", "price")
    if items is None or not items.rows:
        return
    lines = seen.lines
    if lines is not None:
        paid = lines.price > 0
        codes = _places(items, seen.tables["orders"], lines.item[paid])
        yield from _compared(items, codes, lines.price[paid], "orders.price")
    listed = seen.read("prices", "item", "price")
    if listed is not None and listed.rows:
        money = listed.parsed["price"].values
        codes = _places(items, listed, listed.parsed["item"].values[money > 0])
        yield from _compared(items, codes, money[money > 0], "prices.price")


def _places(items: TableRead, other: TableRead, codes: Ints) -> Ints:
    """Return the row of `items` for each item code of another table, -1 where there is none."""
    rows = {name: row for row, name in enumerate(items.text("item", items.parsed["item"].values))}
    names = other.parsed["item"].names
    known = [] if names is None else [rows.get(name, -1) for name in names.to_pylist()]
    return np.array([*known, -1], dtype=np.int64)[codes]


def _compared(items: TableRead, row: Ints, money: Floats, other: str) -> Iterator[Fault]:
    """Compare each item's price with the usual one elsewhere, the geometric mean."""
    good = row >= 0
    count = np.bincount(row[good], minlength=items.rows)
    total = np.bincount(row[good], np.log(money[good]), minlength=items.rows)
    price = items.parsed["price"].values
    enough = (count >= (FEWEST_PAID if other == "orders.price" else 1)) & (price > 0)
    if not enough.any():
        return
    usual = np.exp(np.divide(total, count, out=np.zeros(items.rows), where=enough))
    times = np.where(enough, price / usual, 1.0)
    middle = float(np.median(times[enough]))
    if enough.sum() >= FEWEST_ITEMS and max(middle, 1 / middle) >= ALL_OFF:
        off, many = enough, f"{_times(middle)} {other} in the middle of all items"
    else:
        off = enough & (np.maximum(times, 1 / times) >= FAR_OFF)
        many = f"over {number(FAR_OFF)} times off {other}"
    if off.any():
        at = int(np.flatnonzero(off)[0])
        first = f"first {number(price[at])} where {number(usual[at], 4)} is usual"
        yield warning(
            items, "price", off, f"{many}, {first}", "one currency, and for one unit each?"
        )


def _times(ratio: float) -> str:
    return f"{number(ratio, 3)} times" if ratio >= 1 else f"1/{number(1 / ratio, 3)} of"


def costs_fit_prices(seen: Evidence) -> Iterator[Fault]:
    """Unit costs of 0 for every item, or so far below prices that they may be in another unit."""
    items = seen.read("items", "price", "unit_cost")
    if items is None or items.rows < FEWEST_ITEMS:
        return
    price, cost = items.parsed["price"].values, items.parsed["unit_cost"].values
    if (cost == 0).all():
        words = "unit_cost 0 for every item"
        yield warning(items, "unit_cost", cost == 0, words, "the whole price counts as margin")
        return
    paid = cost > 0
    markup = np.divide(price, cost, out=np.ones(items.rows), where=paid)
    usual = float(np.median(markup[paid]))
    words, odd = f"price is {number(usual, 3)} times unit_cost in the middle of all items", paid
    if usual < LARGEST_MARKUP:
        words = (
            f"price is over {number(LARGEST_MARKUP)} times unit_cost, where {number(usual, 3)} "
            "is usual"
        )
        odd = paid & (markup >= max(LARGEST_MARKUP, FAR_OFF * usual))
    if paid.sum() >= FEWEST_ITEMS and odd.any():
        yield warning(items, "unit_cost", odd, words, "both in one currency, and for one unit?")


def lead_times_are_days(seen: Evidence) -> Iterator[Fault]:
    """Lead times, or days of a parcel, that look like hours: 24, 48 and 72."""
    for column in ("lead_time_days", "direct_days"):
        lanes = seen.read("lanes", "origin", "destination", column)
        if lanes is None or not lanes.rows:
            continue
        days = np.nan_to_num(np.asarray(lanes.parsed[column].values, dtype=np.float64))
        hours = _like_hours(days)
        if hours.any():
            remedy = f"{column} counts days"
            yield warning(lanes, column, hours, "look like hours", remedy)


def _like_hours(days: Floats) -> Bools:
    """Tell which numbers are whole days in hours: all of them, or some far above the others."""
    whole = (days >= LONG_DAYS) & (days % DAY_HOURS == 0)
    short = days[(days > 0) & ~whole]
    if not len(short):
        return np.asarray(whole)
    if np.median(short) >= LONG_DAYS / 2 and whole.sum() >= len(short) and short.min() >= 6:
        # most are whole days in hours, the others too: 36 hours beside 24 and 48
        return np.asarray(days > 0)
    return np.asarray(whole & (days >= FAR_LONGER * np.median(short)))
