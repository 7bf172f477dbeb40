"""Very many items solved some at a time, each part under its share of the limits that they share.

A part is a sample of the items, so that its fair share of a limit is nearly what the whole would
give it. What parts leave over, those after them may use. The bound is that of the whole program at
the mean of the parts' prices (docs/program.md, section 9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple, TypeAlias

import numpy as np

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_foundation.telling.progress import pieces
from foreship_optimize.decomposition.carried import CarriedPart, carry_items
from foreship_optimize.decomposition.pricing import priced_items
from foreship_optimize.errors import NoUsablePlan
from foreship_optimize.limits import Limits
from foreship_optimize.program.bound import Prices, lower_bound
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import ContinuousSolution, exceeded, unsolved
from foreship_optimize.program.instance import Instance, LimitsCannotHold
from foreship_optimize.whole_units.integer_program import Incumbent, faults_of, plan_cost
from foreship_optimize.whole_units.pack_bound import bound_in_packs

__all__ = ["solve_in_parts"]

MOST_CARRIED = 100_000
"""moves of items that cannot be priced alone, up to which one program holds them all"""
MOVES_AT_ONCE = 50_000
"""moves of a part, about"""
WORST = ("interrupted", "time limit", "node limit")
"""how a search may end short of its aim, the worst first"""

Solved: TypeAlias = tuple[ContinuousSolution, Incumbent]


def solve_in_parts(
    instance: Instance, clock: Clock, solve: Callable[[Instance, Clock], Solved]
) -> Solved | None:
    """Solve many items in parts; None where they are few, or held together by more than limits.

    Parameters
    ----------
    solve
        Solves a part: its continuous program, and a plan in whole units.
    """
    if not _worth_parting(instance):
        return None
    count = -(-len(instance.problem.moves.action) // MOVES_AT_ONCE)
    limits, found = instance.limits, list[_Part]()
    used = np.zeros((2, len(limits.words)))
    for mine in pieces(_dealt(instance, count), "Solving items in parts", count):
        part = carry_items(instance.problem, limits, instance.risk, mine)
        left = (limits.at_most - used.max(axis=0)) / (count - len(found))
        alone = Instance(part.problem, _under_share(part, limits, left), instance.params, part.risk)
        try:
            continuous, whole = solve(alone, clock)
        except (LimitsCannotHold, NoUsablePlan):
            return None
        found.append(_Part(part, continuous, whole))
        used[0, part.rows] += part.limits.use(continuous.quantity)
        used[1, part.rows] += part.limits.use(whole.quantity)
    together = _continuous(instance, found)
    bound = together.bound if clock.is_over() else bound_in_packs(instance, together)
    best = _whole(instance, found, bound)
    if exceeded(instance, together.quantity) or faults_of(instance, best.quantity):
        return None
    return together, best


class _Part(NamedTuple):
    """Some of the items, and how they were solved."""

    items: CarriedPart
    continuous: ContinuousSolution
    whole: Incumbent


def _worth_parting(instance: Instance) -> bool:
    """Whether many items stand apart but for limits from above, and too many to be held at once."""
    problem, limits = instance.problem, instance.limits
    if instance.risk.budget is not None or np.isfinite(limits.at_least).any():
        return False
    carried = ~priced_items(problem, limits)[problem.moves.item]
    return bool(np.count_nonzero(carried) > MOST_CARRIED)


def _dealt(instance: Instance, count: int) -> Iterator[Bools]:
    """Deal the items that move to parts, one after another, so that parts are alike, (I,) each."""
    items = np.unique(instance.problem.moves.item)
    for first in range(count):
        mine = np.zeros(len(instance.problem.items), dtype=bool)
        mine[items[first::count]] = True
        yield mine


def _under_share(part: CarriedPart, limits: Limits, left: Floats) -> Limits:
    """Limits of a part, at its share of what is left where moves of other parts use them too."""
    entries = np.bincount(limits.row, minlength=len(limits.words))[part.rows]
    mine = np.bincount(part.limits.row, minlength=len(part.rows))
    shared = (mine > 0) & (mine < entries)
    return replace(part.limits, at_most=np.where(shared, left[part.rows], part.limits.at_most))


def _continuous(instance: Instance, found: list[_Part]) -> ContinuousSolution:
    """Put the continuous plans together; the bound is that of the whole program at their prices."""
    problem, limits = instance.problem, instance.limits
    quantity: Floats = np.zeros(len(problem.moves.action))
    prices = Prices(
        np.zeros(len(limits.words)), np.zeros(len(limits.words)), np.zeros(len(problem.cell_item)),
        np.zeros(len(problem.cell_item)), np.zeros(problem.need.shape[1]), instance.risk.level,
    )  # fmt: skip
    size: dict[str, int] = {}
    users = np.zeros(len(limits.words))
    for part, solution, _ in found:
        quantity[part.moves] = solution.quantity
        size = {name: size.get(name, 0) + more for name, more in solution.size.items()}
        users[part.rows[np.unique(part.limits.row)]] += 1.0
        prices.limits[part.rows] += solution.prices.limits
        for name in ("cells", "staged"):
            getattr(prices, name)[part.cells] = getattr(solution.prices, name)
    prices = replace(prices, limits=prices.limits / np.maximum(users, 1.0))
    line = instance.params.plan.minimum_line_quantity
    termination = _worst([solution.termination for _, solution, _ in found])
    return ContinuousSolution(
        quantity,
        sum(solution.objective for _, solution, _ in found),
        lower_bound(problem, limits, prices, instance.risk, line),
        prices,
        termination,
        size | {"parts": len(found)},
        unsolved(termination),
    )


def _whole(instance: Instance, found: list[_Part], bound: float) -> Incumbent:
    """Put the plans in whole units together."""
    quantity: Ints = np.zeros(len(instance.problem.moves.action), dtype=np.int64)
    for part, _, whole in found:
        quantity[part.moves] = whole.quantity
    objective = plan_cost(instance.problem, quantity)
    termination = _worst([whole.termination for *_, whole in found])
    return Incumbent(quantity, objective, min(objective, bound), termination)


def _worst(terminations: list[str]) -> str:
    """Say how a search ended whose parts ended so."""
    return next((each for each in WORST if each in terminations), terminations[-1])
