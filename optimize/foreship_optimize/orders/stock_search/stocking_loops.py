"""Compiled loops of stocking by credit: what each unit gains, and which fit."""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import helper, loop

__all__ = ["fill_by_gain", "unit_gains"]

SURE = 1e-12


@helper
def add_thinned_tail(tail, units, share, weight):
    """Add P(at least k of n take part) for k = 1 .. n; each does with the chance `share`."""
    if share >= 1.0:
        for k in range(units):
            tail[k] += weight
        return
    # from the mean outwards: the mass there never vanishes however many there are
    mean = min(units, int((units + 1) * share))
    mass = np.empty(units + 1)
    mass[mean] = 1.0
    odds = share / (1.0 - share)
    for k in range(mean, units):
        mass[k + 1] = mass[k] * (units - k) / (k + 1.0) * odds
    for k in range(mean, 0, -1):
        mass[k - 1] = mass[k] * k / ((units - k + 1.0) * odds)
    total = mass.sum()
    above = 0.0
    for k in range(units, 0, -1):
        above += mass[k]
        tail[k - 1] += weight * above / total


@loop
def unit_gains(
    first, wants, chance, share, net, idle, dearer, retained, windows, lying, start, gain
):
    """Write what the k-th unit sent to each cell gains, beyond those that lie there.

    Parameters
    ----------
    first, wants, chance
        The law of need, as in `NeedLaw`.
    retained, windows
        Worth of a unit that stays, (C,), and in how many windows a unit has to bring in its cost.
    start
        (C + 1,) where the gains of each cell begin: as many as its law may want beyond `lying`.
    gain
        Written, (G,).
    """
    for cell in range(len(share)):
        count = start[cell + 1] - start[cell]
        if count == 0:
            continue
        most = wants[first[cell + 1] - 1]  # there is one, or there were no units to value
        tail = np.zeros(max(most, lying[cell] + count))
        if share[cell] > 0.0:
            for row in range(first[cell], first[cell + 1]):
                add_thinned_tail(tail, wants[row], share[cell], chance[row])
        for unit in range(count):
            sold = tail[lying[cell] + unit]
            earns = sold * net[cell] - (1.0 - sold) * idle[cell]
            if windows * sold * (net[cell] + retained[cell]) < retained[cell] + dearer[cell]:
                gain[start[cell] + unit] = -np.inf
            else:
                gain[start[cell] + unit] = earns - dearer[cell]


@loop
def fill_by_gain(order, cell, gain, region, item, volume, room, supply, sent):
    """Send units best first while there is room and supply; later units of a cell need earlier.

    Parameters
    ----------
    order
        Positions of the units, best first.
    room, supply, sent
        Changed.
    """
    closed = np.zeros(len(sent), np.bool_)
    for at in order:
        c = cell[at]
        if gain[at] <= SURE or closed[c]:
            closed[c] = True
            continue
        if supply[item[c]] < 1 or volume[c] > room[region[c]] + 1e-9:
            closed[c] = True
            continue
        sent[c] += 1
        supply[item[c]] -= 1
        room[region[c]] -= volume[c]
