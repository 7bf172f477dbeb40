"""The instance that a solve works on: a problem with its limits, settings and risk budget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foreship_foundation.arrays import Bools, Ints
from foreship_optimize.errors import OptimizeError
from foreship_optimize.limits import Limits
from foreship_optimize.params import OptimizeParams
from foreship_optimize.problem import ShippingProblem
from foreship_optimize.risk import Risk

__all__ = ["Instance", "LimitsCannotHold", "gives_units", "worth_on_hand"]


class LimitsCannotHold(OptimizeError):
    """The limits contradict each other; `best` is the nearest plan in whole units, if any."""

    def __init__(self, words: str, best: Ints | None = None) -> None:
        self.best = best
        super().__init__(words)


@dataclass(frozen=True)
class Instance:
    """The instance that a solve works on: problem, limits, settings and risk."""

    problem: ShippingProblem
    limits: Limits
    params: OptimizeParams
    risk: Risk


def gives_units(problem: ShippingProblem) -> Bools:
    """Mark the cells that some move takes units from, shape (C,)."""
    mark = np.zeros(len(problem.cell_item), dtype=bool)
    mark[problem.moves.origin_cell[problem.moves.origin_cell >= 0]] = True
    return mark


def worth_on_hand(problem: ShippingProblem) -> float:
    """Worth of units on hand that the program counts in tiers; its objective omits it [money]."""
    mine = problem.units.on_hand & gives_units(problem)[problem.units.cell]
    return float(problem.units.value[mine].sum())
