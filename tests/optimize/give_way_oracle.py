"""Which limits must give way, by how little, and what is then best: by trying every plan.

Random tiny networks with several locks of every kind against budgets, packs, room, lanes and lines.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from foreship_optimize.params import OptimizeParams
from foreship_optimize.planning import solve
from foreship_optimize.problem import ShippingProblem
from tests.optimize.program_builder import Draft
from tests.optimize.program_oracle import (
    best_by_enumeration,
    draw,
    feasible_plans,
    losses_of,
    worst_of,
)

MONDAY = pd.Timestamp("2026-11-16")
NEAR = 1e-5
KINDS = ("at_least", "at_most", "fix")


def locked(seed: int) -> tuple[Draft, OptimizeParams]:
    """Draw a tiny network with up to four locks of any kind, over cells, regions, items, hubs."""
    rng = np.random.default_rng(90_000 + seed)
    draft, params = draw(seed, spending=seed % 3 != 0)
    for number in range(int(rng.integers(1, 5))):
        kind = KINDS[int(rng.choice([0, 0, 1, 2]))]
        value = float(rng.integers(1, 6))
        where = (f"R{rng.integers(0, 3)}", f"I{rng.integers(0, 2)}", f"H{rng.integers(0, 2)}")
        asked = rng.random(3) < (0.8, 0.6, 0.2)
        draft.lock(
            f"{kind} {value:g} number {number}",
            lambda a, o, d, i, w=where, asked=tuple(asked): (
                a in ("ship", "redirect")
                and all(not on or x == y for on, x, y in zip(asked, w, (d, i, o), strict=True))
            ),
            at_least=0.0 if kind == "at_most" else value,
            at_most=np.inf if kind == "at_least" else value,
        )
    return draft, params


@dataclass(frozen=True)
class GivesWay:
    """The least by which limits must give way, the most important first."""

    units: float
    """by which minimums are lowered in all"""
    money: float
    """by which budgets of freight and stock value are raised in all"""
    risk: float
    """by which the risk budget is raised [money]"""
    line: bool
    """whether the minimum line quantity must give way"""


def least_to_give_way(problem: ShippingProblem, params: OptimizeParams) -> GivesWay | None:
    """Try every plan; None if there are too many."""
    hard = replace(
        problem,
        freight_budget=np.inf,
        stock_value_budget=np.inf,
        locks=tuple(replace(each, at_least=0.0) for each in problem.locks),
    )
    loose = replace(
        params,
        risk=replace(params.risk, budget=None),
        plan=replace(params.plan, minimum_line_quantity=1),
    )
    plans = feasible_plans(hard, loose)
    if plans is None:
        return None
    best: list[float] = []
    for missed in (_units, _money, _risk):
        amount = missed(problem, params, plans)
        best.append(float(amount.min()))
        plans = plans[amount <= best[-1] + 1e-9]
    line = params.plan.minimum_line_quantity
    ships = problem.moves.from_hub
    in_lines = ((plans[:, ships] == 0) | (plans[:, ships] >= line)).all(axis=1)
    return GivesWay(*best, line=not in_lines.any())


def _units(problem: ShippingProblem, params: OptimizeParams, plans: np.ndarray) -> np.ndarray:
    missed = np.zeros(len(plans))
    for lock in problem.locks:
        sent = plans[:, lock.moves].sum(axis=1)
        missed += np.maximum(lock.at_least - sent, 0.0)
    return missed


def _money(problem: ShippingProblem, params: OptimizeParams, plans: np.ndarray) -> np.ndarray:
    moves = problem.moves
    sent = moves.destination_cell >= 0
    freight = plans @ np.where(sent, np.maximum(moves.cost, 0.0), 0.0)
    value = plans @ np.where(sent, problem.unit_cost[moves.item], 0.0)
    return np.maximum(freight - problem.freight_budget, 0.0) + np.maximum(
        value - problem.stock_value_budget, 0.0
    )


def _risk(problem: ShippingProblem, params: OptimizeParams, plans: np.ndarray) -> np.ndarray:
    if params.risk.budget is None:
        return np.zeros(len(plans))
    worst = worst_of(losses_of(problem, plans), params.risk.level)
    return np.maximum(worst - params.risk.budget, 0.0)


def disagreements(
    problem: ShippingProblem, params: OptimizeParams, least: GivesWay, **plan: int
) -> list[str]:
    """Say in what a plan differs from what must give way, and from what is then best.

    Parameters
    ----------
    least
        The answer of `least_to_give_way`.
    **plan
        Settings that choose the way of solving.
    """
    params = replace(params, plan=replace(params.plan, **plan))
    summary = solve(problem, params, as_of=MONDAY).summary
    found, best = given_way(summary), best_as_relaxed(problem, params, summary)
    told = [
        f"{name} {getattr(found, name):g} for {getattr(least, name):g}"
        for name in ("units", "money", "risk", "line")
        if abs(getattr(found, name) - getattr(least, name)) > NEAR
    ]
    if not np.isfinite(best):
        return [*told, "nothing keeps what is said to be kept"]
    if summary["objective"] < best - NEAR:
        told.append(f"the plan costs {summary['objective']}, below the best of {best}")
    if summary["bound"] > best + NEAR:
        told.append(f"the bound is {summary['bound']}, above the best of {best}")
    return told


def given_way(summary: dict) -> GivesWay:
    """Read how far limits gave way from a plan's summary."""
    amount = {"lock": 0.0, "budget": 0.0, "risk budget": 0.0, "line": 0.0}
    for each in summary["relaxed"]:
        amount[each["family"]] += each["amount"]
    units, money, risk, line = amount.values()
    return GivesWay(units, money, risk, line > 0)


def as_relaxed(
    problem: ShippingProblem, params: OptimizeParams, summary: dict
) -> tuple[ShippingProblem, OptimizeParams]:
    """Return the problem under the limits that the summary says were kept."""
    kept = {each["limit"]: each["kept"] for each in summary["relaxed"]}
    locks = tuple(
        replace(each, at_least=kept[each.name]) if each.name in kept else each
        for each in problem.locks
    )
    relaxed = replace(
        problem,
        locks=locks,
        freight_budget=kept.get("freight budget", problem.freight_budget),
        stock_value_budget=kept.get("stock value budget", problem.stock_value_budget),
    )
    risk, plan = params.risk, params.plan
    if "risk budget" in kept:
        risk = replace(risk, budget=kept["risk budget"])
    if "minimum line quantity" in kept:
        plan = replace(plan, minimum_line_quantity=int(kept["minimum line quantity"]))
    return relaxed, replace(params, risk=risk, plan=plan)


def best_as_relaxed(problem: ShippingProblem, params: OptimizeParams, summary: dict) -> float:
    """Return the least cost under the limits that the summary says were kept."""
    found = best_by_enumeration(*as_relaxed(problem, params, summary))
    assert found is not None
    return found
