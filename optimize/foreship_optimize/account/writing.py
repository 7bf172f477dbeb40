"""Write a solved instance down as a plan: lines, unit ledger, summary and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from foreship_foundation.arrays import Ints
from foreship_foundation.telling.words import is_statistic, number, percent
from foreship_optimize.account.binding_limits import next_units
from foreship_optimize.account.departure_table import departures_of
from foreship_optimize.account.lines import inbound_of, lines_of, one_line_each
from foreship_optimize.account.reasons import reasons_of
from foreship_optimize.account.shadow_prices import shadow_prices
from foreship_optimize.account.unit_ledger import units_of
from foreship_optimize.decomposition.column_generation import why_not_decomposed
from foreship_optimize.infeasible.giving_way import LimitRelaxation
from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams, PlanParams
from foreship_optimize.plan import SCHEMA_VERSION, Plan, status_of
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.program.continuous import ContinuousSolution
from foreship_optimize.program.departure_loads import fewest_vehicles, loads_of
from foreship_optimize.program.gap import relative_gap
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.moved_units import moved_units, totals_of
from foreship_optimize.program.presolve import Reduced
from foreship_optimize.risk import loss_of_outcomes, mean_of_worst
from foreship_optimize.vehicles.fixed import with_vehicles
from foreship_optimize.whole_units.integer_program import Incumbent
from foreship_optimize.whole_units.working_plan import WorkingPlan

__all__ = ["SolveResult", "with_paid_vehicles", "write_plan"]


@dataclass(frozen=True)
class SolveResult:
    """The result of a solve: limits that gave way, presolve, continuous answer and incumbent."""

    relaxation: LimitRelaxation
    reduced: Reduced
    instance: Instance
    continuous: ContinuousSolution
    incumbent: Incumbent


def write_plan(
    problem: ShippingProblem,
    params: OptimizeParams,
    result: SolveResult,
    quantity: Ints,
    as_of: pd.Timestamp,
) -> Plan:
    """Write the finished plan: its lines, units, summary and notes.

    Parameters
    ----------
    problem, params
        As stated, before any limit gave way.
    quantity
        Units of each move of `problem`.
    """
    relaxation, continuous, answer = result.relaxation, result.continuous, result.incumbent
    paid = with_paid_vehicles(relaxation.problem, quantity)
    limits = limits_of(paid)
    told = one_line_each(problem, quantity)
    moved = moved_units(problem, told)
    lines = lines_of(problem, told, moved, as_of)
    working = WorkingPlan(paid, limits, relaxation.params.plan, relaxation.risk)
    working.restore(quantity)
    units = units_of(problem, told, moved, next_units(working, limits))
    totals = totals_of(problem, told, moved)
    objective = float(sum(totals.values()))
    bound = min(answer.bound, objective)
    gap = relative_gap(objective, bound)
    unproven = _unproven(gap, answer.termination, params.plan)
    notes = [
        *problem.notes, *relaxation.sentences, *_how_solved(result), *unproven
    ]  # fmt: skip
    losses = loss_of_outcomes(problem, relaxation.risk, quantity)
    summary: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "status": status_of(
            params.plan.hold,
            relaxed=bool(relaxation.relaxed),
            empty=lines.empty,
            notes=not all(map(is_statistic, problem.notes)),
            gap=bool(unproven),
        ),
        "termination": answer.termination,
        "objective": objective,
        "bound": bound,
        "gap": gap,
        "continuous_gap": max(0.0, relative_gap(continuous.objective, continuous.bound)),
        "totals": totals,
        "cvar": mean_of_worst(losses, params.risk.level),
        "risk_level": params.risk.level,
        "risk_budget": params.risk.budget,
        "shadow_prices": shadow_prices(
            problem, result.instance.limits, continuous.prices, result.instance.risk.budget
        ),
        "relaxed": [dict(each) for each in relaxation.relaxed],
        "counts": {
            "cells": len(problem.cell_item),
            "candidate_units": len(problem.units.cell),
            "moves": len(problem.moves.action),
            **result.reduced.counts,
            **continuous.size,
            "lines": len(lines),
            "units": int(quantity.sum()),
        },
        "solver": {"name": continuous.outcome.solver, "version": continuous.outcome.version},
    }  # fmt: skip
    reasons = reasons_of(working, limits)
    return Plan(
        lines, units, summary, notes, inbound_of(lines, as_of), reasons,
        departures=departures_of(problem, told, as_of),
    )  # fmt: skip


def _how_solved(result: SolveResult) -> list[str]:
    """Say why many items were solved as one program, or that they were solved in parts."""
    parts = result.continuous.size.get("parts")
    if parts is None:
        return why_not_decomposed(result.instance)
    return [
        f"solved in {parts} parts, each under its share of the limits that items share: what that "
        "may cost is in the gap"
    ]


def with_paid_vehicles(problem: ShippingProblem, quantity: Ints) -> ShippingProblem:
    """Return the problem in which the vehicles of a plan are paid, and limit what else may go."""
    if not problem.departures.charged:
        return problem
    return with_vehicles(problem, fewest_vehicles(problem, loads_of(problem, quantity)))


def _unproven(gap: float, termination: str, plan: PlanParams) -> list[str]:
    """Say that a plan may be far from the best one; empty where it is near enough."""
    if gap <= plan.largest_gap:
        return []
    cut = {
        "time limit": f"the search ended at its time limit (plan.time_limit_seconds = "
        f"{number(plan.time_limit_seconds)}); give it more time, or approve it",
        "interrupted": "the search was interrupted; run it again, or approve it",
    }
    why = cut.get(termination, "no better one was proven; approve it, or raise the limit")
    return [
        f"this plan may be {percent(gap, 1)} from the best one, more than plan.largest_gap "
        f"({percent(plan.largest_gap, 1)}): {why}"
    ]
