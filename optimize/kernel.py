"""Compiled loops of the item's subproblem (docs/program.md, section 9); numba is imported here.

Imported only where a problem is decomposed. Each function is plain Python as well
(`function.py_func`); arrays in, arrays out, and ties go to the lowest index.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from optimize.problem import Floats, Ints

__all__ = ["At", "Book", "price_items"]

WORTH = 1e-12
"""least gain of a step, relative to nothing: below lies float noise"""


class Book(NamedTuple):
    """Items that only ships reach, one after the other: item, its cells, their ways and tiers.

    Sorted by (item, region); `a_b[i]:a_b[i + 1]` are the b of the i-th a.
    """

    item_cells: Ints
    item_shelves: Ints
    volume: Floats
    """of a unit, by item"""
    shelf_units: Ints
    cell_ways: Ints
    cell_tiers: Ints
    cell_storage: Ints
    """coupling row of the cell's region, -1 where it has no limit"""
    cell_loss: Floats
    need: Ints
    """(cells, scenarios), clipped to the cell's units"""
    way_shelf: Ints
    """position among the item's shelves"""
    way_lane: Ints
    """coupling row of the lane, -1 where it has no limit"""
    way_cost: Floats
    """lane and lateness [money a unit]"""
    way_dearer: Floats
    tier_width: Ints
    tier_value: Floats
    """mean worth of a unit"""


class At(NamedTuple):
    """The prices at which items are solved."""

    rows: Floats
    """of each coupling row, >= 0"""
    way_locks: Floats
    """what each way pays for locks; empty without any"""
    dearer: Floats
    """price of freight above the cheapest way in, shape (1,)"""
    outcomes: Ints
    """outcomes with weight"""
    weights: Floats
    """their weights"""


@njit(cache=True)
def price_items(book, at, items, groups, quantity, shelf_price, least, cost, used, loss):
    """Solve each item at the prices; write plan, shelf prices and least; add up by group.

    Parameters
    ----------
    items, groups
        Positions in the book, and the group that each one's sums go to.
    quantity, shelf_price, least
        Written: units by way, price by shelf, least reduced cost by item (<= 0).
    cost, used, loss
        Added to, by group: true cost; use of the coupling rows; loss of the outcomes.
    """
    hubs = 1
    cells = 1
    tiers = 1
    for place in range(len(items)):
        item = items[place]
        first, last = book.item_cells[item], book.item_cells[item + 1]
        hubs = max(hubs, book.item_shelves[item + 1] - book.item_shelves[item])
        cells = max(cells, last - first)
        tiers = max(tiers, book.cell_tiers[last] - book.cell_tiers[first])
    way = np.empty((cells, hubs))
    via = np.empty((cells, hubs), np.int64)
    flow = np.zeros((cells, hubs), np.int64)
    worth = np.empty(tiers)
    tier = np.empty(cells, np.int64)
    stop = np.empty(cells, np.int64)
    room = np.empty(cells, np.int64)
    left = np.empty(hubs, np.int64)
    for place in range(len(items)):
        item = items[place]
        shelves = book.item_shelves[item + 1] - book.item_shelves[item]
        base = book.cell_tiers[book.item_cells[item]]
        _values(book, at, item, way, via, worth, tier, stop)
        oversold = _cheapest(book, item, base, way, flow, worth, tier, stop, left)
        if oversold:
            _shortest(book, item, base, way, flow, worth, tier, stop, room, left)
        first_shelf = book.item_shelves[item]
        for shelf in range(shelves):
            shelf_price[first_shelf + shelf] = 0.0
        if oversold:
            _shelf_prices(book, item, base, way, flow, worth, tier, stop, left, shelf_price)
        least[item] = _add_up(
            book, item, groups[place], base, way, via, flow, worth, quantity, cost, used, loss
        )


@njit(cache=True)
def _values(book, at, item, way, via, worth, tier, stop):
    """Charge the item's ways and tiers; `tier`, `stop` are each cell's tiers that could pay."""
    shelves = book.item_shelves[item + 1] - book.item_shelves[item]
    first = book.item_cells[item]
    base = book.cell_tiers[first]
    volume = book.volume[item]
    for cell in range(first, book.item_cells[item + 1]):
        row = cell - first
        for shelf in range(shelves):
            way[row, shelf] = np.inf
            via[row, shelf] = -1
        storage = book.cell_storage[cell]
        stored = 0.0 if storage < 0 else volume * at.rows[storage]
        cheapest = np.inf
        for each in range(book.cell_ways[cell], book.cell_ways[cell + 1]):
            lane = book.way_lane[each]
            charge = book.way_cost[each] + at.dearer[0] * book.way_dearer[each] + stored
            if len(at.way_locks):
                charge += at.way_locks[each]
            if lane >= 0:
                charge += volume * at.rows[lane]
            shelf = book.way_shelf[each]
            if charge < way[row, shelf]:
                way[row, shelf] = charge
                via[row, shelf] = each
            cheapest = min(cheapest, charge)
        low, high = book.cell_tiers[cell], book.cell_tiers[cell + 1]
        end = low
        while end < high and book.tier_value[end] > cheapest:
            worth[end - base] = book.tier_value[end]
            end += 1
        tier[row] = low - base
        stop[row] = end - base
        if end > low and len(at.weights):
            _charge_risk(book, at, cell, low, end, base, worth)


@njit(cache=True)
def _charge_risk(book, at, cell, low, end, base, worth):
    """Take from each tier what its units add to the weighted outcomes (equation 8)."""
    units = 0
    for each in range(low, end):
        units += book.tier_width[each]
    unneeded = np.zeros(units + 1)
    for place in range(len(at.weights)):
        need = book.need[cell, at.outcomes[place]]
        if need < units:
            unneeded[need] += at.weights[place]
    ahead = 0
    weight = 0.0
    for each in range(low, end):
        total = 0.0
        for _ in range(book.tier_width[each]):
            weight += unneeded[ahead]
            total += weight
            ahead += 1
        worth[each - base] -= book.cell_loss[cell] * total / book.tier_width[each]


@njit(cache=True)
def _cheapest(book, item, base, way, flow, worth, tier, stop, left):
    """Fill every cell from its cheapest shelf; True if that sells a shelf's units twice."""
    shelves = book.item_shelves[item + 1] - book.item_shelves[item]
    first = book.item_cells[item]
    for shelf in range(shelves):
        left[shelf] = book.shelf_units[book.item_shelves[item] + shelf]
    for row in range(book.item_cells[item + 1] - first):
        best = 0
        for shelf in range(shelves):
            flow[row, shelf] = 0
            if way[row, shelf] < way[row, best]:
                best = shelf
        each = tier[row]
        while each < stop[row] and worth[each] - way[row, best] > WORTH:
            width = book.tier_width[base + each]
            flow[row, best] += width
            left[best] -= width
            each += 1
        stop[row] = each
    for shelf in range(shelves):
        if left[shelf] < 0:
            return True
    return False


@njit(cache=True)
def _shortest(book, item, base, way, flow, worth, tier, stop, room, left):
    """Successive shortest paths: the unit that gains most next, rerouting others if need be.

    Shelves are the nodes; an exchange moves units of one cell from a full shelf to another.
    """
    shelves = book.item_shelves[item + 1] - book.item_shelves[item]
    first = book.item_cells[item]
    rows = book.item_cells[item + 1] - first
    for shelf in range(shelves):
        left[shelf] = book.shelf_units[book.item_shelves[item] + shelf]
    for row in range(rows):
        room[row] = book.tier_width[base + tier[row]] if tier[row] < stop[row] else 0
        for shelf in range(shelves):
            flow[row, shelf] = 0
    exchange = np.empty((shelves, shelves))
    mover = np.empty((shelves, shelves), np.int64)
    far = np.empty(shelves)
    onward = np.empty(shelves, np.int64)
    unit = np.empty(rows)
    source = np.empty(rows, np.int64)
    stale = True
    while True:
        if stale:
            _distances(shelves, rows, way, flow, tier, stop, left, exchange, mover, far, onward)
            for row in range(rows):
                unit[row] = np.inf
                source[row] = -1
                if tier[row] < stop[row]:
                    for shelf in range(shelves):
                        if far[shelf] + way[row, shelf] < unit[row]:
                            unit[row] = far[shelf] + way[row, shelf]
                            source[row] = shelf
        best = -1
        gain = WORTH
        for row in range(rows):
            if tier[row] < stop[row] and worth[tier[row]] - unit[row] > gain:
                gain = worth[tier[row]] - unit[row]
                best = row
        if best < 0:
            return
        shelf = source[best]
        amount = room[best]
        direct = left[shelf] > 0
        while left[shelf] == 0:
            amount = min(amount, flow[mover[shelf, onward[shelf]], shelf])
            shelf = onward[shelf]
        amount = min(amount, left[shelf])
        shelf = source[best]
        flow[best, shelf] += amount
        while left[shelf] == 0:
            after = onward[shelf]
            moved = mover[shelf, after]
            flow[moved, shelf] -= amount
            flow[moved, after] += amount
            shelf = after
        left[shelf] -= amount
        room[best] -= amount
        stale = left[shelf] == 0 or not direct
        if room[best] == 0:
            tier[best] += 1
            if tier[best] < stop[best]:
                room[best] = book.tier_width[base + tier[best]]


@njit(cache=True)
def _distances(shelves, rows, way, flow, tier, stop, left, exchange, mover, far, onward):
    """Cheapest way to free a unit at each full shelf (Bellman-Ford over few shelves)."""
    for full in range(shelves):
        far[full] = 0.0 if left[full] > 0 else np.inf
        onward[full] = -1
        if left[full] > 0:
            continue
        for other in range(shelves):
            exchange[full, other] = np.inf
            mover[full, other] = -1
        for row in range(rows):
            if flow[row, full] > 0:
                for other in range(shelves):
                    if other != full and way[row, other] - way[row, full] < exchange[full, other]:
                        exchange[full, other] = way[row, other] - way[row, full]
                        mover[full, other] = row
    for _ in range(shelves):
        changed = False
        for full in range(shelves):
            if left[full] > 0:
                continue
            for other in range(shelves):
                if other == full or mover[full, other] < 0:
                    continue
                if exchange[full, other] + far[other] < far[full] - WORTH:
                    far[full] = exchange[full, other] + far[other]
                    onward[full] = other
                    changed = True
        if not changed:
            return


@njit(cache=True)
def _shelf_prices(book, item, base, way, flow, worth, tier, stop, left, shelf_price):
    """Find what one unit more on each shelf would gain: the dual of equation 3."""
    shelves = book.item_shelves[item + 1] - book.item_shelves[item]
    start = book.item_shelves[item]
    rows = book.item_cells[item + 1] - book.item_cells[item]
    for shelf in range(shelves):
        best = 0.0
        if left[shelf] == 0:
            for row in range(rows):
                if tier[row] < stop[row]:
                    best = max(best, worth[tier[row]] - way[row, shelf])
        shelf_price[start + shelf] = best
    for _ in range(shelves):
        changed = False
        for shelf in range(shelves):
            if left[shelf] > 0:
                continue
            for row in range(rows):
                for other in range(shelves):
                    if other != shelf and flow[row, other] > 0:
                        freed = way[row, other] - way[row, shelf] + shelf_price[start + other]
                        if freed > shelf_price[start + shelf] + WORTH:
                            shelf_price[start + shelf] = freed
                            changed = True
        if not changed:
            return


@njit(cache=True)
def _add_up(book, item, group, base, way, via, flow, worth, quantity, cost, used, loss):
    """Write the item's plan, add its use to its group, and return its reduced cost."""
    first = book.item_cells[item]
    shelves = book.item_shelves[item + 1] - book.item_shelves[item]
    volume = book.volume[item]
    reduced = 0.0
    dearer = 0.0
    for cell in range(first, book.item_cells[item + 1]):
        row = cell - first
        for each in range(book.cell_ways[cell], book.cell_ways[cell + 1]):
            quantity[each] = 0
        units = 0
        for shelf in range(shelves):
            amount = flow[row, shelf]
            if amount == 0:
                continue
            each = via[row, shelf]
            quantity[each] = amount
            units += amount
            reduced += amount * way[row, shelf]
            cost[group] += amount * book.way_cost[each]
            if book.way_lane[each] >= 0:
                used[group, book.way_lane[each]] += volume * amount
            dearer += amount * book.way_dearer[each]
        if units == 0:
            continue
        if book.cell_storage[cell] >= 0:
            used[group, book.cell_storage[cell]] += volume * units
        full = 0
        part = 0
        width = 1
        each = book.cell_tiers[cell]
        while full + part < units:
            width = book.tier_width[each]
            taken = min(units - full, width)
            reduced -= taken * worth[each - base]
            cost[group] -= taken * book.tier_value[each]
            if taken == width:
                full += taken
            else:
                part = taken
            each += 1
        _lose(loss[group], book.need[cell], book.cell_loss[cell], full)
        if part > 0:  # a share of a tier loses that share of what the tier loses
            rate = book.cell_loss[cell] * part / width
            _lose(loss[group], book.need[cell], rate, full + width)
            _lose(loss[group], book.need[cell], -rate, full)
    if dearer > 0.0:
        loss[group] += dearer
    return reduced


@njit(cache=True)
def _lose(loss, need, rate, units):
    """Add to every outcome what its units beyond need lose; written so that it vectorises."""
    for outcome in range(len(loss)):
        spare = np.float64(units) - need[outcome]
        loss[outcome] += rate * (spare if spare > 0.0 else 0.0)
