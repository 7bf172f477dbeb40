"""A forecast of any tool, recognised by its columns: scenarios, quantiles or a mean.

Cells stand in `region, item` or in `unique_id`, weeks in `week` or `ds`. Every fault is named at
once; what is absent is no fault: it counts as no demand, and is told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import pandas as pd

from foreship.errors import InputError, UsageError
from foreship.forecasts.column_levels import Stated, stated
from foreship.forecasts.rows import cells_of, named_twice, values_of, weeks_of
from foreship.forecasts.unique_ids import PATTERN
from foreship_foundation.arrays import Days, Floats, Ids
from foreship_foundation.telling.near_names import nearest_of
from foreship_foundation.telling.words import listed, plural

__all__ = ["NAMES", "Form", "StatedForecast", "form_of", "read_forecast"]

NAMES: Final = {"region", "item", "unique_id", "week", "ds"}
"""columns that say which cell and week a row is of"""
BESIDE: Final = {"y", "cutoff", "index"}
"""columns that tools write beside a forecast"""

Form = Literal["scenarios", "quantiles", "mean"]


@dataclass(frozen=True)
class StatedForecast:
    """A forecast by rows of cell and week, checked.

    **Invariants:** no cell and week twice; values are finite, at least 0, and never fall along the
    levels.
    """

    region: Ids
    """shape (N,)"""
    item: Ids
    """shape (N,)"""
    week: Days
    """Mondays, shape (N,)"""
    levels: Floats
    """ascending, shape (L,); empty where a mean is stated"""
    values: Floats
    """units, shape (N, L), or (N, 1) of means"""
    model: str
    """whose forecast it is, "" where no model is named"""


def form_of(columns: Collection[str]) -> Form:
    """Return what a frame with these columns holds."""
    if {"scenario", "units"} & set(columns):
        return "scenarios"
    if stated(columns):
        return "quantiles"
    named = {"unique_id", "ds"} & set(columns) or "mean" in columns
    # a frame that looks like nothing else is checked, and refused, as scenarios are
    return "mean" if named else "scenarios"


def read_forecast(
    frame: pd.DataFrame,
    known: Mapping[str, Collection[str]],
    *,
    model: str | None = None,
    unique_id: str = PATTERN,
) -> StatedForecast:
    """Return a frame of quantiles or means as values by cell and week.

    Parameters
    ----------
    frame
        `unique_id, ds` or `region, item, week`, and columns of quantiles or one of means.
    known
        `region` and `item`: all ids that the workspace knows.
    model
        Whose columns to read, where there are several models.
    unique_id
        How such an id is put together.

    Raises
    ------
    UsageError
        If columns are missing, or it is not clear which are meant.
    InputError
        With every row that is at fault.
    """
    columns = [str(each) for each in frame.columns]
    doubled = sorted({each for each in columns if columns.count(each) > 1 and each in NAMES})
    if doubled:
        raise UsageError(f"the forecast has column {listed(doubled)} twice")
    # one's own row labels say nothing; rows are counted from 1
    frame = frame.set_axis(columns, axis=1).reset_index(drop=True)
    chosen = _chosen(columns, _numbers(frame), model)
    region, item, faults = cells_of(frame, known, unique_id)
    week, wrong = weeks_of(frame)
    values, more = values_of(frame, chosen)
    faults += wrong + more
    faults += [] if faults else named_twice(region, item, week)
    if faults:
        raise InputError(f"the forecast given has {plural(len(faults), 'fault')}:", faults)
    levels = np.array([each.level for each in chosen if each.column != each.model])
    return StatedForecast(region, item, week, levels, values, chosen[0].model)


def _numbers(frame: pd.DataFrame) -> list[str]:
    """Return the columns that may hold a forecast's mean."""
    rest = [each for each in frame.columns if each not in NAMES | BESIDE]
    return [each for each in rest if pd.api.types.is_numeric_dtype(frame[each])]


def _chosen(columns: Sequence[str], numbers: Sequence[str], model: str | None) -> list[Stated]:
    """Return the columns to read by ascending level; of a mean the one column, named by itself."""
    quantiles = stated(columns)
    if not quantiles:
        return [_mean_column(numbers, model)]
    models = sorted({each.model for each in quantiles})
    mine = models[0] if model is None and len(models) == 1 else model
    if mine is None or mine not in models:
        raise UsageError(_which(models, model))
    chosen = sorted((each for each in quantiles if each.model == mine), key=lambda e: e.level)
    senseless = [each.column for each in chosen if not 0.0 < each.level < 1.0]
    if senseless:
        words = f"column {listed(senseless)} of the forecast: a level lies between 0 and 100 %"
        raise UsageError(f"{words}, as in q05, q97.5 or {mine or 'MODEL'}-hi-90")
    twice = [b.column for a, b in pairwise(chosen) if a.level == b.level]
    if twice:
        raise UsageError(f"column {listed(twice)} of the forecast: that level is there twice")
    if len(chosen) < 2:
        words = f"the forecast has one quantile alone, {chosen[0].column}"
        raise UsageError(f"{words}: give two levels at least, better 5 to 95 %")
    return chosen


def _mean_column(numbers: Sequence[str], model: str | None) -> Stated:
    """Return the column that holds the mean."""
    if model is None and "mean" in numbers:
        model = "mean"
    found = list(numbers) if model is None else [each for each in numbers if each == model]
    if len(found) != 1:
        raise UsageError(_which(numbers, model))
    return Stated(found[0], found[0], 0.0)


def _which(models: Sequence[str], asked: str | None) -> str:
    """Say that it is not clear, or not true, whose columns are meant."""
    if not models:
        return "the forecast has no column of numbers; give mean, quantiles (q05, ..) or scenarios"
    there = listed([each or "(no name)" for each in models])
    if asked is None:
        return f"the forecast holds {there}: name one, as model={models[-1]!r}"
    near = nearest_of(asked, models)
    hint = f"did you mean {near!r}?" if near else f"there are {there}"
    return f"the forecast has no model {asked!r}; {hint}"
