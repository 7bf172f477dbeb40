"""Which weeks trade: empty weeks that are no accident, a slower rhythm of orders, stray dates.

An empty week is closed only where chance would seldom leave it empty; elsewhere it is a week
without demand (docs/forecast.md, section 1).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Bools, Days, Ints

__all__ = ["closed_weeks", "days_between_orders", "last_regular_day", "monday_of", "next_monday"]

WEEK: Final = np.timedelta64(7, "D")
SELDOM: Final = 0.05
"""a run of empty weeks that chance gives less than this anywhere in the history is no accident"""
LARGEST_WEEK: Final = 3.0
"""usual weeks; a larger one counts as that many, so that one peak does not excuse every gap"""
HABIT, HABIT_RUNS, LARGEST_HABIT = 0.1, 5, 0.95
"""share of trading weeks after which trade breaks off, and how often, for a habit; most of it"""
JOINED_DAYS: Final = 3
"""days between orders that still are one delivery of a file"""
LONGEST_WEEKLY: Final = 10.0
"""days between orders up to which their rhythm is weekly"""
SLACK: Final = (0.12, 1.5)
"""share and days by which a month may differ from the usual one"""
BY_CHANCE: Final = (0.2, 1e-3)
"""share of gaps that chance puts within the slack, and how seldom it may do so for a rhythm"""
ALIKE: Final = 0.75
"""least share of gaps within the slack"""
STRAY_GAP: Final = 2
"""closed weeks after which few orders are taken for stray"""
STRAY_LINES: Final = 2
STRAY_SHARE: Final = 0.05
"""share of a usual week up to which orders after a gap are taken for stray"""
FEW: Final = 10
"""times as many lines must stand before the gap"""


def monday_of(days: Days) -> Days:
    """Return the Monday of each day's week."""
    # 1970-01-01 was a Thursday, three days after its Monday
    return days - (days.astype("datetime64[D]").astype(np.int64) + 3) % 7


def closed_weeks(lines: Ints) -> Bools:
    """Return the weeks without an order that chance would seldom leave empty.

    Equation 32: a run of g empty weeks is judged by all others: with p_0 the chance of an empty
    one under a negative binomial of their mean and variance, W (1 - p_0) p_0^g runs as long are
    expected among W weeks; below 5 % the run is closed. Where trade breaks off after one week in
    ten or more, five times or more, p_0 is at least that share: customers who take much at once
    leave more weeks empty than the law says.

    Parameters
    ----------
    lines
        Order lines of consecutive weeks, shape (W,).
    """
    closed = np.zeros(len(lines), dtype=bool)
    trades = lines > 0
    if not trades.any():
        return ~closed
    usual = np.minimum(lines, np.ceil(LARGEST_WEEK * np.median(lines[trades]))).astype(np.float64)
    empty = _runs(~trades)
    often = len(empty) / int(trades.sum())
    habitual = often >= HABIT and len(empty) >= HABIT_RUNS
    habit = np.log(min(often, LARGEST_HABIT)) if habitual else -np.inf
    for first, end in empty:
        others = np.delete(usual, np.s_[first:end])
        log_empty = max(_log_chance_of_none(others), habit)
        runs = np.log(len(lines)) + np.log(-np.expm1(log_empty))
        closed[first:end] = runs + (end - first) * log_empty < np.log(SELDOM)
    return closed


def _log_chance_of_none(counts: npt.NDArray[np.float64]) -> float:
    """Return log P(0) of a negative binomial with the moments of `counts`, not all 0."""
    mean, excess = float(counts.mean()), float(counts.var() - counts.mean())
    if excess <= 1e-9 * mean:
        return -mean
    r = mean**2 / excess
    return float(-r * np.log1p(mean / r))


def _runs(marked: Bools) -> list[tuple[int, int]]:
    """Return first position and end of each stretch of marked weeks."""
    edges = np.flatnonzero(np.diff(marked.astype(np.int8), prepend=0, append=0))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def days_between_orders(days: Days) -> int:
    """Return the usual days between orders that come in a fixed rhythm slower than a week, else 0.

    Files by month hold one date a month. Days up to 3 apart are one delivery; their gaps are a
    rhythm where three in four are alike, and chance would leave so many alike less than once in
    1,000 histories.
    """
    day = np.unique(days.astype("datetime64[D]")).astype(np.int64)
    starts = day[np.diff(day, prepend=day[:1] - JOINED_DAYS - 1) > JOINED_DAYS]
    gaps = np.diff(starts)
    usual = float(np.median(gaps)) if len(gaps) else 0.0
    if usual <= LONGEST_WEEKLY:
        return 0
    alike = int((np.abs(gaps - usual) <= SLACK[0] * usual + SLACK[1]).sum())
    seldom = _upper_tail(alike, len(gaps), BY_CHANCE[0]) < BY_CHANCE[1]
    return round(usual) if seldom and alike >= ALIKE * len(gaps) else 0


def _upper_tail(least: int, tries: int, chance: float) -> float:
    """Return the binomial chance of at least so many successes."""
    from scipy.special import bdtrc

    return 1.0 if least == 0 else float(bdtrc(least - 1, tries, chance))


def next_monday(days: Days) -> np.datetime64:
    """Return the Monday after the last regular day, when the next plan is made; NaT for no day."""
    return np.datetime64(monday_of(np.array([last_regular_day(days)]))[0] + WEEK)


def last_regular_day(days: Days) -> np.datetime64:
    """Return the last day of the orders before stray ones.

    Stray are the few orders (at most 2, or 5 % of a usual week) that stand alone behind two or
    more closed weeks, one mistyped year for instance; a shop that opens again is not.

    Parameters
    ----------
    days
        Day of every order line, in any order; NaT is no day.

    Returns
    -------
    A day, NaT where there is none.
    """
    day = np.sort(days[~np.isnat(days)].astype("datetime64[D]"))
    if not len(day):
        return np.datetime64("NaT", "D")
    monday = monday_of(day)
    week = (monday - monday[0]).astype(np.int64) // 7
    while True:
        lines = np.bincount(week)
        gaps = [run for run in _runs(closed_weeks(lines)) if run[1] - run[0] >= STRAY_GAP]
        if not gaps:
            return np.datetime64(day[len(week) - 1])
        first, end = gaps[-1]
        before, after = int(lines[:first].sum()), int(lines[end:].sum())
        usual = float(lines[:first][lines[:first] > 0].mean())
        if after > max(STRAY_LINES, STRAY_SHARE * usual) or before < FEW * after:
            return np.datetime64(day[len(week) - 1])
        week = week[:before]
