"""Compiled loops of the local search: restore limits, fill and exchange steps of a plan of ships.

Filling and dropping work as in `rounding`, over flat arrays for hundreds of thousands of ways. In
an exchange, a step that gains but does not fit replaces one or two others, and what these leave is
used elsewhere. Money is scaled; ties go to the first way (docs/program.md, section 9). All loops
are in one file because numba looks only at the file of a cached function to see whether it has
changed.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["drop", "exchange", "fill", "regrets", "scores"]

EARNS = 1e-7
"""least gain of a step or an exchange, in scaled money"""
NONE, SHELF = -2, -1
"""answers of `_lacks` that are no shared row: nothing blocks the step, or hub stock does"""
DROPPED = 2
"""most steps dropped for one step that is added"""
BREADTH = 12
"""most ways tried for each lane or region, the best first"""


@njit(cache=True)
def _tail(loss, worst, rest):
    """Sum of the worst outcomes, the last one with its share."""
    ranked = np.sort(loss)
    total = 0.0
    count = len(loss)
    for place in range(worst):
        total += ranked[count - 1 - place]
    if rest > 0.0 and worst < count:
        total += rest * ranked[count - 1 - worst]
    return total


@njit(cache=True)
def _gain(steps, state, way, there, units):
    """Money gained by `units` more of a way into a cell that holds `there` arrivals; -inf if full.

    Where `there` is below the arrivals of now, the difference is taken from this way.
    """
    cell = steps.cell[way]
    first = steps.cell_first[cell]
    if there + units > steps.cell_first[cell + 1] - first:
        return -np.inf
    total = -units * steps.cost[way]
    layer = _layer(steps, way)
    if layer >= 0:
        less = there - state.there[cell]
        before = _worth_by_day(steps.by_day, state, cell, layer, less)
        return total + _worth_by_day(steps.by_day, state, cell, layer, less + units) - before
    for place in range(first + there, first + there + units):
        total += steps.value[place]
    return total


@njit(cache=True)
def _layer(steps, way):
    """Cell-day that a way arrives on, -1 where its cell is not counted by day."""
    return steps.by_day.way_layer[way] if len(steps.by_day.way_layer) else -1


@njit(cache=True)
def _worth_by_day(by_day, state, cell, layer, units):
    """Worth of a cell's arrivals, each on its day, after adding units on one cell-day."""
    total = 0.0
    before = 0
    for each in range(by_day.cell_layers[cell], by_day.cell_layers[cell + 1]):
        after = before + state.come[each] + (units if each == layer else 0)
        sums = by_day.sums_start[each]
        total += by_day.sums[sums + after] - by_day.sums[sums + before]
        before = after
    return total


@njit(cache=True)
def _risk(steps, way, there, units):
    """Cost of what `units` beyond `there` add to the outcomes, at the prices of these."""
    cell = steps.cell[way]
    row = steps.need_row[cell]
    total = 0.0
    for place in range(len(steps.outcomes)):
        need = np.int64(steps.need[row, steps.outcomes[place]])
        more = max(there + units - need, 0) - max(there - need, 0)
        total += steps.weights[place] * more
    return total * steps.cell_loss[cell]


@njit(cache=True)
def _next(steps, state, way):
    """Units of the next step up of a way."""
    cell = steps.cell[way]
    return steps.pack[cell] if state.quantity[way] > 0 else steps.least[cell]


@njit(cache=True)
def scores(steps, state, score):
    """Write what a unit of each way's next step gains, rows and risk paid; -inf if nothing."""
    for way in range(len(score)):
        units = _next(steps, state, way)
        there = state.there[steps.cell[way]]
        score[way] = -np.inf
        if state.left[steps.shelf[way]] >= units:
            gain = _gain(steps, state, way, there, units)
            if gain > EARNS:
                score[way] = (gain - _risk(steps, way, there, units)) / units - steps.priced[way]


@njit(cache=True)
def _undo(steps, state, way):
    """Units of the next step down of a way."""
    cell, held = steps.cell[way], state.quantity[way]
    return steps.pack[cell] if held - steps.pack[cell] >= steps.least[cell] else held


@njit(cache=True)
def regrets(steps, state, score):
    """Write what a unit of each way's last step gains, rows and risk paid; inf where unused."""
    for way in range(len(score)):
        score[way] = np.inf
        if state.quantity[way] > 0:
            units = _undo(steps, state, way)
            there = state.there[steps.cell[way]] - units
            gain = _gain(steps, state, way, there, units) - _risk(steps, way, there, units)
            score[way] = gain / units - steps.priced[way]


@njit(cache=True)
def _changed(steps, state, way, units, loss):
    """Write every outcome's loss after `units` more of a way; return the largest increase."""
    cell = steps.cell[way]
    there = state.there[cell]
    rate = steps.cell_loss[cell]
    row = steps.need_row[cell]
    extra = steps.dearer[way] * units
    for outcome in range(len(loss)):
        need = np.float64(steps.need[row, outcome])
        after = there + units - need
        before = there - need
        more = (after if after > 0.0 else 0.0) - (before if before > 0.0 else 0.0)
        loss[outcome] = state.loss[outcome] + rate * more + extra
    return rate * units + extra


@njit(cache=True)
def _take(steps, state, way, units, loss):
    """Apply `units` more (or less) of a way, whose losses are worked out already."""
    cell = steps.cell[way]
    state.quantity[way] += units
    state.there[cell] += units
    layer = _layer(steps, way)
    if layer >= 0:
        state.come[layer] += units
    state.left[steps.shelf[way]] -= units
    for place in range(steps.first[way], steps.first[way + 1]):
        state.used[steps.row[place]] += units * steps.use[place]
    state.loss[:] = loss


@njit(cache=True)
def _crowded(steps, state, way, units):
    """Find the first shared row without room for `units` more of a way; NONE if all have room."""
    for place in range(steps.first[way], steps.first[way + 1]):
        row = steps.row[place]
        if state.used[row] + units * steps.use[place] > steps.most[row]:
            return np.int64(row)
    return np.int64(NONE)


@njit(cache=True)
def _exceeded(steps, state, way):
    """Count the exceeded shared rows that a way uses."""
    count = 0
    for place in range(steps.first[way], steps.first[way + 1]):
        row = steps.row[place]
        count += state.used[row] > steps.most[row]
    return count


@njit(cache=True)
def fill(steps, state, order):
    """Take the next step of every way, in order, where it fits and gains; count the steps."""
    loss = state.loss.copy()
    tail = _tail(state.loss, steps.worst, steps.rest)
    heavy = steps.worst + steps.rest
    taken = 0
    for place in range(len(order)):
        way = order[place]
        units = _next(steps, state, way)
        if state.left[steps.shelf[way]] < units or _crowded(steps, state, way, units) != NONE:
            continue
        if _gain(steps, state, way, state.there[steps.cell[way]], units) <= EARNS:
            continue
        more = _changed(steps, state, way, units, loss)
        after = tail + heavy * more
        if after > steps.budget:
            after = _tail(loss, steps.worst, steps.rest)
            if after > steps.budget:
                continue
        tail = after
        _take(steps, state, way, units, loss)
        taken += 1
    return taken


@njit(cache=True)
def drop(steps, state, order):
    """Undo steps, in order, that relieve an exceeded limit; return whether all limits then hold."""
    loss = state.loss.copy()
    tail = _tail(state.loss, steps.worst, steps.rest)
    over = 0
    for row in range(len(steps.most)):
        if state.used[row] > steps.most[row]:
            over += 1
    for place in range(len(order)):
        if over == 0 and tail <= steps.budget:
            return True
        way = order[place]
        if state.quantity[way] == 0:
            continue
        high = _exceeded(steps, state, way)
        units = _undo(steps, state, way)
        after = tail
        if high or tail > steps.budget:
            _changed(steps, state, way, -units, loss)
            after = _tail(loss, steps.worst, steps.rest)
        if not (high or (tail > steps.budget and after < tail)):
            continue
        _take(steps, state, way, -units, loss)
        tail = after
        over -= high - _exceeded(steps, state, way)
    return over == 0 and tail <= steps.budget


@njit(cache=True)
def _worth(steps, state, way, units):
    """Gain of `units` more of a way less the price of its risk; -inf where its cell is full."""
    there = state.there[steps.cell[way]]
    gain = _gain(steps, state, way, there, units)
    if gain == -np.inf:
        return gain
    return gain - _risk(steps, way, there, units) - units * (steps.risk * steps.dearer[way])


@njit(cache=True)
def _given_up(steps, state, way, units):
    """Gain given up by `units` less of a way, less the price of the risk that ends with them."""
    there = state.there[steps.cell[way]] - units
    worth = _gain(steps, state, way, there, units) - _risk(steps, way, there, units)
    return worth - units * (steps.risk * steps.dearer[way])


@njit(cache=True)
def _rows_price(steps, way, units):
    """Price of the hub stock and the shared rows that `units` of a way use."""
    return units * (steps.priced[way] - steps.risk * steps.dearer[way])


@njit(cache=True)
def _shift(steps, state, way, units):
    """Apply `units` more (or less) of a way, but leave the losses of outcomes as they are."""
    state.quantity[way] += units
    state.there[steps.cell[way]] += units
    layer = _layer(steps, way)
    if layer >= 0:
        state.come[layer] += units
    state.left[steps.shelf[way]] -= units
    for place in range(steps.first[way], steps.first[way + 1]):
        state.used[steps.row[place]] += units * steps.use[place]


@njit(cache=True)
def _lacks(steps, state, way, units):
    """Find what first blocks a step: SHELF (hub stock), a shared row, or NONE."""
    if state.left[steps.shelf[way]] < units:
        return np.int64(SHELF)
    return _crowded(steps, state, way, units)


@njit(cache=True)
def _open(steps, state, lists, way):
    """Value of what is unused of a way's limits, at their prices: what an exchange may earn."""
    shelf = steps.shelf[way]
    total = lists.shelf_price[shelf] * state.left[shelf]
    for place in range(steps.first[way], steps.first[way + 1]):
        row = steps.row[place]
        if lists.row_price[row] > 0.0:
            total += lists.row_price[row] * max(steps.most[row] - state.used[row], 0.0)
    return total


@njit(cache=True)
def _givers(steps, lists, way, lack):
    """List the ways whose drop could make room for a blocked step: array, start, end."""
    if lack == SHELF:
        shelf = steps.shelf[way]
        return lists.shelf_ways, lists.shelf_edges[shelf], lists.shelf_edges[shelf + 1]
    start = lists.drop_edges[lack]
    return lists.drop_ways, start, min(lists.drop_edges[lack + 1], start + BREADTH)


@njit(cache=True)
def _best_of(steps, state, ways, start, end, gone, but, best, chosen):
    """Find the step of largest gain that fits, among ways other than `gone` and `but`."""
    for place in range(start, end):
        way = ways[place]
        if way == gone or way == but:
            continue
        units = _next(steps, state, way)
        if _lacks(steps, state, way, units) == NONE:
            worth = _worth(steps, state, way, units)
            if worth > best:
                best, chosen = worth, way
    return best, chosen


@njit(cache=True)
def _follow(steps, state, lists, gone, but):
    """Find the best use of the stock, lane and storage that a dropped step leaves: gain, way."""
    shelf = steps.shelf[gone]
    start, end = lists.shelf_edges[shelf], lists.shelf_edges[shelf + 1]
    best, chosen = _best_of(steps, state, lists.shelf_ways, start, end, gone, but, 0.0, -1)
    for place in range(steps.first[gone], steps.first[gone + 1]):
        row = steps.row[place]
        start = lists.add_edges[row]
        end = min(lists.add_edges[row + 1], start + BREADTH)
        best, chosen = _best_of(steps, state, lists.add_ways, start, end, gone, but, best, chosen)
    return best, chosen


@njit(cache=True)
def _offer(steps, state, lists, way, dropped, given_up, best, trial, found):
    """Evaluate an exchange: the step that now fits, and the best refill of what is left.

    `dropped` holds one or two ways, -1 for none, whose steps are undone in the state already.
    Returns what the best exchange so far earns; the state is left as it was.
    """
    units = _next(steps, state, way)
    earned = _worth(steps, state, way, units) - given_up
    if earned == -np.inf:
        return best
    _shift(steps, state, way, units)
    trial[0, 0], trial[1, 0] = way, units
    count = 1
    for gone in dropped:
        if gone < 0:
            continue
        worth, chosen = _follow(steps, state, lists, gone, way)
        if chosen >= 0:
            units = _next(steps, state, chosen)
            _shift(steps, state, chosen, units)
            trial[0, count], trial[1, count] = chosen, units
            earned += worth
            count += 1
    for place in range(count):
        _shift(steps, state, trial[0, place], -trial[1, place])
    if earned <= best:
        return best
    found[:, DROPPED:] = 0
    found[:, DROPPED : DROPPED + count] = trial[:, :count]
    return earned


@njit(cache=True)
def _search(steps, state, lists, way, dropped, trial, found):
    """Find the best exchange for a blocked step: one or two steps dropped, and refills.

    A drop is pruned where even the value of all that is unused of its limits could not make up for
    what it gives up.
    """
    best = EARNS
    units = _next(steps, state, way)
    lack = _lacks(steps, state, way, units)
    hope = _worth(steps, state, way, units) - _rows_price(steps, way, units)
    hope += _open(steps, state, lists, way)
    ways, start, end = _givers(steps, lists, way, lack)
    for place in range(start, end):
        first = ways[place]
        if first == way or state.quantity[first] == 0:
            continue
        less = _undo(steps, state, first)
        lost = _given_up(steps, state, first, less)
        likely = hope - lost + _rows_price(steps, first, less) + _open(steps, state, lists, first)
        if likely <= best:
            continue
        _shift(steps, state, first, -less)
        dropped[0], dropped[1] = first, -1
        before = best
        still = _lacks(steps, state, way, _next(steps, state, way))
        if still == NONE:
            best = _offer(steps, state, lists, way, dropped, lost, best, trial, found)
        else:
            best = _second(
                steps, state, lists, way, still, likely, lost, dropped, best, trial, found
            )
        _shift(steps, state, first, less)
        if best > before:
            found[0, 0], found[1, 0] = first, -less
            if still == NONE:
                found[1, 1] = 0
    return best


@njit(cache=True)
def _second(steps, state, lists, way, lack, hope, given_up, dropped, best, trial, found):
    """Drop a second step where one does not make enough room; return the best gain so far."""
    ways, start, end = _givers(steps, lists, way, lack)
    for place in range(start, end):
        second = ways[place]
        if second == way or state.quantity[second] == 0:
            continue
        less = _undo(steps, state, second)
        lost = _given_up(steps, state, second, less)
        likely = hope - lost + _rows_price(steps, second, less)
        if likely + _open(steps, state, lists, second) <= best:
            continue
        _shift(steps, state, second, -less)
        if _lacks(steps, state, way, _next(steps, state, way)) == NONE:
            dropped[1] = second
            before = best
            best = _offer(steps, state, lists, way, dropped, given_up + lost, best, trial, found)
            if best > before:
                found[0, 1], found[1, 1] = second, -less
        _shift(steps, state, second, less)
    return best


@njit(cache=True)
def _done(steps, state, found, loss):
    """Apply an exchange if the risk budget allows it; otherwise leave the state as it was."""
    loss[:] = state.loss
    count = found.shape[1]
    for place in range(count):
        if found[1, place] != 0:
            _changed(steps, state, found[0, place], found[1, place], loss)
            _take(steps, state, found[0, place], found[1, place], loss)
    if _tail(loss, steps.worst, steps.rest) <= steps.budget:
        return True
    for place in range(count - 1, -1, -1):
        if found[1, place] != 0:
            _changed(steps, state, found[0, place], -found[1, place], loss)
            _take(steps, state, found[0, place], -found[1, place], loss)
    return False


@njit(cache=True)
def exchange(steps, state, lists, order):
    """Add the next step of every way, in order, by an exchange where that earns; count them."""
    trial, found = np.zeros((2, 3), np.int64), np.zeros((2, DROPPED + 3), np.int64)
    dropped = np.empty(DROPPED, np.int64)
    loss = state.loss.copy()
    count = 0
    for place in range(len(order)):
        way = order[place]
        units = _next(steps, state, way)
        if _worth(steps, state, way, units) <= EARNS:
            continue
        found[:] = 0
        if _lacks(steps, state, way, units) == NONE:
            found[0, 0], found[1, 0] = way, units
        else:
            _search(steps, state, lists, way, dropped, trial, found)
        if found.any() and _done(steps, state, found, loss):
            count += 1
    return count
