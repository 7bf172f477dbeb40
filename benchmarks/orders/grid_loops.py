"""One week's orders walked through every stock that makes a difference to it, compiled."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True)
def add_weeks(first, units, worth, top, strides, total):
    """Add to `total` what the weeks earn at every stock, as differences along every item.

    What a week earns depends on min(stock, what the week wants of the item) alone: it is
    walked at these points only. The cumulative sums of `total` over all items, the first one
    fastest, are what all the weeks earn at each stock 0 .. top.

    Parameters: first (weeks + 1,) where the orders of a week begin; units (O, I); worth (O,);
    top, strides (I,); total (prod(top + 1),).
    """
    items = len(top)
    wanted = np.zeros(items, np.int64)
    point = np.zeros(items, np.int64)
    left = np.zeros(items, np.int64)
    for week in range(len(first) - 1):
        begin, end = first[week], first[week + 1]
        size = 1
        for item in range(items):
            want = 0
            for order in range(begin, end):
                want += units[order, item]
            wanted[item] = min(want, top[item])
            size *= wanted[item] + 1
        earned = np.zeros(size)
        point[:] = 0
        for place in range(size):
            left[:] = point
            for order in range(begin, end):
                whole = True
                for item in range(items):
                    whole = whole and left[item] >= units[order, item]
                if whole:
                    earned[place] += worth[order]
                    for item in range(items):
                        left[item] -= units[order, item]
            _next(point, wanted)
        step = 1
        for item in range(items):
            length = wanted[item] + 1
            for place in range(size - 1, -1, -1):
                if (place // step) % length > 0:
                    earned[place] -= earned[place - step]
            step *= length
        point[:] = 0
        for place in range(size):
            position = 0
            for item in range(items):
                position += point[item] * strides[item]
            total[position] += earned[place]
            _next(point, wanted)


@njit(cache=True)
def _next(point, most):
    """Count up: the first item fastest."""
    for item in range(len(most)):
        if point[item] < most[item]:
            point[item] += 1
            return
        point[item] = 0
