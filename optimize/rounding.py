"""Whole units from a continuous plan: floor, repair, drop, fill, tidy.

Every step is a step of one move (a pack, or the minimum line to start one) and changes the money
by what docs/program.md, section 5, says; limits are kept exactly. Ties go to the first move in
canonical order, so the same continuous plan always gives the same whole one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import numpy as np

from optimize.formulation import GRID, money_scale
from optimize.limits import Limits, cell_units, packs_of
from optimize.outcomes import Risk, loss_of_outcomes
from optimize.params import PlanParams
from optimize.presolve import line_minimum
from optimize.problem import Floats, Ints, ShippingProblem

__all__ = ["Basket", "whole_units"]

ROUNDS = 4
"""fill and tidy rounds; each can only lower the cost"""
WORTH_IT = 1e-7
"""least scaled money worth a step: below lies float noise"""


def whole_units(
    problem: ShippingProblem,
    limits: Limits,
    params: PlanParams,
    risk: Risk,
    continuous: Floats,
    prices: Floats,
) -> Ints:
    """Round a continuous plan to a good feasible one in whole units.

    Parameters
    ----------
    continuous
        Units of each move, shape (M,).
    prices
        Price of each row of `limits`, shape (R,): steps that use dear limits come last.

    Returns
    -------
    Units of each move, shape (M,). Every limit holds except minimums of locks that no repair
    could reach; the caller must look.
    """
    basket = Basket(problem, limits, params, risk, prices)
    basket.start(np.floor(continuous / basket.pack_array + 1e-6).astype(np.int64))
    basket.meet_minimums(continuous)
    basket.drop_until_feasible()
    for _ in range(ROUNDS):
        filled = basket.fill()
        if not basket.tidy() and not filled:
            break
    return np.array(basket.quantity, dtype=np.int64)


class Basket:
    """A whole-unit plan under construction and what it uses of every limit.

    Plain lists: single steps on them are several times faster than on arrays.
    """

    def __init__(
        self,
        problem: ShippingProblem,
        limits: Limits,
        params: PlanParams,
        risk: Risk,
        prices: Floats,
    ) -> None:
        moves, table = problem.moves, cell_units(problem)
        scale = money_scale(problem)
        self.problem, self.limits, self.risk, self.scale = problem, limits, risk, scale
        self.pack_array = packs_of(problem)
        self.pack: list[int] = self.pack_array.tolist()
        self.least: list[int] = line_minimum(problem, params).tolist()
        self.cost: list[float] = np.round((moves.cost + moves.lateness) * scale, GRID).tolist()
        self.into: list[int] = moves.destination_cell.tolist()
        self.outof: list[int] = moves.origin_cell.tolist()
        self.value: list[float] = np.round(problem.units.value * scale, GRID).tolist()
        self.first: list[int] = table.start.tolist()
        self.count: list[int] = table.count.tolist()
        self.lies = table.on_hand
        order = np.argsort(limits.move, kind="stable")
        edges = np.searchsorted(limits.move[order], np.arange(len(moves.action) + 1))
        self.edges: list[int] = edges.tolist()
        self.row: list[int] = limits.row[order].tolist()
        self.weight: list[float] = limits.coefficient[order].tolist()
        self.most: list[float] = (limits.at_most + limits.tolerance()).tolist()
        self.fewest: list[float] = (limits.at_least - limits.tolerance()).tolist()
        priced = np.bincount(
            limits.move,
            weights=limits.coefficient * prices[limits.row] * scale,
            minlength=len(moves.action),
        )
        self.priced: list[float] = np.round(priced, GRID).tolist()
        self.extra: list[float] = risk.dearer.tolist()
        self.start(np.zeros(len(moves.action), dtype=np.int64))

    def start(self, steps: Ints) -> None:
        """Take over `steps` packs of each move; lines below their minimum are left out."""
        quantity = steps * self.pack_array
        self.restore(np.where(quantity >= np.array(self.least, dtype=np.int64), quantity, 0))

    def restore(self, quantity: Ints) -> None:
        """Take over the units of each move as they are."""
        moves = self.problem.moves
        cells = len(self.problem.cell_item)
        into, outof = moves.destination_cell >= 0, moves.origin_cell >= 0
        come = np.bincount(moves.destination_cell[into], quantity[into], cells).astype(np.int64)
        leave = np.bincount(moves.origin_cell[outof], quantity[outof], cells).astype(np.int64)
        self.quantity: list[int] = quantity.tolist()
        self.there: list[int] = (self.lies + come - leave).tolist()
        self.come: list[int] = come.tolist()
        self.used: list[float] = self.limits.use(quantity).tolist()
        self.loss = loss_of_outcomes(self.problem, self.risk, quantity)

    def step(self, move: int) -> int:
        """Units of the next step up: a pack, or the least line to start one."""
        return self.pack[move] if self.quantity[move] else self.least[move]

    def gain(self, move: int, units: int) -> float:
        """Scaled money gained by `units` more (or, negative, less) of a move; -inf if no room."""
        total = -units * self.cost[move]
        for cell, change in ((self.into[move], units), (self.outof[move], -units)):
            if cell < 0:
                continue
            before, after = self.there[cell], self.there[cell] + change
            if after < 0 or after > self.count[cell]:
                return -np.inf
            base = self.first[cell]
            if change > 0:
                total += sum(self.value[base + before : base + after])
            else:
                total -= sum(self.value[base + after : base + before])
        return total

    def score(self, move: int, units: int) -> float:
        """Gain a unit after paying for the limits used: the order of filling."""
        gain = self.gain(move, units)
        return gain / units - self.priced[move] if gain > WORTH_IT else -np.inf

    def fits(self, move: int, units: int) -> bool:
        """Whether `units` more (or less) of a move keep every limit."""
        for place in range(self.edges[move], self.edges[move + 1]):
            row, change = self.row[place], self.weight[place] * units
            after = self.used[row] + change
            if change > 0 and after > self.most[row]:
                return False
            if change < 0 and after < self.fewest[row]:
                return False
        if self.risk.budget is None or units < 0 or self.into[move] < 0:
            return True
        return not self.risk.broken_by(self.loss + self._loss_change(move, units))

    def blocked_by(self, move: int, units: int) -> int | None:
        """First row that `units` more of a move would break; -1 for the risk budget."""
        for place in range(self.edges[move], self.edges[move + 1]):
            row, change = self.row[place], self.weight[place] * units
            if change > 0 and self.used[row] + change > self.most[row]:
                return row
        return None if self.fits(move, units) else -1

    def take(self, move: int, units: int) -> None:
        """Do `units` more (or less) of a move."""
        if self.into[move] >= 0:
            if self.risk.budget is not None:
                self.loss = self.loss + self._loss_change(move, units)
            self.there[self.into[move]] += units
            self.come[self.into[move]] += units
        if self.outof[move] >= 0:
            self.there[self.outof[move]] -= units
        self.quantity[move] += units
        for place in range(self.edges[move], self.edges[move + 1]):
            self.used[self.row[place]] += self.weight[place] * units

    def _loss_change(self, move: int, units: int) -> Floats:
        """Change of each outcome's loss."""
        cell = self.into[move]
        need, before = self.problem.need[cell], self.come[cell]
        change = np.maximum(before + units - need, 0) - np.maximum(before - need, 0)
        return np.asarray(self.problem.loss_per_unit[cell] * change + self.extra[move] * units)

    def fill(self) -> bool:
        """Add the best next step while any gains and fits; lazy, for gains only fall."""
        queue = [
            (-score, move)
            for move in range(len(self.quantity))
            if (score := self.score(move, self.step(move))) > -np.inf
        ]
        heapq.heapify(queue)
        changed = False
        while queue:
            stale, move = heapq.heappop(queue)
            units = self.step(move)
            score = self.score(move, units)
            if score == -np.inf:
                continue
            if -score > stale + WORTH_IT:
                heapq.heappush(queue, (-score, move))
                continue
            if not self.fits(move, units):
                continue
            self.take(move, units)
            changed = True
            heapq.heappush(queue, (-score, move))
        return changed

    def tidy(self) -> bool:
        """Undo steps that cost more than they bring and whose undoing fits."""
        changed = False
        for move in range(len(self.quantity)):
            while self.quantity[move]:
                units = self._undo(move)
                if self.gain(move, -units) <= WORTH_IT or not self.fits(move, -units):
                    break
                self.take(move, -units)
                changed = True
        return changed

    def _undo(self, move: int) -> int:
        """Units of one step down: a pack, or the whole line once it is at its minimum."""
        held = self.quantity[move]
        return self.pack[move] if held - self.pack[move] >= self.least[move] else held

    def meet_minimums(self, continuous: Floats) -> None:
        """Raise moves of locks that miss their minimum, the dearest fractions first.

        Other limits may break; `drop_until_feasible` then frees them from other moves.
        """
        for row in np.flatnonzero(np.isfinite(self.limits.at_least)).tolist():
            mine = self.limits.move[self.limits.row == row].tolist()
            mine.sort(key=lambda move: (self.quantity[move] - continuous[move], move))
            for move in [*mine, *self._by_gain(mine)]:
                while self.used[row] < self.fewest[row] and self._may_force(move):
                    self.take(move, self.step(move))
                    if self.quantity[move] > continuous[move] and move in mine:
                        break

    def _by_gain(self, mine: list[int]) -> Iterable[int]:
        """Repeat moves in order of what a step gains, so that a shortfall can be closed."""
        ranked = sorted(mine, key=lambda move: (-self.gain(move, self.step(move)), move))
        return [move for move in ranked for _ in range(64)]

    def _may_force(self, move: int) -> bool:
        """Whether a step has units at its origin and room among the candidates."""
        units = self.step(move)
        if self.gain(move, units) == -np.inf:
            return False
        for place in range(self.edges[move], self.edges[move + 1]):
            row = self.row[place]
            hard = self.limits.family[row] in ("on hand", "lock")
            if hard and self.used[row] + self.weight[place] * units > self.most[row]:
                return False
        return True

    def drop_until_feasible(self) -> None:
        """Free every limit that is exceeded, giving up the least gain for each unit of it."""
        for protect in (True, False):
            for _ in range(2 * len(self.most) + 2):
                self._empty_overfull_cells()
                broken = self._broken()
                if broken is None:
                    return
                if not self._relieve(broken, protect=protect):
                    break

    def _empty_overfull_cells(self) -> None:
        """Drop arrivals, the dearest first, where a cell holds more than its candidate units.

        Flooring an exit leaves more units in a cell than the continuous plan did.
        """
        over = np.flatnonzero(np.array(self.there) > np.array(self.count))
        into = np.array(self.into)
        for cell in over.tolist():
            mine = np.flatnonzero(into == cell).tolist()
            for move in sorted(mine, key=lambda each: (-self.cost[each], each)):
                while self.quantity[move] and self.there[cell] > self.count[cell]:
                    self.take(move, -self._undo(move))

    def _broken(self) -> int | None:
        """First row above its limit, -1 for the risk budget, None if all hold."""
        used, most = np.array(self.used), np.array(self.most)
        over = np.flatnonzero(used > most)
        if len(over):
            return int(over[0])
        return -1 if self.risk.broken_by(self.loss) else None

    def _relieve(self, row: int, *, protect: bool) -> bool:
        """Drop steps that use a row, the cheapest a unit of it first, until it holds."""
        queue = [(self._regret(move, weight), move, weight) for move, weight in self._users(row)]
        heapq.heapify(queue)
        dropped = False
        while queue and self._over(row):
            regret, move, weight = heapq.heappop(queue)
            if not self.quantity[move]:
                continue
            units = self._undo(move)
            fresh = self._regret(move, weight)
            if fresh > regret + WORTH_IT:
                heapq.heappush(queue, (fresh, move, weight))
                continue
            if protect and not self._keeps_minimums(move, units):
                continue
            self.take(move, -units)
            dropped = True
            if self.quantity[move]:
                heapq.heappush(queue, (self._regret(move, weight), move, weight))
        return dropped

    def _users(self, row: int) -> Iterable[tuple[int, float]]:
        """List moves whose quantity uses a row, with how much a unit uses."""
        if row < 0:
            return [(move, 1.0) for move in range(len(self.quantity)) if self._risky(move)]
        mine = np.flatnonzero(self.limits.row == row)
        pairs = zip(
            self.limits.move[mine].tolist(), self.limits.coefficient[mine].tolist(), strict=True
        )
        return [(move, weight) for move, weight in pairs if weight > 0 and self.quantity[move]]

    def _risky(self, move: int) -> bool:
        return self.into[move] >= 0 and self.quantity[move] > 0

    def _over(self, row: int) -> bool:
        """Whether a row is still above its limit."""
        if row >= 0:
            return self.used[row] > self.most[row]
        return self.risk.broken_by(self.loss)

    def _regret(self, move: int, weight: float) -> float:
        """Gain given up by one step down, a unit of the row freed."""
        units = self._undo(move) if self.quantity[move] else 1
        lost = -self.gain(move, -units)
        return lost / (weight * units) if np.isfinite(lost) else np.inf

    def _keeps_minimums(self, move: int, units: int) -> bool:
        """Whether dropping leaves every lock's minimum met, and breaks no storage."""
        for place in range(self.edges[move], self.edges[move + 1]):
            row = self.row[place]
            if self.used[row] - self.weight[place] * units < self.fewest[row]:
                return False
        return True
