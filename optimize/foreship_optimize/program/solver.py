"""The only door to the solver: HiGHS through PuLP 3.3 or 4, its statuses and its refusals.

HiGHS is read rather than PuLP's two kinds of result, because both majors call a time-limited
point optimal in some form. Minimisation only: duals then have one sign on both majors.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import highspy
import numpy as np
import pulp

from foreship_foundation.arrays import Bools, Floats, Ints
from foreship_optimize.errors import SolverRefused

__all__ = ["BLOCKED", "IncrementalProgram", "Outcome", "Rows", "begin", "run", "run_arrays"]

BLOCKED = {"1.14.0": "returns wrong answers as optimal (HiGHS issues 2957, 2975, 3002, 3043, 3073)"}
DUAL_SIMPLEX = 1  # HiGHS: simplex_strategy, its default
PRIMAL_SIMPLEX = 4  # HiGHS: simplex_strategy that stays feasible when columns come
FEASIBLE = 2  # HiGHS: primal_solution_status of a feasible point
NO_POINT = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
)
WORDS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kTimeLimit: "time limit",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kSolutionLimit: "node limit",
}


@dataclass(frozen=True)
class Outcome:
    """What a solve returned: why it stopped, and the point it left, if any."""

    termination: str
    """optimal, time limit, node limit, infeasible, unbounded, or HiGHS's own word"""
    has_solution: bool
    """HiGHS holds a primal feasible point; still to be checked by the caller"""
    objective: float | None
    """of that point, in the program's own money"""
    bound: float | None
    """lower bound the solver claims"""
    seconds: float
    solver: str
    version: str
    columns: Floats = field(repr=False)
    """value of each variable asked for; NaN without a solution"""
    duals: Floats | None = field(repr=False)
    """of each row in order of insertion; only after an optimal continuous solve"""


def begin(name: str) -> pulp.LpProblem:
    """Start a minimisation; its variables are listed by `run`, faster than PuLP 3.3 would."""
    program = pulp.LpProblem(name, pulp.LpMinimize)
    if hasattr(program, "_add_variables"):
        program._add_variables = _leave_to_run  # noqa: SLF001
    return program


def _leave_to_run(variables: Any) -> None:
    """Take the place of PuLP's own method and do nothing."""


def run(
    program: pulp.LpProblem,
    variables: list[pulp.LpVariable],
    *,
    time_limit: float,
    threads: int = 1,
    seed: int = 0,
    **options: Any,
) -> Outcome:
    """Minimise `program` and read the values of `variables`.

    Parameters
    ----------
    program, variables
        A PuLP minimisation without a constant (PuLP 3.3 hides it from HiGHS), and those of its
        variables whose values are wanted.
    time_limit
        Seconds of wall time, > 0.
    threads, seed
        Handed to HiGHS.
    **options
        HiGHS options by their own names, e.g. ``mip_rel_gap``.

    Raises
    ------
    SolverRefused
        If the installed HiGHS is known to return wrong answers.
    ValueError
        If an option is unknown to HiGHS (PuLP would swallow it), or the program maximises.
    """
    version = refuse_blocked_solver()
    if program.sense != pulp.LpMinimize:
        raise ValueError("programs are minimised only: duals of a maximum change sign with PuLP")
    options = {"random_seed": seed, **options}
    refuse_unknown_options(options)
    threads = _start_threads(threads)
    highs = AtOnce if hasattr(program, "_add_variables") else pulp.HiGHS
    if highs is pulp.HiGHS and any(each.varValue is not None for each in variables):
        options["warmStart"] = True  # PuLP 4 hands the values over itself
    asked = highs(msg=False, threads=threads, timeLimit=time_limit, **options)
    with _listed_once(program):
        # PuLP 3.3 has no word for a node limit: HiGHS has finished and values are read by then
        with suppress(KeyError):
            program.solve(asked)
        return _read(program, variables, version)


def _start_threads(count: int) -> int:
    """Let HiGHS have as many threads as it is asked to use: it refuses to solve with others.

    It keeps those of its last solve, whoever asked for it, apart for each thread of Python. They
    are given up before every solve, because nothing says how many it holds.

    Returns
    -------
    How many: no more than the machine has processors, beyond which they only wait for each other.
    """
    highspy.Highs.resetGlobalScheduler(True)
    return min(count, os.cpu_count() or 1)


class AtOnce(pulp.HiGHS):  # type: ignore[misc]
    """HiGHS behind PuLP 3.3, fed all columns and rows at once instead of one call for each."""

    def buildSolverModel(self, lp: pulp.LpProblem) -> None:  # noqa: N802 - PuLP's name
        """Hand over all columns, then all rows, in PuLP's order."""
        columns, rows = lp.variables(), list(lp._constraints.values())  # noqa: SLF001
        for place, each in enumerate(columns):
            each.index = place
        for place, each in enumerate(rows):
            each.index = place
        cost = np.zeros(len(columns))
        for column, coefficient in lp.objective.items():
            cost[column.index] = coefficient
        none, inf = np.zeros(len(columns), dtype=np.int32), highspy.kHighsInf
        low = np.array([-inf if each.lowBound is None else each.lowBound for each in columns])
        high = np.array([inf if each.upBound is None else each.upBound for each in columns])
        lp.solverModel.addCols(len(columns), cost, low, high, 0, none, none[:0], none[:0] * 1.0)
        for each in columns if self.mip else ():
            if each.cat == pulp.LpInteger:
                lp.solverModel.changeColIntegrality(each.index, highspy.HighsVarType.kInteger)
        start: list[int] = []
        index: list[int] = []
        value: list[float] = []
        for row in rows:
            start.append(len(index))
            for column, coefficient in row.items():
                if coefficient != 0:
                    index.append(column.index)
                    value.append(coefficient)
        low = np.array([-inf if (end := row.getLb()) is None else end for row in rows])
        high = np.array([inf if (end := row.getUb()) is None else end for row in rows])
        lp.solverModel.addRows(
            len(rows), low, high, len(index), *map(np.array, (start, index, value))
        )
        _start_from(lp.solverModel, columns)


def _start_from(highs: Any, columns: list[pulp.LpVariable]) -> None:
    """Hand over the values that some columns have before the solve, if any."""
    known = [each for each in columns if each.varValue is not None]
    if known:
        index = np.array([each.index for each in known], dtype=np.int32)
        highs.setSolution(len(known), index, np.array([float(each.varValue) for each in known]))


@contextmanager
def _listed_once(program: pulp.LpProblem) -> Iterator[None]:
    """Keep PuLP 3.3 from searching all rows for variables each time it needs them in a solve."""
    vars(program).pop("_add_variables", None)
    # without an objective PuLP adds a variable of its own on the way
    if not hasattr(program, "_add_variables") or not program.objective:
        yield
        return
    known = program.variables()
    program.variables = lambda: known
    try:
        yield
    finally:
        del program.variables


def refuse_blocked_solver() -> str:
    """Return the version of HiGHS, or raise SolverRefused if it is blocked."""
    version = _version()
    if version in BLOCKED:
        raise SolverRefused(f"HiGHS {version} {BLOCKED[version]}; install another highspy")
    return version


@cache
def _version() -> str:
    """Version of HiGHS; its first object greets on stdout, which must carry data only."""
    with _silent_stdout():
        return str(highspy.Highs().version())


@contextmanager
def _silent_stdout() -> Iterator[None]:
    """Point file descriptor 1 at nothing for a moment, because C++ prints past `sys.stdout`."""
    sys.stdout.flush()
    kept = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nothing)


def refuse_unknown_options(options: dict[str, Any]) -> None:
    """Raise ValueError naming every option HiGHS does not know."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    unknown = [
        name
        for name, value in options.items()
        if highs.setOptionValue(name, value) != highspy.HighsStatus.kOk
    ]
    if unknown:
        raise ValueError(f"HiGHS refuses these options or their values: {unknown}")


def _read(program: pulp.LpProblem, variables: list[pulp.LpVariable], version: str) -> Outcome:
    """Read the result of the finished solve from HiGHS itself."""
    highs = program.solverModel
    status, info = highs.getModelStatus(), highs.getInfo()
    found = info.primal_solution_status == FEASIBLE and status not in NO_POINT
    optimal = status == highspy.HighsModelStatus.kOptimal
    mixed = bool(program.isMIP())
    objective = bound = None
    columns = np.full(len(variables), np.nan)
    if found:
        objective = float(pulp.value(program.objective))
        columns = np.array([variable.varValue or 0.0 for variable in variables], dtype=float)
    if found and (mixed or optimal):
        bound = float(info.mip_dual_bound) if mixed else objective
    duals = np.array(highs.getSolution().row_dual) if optimal and not mixed else None
    return Outcome(
        WORDS.get(status, str(highs.modelStatusToString(status)).lower()),
        found,
        objective,
        bound,
        float(highs.getRunTime()),
        "HiGHS",
        version,
        columns,
        duals,
    )


@dataclass(frozen=True)
class Rows:
    """Rows low <= A x <= high of a continuous program, A by the entries that are not 0."""

    row: Ints
    column: Ints
    value: Floats
    low: Floats
    """shape (R,), -inf = unlimited"""
    high: Floats
    """inf = unlimited"""

    def times(self, price: Floats, columns: int) -> Floats:
        """Return A' y: what each column uses of the rows at their prices."""
        used = np.bincount(self.column, self.value * price[self.row], minlength=columns)
        return used.astype(np.float64)


def run_arrays(
    cost: Floats,
    most: Floats,
    rows: Rows,
    *,
    iterations: int,
    threads: int = 1,
    seed: int = 0,
    whole: Bools | None = None,
    nodes: int = 1,
) -> Outcome:
    """Minimise cost x over 0 <= x <= most and some rows, without an object for each column.

    Parameters
    ----------
    iterations
        Most steps of the simplex: an end that no clock decides.
    whole
        Columns that must be whole numbers, if any.
    nodes
        Most branch-and-bound nodes, where any column must be whole.

    Raises
    ------
    SolverRefused
        If the installed HiGHS is known to return wrong answers.
    """
    version = refuse_blocked_solver()
    threads = _start_threads(threads)
    highs = highspy.Highs()
    options = {"output_flag": False, "threads": threads, "random_seed": seed, "solver": "simplex"}
    integer = np.zeros(len(cost), dtype=bool) if whole is None else whole
    mixed = bool(integer.any())
    ends = {"mip_max_nodes": nodes, "mip_rel_gap": 0.0} if mixed else {}
    for name, value in (options | {"simplex_iteration_limit": iterations} | ends).items():
        highs.setOptionValue(name, value)
    none = np.zeros(len(cost), dtype=np.int32)
    low, empty = np.zeros(len(cost)), np.zeros(0)
    highs.addCols(len(cost), cost, low, _no_end(most), 0, none, none[:0], empty)
    for column in np.flatnonzero(integer).tolist():
        highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
    order = np.lexsort((rows.column, rows.row))
    start = np.searchsorted(rows.row[order], np.arange(len(rows.low))).astype(np.int32)
    entries = rows.column[order].astype(np.int32), rows.value[order]
    sides = _no_end(rows.low), _no_end(rows.high)
    highs.addRows(len(rows.low), *sides, len(order), start, *entries)
    highs.run()
    found = _outcome_of(highs, version, float(highs.getRunTime()))
    if not mixed:
        return found
    return replace(found, bound=float(highs.getInfo().mip_dual_bound), duals=None)


def _no_end(ends: Floats) -> Floats:
    """Say infinite as HiGHS does."""
    return np.clip(ends, -highspy.kHighsInf, highspy.kHighsInf)


def _outcome_of(highs: Any, version: str, seconds: float) -> Outcome:
    """Read a continuous solve from HiGHS, every column in order of insertion."""
    status, info, point = highs.getModelStatus(), highs.getInfo(), highs.getSolution()
    optimal = status == highspy.HighsModelStatus.kOptimal
    found = info.primal_solution_status == FEASIBLE and status not in NO_POINT
    objective = float(info.objective_function_value) if found else None
    return Outcome(
        WORDS.get(status, str(highs.modelStatusToString(status)).lower()),
        found,
        objective,
        objective if optimal else None,
        seconds,
        "HiGHS",
        version,
        np.array(point.col_value) if found else np.zeros(0),
        np.array(point.row_dual) if optimal else None,
    )


class IncrementalProgram:
    """A continuous program that is solved again after each addition of columns or rows.

    PuLP hands it over once; from then on HiGHS' own model grows and is solved from the last basis.
    """

    def __init__(
        self, program: pulp.LpProblem, *, time_limit: float, threads: int = 1, seed: int = 0
    ) -> None:
        self._first = run(program, [], time_limit=time_limit, threads=threads, seed=seed)
        self._highs = program.solverModel
        self._highs.setOptionValue("presolve", "off")
        self._has_new_rows = False

    def add(self, cost: Floats, start: Ints, row: Ints, value: Floats) -> None:
        """Add columns >= 0.

        Parameters
        ----------
        cost
            Of each column, shape (N,).
        start
            Where each column's entries begin in `row` and `value`, shape (N,).
        """
        count = len(cost)
        low, high = np.zeros(count), np.full(count, highspy.kHighsInf)
        self._highs.addCols(
            count, cost, low, high, len(row),
            start.astype(np.int32), row.astype(np.int32), value,
        )  # fmt: skip

    def add_row(self, most: float, column: Ints, value: Floats) -> None:
        """Add a row: the sum of value x column is `most` or less."""
        self._highs.addRow(-highspy.kHighsInf, most, len(column), column.astype(np.int32), value)
        self._has_new_rows = True

    def solve(self, time_limit: float) -> Outcome:
        """Solve from the last basis; `columns` holds every column in order of insertion."""
        highs = self._highs
        # after new rows the last basis is feasible in its prices, after new columns in its point
        strategy = DUAL_SIMPLEX if self._has_new_rows else PRIMAL_SIMPLEX
        highs.setOptionValue("simplex_strategy", strategy)
        self._has_new_rows = False
        before = float(highs.getRunTime())  # HiGHS counts on from one run to the next
        highs.setOptionValue("time_limit", before + time_limit)
        highs.run()
        if highs.getModelStatus() not in WORDS:
            self._run_anew()
        return _outcome_of(highs, self._first.version, float(highs.getRunTime()) - before)

    def _run_anew(self) -> None:
        """Solve without the last basis, from which HiGHS sometimes ends with status unknown."""
        self._highs.clearSolver()
        self._highs.setOptionValue("simplex_strategy", DUAL_SIMPLEX)
        self._highs.run()
