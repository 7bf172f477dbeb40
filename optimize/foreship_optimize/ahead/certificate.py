"""How far the prices ahead may be from the best: weak duality, evaluated by ourselves."""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Floats
from foreship_optimize.ahead.horizon_program import HorizonProgram

__all__ = ["admitted", "bound_of"]


def admitted(program: HorizonProgram, duals: Floats) -> Floats:
    """Return the solver's prices of rows with the sign that limits have: never a gift."""
    price = duals.copy()
    price[program.limits] = np.minimum(price[program.limits], 0.0)
    return price


def bound_of(program: HorizonProgram, price: Floats) -> float:
    """Equation 31: least cost of any expected flows, by weak duality at any prices [money].

    Parameters
    ----------
    price
        Of each row; of limits, which have no lower side, 0 or less.
    """
    rows = program.rows
    side = np.where(price < 0.0, rows.high, rows.low)
    told = float((price * np.where(price == 0.0, 0.0, side)).sum())
    reduced = program.cost - rows.times(price, len(program.cost))
    return told + float((np.minimum(reduced, 0.0) * program.most).sum())
