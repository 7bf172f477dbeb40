"""A minimal set of limits that cannot hold together, named in a planner's words.

Only minimums can contradict other limits, so the search looks at the moves that have a say in them.
Prices of a continuous elastic program leave only the limits to blame, where these clash already
(the support of a Farkas certificate); then one limit after another is dropped for good if the rest
still clash without it (the deletion filter of Chinneck and Dravnieks, doi:10.1287/ijoc.3.2.157).
What stays is irreducible: without any one of them the others of the set can hold. All tests are in
whole units, so that packs are seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools
from foreship_foundation.telling.words import listed, number
from foreship_optimize.infeasible.elastic import FEW, NODES, WHOLE
from foreship_optimize.infeasible.question import moves_in_question, with_places_asked_for
from foreship_optimize.limits import Limits, cell_units, families_where, family_of, limits_of
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.formulation import (
    AT_LEAST,
    AT_MOST,
    MINIMUMS,
    RISK,
    Model,
    Soft,
    build,
)
from foreship_optimize.program.presolve import cut
from foreship_optimize.program.solving import solved
from foreship_optimize.program.unit_groups.tiers import tiers_of
from foreship_optimize.risk import Risk

__all__ = ["smallest_conflict", "stops"]

PRICED = 1e-7
"""a limit of less price than this is not to blame"""
PACKS, LINE = "packs", "minimum line quantity"
RULES = (PACKS, RISK, LINE)
"""what holds beside rows of limits; packs are no limit of the planner's, and dropped first"""
BLOCKS = 20
"""most sets that are named one after another"""
TOGETHER = "these cannot hold together, and without any one of them the others can:"
ONE_MUST_GO = "these cannot hold together, so that one of them at least must give way:"
CUT_SHORT = "these cannot hold together (time ended before it was known whether fewer of them can):"


@dataclass(frozen=True)
class _Held:
    """Which limits are held in a test."""

    upper: Bools
    """upper side of each row of limits"""
    lower: Bools
    """lower side"""
    rules: frozenset[str]
    """of `RULES`"""

    def without(self, place: int) -> _Held:
        """Drop one limit, by its place in the count: rules, upper sides, lower sides."""
        if place < len(RULES):
            return replace(self, rules=self.rules - {RULES[place]})
        rows, row = len(self.upper), place - len(RULES)
        upper, lower = self.upper.copy(), self.lower.copy()
        (upper if row < rows else lower)[row % rows] = False
        return replace(self, upper=upper, lower=lower)

    def places(self) -> list[int]:
        """Return the places, in that count, of the limits held."""
        flags = np.concatenate([[rule in self.rules for rule in RULES], self.upper, self.lower])
        return [int(place) for place in np.flatnonzero(flags)]


@dataclass(frozen=True)
class _Clash:
    """A set of limits that cannot hold together."""

    held: _Held
    smallest: bool
    """False where time ended before it was known"""


def smallest_conflict(
    problem: ShippingProblem, params: OptimizeParams, risk: Risk, clock: Clock
) -> tuple[str, ...]:
    """Name a minimal set of limits that cannot hold together; none if none conflict.

    Where the rest of all limits cannot hold without one of the set either, a further set is named
    of what conflicts without it, and so on.

    Parameters
    ----------
    risk
        With the budget as it was stated.

    Returns
    -------
    One sentence a limit, below one that says what is true of them.
    """
    question = _Question.of(problem, params.plan, risk, clock)
    held, told, gone = question.everything(), [], ""
    for _ in range(BLOCKS):
        clash = question.smallest(held)
        if clash is None:
            break
        told += [gone + question.head(held, clash)]
        told += [f"- {each}" for each in question.words(clash.held)]
        place = clash.held.places()[-1]  # a minimum: all else can hold without one
        held = held.without(place)
        gone = f"without {next(question.words(clash.held, place))}, "
    return tuple(told)


def stops(
    problem: ShippingProblem, params: OptimizeParams, risk: Risk, lock: int, clock: Clock
) -> tuple[str, ...]:
    """Name what stands against the minimum of a lock, where all else holds; () if not known.

    Budgets and the minimum line are not named: they give way to locks.

    Parameters
    ----------
    problem
        With all other minimums as they are kept.
    lock
        Position of the lock among the problem's.
    """
    plan = replace(params.plan, minimum_line_quantity=1)
    question = _Question.of(problem, plan, replace(risk, budget=None), clock)
    limits, held = question.limits, question.everything()
    held = replace(held, upper=held.upper & ~limits.are(families_where(yields="to locks")))
    clash = question.smallest(held)
    mine = np.flatnonzero(limits.are(("lock",)) & (limits.index == lock))
    if clash is None or not clash.smallest or not clash.held.lower[mine].any():
        return ()
    clash.held.lower[mine] = False
    return tuple(question.words(clash.held))


@dataclass(frozen=True)
class _Question:
    """The moves that have a say, their limits, and the time there is."""

    problem: ShippingProblem
    plan: PlanParams
    risk: Risk
    clock: Clock
    limits: Limits

    @classmethod
    def of(cls, problem: ShippingProblem, plan: PlanParams, risk: Risk, clock: Clock) -> _Question:
        """Cut the problem down to the moves in question.

        Nothing else is left out: a hub stock of less than a pack may be what a lock conflicts with.
        Cells take what is asked of them: that they have few candidates is no limit of its own.
        """
        moves = np.flatnonzero(moves_in_question(problem))
        lean = with_places_asked_for(cut(problem, moves, cell_units(problem).count))
        lean = replace(lean, supply_units=problem.supply_units)
        return cls(lean, plan, risk.of(moves), clock, limits_of(lean))

    def everything(self) -> _Held:
        """Hold all limits as stated."""
        limits, problem = self.limits, self.problem
        rules = {
            PACKS: bool((problem.pack_size[problem.moves.item] > 1).any()),
            RISK: self.risk.budget is not None,
            LINE: self.plan.minimum_line_quantity > 1,
        }
        held = frozenset(rule for rule, holds in rules.items() if holds)
        return _Held(np.isfinite(limits.at_most), np.isfinite(limits.at_least), held)

    def smallest(self, held: _Held) -> _Clash | None:
        """Drop limits for good while the rest clash; None if they do not clash, or out of time."""
        if not self.clash(held):
            return None
        blamed = self.blamed(held)
        if blamed is not None and self.clash(blamed):
            held = blamed
        for place in held.places():
            if self.clock.is_over():
                return _Clash(held, smallest=False)
            fewer = held.without(place)
            if self.clash(fewer):
                held = fewer
        return _Clash(held, smallest=not self.clock.is_over())

    def clash(self, held: _Held) -> bool:
        """Whether the limits held contradict each other; False where time ended."""
        model = self._model(held, whole=True)
        if not model.slacks:
            return False
        outcome = solved(model, self.plan, self.clock, mip_rel_gap=0.0, mip_max_nodes=NODES)
        missed = outcome.objective if outcome.bound is None else outcome.bound
        return outcome.has_solution and missed is not None and missed > WHOLE

    def blamed(self, held: _Held) -> _Held | None:
        """Keep those of the limits held that have a price without whole units, and all rules."""
        model = self._model(held, whole=False)
        outcome = solved(model, self.plan, self.clock)
        if outcome.duals is None or outcome.objective is None or outcome.objective <= WHOLE:
            return None
        upper, lower = np.zeros_like(held.upper), np.zeros_like(held.lower)
        sides = {AT_MOST: upper, AT_LEAST: lower}
        for (kind, index), dual in zip(model.rows.values(), outcome.duals.tolist(), strict=True):
            if abs(dual) > PRICED and kind in sides:
                sides[kind][index] = True
        return replace(held, upper=upper & held.upper, lower=lower & held.lower)

    def _model(self, held: _Held, *, whole: bool) -> Model:
        """Write down the program that misses the minimums held by as little as it can."""
        limits = replace(
            self.limits,
            at_most=np.where(held.upper, self.limits.at_most, np.inf),
            at_least=np.where(held.lower, self.limits.at_least, -np.inf),
        )
        plan, risk, problem = self.plan, self.risk, self._refilled(held)
        if LINE not in held.rules:
            plan = replace(plan, minimum_line_quantity=1)
        if RISK not in held.rules:
            risk = replace(risk, budget=None)
        if PACKS not in held.rules:
            problem = replace(problem, pack_size=np.ones_like(problem.pack_size))
        whole &= len(problem.moves.action) <= FEW
        blocks = None if whole else plan.maximum_blocks
        tiers = tiers_of(problem, blocks, plan.minimum_line_quantity, risky=risk.budget is not None)
        soft = Soft({(MINIMUMS,): np.inf}, (MINIMUMS,))
        return build(problem, limits, tiers, plan, risk=risk, integer=whole, soft=soft)

    def _refilled(self, held: _Held) -> ShippingProblem:
        """Lift hub stocks that are not held: each move may carry what its cell takes."""
        problem, limits = self.problem, self.limits
        loose = (limits.family == "hub stock") & ~held.upper
        moves = limits.move[loose[limits.row]]
        drawn = problem.stock_key(problem.moves.item[moves], problem.moves.origin_hub[moves])
        full = np.isin(problem.stock_key(problem.supply_item, problem.supply_hub), drawn)
        units = np.where(full, len(problem.units.cell), problem.supply_units)
        return replace(problem, supply_units=units)

    def head(self, held: _Held, clash: _Clash) -> str:
        """Say what is true of the limits of a clash: of all limits, or of these alone."""
        if not clash.smallest:
            return CUT_SHORT
        rest = any(self.clash(held.without(place)) for place in clash.held.places())
        return ONE_MUST_GO if rest else TOGETHER

    def words(self, held: _Held, only: int | None = None) -> Iterator[str]:
        """Name each limit that is held, or one of them alone, with the amount it allows."""
        for place in held.places() if only is None else [only]:
            row = place - len(RULES)
            if row >= 0:
                upper = row < len(held.upper)
                yield self._upper(row) if upper else self._lower(row - len(held.upper))
            elif RULES[place] == PACKS:
                yield self._packs(held)
            elif RULES[place] == RISK:
                yield f"the {RISK} of {self.risk.budget:,.2f}"
            else:
                yield f"the {LINE} of {self.plan.minimum_line_quantity}"

    def _lower(self, row: int) -> str:
        """Name the lower side of a row."""
        return f"lock {self.limits.words[row]}"

    def _upper(self, row: int) -> str:
        """Name the upper side of a row."""
        limits = self.limits
        family, most = family_of(limits.family[row]), number(limits.at_most[row])
        mine = family.name == "lock"
        if mine and self.problem.locks[limits.index[row]].source == "override":
            return f"lock {limits.words[row]}"
        return f"{limits.words[row]}: {most} {limits.unit[row]}{family.left}"

    def _packs(self, held: _Held) -> str:
        """Name the packs of the items that minimums held are about."""
        limits, problem = self.limits, self.problem
        named = np.unique(problem.moves.item[limits.move[held.lower[limits.row]]])
        packed = [item for item in named.tolist() if problem.pack_size[item] > 1]
        words = [f"{problem.pack_size[item]} of {problem.items[item]}" for item in packed]
        return f"packs of {listed(words, most=5)}"
