"""Whole units of carried items, beside the priced items of a decomposition.

Their continuous plan is in whole units but for a few items: those that ship in packs or lines that
redirects and exits part, and those at a limit's edge. All are rounded step by step; those few are
then solved exactly, some at a time, at the last prices and in the room that all others leave.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.decomposition.carried import Carried, carry
from foreship_optimize.decomposition.column_generation import Decomposed
from foreship_optimize.limits import Limits, cell_units, packs_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.instance import Clock, Task
from foreship_optimize.program.tiers import line_minimum
from foreship_optimize.program.units_by_day import items_by_day
from foreship_optimize.risk import loss_of_outcomes, mean_of_worst
from foreship_optimize.whole_units.integer_program import cost_of, solve_exactly
from foreship_optimize.whole_units.pack_bound import searched
from foreship_optimize.whole_units.rounding import whole_units

__all__ = ["Beside"]

TOGETHER = 25
"""items whose whole-unit program is solved at once"""
NOISE = 1e-6
"""units this far from whole ones are taken for them"""


@dataclass(frozen=True)
class Beside:
    """The carried items of a decomposition."""

    task: Task
    continuous: Decomposed
    part: Carried

    @staticmethod
    def of(task: Task, continuous: Decomposed) -> Beside:
        """Cut the problem down to the items that were not priced."""
        mine = np.ones(len(task.problem.items), dtype=bool)
        if continuous.shelf is not None:
            mine[continuous.shelf.items] = False
        return Beside(task, continuous, carry(task.problem, task.limits, task.risk, mine))

    def rounded(self, plan: Ints, start: Floats | Ints) -> Ints:
        """Round the carried moves step by step in what all others leave of the limits, (M,).

        Parameters
        ----------
        plan
            Units of every move; of the carried ones they do not count, shape (M,).
        start
            Units of every move, of which the carried ones are rounded, shape (M,).
        """
        part, task = self.part, self.task
        if not len(part.moves):
            return plan
        others = plan.copy()
        others[part.moves] = 0
        lost = _lost(task, part, others, start)
        found = plan.copy()
        found[part.moves] = whole_units(
            part.problem, _left(task, part, others, start), task.params.plan, part.risk,
            start[part.moves].astype(float), part.narrowed(self.continuous.prices), lost,
        )  # fmt: skip
        return found

    def solved(self, plan: Ints, clock: Clock) -> Ints:
        """Give items whose plan is not whole the best one of their own at the shared prices, (M,).

        It is searched; where the search ends before, carried items are solved exactly, some at a
        time, in the room that all others leave.

        Parameters
        ----------
        plan
            Units of every move, the carried ones rounded, the priced ones as dealt, shape (M,).
        clock
            Items are left as they are once time is over.
        """
        if clock.is_over():
            return plan
        parted = self._parted()
        found = self._best_plans(np.union1d(parted, self._dealt_badly(plan)))
        priced = self._priced(found.items)
        plan = found.taken(plan, found.items[found.exact & priced])
        best = found.exact & ~priced
        plan = self._with_all_that_fit(plan, found, found.items[best])
        items = np.setdiff1d(parted, found.items[best])
        for start in range(0, len(items), TOGETHER):
            if clock.is_over():
                break
            mine = np.zeros(len(self.task.problem.items), dtype=bool)
            mine[items[start : start + TOGETHER]] = True
            plan = self._solved(plan, mine, clock)
        return plan

    def _priced(self, items: Ints) -> Bools:
        """Mark those of some items that pricing solves."""
        shelf = self.continuous.shelf
        return np.isin(items, shelf.items) if shelf is not None else np.zeros(len(items), bool)

    def _dealt_badly(self, plan: Ints) -> Ints:
        """Priced items whose dealt plan breaks a pack or a line."""
        problem = self.task.problem
        line = line_minimum(problem, self.task.params.plan.minimum_line_quantity)
        broken = (plan % packs_of(problem) != 0) | ((plan > 0) & (plan < line))
        items = np.unique(problem.moves.item[broken])
        return items[self._priced(items)]

    def _best_plans(self, items: Ints) -> _Found:
        """Search the best plan of each item at the shared prices, but where days differ."""
        task = self.task
        mine = np.zeros(len(task.problem.items), dtype=bool)
        mine[items] = True
        mine &= ~items_by_day(task.problem)
        part = carry(task.problem, task.limits, task.risk, mine)
        prices = part.narrowed(self.continuous.prices)
        found = searched(part, prices, task.params.plan.minimum_line_quantity)
        return _Found(found.items, found.exact, part.moves, part.problem.moves.item, found.quantity)

    def _with_all_that_fit(self, plan: Ints, found: _Found, items: Ints) -> Ints:
        """Let carried items take their best plans, as far as limits hold without priced ones, (M,).

        Priced items can give way altogether; carried ones are then not dropped any more.
        """
        better = found.taken(plan, items)
        if not len(items) or self._fits(plan, better):
            return better
        if len(items) == 1:
            return plan
        for half in np.array_split(items, 2):
            plan = self._with_all_that_fit(plan, found, half)
        return plan

    def _fits(self, plan: Ints, better: Ints) -> bool:
        """Whether carried moves alone keep what limits they kept before, and the risk budget."""
        part = self.part
        limits, risk, noise = part.limits, part.risk, part.limits.tolerance()
        before, after = (limits.use(each[part.moves]) for each in (plan, better))
        if (after > np.maximum(limits.at_most + noise, before)).any():
            return False
        if (after < np.minimum(limits.at_least - noise, before)).any():
            return False
        if risk.budget is None:
            return True
        return not risk.broken_by(loss_of_outcomes(part.problem, risk, better[part.moves]))

    def _parted(self) -> Ints:
        """Items whose continuous plan breaks a unit, a pack or a line."""
        problem, plan = self.part.problem, self.task.params.plan
        quantity, packs = self.continuous.quantity[self.part.moves], packs_of(problem)
        broken = np.abs(quantity - np.rint(quantity / packs) * packs) > NOISE
        line = line_minimum(problem, plan.minimum_line_quantity)
        broken |= (quantity > NOISE) & (quantity < line - NOISE)
        return np.unique(problem.moves.item[broken])

    def _solved(self, plan: Ints, mine: Bools, clock: Clock) -> Ints:
        """Solve the marked items at the shared prices; the plan stays where no better."""
        task, prices = self.task, self.continuous.prices
        some = carry(task.problem, task.limits, task.risk, mine)
        others = plan.copy()
        others[some.moves] = 0
        charged = _charged(some, self.continuous)
        free = replace(task.params.plan, integer_program_units=max(1, len(some.moves)))
        known = replace(
            self.continuous, quantity=self.continuous.quantity[some.moves],
            prices=some.narrowed(prices), bound=-np.inf,
        )  # fmt: skip
        alone = Task(
            charged, _left(task, some, others, plan), replace(task.params, plan=free),
            replace(some.risk, budget=None),
        )  # fmt: skip
        found = solve_exactly(alone, known, clock)
        if found is None or found.objective >= cost_of(charged, plan[some.moves]):
            return plan
        better = plan.copy()
        better[some.moves] = found.quantity
        return better


@dataclass(frozen=True)
class _Found:
    """Best plans of some items."""

    items: Ints
    exact: Bools
    """whether there is a plan of the item"""
    moves: Ints
    item_of_move: Ints
    quantity: Ints

    def taken(self, plan: Ints, items: Ints) -> Ints:
        """Put the plans of the items named into their moves' places of a plan, (M,)."""
        mine = np.isin(self.item_of_move, items)
        better = plan.copy()
        better[self.moves[mine]] = self.quantity[mine]
        return better


def _left(task: Task, part: Carried, others: Ints, own: Floats | Ints) -> Limits:
    """Return the limits of a part, less what all other moves use of them.

    What the part uses now is never too much: where a limit is exceeded, others give way.
    """
    limits, used = part.limits, task.limits.use(others)[part.rows]
    most, shared = limits.at_most - used, part.coupling
    most[shared] = np.maximum(most[shared], limits.use(own[part.moves])[shared])
    return replace(limits, at_most=most, at_least=limits.at_least - used)


def _lost(task: Task, part: Carried, others: Ints, own: Floats | Ints) -> Floats:
    """Return what all other moves lose in each outcome, less what the part would exceed by, (S,).

    As with limits: where the budget is exceeded, others give way.
    """
    risk, lost = part.risk, loss_of_outcomes(task.problem, task.risk, others)
    if risk.budget is None:
        return lost
    mine = loss_of_outcomes(part.problem, risk, own[part.moves])
    return lost - max(0.0, mean_of_worst(lost + mine, risk.level) - risk.budget)


def _charged(part: Carried, continuous: Decomposed) -> ShippingProblem:
    """Charge moves and units the prices of the shared limits and the outcomes.

    An arrival is charged by its unit's rank, in cells that give units away too: close enough to
    choose among whole-unit plans.
    """
    problem, limits, prices = part.problem, part.limits, part.narrowed(continuous.prices)
    shared = np.zeros(len(limits.words))
    shared[part.coupling] = prices.limits[part.coupling]
    cost = limits.paid(shared, len(part.moves))
    cost += problem.moves.cost + part.risk.dearer * prices.risk
    units, value = problem.units, problem.units.value
    if part.risk.budget is not None and prices.outcomes.any():
        ahead = units.rank - 1 - cell_units(problem).on_hand[units.cell]
        unneeded = (problem.need[units.cell] <= ahead[:, None]) @ prices.outcomes
        value = value - np.where(units.on_hand, 0.0, problem.loss_per_unit[units.cell] * unneeded)
    late = problem.late
    if len(late.unit):
        late = replace(late, value=late.value + (value - units.value)[late.unit])
    return replace(
        problem, moves=replace(problem.moves, cost=cost),
        units=replace(units, value=value), late=late,
    )  # fmt: skip
