"""The loss of a plan in each outcome, and the mean of the worst outcomes (CVaR)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from foreship_foundation.arrays import Floats, Ints
from foreship_optimize.params import RiskParams
from foreship_optimize.problem import Need, ShippingProblem

__all__ = [
    "Risk",
    "dearer_freight",
    "loss_of_arrivals",
    "loss_of_outcomes",
    "mean_of_worst",
    "risk_of",
]

AT_ONCE = 5_000
"""cells whose outcomes are worked out together: memory is scarcer than time"""


@dataclass(frozen=True)
class Risk:
    """How losses are measured and limited: level and budget of the CVaR, and dearer freight."""

    level: float
    budget: float | None
    """most the mean of the worst 1 - level outcomes may lose [money]; None: no limit"""
    dearer: Floats
    """freight above the cheapest way into the cell, lost in every outcome, by move [money]"""

    def of(self, moves: Ints) -> Risk:
        """Return the same risk over some of the moves."""
        return replace(self, dearer=self.dearer[moves])

    def broken_by(self, losses: Floats) -> bool:
        """Whether outcomes with these losses break the budget, float noise aside."""
        if self.budget is None:
            return False
        return mean_of_worst(losses, self.level) > self.budget + 1e-9 * max(1.0, self.budget)


def risk_of(problem: ShippingProblem, params: RiskParams) -> Risk:
    """Read the risk settings for a whole problem: presolve may drop a cell's cheapest way in."""
    return Risk(params.level, params.budget, dearer_freight(problem))


def dearer_freight(problem: ShippingProblem) -> Floats:
    """Freight of each move beyond the cheapest way into its cell, >= 0, shape (M,) [money].

    Redirects count as a way in only where no hub serves the cell.
    """
    moves = problem.moves
    cheapest = np.full(len(problem.cell_item), np.inf)
    for kind in (moves.from_hub, moves.between_cells):
        mine = np.flatnonzero(kind)
        open_cell = np.isinf(cheapest)
        mine = mine[open_cell[moves.destination_cell[mine]]]
        np.minimum.at(cheapest, moves.destination_cell[mine], moves.cost[mine])
    into = np.flatnonzero(moves.destination_cell >= 0)
    extra = np.zeros(len(moves.action))
    extra[into] = np.maximum(moves.cost[into] - cheapest[moves.destination_cell[into]], 0.0)
    return extra


def loss_of_outcomes(problem: ShippingProblem, risk: Risk, quantity: Floats | Ints) -> Floats:
    """Loss of each outcome: units sent and not needed, and dearer freight (equation 8), (S,)."""
    moves = problem.moves
    into = moves.destination_cell >= 0
    arrivals = np.bincount(
        moves.destination_cell[into], weights=quantity[into], minlength=len(problem.cell_item)
    )
    dearer = float(risk.dearer @ quantity)
    return loss_of_arrivals(arrivals, problem.need, problem.loss_per_unit, dearer)


def loss_of_arrivals(
    arrivals: Floats | Ints, need: Need, loss_per_unit: Floats, dearer: float = 0.0
) -> Floats:
    """Loss of each outcome by units that arrive and are not needed, (S,).

    Parameters
    ----------
    arrivals, loss_per_unit
        Units that arrive in each cell, and what one not needed loses, shape (C,) each.
    need
        Units each cell needs by the risk horizon, shape (C, S).
    dearer
        Lost in every outcome [money].
    """
    sent = np.flatnonzero(arrivals > 0)
    loss = np.full(need.shape[1], dearer)
    for start in range(0, len(sent), AT_ONCE):
        some = sent[start : start + AT_ONCE]
        loss += loss_per_unit[some] @ np.maximum(arrivals[some, None] - need[some], 0.0)
    return loss


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
