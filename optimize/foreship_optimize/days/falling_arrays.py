"""Equation 1 of docs/value.md on arrays: which orders of a week fall before a day.

For few cells, which shall wait for no compiler; `falling_loops` does the same for many, to the bit.
A week is halved, and its halves again, and each time the orders inside are dealt to both sides by
the inverse of the binomial law; so all cuts of a week agree. What a uniform number has not
decided is uniform again and decides the next halving.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from foreship_foundation.arrays import Floats, Hashes, Ints
from foreship_optimize.arrays import parts
from foreship_optimize.days.falling import (
    GOLDEN,
    MOST_ORDERS,
    MOST_TOGETHER,
    SLOTS,
    binomial_laws,
    mixed,
    uniform_of,
)

__all__ = ["count_before", "dealt_left", "orders_before"]

BLOCK: Final = 30_000
"""paths dealt at a time: bounds memory, never changes the answer"""


def count_before(
    units: Ints, order: Ints, key: Hashes, size: Floats, day: int, step: float
) -> Ints:
    """Count the units of a week that fall before `day` (equation 1).

    Parameters
    ----------
    units
        Demand of the week, shape (B, S).
    order
        Paths of each cell in the order in which they are dealt uniform numbers, shape (B, S).
    key
        A hash of each cell and the week, shape (B,).
    size
        Units of a usual order, shape (B,).
    day
        1 .. 6.
    step
        By how much the uniform number of a group's next path is larger, modulo 1.

    Returns
    -------
    Shape (B, S).
    """
    part = np.zeros(units.shape, dtype=np.int64)
    for some in parts(len(units), max(1, BLOCK // units.shape[1])):
        dealt = np.take_along_axis(units[some], order[some], axis=1)
        cell, place = np.nonzero(dealt)
        wanted = dealt[cell, place]
        slot = wanted & (SLOTS - 1)
        start = uniform_of(mixed(key[some][cell] ^ mixed(GOLDEN * (slot + 1).astype(np.uint64))))
        uniform = start + turn_in_group(cell * SLOTS + slot) * step
        uniform -= np.floor(uniform)
        state = mixed(key[some][cell] + GOLDEN * (place + 1).astype(np.uint64))
        before = units_before(wanted, size[some][cell], day, uniform, state)
        part[some.start + cell, order[some][cell, place]] = before
    return part


def turn_in_group(group: Ints) -> Ints:
    """How many of the same group stand before each one, shape (N,)."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    turn = np.empty(len(group), dtype=np.int64)
    turn[order] = np.arange(len(group)) - np.searchsorted(ordered, ordered, side="left")
    return turn


def units_before(wanted: Ints, size: Floats, day: int, uniform: Floats, state: Hashes) -> Ints:
    """Units of whole orders before the day: as many orders as come nearest to the usual size."""
    orders = np.clip(np.rint(wanted / size).astype(np.int64), 1, np.minimum(wanted, MOST_ORDERS))
    usual, larger = np.divmod(wanted, orders)
    before = usual * orders_before(orders - larger, day, uniform, state)
    some = np.flatnonzero(larger)
    if len(some):
        again = mixed(state[some] + np.uint64(1))
        more = orders_before(larger[some], day, uniform_of(again), again)
        before[some] += (usual[some] + 1) * more
    return np.asarray(before)


def orders_before(orders: Ints, day: int, uniform: Floats, state: Hashes) -> Ints:
    """How many of some orders fall before the day: halve [0, 7) until the day is an edge."""
    # of one order it is what the halving comes to: the later, the smaller the number
    before = (7.0 * uniform >= 7 - day).astype(np.int64)
    several = np.flatnonzero(orders > 1)
    if not len(several):
        return before
    inside, uniform, state = orders[several], uniform[several], state[several]
    found = np.zeros_like(inside)
    low, high = 0, 7
    while True:
        middle, law = halved(low, high)
        left, uniform, state = dealt_left(inside, law, uniform, state)
        if day == middle:
            break
        if day < middle:
            high, inside = middle, left
            state = mixed(state + np.uint64(middle))
        else:
            low, inside, found = middle, inside - left, found + left
            state = mixed(state + np.uint64(7 + middle))
            # the left side has used what was undecided
            uniform = np.where(left > 0, uniform_of(state), uniform)
    before[several] = found + left
    return before


def halved(low: int, high: int) -> tuple[int, int]:
    """Return where a part of the week is halved, and which of `binomial_laws` deals it."""
    if high - low == 7:
        return 4, 0
    if high - low == 3:
        return low + 2, 2
    return (low + high) // 2, 1


def dealt_left(
    orders: Ints, law: int, uniform: Floats, state: Hashes
) -> tuple[Ints, Floats, Hashes]:
    """Orders on the left side, what is undecided of the uniform numbers, and the next states."""
    laws, orders, uniform, state = binomial_laws()[law], orders.copy(), uniform.copy(), state.copy()
    left = np.zeros_like(orders)
    while len(many := np.flatnonzero(orders > MOST_TOGETHER)):
        left[many] += np.searchsorted(laws[MOST_TOGETHER], uniform[many], side="right")
        orders[many] -= MOST_TOGETHER
        state[many] = mixed(state[many] + GOLDEN)
        uniform[many] = uniform_of(state[many])
    count = first_above(laws, orders, uniform)
    below = np.where(count > 0, laws[orders, np.maximum(count - 1, 0)], 0.0)
    width = laws[orders, count] - below
    rest = np.divide(uniform - below, width, out=np.full(len(count), 0.5), where=width > 0.0)
    return left + count, np.clip(rest, 0.0, 1.0 - 2.0**-53), state


def first_above(laws: Floats, orders: Ints, uniform: Floats) -> Ints:
    """Position of the first value of each one's law above its number, `orders` at most, (N,)."""
    low, high = np.zeros_like(orders), orders.copy()
    apart = np.flatnonzero(low < high)
    while len(apart):
        middle = (low[apart] + high[apart]) // 2
        above = laws[orders[apart], middle] > uniform[apart]
        high[apart] = np.where(above, middle, high[apart])
        low[apart] = np.where(above, low[apart], middle + 1)
        apart = apart[low[apart] < high[apart]]
    return low
