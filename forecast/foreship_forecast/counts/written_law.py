"""Count laws as a frame that a run keeps, and back: what p_k is, exactly, without the model."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from foreship_forecast.counts.law import CountLaw
from foreship_forecast.errors import TableFault

__all__ = ["law_of", "purchase_probabilities", "written_law"]

KNOTS = "knots"
"""where a frame keeps the map that its laws share, a row a class of regularity"""
SHOWN = 100_000
"""largest k that is laid out: a frame of it has as many rows a cell and week"""


def written_law(law: CountLaw, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the parameters of N laws beside the columns that say whose they are.

    Parameters
    ----------
    rows
        `region, item, week` of each law, N rows.
    """
    frame = rows.assign(
        chance=law.chance, extra=law.extra, dispersion=law.dispersion, lot=law.units_of_one()
    )
    frame.attrs[KNOTS] = np.atleast_2d(law.knots).tolist()
    return frame


def law_of(frame: pd.DataFrame) -> CountLaw:
    """Return the laws of such a frame, a row each.

    Raises
    ------
    TableFault
        If its attributes hold no map.
    """
    knots = np.array(frame.attrs.get(KNOTS, []), dtype=np.float64)
    rising = knots.ndim == 2 and knots.shape[1] > 1 and bool((np.diff(knots, axis=1) >= 0).all())
    if not rising or (knots[:, 0] != 0.0).any() or (knots[:, -1] != 1.0).any():
        raise TableFault([f"law.parquet: its attributes hold no map from 0 to 1 as {KNOTS!r}"])
    lot = frame["lot"].to_numpy(np.int64)
    chance, extra, dispersion = (
        frame[name].to_numpy(np.float64) for name in ("chance", "extra", "dispersion")
    )
    whole = knots[0] if len(knots) == 1 else knots
    return CountLaw(chance, extra, dispersion, whole, None if (lot == 1).all() else lot)


def purchase_probabilities(frame: pd.DataFrame, largest: int) -> pd.DataFrame:
    """Return p_k for k = 1 .. largest of each row of `law.parquet`, to its last digit.

    Parameters
    ----------
    largest
        1 to 100,000.

    Returns
    -------
    Frame `region, item, week, k, p`, k within a week within a cell.

    Raises
    ------
    ValueError
        If `largest` is not such a number.
    """
    given: Any = largest
    whole = isinstance(given, Integral) and not isinstance(given, bool)
    if not (whole and 1 <= largest <= SHOWN):
        raise ValueError(f"the largest k must be a whole number from 1 to {SHOWN:,}")
    p = law_of(frame).survival(largest)
    whose = frame[["region", "item", "week"]].loc[frame.index.repeat(largest)]
    columns = {"k": np.tile(np.arange(1, largest + 1), len(frame)), "p": p.ravel()}
    return whose.reset_index(drop=True).assign(**columns)
