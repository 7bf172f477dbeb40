"""Ids and dates as numbers: positions among sorted ids, and days from the plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from foreship_foundation.arrays import Ids, Ints

__all__ = ["codes_of", "days_from"]


def codes_of(values: Any, ids: Ids) -> Ints:
    """Position of each value in `ids`; -1 where it is not there."""
    wanted = pd.Index(np.asarray(values, dtype=object), dtype=object)
    found = pd.Index(ids, dtype=object).get_indexer(wanted)
    return np.asarray(found, dtype=np.int64)


def days_from(as_of: pd.Timestamp, dates: Any, missing: int) -> Ints:
    """Count whole days from `as_of` to each date; `missing` where there is none."""
    days = pd.to_datetime(pd.Series(dates)).to_numpy(dtype="datetime64[ns]").astype("datetime64[D]")
    absent = np.isnat(days)
    start = np.datetime64(as_of, "D")
    counted = (np.where(absent, start, days) - start).astype(np.int64)
    return np.where(absent, missing, counted)
