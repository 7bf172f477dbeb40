"""Compiled loops of the search over whole baskets: complete, drop and exchange orders of a region.

What an order pays when it is served is its saving and the idle cost of its units; every unit there
costs its idle cost in every period.
"""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import helper, loop

__all__ = ["improve_region"]

LEAST = 1e-9


@helper
def walked(orders, period, first, cell, units, pays, stock, left, seen, stamp, lacks, money):
    """Walk the orders of a region; write what each lacks and what each period earns.

    Returns the total and the next unused stamp. `lacks` holds units missing by line.
    """
    money[:] = 0.0
    total = 0.0
    now = -1
    for order in orders:
        if period[order] != now:
            now = period[order]
            stamp += 1
        whole = True
        for line in range(first[order], first[order + 1]):
            at = cell[line]
            if seen[at] != stamp:
                seen[at] = stamp
                left[at] = stock[at]
            lacks[line] = max(0, units[line] - left[at])
            if lacks[line] > 0:
                whole = False
        if whole:
            for line in range(first[order], first[order + 1]):
                left[cell[line]] -= units[line]
            money[now] += pays[order]
            total += pays[order]
    return total, stamp


@helper
def room_for(order, first, cell, lacks, volume, item, room, supply, dearer):
    """Whether what an order lacks may be sent: the volume fits and hubs have it."""
    needed = 0.0
    for line in range(first[order], first[order + 1]):
        if lacks[line] > 0:
            at = cell[line]
            if dearer[at] == np.inf or lacks[line] > supply[item[at]]:
                return False
            needed += lacks[line] * volume[at]
    return needed <= room + 1e-9


@helper
def moved(order, first, cell, amount, sign, stock, volume, item, supply):
    """Change the stock by some units of an order's lines; return the volume that moved."""
    taken = 0.0
    for line in range(first[order], first[order + 1]):
        at = cell[line]
        stock[at] += sign * amount[line]
        supply[item[at]] -= sign * amount[line]
        taken += sign * amount[line] * volume[at]
    return taken


@helper
def cost_of(order, first, cell, amount, cost):
    """What the units of an order's lines cost, idle in every period."""
    total = 0.0
    for line in range(first[order], first[order + 1]):
        if amount[line] > 0:
            total += amount[line] * cost[cell[line]]
    return total


@helper
def best_period(after, before):
    """Most that a single period gained."""
    most = 0.0
    for t in range(len(after)):
        most = max(most, after[t] - before[t])
    return most


@loop
def improve_region(
    orders, period, first, cell, units, pays, cost, dearer, volume, item,
    stock, lying, room, supply, careful, exchanges, rounds, lacks, periods,
):  # fmt: skip
    """Complete, drop and exchange whole baskets of one region while that pays.

    Parameters
    ----------
    orders
        The region's orders in order of arrival.
    pays
        (O,) weight x (saving + idle cost of its units).
    cost
        (C,) idle and dearer cost of a unit sent.
    stock, supply
        Changed. Units there with those sent, by cell; units left at hubs, by item.
    lying
        (C,) units that were there, which are never taken away.
    room
        Volume left in the region.
    careful
        A basket must pay without the period in which it pays most; nothing is dropped.
    exchanges
        Whether a basket may also come in the place of another.

    Returns
    -------
    Volume left.
    """
    cells = len(stock)
    left, seen = np.zeros(cells, np.int64), np.full(cells, -1, np.int64)
    now, then = np.zeros(periods), np.zeros(periods)
    spare, gone = np.zeros(len(lacks), np.int64), np.zeros(len(lacks), np.int64)
    stamp = 0
    total, stamp = walked(
        orders, period, first, cell, units, pays, stock, left, seen, stamp, lacks, now
    )
    for _ in range(rounds):
        changed = False
        for order in orders:
            short = 0
            for line in range(first[order], first[order + 1]):
                spare[line] = lacks[line]
                short += lacks[line]
            if short > 0:
                if not room_for(order, first, cell, spare, volume, item, room, supply, dearer):
                    continue
                room -= moved(order, first, cell, spare, 1, stock, volume, item, supply)
                more, stamp = walked(
                    orders, period, first, cell, units, pays, stock, left, seen, stamp, lacks, then
                )
                gain = more - total - cost_of(order, first, cell, spare, cost)
                if careful:
                    gain -= best_period(then, now)
                if gain > LEAST:
                    total, changed = more, True
                    now[:] = then
                else:
                    room -= moved(order, first, cell, spare, -1, stock, volume, item, supply)
                    total, stamp = walked(
                        orders, period, first, cell, units, pays, stock, left, seen, stamp,
                        lacks, now,
                    )  # fmt: skip
                continue
            if careful:
                continue
            # as many of its units as were sent may be taken away: all of them, then line by line
            lines = first[order + 1] - first[order]
            for single in range(-1, lines if lines > 1 else 0):
                some = 0
                for line in range(first[order], first[order + 1]):
                    at = cell[line]
                    gone[line] = 0
                    if single < 0 or line == first[order] + single:
                        gone[line] = min(units[line], stock[at] - lying[at])
                        if single >= 0:
                            gone[line] = min(gone[line], 1)
                    some += gone[line]
                if some == 0:
                    continue
                room -= moved(order, first, cell, gone, -1, stock, volume, item, supply)
                more, stamp = walked(
                    orders, period, first, cell, units, pays, stock, left, seen, stamp, lacks, then
                )
                if more - total + cost_of(order, first, cell, gone, cost) > LEAST:
                    total, changed = more, True
                    now[:] = then
                    break
                room -= moved(order, first, cell, gone, 1, stock, volume, item, supply)
                total, stamp = walked(
                    orders, period, first, cell, units, pays, stock, left, seen, stamp, lacks, now
                )
        if exchanges and not changed:
            # one basket goes, another comes
            for order in orders:
                some = 0
                for line in range(first[order], first[order + 1]):
                    at = cell[line]
                    gone[line] = min(units[line], stock[at] - lying[at])
                    some += gone[line]
                if some == 0:
                    continue
                for other in orders:
                    if other == order:
                        continue
                    room -= moved(order, first, cell, gone, -1, stock, volume, item, supply)
                    _, stamp = walked(
                        orders, period, first, cell, units, pays, stock, left, seen, stamp,
                        lacks, then,
                    )  # fmt: skip
                    short = 0
                    for line in range(first[other], first[other + 1]):
                        spare[line] = lacks[line]
                        short += lacks[line]
                    fits = short > 0 and room_for(
                        other, first, cell, spare, volume, item, room, supply, dearer
                    )
                    if fits:
                        room -= moved(other, first, cell, spare, 1, stock, volume, item, supply)
                        more, stamp = walked(
                            orders, period, first, cell, units, pays, stock, left, seen, stamp,
                            lacks, then,
                        )  # fmt: skip
                        gain = more - total - cost_of(other, first, cell, spare, cost)
                        gain += cost_of(order, first, cell, gone, cost)
                        if gain > LEAST:
                            total, changed = more, True
                            now[:] = then
                            break
                        room -= moved(other, first, cell, spare, -1, stock, volume, item, supply)
                    room -= moved(order, first, cell, gone, 1, stock, volume, item, supply)
                if changed:
                    break
            total, stamp = walked(
                orders, period, first, cell, units, pays, stock, left, seen, stamp, lacks, now
            )
        if not changed:
            break
    return room
