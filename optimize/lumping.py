"""Compiled search of one item's whole-unit plans at given prices (docs/program.md, section 4a).

Each cell takes one of its whole-unit options; what hubs hold and what redirects move ties cells
together, at the prices of those rows. An option's regret is what it costs beyond its cell's best;
every plan costs the best of all cells and the regrets of its options (equation 11c). One file, for
numba looks only at the file of a cached function to see whether it has changed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from optimize.problem import Bools, Floats, Ints

__all__ = ["Lumps", "search_items"]

NOISE = 1e-9
"""scaled money below which a price or a regret counts for nothing"""
STEPS, IDLE = 100, 8
"""most steps towards better prices of an item's rows; those without gain before they are halved"""
DOUBLINGS = 16
"""most times the reach of a search is doubled"""


class Lumps(NamedTuple):
    """Items one after the other: item, its rows, its cells, their ways in and units.

    `a_b[i]:a_b[i + 1]` are the b of the i-th a. Money is scaled.
    """

    item_cells: Ints
    item_rows: Ints
    row_most: Ints
    """units of a hub; 0 for units that redirects take out of a cell, which must come in elsewhere"""
    row_equal: Bools
    """True: no unit of the row may be left"""
    row_price: Floats
    cell_ways: Ints
    way_row: Ints
    """the row of the item that a unit takes from"""
    way_cost: Floats
    """of a unit at the prices of what items share"""
    way_pack: Ints
    way_least: Ints
    """units that start a line"""
    way_most: Ints
    cell_row: Ints
    """row of the item for units that redirects take out of the cell; -1 for none"""
    cell_exit: Floats
    """cheapest other way out of the cell; inf without one"""
    cell_lies: Ints
    """units on hand that may leave"""
    cell_units: Ints
    worth: Floats
    """of each unit of a cell, by rank"""
    risk: Floats
    """what the k-th arrival costs at the prices of the outcomes"""


@njit(cache=True)
def search_items(book, nodes, most_options, bound, solved):
    """Write a lower bound of every item's whole-unit plans, and whether it is the least itself.

    Parameters
    ----------
    nodes
        Most steps of one search; it is repeated with a larger reach while it ends before.
    most_options
        Most options of an item's cells that are listed.
    bound, solved
        Written, by item.
    """
    ways, units, lies, cells, rows = _sizes(book)
    quantity = np.zeros(ways + 1, np.int64)
    spent = np.zeros(ways + 1)
    come = np.zeros(ways + 1, np.int64)
    cost = np.zeros(ways)
    table = np.empty((units + 1, lies + 1))
    tail = np.empty(units + 1)
    regret = np.empty(most_options)
    use = np.zeros((most_options, rows), np.int64)
    start = np.zeros(cells + 1, np.int64)
    scratch = (quantity, spent, come, cost, table, tail)
    least = np.empty(cells)
    slope = np.zeros(rows, np.int64)
    for item in range(len(bound)):
        base = book.item_rows[item]
        price = book.row_price[base : book.item_rows[item + 1]].copy()
        total = _priced(book, item, price, scratch, least, regret, use, slope)
        known, done = _reach(book, item, price, scratch, least, regret, use, start, nodes)
        bound[item] = total + known
        if not done:
            total = _ascend(book, item, price, scratch, least, regret, use, slope, 2.0 * known)
            known, done = _reach(book, item, price, scratch, least, regret, use, start, nodes)
            bound[item] = max(bound[item], total + known)
        solved[item] = done


@njit(cache=True)
def _priced(book, item, price, scratch, least, regret, use, slope):
    """Bound an item by the best of its cells at prices of its rows; how it changes with them."""
    base, first = book.item_rows[item], book.item_cells[item]
    total = 0.0
    for row in range(len(price)):
        total -= price[row] * book.row_most[base + row]
        slope[row] = -book.row_most[base + row]
    for cell in range(first, book.item_cells[item + 1]):
        value, _ = _walk(book, cell, price, scratch, np.inf, False, regret, use, 0)
        least[cell - first] = value
        total += value
        for row in range(len(price)):
            slope[row] += use[0, row]
    for row in range(len(price)):
        if slope[row] < 0 and price[row] <= 0.0 and not book.row_equal[base + row]:
            slope[row] = 0  # what is left over costs nothing already
    return total


@njit(cache=True)
def _ascend(book, item, price, scratch, least, regret, use, slope, hoped):
    """Raise the bound of the cells by moving along its slope; `price` and `least` are the best's.

    The step is Polyak's, for a value `hoped` above the best; half as much where none is found.
    """
    base = book.item_rows[item]
    now = price.copy()
    total = _priced(book, item, now, scratch, least, regret, use, slope)
    best, idle = total, 0
    above = max(hoped, NOISE)
    for _ in range(STEPS):
        size = 0.0
        for row in range(len(now)):
            size += float(slope[row]) ** 2
        if size == 0.0:
            break
        step = (best + above - total) / size
        for row in range(len(now)):
            now[row] += step * slope[row]
            if not book.row_equal[base + row]:
                now[row] = max(0.0, now[row])
        total = _priced(book, item, now, scratch, least, regret, use, slope)
        idle += 1
        if total > best:
            idle = 0 if total > best + 0.01 * above else idle
            best = total
            price[:] = now
        if idle == IDLE:
            above, idle = 0.5 * above, 0
            now[:] = price
            total = _priced(book, item, now, scratch, least, regret, use, slope)
    return _priced(book, item, price, scratch, least, regret, use, slope)


@njit(cache=True)
def _reach(book, item, price, scratch, least, regret, use, start, nodes):
    """Find what an item's best whole-unit plan costs beyond its cells' best; if it is exact.

    The reach of the search is doubled until it finds a plan, or takes too many options or nodes:
    then every plan costs the last reach more at least.
    """
    reach = NOISE
    for row in range(len(price)):
        reach = max(reach, 0.05 * abs(price[row]))
    known = 0.0
    for _ in range(DOUBLINGS):
        if not _list(book, item, price, scratch, least, reach, regret, use, start):
            return known, False
        found = _search(book, item, price, regret, use, start, reach, nodes)
        if found < 0.0:
            return known, False
        known = found
        if found < reach:
            return known, True
        reach *= 2.0
    return known, False


@njit(cache=True)
def _sizes(book):
    """Find the most ways, units and units on hand of a cell, and cells and rows of an item."""
    ways, units, lies, cells, rows = 1, 1, 1, 1, 1
    for cell in range(len(book.cell_row)):
        ways = max(ways, book.cell_ways[cell + 1] - book.cell_ways[cell])
        units = max(units, book.cell_units[cell + 1] - book.cell_units[cell])
        lies = max(lies, book.cell_lies[cell])
    for item in range(len(book.item_cells) - 1):
        cells = max(cells, book.item_cells[item + 1] - book.item_cells[item])
        rows = max(rows, book.item_rows[item + 1] - book.item_rows[item])
    return ways, units, lies, cells, rows


@njit(cache=True)
def _values(book, cell, price, table, tail, cheapest):
    """Write the least cost of a cell by arrivals and units redirected out, and what is ahead.

    `tail[a]` bounds from below what a cell with `a` arrivals so far costs from there on.
    """
    first, last = book.cell_units[cell], book.cell_units[cell + 1]
    count, lies = last - first, book.cell_lies[cell]
    out = lies if book.cell_row[cell] >= 0 else 0
    given = price[book.cell_row[cell]] if book.cell_row[cell] >= 0 else 0.0
    exit_cost = book.cell_exit[cell]
    total = np.zeros(count + 1)
    for unit in range(count):
        total[unit + 1] = total[unit] + book.worth[first + unit]
    lost = 0.0
    for arrivals in range(count + 1):
        if arrivals > 0:
            lost += book.risk[first + arrivals - 1]
        for leave in range(out + 1):
            best = np.inf
            most = lies - leave if exit_cost < np.inf else 0
            for gone in range(most + 1):
                there = lies + arrivals - leave - gone
                if there <= count:
                    paid = exit_cost * gone if gone > 0 else 0.0
                    best = min(best, paid - total[there])
            table[arrivals, leave] = best + total[lies] + lost - given * leave
    for arrivals in range(count, -1, -1):
        tail[arrivals] = np.inf if arrivals == count else cheapest + tail[arrivals + 1]
        for leave in range(out + 1):
            tail[arrivals] = min(tail[arrivals], table[arrivals, leave])
    return count, out


@njit(cache=True)
def _walk(book, cell, price, scratch, limit, keep, regret, use, place):
    """Go through the whole-unit options of a cell that cost less than `limit`.

    Returns the least cost and, with `keep`, the number of options after those written from
    `place` on, with their regret against `limit` still to be taken off; -1 if there are too many.
    """
    quantity, spent, come, cost, table, tail = scratch
    first = book.cell_ways[cell]
    ways = book.cell_ways[cell + 1] - first
    cheapest = np.inf
    for way in range(ways):
        cost[way] = book.way_cost[first + way] + price[book.way_row[first + way]]
        cheapest = min(cheapest, cost[way])
    if ways == 0:
        cheapest = 0.0
    count, out = _values(book, cell, price, table, tail, cheapest)
    best = np.inf
    level = 0
    spent[0] = 0.0
    come[0] = 0
    quantity[0] = -1
    while level >= 0:
        if level == ways:
            for leave in range(out + 1):
                value = spent[level] + table[come[level], leave]
                best = min(best, value)
                if value < limit:
                    if place == len(regret):
                        return best, -1
                    regret[place] = value
                    use[place] = 0
                    for way in range(ways):
                        use[place, book.way_row[first + way]] += quantity[way]
                    if leave > 0:
                        use[place, book.cell_row[cell]] -= leave
                    if keep:
                        place += 1
                    else:
                        limit = value
            level -= 1
            continue
        each = first + level
        if quantity[level] < 0:
            quantity[level] = 0
        elif quantity[level] == 0:
            quantity[level] = book.way_least[each]
        else:
            quantity[level] += book.way_pack[each]
        more = come[level] + quantity[level]
        ends = quantity[level] > book.way_most[each] or more > count
        if not ends:
            paid = spent[level] + cost[level] * quantity[level]
            ends = paid + tail[more] >= limit
        if ends:
            level -= 1
            continue
        spent[level + 1] = paid
        come[level + 1] = more
        level += 1
        if level < ways:
            quantity[level] = -1
    return best, place


@njit(cache=True)
def _list(book, item, price, scratch, least, reach, regret, use, start):
    """List the options of each cell whose regret is below `reach`; False if they are too many."""
    first = book.item_cells[item]
    place = 0
    for cell in range(first, book.item_cells[item + 1]):
        start[cell - first] = place
        lowest = least[cell - first]
        _, end = _walk(
            book, cell, price, scratch, lowest + reach, True, regret, use, place
        )
        if end < 0:
            return False
        for each in range(place, end):
            regret[each] = max(0.0, regret[each] - lowest)
        order = np.argsort(regret[place:end])
        regret[place:end] = regret[place:end][order]
        use[place:end] = use[place:end][order]
        place = end
    start[book.item_cells[item + 1] - first] = place
    return True


@njit(cache=True)
def _search(book, item, price, regret, use, start, reach, nodes):
    """Find the least total of regrets and unused rows below `reach`; `reach` if there is none.

    Returns -1 if it takes more nodes.
    """
    base = book.item_rows[item]
    rows = book.item_rows[item + 1] - base
    cells = book.item_cells[item + 1] - book.item_cells[item]
    low = np.zeros((cells + 1, rows), np.int64)
    high = np.zeros((cells + 1, rows), np.int64)
    for cell in range(cells - 1, -1, -1):
        for row in range(rows):
            some = use[start[cell] : start[cell + 1], row]
            low[cell, row] = low[cell + 1, row] + some.min()
            high[cell, row] = high[cell + 1, row] + some.max()
    used = np.zeros((cells + 1, rows), np.int64)
    paid = np.zeros(cells + 1)
    option = np.zeros(cells + 1, np.int64)
    best = reach
    level = 0
    option[0] = start[0] - 1
    steps = 0
    while level >= 0:
        option[level] += 1
        each = option[level]
        if each == start[level + 1] or paid[level] + regret[each] >= best:
            level -= 1
            continue
        steps += 1
        if steps > nodes:
            return -1.0
        total = paid[level] + regret[each]
        lower = total
        able = True
        for row in range(rows):
            now = used[level, row] + use[each, row]
            used[level + 1, row] = now
            spare = book.row_most[base + row] - now
            if spare < low[level + 1, row]:
                able = False
                break
            over = spare - high[level + 1, row]
            if over > 0:
                if book.row_equal[base + row]:
                    able = False
                    break
                lower += price[row] * over
        if not able or lower >= best:
            continue
        if level == cells - 1:
            best = lower
            continue
        paid[level + 1] = total
        level += 1
        option[level] = start[level] - 1
    return best
