"""Compiled loops that bring a whole-unit plan of ships under its limits and fill what is left.

The same steps as `rounding`, over flat arrays: for plans of hundreds of thousands of ways. Money is
scaled; ties go to the first way (docs/program.md, section 9).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from optimize.problem import Floats, Ints

__all__ = ["State", "Steps", "drop", "fill", "regrets", "scores"]


class Steps(NamedTuple):
    """What a step of each way uses and brings."""

    cell: Ints
    shelf: Ints
    storage: Ints
    """row of `State.used`, -1 where there is no limit"""
    lane: Ints
    volume: Floats
    cost: Floats
    priced: Floats
    """what a unit pays at the prices of the shared rows, freight of outcomes included"""
    dearer: Floats
    pack: Ints
    least: Ints
    """units that start a line"""
    cell_first: Ints
    """first arrival of each cell in `value`, and the end, (C + 1,)"""
    cell_loss: Floats
    value: Floats
    need: Ints
    outcomes: Ints
    """outcomes with a price"""
    weights: Floats
    most: Floats
    """limit of each shared row, its noise included"""
    budget: float
    """most that the sum of the worst outcomes may be, its noise included; inf without a limit"""
    worst: int
    """whole outcomes among the worst"""
    rest: float
    """share of the next one"""


class State(NamedTuple):
    """A plan and what it uses; changed in place."""

    quantity: Ints
    there: Ints
    """arrivals of each cell"""
    left: Ints
    """units on each shelf"""
    used: Floats
    loss: Floats


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
def _gain(steps, way, there, units):
    """Money gained by `units` more of a way whose cell has `there` arrivals; -inf if no room."""
    cell = steps.cell[way]
    first = steps.cell_first[cell]
    if there + units > steps.cell_first[cell + 1] - first:
        return -np.inf
    total = -units * steps.cost[way]
    for place in range(first + there, first + there + units):
        total += steps.value[place]
    return total


@njit(cache=True)
def _risk(steps, way, there, units):
    """Price of what units after `there` add to the outcomes that have one."""
    cell = steps.cell[way]
    total = 0.0
    for place in range(len(steps.outcomes)):
        need = np.int64(steps.need[cell, steps.outcomes[place]])
        more = max(there + units - need, 0) - max(there - need, 0)
        total += steps.weights[place] * more
    return total * steps.cell_loss[cell]


@njit(cache=True)
def scores(steps, state, score):
    """Write what a unit of each way's next step gains at the prices; -inf if nothing."""
    for way in range(len(score)):
        units = steps.pack[way] if state.quantity[way] > 0 else steps.least[way]
        there = state.there[steps.cell[way]]
        score[way] = -np.inf
        if state.left[steps.shelf[way]] >= units:
            gain = _gain(steps, way, there, units)
            if gain > 1e-7:
                score[way] = (gain - _risk(steps, way, there, units)) / units - steps.priced[way]


@njit(cache=True)
def _undo(steps, state, way):
    """Units of one step down."""
    held = state.quantity[way]
    return steps.pack[way] if held - steps.pack[way] >= steps.least[way] else held


@njit(cache=True)
def regrets(steps, state, score):
    """Write what a unit of each way's last step gains at the prices; inf where nothing is sent."""
    for way in range(len(score)):
        score[way] = np.inf
        if state.quantity[way] > 0:
            units = _undo(steps, state, way)
            there = state.there[steps.cell[way]] - units
            gain = _gain(steps, way, there, units) - _risk(steps, way, there, units)
            score[way] = gain / units - steps.priced[way]


@njit(cache=True)
def _changed(steps, state, way, units, loss):
    """Write the outcomes' loss with `units` more of a way; return the most that any grows."""
    cell = steps.cell[way]
    there = state.there[cell]
    rate = steps.cell_loss[cell]
    extra = steps.dearer[way] * units
    for outcome in range(len(loss)):
        need = np.float64(steps.need[cell, outcome])
        after = there + units - need
        before = there - need
        more = (after if after > 0.0 else 0.0) - (before if before > 0.0 else 0.0)
        loss[outcome] = state.loss[outcome] + rate * more + extra
    return rate * units + extra


@njit(cache=True)
def _take(steps, state, way, units, loss):
    """Do `units` more (or less) of a way, whose loss is worked out already."""
    cell = steps.cell[way]
    state.quantity[way] += units
    state.there[cell] += units
    state.left[steps.shelf[way]] -= units
    if steps.storage[way] >= 0:
        state.used[steps.storage[way]] += units * steps.volume[way]
    if steps.lane[way] >= 0:
        state.used[steps.lane[way]] += units * steps.volume[way]
    state.loss[:] = loss


@njit(cache=True)
def _fits(steps, row, state, volume):
    """Whether a row has room."""
    return row < 0 or state.used[row] + volume <= steps.most[row]


@njit(cache=True)
def fill(steps, state, order):
    """Take the next step of every way in order if it fits; count them."""
    loss = state.loss.copy()
    tail = _tail(state.loss, steps.worst, steps.rest)
    heavy = steps.worst + steps.rest
    taken = 0
    for place in range(len(order)):
        way = order[place]
        units = steps.pack[way] if state.quantity[way] > 0 else steps.least[way]
        volume = units * steps.volume[way]
        if state.left[steps.shelf[way]] < units:
            continue
        if not _fits(steps, steps.storage[way], state, volume):
            continue
        if not _fits(steps, steps.lane[way], state, volume):
            continue
        if _gain(steps, way, state.there[steps.cell[way]], units) <= 1e-7:
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
    """Undo steps in order while they relieve a limit that is exceeded; True if all hold then."""
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
        storage, lane = steps.storage[way], steps.lane[way]
        high = storage >= 0 and state.used[storage] > steps.most[storage]
        wide = lane >= 0 and state.used[lane] > steps.most[lane]
        units = _undo(steps, state, way)
        after = tail
        if high or wide or tail > steps.budget:
            _changed(steps, state, way, -units, loss)
            after = _tail(loss, steps.worst, steps.rest)
        if not (high or wide or (tail > steps.budget and after < tail)):
            continue
        _take(steps, state, way, -units, loss)
        tail = after
        over -= high and state.used[storage] <= steps.most[storage]
        over -= wide and state.used[lane] <= steps.most[lane]
    return over == 0 and tail <= steps.budget
