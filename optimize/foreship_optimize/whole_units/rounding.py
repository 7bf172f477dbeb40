"""Round a continuous plan to whole units: floor, meet minimums, drop, fill, tidy.

Everything is done in steps of one move: a pack, or the minimum line to start one. A step changes
the money as docs/program.md, section 5, says; limits are kept exactly. Ties go to the first move in
canonical order, so the same continuous plan always gives the same plan in whole units.
"""

from __future__ import annotations

import heapq

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.limits import Limits, family_of
from foreship_optimize.params import PlanParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.bound import Prices
from foreship_optimize.risk import Risk
from foreship_optimize.whole_units.working_plan import RISK_ROW, WORTH_IT, Basket

__all__ = ["drop_until_feasible", "fill", "meet_minimums", "reshuffle", "tidy", "whole_units"]

ROUNDS = 4
"""rounds of filling and tidying; each can only lower the cost"""
NOISE = 1e-6
"""a number of steps this little below a whole number is rounded up"""


def whole_units(
    problem: ShippingProblem,
    limits: Limits,
    params: PlanParams,
    risk: Risk,
    continuous: Floats,
    prices: Prices,
    lost: Floats | None = None,
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

    Returns
    -------
    Units of each move, shape (M,). Every limit holds except minimums of locks that could not be
    met: the caller must check.
    """
    basket = Basket(problem, limits, params, risk, prices, lost)
    basket.start(np.floor(continuous / basket.pack_array + NOISE).astype(np.int64))
    meet_minimums(basket, continuous)
    drop_until_feasible(basket)
    for _ in range(ROUNDS):
        filled = fill(basket)
        if not tidy(basket) and not reshuffle(basket) and not filled:
            break
    return basket.as_quantity()


def fill(basket: Basket) -> bool:
    """Add the best next step while any gains and fits; scores only fall, so they update late."""
    queue = [
        (-score, move)
        for move in range(len(basket.quantity))
        if (score := basket.score(move, basket.step(move))) > -np.inf
    ]
    heapq.heapify(queue)
    changed = False
    while queue:
        stale, move = heapq.heappop(queue)
        units = basket.step(move)
        score = basket.score(move, units)
        if score == -np.inf:
            continue
        if -score > stale + WORTH_IT:
            heapq.heappush(queue, (-score, move))
        elif basket.fits(move, units):
            basket.take(move, units)
            heapq.heappush(queue, (-score, move))
            changed = True
    return changed


def tidy(basket: Basket) -> bool:
    """Undo steps that cost more than they bring, where the limits allow it."""
    changed = False
    for move in range(len(basket.quantity)):
        while basket.quantity[move]:
            units = basket.undo(move)
            if basket.gain(move, -units) <= WORTH_IT or not basket.fits(move, -units):
                break
            basket.take(move, -units)
            changed = True
    return changed


def reshuffle(basket: Basket) -> bool:
    """In cells reached on several days, drop a whole way and refill the cell, where that gains.

    Single steps cannot turn a few early units into more late ones, because each alone may lose
    money.
    """
    changed = False
    for ways in basket.ways_by_day().values():
        for gone in ways:
            before = [basket.quantity[way] for way in ways]
            held = basket.quantity[gone]
            if not held or not basket.fits(gone, -held):
                continue
            gained = basket.gain(gone, -held)
            basket.take(gone, -held)
            gained += _filled(basket, [way for way in ways if way != gone])
            gained += _filled(basket, ways)
            if gained > WORTH_IT:
                changed = True
                continue
            for way, units in zip(ways, before, strict=True):
                if basket.quantity[way] != units:
                    basket.take(way, units - basket.quantity[way])
    return changed


def _filled(basket: Basket, ways: list[int]) -> float:
    """Add the best step of some ways while one gains and fits; return the scaled money gained."""
    total = 0.0
    while True:
        best, chosen = WORTH_IT, -1
        for way in ways:
            gain = basket.gain(way, basket.step(way))
            if gain > best and basket.fits(way, basket.step(way)):
                best, chosen = gain, way
        if chosen < 0:
            return total
        basket.take(chosen, basket.step(chosen))
        total += best


def meet_minimums(basket: Basket, continuous: Floats) -> None:
    """Raise moves of locks with unmet minimums: first those floored most, then by gain.

    Other limits may be exceeded; `drop_until_feasible` then drops other moves to restore them.
    """
    for row in np.flatnonzero(np.isfinite(basket.limits.at_least)).tolist():
        mine = basket.limits.move[basket.limits.row == row].tolist()
        mine.sort(key=lambda move: (basket.quantity[move] - continuous[move], move))
        for move in mine:
            if basket.quantity[move] < continuous[move] and _may_force(basket, row, move):
                basket.take(move, basket.step(move))
        while able := [move for move in mine if _may_force(basket, row, move)]:
            best = max(able, key=lambda move: (basket.gain(move, basket.step(move)), -move))
            basket.take(best, basket.step(best))


def _may_force(basket: Basket, row: int, move: int) -> bool:
    """Whether a minimum is unmet and the move can still take a step towards it."""
    units = basket.step(move)
    if basket.used[row] >= basket.fewest[row] or basket.gain(move, units) == -np.inf:
        return False
    for place in range(basket.edges[move], basket.edges[move + 1]):
        each = basket.row[place]
        forced = family_of(basket.limits.family[each]).forced
        if (
            forced != "over"
            and basket.used[each] + basket.weight[place] * units > basket.most[each]
        ):
            return forced == "once" and not basket.over(each)
    return True


def drop_until_feasible(basket: Basket) -> None:
    """Drop steps until no limit is exceeded, giving up the least gain per unit of it.

    First steps that locks' minimums do not need; then, if necessary, those too.
    """
    for protect in (True, False):
        for _ in range(2 * len(basket.most) + 2):
            empty_overfull_cells(basket)
            broken = _broken(basket)
            if broken is None:
                return
            if not _relieve(basket, broken, protect=protect):
                break


def empty_overfull_cells(basket: Basket) -> None:
    """Drop arrivals, the most expensive first, in cells with more than their candidates.

    Rounding an exit down leaves more units in a cell than the continuous plan did, and a dropped
    redirect leaves its units at its origin.
    """
    into = np.array(basket.into)
    while len(over := np.flatnonzero(np.array(basket.there) > np.array(basket.count))):
        for cell in over.tolist():
            mine = np.flatnonzero(into == cell).tolist()
            for move in sorted(mine, key=lambda each: (-basket.cost[each], each)):
                while basket.quantity[move] and basket.there[cell] > basket.count[cell]:
                    basket.take(move, -basket.undo(move))


def _broken(basket: Basket) -> int | None:
    """First exceeded row, the risk budget last; None if all hold."""
    over = np.flatnonzero(np.array(basket.used) > np.array(basket.most))
    if len(over):
        return int(over[0])
    return RISK_ROW if basket.over(RISK_ROW) else None


def _relieve(basket: Basket, row: int, *, protect: bool) -> bool:
    """Drop steps that use a row, the least regret per unit of it first, until the row holds."""

    def regret(move: int, weight: float) -> float:
        return basket.regret(move) / (weight * max(1, basket.undo(move)))

    queue = [(regret(move, weight), move, weight) for move, weight in basket.users(row)]
    heapq.heapify(queue)
    dropped = False
    while queue and basket.over(row):
        stale, move, weight = heapq.heappop(queue)
        if not basket.quantity[move]:
            continue
        fresh, units = regret(move, weight), basket.undo(move)
        if fresh > stale + WORTH_IT:
            heapq.heappush(queue, (fresh, move, weight))
        elif not protect or basket.keeps_minimums(move, units):
            basket.take(move, -units)
            heapq.heappush(queue, (fresh, move, weight))
            dropped = True
    return dropped
