"""When units arrive by drawn lead times, worked out anew from section 10 of docs/value.md."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["PUNCTUAL", "Coming", "Law", "Shown", "law_of", "shown_at"]

Law: TypeAlias = tuple[tuple[int, float], ...]
"""days from the day of the plan, and the chance of an arrival on each"""
MOST_DAYS = 7
"""days that a law tells apart"""
FEWEST, PRIOR = 5, 20
"""arrivals that a place must have to be told of, and that all places weigh beside its own"""
Numbers: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shown:
    """What past arrivals at a place were like: days late, their spread, and the part that came."""

    late: float
    sd_days: float
    share: float


SUREST = 0.99
"""largest part that comes at all of what is overdue where arrivals are drawn"""
PUNCTUAL = Shown(0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Coming:
    """A row of inbound: when it was announced for, what of it may come, and when."""

    promised: int
    """day from that of the plan"""
    units: int
    lead: int
    """days that it travels as announced"""
    shown: Shown
    closed: tuple[int, ...] = ()
    """days from that of the plan on which the dock rests"""

    def landing(self, when: Numbers, much: Numbers) -> tuple[list[int], list[int]]:
        """Day and units on each path, at two numbers in [0, 1) a path."""
        left, mean = self.promised - self.lead, max(self.lead + self.shown.late, 0.0)
        gone = _until(mean, self.shown.sd_days, -left - 1)
        still, share = 1.0 - gone, self.shown.share
        if self.promised < 0 and self.shown.sd_days > 0.0:
            share = min(share, SUREST)
        comes = 1.0 if share == 1.0 else share * still / max(1.0 - share + share * still, 1e-300)
        days = [0] * len(when)
        if still > 0.0:
            found = _quantiles(mean, self.shown.sd_days, gone + still * when)
            days = [max(left + day, 0) for day in found]
        if self.shown.sd_days > 0.0:
            days = [_open_from(day, self.closed) for day in days]
        if self.promised < 0:
            return days, [self.units if number < comes else 0 for number in much.tolist()]
        return days, [math.floor(self.units * comes + number) for number in much.tolist()]


def shown_at(lateness: pd.DataFrame | None, as_of: pd.Timestamp) -> dict[str, Shown]:
    """Read what arrivals before the day of the plan say of each place with enough of them."""
    late: dict[str, list[int]] = defaultdict(list)
    sizes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    columns = ("location", "promised", "came", "quantity", "received")
    rows = [] if lateness is None else zip(*(lateness[name] for name in columns), strict=True)
    for place, promised, came, announced, received in rows:
        if (promised if pd.isna(came) else came) >= as_of:
            continue
        sizes[place].append((int(announced), min(int(received), int(announced))))
        if not pd.isna(came) and received > 0:
            late[place].append((came - promised).days)
    every = [days for each in late.values() for days in each]
    pairs = [pair for each in sizes.values() for pair in each]
    announced = sum(units for units, _ in pairs)
    if len(every) < FEWEST or not announced:
        return {}
    mean, usual = math.fsum(every) / len(every), announced / len(pairs)
    spread = math.fsum((days - mean) ** 2 for days in every) / len(every)
    share = sum(units for _, units in pairs) / announced
    found = {}
    for place, days in late.items():
        if len(days) < FEWEST:
            continue
        weight, own = len(days) + PRIOR, math.fsum(days) / len(days)
        wide = math.fsum((each - own) ** 2 for each in days) + PRIOR * spread
        came = sum(units for _, units in sizes[place]) + PRIOR * usual * share
        due = sum(units for units, _ in sizes[place]) + PRIOR * usual
        late_by = (math.fsum(days) + PRIOR * mean) / weight
        found[place] = Shown(late_by, math.sqrt(wide / weight), came / due)
    return found


def _quantiles(mean: float, sd_days: float, numbers: Numbers) -> list[int]:
    """Days after leaving by which arrivals have come with these chances."""
    if sd_days <= 0.0:
        return [math.floor(mean + 0.5)] * len(numbers)
    wanted = np.minimum(numbers, 1.0 - 1e-9).tolist()  # what is long overdue has a day too
    most = 1
    while _until(mean, sd_days, most) < max(wanted, default=0.0):
        most *= 2
    return [
        bisect_left(range(most), number, key=lambda day: _until(mean, sd_days, day))
        for number in wanted
    ]


@cache
def law_of(travels: int, offset: int, sd_days: float, closed: tuple[int, ...] = ()) -> Law:
    """Days on which a departure may arrive, with their chances.

    Parameters
    ----------
    travels
        Days from leaving to the dock, as stated.
    offset
        Days from the day of the plan to leaving.
    sd_days
        Of the days between.
    closed
        Days from the day of the plan on which the dock rests.
    """
    days, chances = [], []
    before, day = 0.0, 0
    while before < 0.995:
        until = _until(travels, sd_days, day)
        if until >= 0.005:
            days.append(day)
            chances.append(until - before if days[1:] else until)
        before, day = until, day + 1
    chances[-1] += 1.0 - before
    while len(days) > MOST_DAYS:
        widens = [
            chances[at] * (days[at] - days[at - 1]) * (days[at + 1] - days[at])
            for at in range(1, len(days) - 1)
        ]
        at = 1 + widens.index(min(widens))
        later = (days[at] - days[at - 1]) / (days[at + 1] - days[at - 1])
        chances[at + 1] += chances[at] * later
        chances[at - 1] += chances[at] * (1.0 - later)
        del days[at], chances[at]
    law: dict[int, float] = defaultdict(float)
    for after, chance in zip(days, chances, strict=True):
        law[_open_from(after + offset, closed)] += chance
    return tuple(sorted(law.items()))


def _open_from(day: int, closed: tuple[int, ...]) -> int:
    """Return the first day from that one on which the dock works."""
    while day in closed:
        day += 1
    return day


@cache
def _until(mean: float, sd_days: float, day: int) -> float:
    """Chance of an arrival by a day after leaving."""
    if day < 0:
        return 0.0
    if sd_days <= 0.0:
        return float(day >= math.floor(mean + 0.5))
    if mean == 0:
        return math.erf((day + 0.5) / sd_days / math.sqrt(2.0))
    return _gamma_until((mean / sd_days) ** 2, (day + 0.5) * mean / sd_days**2)


def _gamma_until(shape: float, x: float) -> float:
    """Chance that a gamma law of scale 1 is at most x > 0: the incomplete gamma function.

    By its series up to the mean, by its continued fraction (of Lentz) beyond it.
    """
    if abs(x - shape) > 40.0 * math.sqrt(shape) + 800.0:
        return float(x > shape)
    front = _front(shape, x)
    if x < shape + 1.0:
        term = total = 1.0 / shape
        step = shape
        while term > 1e-17 * total:
            step += 1.0
            term *= x / step
            total += term
        return front * total
    b, c = x + 1.0 - shape, 1e300
    d = 1.0 / b
    fraction, turn, factor = d, 0, 0.0
    while abs(factor - 1.0) > 1e-16:
        turn += 1
        a = -turn * (turn - shape)
        b += 2.0
        d = 1.0 / _apart(a * d + b)
        c = _apart(b + a / c)
        factor = d * c
        fraction *= factor
    return 1.0 - front * fraction


def _front(shape: float, x: float) -> float:
    """Return x^shape e^-x / Gamma(shape), by Stirling's series where its parts would cancel."""
    if shape < 30.0:
        return math.exp(shape * math.log(x) - x - math.lgamma(shape))
    off = (x - shape) / shape
    series = 1.0 / (12.0 * shape) - 1.0 / (360.0 * shape**3) + 1.0 / (1260.0 * shape**5)
    power = shape * (math.log1p(off) - off) - series
    return math.sqrt(shape / (2.0 * math.pi)) * math.exp(power)


def _apart(number: float) -> float:
    """Keep a divisor away from 0."""
    return number if abs(number) > 1e-300 else 1e-300
