"""Compiled loops of equation 1 of docs/value.md: which orders of a week fall before a day.

A week is halved, and its halves again, and each time the orders inside are dealt to both sides by
the inverse of the binomial law; so all cuts of a week agree. What a uniform number has not
decided is uniform again and decides the next halving.
"""

from __future__ import annotations

import functools

import numpy as np

from foreship_foundation.arrays import Floats
from foreship_optimize.compiled import helper, loop

__all__ = ["MOST_TOGETHER", "binomial_laws", "count_before"]

MOST_TOGETHER = 128
"""orders dealt by one look into the table of laws; more are dealt in parts"""
SLOTS = 256
"""groups of paths by demand whose uniform numbers are spread evenly by themselves, a power of 2"""
MOST_ORDERS = 4096
"""orders told apart in a week and path; more of them stand together"""
LEFT_OF_FOUR = 4.0 / 7.0
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@functools.cache
def binomial_laws() -> Floats:
    """P(X <= k) for shares 4/7, 1/2, 2/3 and n orders, shape (3, MOST_TOGETHER + 1, same)."""
    width = MOST_TOGETHER + 1
    laws = np.zeros((3, width, width))
    for row, share in enumerate((LEFT_OF_FOUR, 1.0 / 2.0, 2.0 / 3.0)):
        laws[row, 0, 0] = 1.0
        for n in range(1, width):
            laws[row, n] = laws[row, n - 1] * (1.0 - share)
            laws[row, n, 1:] += laws[row, n - 1, :-1] * share
    return np.minimum(np.cumsum(laws, axis=2), 1.0)


@loop
def count_before(units, order, key, size, day, step, laws, part):
    """Write the units of a week that fall before `day` (equation 1).

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
    laws
        `binomial_laws()`.
    part
        Written, shape (B, S).
    """
    cells, paths = units.shape
    dealt = np.zeros(SLOTS, np.int64)
    start = np.zeros(SLOTS)
    for cell in range(cells):
        dealt[:] = 0
        for place in range(paths):
            path = order[cell, place]
            wanted = units[cell, path]
            if wanted == 0:
                part[cell, path] = 0
                continue
            slot = wanted & (SLOTS - 1)
            if dealt[slot] == 0:
                start[slot] = _uniform(_mix(key[cell] ^ _mix(GOLDEN * np.uint64(slot + 1))))
            uniform = start[slot] + dealt[slot] * step
            dealt[slot] += 1
            uniform -= np.floor(uniform)
            state = _mix(key[cell] + GOLDEN * np.uint64(place + 1))
            part[cell, path] = _units_before(wanted, size[cell], day, uniform, state, laws)


@helper
def _units_before(wanted, size, day, uniform, state, laws):
    """Units of whole orders before the day: as many orders as come nearest to the usual size."""
    if size == 1.0 and wanted <= MOST_ORDERS:
        return _orders_before(wanted, day, uniform, state, laws)
    orders = min(max(np.int64(np.rint(wanted / size)), 1), wanted, MOST_ORDERS)
    usual = wanted // orders
    larger = wanted - usual * orders
    before = usual * _orders_before(orders - larger, day, uniform, state, laws)
    if larger > 0:
        state = _mix(state + np.uint64(1))
        before += (usual + 1) * _orders_before(larger, day, _uniform(state), state, laws)
    return before


@helper
def _orders_before(orders, day, uniform, state, laws):
    """How many of some orders fall before the day: halve [0, 7) until the day is an edge."""
    if orders == 1:  # what the halving comes to: the later, the smaller the number
        return np.int64(7.0 * uniform >= 7 - day)
    low, high, inside, before = 0, 7, orders, 0
    while True:
        if high - low == 7:
            middle, law = 4, 0
        elif high - low == 3:
            middle, law = low + 2, 2
        else:
            middle, law = (low + high) // 2, 1
        left, uniform, state = _dealt_left(inside, law, uniform, state, laws)
        if day == middle:
            return before + left
        if day < middle:
            high, inside = middle, left
            state = _mix(state + np.uint64(middle))
        else:
            low, inside, before = middle, inside - left, before + left
            state = _mix(state + np.uint64(7 + middle))
            if left > 0:  # the left side has used what was undecided
                uniform = _uniform(state)


@helper
def _dealt_left(orders, law, uniform, state, laws):
    """Orders on the left side, what is undecided of the uniform number, and the next state."""
    left = np.int64(0)
    while orders > MOST_TOGETHER:
        left += _inverse(laws[law, MOST_TOGETHER], MOST_TOGETHER, uniform)
        orders -= MOST_TOGETHER
        state = _mix(state + GOLDEN)
        uniform = _uniform(state)
    table = laws[law, orders]
    count = _inverse(table, orders, uniform)
    below = table[count - 1] if count > 0 else 0.0
    width = table[count] - below
    rest = (uniform - below) / width if width > 0.0 else 0.5
    return left + count, min(max(rest, 0.0), 1.0 - 2.0**-53), state


@helper
def _inverse(table, orders, uniform):
    """Smallest k with uniform < P(X <= k), looked for from the middle on: few steps away."""
    count = orders // 2
    while count < orders and uniform >= table[count]:
        count += 1
    while count > 0 and uniform < table[count - 1]:
        count -= 1
    return count


@helper
def _mix(word):
    """Mix bits by the finaliser of splitmix64 (doi:10.1145/2660193.2660195)."""
    word ^= word >> np.uint64(30)
    word *= np.uint64(0xBF58476D1CE4E5B9)
    word ^= word >> np.uint64(27)
    word *= np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@helper
def _uniform(word):
    """Return a number in [0, 1) of 53 bits."""
    return np.float64(word >> np.uint64(11)) * 2.0**-53
