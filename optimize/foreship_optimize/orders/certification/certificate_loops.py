"""Compiled loops of the certificate by order (docs/program.md, section 12).

Lines are grouped by cell and period, groups by cell. `state` of an order: 1 served whatever is
sent between `least` and `most`, -1 never served, 0 open.
"""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import helper, loop

__all__ = ["certain_orders", "move_credit", "price_cells", "turn_credit"]

SERVED, OPEN, NEVER = np.int64(1), np.int64(0), np.int64(-1)


@loop
def price_cells(book, credit, state, least, most, price, total, stock, taken):
    """Give every cell the stock that earns most at the credits and prices; return the earnings.

    Parameters
    ----------
    book
        `spread.Book`; `book.sequence` is kept sorted by credit a unit within each group.
    credit, state
        Money by line, state by order.
    least, most
        (C,) units that may lie in a cell, `most` at least `least`.
    price
        (C,) what a unit costs a period, idle and at the prices of room and supply.
    total
        Sum of the weights of all periods.
    stock, taken
        Written: (C,) units that should lie there; (L,) share of each line that is taken.
    """
    earned = 0.0
    depth = 0
    for cell in range(len(least)):
        depth = max(depth, min(most[cell], book.deepest[cell]))
    worth = np.zeros(depth + 1)
    for cell in range(len(least)):
        deep = min(most[cell], book.deepest[cell])
        worth[:deep] = 0.0
        for group in range(book.cell_groups[cell], book.cell_groups[cell + 1]):
            _sort_by_credit(book, credit, state, group)
            _add_worth(book, credit, state, group, deep, worth)
        units = least[cell]
        for unit in range(min(units, deep)):
            earned += worth[unit]
        earned -= book.idle[cell] * total * book.lying[cell]
        earned -= price[cell] * (units - book.lying[cell])
        while units < deep and worth[units] > price[cell]:
            earned += worth[units] - price[cell]
            units += 1
        stock[cell] = units
        for group in range(book.cell_groups[cell], book.cell_groups[cell + 1]):
            _take(book, state, group, units, taken)
    return earned


@helper
def _sort_by_credit(book, credit, state, group):
    """Sort a group's lines: orders served in any case, then open ones by credit a unit, by line."""
    first, last = book.groups[group], book.groups[group + 1]
    for place in range(first + 1, last):
        line = book.sequence[place]
        rank = state[book.order[line]]
        dense = credit[line] / book.units[line]
        to = place
        while to > first:
            other = book.sequence[to - 1]
            other_rank = state[book.order[other]]
            other_dense = credit[other] / book.units[other]
            if other_rank > rank or (
                other_rank == rank
                and (other_dense > dense or (other_dense == dense and other < line))
            ):
                break
            book.sequence[to] = other
            to -= 1
        book.sequence[to] = line


@helper
def _add_worth(book, credit, state, group, deep, worth):
    """Add what the k-th unit of a cell earns in the group's period."""
    weight = book.weight[group]
    unit = 0
    for place in range(book.groups[group], book.groups[group + 1]):
        line = book.sequence[place]
        if state[book.order[line]] == NEVER or unit >= deep:
            break
        earns = weight * (credit[line] / book.units[line])
        upto = min(deep, unit + book.units[line])
        while unit < upto:
            worth[unit] += earns
            unit += 1


@helper
def _take(book, state, group, units, taken):
    """Write which share of each line of a group the stock covers."""
    left = units
    for place in range(book.groups[group], book.groups[group + 1]):
        line = book.sequence[place]
        takes = 0 if state[book.order[line]] == NEVER else min(left, book.units[line])
        taken[line] = takes / book.units[line]
        left -= takes


@loop
def turn_credit(first, weight, state, taken, keep, direction):
    """Turn the direction of credit: away from lines that are taken, towards missing ones.

    The last direction counts by `keep`; only open orders of several lines move.

    Returns
    -------
    square
        Of the direction, by the weights of the periods.
    """
    square = 0.0
    for order in range(len(first) - 1):
        begin, end = first[order], first[order + 1]
        if state[order] != OPEN or end - begin == 1:
            continue
        mean = 0.0
        for line in range(begin, end):
            mean += taken[line]
        mean /= end - begin
        for line in range(begin, end):
            direction[line] = keep * direction[line] + (mean - taken[line])
            square += weight[order] * direction[line] ** 2
    return square


@loop
def move_credit(first, total, state, length, direction, credit):
    """Move the credit of open orders along the direction; each order's sum stays its total."""
    for order in range(len(first) - 1):
        begin, end = first[order], first[order + 1]
        if state[order] != OPEN or end - begin == 1:
            continue
        for line in range(begin, end):
            credit[line] += length * direction[line]
        _onto_simplex(credit, begin, end, total[order])


@helper
def _onto_simplex(credit, begin, end, total):
    """Bring the nearest credits >= 0 that sum to the total into their places."""
    active = end - begin
    while True:
        over = -total
        for line in range(begin, end):
            if credit[line] > 0.0 or active == end - begin:
                over += credit[line]
        over /= active
        count = 0
        for line in range(begin, end):
            if credit[line] > 0.0 or active == end - begin:
                credit[line] -= over
                if credit[line] > 0.0:
                    count += 1
                else:
                    credit[line] = 0.0
        if count in (0, active):
            break
        active = count
    reached = 0.0  # after a long step the sum is no longer the total to the last digits
    for line in range(begin, end):
        reached += credit[line]
    for line in range(begin, end):
        credit[line] = credit[line] * total / reached if reached > 0.0 else total / (end - begin)


@loop
def certain_orders(period, first, cell, units, least, most, state):
    """Write which orders are served, or not, whatever stock between `least` and `most` lies there.

    Bounds of what is left are carried from order to order: an order that may be served takes its
    units from the lower one alone, one that is served from both.
    """
    low = np.zeros(len(least), np.int64)
    high = np.zeros(len(least), np.int64)
    seen = np.full(len(least), -1, np.int64)
    for order in range(len(period)):
        sure, may = True, True
        for line in range(first[order], first[order + 1]):
            at = cell[line]
            if seen[at] != period[order]:
                seen[at] = period[order]
                low[at], high[at] = least[at], most[at]
            sure = sure and low[at] >= units[line]
            may = may and high[at] >= units[line]
        state[order] = SERVED if sure else (OPEN if may else NEVER)
        if not may:
            continue
        for line in range(first[order], first[order + 1]):
            low[cell[line]] -= units[line]
            if sure:
                high[cell[line]] -= units[line]
