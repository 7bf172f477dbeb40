"""The weeks of a history: which to read, which to learn from, which were cut short or closed.

A model learns from the latest weeks; what it knows of a cell reaches back as far as the orders
do, so that a cell that has been silent for years is an old cell and not a new one
(docs/forecast.md, section 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from foreship_forecast.errors import NotEnoughHistory, TableFault
from foreship_foundation.arrays import Bools, Days, Ints
from foreship_foundation.telling.words import plural, weekdays
from foreship_foundation.trading_weeks import closed_weeks, days_between_orders, monday_of

__all__ = ["MOST_WEEKS", "WEEK", "Span", "closures", "span_of"]

WEEK = np.timedelta64(7, "D")
MOST_WEEKS = 520
"""weeks that are read unless a model learns from more: bounds memory"""
USUALLY_TRADED = 0.8
"""share of weeks in which a weekday must have seen orders for its absence to mean a cut week"""


@dataclass(frozen=True)
class Span:
    """The weeks that are read, up to the one before `as_of`."""

    weeks: Days
    """Mondays, shape (W,)"""
    partial: Bools
    """weeks cut short, shape (W,)"""
    learned: int
    """position of the first week to learn from"""
    notes: tuple[str, ...]


def span_of(dates: Days, monday: pd.Timestamp, history_weeks: int) -> Span:
    """Lay out the weeks of a history.

    Parameters
    ----------
    dates
        Day of every order line, before `monday`.
    monday
        `as_of`.
    history_weeks
        Latest whole weeks to learn from, up to the last order.

    Raises
    ------
    NotEnoughHistory
        If there is no whole week with orders.
    TableFault
        If the orders to learn from come in a rhythm slower than weeks.
    """
    as_of = monday.to_datetime64().astype("datetime64[D]")
    if not len(dates):
        raise NotEnoughHistory(f"there is no order before {as_of}; the forecast learns from orders")
    notes = []
    earliest, latest = dates.min(), dates.max()
    first, last = monday_of(np.array([earliest, latest]))
    if earliest != first:
        notes.append(f"The first week ({first}) starts with {earliest}: left out as partial.")
        first = first + WEEK
    learned = max(first, last + WEEK - history_weeks * WEEK)
    if not learned < as_of or not (dates >= learned).any():
        raise NotEnoughHistory(
            f"there is no whole week of orders before {as_of}; orders from {earliest}"
            f" to {latest} are there"
        )
    _refuse_slow_rhythm(dates[dates >= learned])
    first = max(first, last + WEEK - max(history_weeks, MOST_WEEKS) * WEEK)
    older = dates[(dates >= first) & (dates < learned)]
    if days_between_orders(older):
        notes.append(f"Orders before {learned} come too seldom to be read by the week.")
        first = learned
    notes += _older_notes(dates, first, learned)
    weeks = np.arange(first, as_of, WEEK)
    partial = np.zeros(len(weeks), dtype=bool)
    if missing := _missing_days(dates):
        partial[weeks == last] = True
        notes.append(
            f"The last week with orders ({last}) ends with {latest}, though"
            f" orders usually come on {missing} too: not learned from."
        )
    return Span(weeks, partial, int((learned - first) / WEEK), tuple(notes))


def closures(lines: Ints, learned: int) -> Bools:
    """Return the weeks in which the network was closed, eq. 32, shape (W,).

    Weeks to learn from are judged among themselves: years ago trade may have been another.

    Parameters
    ----------
    lines
        Order lines of each week, shape (W,).
    learned
        Position of the first week to learn from.
    """
    closed = closed_weeks(lines)
    closed[learned:] = closed_weeks(lines[learned:])
    return closed


def _older_notes(dates: Days, first: np.datetime64, learned: np.datetime64) -> list[str]:
    """Say which lines are read without being learned from, and which only tell of their cells."""
    before, older = int((dates < first).sum()), int(((dates >= first) & (dates < learned)).sum())
    notes = []
    if before:
        notes.append(
            f"{plural(before, 'order line')} before {first} {'is' if before == 1 else 'are'} not "
            "learned from, but only asked which cells are old."
        )
    if older:
        notes.append(
            f"{plural(older, 'order line is', 'order lines are')} history before {learned}, not "
            "learned from."
        )
    return notes


def _refuse_slow_rhythm(dates: Days) -> None:
    """Refuse orders by the month or the fortnight: no week can be read from them."""
    if days := days_between_orders(dates):
        shown = ", ".join(map(str, np.unique(dates)[:3]))
        name = "monthly" if 28 <= days <= 31 else f"every {plural(days, 'day')}"
        raise TableFault(
            [
                f"orders, column date: orders come {name} ({shown}, ..), and weekly demand cannot"
                " be read from that; give each order its own day or week, or plan on your own"
                " demand scenarios (`foreship plan --demand`)"
            ]
        )


def _missing_days(dates: Days) -> str:
    """Name the weekdays after the last order on which the network usually trades."""
    days = np.sort(pd.unique(dates))
    mondays = monday_of(days)
    before = mondays < mondays.max()
    weeks = len(np.unique(mondays[before]))
    if weeks < 4:
        return ""
    weekday = (days - mondays).astype(np.int64)
    share = np.bincount(weekday[before], minlength=7) / weeks
    late = [day for day in range(weekday[-1] + 1, 7) if share[day] >= USUALLY_TRADED]
    return weekdays(late)
