"""Compiled loops of the local search: restore limits, fill and exchange steps of a plan of ships.

The same steps as `rounding`, over flat arrays, for plans of hundreds of thousands of ways; then
exchanges: a step that gains but does not fit takes the place of others. Money is scaled; ties go
to the first way (docs/program.md, section 9).
"""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import helper, loop

__all__ = ["drop", "exchange", "fill", "regrets", "scores"]

EARNS = 1e-7
"""least gain of a step or an exchange, in scaled money"""
NONE, STOCK = -2, -1
"""answers of `_blocking_row` that are no shared row: nothing blocks the step, or hub stock does"""
DROPPED = 2
"""most steps dropped for one step that is added"""
BREADTH = 12
"""most ways tried for each lane or region, the best first"""


@helper
def _worst_sum(loss, worst, rest):
    """Sum of the worst outcomes, the last one with its share."""
    ranked = np.sort(loss)
    total = 0.0
    count = len(loss)
    for place in range(worst):
        total += ranked[count - 1 - place]
    if rest > 0.0 and worst < count:
        total += rest * ranked[count - 1 - worst]
    return total


@helper
def _copy(target, source):
    """Write one array over another; a slice assigned compiles what tells of unlike shapes, too."""
    for place in range(len(source)):
        target[place] = source[place]


@helper
def _gain(steps, state, way, there, units):
    """Money gained by `units` more of a way into a cell that holds `there` arrivals; -inf if full.

    Where `there` is below the arrivals of now, the difference is taken from this way.
    """
    cell = steps.cell[way]
    first = steps.cell_first[cell]
    if there + units > steps.cell_first[cell + 1] - first:
        return -np.inf
    total = -units * steps.cost[way]
    cell_day = _cell_day(steps, way)
    if cell_day >= 0:
        less = there - state.there[cell]
        before = _worth_by_day(steps.by_day, state, cell, cell_day, less)
        return total + _worth_by_day(steps.by_day, state, cell, cell_day, less + units) - before
    for place in range(first + there, first + there + units):
        total += steps.value[place]
    return total


@helper
def _cell_day(steps, way):
    """Cell-day that a way arrives on, -1 where its cell is not counted by day."""
    return steps.by_day.way_day[way] if len(steps.by_day.way_day) else -1


@helper
def _worth_by_day(by_day, state, cell, cell_day, units):
    """Worth of a cell's arrivals, each on its day, after adding units on one cell-day."""
    total = 0.0
    before = 0
    for each in range(by_day.cell_days[cell], by_day.cell_days[cell + 1]):
        after = before + state.come[each] + (units if each == cell_day else 0)
        sums = by_day.sums_start[each]
        total += by_day.sums[sums + after] - by_day.sums[sums + before]
        before = after
    return total


@helper
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


@helper
def _step_up(steps, state, way):
    """Units of the next step up of a way."""
    cell = steps.cell[way]
    return np.int64(steps.pack[cell] if state.quantity[way] > 0 else steps.least[cell])


@loop
def scores(steps, state, score):
    """Write what a unit of each way's next step gains, rows and risk paid; -inf if nothing."""
    for way in range(len(score)):
        units = _step_up(steps, state, way)
        there = state.there[steps.cell[way]]
        score[way] = -np.inf
        if state.left[steps.stock[way]] >= units:
            gain = _gain(steps, state, way, there, units)
            if gain > EARNS:
                score[way] = (gain - _risk(steps, way, there, units)) / units - steps.priced[way]


@helper
def _step_down(steps, state, way):
    """Units of the next step down of a way."""
    cell, held = steps.cell[way], state.quantity[way]
    return np.int64(steps.pack[cell] if held - steps.pack[cell] >= steps.least[cell] else held)


@loop
def regrets(steps, state, score):
    """Write what a unit of each way's last step gains, rows and risk paid; inf where unused."""
    for way in range(len(score)):
        score[way] = np.inf
        if state.quantity[way] > 0:
            units = _step_down(steps, state, way)
            there = state.there[steps.cell[way]] - units
            gain = _gain(steps, state, way, there, units) - _risk(steps, way, there, units)
            score[way] = gain / units - steps.priced[way]


@helper
def _loss_after(steps, state, way, units, loss):
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


@helper
def _apply(steps, state, way, units, loss):
    """Apply `units` more (or less) of a way, whose losses are worked out already."""
    _apply_but_outcomes(steps, state, way, units)
    _copy(state.loss, loss)


@helper
def _first_full_row(steps, state, way, units):
    """Find the first shared row without room for `units` more of a way; NONE if all have room."""
    for place in range(steps.first[way], steps.first[way + 1]):
        row = steps.row[place]
        if state.used[row] + units * steps.use[place] > steps.most[row]:
            return np.int64(row)
    return np.int64(NONE)


@helper
def _count_exceeded(steps, state, way):
    """Count the exceeded shared rows that a way uses."""
    count = 0
    for place in range(steps.first[way], steps.first[way + 1]):
        row = steps.row[place]
        count += state.used[row] > steps.most[row]
    return count


@loop
def fill(steps, state, order):
    """Take the next step of every way, in order, where it fits and gains; count the steps."""
    loss = state.loss.copy()
    tail = _worst_sum(state.loss, steps.worst, steps.rest)
    heavy = steps.worst + steps.rest
    taken = 0
    for place in range(len(order)):
        way = order[place]
        units = _step_up(steps, state, way)
        if (
            state.left[steps.stock[way]] < units
            or _first_full_row(steps, state, way, units) != NONE
        ):
            continue
        if _gain(steps, state, way, state.there[steps.cell[way]], units) <= EARNS:
            continue
        more = _loss_after(steps, state, way, units, loss)
        after = tail + heavy * more
        if after > steps.budget:
            after = _worst_sum(loss, steps.worst, steps.rest)
            if after > steps.budget:
                continue
        tail = after
        _apply(steps, state, way, units, loss)
        taken += 1
    return taken


@loop
def drop(steps, state, order):
    """Undo steps, in order, that relieve an exceeded limit; return whether all limits then hold."""
    loss = state.loss.copy()
    tail = _worst_sum(state.loss, steps.worst, steps.rest)
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
        high = _count_exceeded(steps, state, way)
        units = _step_down(steps, state, way)
        after = tail
        if high or tail > steps.budget:
            _loss_after(steps, state, way, -units, loss)
            after = _worst_sum(loss, steps.worst, steps.rest)
        if not (high or (tail > steps.budget and after < tail)):
            continue
        _apply(steps, state, way, -units, loss)
        tail = after
        over -= high - _count_exceeded(steps, state, way)
    return over == 0 and tail <= steps.budget


@helper
def _priced_gain(steps, state, way, units):
    """Gain of `units` more of a way less the price of its risk; -inf where its cell is full."""
    there = state.there[steps.cell[way]]
    gain = _gain(steps, state, way, there, units)
    if gain == -np.inf:
        return gain
    return gain - _risk(steps, way, there, units) - units * (steps.risk * steps.dearer[way])


@helper
def _priced_loss(steps, state, way, units):
    """Gain given up by `units` less of a way, less the price of the risk that ends with them."""
    there = state.there[steps.cell[way]] - units
    worth = _gain(steps, state, way, there, units) - _risk(steps, way, there, units)
    return worth - units * (steps.risk * steps.dearer[way])


@helper
def _apply_but_outcomes(steps, state, way, units):
    """Apply `units` more (or less) of a way, but leave the losses of outcomes as they are."""
    state.quantity[way] += units
    state.there[steps.cell[way]] += units
    cell_day = _cell_day(steps, way)
    if cell_day >= 0:
        state.come[cell_day] += units
    state.left[steps.stock[way]] -= units
    for place in range(steps.first[way], steps.first[way + 1]):
        state.used[steps.row[place]] += units * steps.use[place]


@helper
def _blocking_row(steps, state, way, units):
    """Find what first blocks a step: SHELF (hub stock), a shared row, or NONE."""
    if state.left[steps.stock[way]] < units:
        return np.int64(STOCK)
    return _first_full_row(steps, state, way, units)


@helper
def _ways_to_drop(steps, neighbours, way, lack):
    """List the ways whose drop could make room for a blocked step: array, start, end."""
    if lack == STOCK:
        stock = steps.stock[way]
        return (
            neighbours.stock_ways,
            neighbours.stock_edges[stock],
            neighbours.stock_edges[stock + 1],
        )
    start = neighbours.drop_edges[lack]
    return neighbours.drop_ways, start, min(neighbours.drop_edges[lack + 1], start + BREADTH)


@helper
def _evaluate_exchange(steps, state, way, given_up, best, found):
    """Write a step that now fits down if it earns more than the best exchange so far; the best."""
    units = _step_up(steps, state, way)
    earned = _priced_gain(steps, state, way, units) - given_up
    if earned <= best:
        return best
    found[0, DROPPED], found[1, DROPPED] = way, units
    return earned


@helper
def _best_exchange(steps, state, neighbours, way, found):
    """Find what one or two steps dropped for a step of a way earn at most, and write it down.

    A drop elsewhere than in the way's own cell is not tried where it gives up more than that.
    """
    best = EARNS
    units = _step_up(steps, state, way)
    lack = _blocking_row(steps, state, way, units)
    optimistic = _priced_gain(steps, state, way, units)
    ways, start, end = _ways_to_drop(steps, neighbours, way, lack)
    for place in range(start, end):
        first = ways[place]
        if first == way or state.quantity[first] == 0:
            continue
        less = _step_down(steps, state, first)
        lost = _priced_loss(steps, state, first, less)
        if optimistic - lost <= best and steps.cell[first] != steps.cell[way]:
            continue
        _apply_but_outcomes(steps, state, first, -less)
        before = best
        still = _blocking_row(steps, state, way, _step_up(steps, state, way))
        if still == NONE:
            best = _evaluate_exchange(steps, state, way, lost, best, found)
        else:
            best = _drop_second(steps, state, neighbours, way, still, optimistic, lost, best, found)
        _apply_but_outcomes(steps, state, first, less)
        if best > before:
            found[0, 0], found[1, 0] = first, -less
            if still == NONE:
                found[1, 1] = 0
    return best


@helper
def _drop_second(steps, state, neighbours, way, lack, optimistic, given_up, best, found):
    """Drop a second step where one does not make enough room; return the best gain so far."""
    ways, start, end = _ways_to_drop(steps, neighbours, way, lack)
    for place in range(start, end):
        second = ways[place]
        if second == way or state.quantity[second] == 0:
            continue
        less = _step_down(steps, state, second)
        lost = given_up + _priced_loss(steps, state, second, less)
        if optimistic - lost <= best and steps.cell[second] != steps.cell[way]:
            continue
        _apply_but_outcomes(steps, state, second, -less)
        if _blocking_row(steps, state, way, _step_up(steps, state, way)) == NONE:
            before = best
            best = _evaluate_exchange(steps, state, way, lost, best, found)
            if best > before:
                found[0, 1], found[1, 1] = second, -less
        _apply_but_outcomes(steps, state, second, less)
    return best


@helper
def _apply_exchange(steps, state, found, loss):
    """Apply an exchange if the risk budget allows it; otherwise leave the state as it was."""
    _copy(loss, state.loss)
    count = found.shape[1]
    for place in range(count):
        if found[1, place] != 0:
            _loss_after(steps, state, found[0, place], found[1, place], loss)
            _apply(steps, state, found[0, place], found[1, place], loss)
    if _worst_sum(loss, steps.worst, steps.rest) <= steps.budget:
        return True
    for place in range(count - 1, -1, -1):
        if found[1, place] != 0:
            _loss_after(steps, state, found[0, place], -found[1, place], loss)
            _apply(steps, state, found[0, place], -found[1, place], loss)
    return False


@loop
def exchange(steps, state, neighbours, order):
    """Add the next step of every way, in order, by an exchange where that earns; count them."""
    found = np.zeros((2, DROPPED + 1), np.int64)
    loss = state.loss.copy()
    count = 0
    for place in range(len(order)):
        way = order[place]
        units = _step_up(steps, state, way)
        if _priced_gain(steps, state, way, units) <= EARNS:
            continue
        found[:] = 0
        if _blocking_row(steps, state, way, units) == NONE:
            found[0, 0], found[1, 0] = way, units
        else:
            _best_exchange(steps, state, neighbours, way, found)
        if found.any() and _apply_exchange(steps, state, found, loss):
            count += 1
    return count
