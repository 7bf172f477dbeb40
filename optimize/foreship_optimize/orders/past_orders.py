"""Past orders as a plan by order reads them: whole orders of the last weeks, window by window."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.orders.order_lines import arrival_hashes, one_line_an_order, order_numbers
from foreship_optimize.network.transport.places_and_lanes import Network, codes_of
from foreship_optimize.params import PlanParams

__all__ = ["PERIOD", "BelievedOrders", "PastOrders", "given_orders", "in_one_window", "past_orders"]


PERIOD: Final = "period"
"""column that tells the windows of given orders apart"""


@dataclass(frozen=True)
class BelievedOrders:
    """Orders that a plan believes in the place of past ones, where money is by the order."""

    orders: pd.DataFrame
    """`date, region, item, quantity, order_id`, and with `periods` also `period`"""
    periods: int | None
    """how many windows, each as long as from one plan to the next, `period` counts: 0 .. periods -
    1, all equally likely, also those without an order; None: these are the very orders that come,
    each on its day"""
    left_out: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """of orders that come, those that no region shall serve, by their place in the sequence"""

    def leaving_out(self, more: Ints) -> BelievedOrders:
        """Return the same with more orders that no region shall serve."""
        return replace(self, left_out=np.union1d(self.left_out, more))


@dataclass(frozen=True)
class PastOrders:
    """Orders of T windows in order of arrival: O orders, L lines, one an item of an order.

    A window is as long as the time from one plan to the next.
    """

    period: Ints
    """window of each order, 0 the oldest, never falling, shape (O,)"""
    region: Ints
    """(O,)"""
    first: Ints
    """lines of order o are first[o] : first[o + 1], shape (O + 1,)"""
    item: Ints
    """(L,)"""
    units: Ints
    """(L,), at least 1"""
    count: Floats
    """how much each window counts, the newest as 1, shape (T,)"""

    def __len__(self) -> int:
        return len(self.period)

    @property
    def order(self) -> Ints:
        """Order of each line, shape (L,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.first))

    def where(self, wanted: Bools) -> PastOrders:
        """Return some of the orders, (O,), in their sequence and their windows."""
        sizes = np.diff(self.first)
        lines = np.repeat(wanted, sizes)
        return replace(
            self,
            period=self.period[wanted],
            region=self.region[wanted],
            first=np.append(0, np.cumsum(sizes[wanted])),
            item=self.item[lines],
            units=self.units[lines],
        )

    @property
    def units_of_order(self) -> Ints:
        """Units of each order, shape (O,)."""
        return np.bincount(self.order, self.units, len(self)).astype(np.int64)

    @property
    def weight(self) -> Floats:
        """Weight of each window, sum 1, shape (T,)."""
        return np.asarray(self.count / self.count.sum())


def past_orders(
    orders: pd.DataFrame, network: Network, as_of: pd.Timestamp, plan: PlanParams
) -> PastOrders:
    """Cut the last `plan.order_weeks` weeks before `as_of` into windows; newer ones count more.

    Windows end where a later one begins, the last at `as_of`; one that begins before the first
    order of the table is not looked at.
    """
    days = (as_of - orders["date"]).dt.days.to_numpy()
    length = 7 * plan.review_weeks
    known = int(days.max(initial=0))
    windows = max(1, min(plan.order_weeks // plan.review_weeks, known // length))
    back = (days - 1) // length
    recent = (days > 0) & (back < windows)
    age = plan.review_weeks * np.arange(windows - 1, -1, -1)
    count = 0.5 ** (age / plan.order_half_life_weeks)
    lines = orders[recent].assign(**{PERIOD: windows - 1 - back[recent]})
    return _in_order_of_arrival(lines, network, count)


def given_orders(orders: pd.DataFrame, network: Network, periods: int) -> PastOrders:
    """Read orders whose windows are told by a column `period`, all alike in weight.

    Parameters
    ----------
    periods
        How many windows there are, T; the last ones may be without an order.

    Raises
    ------
    ValueError
        For no window, or an order of none: `period` outside 0 .. T - 1.
    """
    told = orders[PERIOD]
    if periods < 1 or not told.between(0, periods - 1).all():
        raise ValueError(
            f"orders must lie in periods 0 to {periods - 1}, and at least one; they lie in "
            f"{told.min()} to {told.max()}"
        )
    return _in_order_of_arrival(orders, network, np.ones(periods))


def in_one_window(orders: PastOrders) -> PastOrders:
    """Return orders as those of a single window."""
    return replace(orders, period=np.zeros_like(orders.period), count=np.ones(1))


def _in_order_of_arrival(lines: pd.DataFrame, network: Network, count: Floats) -> PastOrders:
    """Put whole orders into a sequence that rows of the table have no say in."""
    lines = one_line_an_order(lines)
    region, item = (
        codes_of(lines["region"], network.regions),
        codes_of(lines["item"], network.items),
    )
    period, units = (lines[name].to_numpy(np.int64) for name in (PERIOD, "quantity"))
    number, turn = order_numbers(lines), arrival_hashes(lines)
    # the sequence of an order is that of its id: the same for all its lines
    sequence = np.lexsort((item, number, turn, region, lines["date"].to_numpy(), period))
    starts = np.flatnonzero(np.diff(number[sequence], prepend=-1))
    first = np.append(starts, len(sequence))
    head = sequence[starts]
    return PastOrders(
        period=period[head],
        region=region[head],
        first=first,
        item=item[sequence],
        units=units[sequence],
        count=count,
    )
