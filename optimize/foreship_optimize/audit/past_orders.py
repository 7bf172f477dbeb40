"""The past orders that the sampled figures of a plan stand on, as the audit reads them."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pandas as pd

from foreship_foundation.orders.order_lines import arrival_hashes, order_numbers

__all__ = ["PERIOD", "PastOrder", "Sample", "read_sample"]

PERIOD = "period"
"""column that tells the periods of given orders"""


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
    """orders of each period in order of arrival; of past orders the newest period first"""
    weights: list[float]
    """of each period, sum 1"""


def read_sample(orders: pd.DataFrame, as_of: pd.Timestamp, settings: Any) -> Sample:
    """Cut the orders before `as_of` into periods, and weigh them.

    Parameters
    ----------
    orders
        Past orders; or with a column `period`, 0 .. T - 1, orders of periods that are alike in
        weight, whatever their dates.
    settings
        The group `plan`: `review_weeks` is the length of a period, `order_weeks` how far the sample
        reaches back, `order_half_life_weeks` the age at which a period weighs half as much.
    """
    if PERIOD in orders.columns:
        count = int(orders[PERIOD].max()) + 1
        return _sample(orders.reset_index(drop=True), orders[PERIOD].tolist(), [1.0] * count)
    known = orders[orders["date"] < as_of].reset_index(drop=True)
    periods = [_period_of(date, as_of, settings) for date in known["date"].tolist()]
    halved = _counts(_periods(known, as_of, settings), settings)
    return _sample(known, periods, halved)


def _sample(lines: pd.DataFrame, period_of: list[int], counts: list[float]) -> Sample:
    """Sort orders into so many periods, and leave out those of none; weights add to 1."""
    periods: list[list[PastOrder]] = [[] for _ in counts]
    for period, order in _by_arrival(lines, period_of):
        if period < len(counts):
            periods[period].append(order)
    total = math.fsum(counts)
    return Sample(periods, [each / total for each in counts])


def _period_of(date: pd.Timestamp, as_of: pd.Timestamp, settings: Any) -> int:
    """Position of the period that a day lies in: 0 is the one that ends at `as_of`."""
    return ((as_of - date).days - 1) // (7 * int(settings.review_weeks))


def _periods(known: pd.DataFrame, as_of: pd.Timestamp, settings: Any) -> int:
    """Whole periods in the sample: none begins before the first order, but the newest may."""
    length = 7 * int(settings.review_weeks)
    days = 0 if known.empty else (as_of - known["date"].min()).days
    return max(1, min(int(settings.order_weeks) // int(settings.review_weeks), days // length))


def _counts(periods: int, settings: Any) -> list[float]:
    """How much each period counts: half with every half-life between its end and the plan."""
    ages = [period * int(settings.review_weeks) for period in range(periods)]
    return [2.0 ** (-age / float(settings.order_half_life_weeks)) for age in ages]


def _by_arrival(lines: pd.DataFrame, period_of: list[int]) -> list[tuple[int, PastOrder]]:
    """Orders with their periods, by day and then by the hash of their ids."""
    about: dict[tuple[int, int], tuple[pd.Timestamp, int, str]] = {}
    units: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    columns = (lines[name].tolist() for name in ("date", "region", "item", "quantity"))
    marks = order_numbers(lines).tolist(), arrival_hashes(lines).tolist(), period_of
    for date, region, item, quantity, number, turn, period in zip(*columns, *marks, strict=True):
        about.setdefault((period, number), (date, turn, region))
        units[period, number][item] += int(quantity)
    return [
        (key[0], PastOrder(region, dict(units[key])))
        for key, (_, _, region) in sorted(about.items(), key=lambda each: each[1])
    ]
