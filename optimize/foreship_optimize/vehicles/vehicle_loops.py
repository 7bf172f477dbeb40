"""Compiled loops that try last vehicles in a plan of ships, of hundreds of thousands of ways.

What `last_vehicle` does, over the flat arrays of the local search: a departure's last vehicle is
emptied step by step, each step going at once by the best other way into its cell that has room;
what that frees is filled. Money is scaled; ties go to the first way (docs/program.md, section 13).
"""

from __future__ import annotations

import numpy as np

from foreship_optimize.compiled import helper, loop
from foreship_optimize.whole_units.local_search_loops import (
    EARNS,
    NONE,
    _apply_but_outcomes,
    _copy,
    _first_full_row,
    _gain,
    _loss_after,
    _risk,
    _step_down,
    _step_up,
    _worst_sum,
)

__all__ = ["change_vehicles", "swap_vehicles"]

ROUNDS = 4
"""times that steps are ranked while a vehicle is emptied, and most times that a fill is"""
GIVEN_UP = 1.2
"""a vehicle is not emptied further once that gives up this many times its cost"""


@helper
def _fits(steps, state, way, units, loss):
    """Whether `units` more of a way keep stock, rows and the risk budget."""
    if state.left[steps.stock[way]] < units:
        return False
    if _first_full_row(steps, state, way, units) != NONE:
        return False
    if steps.budget == np.inf:
        return True
    _loss_after(steps, state, way, units, loss)
    return _worst_sum(loss, steps.worst, steps.rest) <= steps.budget


@helper
def _take(steps, state, way, units, loss, journal):
    """Apply `units` more (or less) of a way, and write that down; False where there is no room."""
    count = journal[0, 0]
    if count + 1 >= journal.shape[1]:
        return False
    journal[0, count + 1], journal[1, count + 1] = way, units
    journal[0, 0] = count + 1
    _change(steps, state, way, units, loss)
    return True


@helper
def _change(steps, state, way, units, loss):
    """Apply `units` more (or less) of a way."""
    if steps.budget < np.inf:
        _loss_after(steps, state, way, units, loss)
        _copy(state.loss, loss)
    _apply_but_outcomes(steps, state, way, units)


@helper
def _undo_all(steps, state, loss, journal):
    """Undo what is written down."""
    for place in range(journal[0, 0], 0, -1):
        _change(steps, state, journal[0, place], -journal[1, place], loss)
    journal[0, 0] = 0


@helper
def _kept(steps, state, earned, loss, journal):
    """Keep what is written down if it earns, else undo it; whether it was kept."""
    if earned > EARNS:
        journal[0, 0] = 0
        return True
    _undo_all(steps, state, loss, journal)
    return False


@helper
def _over(steps, state, lanes, lane):
    """First row of a departure that holds too much, NONE if all hold."""
    for place in range(lanes.row_edges[lane], lanes.row_edges[lane + 1]):
        row = lanes.rows[place]
        if state.used[row] > steps.most[row]:
            return np.int64(row)
    return np.int64(NONE)


@helper
def _use_of(steps, way, row):
    """What a unit of a way uses of a row."""
    for place in range(steps.first[way], steps.first[way + 1]):
        if steps.row[place] == row:
            return steps.use[place]
    return 0.0


@helper
def _best_other(steps, state, lanes, way, units, loss):
    """Best other way by which units just taken out still reach their cell, and what it gains."""
    cell = steps.cell[way]
    best, chosen = EARNS, np.int64(-1)
    for other in range(lanes.cell_ways[cell], lanes.cell_ways[cell + 1]):
        if other == way or (state.quantity[other] == 0 and units < steps.least[cell]):
            continue
        there = state.there[cell]
        gain = _gain(steps, state, other, there, units)
        if gain <= best:
            continue
        gain -= _risk(steps, other, there, units)
        if gain > best and _fits(steps, state, other, units, loss):
            best, chosen = gain, other
    return chosen, best if chosen >= 0 else 0.0


@helper
def _lost(steps, state, way, units):
    """What `units` less of a way give up."""
    there = state.there[steps.cell[way]] - units
    return _gain(steps, state, way, there, units) - _risk(steps, way, there, units)


@helper
def _rank_down(steps, state, lanes, lane, row, loss, found, score):
    """List all steps down on a departure, with what each gives up for what it uses of a row."""
    count = 0
    for place in range(lanes.way_edges[lane], lanes.way_edges[lane + 1]):
        way = lanes.ways[place]
        before = state.quantity[way]
        use = _use_of(steps, way, row)
        while use > 0.0 and state.quantity[way] > 0 and count < len(score):
            units = _step_down(steps, state, way)
            lost = _lost(steps, state, way, units)
            _change(steps, state, way, -units, loss)
            _, gained = _best_other(steps, state, lanes, way, units, loss)
            found[0, count], found[1, count] = way, units
            score[count] = (lost - gained) / (units * use)
            count += 1
        if state.quantity[way] < before:
            _change(steps, state, way, before - state.quantity[way], loss)
    return count


@helper
def _emptied(steps, state, lanes, lane, most_lost, loss, journal, found, score):
    """Empty a departure until its rows hold; what that earns, -inf where it gives up too much."""
    earned = 0.0
    for turn in range(ROUNDS):
        row = _over(steps, state, lanes, lane)
        if row == NONE:
            return earned
        count = _rank_down(steps, state, lanes, lane, row, loss, found, score)
        order = np.argsort(score[:count], kind="mergesort")
        for place in range(count):
            row = _over(steps, state, lanes, lane)
            if row == NONE:
                return earned
            way, units = found[0, order[place]], found[1, order[place]]
            use = _use_of(steps, way, row)
            if state.quantity[way] < units or _step_down(steps, state, way) != units or use == 0.0:
                continue
            lost = _lost(steps, state, way, units)
            if not _take(steps, state, way, -units, loss, journal):
                return -np.inf
            other, gained = _best_other(steps, state, lanes, way, units, loss)
            dearer = (lost - gained) / (units * use) > score[order[place]] + EARNS
            if dearer and turn < ROUNDS - 1:  # its room was taken: ranked anew
                _change(steps, state, way, units, loss)
                journal[0, 0] -= 1
                continue
            if other >= 0 and not _take(steps, state, other, units, loss, journal):
                return -np.inf
            earned += gained - lost
            if earned < -most_lost:
                return -np.inf
    return earned if _over(steps, state, lanes, lane) == NONE else -np.inf


@helper
def _list_way(steps, state, way, marked, found, score, count):
    """List a way's next step where it gains, unless it is listed already; return how many are."""
    if marked[way] or count >= len(score):
        return count
    units = _step_up(steps, state, way)
    if state.left[steps.stock[way]] < units:
        return count
    there = state.there[steps.cell[way]]
    gain = _gain(steps, state, way, there, units)
    if gain <= EARNS:
        return count
    marked[way] = True
    found[0, count], found[1, count] = way, units
    score[count] = steps.priced[way] - (gain - _risk(steps, way, there, units)) / units
    return count + 1


@helper
def _fill_listed(steps, state, count, marked, loss, journal, found, score):
    """Take the listed steps, the best first, where they fit and gain; what that earns."""
    earned = 0.0
    for place in range(count):
        marked[found[0, place]] = False
    order = np.argsort(score[:count], kind="mergesort")
    for place in range(count):
        way = found[0, order[place]]
        units = _step_up(steps, state, way)
        gain = _gain(steps, state, way, state.there[steps.cell[way]], units)
        while gain > EARNS and _fits(steps, state, way, units, loss):
            if not _take(steps, state, way, units, loss, journal):
                return earned
            earned += gain
            units = _step_up(steps, state, way)
            gain = _gain(steps, state, way, state.there[steps.cell[way]], units)
    return earned


@helper
def _refilled(steps, state, lanes, marked, loss, journal, found, score):
    """Fill the cells, and from the stocks, of what was taken out; what that earns."""
    count = 0
    for place in range(1, journal[0, 0] + 1):
        if journal[1, place] > 0:
            continue
        way = journal[0, place]
        cell, stock = steps.cell[way], steps.stock[way]
        for other in range(lanes.cell_ways[cell], lanes.cell_ways[cell + 1]):
            count = _list_way(steps, state, other, marked, found, score, count)
        for each in range(lanes.stock_edges[stock], lanes.stock_edges[stock + 1]):
            other = lanes.stock_ways[each]
            count = _list_way(steps, state, other, marked, found, score, count)
    return _fill_listed(steps, state, count, marked, loss, journal, found, score)


@helper
def _filled(steps, state, lanes, lane, marked, loss, journal, found, score):
    """Fill a departure; what that earns."""
    count = 0
    for place in range(lanes.way_edges[lane], lanes.way_edges[lane + 1]):
        count = _list_way(steps, state, lanes.ways[place], marked, found, score, count)
    return _fill_listed(steps, state, count, marked, loss, journal, found, score)


@helper
def _pay(steps, lanes, lane, change):
    """Pay for more (or fewer) vehicles on a departure, and take their cost from the budget."""
    lanes.paid[lane] += change
    for place in range(lanes.row_edges[lane], lanes.row_edges[lane + 1]):
        steps.most[lanes.rows[place]] += change
    lanes.left[0] -= change * lanes.money[lane]
    if lanes.budget_row >= 0:
        steps.most[lanes.budget_row] -= change * lanes.money[lane]


@helper
def _afforded(steps, state, lanes):
    """Whether the freight budget pays for the vehicles, and for what units spend of it."""
    if lanes.left[0] < -EARNS:
        return False
    row = lanes.budget_row
    return row < 0 or state.used[row] <= steps.most[row]


@helper
def _one_less(steps, state, lanes, lane, marked, loss, journal, found, score):
    """Empty the last vehicle of a departure; keep that where it earns."""
    if lanes.paid[lane] < 1:
        return False
    cost = lanes.cost[lane]
    _pay(steps, lanes, lane, -1)
    most = GIVEN_UP * cost
    earned = cost + _emptied(steps, state, lanes, lane, most, loss, journal, found, score)
    if earned > -np.inf:
        earned += _refilled(steps, state, lanes, marked, loss, journal, found, score)
    if _kept(steps, state, earned, loss, journal):
        return True
    _pay(steps, lanes, lane, 1)
    return False


@helper
def _one_more(steps, state, lanes, lane, marked, loss, journal, found, score):
    """Fill one vehicle more on a departure; keep that where it earns."""
    _pay(steps, lanes, lane, 1)
    earned = -lanes.cost[lane]
    if _afforded(steps, state, lanes):
        earned += _filled(steps, state, lanes, lane, marked, loss, journal, found, score)
    if _kept(steps, state, earned, loss, journal):
        return True
    _pay(steps, lanes, lane, -1)
    return False


@helper
def _instead(steps, state, lanes, lane, mate, marked, loss, journal, found, score):
    """Let the last vehicle of a departure leave on another instead; keep that where it earns."""
    if lanes.paid[lane] < 1:
        return False
    _pay(steps, lanes, lane, -1)
    _pay(steps, lanes, mate, 1)
    saved = lanes.cost[lane] - lanes.cost[mate]
    most = GIVEN_UP * lanes.cost[lane]
    earned = saved + _emptied(steps, state, lanes, lane, most, loss, journal, found, score)
    if earned > -np.inf:
        earned += _filled(steps, state, lanes, mate, marked, loss, journal, found, score)
        earned += _refilled(steps, state, lanes, marked, loss, journal, found, score)
        if not _afforded(steps, state, lanes):
            earned = -np.inf
    if _kept(steps, state, earned, loss, journal):
        return True
    _pay(steps, lanes, mate, -1)
    _pay(steps, lanes, lane, 1)
    return False


@helper
def _blank_lists(steps, journal):
    """Room for the steps of one trial: which ways are listed, the list, and its scores."""
    most = journal.shape[1]
    return np.zeros(len(steps.cell), np.bool_), np.zeros((2, most), np.int64), np.zeros(most)


@loop
def swap_vehicles(steps, state, lanes, loss, journal):
    """Try to let the last vehicle of every departure leave on each of its mates; count changes."""
    marked, found, score = _blank_lists(steps, journal)
    count = 0
    for lane in range(len(lanes.paid)):
        for place in range(lanes.mate_edges[lane], lanes.mate_edges[lane + 1]):
            mate = lanes.mates[place]
            if _instead(steps, state, lanes, lane, mate, marked, loss, journal, found, score):
                count += 1
    return count


@loop
def change_vehicles(steps, state, lanes, loss, journal):
    """Try one vehicle less and one more on every departure, in order; count the changes."""
    marked, found, score = _blank_lists(steps, journal)
    count = 0
    for lane in range(len(lanes.paid)):
        if _one_less(steps, state, lanes, lane, marked, loss, journal, found, score):
            count += 1
        elif _one_more(steps, state, lanes, lane, marked, loss, journal, found, score):
            count += 1
    return count
