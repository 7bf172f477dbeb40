"""A minimal set of limits that cannot hold together, named in a planner's words.

Only minimums can contradict other limits, so the search looks at the items they name. A first
elastic program leaves only the limits whose price says that they are to blame (the support of a
Farkas certificate); then one limit after another is dropped for good if the rest still clash
without it (the deletion filter of Chinneck and Dravnieks, doi:10.1287/ijoc.3.2.157). What stays is
irreducible: without any one of them the others can hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Bools
from foreship_optimize.decomposition.carried import CarriedPart, carry_items
from foreship_optimize.infeasible.elastic import WHOLE
from foreship_optimize.limits import family_of, limits_of
from foreship_optimize.params import OptimizeParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program import solver
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.formulation import AT_LEAST, AT_MOST, MINIMUMS, RISK, Model, Soft, build
from foreship_optimize.program.solving import solved
from foreship_optimize.program.tiers import tiers_of
from foreship_optimize.risk import Risk

__all__ = ["smallest_conflict"]

PRICED = 1e-7
"""a limit of less price than this is not to blame"""
LINE = "minimum line quantity"


@dataclass(frozen=True)
class _Held:
    """Which limits are held in a test."""

    upper: Bools
    """upper side of each row of the part's limits"""
    lower: Bools
    """lower side"""
    risk: bool
    line: bool

    def without(self, place: int) -> _Held:
        """Drop one limit, by its place in the count: upper sides, lower sides, risk, lines."""
        rows = len(self.upper)
        if place == 2 * rows:
            return replace(self, risk=False)
        if place == 2 * rows + 1:
            return replace(self, line=False)
        upper, lower = self.upper.copy(), self.lower.copy()
        (upper if place < rows else lower)[place % rows] = False
        return replace(self, upper=upper, lower=lower)

    def places(self) -> list[int]:
        """Return the places, in that count, of the limits held."""
        flags = np.concatenate([self.upper, self.lower, [self.risk, self.line]])
        return [int(place) for place in np.flatnonzero(flags)]


def smallest_conflict(
    problem: ShippingProblem, params: OptimizeParams, risk: Risk, clock: Clock
) -> tuple[str, ...]:
    """Name a minimal set of limits that cannot hold together; none if none conflict.

    Parameters
    ----------
    risk
        With the budget as it was stated.

    Returns
    -------
    One sentence a limit. Where time ends first the set clashes, but may not be the smallest.
    """
    part = _in_question(problem, risk)
    held = _everything(part, params)
    outcome = _shortfall(part, params, held, clock)
    if outcome is None or outcome.missed <= WHOLE:
        return ()
    blamed = outcome.blamed
    if blamed is not None and _clash(part, params, blamed, clock):
        held = blamed
    for place in held.places():
        if clock.is_over():
            break
        fewer = held.without(place)
        if _clash(part, params, fewer, clock):
            held = fewer
    return tuple(_words(part, params, held))


def _in_question(problem: ShippingProblem, risk: Risk) -> CarriedPart:
    """Cut the problem down to the items that a minimum names or whose units can be moved away.

    Nothing else is left out: a hub stock of less than a pack may be what a lock conflicts with.
    """
    limits = limits_of(problem)
    mark = np.zeros(len(problem.items), dtype=bool)
    mark[problem.moves.item[~problem.moves.from_hub]] = True
    asked = np.isfinite(limits.at_least)
    mark[problem.moves.item[limits.move[asked[limits.row]]]] = True
    return carry_items(problem, limits, risk, mark)


def _everything(part: CarriedPart, params: OptimizeParams) -> _Held:
    """Hold all limits as stated."""
    limits = part.limits
    line = params.plan.minimum_line_quantity > 1
    risk = part.risk.budget is not None
    return _Held(np.isfinite(limits.at_most), np.isfinite(limits.at_least), risk, line)


@dataclass(frozen=True)
class _Shortfall:
    missed: float
    """least units by which minimums must be missed in all"""
    blamed: _Held | None
    """limits with a price; None where the program was solved in whole units"""


def _clash(part: CarriedPart, params: OptimizeParams, held: _Held, clock: Clock) -> bool:
    """Whether the limits held contradict each other; False where time ended."""
    found = _shortfall(part, params, held, clock)
    return found is not None and found.missed > WHOLE


def _shortfall(
    part: CarriedPart, params: OptimizeParams, held: _Held, clock: Clock
) -> _Shortfall | None:
    """Miss the minimums held by as little as the other limits allow; None out of time."""
    limits = replace(
        part.limits,
        at_most=np.where(held.upper, part.limits.at_most, np.inf),
        at_least=np.where(held.lower, part.limits.at_least, -np.inf),
    )
    plan = params.plan
    if not held.line:
        plan = replace(plan, minimum_line_quantity=1)
    risk = part.risk if held.risk else replace(part.risk, budget=None)
    whole = len(part.moves) <= plan.integer_program_units
    tiers = tiers_of(
        part.problem,
        None if whole else plan.maximum_blocks,
        plan.minimum_line_quantity,
        risky=held.risk,
    )
    soft = Soft({(MINIMUMS,): np.inf}, (MINIMUMS,))
    problem = _refilled(part, held)
    model = build(problem, limits, tiers, plan, risk=risk, integer=whole, soft=soft)
    if not model.slacks:
        return _Shortfall(0.0, None)
    outcome = solved(model, plan, clock)
    if not outcome.has_solution or outcome.objective is None:
        return None
    return _Shortfall(outcome.objective, _blamed(model, outcome, held))


def _refilled(part: CarriedPart, held: _Held) -> ShippingProblem:
    """Lift hub stocks that are not held: each move may carry what lies at its origin."""
    problem, limits = part.problem, part.limits
    loose = (limits.family == "hub stock") & ~held.upper
    moves = limits.move[loose[limits.row]]
    drawn = problem.stock_key(problem.moves.item[moves], problem.moves.origin_hub[moves])
    full = np.isin(problem.stock_key(problem.supply_item, problem.supply_hub), drawn)
    units = np.where(full, len(problem.units.cell), problem.supply_units)
    return replace(problem, supply_units=units)


def _blamed(model: Model, outcome: solver.Outcome, held: _Held) -> _Held | None:
    """Keep those of the limits held that have a price."""
    if outcome.duals is None:
        return None
    upper, lower, risk = np.zeros_like(held.upper), np.zeros_like(held.lower), False
    sides = {AT_MOST: upper, AT_LEAST: lower}
    for (kind, index), dual in zip(model.rows.values(), outcome.duals.tolist(), strict=True):
        if abs(dual) > PRICED and kind in sides:
            sides[kind][index] = True
        risk |= abs(dual) > PRICED and kind == RISK
    return _Held(upper & held.upper, lower & held.lower, risk and held.risk, held.line)


def _words(part: CarriedPart, params: OptimizeParams, held: _Held) -> Iterable[str]:
    """Name each limit that is left, with the amount it allows."""
    limits, rows = part.limits, len(held.upper)
    yield "these cannot hold together, and without any one of them the others can:"
    for place in held.places():
        if place == 2 * rows:
            yield f"- the {RISK} of {part.risk.budget:,.2f}"
        elif place == 2 * rows + 1:
            yield f"- the {LINE} of {params.plan.minimum_line_quantity}"
        elif place < rows:
            row = place
            left = family_of(limits.family[row]).left
            yield f"- {limits.words[row]}: {limits.at_most[row]:,.6g} {limits.unit[row]}{left}"
        else:
            yield f"- lock {limits.words[place - rows]}"
