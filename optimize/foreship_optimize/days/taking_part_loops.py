"""Compiled loops that deal whole orders of a week by chance: which of them take part."""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import helper, loop
from foreship_optimize.days.falling import MOST_ORDERS, MOST_TOGETHER, SLOTS

__all__ = ["deal_orders"]


@helper
def mix(word):
    """Mix bits by the finaliser of splitmix64 (doi:10.1145/2660193.2660195)."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@helper
def uniform(word):
    """Return a number in [0, 1) of 53 bits."""
    return np.float64(word >> np.uint64(11)) * 2.0**-53


@helper
def quantile(orders, share, number):
    """Inverse of the binomial law of at most `MOST_TOGETHER` orders at a number in [0, 1)."""
    if share >= 1.0:
        return orders
    # of the rarer of the two, so that the chance of none is never too small to hold
    rest = share > 0.5
    if rest:
        share, number = 1.0 - share, 1.0 - number
    mass = (1.0 - share) ** orders
    odds = share / (1.0 - share)
    below, count = mass, 0
    while number >= below and count < orders:
        mass *= (orders - count) / (count + 1.0) * odds
        count += 1
        below += mass
    return orders - count if rest else count


@loop
def deal_orders(units, order, key, size, share, step, part):
    """Write the units of the orders that take part in one week.

    Parameters
    ----------
    units
        Demand of the week, (B, S).
    order
        Paths of each cell in the order in which they are dealt uniform numbers, (B, S).
    key
        A hash of each cell and the week, (B,).
    size
        Units of a usual order, (B,).
    share
        Chance of each order to take part, (B,).
    step
        By how much the number of a group's next path is larger, modulo 1.
    part
        Written, (B, S).
    """
    golden = np.uint64(0x9E3779B97F4A7C15)
    turns = np.zeros(SLOTS, np.int64)
    starts = np.zeros(SLOTS)
    for cell in range(len(units)):
        if share[cell] <= 0.0:
            part[cell, :] = 0
            continue
        turns[:] = 0
        for place in range(units.shape[1]):
            path = order[cell, place]
            wanted = np.int64(units[cell, path])
            if wanted == 0:
                part[cell, path] = 0
                continue
            slot = wanted & (SLOTS - 1)
            if turns[slot] == 0:
                starts[slot] = uniform(mix(key[cell] ^ mix(golden * np.uint64(slot + 1))))
            number = starts[slot] + turns[slot] * step
            number -= np.floor(number)
            turns[slot] += 1
            orders = np.int64(np.rint(wanted / size[cell]))
            orders = max(1, min(orders, wanted, MOST_ORDERS))
            state = mix(key[cell] + golden * np.uint64(place + 1))
            left, count = orders, 0
            while left > MOST_TOGETHER:
                count += quantile(MOST_TOGETHER, share[cell], number)
                left -= MOST_TOGETHER
                state = mix(state + golden)
                number = uniform(state)
            count += quantile(left, share[cell], number)
            usual, larger = wanted // orders, wanted % orders
            some = 0
            if larger > 0:
                state = mix(state + np.uint64(1))
                some = np.int64(np.floor(count * larger / orders + uniform(state)))
            part[cell, path] = count * usual + min(some, count)
