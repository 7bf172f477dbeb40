"""The whole numbers of vehicles that cost least by the highest of some cuts."""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.params import PlanParams
from foreship_optimize.program.solver import Rows, run_arrays

__all__ = ["cheapest_numbers"]

ITERATIONS, NODES = 100_000, 500
"""ends of a search that no clock decides"""
NOISE = 1e-6
"""the solver keeps cuts to about this much, relative to what they tell"""


def cheapest_numbers(
    value: Floats, price: Floats, cost: Floats, most: Ints, plan: PlanParams
) -> tuple[Ints, float]:
    """Minimise the highest of the cuts `value - price @ n`, and `cost @ n`, over whole n.

    Parameters
    ----------
    value, price
        Of every cut, shapes (K,) and (K, L) [money].
    cost
        Of one vehicle, shape (L,) [money].
    most
        Most vehicles of each lane, shape (L,).

    Returns
    -------
    The numbers, shape (L,), and a bound on what any numbers cost [money].
    """
    count, lanes = price.shape
    least = float((value - price @ most).max())
    size = max(1.0, float(np.abs(value).max()), float((cost * most).sum()))
    # the last column is what the cuts tell beyond the least they can, so that it is never negative
    row = np.repeat(np.arange(count), lanes + 1)
    column = np.tile(np.arange(lanes + 1), count)
    entries = np.concatenate([price, np.full((count, 1), size)], axis=1) / size
    rows = Rows(row, column, entries.ravel(), (value - least) / size, np.full(count, np.inf))
    found = run_arrays(
        np.append(cost / size, 1.0),
        np.append(most.astype(float), np.inf),
        rows,
        iterations=ITERATIONS,
        threads=plan.threads,
        seed=plan.seed,
        whole=np.append(np.ones(lanes, dtype=bool), False),
        nodes=NODES,
    )
    lowest = least + float(np.minimum(cost, 0.0) @ most)
    if not found.has_solution or found.bound is None:
        return np.zeros(lanes, dtype=np.int64), lowest
    numbers = np.rint(found.columns[:lanes]).astype(np.int64)
    reached = float((value - price @ numbers).max() + cost @ numbers)
    claimed = least + size * found.bound
    credible = np.isfinite(claimed) and claimed <= reached + NOISE * size
    return numbers, max(lowest, claimed - NOISE * size) if credible else lowest
