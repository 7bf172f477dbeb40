"""Orders that are missing: a region that falls silent, a last week cut off, an old export."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from foreship.errors import Fault
from foreship.quality.evidence import THURSDAY, WEEK_DAYS, Evidence, monday
from foreship_foundation.telling.words import number, plural

__all__ = ["last_week_is_whole", "orders_reach_the_plan", "regions_keep_ordering"]

SILENT_WEEKS = 13
"""weeks without an order of a region from which its silence is told"""
BY_CHANCE = 1e-3
"""expected number of such silences in the history, below which it is no accident"""
CAUTION = 1.0
"""standard errors by which a region's weeks with orders may have been many by chance"""
USUAL_WEEKS = 8
"""weeks before the last one that say what is usual"""
HALF = 0.5
SELDOM = 2e-3
"""chance of so few lines, or of none on the days that are left of the week"""


def regions_keep_ordering(seen: Evidence) -> Iterator[Fault]:
    """A region without orders for a quarter of a year or more, far longer than chance explains."""
    lines = seen.lines
    if lines is None:
        return
    # weeks in which nobody ordered say nothing of a region
    place, weeks = pd.factorize(lines.week, sort=True)
    cells = np.sort(pd.unique(lines.region * np.int64(len(weeks)) + place))
    region, week = cells // len(weeks), cells % len(weeks)
    last = np.append(region[1:] != region[:-1], True)
    until = np.append(week[1:], len(weeks))
    until[last] = len(weeks)
    gap = until - week - 1
    count = np.bincount(region)
    begun = np.zeros(len(count), dtype=np.int64)
    begun[region[::-1]] = week[::-1]
    others = np.maximum(len(weeks) - begun[region] - gap, 1)
    # a region with few orders may order still more seldom than it seems to
    active = np.maximum(count - CAUTION * np.sqrt(count), 0.0)[region] / others
    chances = len(weeks) * np.count_nonzero(count)
    found = (gap >= SILENT_WEEKS) & (chances * (1 - active).clip(1e-2) ** gap < BY_CHANCE)
    if not found.any():
        return
    before = np.isin(lines.region * np.int64(len(weeks)) + place, cells[found])
    at = int(np.flatnonzero(found)[0])
    name = seen.tables["orders"].text("region", region[at : at + 1])[0]
    since = monday(weeks[week[at]] + 1)
    words = f"the last orders before {gap[at]} silent weeks of {name} from {since}"
    if found.sum() > 1:
        words += f", and {found.sum() - 1} such silences more"
    yield seen.about_lines(before, "region", words, "is the export complete?")


def last_week_is_whole(seen: Evidence) -> Iterator[Fault]:
    """A last week with far fewer orders than any before: the export may end in mid-week."""
    lines = seen.lines
    if lines is None:
        return
    final = int(lines.week.max())
    since = lines.week > final - USUAL_WEEKS - 1
    counts = np.bincount(lines.week[since] - (final - USUAL_WEEKS), minlength=USUAL_WEEKS + 1)
    before, now = counts[:USUAL_WEEKS], int(counts[USUAL_WEEKS])
    usual = float(min(np.median(before), np.median(before[-3:])))
    if int(lines.week.min()) > final - USUAL_WEEKS or now >= HALF * before.min():
        return
    days = lines.day[since] - (lines.week[since] * WEEK_DAYS - THURSDAY)
    later = (lines.week[since] < final) & (days > days[lines.week[since] == final].max())
    if min(_at_most(now, usual), math.exp(-later.sum() / USUAL_WEEKS)) >= SELDOM:
        return
    words = f"all there is of the last week, where {number(usual)} order lines are usual"
    remedy = f"is it whole? else plan as of {monday(final)}"
    yield seen.about_lines(lines.week == final, "date", words, remedy)


def _at_most(count: int, mean: float) -> float:
    """Return the chance of so few or fewer under a Poisson law."""
    if mean > 500:
        return math.exp(-mean / 8)  # half of the mean or fewer, Chernoff's bound
    term = total = math.exp(-mean)
    for k in range(1, count + 1):
        term *= mean / k
        total += term
    return total


def orders_reach_the_plan(seen: Evidence) -> Iterator[Fault]:
    """A plan made a week or more after the last order: later orders are not in the export."""
    lines = seen.lines
    if lines is None or seen.as_of is None:
        return
    last = int(lines.day.max())
    days = int(seen.as_of.astype("datetime64[D]").astype(np.int64)) - last
    weeks = np.unique(lines.week[lines.week > lines.week.max() - USUAL_WEEKS * 4])
    usual_gap = int(np.diff(weeks).max(initial=1)) * WEEK_DAYS
    if days <= WEEK_DAYS or days <= usual_gap + WEEK_DAYS:
        return
    words = f"the last orders, {plural(days, 'day')} before the plan of {seen.as_of}"
    remedy = "are later orders missing from the export?"
    yield seen.about_lines(lines.day == last, "date", words, remedy)
