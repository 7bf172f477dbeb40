"""One way to solve a program that is written down: in the time left, and the same each time."""

from __future__ import annotations

from typing import Any

from foreship_foundation.arrays import Ints
from foreship_optimize.params import PlanParams
from foreship_optimize.program import solver
from foreship_optimize.program.clock import Clock
from foreship_optimize.program.formulation import Model

__all__ = ["solved"]


def solved(
    model: Model, plan: PlanParams, clock: Clock, start: Ints | None = None, **options: Any
) -> solver.Outcome:
    """Hand a model to the solver and return what it answered, be that a plan or not.

    Parameters
    ----------
    start
        Units of each move in a plan that keeps all rows, from which whole units are searched, (M,).
    options
        More options of HiGHS, by their own names.

    Raises
    ------
    SolverRefused
        If the solver does not know an option, or a known-wrong version is installed.
    """
    if start is not None:
        for variable, steps in zip(model.moves, (start // model.packs).tolist(), strict=True):
            variable.varValue = steps
    return solver.run(
        model.program,
        model.variables,
        time_limit=clock.left(),
        threads=plan.threads,
        seed=plan.seed,
        **options,
    )
