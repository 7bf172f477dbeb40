"""Windows drawn anew from past orders: every order may come in any of them, or in none.

Past weeks are a few draws of a law. A plan that fits their chance meetings of orders gains less
on those to come; on redrawn windows (docs/value.md, section 9) such meetings come and go.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from foreship_foundation.arrays import Floats, Hashes, Ints
from foreship_optimize.days.falling import mixed, uniform_of
from foreship_optimize.orders.baskets import Baskets

__all__ = ["WINDOWS", "redrawn"]

WINDOWS: Final = 240
MOST_TIMES: Final = 8
"""an order comes no more often than this in one window"""
STRIDE: Final = 0x9E3779B97F4A7C15


def redrawn(baskets: Baskets, turn: Hashes, windows: int = WINDOWS) -> Baskets:
    """Let each order come a Poisson number of times a window, in the mean as often as it counts.

    What is drawn for an order hangs on its own number alone, so that the same order is drawn alike
    in the plan of the next week.

    Parameters
    ----------
    turn
        A fixed random number of each order, (O,).

    Returns
    -------
    So many windows of equal weight.
    """
    below = _chance_of_no_more(baskets.weight)[baskets.period]
    window, order, place = [], [], []
    for number in range(windows):
        words = mixed(turn + np.uint64((number + 1) * STRIDE % 2**64))
        times = (uniform_of(words)[:, None] >= below).sum(axis=1)
        some = np.flatnonzero(times)
        again = np.repeat(some, times[some])
        later = np.arange(len(again)) - np.searchsorted(again, again)
        window.append(np.full(len(again), number))
        order.append(again)
        place.append(mixed(words[again] + later.astype(np.uint64)))
    came = np.concatenate(order) if order else np.zeros(0, dtype=np.int64)
    period = np.concatenate(window) if window else came
    sequence = np.lexsort((np.concatenate(place), period)) if len(came) else came
    return _of_orders(baskets, period[sequence], came[sequence], windows)


def _chance_of_no_more(rate: Floats) -> Floats:
    """Chance that a Poisson number is at most 0, 1, .. MOST_TIMES - 1, (T, MOST_TIMES)."""
    mass = np.exp(-rate)
    found = [mass]
    for times in range(1, MOST_TIMES):
        mass = mass * rate / times
        found.append(found[-1] + mass)
    return np.stack(found, axis=1)


def _of_orders(baskets: Baskets, period: Ints, order: Ints, windows: int) -> Baskets:
    """Lay the lines of some orders out one after the other."""
    sizes = np.diff(baskets.first)[order]
    first = np.append(0, np.cumsum(sizes))
    line = np.arange(first[-1]) + np.repeat(baskets.first[order] - first[:-1], sizes)
    return Baskets(
        period=period,
        first=first,
        cell=baskets.cell[line],
        units=baskets.units[line],
        saving=baskets.saving[order],
        weight=np.full(windows, 1.0 / windows),
    )
