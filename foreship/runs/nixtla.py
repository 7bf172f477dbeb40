"""A forecast in the form of Nixtla's tools: `unique_id, ds`, the mean, and quantiles by model."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import TYPE_CHECKING

import pandas as pd

from foreship.errors import UsageError
from foreship_foundation.tables.output_files import QUANTILES
from foreship_foundation.telling.words import listed, number

if TYPE_CHECKING:
    from foreship_foundation.arrays import Ids

__all__ = ["nixtla_frame"]

BETWEEN = "/"
HIGHEST = max(QUANTILES)


def nixtla_frame(forecast: pd.DataFrame, levels: Sequence[float], name: str) -> pd.DataFrame:
    """Return `forecast.parquet` as Nixtla's tools write a forecast.

    Parameters
    ----------
    forecast
        A row a cell and week, as in the contract.
    levels
        Widths of intervals [percent]: 80 is from q10 to q90.
    name
        What the model is called.

    Returns
    -------
    DataFrame
        `unique_id` (region/item), `ds` (Monday), the mean under `name`, `name-median`, `name-lo-80`
        and `name-hi-80` for each level, and `name-q-99`, by which the tail falls.

    Raises
    ------
    UsageError
        For a level whose quantiles the forecast does not hold, or two cells with one `unique_id`.
    """
    if isinstance(levels, (str, Real)) or not all(isinstance(each, Real) for each in levels):
        raise UsageError(f"levels {levels!r}: give a list of percent, as (80, 90)")
    low = [round((1.0 - level / 100.0) / 2.0, 9) for level in levels]
    held = {each for each in QUANTILES if round(1.0 - each, 9) in QUANTILES and each < 0.5}
    if absent := [number(float(level)) for level, end in zip(levels, low, strict=True)
                  if end not in held]:  # fmt: skip
        known = sorted(number(round(100.0 * (1.0 - 2.0 * each), 6)) for each in held)
        raise UsageError(
            f"levels {listed(absent)}: the forecast holds intervals of {listed(known)}"
        )
    columns = {
        "unique_id": _unique_ids(forecast),
        "ds": forecast["week"].to_numpy(),
        name: forecast["mean"].to_numpy(),
        f"{name}-median": forecast[_column(0.5)].to_numpy(),
    }
    for level, end in zip(levels, low, strict=True):
        said = number(float(level))
        columns[f"{name}-lo-{said}"] = forecast[_column(end)].to_numpy()
        columns[f"{name}-hi-{said}"] = forecast[_column(1.0 - end)].to_numpy()
    columns[f"{name}-q-{100 * HIGHEST:.0f}"] = forecast[_column(HIGHEST)].to_numpy()
    return pd.DataFrame(columns)


def _column(level: float) -> str:
    """Return the name of a quantile in the contract."""
    return f"q{100 * level:02.0f}"


def _unique_ids(forecast: pd.DataFrame) -> Ids:
    """Return region/item of each row, refused where two cells would have the same."""
    cells = forecast[["region", "item"]].drop_duplicates()
    names = cells["region"].astype(object) + BETWEEN + cells["item"].astype(object)
    if names.duplicated().any():
        twice = names[names.duplicated()].iloc[0]
        raise UsageError(
            f"unique_id {twice!r} would stand for two cells: their ids hold a {BETWEEN}"
        )
    ids: Ids = (forecast["region"].astype(object) + BETWEEN + forecast["item"]).to_numpy(object)
    return ids
