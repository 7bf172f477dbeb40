"""Whole units of carried items, against the priced items of a decomposition.

Their continuous plan is in whole units except for a few items: those whose packs or lines redirects
and exits break up, and those at the edge of a limit. All are rounded step by step. The few are then
solved exactly, some at a time, at the last prices and within the limits that all others leave.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.decomposition.carried import CarriedPart, carry_items
from foreship_optimize.decomposition.column_generation import DecomposedSolution
from foreship_optimize.limits import Limits, cell_units, packs_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.unit_groups.tiers import line_minimum
from foreship_optimize.program.unit_groups.units_by_day import items_counted_by_day
from foreship_optimize.risk import loss_of_outcomes, mean_of_worst
from foreship_optimize.whole_units.integer_program import plan_cost, solve_integer_program
from foreship_optimize.whole_units.pack_bound import item_minima
from foreship_optimize.whole_units.rounding import round_to_whole_units

__all__ = ["CarriedRounding"]

TOGETHER = 25
"""items solved in one integer program"""
NOISE = 1e-6
"""a number of units this close to a whole number is taken for it"""


@dataclass(frozen=True)
class CarriedRounding:
    """Rounds the carried items of a decomposition."""

    instance: Instance
    continuous: DecomposedSolution
    part: CarriedPart

    @staticmethod
    def of(instance: Instance, continuous: DecomposedSolution) -> CarriedRounding:
        """Cut the problem down to the items that were not priced."""
        mine = np.ones(len(instance.problem.items), dtype=bool)
        if continuous.pricing is not None:
            mine[continuous.pricing.items] = False
        return CarriedRounding(
            instance,
            continuous,
            carry_items(instance.problem, instance.limits, instance.risk, mine),
        )

    def rounded(self, plan: Ints, start: Floats | Ints) -> Ints:
        """Round the carried moves step by step within the limits that all others leave, (M,).

        Parameters
        ----------
        plan
            Units of every move, shape (M,); those of carried moves are ignored.
        start
            Units of every move, shape (M,); those of carried moves are rounded.
        """
        part, instance = self.part, self.instance
        if not len(part.moves):
            return plan
        others = plan.copy()
        others[part.moves] = 0
        lost = _loss_of_others(instance, part, others, start)
        found = plan.copy()
        found[part.moves] = round_to_whole_units(
            part.problem, _residual_limits(instance, part, others, start),
            instance.params.plan, part.risk,
            start[part.moves].astype(float), part.narrowed(self.continuous.prices), lost,
        )  # fmt: skip
        return found

    def solved(self, plan: Ints, clock: Clock) -> Ints:
        """Give items whose plan is not whole the best one of their own at the shared prices, (M,).

        An item's best plan is searched at the shared prices. Carried items for which the search
        gives up are solved exactly, some at a time, within the limits that all others leave.

        Parameters
        ----------
        plan
            Units of every move, shape (M,): the carried ones rounded, the priced ones as assigned.
        clock
            Items are left as they are once time is over.
        """
        if clock.is_over():
            return plan
        fractional = self._fractional_items()
        found = self._item_optima(np.union1d(fractional, self._assigned_in_part_packs(plan)))
        priced = self._priced(found.items)
        plan = found.taken(plan, found.items[found.exact & priced])
        best = found.exact & ~priced
        plan = self._with_optima_that_fit(plan, found, found.items[best])
        items = np.setdiff1d(fractional, found.items[best])
        for start in range(0, len(items), TOGETHER):
            if clock.is_over():
                break
            mine = np.zeros(len(self.instance.problem.items), dtype=bool)
            mine[items[start : start + TOGETHER]] = True
            plan = self._solved(plan, mine, clock)
        return plan

    def _priced(self, items: Ints) -> Bools:
        """Mark those of some items that pricing solves."""
        pricing = self.continuous.pricing
        return np.isin(items, pricing.items) if pricing is not None else np.zeros(len(items), bool)

    def _assigned_in_part_packs(self, plan: Ints) -> Ints:
        """Priced items whose assigned plan breaks a pack or a line."""
        problem = self.instance.problem
        line = line_minimum(problem, self.instance.params.plan.minimum_line_quantity)
        broken = (plan % packs_of(problem) != 0) | ((plan > 0) & (plan < line))
        items = np.unique(problem.moves.item[broken])
        return items[self._priced(items)]

    def _item_optima(self, items: Ints) -> _ItemOptima:
        """Find the best plan of each item at the shared prices, items counted by day aside."""
        instance = self.instance
        mine = np.zeros(len(instance.problem.items), dtype=bool)
        mine[items] = True
        mine &= ~items_counted_by_day(instance.problem)
        part = carry_items(instance.problem, instance.limits, instance.risk, mine)
        prices = part.narrowed(self.continuous.prices)
        found = item_minima(part, prices, instance.params.plan.minimum_line_quantity)
        return _ItemOptima(
            found.items, found.exact, part.moves, part.problem.moves.item, found.quantity
        )

    def _with_optima_that_fit(self, plan: Ints, found: _ItemOptima, items: Ints) -> Ints:
        """Let carried items take their best plans, as far as carried items' limits hold, (M,).

        Priced items are not counted: they can still give way, carried items cannot any more.
        """
        better = found.taken(plan, items)
        if not len(items) or self._fits(plan, better):
            return better
        if len(items) == 1:
            return plan
        for half in np.array_split(items, 2):
            plan = self._with_optima_that_fit(plan, found, half)
        return plan

    def _fits(self, plan: Ints, better: Ints) -> bool:
        """Whether carried moves alone keep the limits they kept before, and the risk budget."""
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

    def _fractional_items(self) -> Ints:
        """Items whose continuous plan breaks a unit, a pack or a line."""
        problem, plan = self.part.problem, self.instance.params.plan
        quantity, packs = self.continuous.quantity[self.part.moves], packs_of(problem)
        broken = np.abs(quantity - np.rint(quantity / packs) * packs) > NOISE
        line = line_minimum(problem, plan.minimum_line_quantity)
        broken |= (quantity > NOISE) & (quantity < line - NOISE)
        return np.unique(problem.moves.item[broken])

    def _solved(self, plan: Ints, mine: Bools, clock: Clock) -> Ints:
        """Solve the marked items exactly at the shared prices; keep the plan if no better."""
        instance, prices = self.instance, self.continuous.prices
        some = carry_items(instance.problem, instance.limits, instance.risk, mine)
        others = plan.copy()
        others[some.moves] = 0
        charged = _at_shared_prices(some, self.continuous)
        free = replace(instance.params.plan, integer_program_units=max(1, len(some.moves)))
        known = replace(
            self.continuous, quantity=self.continuous.quantity[some.moves],
            prices=some.narrowed(prices), bound=-np.inf,
        )  # fmt: skip
        alone = Instance(
            charged, _residual_limits(instance, some, others, plan),
            replace(instance.params, plan=free), replace(some.risk, budget=None),
        )  # fmt: skip
        found = solve_integer_program(alone, known, clock)
        if found is None or found.objective >= plan_cost(charged, plan[some.moves]):
            return plan
        better = plan.copy()
        better[some.moves] = found.quantity
        return better


@dataclass(frozen=True)
class _ItemOptima:
    """Best plans of some items."""

    items: Ints
    exact: Bools
    """whether a best plan of the item was found"""
    moves: Ints
    item_of_move: Ints
    quantity: Ints

    def taken(self, plan: Ints, items: Ints) -> Ints:
        """Return the plan in which the items named take their best plans, (M,)."""
        mine = np.isin(self.item_of_move, items)
        better = plan.copy()
        better[self.moves[mine]] = self.quantity[mine]
        return better


def _residual_limits(
    instance: Instance, part: CarriedPart, others: Ints, own: Floats | Ints
) -> Limits:
    """Return the limits of a part, less what all other moves use of them.

    The part may always keep what it uses now: where a limit is exceeded, others give way.
    """
    limits, used = part.limits, instance.limits.use(others)[part.rows]
    most, shared = limits.at_most - used, part.coupling
    most[shared] = np.maximum(most[shared], limits.use(own[part.moves])[shared])
    return replace(limits, at_most=most, at_least=limits.at_least - used)


def _loss_of_others(
    instance: Instance, part: CarriedPart, others: Ints, own: Floats | Ints
) -> Floats:
    """Return what all other moves lose in each outcome, less any excess over the budget, (S,).

    As with the limits, others give way where the budget is exceeded.
    """
    risk, lost = part.risk, loss_of_outcomes(instance.problem, instance.risk, others)
    if risk.budget is None:
        return lost
    mine = loss_of_outcomes(part.problem, risk, own[part.moves])
    return lost - max(0.0, mean_of_worst(lost + mine, risk.level) - risk.budget)


def _at_shared_prices(part: CarriedPart, continuous: DecomposedSolution) -> ShippingProblem:
    """Return the part with shared limits and outcomes charged to its moves and units.

    An arrival is charged by the rank of its unit, even in cells that units leave: close enough to
    choose among whole-unit plans.
    """
    problem, limits, prices = part.problem, part.limits, part.narrowed(continuous.prices)
    shared = np.zeros(len(limits.words))
    shared[part.coupling] = prices.limits[part.coupling]
    cost = limits.paid(shared, len(part.moves))
    cost += problem.moves.charged + part.risk.dearer * prices.risk
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
