"""The account of a solved plan: lines, ledger, summary and notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from optimize.binding import next_units
from optimize.continuous import Continuous
from optimize.decompose import why_whole
from optimize.diagnosis import Agreed
from optimize.exact import Whole
from optimize.ledger import inbound_of, lines_of, moved_units, units_of
from optimize.limits import limits_of
from optimize.outcomes import loss_of_outcomes, mean_of_worst
from optimize.params import OptimizeParams
from optimize.plan import SCHEMA_VERSION, Plan, status_of
from optimize.presolve import Reduced
from optimize.problem import Ints, ShippingProblem
from optimize.summary import relative_gap, shadow_prices, totals_of
from optimize.task import Task

__all__ = ["Solved", "tell"]


@dataclass(frozen=True)
class Solved:
    """Everything a solve found out."""

    agreed: Agreed
    reduced: Reduced
    task: Task
    continuous: Continuous
    whole: Whole


def tell(
    problem: ShippingProblem,
    params: OptimizeParams,
    solved: Solved,
    quantity: Ints,
    as_of: pd.Timestamp,
) -> Plan:
    """Write the plan down.

    Parameters
    ----------
    problem, params
        As stated, before any limit gave way.
    quantity
        Units of each move of `problem`.
    """
    agreed, continuous, answer = solved.agreed, solved.continuous, solved.whole
    limits = limits_of(agreed.problem)
    moved = moved_units(problem, quantity)
    lines = lines_of(problem, quantity, moved, as_of)
    following = next_units(agreed.problem, limits, agreed.params.plan, agreed.risk, quantity)
    units = units_of(problem, quantity, moved, following)
    totals = totals_of(problem, quantity, moved)
    objective = float(sum(totals.values()))
    notes = [*problem.notes, *agreed.sentences, *why_whole(solved.task)]
    bound = min(answer.bound, objective)
    losses = loss_of_outcomes(problem, agreed.risk, quantity)
    summary: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "status": status_of(
            params.plan.hold,
            relaxed=bool(agreed.relaxed), empty=lines.empty, notes=bool(problem.notes),
        ),
        "termination": answer.termination,
        "objective": objective,
        "bound": bound,
        "gap": relative_gap(objective, bound),
        "continuous_gap": max(0.0, relative_gap(continuous.objective, continuous.bound)),
        "totals": totals,
        "cvar": mean_of_worst(losses, params.risk.level),
        "risk_level": params.risk.level,
        "risk_budget": params.risk.budget,
        "shadow_prices": shadow_prices(
            problem, solved.task.limits, continuous.prices, solved.task.risk.budget
        ),
        "relaxed": [dict(each) for each in agreed.relaxed],
        "counts": {
            "cells": len(problem.cell_item),
            "candidate_units": len(problem.units.cell),
            "moves": len(problem.moves.action),
            **solved.reduced.counts,
            **continuous.size,
            "lines": len(lines),
            "units": int(quantity.sum()),
        },
        "solver": {"name": continuous.outcome.solver, "version": continuous.outcome.version},
    }  # fmt: skip
    return Plan(lines, units, summary, notes, inbound_of(lines))
