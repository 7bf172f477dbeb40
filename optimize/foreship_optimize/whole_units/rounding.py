"""Round a continuous plan to whole units: floor, meet minimums, drop, fill, tidy.

Everything is done in steps of one move: a pack, or the minimum line to start one. A step changes
the money as docs/program.md, section 5, says; limits are kept exactly. Ties go to the first move in
canonical order, so the same continuous plan always gives the same plan in whole units.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_foundation.telling.progress import report
from foreship_optimize.limits import Limits, family_of
from foreship_optimize.params import PlanParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import Prices
from foreship_optimize.risk import Risk
from foreship_optimize.whole_units.working_plan import RISK_ROW, WORTH_IT, WorkingPlan

__all__ = [
    "drop_until_feasible",
    "fill",
    "meet_minimums",
    "relieve",
    "reshuffle",
    "round_to_whole_units",
    "tidy",
]

ROUNDS = 4
"""rounds of filling and tidying; each can only lower the cost"""
NOISE = 1e-6
"""a number of steps this little below a whole number is rounded up"""


def round_to_whole_units(
    problem: ShippingProblem,
    limits: Limits,
    params: PlanParams,
    risk: Risk,
    continuous: Floats,
    prices: Prices,
    lost: Floats | None = None,
    known: Ints | None = None,
) -> Ints:
    """Round a continuous plan to a good feasible plan in whole units.

    Parameters
    ----------
    continuous
        Units of each move, shape (M,).
    prices
        Prices of limits and outcomes: steps that use expensive ones are added last.
    lost
        What other items lose in each outcome, shape (S,); none if left out [money].
    known
        A plan in whole units that keeps every limit, shape (M,): its units stay until the limits
        hold, and others give way.

    Returns
    -------
    Units of each move, shape (M,). Every limit holds except, without a known plan, minimums of
    locks that could not be met: the caller must check.
    """
    working = WorkingPlan(problem, limits, params, risk, prices, lost)
    nothing = np.zeros(len(working.quantity), dtype=np.int64)
    working.hold(nothing if known is None else known)
    working.start(np.floor(continuous / working.pack_array + NOISE).astype(np.int64))
    meet_minimums(working, continuous)
    drop_until_feasible(working)
    working.hold(nothing)
    for done in range(ROUNDS):
        report("Rounding to whole units", done, 0)
        filled = fill(working)
        if not tidy(working) and not reshuffle(working) and not filled:
            break
    return working.as_quantity()


def fill(working: WorkingPlan, moves: Iterable[int] | None = None) -> bool:
    """Add the best next step while any gains and fits; scores only fall, so they update late.

    Parameters
    ----------
    moves
        Those that may be added to; all if left out.
    """
    queue = [
        (-score, move)
        for move in (range(len(working.quantity)) if moves is None else moves)
        if (score := working.score(move, working.step(move))) > -np.inf
    ]
    heapq.heapify(queue)
    changed = False
    while queue:
        stale, move = heapq.heappop(queue)
        units = working.step(move)
        score = working.score(move, units)
        if score == -np.inf:
            continue
        if -score > stale + WORTH_IT:
            heapq.heappush(queue, (-score, move))
        elif working.fits(move, units):
            working.take(move, units)
            heapq.heappush(queue, (-score, move))
            changed = True
    return changed


def tidy(working: WorkingPlan) -> bool:
    """Undo steps that cost more than they bring, where the limits allow it."""
    changed = False
    for move in range(len(working.quantity)):
        while working.quantity[move]:
            units = working.undo(move)
            if working.gain(move, -units) <= WORTH_IT or not working.fits(move, -units):
                break
            working.take(move, -units)
            changed = True
        changed |= _line_ended(working, move)
    return changed


def _line_ended(working: WorkingPlan, move: int) -> bool:
    """Take a whole line out where its units together do not earn what the item line costs."""
    units = working.quantity[move] - working.held[move]
    if working.line_of[move] < 0 or units <= 0:
        return False
    if working.gain(move, -units) <= WORTH_IT or not working.fits(move, -units):
        return False
    working.take(move, -units)
    return True


def reshuffle(working: WorkingPlan) -> bool:
    """In cells reached on several days, drop a whole way and refill the cell, where that gains.

    Single steps cannot turn a few early units into more late ones, because each alone may lose
    money.
    """
    changed = False
    for ways in working.ways_by_day().values():
        for gone in ways:
            before = [working.quantity[way] for way in ways]
            held = working.quantity[gone]
            if not held or not working.fits(gone, -held):
                continue
            gained = working.gain(gone, -held)
            working.take(gone, -held)
            gained += _filled(working, [way for way in ways if way != gone])
            gained += _filled(working, ways)
            if gained > WORTH_IT:
                changed = True
                continue
            for way, units in zip(ways, before, strict=True):
                if working.quantity[way] != units:
                    working.take(way, units - working.quantity[way])
    return changed


def _filled(working: WorkingPlan, ways: list[int]) -> float:
    """Add the best step of some ways while one gains and fits; return the scaled money gained."""
    total = 0.0
    while True:
        best, chosen = WORTH_IT, -1
        for way in ways:
            gain = working.gain(way, working.step(way))
            if gain > best and working.fits(way, working.step(way)):
                best, chosen = gain, way
        if chosen < 0:
            return total
        working.take(chosen, working.step(chosen))
        total += best


def meet_minimums(working: WorkingPlan, continuous: Floats) -> None:
    """Raise moves of locks with unmet minimums: first those floored most, then by gain.

    Other limits may be exceeded; `drop_until_feasible` then drops other moves to restore them.
    """
    for row in np.flatnonzero(np.isfinite(working.limits.at_least)).tolist():
        mine = working.limits.move[working.limits.row == row].tolist()
        mine.sort(key=lambda move: (working.quantity[move] - continuous[move], move))
        for move in mine:
            if working.quantity[move] < continuous[move] and _may_force(working, row, move):
                working.take(move, working.step(move))
        while able := [move for move in mine if _may_force(working, row, move)]:
            best = max(able, key=lambda move: (working.gain(move, working.step(move)), -move))
            working.take(best, working.step(best))


def _may_force(working: WorkingPlan, row: int, move: int) -> bool:
    """Whether a minimum is unmet and the move can still take a step towards it."""
    units = working.step(move)
    if working.used[row] >= working.fewest[row] or working.gain(move, units) == -np.inf:
        return False
    for place in range(working.edges[move], working.edges[move + 1]):
        each = working.row[place]
        forced = family_of(working.limits.family[each]).forced
        if (
            forced != "over"
            and working.used[each] + working.weight[place] * units > working.most[each]
        ):
            return forced == "once" and not working.over(each)
    return True


def drop_until_feasible(working: WorkingPlan) -> None:
    """Drop steps until no limit is exceeded, giving up the least gain per unit of it.

    First steps that locks' minimums do not need; then, if necessary, those too.
    """
    for protect in (True, False):
        for _ in range(2 * len(working.most) + 2):
            empty_overfull_cells(working)
            broken = _broken(working)
            if broken is None:
                return
            if not relieve(working, broken, protect=protect):
                break


def empty_overfull_cells(working: WorkingPlan) -> None:
    """Drop arrivals, the most expensive first, in cells with more than their candidates.

    Rounding an exit down leaves more units in a cell than the continuous plan did, and a dropped
    redirect leaves its units at its origin.
    """
    into = np.array(working.into)
    while len(over := np.flatnonzero(np.array(working.there) > np.array(working.count))):
        for cell in over.tolist():
            mine = np.flatnonzero(into == cell).tolist()
            for move in sorted(mine, key=lambda each: (-working.cost[each], each)):
                while (down := working.undo(move)) and working.there[cell] > working.count[cell]:
                    working.take(move, -down)


def _broken(working: WorkingPlan) -> int | None:
    """First exceeded row, the risk budget last; None if all hold."""
    over = np.flatnonzero(np.array(working.used) > np.array(working.most))
    if len(over):
        return int(over[0])
    return RISK_ROW if working.over(RISK_ROW) else None


def relieve(working: WorkingPlan, row: int, *, protect: bool) -> bool:
    """Drop steps that use a row, the least regret per unit of it first, until the row holds."""

    def regret(move: int, weight: float) -> float:
        return working.regret(move) / (weight * max(1, working.undo(move)))

    queue = [(regret(move, weight), move, weight) for move, weight in working.users(row)]
    heapq.heapify(queue)
    dropped = False
    while queue and working.over(row):
        stale, move, weight = heapq.heappop(queue)
        units = working.undo(move)
        if not units:
            continue
        fresh = regret(move, weight)
        if fresh > stale + WORTH_IT:
            heapq.heappush(queue, (fresh, move, weight))
        elif not protect or working.keeps_minimums(move, units):
            working.take(move, -units)
            heapq.heappush(queue, (fresh, move, weight))
            dropped = True
    return dropped
