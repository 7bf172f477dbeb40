"""Compiled search for the cheapest whole-unit plan of one item (docs/program.md, section 4).

Each cell takes one of its whole-unit options; what hubs hold and what redirects move ties cells
together, at the prices of those rows. An option's regret is what it costs beyond its cell's best;
every plan costs the best of all cells and the regrets of its options (equation 11d).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.compiled import helper, loop

__all__ = ["PackItems", "bound_items"]

NOISE = 1e-9
"""least reach of a search, in scaled money"""
NEAR = 0.05
"""first reach of a search, in the largest price of the item's rows"""
DOUBLINGS = 16
"""most times the reach is doubled"""
STEPS, IDLE = 100, 8
"""most subgradient steps for an item's prices; steps without gain after which the step is halved"""
HOPED = 2.0
"""rise of the bound that subgradient steps aim at, in multiples of what the first search proved"""


class PackItems(NamedTuple):
    """Items in packs or lines as flat arrays: items, their rows, their cells, the cells' ways.

    `a_b[i]:a_b[i + 1]` are the b of the i-th a. Money is scaled.
    """

    item_cells: Ints
    item_rows: Ints
    row_most: Ints
    """units of a hub; 0 where redirects leave a cell: what they take out must come in elsewhere"""
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


class CellOptions(NamedTuple):
    """Whole-unit options of an item's cells, one cell after the other."""

    start: Ints
    """first option of each cell, and the end"""
    regret: Floats
    use: Ints
    """units of each row of the item, (options, rows)"""
    taken: Ints
    """units of each way into the cell and, last, of redirects out of it, (options, ways + 1)"""


class CellScratch(NamedTuple):
    """Arrays reused while the options of a cell are enumerated."""

    quantity: Ints
    spent: Floats
    come: Ints
    cost: Floats
    table: Floats
    tail: Floats


def bound_items(
    pack_items: PackItems,
    nodes: int,
    most_options: int,
    bound: Floats,
    solved: Bools,
    plan: Ints,
    gone: Ints,
) -> None:
    """Write a lower bound on each item's whole-unit plans, and the best plan where it is found.

    Parameters
    ----------
    nodes
        Most nodes of one search; it is repeated with a larger reach while it ends before.
    most_options
        Most options of an item's cells that are listed.
    bound, solved
        Written, by item: the bound, and whether it is what a plan costs.
    plan, gone
        Written where solved: units of every way in, and units of every cell that go the cheapest
        other way out.
    """
    if not len(bound):
        return  # nothing to compile for
    ways, units = _most(np.diff(pack_items.cell_ways)), _most(np.diff(pack_items.cell_units))
    lies = _most(pack_items.cell_lies)
    cells, rows = _most(np.diff(pack_items.item_cells)), _most(np.diff(pack_items.item_rows))
    scratch = CellScratch(
        np.zeros(ways + 1, np.int64), np.zeros(ways + 1), np.zeros(ways + 1, np.int64),
        np.zeros(ways + 1), np.empty((units + 1, lies + 1)), np.empty(units + 1),
    )  # fmt: skip
    options = CellOptions(
        np.zeros(cells + 1, np.int64), np.empty(most_options),
        np.zeros((most_options, rows), np.int64), np.zeros((most_options, ways + 1), np.int64),
    )  # fmt: skip
    _search_items(pack_items, scratch, options, nodes, bound, solved, plan, gone)


def _most(counts: Ints) -> int:
    """Find the largest of some counts, 1 at least."""
    return int(counts.max(initial=1))


@loop
def _search_items(pack_items, scratch, options, nodes, bound, solved, plan, gone):
    """Search every item on the desk laid out for the largest."""
    cells, rows = len(options.start) - 1, options.use.shape[1]
    least = np.empty(cells)
    chosen = np.zeros(cells, np.int64)
    slope = np.zeros(rows, np.int64)
    for item in range(len(bound)):
        price = pack_items.row_price[
            pack_items.item_rows[item] : pack_items.item_rows[item + 1]
        ].copy()
        total = _lagrangian_bound(pack_items, item, price, scratch, least, options, slope)
        more, found = _cost_beyond_bound(
            pack_items, item, price, scratch, least, options, chosen, nodes
        )
        bound[item] = total + more
        if not found:
            total = _subgradient_ascent(
                pack_items, item, price, scratch, least, options, slope, HOPED * more
            )
            more, found = _cost_beyond_bound(
                pack_items, item, price, scratch, least, options, chosen, nodes
            )
            bound[item] = max(bound[item], total + more)
        solved[item] = found
        if found:
            _write_plans(pack_items, item, options, chosen, plan, gone)


@helper
def _copy(target, source):
    """Write one array over another; a slice assigned compiles what tells of unlike shapes, too."""
    for place in range(len(source)):
        target[place] = source[place]


@helper
def _reorder(table, order):
    """Bring the rows of a table into an order."""
    before = table.copy()
    for row in range(len(order)):
        for column in range(table.shape[1]):
            table[row, column] = before[order[row], column]


@helper
def _lagrangian_bound(pack_items, item, price, scratch, least, options, slope):
    """Lagrangian bound of an item at prices of its rows: its cells' best options; and the slope."""
    base, first = pack_items.item_rows[item], pack_items.item_cells[item]
    total = 0.0
    for row in range(len(price)):
        total -= price[row] * pack_items.row_most[base + row]
        slope[row] = -pack_items.row_most[base + row]
    for cell in range(first, pack_items.item_cells[item + 1]):
        value, _ = _enumerate_options(
            pack_items, cell, price, scratch, np.inf, options, np.int64(0)
        )
        least[cell - first] = value
        total += value
        for row in range(len(price)):
            slope[row] += options.use[0, row]
    for row in range(len(price)):
        if slope[row] < 0 and price[row] <= 0.0 and not pack_items.row_equal[base + row]:
            slope[row] = 0  # what is left over costs nothing already
    return total


@helper
def _subgradient_ascent(pack_items, item, price, scratch, least, options, slope, aspiration):
    """Raise the bound by subgradient steps; `price` and `least` are those of the best bound.

    Polyak's step towards `aspiration` above the best bound; halved where the bound no longer rises.
    """
    base = pack_items.item_rows[item]
    now = price.copy()
    total = _lagrangian_bound(pack_items, item, now, scratch, least, options, slope)
    best, idle = total, 0
    above = max(aspiration, NOISE)
    for _ in range(STEPS):
        size = 0.0
        for row in range(len(now)):
            size += float(slope[row]) ** 2
        if size == 0.0:
            break
        step = (best + above - total) / size
        for row in range(len(now)):
            now[row] += step * slope[row]
            if not pack_items.row_equal[base + row]:
                now[row] = max(0.0, now[row])
        total = _lagrangian_bound(pack_items, item, now, scratch, least, options, slope)
        idle += 1
        if total > best:
            idle = 0 if total > best + 0.01 * above else idle
            best = total
            _copy(price, now)
        if idle == IDLE:
            above, idle = 0.5 * above, 0
            _copy(now, price)
            total = _lagrangian_bound(pack_items, item, now, scratch, least, options, slope)
    return _lagrangian_bound(pack_items, item, price, scratch, least, options, slope)


@helper
def _cost_beyond_bound(pack_items, item, price, scratch, least, options, chosen, nodes):
    """Find how much the item's best plan costs beyond the bound of its cells, and if it is exact.

    The reach of the search doubles until it finds a plan or takes too many options or nodes; every
    plan then costs at least the last reach beyond the bound.
    """
    reach = NOISE
    for row in range(len(price)):
        reach = max(reach, NEAR * abs(price[row]))
    sure = 0.0
    for _ in range(DOUBLINGS):
        if not _list_options(pack_items, item, price, scratch, least, reach, options):
            return sure, False
        found = _branch_and_bound(pack_items, item, price, options, reach, nodes, chosen)
        if found < 0.0:
            return sure, False
        sure = found
        if found < reach:
            return sure, True
        reach *= 2.0
    return sure, False


@helper
def _cell_costs(pack_items, cell, price, scratch, cheapest):
    """Write the least cost of a cell by arrivals and redirects out, and bounds on what follows.

    `tail[a]` is a lower bound on the further cost of a cell that has `a` arrivals so far.
    """
    first, lies = pack_items.cell_units[cell], pack_items.cell_lies[cell]
    count = pack_items.cell_units[cell + 1] - first
    out, given = 0, 0.0
    if pack_items.cell_row[cell] >= 0:
        out, given = lies, price[pack_items.cell_row[cell]]
    total = _cumulative_worth(pack_items, cell)
    lost = 0.0
    for arrivals in range(count + 1):
        if arrivals > 0:
            lost += pack_items.risk[first + arrivals - 1]
        for leave in range(out + 1):
            kept, _ = _best_staying(pack_items, cell, total, arrivals, leave)
            scratch.table[arrivals, leave] = total[lies] + lost - given * leave - kept
    for arrivals in range(count, -1, -1):
        ahead = np.inf if arrivals == count else cheapest + scratch.tail[arrivals + 1]
        for leave in range(out + 1):
            ahead = min(ahead, scratch.table[arrivals, leave])
        scratch.tail[arrivals] = ahead
    return count, out


@helper
def _cumulative_worth(pack_items, cell):
    """Cumulative worth of a cell's units: of the first 0, 1, .. of them."""
    first, last = pack_items.cell_units[cell], pack_items.cell_units[cell + 1]
    total = np.zeros(last - first + 1)
    for unit in range(last - first):
        total[unit + 1] = total[unit] + pack_items.worth[first + unit]
    return total


@helper
def _best_staying(pack_items, cell, total, arrivals, leave):
    """Best worth of the units that stay, less the cost of exits, and how many take the exit.

    Minus infinity where the cell has no room for them.
    """
    lies = pack_items.cell_lies[cell]
    best, units = -np.inf, 0
    most = lies - leave if pack_items.cell_exit[cell] < np.inf else 0
    for gone in range(most + 1):
        there = lies + arrivals - leave - gone
        if there < len(total):
            worth = total[there] - (pack_items.cell_exit[cell] * gone if gone > 0 else 0.0)
            if worth > best:
                best, units = worth, gone
    return best, units


@helper
def _enumerate_options(pack_items, cell, price, scratch, limit, options, place):
    """Go through the whole-unit options of a cell that cost less than `limit`.

    Returns the least cost and the end of the options written from `place` on, their cost in the
    place of their regret; -1 if there are too many. Without a limit only the best is written.
    """
    quantity, spent, come = scratch.quantity, scratch.spent, scratch.come
    cost, table, tail = scratch.cost, scratch.table, scratch.tail
    regret, use, taken = options.regret, options.use, options.taken
    keep = limit < np.inf
    first = pack_items.cell_ways[cell]
    ways = pack_items.cell_ways[cell + 1] - first
    cheapest = np.inf if ways else 0.0
    for way in range(ways):
        cost[way] = pack_items.way_cost[first + way] + price[pack_items.way_row[first + way]]
        cheapest = min(cheapest, cost[way])
    count, out = _cell_costs(pack_items, cell, price, scratch, cheapest)
    best = np.inf
    level = 0
    quantity[0] = -1
    while level >= 0:
        if level == ways:
            for leave in range(out + 1):
                value = spent[level] + table[come[level], leave]
                best = min(best, value)
                if value >= limit:
                    continue
                if place == len(regret):
                    return best, -1
                regret[place] = value
                use[place] = 0
                for way in range(ways):
                    use[place, pack_items.way_row[first + way]] += quantity[way]
                    taken[place, way] = quantity[way]
                taken[place, ways] = leave
                if leave > 0:
                    use[place, pack_items.cell_row[cell]] -= leave
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
            quantity[level] = pack_items.way_least[each]
        else:
            quantity[level] += pack_items.way_pack[each]
        more = come[level] + quantity[level]
        if quantity[level] > pack_items.way_most[each] or more > count:
            level -= 1
            continue
        paid = spent[level] + cost[level] * quantity[level]
        if paid + tail[more] >= limit:  # more units of this way only cost more
            level -= 1
            continue
        level += 1
        spent[level] = paid
        come[level] = more
        quantity[level] = -1
    return best, place


@helper
def _list_options(pack_items, item, price, scratch, least, reach, options):
    """List the options of each cell whose regret is below `reach`; False if there are too many."""
    first = pack_items.item_cells[item]
    place = np.int64(0)
    for cell in range(first, pack_items.item_cells[item + 1]):
        options.start[cell - first] = place
        lowest = least[cell - first]
        _, end = _enumerate_options(
            pack_items, cell, price, scratch, lowest + reach, options, place
        )
        if end < 0:
            return False
        some = options.regret[place:end]
        for each in range(len(some)):
            some[each] = max(some[each] - lowest, 0.0)
        order = np.argsort(some, kind="mergesort")
        _reorder(some.reshape(-1, 1), order)
        _reorder(options.use[place:end], order)
        _reorder(options.taken[place:end], order)
        place = end
    options.start[pack_items.item_cells[item + 1] - first] = place
    return True


@helper
def _branch_and_bound(pack_items, item, price, options, reach, nodes, chosen):
    """Branch and bound: find the least sum of regrets and of priced rows left over, below `reach`.

    Returns `reach` where no plan costs less, -1 where `nodes` do not suffice; writes the options
    chosen.
    """
    start, regret, use = options.start, options.regret, options.use
    base = pack_items.item_rows[item]
    rows = pack_items.item_rows[item + 1] - base
    cells = pack_items.item_cells[item + 1] - pack_items.item_cells[item]
    low = np.zeros((cells + 1, rows), np.int64)
    high = np.zeros((cells + 1, rows), np.int64)
    for cell in range(cells - 1, -1, -1):
        for row in range(rows):
            least = most = use[start[cell], row]
            for each in range(start[cell] + 1, start[cell + 1]):
                least = min(least, use[each, row])
                most = max(most, use[each, row])
            low[cell, row] = low[cell + 1, row] + least
            high[cell, row] = high[cell + 1, row] + most
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
            spare = pack_items.row_most[base + row] - now
            over = spare - high[level + 1, row]
            if spare < low[level + 1, row] or (over > 0 and pack_items.row_equal[base + row]):
                able = False
                break
            if over > 0:
                lower += price[row] * over
        if not able or lower >= best:
            continue
        if level == cells - 1:
            best = lower
            _copy(chosen, option[:cells])
            continue
        level += 1
        paid[level] = total
        option[level] = start[level] - 1
    return best


@helper
def _write_plans(pack_items, item, options, chosen, plan, gone):
    """Write the plan of an item: the chosen option of each of its cells."""
    first = pack_items.item_cells[item]
    for cell in range(first, pack_items.item_cells[item + 1]):
        option, way = chosen[cell - first], pack_items.cell_ways[cell]
        ways = pack_items.cell_ways[cell + 1] - way
        arrivals = np.int64(0)
        for each in range(ways):
            plan[way + each] = options.taken[option, each]
            arrivals += options.taken[option, each]
        total = _cumulative_worth(pack_items, cell)
        _, gone[cell] = _best_staying(
            pack_items, cell, total, arrivals, options.taken[option, ways]
        )
