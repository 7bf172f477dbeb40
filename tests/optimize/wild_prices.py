"""Tasks with nothing left out, and prices of everything in them drawn at random."""

from __future__ import annotations

import numpy as np

from foreship_optimize.limits import limits_of
from foreship_optimize.params import OptimizeParams
from foreship_optimize.program.bound import Prices, prices_from_duals
from foreship_optimize.program.instance import Instance
from foreship_optimize.risk import risk_of
from tests.optimize.program_builder import Draft


def full_task(draft: Draft, params: OptimizeParams | None = None) -> Instance:
    """Lay a draft out as a task, nothing left out."""
    params, problem = params or OptimizeParams(), draft.problem()
    return Instance(problem, limits_of(problem), params, risk_of(problem, params.risk))


def wild_prices(instance: Instance, seed: int) -> Prices:
    """Draw prices at random, as wrong as can be but of the right sign and in their cone."""
    rng = np.random.default_rng(seed)
    rows, cells = len(instance.limits.words), len(instance.problem.cell_item)
    duals = rng.normal(0, 3, instance.problem.need.shape[1])
    places = [("outcome", place) for place in range(len(duals))]
    weights = prices_from_duals(
        instance.problem, instance.limits, places, -np.abs(duals), 1.0, instance.risk.level
    ).outcomes
    return Prices(
        rng.exponential(2, rows), rng.exponential(2, rows), rng.normal(2, 4, cells),
        rng.normal(0, 2, cells), weights, instance.risk.level,
    )  # fmt: skip
