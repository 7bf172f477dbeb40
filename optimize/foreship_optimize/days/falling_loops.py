"""Equation 1 of docs/value.md in compiled loops: which orders of a week fall before a day.

A week is halved, and its halves again, and each time the orders inside are dealt to both sides by
the inverse of the binomial law; so all cuts of a week agree. What a uniform number has not
decided is uniform again and decides the next halving.
"""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import helper
from foreship_optimize.days.falling import GOLDEN, MOST_ORDERS, MOST_TOGETHER
from foreship_optimize.days.taking_part_loops import mix, uniform

__all__ = ["units_before"]

ALMOST_ONE = 1.0 - 2.0**-53


@helper
def first_above(law, orders, number):
    """Position of the first value of a law above a number, `orders` at most."""
    low, high = 0, orders
    while low < high:
        middle = (low + high) // 2
        if law[middle] > number:
            high = middle
        else:
            low = middle + 1
    return low


@helper
def dealt_left(laws, orders, number, state):
    """Return orders on the left side, what is undecided of the number, and the next state."""
    left = 0
    while orders > MOST_TOGETHER:
        left += first_above(laws[MOST_TOGETHER], MOST_TOGETHER + 1, number)
        orders -= MOST_TOGETHER
        state = mix(state + GOLDEN)
        number = uniform(state)
    law = laws[orders]
    count = first_above(law, orders, number)
    below = law[count - 1] if count > 0 else 0.0
    width = law[count] - below
    rest = (number - below) / width if width > 0.0 else 0.5
    return left + count, min(max(rest, 0.0), ALMOST_ONE), state


@helper
def orders_before(laws, orders, day, number, state):
    """How many of some orders fall before the day: halve [0, 7) until the day is an edge."""
    if orders == 1:
        # of one order it is what the halving comes to: the later, the smaller the number
        return 1 if 7.0 * number >= 7 - day else 0
    low, high, found = 0, 7, 0
    while True:
        if high - low == 7:
            middle, law = 4, 0
        elif high - low == 3:
            middle, law = low + 2, 2
        else:
            middle, law = (low + high) // 2, 1
        left, number, state = dealt_left(laws[law], orders, number, state)
        if day == middle:
            return found + left
        if day < middle:
            high, orders = middle, left
            state = mix(state + np.uint64(middle))
        else:
            low, orders, found = middle, orders - left, found + left
            state = mix(state + np.uint64(7 + middle))
            if left > 0:
                # the left side has used what was undecided
                number = uniform(state)


@helper
def units_before(laws, wanted, size, day, number, state):
    """Units of whole orders before the day: as many orders as come nearest to the usual size."""
    orders = np.int64(np.rint(wanted / size))
    orders = max(1, min(orders, wanted, MOST_ORDERS))
    usual, larger = wanted // orders, wanted % orders
    before = usual * orders_before(laws, orders - larger, day, number, state)
    if larger > 0:
        again = mix(state + np.uint64(1))
        more = orders_before(laws, larger, day, uniform(again), again)
        before += (usual + 1) * more
    return before
