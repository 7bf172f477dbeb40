"""Equation 1 of docs/value.md in compiled loops: demand until several days, cell by cell."""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import loop
from foreship_optimize.days.falling import GOLDEN, SLOTS
from foreship_optimize.days.falling_loops import units_before
from foreship_optimize.days.taking_part_loops import mix, uniform

__all__ = ["add_until"]


@loop
def add_until(units, order, key, size, days, turn, step, laws, found):
    """Write the demand of some cells until the start of each of some days.

    Parameters
    ----------
    units
        Demand of each week, (B, H, S).
    order
        Paths of each cell in the order in which they are dealt uniform numbers, (B, S).
    key
        A hash of each cell, (B,).
    size
        Units of a usual order, (B,).
    days
        From the first week on, ascending, none beyond its last, (D,).
    turn, step
        Of each week: what its hash is added to a cell's, and by how much the number of a group's
        next path is larger, modulo 1, (H,).
    laws
        P(X <= k) for each of the three shares and n orders, (3, MOST_TOGETHER + 1, same).
    found
        Written, (B, D, S).
    """
    paths = units.shape[2]
    turns, starts = np.zeros(SLOTS, np.int64), np.zeros(SLOTS)
    total = np.zeros(paths, np.int64)
    for cell in range(len(units)):
        total[:] = 0
        week = 0
        for place in range(len(days)):
            whole, rest = days[place] // 7, days[place] % 7
            while week < whole:
                for path in range(paths):
                    total[path] += units[cell, week, path]
                week += 1
            for path in range(paths):
                found[cell, place, path] = total[path]
            if rest == 0:
                continue
            turns[:] = 0
            hashed = mix(key[cell] + turn[week])
            for at in range(paths):
                path = order[cell, at]
                wanted = np.int64(units[cell, week, path])
                if wanted == 0:
                    continue
                slot = wanted & (SLOTS - 1)
                if turns[slot] == 0:
                    starts[slot] = uniform(mix(hashed ^ mix(GOLDEN * np.uint64(slot + 1))))
                number = starts[slot] + turns[slot] * step[week]
                number -= np.floor(number)
                turns[slot] += 1
                state = mix(hashed + GOLDEN * np.uint64(at + 1))
                found[cell, place, path] += units_before(
                    laws, wanted, size[cell], rest, number, state
                )
