"""The past orders that the sampled figures of a plan stand on, as the audit reads them."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from foreship_foundation.order_lines import arrival_hashes, order_numbers

__all__ = ["PastOrder", "Sample", "read_sample"]


@dataclass(frozen=True)
class PastOrder:
    """An order of the past: what one customer wanted of a region on a day."""

    region: str
    units: dict[str, int]
    """by item"""

    @property
    def size(self) -> int:
        """Units in all."""
        return sum(self.units.values())


@dataclass(frozen=True)
class Sample:
    """Orders of the last weeks, cut into periods of one review each."""

    periods: list[list[PastOrder]]
    """orders of each period in order of arrival, the newest period first"""
    weights: list[float]
    """of each period, sum 1"""


def read_sample(orders: pd.DataFrame, as_of: pd.Timestamp, settings: Any) -> Sample:
    """Cut the orders before `as_of` into periods, and weigh them.

    Parameters
    ----------
    settings
        The group `plan`: `review_weeks` is the length of a period, `order_weeks` how far the sample
        reaches back, `order_half_life_weeks` the age at which a period weighs half as much.
    """
    known = orders[orders["date"] < as_of].reset_index(drop=True)
    count = _periods(known, as_of, settings)
    weights = _weights(count, settings)
    periods: list[list[PastOrder]] = [[] for _ in range(count)]
    for date, order in _by_arrival(known):
        period = _period_of(date, as_of, settings)
        if period < count:
            periods[period].append(order)
    return Sample(periods, weights)


def _period_of(date: pd.Timestamp, as_of: pd.Timestamp, settings: Any) -> int:
    """Position of the period that a day lies in: 0 is the one that ends at `as_of`."""
    return ((as_of - date).days - 1) // (7 * int(settings.review_weeks))


def _periods(known: pd.DataFrame, as_of: pd.Timestamp, settings: Any) -> int:
    """Whole periods in the sample, without those before the first order."""
    if known.empty:
        return 0
    reach = int(settings.order_weeks) // int(settings.review_weeks)
    return min(reach, _period_of(known["date"].min(), as_of, settings) + 1)


def _weights(count: int, settings: Any) -> list[float]:
    """Weights that halve with every half-life between the end of a period and the plan."""
    ages = [period * int(settings.review_weeks) for period in range(count)]
    halved = [2.0 ** (-age / float(settings.order_half_life_weeks)) for age in ages]
    total = math.fsum(halved)
    return [each / total for each in halved]


def _by_arrival(known: pd.DataFrame) -> list[tuple[pd.Timestamp, PastOrder]]:
    """Orders with their days, by day and then by the hash of their ids."""
    about: dict[int, tuple[pd.Timestamp, int, str]] = {}
    units: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    columns = (known[name].tolist() for name in ("date", "region", "item", "quantity"))
    marks = order_numbers(known).tolist(), arrival_hashes(known).tolist()
    for date, region, item, quantity, number, sequence in zip(*columns, *marks, strict=True):
        about.setdefault(number, (date, sequence, region))
        units[number][item] += int(quantity)
    return [
        (date, PastOrder(region, dict(units[number])))
        for number, (date, _, region) in sorted(about.items(), key=lambda each: each[1])
    ]
