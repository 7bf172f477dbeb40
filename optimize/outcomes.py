"""What a plan may lose in each outcome, and the mean of the worst of them (CVaR)."""

from __future__ import annotations

import numpy as np

from optimize.formulation import dearer_freight
from optimize.problem import Floats, Ints, ShippingProblem

__all__ = ["loss_of_outcomes", "mean_of_worst"]


def loss_of_outcomes(problem: ShippingProblem, quantity: Ints) -> Floats:
    """Loss of each outcome: units sent and not needed, and dearer freight (equation 8), (S,)."""
    moves = problem.moves
    into = moves.destination_cell >= 0
    arrivals = np.bincount(
        moves.destination_cell[into], weights=quantity[into], minlength=len(problem.cell_item)
    )
    sent = np.flatnonzero(arrivals > 0)
    unneeded = np.maximum(arrivals[sent, None] - problem.need[sent], 0.0)
    return problem.loss_per_unit[sent] @ unneeded + float(dearer_freight(problem) @ quantity)


def mean_of_worst(losses: Floats, level: float) -> float:
    """Mean of the worst 1 - level share of losses, the last one with its fraction.

    Rockafellar and Uryasev, doi:10.21314/JOR.2000.038, for equally likely outcomes.
    """
    if len(losses) == 0:
        return 0.0
    size = max((1.0 - level) * len(losses), 1e-9)
    whole = min(int(size + 1e-9), len(losses))
    worst = np.sort(losses)[::-1]
    rest = size - whole if whole < len(losses) else 0.0
    tail = float(worst[:whole].sum()) + (float(rest * worst[whole]) if rest > 1e-12 else 0.0)
    return tail / size
