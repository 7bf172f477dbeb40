"""What is asked beside money, told of a finished plan: what it steered by, what it lacks, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Ids, Ints
from foreship_foundation.tables.output_files import ALSO, REASONS
from foreship_foundation.telling.words import plural
from foreship_optimize.account.binding_limits import next_units
from foreship_optimize.account.reasons import FULL
from foreship_optimize.account.stopped_steps import GAP, what_stops
from foreship_optimize.account.writing import SolveResult, with_paid_vehicles
from foreship_optimize.limits import Limits, limits_of
from foreship_optimize.plan import Plan
from foreship_optimize.problem import Asked, Floors, ShippingProblem
from foreship_optimize.whole_units.working_plan import WorkingPlan

__all__ = ["in_true_money", "with_what_is_asked"]

NO_WAY: Final = "no lane in time"
NOT_ASKED: Final = (NO_WAY, "no usable lane")
"""what cells without a further unit are stopped by, as far as the ledger knows"""


def in_true_money(problem: ShippingProblem, result: SolveResult, quantity: Ints) -> SolveResult:
    """Return a result of the program without what is asked: cost and bound in money (P38).

    No plan that does as well by what is asked costs less than that bound.
    """
    asked = problem.asked
    if asked is None:
        return result
    # the program counts from a plan that moves nothing
    steered = sum(asked.of(problem, quantity).values()) - asked.before(problem)
    continuous, incumbent = result.continuous, result.incumbent
    return replace(
        result,
        relaxation=replace(result.relaxation, problem=result.relaxation.problem.true()),
        continuous=replace(
            continuous,
            objective=continuous.objective - steered,
            bound=continuous.bound - steered,
        ),
        incumbent=replace(incumbent, bound=incumbent.bound - steered),
    )


def with_what_is_asked(
    plan: Plan, problem: ShippingProblem, result: SolveResult, quantity: Ints
) -> Plan:
    """Return a plan with what steered it: `summary["asked"]`, `["unmet"]`, reasons and notes.

    Parameters
    ----------
    problem, result
        As they were solved, with what is asked in their money.
    """
    asked = problem.asked
    if asked is None:
        return plan
    unmet = list(_unmet(problem, asked, result, quantity))
    prices, left_out = _true_prices(problem, asked, result, plan.summary["shadow_prices"])
    summary = plan.summary | {"asked": asked.of(problem, quantity), "shadow_prices": prices}
    if unmet:
        summary["unmet"] = unmet
    return replace(
        plan,
        summary=summary,
        notes=[*plan.notes, *(_in_words(each) for each in unmet), *left_out],
        reasons=_with_full_cells(
            _with_policies(plan, problem, asked, quantity), problem, asked, quantity
        ),
    )


def _unmet(
    problem: ShippingProblem, asked: Asked, result: SolveResult, quantity: Ints
) -> Iterator[dict[str, Any]]:
    """Yield by row of `policies` what its cells lack, and what stops the first of them."""
    floors = asked.floors
    there = floors.there(problem, quantity)
    short = np.flatnonzero(there < floors.units)
    if not len(short):
        return
    because = _because(problem, floors, result, quantity)
    for row in np.unique(floors.row[short]).tolist():
        cells = short[floors.row[short] == row]
        worst = cells[np.argmax((floors.units - there)[cells])]
        yield {
            "row": f"policies {row + 1}",
            "words": str(asked.policies[row]),
            "wanted": int(floors.units[cells].sum()),
            "reached": int(there[cells].sum()),
            "because": str(because[worst]),
        }


def _because(problem: ShippingProblem, floors: Floors, result: SolveResult, quantity: Ints) -> Ids:
    """Name what stops the next unit into each cell with a floor, (F,)."""
    paid = with_paid_vehicles(result.relaxation.problem, quantity)
    limits = limits_of(paid)
    working = WorkingPlan(paid, limits, result.relaxation.params.plan, result.relaxation.risk)
    working.restore(quantity)
    binding = np.append(next_units(working, limits).binding, NO_WAY)
    found = binding[floors.cell].astype(object)
    found[found == ""] = NO_WAY
    # where every unit that a way could bring is sent, the ledger has no next one to ask of
    for place in np.flatnonzero((floors.cell >= 0) & np.isin(found, NOT_ASKED)).tolist():
        found[place] = _stopped_ways(working, limits, problem, int(floors.cell[place]))
    none = problem.not_weighed
    causes = dict(
        zip(zip(none.region.tolist(), none.item.tolist(), strict=True), none.cause, strict=True)
    )
    for place in np.flatnonzero(floors.cell < 0).tolist():
        key = int(floors.region[place]), int(floors.item[place])
        found[place] = causes.get(key, NO_WAY)
    return found


def _stopped_ways(working: WorkingPlan, limits: Limits, problem: ShippingProblem, cell: int) -> str:
    """Name what stops a cell without a further unit to weigh: the hubs may have no more."""
    moves = problem.moves
    ways = np.flatnonzero((moves.destination_cell == cell) & (moves.origin_hub >= 0)).tolist()
    stopped = [words for way in ways for words in what_stops(working, limits, way) if words != GAP]
    return stopped[0] if stopped else NO_WAY


def _in_words(lacks: dict[str, Any]) -> str:
    """Say in a sentence what a policy lacks."""
    wanted = plural(lacks["wanted"], "unit")
    return (
        f"{lacks['words']}: where it is not reached, {lacks['reached']:,} of {wanted} lie or come; "
        f"first because of {lacks['because']}"
    )


def _with_policies(
    plan: Plan, problem: ShippingProblem, asked: Asked, quantity: Ints
) -> pd.DataFrame:
    """Name the policy that holds a unit sent at a loss, or for which one leaves at a loss."""
    floors = asked.floors
    there = floors.there(problem, quantity)
    holding = (floors.cell >= 0) & (there <= floors.units)
    held = {
        int(cell): str(asked.policies[row])
        for cell, row in zip(floors.cell[holding], floors.row[holding], strict=True)
    }
    moves, causes = problem.moves, dict[tuple[str, str, str], str]()
    for move in np.flatnonzero((quantity > 0) & (moves.destination_cell >= 0)).tolist():
        words = held.get(int(moves.destination_cell[move]))
        if words is None:
            continue
        for cell, about in (
            (moves.destination_cell[move], "sent"),
            (moves.origin_cell[move], "leaves"),
        ):
            if cell >= 0:
                causes[*_name(problem, int(cell)), about] = words
    keys = zip(*(plan.reasons[name] for name in ("region", "item", "about")), strict=True)
    told = [
        _joined(causes.get(key), cause)
        for key, cause in zip(keys, plan.reasons["cause"], strict=True)
    ]
    return plan.reasons.assign(cause=told).astype(str) if told else plan.reasons


def _with_full_cells(
    reasons: pd.DataFrame, problem: ShippingProblem, asked: Asked, quantity: Ints
) -> pd.DataFrame:
    """Name the policy of each cell that takes no further unit because of its ceiling."""
    ceilings = asked.ceilings
    after = ceilings.there(problem, quantity)
    full = np.flatnonzero((ceilings.cell >= 0) & (after >= ceilings.units))
    rows = [
        (*_name(problem, int(ceilings.cell[at])), FULL, str(asked.policies[ceilings.row[at]]))
        for at in full.tolist()
    ]
    if not rows:
        return reasons
    more = pd.DataFrame(rows, columns=list(REASONS.names)).astype(str)
    every = pd.concat([reasons, more], ignore_index=True)
    return every.sort_values(list(REASONS.key), ignore_index=True)


def _joined(policy: str | None, cause: str) -> str:
    """Put a policy before what else keeps a unit; where nothing else did, in its place."""
    if policy is None:
        return cause
    return policy if cause == GAP else ALSO.join((policy, cause))


def _name(problem: ShippingProblem, cell: int) -> tuple[str, str]:
    """Name the region and the item of a cell."""
    return (
        str(problem.regions[problem.cell_region[cell]]),
        str(problem.items[problem.cell_item[cell]]),
    )


def _true_prices(
    problem: ShippingProblem, asked: Asked, result: SolveResult, told: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Leave out prices of limits above what any unit of them can truly earn, and say so."""
    if not asked.floors.units.size:
        return told, []
    reduced, limits = result.instance.problem, result.instance.limits
    worth = np.zeros(len(problem.items))
    np.maximum.at(worth, problem.cell_item[problem.units.cell], np.abs(asked.value))
    earns = 2.0 * worth[reduced.moves.item] + np.abs(reduced.moves.charged)
    used = np.abs(limits.coefficient)
    most = np.zeros(len(limits.words))
    some = used > 0
    np.maximum.at(most, limits.row[some], earns[limits.move[some]] / used[some])
    by_name = dict[str, float]()
    for words, price in zip(limits.words.tolist(), most.tolist(), strict=True):
        by_name[words] = max(price, by_name.get(words, 0.0))
    kept = [each for each in told if abs(each["price"]) <= by_name.get(each["limit"], np.inf)]
    left = len(told) - len(kept)
    if not left:
        return told, []
    return kept, [
        f"what one more unit is worth is not told of {plural(left, 'limit')} that policies wait for"
    ]
