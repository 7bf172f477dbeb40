"""Ways to solve the program: the decomposition, and general solvers on the whole of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse

from foreship_optimize.decomposition.column_generation import solve_by_prices
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.continuous import ContinuousSolution, solve_continuous
from foreship_optimize.program.instance import Instance
from foreship_optimize.program.unit_groups.tiers import Tiers, lots_of, tiers_of
from foreship_optimize.whole_units.incumbent import find_incumbent

__all__ = ["SOLVERS"]

Watch = Callable[[str], None]


def by_prices(instance: Instance, limit: float, watch: Watch) -> dict[str, Any]:
    """Decompose, then settle whole units."""
    clock = Clock(limit)
    found = solve_by_prices(instance, clock)
    watch("continuous")
    whole = find_incumbent(instance, found, clock)
    watch("whole")
    return {**_said(found), "whole_objective": whole.objective,
            "whole_gap": (whole.objective - whole.bound) / abs(whole.bound)}  # fmt: skip


def by_pulp(instance: Instance, limit: float, watch: Watch) -> dict[str, Any]:
    """Write the whole program in PuLP and let HiGHS solve it."""
    found = solve_continuous(instance, Clock(limit))
    watch("continuous")
    return _said(found)


def by_arrays(instance: Instance, limit: float, watch: Watch) -> dict[str, Any]:
    """Hand the same program to HiGHS as arrays, no modelling layer between."""
    import highspy

    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("time_limit", limit)):
        highs.setOptionValue(name, value)
    cost, upper, matrix, low, high = _arrays(instance)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(low)
    model.col_cost_, model.col_upper_ = cost, upper
    model.col_lower_ = np.where(np.arange(len(cost)) == len(instance.problem.moves.action),
                                -np.inf, 0.0)  # fmt: skip
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indices, matrix.data
    highs.passModel(model)
    highs.run()
    watch("continuous")
    return {
        "stopped": highs.modelStatusToString(highs.getModelStatus()).lower(),
        "objective": highs.getInfo().objective_function_value,
        "columns": len(cost), "rows": len(low), "nonzeros": int(matrix.nnz),
    }  # fmt: skip


def _said(found: ContinuousSolution) -> dict[str, Any]:
    return {
        "stopped": found.termination, "objective": found.objective, "bound": found.bound,
        "gap": (found.objective - found.bound) / abs(found.bound),
        **{name: found.size[name] for name in ("rows", "columns", "nonzeros", "rounds",
                                               "items_priced", "items_carried")
           if name in found.size},
    }  # fmt: skip


def _arrays(instance: Instance) -> tuple[Any, ...]:
    """Cost, upper bounds, matrix and row bounds; columns are moves, eta, z_s, tiers.

    For ships without packs or minimums, as the instances here are.
    """
    problem, limits, risk = instance.problem, instance.limits, instance.risk
    moves, scenarios = problem.moves, problem.need.shape[1]
    tiers = tiers_of(problem, None)
    count, first = len(moves.action), len(moves.action) + 1 + scenarios
    use = sparse.coo_array((limits.coefficient, (limits.row, limits.move)),
                           (len(limits.words), first + len(tiers.cell)))  # fmt: skip
    row = np.concatenate([moves.destination_cell, tiers.cell])
    column = np.concatenate([np.arange(count), first + np.arange(len(tiers.cell))])
    sign = np.repeat([1.0, -1.0], [count, len(tiers.cell)])
    balance = sparse.coo_array((sign, (row, column)), (len(problem.cell_item), use.shape[1]))
    blocks, low, high = [use, balance], [limits.at_least], [limits.at_most]
    low.append(np.zeros(balance.shape[0]))
    high.append(np.zeros(balance.shape[0]))
    if risk.budget is not None:
        blocks.append(_outcomes(instance, tiers, count, first))
        low.append(np.full(scenarios + 1, -np.inf))
        high.append(np.append(np.zeros(scenarios), risk.budget))
    matrix = sparse.vstack(blocks).tocsc()
    cost = np.concatenate([moves.cost + moves.lateness, np.zeros(1 + scenarios), -tiers.value])
    free = np.full(first, np.inf)
    return cost, np.append(free, tiers.width), matrix, np.concatenate(low), np.concatenate(high)


def _outcomes(instance: Instance, tiers: Tiers, count: int, first: int) -> sparse.coo_array:
    """Rows of equation 9: a loss row an outcome, and their CVaR."""
    problem, risk = instance.problem, instance.risk
    scenarios = problem.need.shape[1]
    lots = lots_of(problem, tiers)
    spare = np.clip(((lots.ahead + lots.width)[:, None] - problem.need[lots.cell])
                    / lots.width[:, None], 0.0, 1.0)  # fmt: skip
    lot, outcome = np.nonzero(spare)
    loss = spare[lot, outcome] * problem.loss_per_unit[lots.cell[lot]]
    dearer = np.flatnonzero(risk.dearer)
    every = np.arange(scenarios)
    tail = np.full(scenarios, 1.0 / ((1.0 - risk.level) * scenarios))
    parts = [
        (outcome, first + lots.tier[lot], loss),
        (np.repeat(every, len(dearer)), np.tile(dearer, scenarios),
         np.tile(risk.dearer[dearer], scenarios)),
        (every, np.full(scenarios, count), np.full(scenarios, -1.0)),
        (every, count + 1 + every, np.full(scenarios, -1.0)),
        (np.full(scenarios + 1, scenarios), count + np.arange(scenarios + 1),
         np.append(1.0, tail)),
    ]  # fmt: skip
    row, column, value = (np.concatenate([part[at] for part in parts]) for at in range(3))
    return sparse.coo_array((value, (row, column)), (scenarios + 1, first + len(tiers.cell)))


SOLVERS = {"decomposition": by_prices, "arrays": by_arrays, "pulp": by_pulp}
