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
    for item in range(len(bound)):
        first, last = book.item_cells[item], book.item_cells[item + 1]
        base = book.item_rows[item]
        count = book.item_rows[item + 1] - base
        price = book.row_price[base : base + count]
        least = np.empty(last - first)
        total = 0.0
        reach = NOISE
        for row in range(count):
            total -= price[row] * book.row_most[base + row]
            reach = max(reach, 0.05 * abs(price[row]))
        for cell in range(first, last):
            least[cell - first], _ = _walk(
                book, cell, price, scratch, np.inf, False, regret, use, 0
            )
            total += least[cell - first]
        known = 0.0
        done = False
        for _ in range(16):
            listed = _list(book, item, price, scratch, least, reach, regret, use, start)
            if not listed:
                break
            found = _search(book, item, price, regret, use, start, reach, nodes)
            if found < 0.0:
                break
            known = found
            if found < reach:
                done = True
                break
            reach *= 2.0
        bound[item] = total + known
        solved[item] = done


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
                if not keep:
                    limit = min(limit, value)
                elif value < limit:
                    if place == len(regret):
                        return best, -1
                    regret[place] = value
                    use[place] = 0
                    for way in range(ways):
                        use[place, book.way_row[first + way]] += quantity[way]
                    if leave > 0:
                        use[place, book.cell_row[cell]] -= leave
                    place += 1
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
