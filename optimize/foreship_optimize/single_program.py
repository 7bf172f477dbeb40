"""The one continuous program behind a plan, written down from what the plan was made from."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from foreship_optimize.decomposition.column_generation import is_large
from foreship_optimize.demand import DemandScenarios
from foreship_optimize.errors import OptimizeError
from foreship_optimize.infeasible.giving_way import as_stated
from foreship_optimize.infeasible.relaxation import least_relaxation
from foreship_optimize.params import OptimizeParams
from foreship_optimize.planning import assembled, presolved
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.named import Program, named_program
from foreship_optimize.vehicles.solving import shared_instance

__all__ = ["program_behind"]


def program_behind(
    tables: Mapping[str, pd.DataFrame],
    demand: DemandScenarios,
    as_of: pd.Timestamp,
    params: OptimizeParams,
    *,
    obsolescence: float,
    relaxed: bool = False,
) -> Program:
    """Return the continuous program that `make_plan` solves for the same arguments.

    Where vehicles or item lines are charged it is the one in which each unit pays its share of a
    full one (docs/program.md, section 13), whose optimum is the plan's continuous one too.

    Parameters
    ----------
    relaxed
        Whether limits gave way in the plan; what gives way least is then searched again.

    Raises
    ------
    OptimizeError
        If so many items are priced alone that no single program is ever written.
    """
    problem = assembled(tables, demand, as_of, params, obsolescence)
    clock = Clock(params.plan.time_limit_seconds)
    relaxation = least_relaxation(problem, params, clock) if relaxed else as_stated(problem, params)
    _, _, instance = presolved(relaxation)
    if is_large(instance):
        raise OptimizeError(
            f"with {params.plan.decomposition_items:,} or more items "
            "(plan.decomposition_items) a plan is found by prices, item by item: there is no "
            "single program to write down; raise the setting and plan again"
        )
    if instance.problem.departures.charged:
        instance = shared_instance(instance, clock)
    return named_program(instance)
