"""Rows that name the same thing: several columns compared as one whole number."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from foreship_foundation.arrays import Ints

__all__ = ["combined_codes"]


def combined_codes(columns: Iterable[npt.NDArray[Any]], rows: int) -> Ints:
    """Return one whole number a row that is equal exactly where all `columns` are equal.

    A blank (None, NaN, NaT) equals a blank.
    """
    import pandas as pd

    total = np.zeros(rows, dtype=np.int64)
    for values in columns:
        codes, known = pd.factorize(values)
        if len(known) and total.max(initial=0) > 2**62 // (len(known) + 1):
            total = pd.factorize(total)[0].astype(np.int64)
        total *= len(known) + 1
        total += codes
        total += 1
    return total
