"""Dates that are not what was meant: a year mistyped, day and month exchanged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from foreship.errors import Fault
from foreship.quality.evidence import Evidence, monday, warning
from foreship_foundation.arrays import Bools, Days, Ints

__all__ = ["dates_stand_together", "day_and_month_in_order"]

DATED = (("orders", "date"), ("returns", "date"), ("receipts", "date"))
LONE_WEEKS = 8
"""empty weeks between a date and all others, from which it stands alone"""
LONE_SHARE, LONE_LINES = 0.01, 20
"""most rows that may stand alone; more are a history of their own"""
FEWEST = 20
"""rows that must stand together"""
BY_CHANCE = 1e-3
MONTH = 32
"""more than the days of a month, by which months and days share one number"""
MONTH_DAYS = 12
"""days of a month that may be read as a month"""
EARLY_SHARE = 0.4
"""chance of a day to be one of the first twelve"""
FAR_DAYS, NEAR_DAYS = 20, 10
"""days by which a row stands out of its file's order, and by which it fits when exchanged"""
AROUND = 25
"""rows whose middle date says where a row of a sorted file stands"""
MISFITS = 5
SORTED = 0.35
"""share of steps back in time up to which a file is in order of time"""


def dates_stand_together(seen: Evidence) -> Iterator[Fault]:
    """A few dates far before or after all others: a mistyped year moves the week of the plan."""
    lines = seen.lines
    if lines is None or len(lines) < FEWEST:
        return
    weeks, count = np.unique(lines.week, return_counts=True)
    few = min(LONE_LINES, max(1, int(LONE_SHARE * len(lines))))
    first, last = _core(weeks, count, few), len(weeks) - _core(-weeks[::-1], count[::-1], few)
    alone = (lines.week < weeks[first]) | (lines.week > weeks[last - 1])
    if not alone.any() or not _odd(weeks[first:last], alone, lines.week):
        return
    span = f"{monday(weeks[first])} to {monday(weeks[last - 1] + 1) - 1}"
    words = f"far from all other dates, which are of {span}"
    yield seen.about_lines(alone, "date", words, "is the year right? give --as-of where it is")


def _core(weeks: Ints, count: Ints, few: int) -> int:
    """Return how many first weeks stand alone: at most `few` rows, then a long empty stretch."""
    gaps = np.diff(weeks) - 1
    lone = np.flatnonzero((gaps >= LONE_WEEKS) & (count.cumsum()[:-1] <= few))
    return int(lone[-1]) + 1 if len(lone) else 0


def _odd(core: Ints, alone: Bools, week: Ints) -> bool:
    """Tell whether chance hardly leaves so many weeks empty as lie between."""
    span = int(core[-1] - core[0]) + 1
    empty = max(1 - len(core) / span, 1 / (span + 1))
    strays = week[alone]
    gap = int(np.minimum(np.abs(strays - core[0]), np.abs(strays - core[-1])).min()) - 1
    return bool(span * empty**gap < BY_CHANCE)


def day_and_month_in_order(seen: Evidence) -> Iterator[Fault]:
    """Day and month exchanged in some rows: months without a 13th, rows out of the file's order."""
    for table, column in DATED:
        read = seen.read(table, column)
        if read is None or read.rows < FEWEST:
            continue
        days = read.parsed[column].values.astype("datetime64[D]")
        bad = _exchanged(days)
        if bad.any():
            words = "day and month may be exchanged: dates fit the others when read the other way"
            yield warning(
                read, column, bad, words, f"say [columns] {table}.date_format, or mend them"
            )


def _exchanged(days: Days) -> Bools:
    """Tell which dates look as if day and month were exchanged."""
    # a day is judged once, not each of its rows
    code, numbers = pd.factorize(days.astype("datetime64[D]").view(np.int64))
    count, dates = np.bincount(code), numbers.view("datetime64[D]")
    month = dates.astype("datetime64[M]")
    day = (dates - month.astype("datetime64[D]")).astype(np.int64) + 1
    of_year = month.astype(np.int64) % 12 + 1
    early = day <= MONTH_DAYS
    both = early & (day != of_year)
    if count[~early].sum() / len(days) < FAR_DAYS / 100 or not both.any():
        return np.zeros(len(days), dtype=bool)  # dates of months, or always read as early days
    odd = both & _months_without_end(month, day, early)
    year = dates.astype("datetime64[Y]").astype("datetime64[M]")
    other = (year + day - 1).astype("datetime64[D]") + (of_year - 1)
    changed = np.where(both, other, dates).astype(np.int64)
    return np.asarray(odd[code] | _out_of_order(code, numbers, changed, both))


def _months_without_end(month: npt.NDArray[Any], day: Ints, early: Bools) -> Bools:
    """Tell which days lie in months with early days alone, where chance hardly leaves so many.

    Outside the months with later days all days together are judged, inside each month alone. The
    month that follows the last of them is left out: a history may end on one of its first days.
    """
    code = month.astype(np.int64)
    code -= code.min()
    late = np.bincount(code, ~early) > 0
    different = np.bincount(pd.unique(code * MONTH + day) // MONTH, minlength=len(late))
    first, last = (int(place) for place in np.flatnonzero(late)[[0, -1]])
    places = np.arange(len(late))
    outside = (places < first) | (places > last + 1)
    if EARLY_SHARE ** different[outside].sum() > BY_CHANCE:
        outside[:] = False
    inside = (places > first) & (places < last) & ~late & (different > 0)
    inside &= len(late) * EARLY_SHARE**different <= BY_CHANCE
    return np.asarray((outside | inside)[code])


def _out_of_order(code: Ints, dates: Ints, exchanged: Ints, could_be: Bools) -> Bools:
    """Tell which rows of a file in order of time stand where the exchanged date belongs.

    Parameters
    ----------
    code
        The date of each row, as its place among the others, which are those of each date.
    """
    nothing = np.zeros(len(code), dtype=bool)
    given = dates[code]
    back = float((given[1:] < given[:-1]).mean())
    if not 0 < back <= SORTED:
        return nothing
    changed, both = exchanged[code], could_be[code]
    if (np.diff(changed) < 0).mean() * 4 <= back and (both & (given != changed)).sum() >= MISFITS:
        return np.asarray(both & (given != changed))
    middle = pd.Series(given).rolling(AROUND, center=True, min_periods=1).median().to_numpy()
    far = np.abs(given - middle) > FAR_DAYS
    fits = far & both & (np.abs(changed - middle) <= NEAR_DAYS)
    return fits if fits.sum() >= MISFITS and fits.sum() >= 0.8 * far.sum() else nothing
