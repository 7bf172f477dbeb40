"""The promotions before a plan, of the workspace's own prices: a run keeps none of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from foreship.config import Config
from foreship.errors import ForeshipError
from foreship.ingest.tables import empty_frame
from foreship.workbench.held.table_now import table_now
from foreship_foundation.tables.input_tables import INPUTS

__all__ = ["past_promotions"]

PRICES: Final = "prices"
ONE: Final = 1
"""rows that are returned: whether there is any is all that is asked"""


def past_promotions(folder: Path, config: Config, as_of: pd.Timestamp) -> pd.DataFrame | None:
    """Return a row of `prices` with a promotion before a Monday, no row where there is none.

    None where it cannot be told: the command that plans says what is wrong with the table.
    """
    try:
        read = table_now(folder, config, PRICES)
    except (ForeshipError, OSError, KeyError):
        return None
    if read is None:
        return empty_frame(INPUTS[PRICES])
    if not read.is_sound:
        return None
    rows = read.frame
    past = (rows["promotion"] > 0) & (rows["week"] < as_of)
    return rows[past].head(ONE).reset_index(drop=True)
