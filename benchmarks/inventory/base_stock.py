"""The capped base stock of the published yardstick, on all demand seen so far."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from benchmarks.inventory.game import Game, Known

__all__ = ["capped_base_stock"]

CAP = 0.95


def capped_base_stock(game: Game, known: Known) -> int:
    """Order up to mean + z sd over the promised lead and a week, never much more than a week's.

    All that is under way counts, also what will never come.
    """
    seen = np.asarray(known.demand, dtype=np.float64)
    span = 1 + game.promised
    mean, sd = float(seen.mean()), float(seen.std(ddof=1))
    fractile = NormalDist().inv_cdf(game.profit / (game.profit + game.holding))
    level = span * mean + math.sqrt(span) * sd * fractile
    position = known.on_hand + sum(order.units for order in known.under_way)
    cap = mean + NormalDist().inv_cdf(CAP) * sd
    return max(0, round(min(level - position, cap)))
