"""Items whose shared limits have room for all that they want: solved some at a time.

Where nothing that items share is scarce, each has its best plan whatever the others do. So shared
limits are lifted, items are solved part by part, each part as a program of its own, and the limits
are looked at when all are together. Where one does not hold, nothing is answered
(docs/program.md, section 9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

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

__all__ = ["solve_in_parts"]

MOST_CARRIED = 100_000
"""moves of items that cannot be priced alone, up to which one program holds them all"""
MOVES_AT_ONCE = 50_000
"""moves of a part, about"""
ROOM_ASKED = 1.05
"""share of a limit that the first parts may be on their way to use, before parts are given up"""
WORST = ("interrupted", "time limit", "node limit")
"""how a search may end short of its aim, the worst first"""

Solved: TypeAlias = tuple[ContinuousSolution, Incumbent]


def solve_in_parts(
    instance: Instance, clock: Clock, solve: Callable[[Instance, Clock], Solved]
) -> Solved | None:
    """Solve many items in parts; None where they are few, or where what they share is scarce.

    Parameters
    ----------
    solve
        Solves a part: its continuous program, and a plan in whole units.
    """
    if not _worth_parting(instance):
        return None
    count = -(-len(instance.problem.moves.action) // MOVES_AT_ONCE)
    limits, used = instance.limits, np.zeros(len(instance.limits.words))
    shared = np.zeros(len(limits.words), dtype=bool)
    found: list[tuple[CarriedPart, ContinuousSolution, Incumbent]] = []
    for mine in pieces(_dealt(instance, count), "Solving items in parts", count):
        part = carry_items(instance.problem, limits, instance.risk, mine)
        alone = Instance(part.problem, _own(part, limits), instance.params, part.risk)
        shared[part.rows] |= alone.limits.at_most != part.limits.at_most
        try:
            continuous, whole = solve(alone, clock)
        except (LimitsCannotHold, NoUsablePlan):
            return None
        found.append((part, continuous, whole))
        used[part.rows] += part.limits.use(continuous.quantity)
        most = ROOM_ASKED * limits.at_most + limits.tolerance()
        if (used * count / len(found) > most)[shared].any():
            return None
    continuous, whole = _continuous(instance, found), _whole(instance, found)
    if exceeded(instance, continuous.quantity) or faults_of(instance, whole.quantity):
        return None
    return continuous, whole


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


def _own(part: CarriedPart, limits: Limits) -> Limits:
    """Limits of a part, lifted where moves of other parts use them too."""
    entries = np.bincount(limits.row, minlength=len(limits.words))[part.rows]
    mine = np.bincount(part.limits.row, minlength=len(part.rows))
    return replace(
        part.limits, at_most=np.where((mine > 0) & (mine < entries), np.inf, part.limits.at_most)
    )


def _continuous(
    instance: Instance, found: list[tuple[CarriedPart, ContinuousSolution, Incumbent]]
) -> ContinuousSolution:
    """Put the continuous plans together; the bound is that of the whole program at their prices."""
    problem, limits = instance.problem, instance.limits
    quantity: Floats = np.zeros(len(problem.moves.action))
    prices = Prices(
        np.zeros(len(limits.words)), np.zeros(len(limits.words)), np.zeros(len(problem.cell_item)),
        np.zeros(len(problem.cell_item)), np.zeros(problem.need.shape[1]), instance.risk.level,
    )  # fmt: skip
    size: dict[str, int] = {}
    for part, solution, _ in found:
        quantity[part.moves] = solution.quantity
        size = {name: size.get(name, 0) + more for name, more in solution.size.items()}
        for name in ("limits", "minimums"):
            getattr(prices, name)[part.rows] += getattr(solution.prices, name)
        for name in ("cells", "staged"):
            getattr(prices, name)[part.cells] = getattr(solution.prices, name)
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


def _whole(
    instance: Instance, found: list[tuple[CarriedPart, ContinuousSolution, Incumbent]]
) -> Incumbent:
    """Put the plans in whole units together; the bounds of parts add up, for limits are lifted."""
    quantity: Ints = np.zeros(len(instance.problem.moves.action), dtype=np.int64)
    for part, _, whole in found:
        quantity[part.moves] = whole.quantity
    objective = plan_cost(instance.problem, quantity)
    bound = min(objective, sum(whole.bound for _, _, whole in found))
    return Incumbent(quantity, objective, bound, _worst([whole.termination for *_, whole in found]))


def _worst(terminations: list[str]) -> str:
    """Say how a search ended whose parts ended so."""
    return next((each for each in WORST if each in terminations), terminations[-1])
