"""What it means that a cell is known for its first sale alone: among young cells, slow ones lack.

A cell of no assortment is on the books because it sold, so that its history starts with a sale that
need not have come. Of cells that sell in one week out of ten, those to be seen after two weeks have
all sold in one of the two (docs/forecast.md, section 1).
"""

from __future__ import annotations

import numpy as np

from foreship_foundation.arrays import Floats, Ints

__all__ = ["LEAST", "chance_of_entry"]

LEAST = 0.2
"""a cell stands for five like it at most: where all sold once, nothing tells how many did not"""


def chance_of_entry(chance: Floats, tries: Ints) -> Floats:
    """Return eq. 46, the chance that a cell sold by now, and so is here.

    Its counts, multiplied by that, have the expectation of all cells like it.

    Parameters
    ----------
    chance
        Of a sale in a week, in [0, 1].
    tries
        Weeks in which the cell could have sold first; 0 for one that is here in any case.

    Returns
    -------
    In [LEAST, 1], 1 where `tries` is 0.
    """
    missed = np.log1p(-np.minimum(chance, 1.0 - 1e-12))
    return np.where(tries > 0, np.maximum(-np.expm1(tries * missed), LEAST), 1.0)
